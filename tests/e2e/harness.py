"""Runs the faultline binary as a user would and reads what it leaves behind. Standard library only.

FAULTLINE_BIN names the binary; without it build/{release,dev}/bin/faultline of this checkout is taken.
"""
import json
import os
import pathlib
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCENARIOS = ROOT / "tests" / "scenarios"
# Real data lies beside the checkout and is not part of it.
REAL_DATA = ROOT.parent / "shared" / "data"

OUTCOMES = ("absorbed", "detected", "silent", "false_alarm", "crashed", "timed_out", "not_applied")


def binary():
    stated = os.environ.get("FAULTLINE_BIN")
    candidates = [pathlib.Path(stated)] if stated else [
        ROOT / "build" / preset / "bin" / "faultline" for preset in ("release", "dev")]
    for candidate in candidates:
        if candidate.is_file():
            return str(candidate)
    raise SystemExit(f"no faultline binary at {', '.join(map(str, candidates))}; set FAULTLINE_BIN")


def document(text):
    """A document without its comments, parsed. A comment is a line of its own."""
    return json.loads("\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//")))


def faultline(*arguments, timeout=300, cwd=None):
    """The finished process, with stdout and stderr as text."""
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run([binary(), *map(str, arguments)], capture_output=True, text=True,
                          errors="replace", timeout=timeout, cwd=cwd, env=environment)


class Run:
    """One `faultline run`, its exit code, its messages and its result (None when there is none). What else it
    writes is kept where `out` names a folder for it."""

    def __init__(self, scenario, *options, out=None, timeout=300):
        with tempfile.TemporaryDirectory(prefix="faultline-e2e-") as folder:
            self.out = pathlib.Path(out or folder) / "out"
            quiet = () if out else ("--quiet",)
            process = faultline("run", scenario, "--out", self.out, *quiet, *options, timeout=timeout)
            self.code, self.stdout, self.stderr = process.returncode, process.stdout, process.stderr
            file = self.out / "result.json"
            self.bytes = file.read_bytes() if file.exists() else b""
        self.result = json.loads(self.bytes) if self.bytes else None

    def outcomes(self, perturbation):
        """The outcomes that this perturbation's trials had, as a sorted list of names."""
        counts = next(p["outcomes"] for p in self.result["perturbations"] if p["id"] == perturbation)
        return sorted(name for name, count in counts.items() if count and name in OUTCOMES)

    def attribution(self, **wanted):
        """The attribution rows that have these values."""
        return [row for row in self.result["attribution"]
                if all(row.get(key) == value for key, value in wanted.items())]

    def ranked(self, node):
        return next((row for row in self.result["ranking"] if row["node"] == node), None)

"""Runs the program and times its trials alone, from the journal: reading sources, the unperturbed runs
and keying are set-up, as loading the frames is for a loop."""

import json
import os
import pathlib
import shutil
import subprocess
import time


def processor_seconds(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(program: pathlib.Path, scenario: pathlib.Path, out: pathlib.Path, jobs: int) -> dict:
    shutil.rmtree(out, ignore_errors=True)
    start = time.perf_counter()
    process = subprocess.Popen([str(program), "run", str(scenario), "--out", str(out), "--jobs", str(jobs),
                                "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    journal, began = out / "journal.jsonl", None
    used_before = 0.0
    while True:
        ended_pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if ended_pid:
            break
        # Header and base are written just before the first trial.
        if began is None and journal.exists() and journal.read_bytes().count(b"\n") >= 2:
            began = time.perf_counter()
            used_before = processor_seconds(process.pid)
        time.sleep(0.001 if began is None else 0.01)
    ended = time.perf_counter()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 2):
        raise RuntimeError(process.stderr.read())
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    trials = [line for line in lines if line["type"] == "trial"]
    return {
        "trials": trials,
        "base": next(line for line in lines if line["type"] == "base"),
        "result": json.loads((out / "result.json").read_text()),
        # Findings and the report, milliseconds, are in it.
        "seconds": ended - (began or start),
        "processor": used.ru_utime + used.ru_stime - used_before,
        "setup": (began or start) - start,
    }

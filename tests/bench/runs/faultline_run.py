"""Runs the program and times its trials alone, from the journal: reading sources, the unperturbed runs
and keying are set-up, as loading the frames is for a loop. Profiles of nodes, the search for guards and
the report come after the last trial and are told apart, since no loop has any."""

import json
import os
import pathlib
import shutil
import subprocess
import time


TRIAL = b'{"type":"trial"'


def processor_seconds(pid: int) -> float:
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(program: pathlib.Path, scenario: pathlib.Path, out: pathlib.Path, jobs: int) -> dict:
    shutil.rmtree(out, ignore_errors=True)
    start = time.perf_counter()
    process = subprocess.Popen([str(program), "run", str(scenario), "--out", str(out), "--jobs", str(jobs),
                                "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    journal, began, last_trial = out / "journal.jsonl", None, None
    used_before, used_then, read, tail = 0.0, 0.0, 0, b""
    while True:
        now, used_now = time.perf_counter(), processor_seconds(process.pid)
        ended_pid, status, used = os.wait4(process.pid, os.WNOHANG)
        if ended_pid:
            break
        # Header and base are written just before the first trial.
        if began is None and journal.exists() and journal.read_bytes().count(b"\n") >= 2:
            began, used_before = now, used_now
        if began is not None:
            with journal.open("rb") as lines:
                lines.seek(read)
                new = lines.read()
            read += len(new)
            seen = (tail + new).count(TRIAL)
            tail = (tail + new)[-len(TRIAL) + 1:]
            if seen:
                last_trial, used_then = now, used_now
        time.sleep(0.001 if began is None else 0.005)
    ended = time.perf_counter()
    if last_trial is None:
        last_trial, used_then = ended, used.ru_utime + used.ru_stime
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 2):
        raise RuntimeError(process.stderr.read())
    lines = [json.loads(line) for line in journal.read_text().splitlines()]
    trials = [line for line in lines if line["type"] == "trial"]
    return {
        "trials": trials,
        "base": next(line for line in lines if line["type"] == "base"),
        "result": json.loads((out / "result.json").read_text()),
        "seconds": last_trial - (began or start),
        "processor": used_then - used_before,
        # Profiles, guards, report: of the processor.
        "after": used.ru_utime + used.ru_stime - used_then,
        "setup": (began or start) - start,
    }

"""Runs that are cut off, by kill -9, a signal, a deadline or a full disk, and resumed: the result is that of a run
which was left alone, to the byte, and no finished trial is lost or run again."""
import json
import os
import pathlib
import random
import resource
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import harness

KILLS = 50  # in all, spread over the designs below

NODES = {
    "orders": {"source": {"path": "orders.csv"}, "key": ["id"], "batch": "day"},
    "places": {"source": {"sql": "select i as place, 'p' || i as name from range(5) t(i)"}, "key": ["place"]},
    "clean": {"sql": "select * from orders where amount > 3"},
    "by_place": {"sql": "select place, sum(amount) as total, count(*) as n from clean group by place"},
    "report": {"sql": "select name, total, n from by_place join places using (place)"},
    "days": {"sql": "select day, sum(amount) as total from clean group by day"},
}
PERTURBATIONS = [
    {"id": "noisy", "node": "orders", "plugin": "noise", "params": {"columns": ["amount"], "std": 8}},
    {"id": "lost", "node": "orders", "plugin": "missing_batches", "params": {"fraction": 0.3}},
    {"id": "gone", "node": "clean", "plugin": "nulls", "params": {"columns": ["amount"], "fraction": 0.2}},
    {"id": "twice", "node": "places", "plugin": "duplicate_rows", "params": {"fraction": 0.4}},
]
DESIGNS = {
    "one_at_a_time": {"method": "one_at_a_time", "replicates": 8},
    "sobol": {"method": "sobol", "rows": 4},
    # Asked again and again what comes next, at complete blocks.
    "adaptive": {"method": "sobol", "rows": 2, "stop": {"width": 0.001}, "budget": 48},
}


def write_case(folder, design, slow=False):
    """A pipeline with its data and a scenario; `slow` adds a fault that waits for half a second."""
    rows = ["id,day,place,amount"]
    rows += [f"{i},2024-01-{1 + i % 9:02},{i % 5},{(i * 7919) % 101}.5" for i in range(300)]
    (folder / "orders.csv").write_text("\n".join(rows) + "\n")
    (folder / "pipeline.json").write_text(json.dumps(
        {"faultline": "pipeline/1", "name": "shop", "nodes": NODES, "outputs": ["report", "days"]}))
    faults = list(PERTURBATIONS)
    if slow:
        faults.append({"id": "late", "node": "clean", "plugin": "slow", "params": {"seconds": 0.5}})
    (folder / "scenario.json").write_text(json.dumps({
        "faultline": "scenario/1", "title": "Cut off", "pipeline": "pipeline.json", "seed": 11,
        # Lines of profiles as well, in one of them; each is a trial run again.
        "profile": 1 if design.get("method") == "one_at_a_time" else 0,
        "perturbations": faults,
        "metrics": [{"id": "total", "output": "report", "sql": "sum(total)", "by": ["name"],
                     "tolerance": {"relative": 0.02}},
                    {"id": "days", "output": "days", "sql": "count(*)", "tolerance": {"absolute": 0}}],
        "checks": [{"id": "amounts", "node": "clean", "expect": "not_null", "columns": ["amount"]}],
        "design": design}))
    return folder / "scenario.json"


def whole_lines(journal):
    """The journal's bytes up to its last line end."""
    data = journal.read_bytes() if journal.exists() else b""
    return data[:data.rfind(b"\n") + 1]


class Cut(unittest.TestCase):
    def setUp(self):
        self.home = tempfile.TemporaryDirectory(prefix="faultline-resume-")
        self.folder = pathlib.Path(self.home.name)
        self.out = self.folder / "out"
        self.journal, self.result = self.out / "journal.jsonl", self.out / "result.json"
        self.addCleanup(self.home.cleanup)

    def command(self, *options, out=None):
        return [harness.binary(), "run", str(self.folder / "scenario.json"), "--out", str(out or self.out),
                *map(str, options)]

    def begin(self, *options, **more):
        process = subprocess.Popen(self.command(*options), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   text=True, **more)
        self.addCleanup(lambda: process.poll() is None and process.kill())
        return process

    def reference(self):
        """What an uninterrupted run comes to, and its exit code."""
        out = self.folder / "reference"
        process = harness.faultline(*self.command("--jobs", 2, "--quiet", out=out)[1:])
        self.assertIn(process.returncode, (0, 1, 2), process.stderr)
        return (out / "result.json").read_bytes(), process.returncode

    def resume(self, *options):
        return harness.faultline(*self.command("--resume", *options)[1:])

    def until_lines(self, process, lines):
        """Waits until the journal has so many lines, or the process has ended."""
        while process.poll() is None and whole_lines(self.journal).count(b"\n") < lines:
            time.sleep(0.002)


class Killed(Cut):
    def kill_and_resume(self, design, kills, seed):
        write_case(self.folder, DESIGNS[design])
        began = time.monotonic()
        expected, code = self.reference()
        whole = time.monotonic() - began
        lines = (self.folder / "reference" / "journal.jsonl").read_bytes().count(b"\n")
        draw = random.Random(seed)
        done = 0
        while done < kills:
            # Each attempt is cut off in its turn, until one gets to its end before it is.
            shutil.rmtree(self.out, ignore_errors=True)
            kept = b""
            while True:
                process = self.begin("--resume", "--quiet", "--jobs", draw.choice((1, 2)))
                if draw.random() < 0.4:
                    try:
                        process.wait(draw.uniform(0, whole))
                    except subprocess.TimeoutExpired:
                        pass
                else:
                    had = kept.count(b"\n")
                    self.until_lines(process, draw.randint(had + 1, max(had + 1, lines)))
                ended = process.poll() is not None
                process.kill()
                _, said = process.communicate()
                now = whole_lines(self.journal)
                self.assertTrue(now.startswith(kept), "a line that was there is gone")
                kept = now
                if ended:
                    self.assertEqual(process.returncode, code, said)
                    break
                done += 1
                if done >= kills:
                    finished = self.resume("--quiet", "--jobs", 2)
                    self.assertEqual(finished.returncode, code, finished.stderr)
                    break
            self.assertEqual(self.result.read_bytes(), expected)
            self.assertTrue(whole_lines(self.journal).startswith(kept))
            trials = [json.loads(line)["number"] for line in self.journal.read_bytes().splitlines()
                      if b'"type":"trial"' in line]
            self.assertEqual(len(trials), len(set(trials)), "a trial was run again")
            self.assertEqual(len(trials), json.loads(expected)["trials"]["total"])

    def test_one_at_a_time(self):
        self.kill_and_resume("one_at_a_time", 20, 1)

    def test_sobol(self):
        self.kill_and_resume("sobol", 15, 2)

    def test_adaptive(self):
        self.kill_and_resume("adaptive", KILLS - 35, 3)


class Stopped(Cut):
    def test_a_signal_keeps_reports_and_exits_130(self):
        write_case(self.folder, DESIGNS["one_at_a_time"], slow=True)
        expected, code = self.reference()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            shutil.rmtree(self.out, ignore_errors=True)
            process = self.begin("--jobs", 1)
            self.until_lines(process, 2 + 3 * 8)
            process.send_signal(number)
            report, said = process.communicate(timeout=60)
            self.assertEqual(process.returncode, 130, said)
            self.assertIn("interrupted", report)
            part = json.loads(self.result.read_bytes())
            self.assertEqual(part["status"], "interrupted")
            self.assertGreaterEqual(part["trials"]["total"], 3 * 8)
            self.assertIn(b'"status":"interrupted"', self.journal.read_bytes().splitlines()[-1])
        finished = self.resume("--quiet")
        self.assertEqual(finished.returncode, code, finished.stderr)
        self.assertEqual(self.result.read_bytes(), expected)

    def test_a_deadline_does_the_same_and_a_later_one_goes_on(self):
        scenario = write_case(self.folder, {"method": "one_at_a_time", "replicates": 3}, slow=True)
        expected, code = self.reference()
        document = json.loads(scenario.read_text())
        document["perturbations"][-1]["params"]["seconds"] = 600
        scenario.write_text(json.dumps(document))
        cut = harness.faultline(*self.command("--deadline", "4s")[1:], timeout=60)
        self.assertEqual(cut.returncode, 130, cut.stderr)
        self.assertIn("deadline", cut.stdout + cut.stderr)
        self.assertEqual(self.resume("--deadline", "1s").returncode, 130)
        # That fault was another one: the run is not this scenario's.
        document["perturbations"][-1]["params"]["seconds"] = 0.5
        document["limits"] = {"deadline": "1h"}
        scenario.write_text(json.dumps(document))
        self.assertIn("/perturbations/4/params/seconds", self.resume().stderr)
        self.assertNotIn("deadline", self.resume().stderr)
        shutil.rmtree(self.out)
        self.assertEqual(self.resume("--quiet").returncode, code)
        self.assertEqual(self.result.read_bytes(), expected)

    def test_a_stop_before_the_first_trial_leaves_nothing(self):
        write_case(self.folder, DESIGNS["one_at_a_time"])
        pipeline = json.loads((self.folder / "pipeline.json").read_text())
        pipeline["nodes"]["places"]["source"]["sql"] = (
            "select cast(i % 5 as bigint) as place, 'p' as name from range(40000000000) t(i)")
        (self.folder / "pipeline.json").write_text(json.dumps(pipeline))
        process = self.begin()
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130)
        self.assertIn("reading sources", said)
        self.assertFalse(self.out.exists())

    def test_a_full_disk_is_told_and_what_is_written_stays_good(self):
        write_case(self.folder, DESIGNS["one_at_a_time"])
        expected, code = self.reference()
        size = (self.folder / "reference" / "journal.jsonl").stat().st_size
        for share in (0.3, 0.7):
            # A file that may grow no further behaves as a full disk does.
            limit = int(size * share)
            full = subprocess.run(
                self.command("--resume", "--quiet"), capture_output=True, text=True,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY)))
            self.assertEqual(full.returncode, 4, full.stderr)
            self.assertIn("journal.jsonl", full.stderr)
            self.assertLessEqual(self.journal.stat().st_size, limit)
            self.assertTrue(self.journal.read_bytes().endswith(b"\n"))
        self.assertEqual(self.resume("--quiet").returncode, code)
        self.assertEqual(self.result.read_bytes(), expected)


class Resumed(Cut):
    """What may be resumed, and what is refused."""

    def finished(self):
        self.scenario = write_case(self.folder, {"method": "one_at_a_time", "replicates": 2})
        process = harness.faultline(*self.command("--quiet")[1:])
        self.assertIn(process.returncode, (1, 2), process.stderr)
        return self.journal.read_bytes(), self.result.read_bytes(), process.returncode

    def test_a_complete_run_is_reported_again(self):
        journal, result, code = self.finished()
        # As if the process had died between the journal's last line and the result.
        self.result.unlink()
        again = self.resume()
        self.assertEqual(again.returncode, code)
        self.assertIn("is complete", again.stderr)
        self.assertIn("Cut off", again.stdout)
        self.assertEqual(self.result.read_bytes(), result)
        self.assertEqual(self.journal.read_bytes(), journal)

    def test_where_no_run_has_begun_it_begins(self):
        journal, result, code = self.finished()
        remains = self.folder / "remains"
        (remains / "scratch" / "base").mkdir(parents=True)
        (remains / "journal.lock").write_text("process 1")
        for out in (self.folder / "missing" / "below", remains):
            process = harness.faultline(*self.command("--resume", out=out)[1:])
            self.assertEqual(process.returncode, code, process.stderr)
            self.assertIn("begins now", process.stderr)
            self.assertEqual((out / "result.json").read_bytes(), result)
        (self.folder / "foreign").mkdir()
        (self.folder / "foreign" / "thesis.tex").write_text("…")
        process = harness.faultline(*self.command("--resume", out=self.folder / "foreign")[1:])
        self.assertEqual(process.returncode, 3)
        self.assertIn("thesis.tex", process.stderr)

    def refuse(self, change, *said, options=()):
        undo = change()
        before = self.journal.read_bytes()
        process = self.resume(*options)
        self.assertEqual(process.returncode, 3, process.stderr)
        for words in said:
            self.assertIn(words, process.stderr)
        self.assertEqual(self.journal.read_bytes(), before)
        if undo:
            undo()

    def edited(self, file, old, new):
        def change():
            text = file.read_text()
            self.assertIn(old, text)
            file.write_text(text.replace(old, new))
            return lambda: file.write_text(text)
        return change

    def test_what_has_changed_is_refused_and_told(self):
        self.finished()
        lines = whole_lines(self.journal).splitlines(keepends=True)
        self.journal.write_bytes(b"".join(lines[:6]) + lines[6][:20])
        self.refuse(lambda: None, "the seed: 11 then, 12 now", options=("--seed", 12))
        self.refuse(lambda: None, "threads a trial: 1 then, 2 now", options=("--threads-per-trial", 2))
        self.refuse(self.edited(self.scenario, '"fraction": 0.3', '"fraction": 0.4'),
                    "the scenario at /perturbations/1/params/fraction: 0.3 then, 0.4 now")
        self.refuse(self.edited(self.folder / "pipeline.json", "amount > 3", "amount > 4"),
                    "the pipeline at /nodes/clean/sql")
        self.refuse(self.edited(self.folder / "orders.csv", "7,2024-01-08", "7,2024-01-09"),
                    'the source "orders": its files hold something else')
        self.refuse(self.edited(self.journal, '"engine":"DuckDB', '"engine":"DuckDuck'), "the engine")
        self.refuse(self.edited(self.journal, '"versions":{"faultline":"', '"versions":{"faultline":"9.'),
                    "faultline:")
        # The same plugin, built anew: its version says nothing, its file does.
        plugins = pathlib.Path(harness.binary()).resolve().parents[1] / "lib" / "faultline" / "plugins"
        other = self.folder / "plugins"
        other.mkdir()
        noise = next(plugins.rglob("noise.so"))
        (other / noise.name).write_bytes(noise.read_bytes() + b"\0")
        self.refuse(lambda: None, 'the plugin "noise": its file is another one',
                    options=("--plugin-path", other))
        self.assertIn(self.resume("--quiet").returncode, (1, 2))

    def test_two_runs_exclude_each_other(self):
        write_case(self.folder, {"method": "one_at_a_time", "replicates": 2}, slow=True)
        first = self.begin("--quiet")
        self.until_lines(first, 2)
        for options in ((), ("--resume",)):
            second = harness.faultline(*self.command(*options)[1:])
            self.assertEqual(second.returncode, 3, second.stderr)
            self.assertIn(f"a run is using the folder {self.out}: process {first.pid}", second.stderr)
        first.kill()
        first.wait()
        # Its lock file is still there, and means nothing.
        self.assertTrue((self.out / "journal.lock").exists())
        self.assertIn("--resume", harness.faultline(*self.command()[1:]).stderr)
        self.assertIn(self.resume("--quiet").returncode, (1, 2))


if __name__ == "__main__":
    unittest.main()

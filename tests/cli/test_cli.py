"""The command line as people and scripts meet it: exit codes, what goes to which stream, what a
terminal gets that a pipe does not, interrupts, and the folders of runs. Standard library only."""

import json
import os
import pathlib
import pty
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

BINARY = os.environ["FAULTLINE_BIN"]
ROOT = pathlib.Path(__file__).resolve().parents[2]
STORE = ROOT / "scenarios/store_sales/scenario.json"
COMMANDS = ["analyze", "graph", "guard", "plan", "plugins", "replay", "report", "run", "sample", "suggest", "validate"]

PIPELINE = {
    "faultline": "pipeline/1", "name": "tiny",
    "nodes": {"n": {"source": {"sql": "select i as id, i::double as v from range(1, 101) t(i)"}, "key": ["id"],
                    "owner": "team n"},
              "total": {"sql": "select sum(v) as total from n"}},
    "outputs": ["total"]}
SCENARIO = {
    "faultline": "scenario/1", "title": "Tiny, but complete!", "pipeline": "pipeline.json", "seed": 1,
    "perturbations": [{"id": "moved", "node": "n", "plugin": "shift", "params": {"columns": ["v"], "delta": 10}}],
    "metrics": [{"id": "total", "output": "total", "sql": "sum(total)", "tolerance": {"relative": 0.1}}],
    "design": {"method": "one_at_a_time", "replicates": 2}}


def environment(**changes):
    kept = {key: value for key, value in os.environ.items()
            if key not in ("NO_COLOR", "COLUMNS", "FAULTLINE_PLUGIN_PATH")}
    return {**kept, "TERM": "xterm", **changes}


def run(*words, **options):
    options.setdefault("env", environment())
    return subprocess.run([BINARY, *map(str, words)], capture_output=True, text=True, timeout=300, **options)


def on_terminal(*words, env, cwd):
    """Exit code and everything that a terminal of 90 columns gets."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(cwd)
        os.execve(BINARY, [BINARY, *map(str, words)], {**env, "COLUMNS": "90"})
    seen = b""
    while True:
        try:
            block = os.read(terminal, 65536)
        except OSError:  # the other end is closed
            break
        if not block:
            break
        seen += block
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), seen.decode(errors="replace")


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="faultline-cli-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.write()

    def write(self, scenario=None, pipeline=None):
        (self.folder / "pipeline.json").write_text(json.dumps(pipeline or PIPELINE))
        (self.folder / "scenario.json").write_text(json.dumps(scenario or SCENARIO))

    def tiny(self, *words, **options):
        return run("run", "scenario.json", *words, cwd=self.folder, **options)


class Words(Case):
    def test_help_and_version_go_to_standard_output(self):
        for words in (["--help"], ["help"], ["-h"], ["--version"], *([name, "--help"] for name in COMMANDS),
                      *(["help", name] for name in COMMANDS)):
            with self.subTest(words=words):
                done = run(*words)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertTrue(done.stdout)
        overview = run("--help").stdout
        for name in COMMANDS:
            self.assertIn(f"\n  {name} ", overview)
            page = run(name, "--help").stdout
            self.assertIn(f"usage: faultline {name}", page)
            self.assertIn("example:\n  faultline " + name, page)

    def test_wrong_words_are_bad_usage_with_the_nearest_name(self):
        for words, said in (([], "a command is missing"), (["vlaidate"], 'did you mean "validate"'),
                            (["help", "pln"], 'did you mean "plan"'), (["run"], "SCENARIO is missing"),
                            (["run", "s.json", "--see", "1"], "did you mean --seed"),
                            (["run", "s.json", "--job", "1"], "did you mean --jobs"),  # a prefix is no option
                            (["run", "s.json", "more"], "one word too many"),
                            (["run", "s.json", "--jobs", "0"], "from 1 to"),
                            (["run", "s.json", "--seed", "1.5"], "whole number"),
                            (["run", "s.json", "--seed", "-1"], "whole number"),
                            (["run", "s.json", "--out"], "--out"), (["run", "s.json", "--out", ""], "--out"),
                            (["run", "s.json", "--seed", "1", "--seed", "2"], "more than once"),
                            (["replay", "1"], "--from is missing"), (["replay", "x", "--from", "."], "whole number"),
                            (["graph", STORE, "--format", "svgg"], 'did you mean "svg"'),
                            (["plugins", "nois"], 'did you mean "noise"')):
            with self.subTest(words=words):
                done = run(*words, cwd=self.folder)
                self.assertEqual(done.returncode, 3)
                self.assertEqual(done.stdout, "")
                self.assertIn(said, done.stderr)
                for line in done.stderr.splitlines():
                    self.assertTrue(line.startswith("faultline: "), line)


class Streams(Case):
    def test_output_that_cannot_be_written_is_a_failure(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run([BINARY, "plugins"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(done.returncode, 4)
        self.assertIn("cannot write to standard output: No space left", done.stderr)
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run([BINARY, "plugins"], stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60)
        os.close(writing)
        self.assertEqual(done.returncode, 4)
        self.assertIn("Broken pipe", done.stderr)
        done = subprocess.run(["sh", "-c", '"$0" plugins >&-', BINARY], stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(done.returncode, 4)

    def test_a_closed_standard_output_ends_up_in_no_file(self):
        done = subprocess.run(["sh", "-c", '"$0" run scenario.json --out out >&-', BINARY], cwd=self.folder,
                              stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(done.returncode, 4)
        for line in (self.folder / "out/journal.jsonl").read_text().splitlines():
            json.loads(line)
        json.loads((self.folder / "out/result.json").read_text())

    def test_a_pipe_gets_neither_colour_nor_progress(self):
        done = self.tiny("--out", "out")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        self.assertNotIn("\x1b", done.stdout)
        self.assertTrue(done.stdout.startswith("DEVIATED  Tiny, but complete!\n"))

    def test_a_terminal_gets_both_and_the_line_is_erased(self):
        code, seen = on_terminal("run", "scenario.json", "--out", "out", env=environment(), cwd=self.folder)
        self.assertEqual(code, 1)
        self.assertIn("\x1b[1;31mDEVIATED\x1b[0m", seen)
        self.assertIn("\r\x1b[Kbase run", seen)
        self.assertIn("\r\x1b[K\x1b[1;31mDEVIATED", seen)  # nothing is left of the progress
        code, seen = on_terminal("run", "scenario.json", "--out", "plain", env=environment(NO_COLOR="1"),
                                 cwd=self.folder)
        self.assertNotIn("\x1b[1", seen)
        code, seen = on_terminal("run", "scenario.json", "--out", "quiet", "--quiet", env=environment(),
                                 cwd=self.folder)
        self.assertEqual((code, seen), (1, ""))

    def test_names_of_documents_cannot_write_to_the_terminal(self):
        self.write(scenario={**SCENARIO, "title": "t\u202eitle \u009b2J"})
        done = self.tiny("--out", "out")
        self.assertNotIn("\u202e", done.stdout + done.stderr)
        self.assertNotIn("\u009b", done.stdout + done.stderr)


class Folders(Case):
    def test_a_used_folder_is_refused_before_anything_is_read(self):
        (self.folder / "used").mkdir()
        (self.folder / "used/file").write_text("mine")
        for name in ("used", "used/file"):
            done = run("run", "there is no such scenario.json", "--out", name, cwd=self.folder)
            self.assertEqual(done.returncode, 3)
            self.assertIn("--out", done.stderr)
        self.assertEqual((self.folder / "used/file").read_text(), "mine")
        (self.folder / "empty").mkdir()
        self.assertEqual(self.tiny("--out", "empty").returncode, 1)

    def test_a_run_leaves_its_record_and_nothing_else(self):
        self.tiny("--out", "deep/er/out")
        left = {path.name for path in (self.folder / "deep/er/out").iterdir()} - {"journal.lock"}
        self.assertEqual(left, {"journal.jsonl", "result.json", "guards.json", "report.html", "report.md",
                                "junit.xml"})

    def test_runs_without_a_folder_are_numbered(self):
        for number in ("1", "2"):
            self.assertIn(f"runs/tiny-but-complete/{number}/report.html", self.tiny().stdout)
        home = self.folder / "runs/tiny-but-complete"
        self.assertEqual(os.readlink(home / "latest"), "2")
        self.assertTrue((home / "latest/result.json").exists())

    def test_json_is_the_file(self):
        done = self.tiny("--out", "out", "--json")
        self.assertEqual(done.stdout, (self.folder / "out/result.json").read_text())
        self.assertEqual(json.loads(done.stdout)["verdict"], "deviated")

    def test_bad_input_leaves_no_folder_behind(self):
        self.write(scenario={**SCENARIO, "metrics": []})
        self.assertEqual(self.tiny("--out", "out").returncode, 3)
        self.assertFalse((self.folder / "out").exists())


class Validate(Case):
    def test_what_is_valid(self):
        done = run("validate", "scenario.json", cwd=self.folder)
        self.assertEqual(done.returncode, 0)
        self.assertIn("1 perturbation, 1 metric", done.stdout)
        self.assertIn("2 nodes", done.stdout)
        self.assertEqual(run("validate", "pipeline.json", cwd=self.folder).returncode, 0)
        self.assertEqual(json.loads(run("validate", "scenario.json", "--json", cwd=self.folder).stdout), [])

    def test_every_problem_is_a_line_and_an_entry(self):
        broken = json.loads(json.dumps(SCENARIO))
        broken["perturbations"][0]["plugni"] = "x"
        broken["metrics"][0]["tolerance"] = {"relativ": 0.1}
        self.write(scenario=broken)
        done = run("validate", "scenario.json", cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        lines = done.stderr.splitlines()
        self.assertGreaterEqual(len(lines), 2)
        for line in lines:
            self.assertRegex(line, r"^faultline: scenario\.json: /")
        entries = json.loads(run("validate", "scenario.json", "--json", cwd=self.folder).stdout)
        self.assertEqual(["faultline: " + entry["message"] for entry in entries], lines)
        self.assertTrue({"plugin", "relative"} <= {entry["nearest"] for entry in entries})

    def test_data_is_looked_at_unless_asked_not_to(self):
        missing = json.loads(json.dumps(SCENARIO))
        missing["metrics"][0]["sql"] = "sum(no_such_column)"
        self.write(scenario=missing)
        done = run("validate", "scenario.json", cwd=self.folder)
        self.assertEqual(done.returncode, 3)
        self.assertIn("no_such_column", done.stderr)
        self.assertEqual(run("validate", "scenario.json", "--no-data", cwd=self.folder).returncode, 0)
        step = json.loads(json.dumps(PIPELINE))
        step["nodes"]["total"]["sql"] = "select sum(no_such_column) as total from n"
        self.write(pipeline=step)
        done = run("validate", "pipeline.json", cwd=self.folder)
        self.assertEqual(done.returncode, 3)
        self.assertIn("/nodes/total/sql", done.stderr)
        self.assertEqual(run("validate", "pipeline.json", "--no-data", cwd=self.folder).returncode, 0)

    def test_what_is_no_document(self):
        (self.folder / "other.json").write_text('{"faultline": "recipe/1"}')
        for name in ("other.json", "nowhere.json", "."):
            done = run("validate", name, cwd=self.folder)
            self.assertEqual(done.returncode, 3)
            self.assertIn(name, done.stderr)


class Looking(Case):
    def test_graph(self):
        self.assertIn("digraph", run("graph", STORE).stdout)
        graph = json.loads(run("graph", STORE, "--json").stdout)
        self.assertIn({"from": "orders", "to": "stg_orders"}, graph["edges"])
        done = run("graph", "pipeline.json", "--out", "graph.dot", cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (0, ""))
        self.assertEqual((self.folder / "graph.dot").read_text(), run("graph", "pipeline.json", cwd=self.folder).stdout)
        if shutil.which("dot"):
            self.assertIn("<svg", run("graph", STORE, "--format", "svg").stdout)
        self.assertEqual(run("graph", "pipeline.json", "--out", "no/such/folder", cwd=self.folder).returncode, 4)

    def test_a_plan_of_what_is_decided_later_has_its_bounds(self):
        scenario = json.loads((self.folder / "scenario.json").read_text())
        scenario["design"] = {"method": "morris", "rows": 4, "stop": {"width": 0.1}, "budget": 100}
        (self.folder / "stop.json").write_text(json.dumps(scenario))
        plan = json.loads(run("plan", "stop.json", "--json", cwd=self.folder).stdout)
        self.assertEqual(plan["trials"], 8)
        self.assertEqual(plan["most_trials"], 96)  # whole looks
        self.assertAlmostEqual(plan["most_full_run_equivalents"], 12 * plan["full_run_equivalents"])
        text = run("plan", "stop.json", cwd=self.folder).stdout
        self.assertIn("to begin with, 8 trials", text)
        self.assertIn("up to 96 trials in all", text)
        self.assertIn("design: looks after 1, 2, 4", text)

    def test_plan(self):
        plan = json.loads(run("plan", "scenario.json", "--json", cwd=self.folder).stdout)
        self.assertEqual(plan["trials"], 1)  # a fault that draws nothing needs one
        self.assertEqual(plan["factors"][0]["executions_each"], {"run": 1, "reused": 0, "skipped": 0})
        self.assertIn("moved", run("plan", "scenario.json", cwd=self.folder).stdout)

    def test_a_plan_says_how_many_threads_a_trial_has(self):
        plan = json.loads(run("plan", "scenario.json", "--json", cwd=self.folder).stdout)
        self.assertEqual(plan["threads_per_trial"], 1)
        self.assertIn("one engine thread a trial", run("plan", "scenario.json", cwd=self.folder).stdout)
        plan = json.loads(run("plan", "scenario.json", "--no-data", "--json", cwd=self.folder).stdout)
        self.assertIsNone(plan["threads_per_trial"])  # which follows from the data

    def test_a_pipeline_of_very_many_steps_is_planned_without_being_run(self):
        large = json.loads(json.dumps(PIPELINE))
        name = next(iter(large["nodes"]))
        for i in range(1001):
            # Binds, and fails as soon as it runs.
            large["nodes"][f"step{i}"] = {"sql": f"select error('it ran') as e from {name}"}
        self.write(pipeline=large)
        plan = json.loads(run("plan", "scenario.json", "--json", cwd=self.folder).stdout)
        self.assertEqual(plan["factors"][0]["executions_each"], {"run": 1, "reused": 0, "skipped": 1001})
        self.assertIsNone(plan["estimated_seconds"])
        self.assertIn("--timed", run("plan", "scenario.json", cwd=self.folder).stdout)
        timed = run("plan", "scenario.json", "--timed", cwd=self.folder)
        self.assertIn("it ran", timed.stderr)

    def test_plugins(self):
        listed = json.loads(run("plugins", "--json").stdout)
        names = [plugin["name"] for plugin in listed["plugins"]]
        self.assertEqual(names, sorted(names))
        self.assertLessEqual({"noise", "schema_drift", "missing_batches", "shift", "noop"}, set(names))
        text = run("plugins").stdout
        for name in names:
            self.assertIn("\n  " + name + " ", text)
            page = run("plugins", name).stdout
            self.assertIn("at severity 1: ", page)
            self.assertIn("its answer key counts ", page)
            # What the page offers to paste is a perturbation of that plugin.
            pasted = json.loads(page.strip().splitlines()[-1])
            self.assertEqual(pasted["plugin"], name)

    def test_plugins_are_grouped_as_the_catalogue_is(self):
        titles = [line.split("  ")[0] for line in run("plugins").stdout.splitlines() if line and line[0] != " "]
        order = ["Values", "Missing", "Distribution", "Keys", "Schema", "Batches and time", "Files", "Process", "Benign twins"]
        self.assertEqual(titles, [title for title in order if title in titles], "in order, and no group beside these")
        listed = json.loads(run("plugins", "--json").stdout)
        self.assertEqual([group["title"] for group in listed["groups"]], titles)
        self.assertEqual(sorted(name for group in listed["groups"] for name in group["plugins"]),
                         [plugin["name"] for plugin in listed["plugins"]])
        for group in ("batches", "Batches and time", "BATCH"):
            text = run("plugins", "--group", group).stdout
            self.assertIn("  missing_batches ", text)
            self.assertNotIn("  noise ", text)
        done = run("plugins", "--group", "valeus")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn('did you mean "values"?', done.stderr)

    def test_plugins_are_searched(self):
        by_name = run("plugins", "--search", "NOIS").stdout
        self.assertIn("  noise ", by_name)
        self.assertNotIn("missing_batches", by_name)
        # In a parameter's words alone: the page of which plugin says so.
        self.assertRegex(run("plugins", "--search", "laplace").stdout, r"  noise .*\(parameter distribution\)")
        self.assertIn("  late_rows ", run("plugins", "--search", "later batch").stdout)
        both = json.loads(run("plugins", "--json", "--group", "keys", "--search", "duplicate").stdout)
        self.assertLessEqual({plugin["group"] for plugin in both["plugins"]}, {"keys"})
        self.assertIn("duplicate_rows", [plugin["name"] for plugin in both["plugins"]])
        done = run("plugins", "--search", "outlire")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn('nothing matches "outlire"; did you mean "outlier"?', done.stderr)
        self.assertEqual(run("plugins", "noise", "--search", "x").returncode, 3)

    def test_the_fields_own_words_find_the_fault(self):
        for words, names in {
                "backfill": ["repeated_batches"], "DST": ["timezone_shift"], "daylight saving": ["timezone_shift"], "NaN": ["boundary", "nulls"],
                "duplicates": ["duplicate_rows", "duplicate_keys", "repeated_batches"], "data skew": ["resample"], "PII": ["sentinel", "orphan_keys"],
                "late data": ["late_rows"], "schema evolution": ["schema_drift", "extra_column"], "foreign keys": ["orphan_keys"],
                "referential-integrity": ["orphan_keys"], "concept drift": ["concept_drift"], "fan-out": ["join_fan_out"], "utf8": ["mojibake"],
                "truncation": ["truncate_text", "file_truncated"], "corrupted": ["byte_flips"], "latency": ["slow"], "freshness": ["stale_output"],
                "clock skew": ["timezone_shift", "future_timestamps"], "class imbalance": ["resample"], "leading zeros": ["key_format"]}.items():
            with self.subTest(words):
                found = [plugin["name"] for plugin in json.loads(run("plugins", "--json", "--search", words).stdout)["plugins"]]
                self.assertLessEqual(set(names), set(found))
                self.assertLessEqual(len(found), 12)
        self.assertRegex(run("plugins", "--search", "backfills").stdout, r"  repeated_batches .*\(backfill\)")
        # A short word is one that begins so: NaN is in no "determinants".
        self.assertNotIn("dependency_broken", run("plugins", "--search", "NaN").stdout)
        done = run("plugins", "DST")
        self.assertEqual(done.returncode, 3)
        self.assertIn('`faultline plugins --search "DST"` finds timezone_shift', done.stderr)
        self.assertIn("also found as DST, daylight saving", run("plugins", "timezone_shift").stdout)

    def test_plugins_that_cannot_be_used_are_named(self):
        (self.folder / "broken.so").write_bytes(b"no shared object")
        done = run("plugins", "--plugin-path", self.folder)
        self.assertEqual(done.returncode, 0)
        self.assertIn("broken.so", done.stderr)
        listed = json.loads(run("plugins", "--json", "--plugin-path", self.folder).stdout)
        self.assertEqual(len(listed["rejected"]), 1)
        self.assertEqual(run("plugins", "--plugin-path", self.folder / "nowhere").returncode, 3)


class Replay(Case):
    def setUp(self):
        super().setUp()
        self.assertEqual(self.tiny("--out", "out").returncode, 1)

    def test_a_trial_as_files(self):
        done = run("replay", "0", "--from", "out", "--to", "again", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("+ 1,11.0", done.stdout)
        self.assertIn("- 1,1.0", done.stdout)
        rows = (self.folder / "again/perturbed/n.csv").read_text().splitlines()
        self.assertEqual((len(rows), rows[1]), (101, "1,11.0"))
        told = json.loads(run("replay", "0", "--from", "out", "--json", cwd=self.folder).stdout)
        self.assertEqual(told["trial"]["outcome"], "silent")
        for name in told["files"]:
            self.assertTrue((self.folder / told["folder"] / name).exists(), name)

    def test_what_cannot_be_replayed(self):
        self.assertIn("has no trial 99", run("replay", "99", "--from", "out", cwd=self.folder).stderr)
        self.assertEqual(run("replay", "0", "--from", "nowhere", cwd=self.folder).returncode, 3)
        self.assertEqual(run("replay", "0", "--from", "out", "--to", "out", cwd=self.folder).returncode, 3)
        elsewhere = run("replay", "0", "--from", self.folder / "out", cwd=ROOT)
        self.assertIn("--scenario", elsewhere.stderr)
        stated = run("replay", "0", "--from", self.folder / "out", "--scenario", self.folder / "scenario.json",
                     cwd=ROOT)
        self.assertEqual(stated.returncode, 0, stated.stderr)
        changed = json.loads(json.dumps(SCENARIO))
        changed["perturbations"][0]["params"]["delta"] = 11
        self.write(scenario=changed)
        done = run("replay", "0", "--from", "out", cwd=self.folder)
        self.assertEqual(done.returncode, 3)
        self.assertIn("changed since the run", done.stderr)


class Interrupts(Case):
    def slow(self):
        pipeline = json.loads(json.dumps(PIPELINE))
        pipeline["nodes"]["n"]["source"]["sql"] = "select i as id, i::double as v from range(300000) t(i)"
        pipeline["nodes"]["total"]["sql"] = "select sum(a.v * hash(a.id)) as total from n a join n b using (id)"
        scenario = json.loads(json.dumps(SCENARIO))
        scenario["perturbations"][0]["params"]["fraction"] = 0.5  # draws, so that replicates count
        scenario["design"]["replicates"] = 5000
        self.write(scenario, pipeline)

    def test_what_is_finished_is_kept(self):
        self.slow()
        process = subprocess.Popen([BINARY, "run", "scenario.json", "--out", "out"], cwd=self.folder, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        journal = self.folder / "out/journal.jsonl"
        for _ in range(600):
            time.sleep(0.1)
            if journal.exists() and journal.read_text().count("\n") >= 4:  # two trials
                break
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        told, complaints = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 130, complaints)
        self.assertLess(time.monotonic() - started, 20)
        result = json.loads((self.folder / "out/result.json").read_text())
        self.assertEqual(result["status"], "interrupted")
        self.assertGreaterEqual(result["trials"]["total"], 2)
        self.assertLess(result["trials"]["total"], 5000)
        self.assertIn("interrupted", told)
        self.assertIn("stopping", complaints)

    def test_before_the_first_trial_there_is_nothing_to_keep(self):
        self.slow()
        pipeline = json.loads((self.folder / "pipeline.json").read_text())
        pipeline["nodes"]["total"]["sql"] = ("select sum(a.v * b.v) as total from n a, n b "
                                             "where hash(a.id, b.id) % 1000003 = 1")
        self.write(json.loads((self.folder / "scenario.json").read_text()), pipeline)
        for signals in ([signal.SIGTERM], [signal.SIGINT, signal.SIGINT]):
            process = subprocess.Popen([BINARY, "run", "scenario.json", "--out", "out"], cwd=self.folder, text=True,
                                       stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(2)
            self.assertIsNone(process.poll(), "the base run should take longer than this")
            for number in signals:
                process.send_signal(number)
                time.sleep(0.02)
            process.communicate(timeout=60)
            self.assertEqual(process.returncode, 130)
            self.assertFalse((self.folder / "out/journal.jsonl").exists())
            shutil.rmtree(self.folder / "out", ignore_errors=True)


if __name__ == "__main__":
    unittest.main(verbosity=2)

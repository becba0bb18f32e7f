"""Pipelines whose steps are programs, run as a user runs them: the bundled scenario, hostile programs, a run
that is interrupted or killed while a program runs."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import unittest

from harness import ROOT, Run, binary, faultline

DEMAND = ROOT / "scenarios" / "demand_forecast"


class DemandForecast(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.run_once = Run(DEMAND / "scenario.json")

    def test_outcomes_are_those_of_its_page(self):
        run = self.run_once
        self.assertIsNotNone(run.result, run.stderr)
        self.assertEqual(run.result["verdict"], "deviated", run.stderr)
        for perturbation, outcomes in {
                "cases_for_pieces": ["detected"],
                "numbers_missing": ["silent"],
                "renamed": ["crashed"],
                "half_a_forecast": ["detected"],
                "old_file": ["silent"],
                "job_fails": ["crashed"]}.items():
            self.assertEqual(run.outcomes(perturbation), outcomes, perturbation)

    def test_the_program_says_why_it_failed(self):
        # Of two programs that trip over the same name the one that is asked for first is named.
        failures = {f["message"] for f in self.run_once.result["failures"]}
        self.assertEqual(failures, {"the program exited with status 1: KeyError: 'pieces'",
                                    "killed by the cluster's memory guard"})

    def test_same_bytes_whatever_the_jobs(self):
        self.assertEqual(Run(DEMAND / "scenario.json", "--jobs", 4).bytes, self.run_once.bytes)
        self.assertNotIn("measured", self.run_once.result)

    def test_slowness_is_attributed(self):
        run = Run(DEMAND / "latency.json")
        self.assertIsNotNone(run.result, run.stderr)
        self.assertEqual(run.result["measured"], ["order_ready"])
        effects = {row["perturbation"]: row for row in run.attribution(index="effect", metric="order_ready")}
        self.assertTrue(all(row["measured"] for row in effects.values()))
        self.assertGreater(effects["slow_sales"]["estimate"], 0.6)
        self.assertLess(abs(effects["slow_stock"]["estimate"]), 0.25)
        self.assertLess(effects["slow_sales"]["low"], effects["slow_sales"]["high"])
        self.assertEqual(run.result["ranking"][0]["node"], "sales")
        for row in run.attribution(index="effect", metric="order_cost"):
            self.assertEqual(row["estimate"], 0)
            self.assertNotIn("measured", row)

    def test_plan_validate_graph_and_suggest_know_commands(self):
        for words in (["validate", DEMAND / "scenario.json"], ["plan", DEMAND / "scenario.json"],
                      ["graph", DEMAND / "pipeline.json"], ["suggest", DEMAND / "pipeline.json"]):
            process = faultline(*words)
            self.assertEqual(process.returncode, 0, process.stderr)


PIPELINE = {
    "faultline": "pipeline/1", "name": "hostile",
    "nodes": {"numbers": {"source": {"sql": "select i as id, i * 1.5 as v from range(20) t(i)"}, "key": ["id"]},
              "step": {"command": ["python3", "step.py", "{in:numbers}", "{out}"], "exchange": "csv"}},
    "outputs": ["step"]}
SCENARIO = {
    "faultline": "scenario/1", "pipeline": "pipeline.json",
    "perturbations": [{"id": "up", "node": "numbers", "plugin": "shift", "params": {"columns": ["v"], "delta": 1000}}],
    "metrics": [{"id": "total", "output": "step", "sql": "sum(v)", "tolerance": {"absolute": 0.5}}],
    "design": {"method": "one_at_a_time", "replicates": 1}}
# Well on the data as it is, and something else on the shifted rows.
STEP = """
import os, pathlib, shutil, subprocess, sys, time
source, target = sys.argv[1:]
if "1000" not in pathlib.Path(source).read_text():
    shutil.copy(source, target)
    sys.exit()
here = pathlib.Path(__file__).parent
"""


class Hostile(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="faultline-commands-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, deed, **keys):
        pipeline = json.loads(json.dumps(PIPELINE))
        pipeline["nodes"]["step"].update(keys)
        (self.folder / "pipeline.json").write_text(json.dumps(pipeline))
        (self.folder / "scenario.json").write_text(json.dumps(SCENARIO))
        (self.folder / "step.py").write_text(STEP + deed)

    def run_it(self, deed, **keys):
        self.write(deed, **keys)
        run = Run(self.folder / "scenario.json", timeout=60)
        self.assertIsNotNone(run.result, run.stderr)
        return run

    def assert_gone(self, name):
        pid = (self.folder / name).read_text()
        for _ in range(200):
            try:
                stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
            except FileNotFoundError:
                return
            if stat.rpartition(")")[2].split()[0] == "Z":
                return
            time.sleep(0.02)
        self.fail(f"process {pid} is still there")

    def test_memory_beyond_the_limit(self):
        run = self.run_it("x = bytearray(800_000_000)\n", memory="400MB")
        message = run.result["failures"][0]["message"]
        self.assertIn("MemoryError", message)
        self.assertIn("under a memory limit of 400000000 bytes", message)

    def test_a_flood_with_daemons_that_ignores_sigterm_is_timed_out(self):
        deed = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        (here / "daemon").write_text(str(os.getpid()))
        while True: time.sleep(1)
    os._exit(0)
while True: os.write(2, b"x" * 100000)
"""
        run = self.run_it(deed, timeout="2s")
        self.assertEqual(run.result["trials"]["timed_out"], 1)
        self.assert_gone("daemon")

    def interrupted(self, signal_number):
        """A run that gets a signal while its program hangs; the program's and the run's ends."""
        self.write('(here / "pid").write_text(str(os.getpid()))\nwhile True: time.sleep(1)\n')
        out = self.folder / "out"
        run = subprocess.Popen([binary(), "run", self.folder / "scenario.json", "--out", out, "--quiet"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        for _ in range(1000):
            if (self.folder / "pid").exists() and (self.folder / "pid").read_text():
                break
            time.sleep(0.02)
        run.send_signal(signal_number)
        code = run.wait(timeout=30)
        self.assert_gone("pid")
        return code

    def test_an_interrupt_ends_the_program(self):
        self.assertEqual(self.interrupted(signal.SIGINT), 130)
        self.assertFalse((self.folder / "out" / "scratch").exists())

    def test_a_killed_run_takes_its_programs_with_it(self):
        self.assertEqual(self.interrupted(signal.SIGKILL), -signal.SIGKILL)

    def test_a_missing_interpreter_is_bad_input(self):
        self.write("")
        script = self.folder / "step.sh"
        script.write_text("#!/no/such/python\n")
        os.chmod(script, 0o755)
        pipeline = json.loads((self.folder / "pipeline.json").read_text())
        pipeline["nodes"]["step"]["command"] = ["./step.sh", "{in:numbers}", "{out}"]
        (self.folder / "pipeline.json").write_text(json.dumps(pipeline))
        run = Run(self.folder / "scenario.json")
        self.assertEqual(run.code, 3)
        self.assertIn("/nodes/step/command", run.stderr)
        self.assertIn("its interpreter /no/such/python, named in its first line, is not there", run.stderr)


if __name__ == "__main__":
    unittest.main()

"""Data larger than the memory that a run may have: it spills and completes, or one message says what to change, and a
disk that is full meanwhile costs nothing that was finished."""
import json
import os
import pathlib
import resource
import subprocess
import tempfile
import unittest

import harness

ROWS = 150000
NODES = {
    "rows": {"source": {"sql": f"select i as id, md5(i::varchar) as h, i % 7 as v from range({ROWS}) t(i)"},
             "key": ["id"]},
    # A sort has to have seen every row before it hands on the first.
    "placed": {"sql": "select id, v, row_number() over (order by h, id) as place from rows"},
    "report": {"sql": "select sum(v * place) as total, count(*) as n from placed"},
}


class Memory(unittest.TestCase):
    def setUp(self):
        home = tempfile.TemporaryDirectory(prefix="faultline-memory-")
        self.addCleanup(home.cleanup)
        self.folder = pathlib.Path(home.name)

    def write_case(self, memory, nodes=None, copies=9):
        (self.folder / "pipeline.json").write_text(json.dumps(
            {"faultline": "pipeline/1", "name": "large", "nodes": nodes or NODES, "outputs": ["report"]}))
        (self.folder / "scenario.json").write_text(json.dumps({
            "faultline": "scenario/1", "title": "Large", "pipeline": "pipeline.json", "seed": 3, "profile": 0,
            "perturbations": [
                {"id": "noisy", "node": "rows", "plugin": "noise", "params": {"columns": ["v"], "std": 3}},
                {"id": "copied", "node": "rows", "plugin": "duplicate_rows", "params": {"fraction": 1, "times": copies}}],
            "metrics": [{"id": "n", "output": "report", "sql": "sum(n)", "tolerance": {"relative": 0.01}}],
            "design": {"method": "one_at_a_time", "replicates": 2}, "limits": {"memory": memory}}))

    def run_it(self, out, *options, file_size=None):
        limit = file_size and (lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (file_size, resource.RLIM_INFINITY)))
        return subprocess.run(
            [harness.binary(), "run", str(self.folder / "scenario.json"), "--out", str(self.folder / out), "--quiet",
             *options], capture_output=True, text=True, preexec_fn=limit)

    def test_what_does_not_fit_is_spilled_and_a_full_disk_is_no_crash(self):
        self.write_case("40MB")
        whole = self.run_it("whole", "--jobs", "1")
        self.assertEqual(whole.returncode, 1, whole.stderr)
        expected = json.loads((self.folder / "whole" / "result.json").read_text())
        self.assertEqual(expected["trials"]["crashed"], 0, expected["failures"])

        # A file that may grow no further behaves as a full disk does; the copied rows need more than that.
        full = self.run_it("cut", "--jobs", "2", file_size=8 << 20)
        self.assertEqual(full.returncode, 4, full.stderr)
        self.assertIn("no room left on disk", full.stderr)
        self.assertIn("\"memory\" in the scenario's limits", full.stderr)
        self.assertIn(f"--resume --out {self.folder / 'cut'} goes on", full.stderr)
        self.assertEqual(full.stderr.count("\n"), 1, full.stderr)
        journal = self.folder / "cut" / "journal.jsonl"
        self.assertTrue(journal.exists())
        self.assertNotIn("crashed", journal.read_text())

        # With room again the run goes on and comes to the same, to the byte.
        resumed = self.run_it("cut", "--jobs", "2", "--resume")
        self.assertEqual(resumed.returncode, 1, resumed.stderr)
        self.assertEqual((self.folder / "cut" / "result.json").read_bytes(),
                         (self.folder / "whole" / "result.json").read_bytes())

    def test_a_plan_spills_as_a_run_does_and_leaves_nothing_behind(self):
        self.write_case("18MB")
        temporary = self.folder / "temporary"
        temporary.mkdir()
        for command in ("validate", "plan"):
            process = subprocess.run([harness.binary(), command, str(self.folder / "scenario.json")],
                                     capture_output=True, text=True, env={**os.environ, "TMPDIR": str(temporary)})
            self.assertEqual(process.returncode, 0, process.stderr)
            self.assertEqual(list(temporary.iterdir()), [])

    def test_what_cannot_be_spilled_is_told_once_with_what_to_change(self):
        nodes = dict(NODES, report={"sql": "select len(list(h)) as n, sum(len(h)) as total from rows"})
        self.write_case("10MB", nodes)
        process = self.run_it("out")
        self.assertEqual(process.returncode, 3, process.stderr)
        self.assertIn("raise \"memory\" in the scenario's limits", process.stderr)
        self.assertEqual(process.stderr.count("\n"), 1, process.stderr)
        self.assertFalse((self.folder / "out").exists())


if __name__ == "__main__":
    unittest.main()

"""What would have caught a silent failure: the guards of a run, added to the scenario, really catch it."""
import json
import pathlib
import tempfile
import unittest

from harness import ROOT, faultline

SCENARIO = ROOT / "scenarios" / "plausible_checks" / "scenario.json"
BENIGN = {"new_customers", "another_order", "one_more_column", "quiet_days"}


def outcomes(result):
    return {p["id"]: p["outcomes"] for p in result["perturbations"]}


class GuardsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="faultline-guards-")
        cls.out = pathlib.Path(cls.folder.name) / "out"
        process = faultline("run", SCENARIO, "--out", cls.out, "--jobs", 1)
        cls.report = process.stdout
        cls.result = json.loads((cls.out / "result.json").read_text())
        cls.guards = json.loads((cls.out / "guards.json").read_text())

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_the_checks_score_badly_and_the_guards_are_told(self):
        guards = self.result["guards"]
        self.assertLess(guards["score_before"], 0.25)
        self.assertGreater(guards["score_after"], 0.8)
        self.assertEqual([g["check"] for g in guards["proposed"]], self.guards["checks"])
        self.assertIn("Guards to add", self.report)
        for guard in guards["proposed"]:
            self.assertIn(guard["text"].split()[0], self.report)
            self.assertLessEqual(guard["power_low"], guard["power"])
            self.assertLessEqual(guard["power"], guard["power_high"])

    def test_what_no_simple_number_shows_is_said(self):
        # Everybody has somebody else's spending: no column of the node it happens on changes.
        for guard in self.result["guards"]["proposed"]:
            if "spend_mixed_up" in guard["covers"]:
                self.assertNotEqual(guard["node"], "scores")

    def test_pasted_back_they_kill_and_wake_nobody(self):
        again = pathlib.Path(self.folder.name) / "again"
        process = faultline("run", SCENARIO, "--with-checks", self.out / "guards.json", "--out", again, "--quiet")
        self.assertEqual(process.returncode, 1, process.stderr)
        result = json.loads((again / "result.json").read_text())
        after = outcomes(result)
        for guard in self.guards["about"]:
            for fault in guard["covers"]:
                self.assertGreater(after[fault].get("detected", 0), after[fault].get("silent", 0), fault)
        for fault in BENIGN:
            self.assertEqual(after[fault].get("false_alarm", 0), 0, fault)
        # Same seed, same trials: what was predicted is what comes out.
        silent = sum(o.get("silent", 0) for o in after.values())
        before = sum(o.get("silent", 0) for o in outcomes(self.result).values())
        self.assertLess(silent, before / 3)
        # The scenario that was run is there, and its trials can be replayed.
        self.assertTrue((again / "scenario.json").exists())
        replayed = faultline("replay", 0, "--from", again)
        self.assertEqual(replayed.returncode, 0, replayed.stderr)

    def test_a_rerun_on_other_draws_says_what_they_are_worth(self):
        process = faultline("guard", self.out, "--rerun", "--json")
        self.assertEqual(process.returncode, 0, process.stderr)
        told = json.loads(process.stdout)
        self.assertEqual(told["seed"], 12)
        self.assertLess(told["before"]["score"], 0.25)
        self.assertGreater(told["after"]["score"], 0.8)
        self.assertLess(told["after"]["silent"], told["before"]["silent"])
        self.assertEqual(told["after"]["false_alarm"], 0)
        self.assertTrue((self.out / "guarded-12" / "result.json").exists())

    def test_the_same_whatever_runs_at_once(self):
        out = pathlib.Path(self.folder.name) / "jobs3"
        faultline("run", SCENARIO, "--out", out, "--jobs", 3, "--quiet")
        self.assertEqual((out / "result.json").read_bytes(), (self.out / "result.json").read_bytes())

    def test_bad_input_is_said_and_leaves_nothing(self):
        nothing = pathlib.Path(self.folder.name) / "nothing.json"
        nothing.write_text('{"faultline": "guards/1"}')
        out = pathlib.Path(self.folder.name) / "refused"
        for file, words in ((nothing, "found no checks"), (self.out / "absent.json", "No such file"),
                            (self.out / "journal.jsonl", "not JSON")):
            process = faultline("run", SCENARIO, "--with-checks", file, "--out", out)
            self.assertEqual(process.returncode, 3, process.stderr)
            self.assertIn(words, process.stderr)
            self.assertFalse(out.exists())
        dangling = pathlib.Path(self.folder.name) / "dangling.json"
        dangling.write_text('[{"id": "x", "node": "nowhere", "expect": "row_count", "min": 1}]')
        process = faultline("run", SCENARIO, "--with-checks", dangling, "--out", out)
        self.assertEqual(process.returncode, 3, process.stderr)
        self.assertIn("nowhere", process.stderr)
        self.assertFalse(out.exists())


if __name__ == "__main__":
    unittest.main()

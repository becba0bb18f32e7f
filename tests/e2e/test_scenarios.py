"""Scenarios whose answer is known beforehand: the harness must find it, and find it again."""
import json
import math
import unittest

from harness import OUTCOMES, SCENARIOS, Run

CONTRACT_KEYS = {"faultline", "status", "verdict", "approximate", "seed", "scenario", "pipeline", "versions",
                 "trials", "executions", "attribution", "ranking", "perturbations", "checks", "noise_floor",
                 "failures"}
ATTRIBUTION_KEYS = {"metric", "segment", "node", "perturbation", "with", "index", "estimate", "low", "high",
                    "confidence", "unit", "conditional"}
RANKING_KEYS = {"node", "owner", "damage", "low", "high", "worst_metric", "worst_segment", "outcomes"}
EXIT_CODES = {"held": 0, "deviated": 1, "unknown": 2}


class ScenarioTest(unittest.TestCase):
    def assert_contract(self, run):
        """What every result must be, whatever the scenario."""
        self.assertIsNotNone(run.result, f"no result.json (exit {run.code}): {run.stderr}")
        result = run.result
        self.assertEqual(result["faultline"], "result/1")
        self.assertEqual(result["status"], "completed")
        self.assertLessEqual(CONTRACT_KEYS, set(result))
        self.assertEqual(run.code, EXIT_CODES[result["verdict"]], run.stderr)
        trials = result["trials"]
        self.assertEqual(sum(trials[name] for name in OUTCOMES), trials["total"])
        by_perturbation = sum(sum(p["outcomes"].values()) for p in result["perturbations"])
        self.assertEqual(by_perturbation, trials["total"], "one at a time: each trial has one perturbation")
        for row in result["attribution"]:
            self.assertLessEqual(ATTRIBUTION_KEYS, set(row))
            if None not in (row["estimate"], row["low"], row["high"]):
                self.assertLessEqual(row["low"], row["estimate"], row)
                self.assertLessEqual(row["estimate"], row["high"], row)
        for row in result["ranking"]:
            self.assertLessEqual(RANKING_KEYS, set(row))

    def assert_expected(self, run, expected):
        self.assert_contract(run)
        result = run.result
        self.assertEqual(result["verdict"], expected["verdict"], run.stderr)
        self.assertEqual(run.code, expected["exit_code"], run.stderr)
        for perturbation, outcomes in expected.get("outcomes", {}).items():
            self.assertEqual(run.outcomes(perturbation), sorted(outcomes), perturbation)
        for outcome in expected.get("none", []):
            self.assertEqual(result["trials"][outcome], 0, outcome)
        if "top_node" in expected:
            self.assertEqual(result["ranking"][0]["node"], expected["top_node"])
        for node in expected.get("harmless_nodes", []):
            self.assertLess(run.ranked(node)["damage"], 1, node)
        for node in expected.get("failed_nodes", []):
            self.assertIn(node, [failure["node"] for failure in result["failures"]])
        for wanted in expected.get("relative_effects", []):
            rows = run.attribution(perturbation=wanted["perturbation"], metric=wanted["metric"], index="damage")
            self.assertEqual(len(rows), 1, wanted)
            self.assertAlmostEqual(rows[0]["estimate"], wanted["damage"], places=6, msg=wanted)
        for wanted in expected.get("lost", []):
            rows = run.attribution(index="lost_rate", **wanted)
            self.assertEqual([row["estimate"] for row in rows], [1], wanted)
        checks = {check["id"]: check for check in result["checks"]}
        for check in expected.get("checks_fired", []):
            self.assertGreater(checks[check]["fired"], 0, check)
        self.assert_doses(result, expected.get("doses", {}))
        self.assert_check_scores(result["check_scores"], expected)
        for check in expected.get("fired_in_base", []):
            self.assertTrue(checks[check]["fired_in_base"], check)
            self.assertEqual(checks[check]["fired"], 0, check)

    def assert_doses(self, result, expected):
        """Thresholds that are known from a formula lie between doses that are close together."""
        found = {row["perturbation"]: row for row in result["doses"]}
        for perturbation, wanted in expected.items():
            row = found[perturbation]
            for event in ("harmful", "noticed"):
                self.assert_threshold(row[event], wanted[event], wanted, f"{perturbation}: {event}")
            self.assertEqual(row["noticed_by"], wanted["noticed_by"], row["sentence"])
            self.assertEqual(row["metric"], wanted["metric"], row["sentence"])
            self.assertEqual(row["monotone"], wanted["monotone"], row["sentence"])
            self.assertEqual(row["crashes_from"] is not None, wanted["crashes"], row["sentence"])
            self.assertEqual(row["binary"], wanted.get("binary", False))
            if "text" in wanted:
                self.assertEqual(row["harmful"]["text"], wanted["text"])
            harmful, noticed = row["harmful"]["severity"], row["noticed"]["severity"]
            blind = None
            if harmful is not None and (noticed is None or noticed > harmful):
                blind = [harmful, 1 if noticed is None else noticed]
            self.assertEqual(row["blind"], blind, row["sentence"])
            severities = [point["severity"] for point in row["curve"]]
            self.assertEqual(severities, sorted(set(severities)))

    def assert_threshold(self, found, truth, wanted, what):
        if truth is None:
            self.assertEqual(found, {"severity": None, "low": None, "high": None, "text": None}, what)
            return
        self.assertLessEqual(found["low"], truth, what)
        self.assertGreaterEqual(found["high"], truth, what)
        if wanted.get("drawn"):  # the interval of a median over streams
            self.assertLess(found["high"] / found["low"], 3, what)
        elif not wanted.get("binary"):
            self.assertLess(found["high"] / found["low"], 1.06, what)

    def assert_check_scores(self, found, expected):
        for key, wanted in expected.get("mutation_score", {}).items():
            self.assertAlmostEqual(found["pipeline"][key], wanted, places=12, msg=key)
        by_owner = {row["owner"]: row["score"] for row in found["by_owner"]}
        for owner, wanted in expected.get("scores_by_owner", {}).items():
            self.assertEqual(by_owner[owner], wanted, owner)
        by_check = {row["id"]: row for row in found["checks"]}
        for check, values in expected.get("check_scores", {}).items():
            for key, wanted in values.items():
                if isinstance(wanted, float):
                    self.assertAlmostEqual(by_check[check][key], wanted, places=12, msg=f"{check}: {key}")
                else:
                    self.assertEqual(by_check[check][key], wanted, f"{check}: {key}")


class Planted(ScenarioTest):
    """Each folder under tests/scenarios/planted plants one cause; its expected.json is the answer."""

    def test_every_cause_is_found(self):
        folders = sorted(p.parent for p in (SCENARIOS / "planted").glob("*/expected.json"))
        self.assertGreaterEqual(len(folders), 9)
        for folder in folders:
            with self.subTest(folder.name):
                self.assert_expected(Run(folder / "scenario.json"), json.loads((folder / "expected.json").read_text()))


class Ishigami(ScenarioTest):
    """One-at-a-time effects on a formula are differences of the formula, to the last digits."""

    def test_effects_are_the_formulas(self):
        for name, expected in json.loads((SCENARIOS / "ishigami" / "expected.json").read_text()).items():
            with self.subTest(name):
                run = Run(SCENARIOS / "ishigami" / name)
                self.assert_expected(run, expected)
                for wanted in expected["effects"]:
                    rows = [row for row in run.attribution(index="effect", metric="y",
                                                           perturbation=wanted["perturbation"])
                            if row["severity"] == wanted["severity"]]
                    self.assertEqual(len(rows), 1, wanted)
                    row = rows[0]
                    self.assertEqual(row["node"], wanted["node"])
                    self.assertTrue(math.isclose(row["estimate"], wanted["effect"], rel_tol=1e-12, abs_tol=1e-12),
                                    f"{wanted}: measured {row['estimate']}")
                    # A shift draws nothing, so there is nothing to be uncertain about.
                    self.assertEqual((row["low"], row["high"]), (row["estimate"], row["estimate"]))
                self.assertAlmostEqual(run.result["ranking"][0]["damage"], expected["top_damage"], places=9)


if __name__ == "__main__":
    unittest.main()

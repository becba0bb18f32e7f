"""Real rows that nobody here made. Exit code 77, which ctest shows as skipped, where they are not there."""
import sys
import unittest

from harness import REAL_DATA, SCENARIOS, Run
from test_scenarios import ScenarioTest

SKIPPED = 77


class AdventureWorks(ScenarioTest):
    SCENARIO = SCENARIOS / "adventureworks" / "scenario.json"

    @classmethod
    def setUpClass(cls):
        cls.run_once = Run(cls.SCENARIO, "--jobs", 1)

    def test_outcomes(self):
        run = self.run_once
        self.assert_contract(run)
        self.assertEqual(run.result["verdict"], "deviated")
        for perturbation, outcomes in {
                "prices_jitter": ["false_alarm"],
                "dates_a_day_late": ["silent"],
                "dates_as_text": ["absorbed"],
                "headers_reordered": ["absorbed"],
                "costs_up": ["silent"],
                "category_name_renamed": ["crashed"],
                "customers_renumbered": ["detected"],
                "customer_consent_added": ["absorbed"],
                "states_moved": ["silent"],
                "territory_report_early": ["silent"]}.items():
            self.assertEqual(run.outcomes(perturbation), outcomes, perturbation)
        self.assertEqual(run.result["trials"]["not_applied"], 0)

    def test_a_check_that_is_red_from_the_start_warns_of_nothing(self):
        check = next(c for c in self.run_once.result["checks"] if c["id"] == "line_has_order")
        self.assertTrue(check["fired_in_base"])
        self.assertEqual(check["fired"], 0)

    def test_costs_move_margins_by_what_was_calculated(self):
        # 5 % of the cost of goods sold, 10,315,659.04 for bikes, against 5 % of a margin of 1,584,920.04.
        row, = self.run_once.attribution(index="effect", perturbation="costs_up", metric="category_margin",
                                         segment={"category": "Bikes"})
        self.assertAlmostEqual(row["estimate"], -512351.83, delta=0.01)

    def test_same_bytes_whatever_the_jobs(self):
        self.assertEqual(Run(self.SCENARIO, "--jobs", 4).bytes, self.run_once.bytes)


class JaffleShop(ScenarioTest):
    def test_outcomes(self):
        run = Run(SCENARIOS / "jaffle_shop" / "scenario.json")
        self.assert_contract(run)
        for perturbation, outcomes in {
                "payments_jitter": ["absorbed"],
                "payments_in_units": ["silent"],
                "payments_of_others": ["detected"],
                "user_id_as_text": ["absorbed"],
                "names_added_to": ["absorbed"],
                "last_name_renamed": ["crashed"]}.items():
            self.assertEqual(run.outcomes(perturbation), outcomes, perturbation)


if __name__ == "__main__":
    missing = [name for name in ("adventureworks", "jaffle_shop") if not (REAL_DATA / name).is_dir()]
    if missing:
        print(f"skipped: no {' and no '.join(missing)} in {REAL_DATA}")
        sys.exit(SKIPPED)
    unittest.main()

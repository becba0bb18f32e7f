"""The scenario that comes with the program, run as its page says, and the reports of that run: made again,
counted, and the same whatever ran at once. Two whole runs are enough for all of it."""
import json
import pathlib
import shutil
import tempfile
import unittest
import xml.etree.ElementTree as tree

from harness import ROOT, Run, document, faultline
from test_scenarios import ScenarioTest

SCENARIO = ROOT / "scenarios" / "store_sales" / "scenario.json"
FILES = {"html": "report.html", "markdown": "report.md", "junit": "junit.xml"}


class StoreSalesTest(ScenarioTest):
    """The runs, each made for the first case that reads it. A case that writes does so to a copy."""

    home, runs = None, {}

    @classmethod
    def with_jobs(cls, jobs):
        if jobs not in cls.runs:
            cls.runs[jobs] = Run(SCENARIO, "--jobs", jobs, out=StoreSalesTest.home / f"jobs{jobs}")
        return cls.runs[jobs]

    @property
    def run_once(self):
        return self.with_jobs(1)

    def copy(self):
        folder = tempfile.TemporaryDirectory(prefix="faultline-store-sales-")
        self.addCleanup(folder.cleanup)
        return pathlib.Path(shutil.copytree(self.run_once.out, pathlib.Path(folder.name) / "out"))


class Findings(StoreSalesTest):
    def test_outcomes_are_those_of_its_page(self):
        run = self.run_once
        self.assert_contract(run)
        self.assertEqual(run.result["verdict"], "deviated")
        for perturbation, outcomes in {
                "orders_days_lost": ["detected"],
                "till_price_jitter": ["absorbed"],
                "sku_as_number": ["silent"],
                "sku_renamed": ["crashed"],
                "products_new_column": ["absorbed"],
                "costs_reordered": ["absorbed"],
                "fx_source_off": ["silent"],
                "fx_days_missing": ["absorbed"],
                "pack_built_early": ["silent"]}.items():
            self.assertEqual(run.outcomes(perturbation), outcomes, perturbation)
        self.assertIn("silent", run.outcomes("lines_days_lost"))
        for outcome in ("detected", "silent", "absorbed", "crashed"):
            self.assertGreater(run.result["trials"][outcome], 0)
        self.assertEqual(run.result["trials"]["not_applied"], 0)

    def test_tea_vanishes_when_the_zeros_do(self):
        rows = self.run_once.attribution(index="lost_rate", perturbation="sku_as_number", segment={"category": "Tea"})
        self.assertEqual({row["metric"] for row in rows}, {"margin_rate", "forecast"})
        self.assertEqual({row["estimate"] for row in rows}, {1})

    def test_an_edge_moves_only_its_consumer(self):
        for metric in ("margin", "margin_rate", "forecast"):
            for row in self.run_once.attribution(index="effect", perturbation="pack_built_early", metric=metric):
                self.assertEqual(row["estimate"], 0, row)

    def test_the_crash_names_the_step_and_not_the_feed(self):
        failures = {failure["node"]: failure for failure in self.run_once.result["failures"]}
        self.assertIn("stg_products", failures)
        self.assertIn("sku", failures["stg_products"]["message"])

    def test_the_answer_keys_are_exact(self):
        keys = {p["id"]: p["answer_key"] for p in self.run_once.result["perturbations"]}
        # Counted with another tool: SKUs that begin with a zero; lines of the last 2 of 60 days, since
        # floor(0.034 * 60 + 0.5) = 2; and 20 of 20,000 orders in each of 16 replicates.
        self.assertEqual(keys["sku_as_number"]["cells"], {"sku": 165})
        self.assertEqual(keys["pack_built_early"]["rows_removed"], 1335)
        self.assertEqual(keys["foreign_store_ids"]["cells"], {"store_id": 20 * 16})
        self.assertEqual(keys["products_new_column"]["columns"]["added"], ["brand"])

    def test_same_bytes_whatever_the_jobs(self):
        self.assertEqual(self.with_jobs(3).code, 1, self.with_jobs(3).stderr)
        for file in ("result.json", *FILES.values()):
            self.assertEqual((self.with_jobs(3).out / file).read_bytes(), (self.run_once.out / file).read_bytes(), file)

    def test_another_seed_draws_other_rows(self):
        # What a fault draws is its own: two of them are enough to see what another seed changes.
        two = document(SCENARIO.read_text())
        two["pipeline"] = str(SCENARIO.parent / two["pipeline"])
        two["perturbations"] = [p for p in two["perturbations"] if p["id"] in ("costs_outdated", "fx_source_off")]
        two["metrics"], two["checks"] = [m for m in two["metrics"] if m["id"] == "margin"], []

        def effect(run, perturbation):
            return [row["estimate"] for row in run.attribution(index="effect", perturbation=perturbation, metric="margin")]

        with tempfile.TemporaryDirectory(prefix="faultline-store-sales-") as folder:
            scenario = pathlib.Path(folder) / "scenario.json"
            scenario.write_text(json.dumps(two))
            same, other = Run(scenario), Run(scenario, "--seed", 8)
        self.assert_contract(other)
        for perturbation in ("costs_outdated", "fx_source_off"):
            self.assertEqual(effect(same, perturbation), effect(self.run_once, perturbation))
        self.assertNotEqual(effect(other, "costs_outdated"), effect(self.run_once, "costs_outdated"))
        self.assertEqual(effect(other, "fx_source_off"), effect(self.run_once, "fx_source_off"))


class Reports(StoreSalesTest):
    """What a run writes for people and for CI, and the subcommand that makes it again."""

    def test_they_are_made_again_without_the_pipeline(self):
        said = self.run_once.stdout
        self.assertIn(str(self.run_once.out / "report.html"), said.replace("\n  ", ""))
        self.assertEqual(faultline("report", self.run_once.out).stdout, said)
        out = self.copy()
        before = {file: (out / file).read_bytes() for file in FILES.values()}
        for name, file in FILES.items():
            (out / file).unlink()
            done = faultline("report", out, "--format", name, "--out", out / file)
            self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
            self.assertEqual((out / file).read_bytes(), before[file], file)
            self.assertEqual(faultline("report", out, "--format", name).stdout.encode(), before[file], file)
        self.assertEqual([path.name for path in out.iterdir() if path.name.endswith(".part")], [])

    def test_junit_counts_add_up(self):
        root = tree.parse(self.run_once.out / "junit.xml").getroot()
        suite = root.find("testsuite[@name='faults']")
        cases = suite.findall("testcase")
        self.assertEqual(len(cases), int(suite.get("tests")))
        self.assertEqual(len(cases), len(self.run_once.result["perturbations"]) + 1)
        for kind, attribute in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            self.assertEqual(len(suite.findall(f"testcase/{kind}")), int(suite.get(attribute)))
        by_name = {case.get("name"): case for case in cases}
        self.assertEqual(by_name["sku_as_number (schema_drift)"].find("failure").get("type"), "silent")
        self.assertIsNotNone(by_name["sku_renamed (schema_drift)"].find("error"))
        self.assertEqual(len(list(by_name["products_new_column (schema_drift)"])), 0)
        self.assertLess((self.run_once.out / "report.md").stat().st_size, 65_000)

    def test_refused(self):
        out = self.copy()
        for words, said in ((("--format", "pdf"), "terminal, html, markdown, junit"),
                            (("--out", ""), "names no file")):
            done = faultline("report", out, *words)
            self.assertEqual(done.returncode, 3, words)
            self.assertIn(said, done.stderr, words)
        nowhere = out.parent / "nowhere"
        done = faultline("report", nowhere)
        self.assertEqual(done.returncode, 3)
        self.assertIn("journal.jsonl", done.stderr)
        kept = (out / "report.html").read_bytes()
        done = faultline("report", nowhere, "--format", "html", "--out", out / "report.html")
        self.assertEqual(done.returncode, 3)
        self.assertEqual((out / "report.html").read_bytes(), kept)

    def test_a_run_that_was_cut_off_has_one_too_and_it_says_so(self):
        lines = (self.run_once.out / "journal.jsonl").read_text().splitlines(keepends=True)
        with tempfile.TemporaryDirectory(prefix="faultline-store-sales-") as folder:
            (pathlib.Path(folder) / "journal.jsonl").write_text("".join(lines[:40]))
            page = faultline("report", folder, "--format", "html").stdout
        self.assertIn("interrupted before its end", page)


def setUpModule():
    folder = tempfile.TemporaryDirectory(prefix="faultline-store-sales-")
    unittest.addModuleCleanup(folder.cleanup)
    StoreSalesTest.home = pathlib.Path(folder.name)


if __name__ == "__main__":
    unittest.main()

"""Parameters that cannot be meant are refused before anything runs, with the pointer and what there is."""
import json
import pathlib
import tempfile
import unittest

from harness import faultline
from refused_params import PIPELINE, REFUSED


def scenario(perturbations):
    return {"faultline": "scenario/1", "title": "Refusals", "pipeline": "pipeline.json", "perturbations": perturbations,
            "metrics": [{"id": "n", "output": "out", "sql": "sum(n)"}]}


class Refusals(unittest.TestCase):
    def setUp(self):
        self.held = tempfile.TemporaryDirectory(prefix="faultline-refused-")
        self.addCleanup(self.held.cleanup)
        self.folder = pathlib.Path(self.held.name)
        (self.folder / "pipeline.json").write_text(json.dumps(PIPELINE))

    def problems_of(self, perturbations):
        """By position: the problems that validate finds. It tells all that it finds at one time at once."""
        (self.folder / "scenario.json").write_text(json.dumps(scenario(perturbations)))
        done = faultline("validate", self.folder / "scenario.json", "--json")
        found = {}
        for problem in json.loads(done.stdout):
            _, kind, index, *_ = problem["pointer"].split("/")
            self.assertEqual(kind, "perturbations", problem)
            found.setdefault(int(index), []).append(problem)
        self.assertEqual(done.returncode, 3 if found else 0, done.stderr)
        return found

    def test_every_one_is_refused_at_its_place(self):
        self.assertGreaterEqual(len(REFUSED), 60)
        left = [({"id": f"p{n}", "node": "sales", "plugin": plugin, "params": params, **(more[0] if more else {})}, pointer)
                for n, (plugin, params, pointer, *more) in enumerate(REFUSED)]
        # First what the documents alone show, then what the columns and the values do.
        for _ in range(2):
            found = self.problems_of([perturbation for perturbation, _ in left])
            for at, problems in found.items():
                perturbation, pointer = left[at]
                with self.subTest(json.dumps(perturbation)):
                    self.assertIn(f"/perturbations/{at}{pointer}", [problem["pointer"] for problem in problems])
                    for problem in problems:
                        self.assertTrue(problem["found"] and problem["expected"], problem)
            left = [one for at, one in enumerate(left) if at not in found]
        self.assertEqual([perturbation for perturbation, _ in left], [])

    def test_a_column_that_is_not_there_names_those_that_are(self):
        found = self.problems_of([{"id": "a", "node": "sales", "plugin": "noise", "params": {"columns": ["prise"]}},
                                  {"id": "b", "node": "plain", "plugin": "missing_batches"},
                                  {"id": "c", "node": "sales", "plugin": "label_flip", "params": {"columns": ["region"], "to": "centre"}}])
        self.assertEqual(found[0][0]["nearest"], "price")
        self.assertIn("price DECIMAL(10,2)", found[0][0]["expected"])
        self.assertIn("day DATE", found[1][0]["expected"])
        self.assertIn("block_rows", found[1][0]["expected"])
        self.assertIn("centre", found[2][0]["expected"])

    def test_what_is_wrong_with_a_condition_is_said_in_the_users_words(self):
        wheres = {"a": "regoin = 'north'", "b": 'region = "north"', "c": "qty in (select qty from plain)", "d": "sales.qty > 1",
                  "e": "qty > avg(qty)", "f": "region = 'regoin' and nte = 'x'", "g": "qty >", "h": "where qty > 1"}
        found = self.problems_of([{"id": id, "node": "sales", "plugin": "noise", "params": {"columns": ["qty"], "where": where}}
                                  for id, where in wheres.items() if id != "c"])
        a, b, d, e, f, g, h = [found[at][0] for at in range(7)]
        self.assertIn('no column "regoin"', a["found"])
        self.assertEqual(a["nearest"], "region")
        self.assertIn("'north'", b["expected"].split(";")[-1])
        self.assertIn("names alone", d["expected"])
        self.assertIn("aggregates", e["found"])
        self.assertEqual((f["nearest"], "regoin" in f["found"].split(": ")[-1]), ("note", False))
        self.assertIn("something has to follow", g["found"])
        self.assertIn('syntax error at or near "where"', h["found"])
        # A subquery shows before any data are read.
        c = self.problems_of([{"id": "c", "node": "sales", "plugin": "noise", "params": {"columns": ["qty"], "where": wheres["c"]}}])[0][0]
        self.assertEqual(c["found"], "a subquery that reads plain")
        self.assertIn("columns of sales alone", c["expected"])

    def test_what_is_found_is_what_was_written(self):
        renamed = self.problems_of([{"id": "a", "node": "sales", "plugin": "schema_drift", "params": {"mode": "rename"}}])
        self.assertEqual(json.loads(renamed[0][0]["found"]), {"mode": "rename"})
        named = self.problems_of([{"id": "b", "node": "sales", "plugin": "nulls", "params": {"columns": ["qty"], "mechanism": "MNAR"}}])
        self.assertEqual(named[0][0]["nearest"], "not_at_random")

    def test_what_looks_odd_and_is_meant_is_taken(self):
        taken = [("noise", {"columns": ["qty"], "where": "region in ('north', 'south') -- the coast"}),
                 ("noise", {"columns": ["qty"], "where": "qty % 2"}),
                 ("noise", {"columns": ["qty"], "where": "exists (select 1 from unnest(list) t(x) where x > 3)"}),
                 ("noise", {"columns": ["qty"], "along": {"shape": "spike", "start": 0.6}}),
                 ("noise", {"columns": ["qty"], "where": "try_cast(note as integer) > 3 or flag"}),
                 ("noise", {"columns": ["qty"], "sampling": "weight", "weight": "price"}),
                 ("missing_batches", {"fraction": 0.5}), ("round", {"columns": ["qty"], "decimals": -1}),
                 ("sentinel", {"columns": ["price"], "number": -99.5}), ("sentinel", {"columns": ["qty"], "number": -99.0}),
                 ("label_flip", {"columns": ["region"], "to": "east"}),
                 ("date_format", {"columns": ["note"], "from": "note %-d", "to": ["%d%%"]}),
                 ("time_window_gone", {"columns": ["at"], "hours": 5, "from": "2024-01-02"}),
                 ("schema_drift", {"mode": "add", "name": "n", "type": "integer", "value": 7})]
        found = self.problems_of([{"id": f"p{n}", "node": "sales", "plugin": plugin, "params": params}
                                  for n, (plugin, params) in enumerate(taken)] +
                                 [{"id": "blocks", "node": "plain", "plugin": "missing_batches", "params": {"block_rows": 20}}])
        self.assertEqual(found, {})


if __name__ == "__main__":
    unittest.main()

"""`faultline sample` and `faultline analyze`: known functions, from the design to the indices, and how
often the intervals of the two together hold the truth. Standard library only."""

import json
import math
import os
import pathlib
import subprocess
import tempfile
import unittest

BINARY = os.environ["FAULTLINE_BIN"]
FIRST = {"x1": 0.31390519114781146, "x2": 0.4424111447900409, "x3": 0.0}
TOTAL = {"x1": 0.5575888552099592, "x2": 0.4424111447900409, "x3": 0.2436836640621477}


def ishigami(row):
    x = [(2 * value - 1) * math.pi for value in row]
    return math.sin(x[0]) + 7 * math.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * math.sin(x[0])


class Numbers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def run_it(self, *words, code=0):
        done = subprocess.run([BINARY, *map(str, words)], capture_output=True, text=True, timeout=120,
                              cwd=self.folder)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout if code == 0 else done.stderr

    def sample(self, *words):
        text = self.run_it("sample", *words)
        (self.folder / "X.csv").write_text(text)
        return [[float(cell) for cell in line.split(",")] for line in text.splitlines()[1:]]

    def outputs(self, columns, name="Y.csv"):
        lines = [",".join(columns)]
        for cells in zip(*columns.values()):
            lines.append(",".join("" if cell is None else repr(cell) for cell in cells))
        (self.folder / name).write_text("\n".join(lines) + "\n")

    def analyze(self, method, *words, inputs="X.csv"):
        entries = json.loads(self.run_it("analyze", "--method", method, inputs, "Y.csv", "--json", *words),
                             parse_constant=lambda word: self.fail(f"{word} in JSON"))
        return {(e["output"], e["index"], e["factor"], e.get("with")): e for e in entries}

    def test_ishigami_in_one_sequence(self):
        rows = self.sample("--method", "sobol", "--factors", 3, "--rows", 2048, "--second-order",
                           "--replicates", 1)
        self.assertEqual(len(rows), 2048 * 8)
        y = [ishigami(row) for row in rows]
        self.outputs({"y": y, "still": [4.0] * len(y), "holes": [None if i % 97 == 5 else v for i, v in enumerate(y)]})
        for estimator in "martinez", "saltelli", "azzini":
            found = self.analyze("sobol", "--second-order", "--estimator", estimator)
            for factor in FIRST:
                self.assertAlmostEqual(found["y", "S1", factor, None]["estimate"], FIRST[factor], delta=0.02)
                self.assertAlmostEqual(found["y", "ST", factor, None]["estimate"], TOTAL[factor], delta=0.02)
            self.assertAlmostEqual(found["y", "S2", "x1", "x3"]["estimate"], TOTAL["x3"], delta=0.03)
            for (output, *_), entry in found.items():
                self.assertEqual(entry["conditional"], output == "holes")
                self.assertEqual(entry["rows"] < 2048, output == "holes")
                self.assertEqual(entry["confidence"], 0.95)
                if output == "still":
                    self.assertEqual([entry["low"], entry["estimate"], entry["high"]], [0, 0, 0])

    def test_the_default_intervals_hold_the_truth(self):
        # 150 designs: an index covered 95 % of the time is seen below 88 % once in 10,000 times, so
        # the narrower band is for the mean over all six.
        hits, repetitions = {}, 150
        for seed in range(repetitions):
            rows = self.sample("--method", "sobol", "--factors", 3, "--rows", 256, "--seed", seed)
            self.outputs({"y": [ishigami(row) for row in rows]})
            for (_, index, factor, _), entry in self.analyze("sobol").items():
                truth = (FIRST if index == "S1" else TOTAL)[factor]
                hits[index, factor] = hits.get((index, factor), 0) + (entry["low"] <= truth <= entry["high"])
        shares = {key: count / repetitions for key, count in hits.items()}
        print("coverage with 8 scrambles, 256 rows:", {"".join(k): round(100 * v, 1) for k, v in shares.items()})
        mean = sum(shares.values()) / len(shares)
        self.assertTrue(0.92 <= mean <= 0.98, shares)
        self.assertTrue(all(share >= 0.88 for share in shares.values()), shares)

    def test_parquet_is_the_same(self):
        rows = self.sample("--method", "sobol", "--factors", 2, "--rows", 32)
        self.outputs({"y": [a + 2 * b for a, b in rows]})
        self.run_it("sample", "--method", "sobol", "--factors", 2, "--rows", 32, "--out", "X.parquet")
        self.assertEqual(self.analyze("sobol"), self.analyze("sobol", inputs="X.parquet"))
        self.assertEqual(sorted(file.name for file in self.folder.iterdir()), ["X.csv", "X.parquet", "Y.csv"])

    def test_morris_over_bounds_and_without_a_header(self):
        (self.folder / "bounds.csv").write_text("-3.5,3.5\n0,10\n")
        for method in "morris", "morris_optimised", "morris_radial":
            rows = self.sample("--method", method, "--factors", 2, "--rows", 8, "--bounds", "bounds.csv")
            self.outputs({"y": [a + 0.01 * b for a, b in rows]})
            found = self.analyze("morris", "--bounds", "bounds.csv")
            for factor, slope in ("x1", 7), ("x2", 0.1):
                self.assertAlmostEqual(found["y", "mu_star", factor, None]["estimate"], slope)
                self.assertAlmostEqual(found["y", "sigma", factor, None]["estimate"], 0)
        bare = (self.folder / "X.csv").read_text().split("\n", 1)[1]
        (self.folder / "bare.csv").write_text(bare)
        self.assertEqual(found, self.analyze("morris", "--bounds", "bounds.csv", inputs="bare.csv"))

    def test_screening_and_regression(self):
        rows = self.sample("--method", "plackett_burman", "--factors", 12)
        self.assertEqual(len(rows), 32)
        self.outputs({"y": [x[0] + 2 * x[1] + 3 * x[2] + 4 * x[6] * x[11] for x in rows]})
        found = self.analyze("plackett_burman")
        for place in range(12):
            self.assertAlmostEqual(found["y", "effect", f"x{place + 1}", None]["estimate"],
                                   [1, 2, 3][place] if place < 3 else 0)
        rows = self.sample("--method", "one_at_a_time", "--factors", 2, "--rows", 3)
        self.outputs({"y": [5 + a - 2 * b for a, b in rows]})
        self.assertEqual(self.analyze("one_at_a_time")["y", "effect", "x2", None]["estimate"], -2)
        rows = self.sample("--method", "sobol_sequence", "--factors", 2, "--rows", 4096)
        self.outputs({"y": [10 + 3 * a + b for a, b in rows]})
        for method in "src", "prcc":
            found = self.analyze(method)
            if method == "src":
                self.assertAlmostEqual(found["y", "src", "x1", None]["estimate"] ** 2, 0.9, places=3)
            self.assertGreater(found["y", method, "x2", None]["low"], 0)

    def test_infinities_alone_are_failed_runs(self):
        # The engine takes such a column for dates, which may be infinite.
        self.sample("--method", "uniform", "--factors", 2, "--rows", 3)
        (self.folder / "Y.csv").write_text("y\n-inf\n-inf\n-inf\n")
        found = self.analyze("src")
        self.assertEqual((found["y", "src", "x1", None]["estimate"], found["y", "src", "x1", None]["rows"]), (None, 0))
        self.assertIn(("failed", "src", "x2", None), found)

    def test_shapley_effects_of_ishigami(self):
        rows = self.sample("--method", "shapley", "--factors", 3, "--rows", 4096)
        self.assertEqual(len(rows), 4096 * 4)
        self.outputs({"y": [ishigami(row) for row in rows]})
        found = self.analyze("shapley")
        for factor, truth in ("x1", 0.4357470231788853), ("x2", 0.4424111447900409), ("x3", 0.12184183203107385):
            entry = found["y", "shapley", factor, None]
            self.assertAlmostEqual(entry["estimate"], truth, delta=0.04)
            self.assertLess(entry["high"] - entry["low"], 0.15)
        self.assertAlmostEqual(sum(entry["estimate"] for entry in found.values()), 1)

    def test_groups_have_the_indices_of_their_factors_together(self):
        joint = TOTAL["x1"]  # x1 and x3 interact with each other alone
        for method, indices in ("sobol", ("S1", "ST")), ("shapley", ("shapley",)):
            rows = self.sample("--method", method, "--factors", 3, "--rows", 4096, "--groups", "pair=1,x3")
            self.assertEqual(len(rows), 4096 * (4 if method == "sobol" else 3))
            self.outputs({"y": [ishigami(row) for row in rows]})
            (self.folder / "groups.txt").write_text("pair = x1, x3\n2\n")
            found = self.analyze(method, "--groups", "groups.txt")
            self.assertEqual(len(found), 2 * len(indices))
            for index in indices:
                self.assertAlmostEqual(found["y", index, "pair", None]["estimate"], joint, delta=0.04)
                self.assertAlmostEqual(found["y", index, "x2", None]["estimate"], 1 - joint, delta=0.04)
            self.assertIn("other groups", self.run_it("analyze", "--method", "sobol", "X.csv", "Y.csv",
                                                      "--groups", "1,2", code=3))
        rows = self.sample("--method", "morris", "--factors", 3, "--rows", 4, "--groups", "1,3")
        self.outputs({"y": [3 * a + b for a, b, _ in rows]})
        found = self.analyze("morris", "--groups", "1,3")
        self.assertEqual({index for _, index, *_ in found}, {"mu_star"})
        self.assertAlmostEqual(found["y", "mu_star", "x1+x3", None]["estimate"], 3)
        for words, expected in (("1,4", '"4"'), ("1,x9", '"x9"'), ("1;1", "two groups")):
            self.assertIn(expected, self.run_it("sample", "--method", "sobol", "--factors", 3, "--rows", 8,
                                                "--groups", words, code=3))
        self.assertIn("knows no groups", self.run_it("analyze", "--method", "src", "X.csv", "Y.csv",
                                                     "--groups", "1,2", code=3))

    def test_what_runs_made_already_say(self):
        rows = self.sample("--method", "uniform", "--factors", 4, "--rows", 2000, "--seed", 3)
        self.outputs({"y": [ishigami(row) for row in rows]})
        found = self.analyze("rank_sobol")
        for factor in FIRST:
            entry = found["y", "S1", factor, None]
            self.assertTrue(entry["low"] <= FIRST[factor] <= entry["high"], entry)
        found = self.analyze("hsic", "--permutations", 199)
        for factor in FIRST:
            self.assertEqual(found["y", "p_value", factor, None]["estimate"], 1 / 200)
            self.assertAlmostEqual(found["y", "q_value", factor, None]["estimate"], 4 / 3 / 200)
        self.assertGreater(found["y", "p_value", "x4", None]["estimate"], 0.02)
        self.assertIsNone(found["y", "hsic", "x1", None]["low"])

    def test_failing_is_an_output_of_its_own(self):
        rows = self.sample("--method", "sobol", "--factors", 3, "--rows", 2048)
        fails = [x[2] > 0.95 for x in rows]
        self.outputs({"y": [None if f else a + b for f, (a, b, _) in zip(fails, rows)],
                      "z": [None if f else a for f, (a, *_) in zip(fails, rows)]})
        found = self.analyze("sobol")
        self.assertEqual({output for output, *_ in found}, {"y", "z", "failed"})
        self.assertAlmostEqual(found["failed", "S1", "x3", None]["estimate"], 1)
        self.assertEqual(found["failed", "ST", "x1", None]["high"], 0)
        self.assertEqual(found["failed", "ST", "x1", None]["rows"], 2048)
        self.assertFalse(found["failed", "ST", "x3", None]["conditional"])
        self.assertTrue(found["y", "ST", "x3", None]["conditional"])
        self.assertLess(found["y", "ST", "x3", None]["rows"], 2048)
        self.assertAlmostEqual(found["y", "ST", "x3", None]["estimate"], 0)
        self.assertIn("failing itself", self.run_it("analyze", "--method", "sobol", "X.csv", "Y.csv"))
        self.outputs({"y": [None if f else a + b for f, (a, b, _) in zip(fails, rows)],
                      "z": [None if a > 0.5 else a for a, *_ in rows], "w": [a for a, *_ in rows]})
        found = self.analyze("sobol")
        self.assertEqual({output for output, *_ in found}, {"y", "z", "w", "failed(y)", "failed(z)"})
        self.assertAlmostEqual(found["failed(z)", "S1", "x1", None]["estimate"], 1)

    def test_rows_that_are_no_power_of_two_one_factor_and_too_little(self):
        rows = self.sample("--method", "sobol", "--factors", 1, "--rows", 37, "--seed", 0)
        self.outputs({"y": [math.exp(x[0]) for x in rows]})
        self.assertAlmostEqual(self.analyze("sobol")["y", "S1", "x1", None]["estimate"], 1)
        rows = self.sample("--method", "sobol", "--factors", 2, "--rows", 1)
        self.outputs({"y": [a + b for a, b in rows]})
        self.assertIsNone(self.analyze("sobol")["y", "S1", "x1", None]["estimate"])
        self.assertIn("unknown", self.run_it("analyze", "--method", "sobol", "X.csv", "Y.csv"))

    def test_refusals_say_what_is_wrong(self):
        self.sample("--method", "sobol", "--factors", 3, "--rows", 7, "--second-order")
        (self.folder / "Y.csv").write_text("y\n" + "1\n" * 56)
        (self.folder / "text.csv").write_text("y\nlate\n")
        for words, expected in (
                (["sample", "--method", "sobl", "--factors", 3], 'did you mean "sobol"'),
                (["sample", "--method", "sobol", "--factors", 3], "--rows"),
                (["sample", "--method", "uniform", "--factors", 0, "--rows", 1], "expected a whole number"),
                (["sample", "--method", "sobol", "--factors", 10**6, "--rows", 10**9], "dimensions"),
                (["analyze", "--method", "sobol", "X.csv", "Y.csv"], "with --second-order"),
                (["analyze", "--method", "morris", "X.csv", "Y.csv"], "trajectory"),
                (["analyze", "--method", "sobol", "gone.csv", "Y.csv"], "there is no file gone.csv"),
                (["analyze", "--method", "src", "X.csv", "text.csv"], '"late"'),
                (["analyze", "--method", "src", "X.csv", "Y.csv", "--confidence", 2], "confidence")):
            self.assertIn(expected, self.run_it(*words, code=3))


if __name__ == "__main__":
    unittest.main()

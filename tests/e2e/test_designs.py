"""Designs that vary several faults at once, on pipelines whose indices are known by formula. A run that several
cases read, or that `analyze` reads again, is made once."""
import json
import math
import pathlib
import tempfile
import unittest

from harness import Run, faultline

PI = math.pi
ISHIGAMI = "select sin(x1.v) + 7 * pow(sin(x2.v), 2) + 0.1 * pow(x3.v, 4) * sin(x1.v) as y from x1, x2, x3"
S1 = {"x1": 0.31390519114781146, "x2": 0.4424111447900409, "x3": 0.0}
ST = {"x1": 0.5575888552099592, "x2": 0.4424111447900409, "x3": 0.2436836640621477}
S13 = 0.2436836640621477
SHAPLEY = {"x1": 0.4357470231788853, "x2": 0.4424111447900409, "x3": 0.12184183203107385}


def model(formula, variables, bounds, design, extra_nodes=None, extra_faults=(), tolerance=1.0, metric="sum(y)",
          owners=None):
    """A pipeline whose sources hold one number 0 each, shifted to `bounds`, and whose step is `formula`."""
    nodes = {name: {"source": {"sql": "select cast(0.0 as double) as v"},
                    "owner": (owners or {}).get(name, "owner of " + name)} for name in variables}
    nodes.update(extra_nodes or {})
    nodes["y"] = {"sql": formula}
    pipeline = {"faultline": "pipeline/1", "name": "formula", "nodes": nodes, "outputs": ["y"]}
    faults = [{"id": name, "node": name, "plugin": "shift", "params": {"columns": ["v"]},
               "severity": {"param": "delta", "from": bounds[0], "to": bounds[1]}} for name in variables]
    # Guards are looked for elsewhere: trials that are run again for profiles take as long as all of these.
    scenario = {"faultline": "scenario/1", "title": "a formula", "pipeline": "pipeline.json", "seed": 5, "profile": 0,
                "perturbations": faults + list(extra_faults),
                "metrics": [{"id": "y", "output": "y", "sql": metric, "tolerance": {"absolute": tolerance}}],
                "design": design}
    return pipeline, scenario


def run(documents, *options, out=None):
    with tempfile.TemporaryDirectory(prefix="faultline-designs-") as folder:
        for name, document in zip(("pipeline.json", "scenario.json"), documents):
            (pathlib.Path(folder) / name).write_text(json.dumps(document))
        return Run(pathlib.Path(folder) / "scenario.json", *options, out=out)


class DesignTest(unittest.TestCase):
    home, kept = None, {}

    def completed(self, documents, *options, out=None):
        done = run(documents, *options, out=out)
        self.assertIsNotNone(done.result, done.stderr)
        self.assertEqual(done.result["status"], "completed")
        return done

    def once(self, name, documents):
        """The run of these documents, with its folder, made for the first case that asks for it by this name."""
        if name not in DesignTest.kept:
            DesignTest.kept[name] = self.completed(documents, out=DesignTest.home / name)
        return DesignTest.kept[name]

    def ishigami(self):
        return self.once("ishigami", model(ISHIGAMI, S1, (-PI, PI), {"method": "sobol", "rows": 256, "second_order": True}))

    def breaking(self):
        """The step fails where a exceeds 0.9: whether it does is a matter of a alone."""
        formula = "select case when a.v > 0.9 then error('too much') else a.v + b.v end as y from a, b"
        return self.once("breaking", model(formula, "ab", (0, 1), {"method": "sobol", "rows": 128}))

    def index(self, done, **wanted):
        rows = done.attribution(**wanted)
        self.assertEqual(len(rows), 1, wanted)
        return rows[0]

    def assert_holds(self, row, truth, within):
        """The estimate is close, and the truth no further from its interval than the interval is wide."""
        self.assertAlmostEqual(row["estimate"], truth, delta=within, msg=row)
        slack = row["high"] - row["low"]
        self.assertLessEqual(row["low"] - slack, truth, row)
        self.assertGreaterEqual(row["high"] + slack, truth, row)


class Ishigami(DesignTest):
    def test_sobol(self):
        done = self.ishigami()
        self.assertEqual(done.result["trials"]["total"], 256 * 8)
        for name in S1:
            self.assert_holds(self.index(done, metric="y", perturbation=name, index="S1"), S1[name], 0.12)
            self.assert_holds(self.index(done, metric="y", perturbation=name, index="ST"), ST[name], 0.12)
        pair = self.index(done, metric="y", perturbation="x1", index="S2", **{"with": "x3"})
        self.assert_holds(pair, S13, 0.2)
        self.assertEqual(done.result["ranking"][0]["node"], "x2")  # the furthest on average

    def test_workers_make_no_difference(self):
        documents = model(ISHIGAMI, S1, (-PI, PI), {"method": "sobol", "rows": 32})
        self.assertEqual(self.completed(documents, "--jobs", "1").bytes,
                         self.completed(documents, "--jobs", "4").bytes)

    def test_shapley(self):
        done = self.completed(model(ISHIGAMI, S1, (-PI, PI), {"method": "shapley", "rows": 512}))
        rows = {name: self.index(done, perturbation=name, index="shapley") for name in S1}
        for name in S1:
            self.assert_holds(rows[name], SHAPLEY[name], 0.12)
        self.assertAlmostEqual(sum(row["estimate"] for row in rows.values()), 1, places=9)

    def test_groups_are_one_factor(self):
        done = self.completed(model(ISHIGAMI, S1, (-PI, PI),
                                    {"method": "sobol", "rows": 128, "groups": [["x1", "x3"]]}))
        group = self.index(done, group="x1 + x3", index="S1")
        self.assert_holds(group, 1 - S1["x2"], 0.12)
        self.assertIsNone(group["perturbation"])
        self.assertEqual(group["node"], "x1, x3")
        by_owner = self.completed(model(ISHIGAMI, S1, (-PI, PI),
                                        {"method": "shapley", "rows": 8, "groups": "owner"},
                                        owners={"x1": "us", "x2": "them", "x3": "us"}))
        self.assertEqual(by_owner.result["trials"]["total"], 8 * 3)
        self.assertEqual(self.index(by_owner, group="us", index="shapley")["node"], "x1, x3")

    def test_every_level_comes_from_one_run(self):
        done = self.completed(model(ISHIGAMI, S1, (-PI, PI),
                                    {"method": "sobol", "rows": 128, "groups": "every_level"},
                                    owners={"x1": "us", "x2": "them", "x3": "us"}))
        self.assertEqual(done.result["trials"]["total"], 128 * (3 + 1 + 2))
        for name in S1:
            self.assert_holds(self.index(done, perturbation=name, index="ST"), ST[name], 0.2)
        ours = self.index(done, group="us", index="ST")
        self.assert_holds(ours, 1 - S1["x2"], 0.2)
        self.assertEqual((ours["node"], ours["perturbation"]), ("x1, x3", None))
        self.assertEqual(len(done.result["ranking"]), 3)

    def test_stopping(self):
        wide, narrow = (self.completed(model(ISHIGAMI, S1, (-PI, PI), {
            "method": "sobol", "rows": 32, "stop": {"width": width}, "budget": 750})) for width in (3, 0.3))
        self.assertEqual(wide.result["trials"]["total"], 32 * 5)
        total = narrow.result["trials"]["total"]
        self.assertGreater(total, 32 * 5)
        self.assertLessEqual(total, 750)
        rows = [row for row in narrow.result["attribution"] if row["index"] in ("S1", "ST")]
        widest = max(row["high"] - row["low"] for row in rows)
        reached = any("narrow enough" in line for line in narrow.result["explanation"])
        self.assertEqual(widest <= 0.3, reached, narrow.result["explanation"])
        self.assertGreater(rows[0]["confidence"], 0.95, "looking twice costs confidence")

    def test_nothing_reaches_a_metric_for_no_run(self):
        aside = {"aside": {"source": {"sql": "select 1.0::double as v"}}, "shelf": {"sql": "select * from aside"}}
        extra = [{"id": "aside", "node": "aside", "plugin": "shift", "params": {"columns": ["v"], "delta": 1}}]
        done = self.completed(model(ISHIGAMI, S1, (-PI, PI), {"method": "sobol", "rows": 8}, aside, extra))
        self.assertEqual(done.result["trials"]["total"], 8 * 5)
        for index in ("S1", "ST"):
            row = self.index(done, perturbation="aside", index=index)
            self.assertEqual((row["estimate"], row["low"], row["high"]), (0, 0, 0))
        self.assertEqual(done.ranked("aside")["damage"], 0)


class Others(DesignTest):
    def test_morris_on_a_plane(self):
        done = self.completed(model("select 7 * a.v + 0.1 * b.v as y from a, b", ["a", "b"], (0, 1),
                                    {"method": "morris", "rows": 8}))
        for name, slope in (("a", 7), ("b", 0.1)):
            self.assertAlmostEqual(self.index(done, perturbation=name, index="mu_star")["estimate"], slope, places=9)
            self.assertAlmostEqual(self.index(done, perturbation=name, index="sigma")["estimate"], 0, places=9)

    def test_two_level_effects(self):
        names = [f"x{i}" for i in range(1, 13)]
        formula = ("select x1.v + 2 * x2.v + 3 * x3.v + 4 * x7.v * x12.v as y from " + ", ".join(names))
        done = self.completed(model(formula, names, (-1, 1), {"method": "plackett_burman"}))
        for i, name in enumerate(names, 1):
            # From severity 0 to 1 is from -1 to 1: twice the coefficient.
            self.assertAlmostEqual(self.index(done, perturbation=name, index="effect")["estimate"],
                                   {1: 2, 2: 4, 3: 6}.get(i, 0), places=9)

    def test_two_levels_of_what_does_little_hold(self):
        formula = "select 0.01 * a.v + 0.02 * b.v as y from a, b"
        done = self.completed(model(formula, "ab", (0, 1), {"method": "plackett_burman"}))
        self.assertEqual(done.result["verdict"], "held", done.result["reasons"])

    def test_interactions_of_all_combinations(self):
        done = self.completed(model("select a.v + 5 * a.v * b.v as y from a, b", ["a", "b"], (0, 1),
                                    {"method": "full_factorial"}))
        self.assertEqual(done.result["trials"]["total"], 4)
        pair = self.index(done, index="interaction", perturbation="a", **{"with": "b"})
        self.assertAlmostEqual(pair["estimate"], 5, places=9)
        self.assertAlmostEqual(self.index(done, index="effect", perturbation="a")["estimate"], 3.5, places=9)

    def test_factors_that_survivors_cannot_tell_apart_are_unknown(self):
        # Where a and b are both on the metric has no value, so half of what tells them apart is gone.
        formula = ("select case when a.v + b.v + c.v > 1.5 then null else a.v + c.v end as y from a, b, c")
        done = self.completed(model(formula, "abc", (0, 1), {"method": "full_factorial"}))
        rows = done.attribution(index="effect", metric="y")
        self.assertEqual(len(rows), 3)
        for row in rows:
            self.assertEqual((row["conditional"], row["estimate"], row["low"], row["high"]), (True, None, None, None))

    def test_dose_response(self):
        done = self.completed(model("select a.v as y from a", ["a"], (0, 4), {"method": "dose_response"}))
        # Eight doses for the curve; bisection adds those around the dose that leaves the tolerance.
        effects = {row["severity"]: row["estimate"] for row in done.attribution(index="effect")}
        self.assertGreaterEqual(len(effects), 8)
        self.assertLessEqual({0.05, 0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0}, set(effects))
        for severity, effect in effects.items():
            self.assertAlmostEqual(effect, 4 * severity, places=12)

    def test_crashes_are_answered_in_two_parts(self):
        done = self.breaking()
        self.assertGreater(done.result["trials"]["crashed"], 0)
        crash = {name: self.index(done, metric=None, perturbation=name, index="ST") for name in "ab"}
        self.assertAlmostEqual(crash["a"]["estimate"], 1, delta=0.15)
        self.assertEqual(crash["b"]["estimate"], 0)
        self.assertEqual(crash["a"]["unit"], "share of variance of crashing")
        for name in "ab":
            row = self.index(done, metric="y", perturbation=name, index="S1")
            self.assertTrue(row["conditional"])
            self.assertIsNotNone(row["estimate"])
        self.assertEqual(done.result["verdict"], "deviated")


class ManyFaults(DesignTest):
    @staticmethod
    def gathered(names, formula):
        """`formula` over a number a node, by name, and the steps that gather four nodes each. A time-out of
        their own keeps those steps apart: one statement of all would be planned for seconds."""
        steps = {}
        for first in range(0, len(names), 4):
            some = names[first:first + 4]
            union = " union all ".join(f"select '{name}' as name, v from {name}" for name in some)
            picked = ", ".join(f"max(v) filter (name = '{name}') as {name}" for name in some)
            steps[f"four{first}"] = {"sql": f"select {picked} from ({union})", "timeout": "60s"}
        return f"select {formula} as y from " + " cross join ".join(steps), steps

    def test_bifurcation_finds_the_few_among_120(self):
        # Two faults act by themselves, two of them also together, one breaks the step.
        names = [f"f{i}" for i in range(120)]
        formula, steps = self.gathered(names, "case when f70 > 0.5 then error('f70') else 3 * f7 - 2 * f100 "
                                              "+ 4 * (f30 - 0.5) * (f99 - 0.5) end")
        documents = model(formula, names, (0, 1), {"method": "sequential_bifurcation"}, steps)
        done = self.completed(documents, "--jobs", "2")
        self.assertLess(done.result["trials"]["total"], 60)
        for name, effect in ("f7", 3), ("f100", -2), ("f30", 0), ("f0", 0):
            row = self.index(done, metric="y", perturbation=name, index="effect")
            self.assertAlmostEqual(row["estimate"], effect, places=9)
            self.assertLessEqual(row["high"] - row["low"], 1e-9)
        self.assertIsNone(self.index(done, metric="y", perturbation="f70", index="effect")["estimate"])
        crash = self.index(done, metric=None, perturbation="f70", index="effect")
        self.assertEqual((crash["estimate"], crash["unit"]), (1, "share of trials"))
        self.assertEqual({row["node"] for row in done.result["ranking"][:3]}, {"f7", "f100", "f70"})
        told = " ".join(done.result["explanation"])
        self.assertIn("2 of 120 factors matter", told)
        self.assertIn("kept off afterwards: f70", told)
        self.assertIn("act together", told)
        self.assertEqual(done.result["verdict"], "deviated")

    def test_bifurcation_of_faults_that_do_nothing_holds(self):
        names = [f"f{i}" for i in range(30)]
        formula, steps = self.gathered(names, " + ".join(f"0.0001 * {name}" for name in names))
        done = self.completed(model(formula, names, (0, 1), {"method": "sequential_bifurcation"}, steps))
        self.assertEqual(done.result["trials"]["total"], 2)
        self.assertEqual(done.result["verdict"], "held", done.result["reasons"])


class RunsAlreadyMade(DesignTest):
    """faultline analyze over the folder of a run, for no further trial."""

    def analyse(self, done, *methods):
        """By method: its indices, or the finished process where it refuses."""
        before, found = sorted(done.out.iterdir()), []
        for method in methods:
            process = faultline("analyze", "--method", method, done.out, "--json")
            self.assertEqual(sorted(done.out.iterdir()), before)
            found.append(process if process.returncode else
                         {(e["output"], e["index"], e["factor"]): e for e in json.loads(process.stdout)})
        return found

    def test_shares_and_dependence_from_a_sobol_run(self):
        ranks, hsic = self.analyse(self.ishigami(), "rank_sobol", "hsic")
        for name, truth in S1.items():
            row = ranks["y", "S1", name]
            self.assertEqual(row["rows"], 512)
            self.assert_holds(row, truth, 0.2)
        # x3 has no share of its own, yet y hangs on it: through x1.
        for name in ("x1", "x3"):
            self.assertLessEqual(hsic["y", "p_value", name]["estimate"], 0.01)
        plane = model("select 10 + 3 * a.v + b.v as y from a, b", "ab", (0, 1), {"method": "shapley", "rows": 64})
        (src,) = self.analyse(self.once("plane", plane), "src")
        self.assert_holds(src["y", "src", "a"], math.sqrt(0.9), 0.06)

    def test_failed_trials_are_an_output_of_their_own(self):
        (found,) = self.analyse(self.breaking(), "prcc")
        self.assertTrue(found["y", "prcc", "a"]["conditional"])
        self.assertGreater(found["failed", "prcc", "a"]["low"], 0.3)

    def test_what_cannot_be_had_is_refused(self):
        plane = "select a.v + b.v as y from a, b"
        (alone,) = self.analyse(self.once("alone", model(plane, "ab", (0, 1), {"method": "one_at_a_time"})), "hsic")
        self.assertEqual(alone.returncode, 3)
        self.assertIn("expected a run of sobol or shapley", alone.stderr)
        levels, own = self.analyse(self.once("levels", model(plane, "ab", (0, 1), {"method": "full_factorial"})),
                                   "rank_sobol", "sobol")
        self.assertEqual(levels.returncode, 3)
        self.assertIn("src, prcc and hsic take those", levels.stderr)
        self.assertEqual(own.returncode, 3)
        self.assertIn("result.json", own.stderr)


class Automatic(DesignTest):
    def test_nothing_stated_is_cheap_and_exact_and_sees_company(self):
        pipeline, scenario = model("select 3 * a.v + 4 * b.v * c.v as y from a, b, c", "abc", (0, 1), None)
        del scenario["design"], scenario["profile"]
        done = self.completed((pipeline, scenario))
        # Each alone, all and all but one, pairs; then doses of a alone, since the others do no harm alone.
        doses = [row for row in done.result["doses"] if row["harmful"]["severity"] is not None]
        self.assertEqual([row["perturbation"] for row in doses], ["a"])
        self.assertLessEqual(doses[0]["harmful"]["low"], 1 / 3)
        self.assertGreater(doses[0]["harmful"]["high"], 1 / 3)
        self.assertLessEqual(doses[0]["harmful"]["high"], 1.11 * doses[0]["harmful"]["low"])
        self.assertEqual(done.result["trials"]["total"], 3 + 4 + 3 + len(doses[0]["curve"]) - 1)
        self.assertLess(done.result["trials"]["total"], 20)
        for name, effect in ("a", 3), ("b", 0), ("c", 0):
            row = self.index(done, index="effect", perturbation=name, severity=1)
            self.assertEqual((row["estimate"], row["low"], row["high"]), (effect, effect, effect))
        self.assertEqual([(row["perturbation"], row["with"]) for row in done.result["interactions"]], [("b", "c")])
        self.assertFalse(done.attribution(index="S1"))
        self.assertIn("3 of 3 factors matter", " ".join(done.result["explanation"]))
        # Severities that are stated are tried, each alone.
        levels = self.completed((pipeline, {**scenario, "design": {"levels": [0.5, 1]}}))
        self.assertEqual(levels.result["trials"]["total"], 6)

    def test_it_finds_what_matters_alone_and_in_company(self):
        # a alone; b and c only together; d hardly; e breaks the step; f reaches nothing.
        formula = ("select case when e.v > 0.5 then error('e') else 3 * a.v + 4 * b.v * c.v + 0.001 * d.v end as y "
                   "from a, b, c, d, e")
        extra = {"f": {"source": {"sql": "select 0.0::double as v"}}}
        faults = [{"id": "f", "node": "f", "plugin": "shift", "params": {"columns": ["v"], "delta": 1}}]
        documents = model(formula, "abcde", (0, 1), {"method": "auto", "budget": 1100}, extra, faults)
        done = self.completed(documents, "--jobs", "2")
        self.assertLessEqual(done.result["trials"]["total"], 1100)
        self.assertEqual({row["perturbation"] for row in done.attribution(index="S1") if row["estimate"] != 0},
                         {"a", "b", "c"})
        self.assertEqual(len(done.attribution(index="S2", metric="y")), 3)
        pair = self.index(done, index="interaction", perturbation="b", severity=1, **{"with": "c"})
        self.assertEqual((pair["estimate"], pair["low"], pair["high"]), (4, 4, 4))
        self.assertEqual(self.index(done, index="interaction", perturbation="a", severity=1,
                                    **{"with": "b"})["estimate"], 0)
        self.assertEqual([(row["perturbation"], row["with"]) for row in done.result["interactions"]], [("b", "c")])
        told = " ".join(done.result["explanation"])
        self.assertIn("the pipeline breaks on them: e", told)
        self.assertIn("alone or in company: d", told)
        # Each alone is still there, as a person expects it.
        self.assertEqual(self.index(done, index="effect", perturbation="a", severity=1)["estimate"], 3)
        self.assertEqual(done.bytes, self.completed(documents, "--jobs", "1").bytes)


def setUpModule():
    folder = tempfile.TemporaryDirectory(prefix="faultline-designs-")
    unittest.addModuleCleanup(folder.cleanup)
    DesignTest.home = pathlib.Path(folder.name)


if __name__ == "__main__":
    unittest.main()

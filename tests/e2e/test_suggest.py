"""`faultline suggest`: from a pipeline to a first ranking with two commands and no authoring."""
import json
import pathlib
import shutil
import tempfile
import unittest

from harness import REAL_DATA, ROOT, SCENARIOS, document as plain, faultline

STORE_SALES = ROOT / "scenarios" / "store_sales" / "pipeline.json"
# Exit codes of a run that came to its end.
HONEST = (0, 1, 2)


class Suggested(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="faultline-suggest-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write_pipeline(self, nodes, outputs, **more):
        file = self.folder / "pipeline.json"
        file.write_text(json.dumps({"faultline": "pipeline/1", "name": "case", "nodes": nodes,
                                    "outputs": outputs, **more}))
        return file

    def suggest(self, pipeline, *options):
        """Suggests into the folder; the document, parsed, and its text."""
        done = faultline("suggest", pipeline, *options, cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        (self.folder / "scenario.json").write_text(done.stdout)
        return plain(done.stdout), done.stdout

    def two_commands(self, pipeline, quick=False, **fewer):
        """suggest > scenario.json && run: a ranking, and every fault was applied. Where the pipeline is large the
        run is `quick`: one replicate of each fault, and no more of the scenario's keys than are stated."""
        document, text = self.suggest(pipeline)
        checked = faultline("validate", "scenario.json", cwd=self.folder)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        if quick:
            less = {**document, "design": {**document["design"], "replicates": 1}, **fewer}
            (self.folder / "scenario.json").write_text(json.dumps(less))
        done = faultline("run", "scenario.json", "--out", "out", "--quiet", cwd=self.folder)
        self.assertIn(done.returncode, HONEST, done.stderr)
        result = json.loads((self.folder / "out" / "result.json").read_text())
        self.assertEqual(result["status"], "completed")
        missed = [p["id"] for p in result["perturbations"] if p["outcomes"].get("not_applied")]
        self.assertEqual(missed, [])
        self.assertEqual(result["trials"]["not_applied"], 0)
        fired = [c["id"] for c in result["checks"] if c["fired_in_base"]]
        self.assertEqual(fired, [], "a check that fires today is no starter")
        return document, text, result


PROCESS = {"partial_output", "stale_output", "no_output", "slow", "fail"}


def plugins_on(document, node):
    return {p["plugin"] for p in document["perturbations"] if p["node"] == node}


class Pipelines(Suggested):
    def test_store_sales(self):
        document, text, result = self.two_commands(STORE_SALES, quick=True, profile=0)
        self.assertTrue(result["ranking"])
        feeds = {"orders", "order_lines", "products", "unit_costs", "fx_rates", "stores"}
        nodes = {p["node"] for p in document["perturbations"]}
        self.assertLessEqual(feeds, nodes)
        # Of steps, those that others read; and of them what goes wrong with a process.
        for node in nodes - feeds:
            self.assertLessEqual(plugins_on(document, node), PROCESS)
        by_id = {p["id"]: p for p in document["perturbations"]}
        # Exactly one of 60 days: floor(fraction * 60 + 1/2) is 1.
        latest = by_id["orders_latest_missing"]["params"]
        self.assertEqual(int(latest["fraction"] * 60 + 0.5), 1)
        self.assertEqual(latest["sampling"], "latest")
        self.assertIn("sku_as_number", " ".join(by_id), "SKUs that begin with a zero are what breaks this pipeline")
        self.assertEqual(by_id["order_lines_order_id_orphans"]["plugin"], "orphan_keys")
        # A tenth of the column's own spread: 400 costs with a standard deviation of 17.3.
        self.assertEqual(by_id["unit_costs_unit_cost_noise"]["params"]["std"], 1.7)
        # The pipeline hands prices on, and no output is made of them: it breaks without the column alone.
        self.assertEqual({i for i in by_id if "list_price" in i}, {"products_list_price_renamed"})
        known = [c for c in document["checks"] if c["expect"] == "relationships"]
        self.assertIn(("order_lines", "orders"), {(c["node"], c["to"]) for c in known})
        self.assertEqual({m["output"] for m in document["metrics"]},
                         {"revenue_by_territory", "margin_by_category", "demand_forecast"})
        # A reason stands above every fault.
        lines = text.splitlines()
        for at, line in enumerate(lines):
            if line.lstrip().startswith('{"id"') and '"plugin"' in line:
                self.assertTrue(lines[at - 1].lstrip().startswith("// "), line)

    def test_jaffle_shop(self):
        if not REAL_DATA.is_dir():
            self.skipTest("the data is not there")
        document, _, _ = self.two_commands(SCENARIOS / "jaffle_shop" / "pipeline.json", quick=True)
        orphans = {p["params"]["columns"][0] for p in document["perturbations"] if p["plugin"] == "orphan_keys"}
        self.assertIn("order_id", orphans)

    def test_adventureworks(self):
        if not REAL_DATA.is_dir():
            self.skipTest("the data is not there")
        document, _, _ = self.two_commands(SCENARIOS / "adventureworks" / "pipeline.json", quick=True, profile=0)
        self.assertIn("missing_batches", plugins_on(document, "salesorderheader"))
        self.assertGreaterEqual(len({p["node"] for p in document["perturbations"]}), 12)
        # 41 lines have no order: a check that fires already is not suggested.
        known = {(c["node"], c["to"]) for c in document["checks"] if c["expect"] == "relationships"}
        self.assertNotIn(("salesorderdetail", "salesorderheader"), known)
        self.assertIn(("address", "stateprovince"), known)


class Sources(Suggested):
    def test_csv_json_and_parquet(self):
        (self.folder / "people.csv").write_text(
            "person_id,name,country,joined\n" +
            "".join(f"{i},Name {i},{'DE' if i % 3 else 'FR'},2024-01-{1 + i % 28:02}\n" for i in range(60)))
        (self.folder / "visits.json").write_text(
            "\n".join(json.dumps({"visit_id": i, "person_id": i % 60, "minutes": 5 + i % 17, "at": f"2024-02-{1 + i % 20:02} 10:00:00"})
                      for i in range(200)))
        nodes = {"people": {"source": {"path": "people.csv"}, "key": ["person_id"]},
                 "visits": {"source": {"path": "visits.json"}, "key": ["visit_id"]},
                 "by_country": {"sql": "select country, sum(minutes) as minutes from visits join people using (person_id) group by 1"}}
        document, text, _ = self.two_commands(self.write_pipeline(nodes, ["by_country"]))
        self.assertEqual({p["node"] for p in document["perturbations"]}, {"people", "visits"})
        self.assertIn("file_truncated", plugins_on(document, "people"))
        # Of faults alike a source gets so many: what empties a file comes before what loses its header.
        self.assertIn("empty_file", plugins_on(document, "people"))
        self.assertIn("file_truncated", plugins_on(document, "visits"))
        self.assertIn("orphan_keys", plugins_on(document, "visits"))
        self.assertIn("time_window_gone", plugins_on(document, "visits"))
        minutes, = [m for m in document["metrics"] if m["sql"].startswith("sum")]
        self.assertEqual(minutes["by"], ["country"])
        self.assertIn('"batch": "joined" in the pipeline', text)

    def test_faults_of_what_nothing_depends_on_are_left_out(self):
        nodes = {"readings": {"source": {"sql": "select i as reading_id, i % 97 / 3.0 as idle, i % 89 / 7.0 as carried, "
                                                "i % 83 / 9.0 as heat, timestamp '2024-01-01' + interval 1 hour * i as at "
                                                "from range(500) t(i)"}, "key": ["reading_id"]},
                 "warm": {"sql": "select reading_id, carried, heat from readings where heat > 2"},
                 "total": {"sql": "select sum(heat) as heat from warm"}}
        document, text, result = self.two_commands(self.write_pipeline(nodes, ["total"]))
        hit = {c for p in document["perturbations"] if p["node"] == "readings" and p["plugin"] in ("noise", "nulls", "outlier")
               for c in p["params"]["columns"]}
        self.assertEqual(hit, {"heat"})
        self.assertIn("depends on at, carried, idle: of faults", text)
        # A fault that takes rows away is seen whatever column tells them apart.
        self.assertIn("time_window_gone", plugins_on(document, "readings"))
        planned = faultline("plan", "scenario.json", cwd=self.folder)
        self.assertNotIn("nothing can see", planned.stdout)

    def test_no_key_and_no_number(self):
        nodes = {"words": {"source": {"sql": "select case when i % 2 = 0 then 'ja' else 'nein' end as answer, "
                                             "'text ' || cast(i as varchar) as note from range(40) t(i)"}},
                 "answers": {"sql": "select answer, count(*) as n from words group by 1"}}
        document, _, _ = self.two_commands(self.write_pipeline(nodes, ["answers"]))
        self.assertIn("category", plugins_on(document, "words"))
        self.assertFalse(plugins_on(document, "words") & {"noise", "scale", "outlier", "zeros"})
        self.assertFalse([c for c in document["checks"] if c["expect"] == "unique"])

    def test_a_source_without_rows(self):
        nodes = {"orders": {"source": {"sql": "select 1 as order_id, 2.5 as amount, 'x' as kind where false"}, "key": ["order_id"]},
                 "total": {"sql": "select sum(amount) as amount from orders"}}
        document, text, result = self.two_commands(self.write_pipeline(nodes, ["total"]))
        self.assertIn("orders: 0 rows", text)
        self.assertLessEqual(plugins_on(document, "orders"), {"schema_drift", "extra_column"})
        self.assertTrue(result["perturbations"])

    def test_one_row_of_nulls(self):
        nodes = {"odd": {"source": {"sql": "select cast(null as integer) as a, cast(null as varchar) as b"}},
                 "out": {"sql": "select * from odd"}}
        self.two_commands(self.write_pipeline(nodes, ["out"]))

    def test_names_that_need_quotes(self):
        nodes = {"raw \"data\"": {"source": {"sql": "select i as \"order\", i * 1.5 as \"Grösse (m²)\", "
                                                    "case when i % 4 = 0 then 'it''s' else 'a\nb' end as \"weird \"\"one\"\" // */\" "
                                                    "from range(50) t(i)"}, "key": ["order"]},
                 "select": {"sql": "select \"weird \"\"one\"\" // */\" as \"by\", sum(\"Grösse (m²)\") as \"sum\" from \"raw \"\"data\"\"\" group by 1"}}
        document, text, _ = self.two_commands(self.write_pipeline(nodes, ["select"]))
        columns = {c for p in document["perturbations"] for c in p["params"].get("columns", [])}
        self.assertIn("Grösse (m²)", columns)
        self.assertIn("weird \"one\" // */", columns)

    def test_two_hundred_columns(self):
        many = ", ".join(f"i * {n} + i % {n + 2} as c{n}" for n in range(200))
        nodes = {"wide": {"source": {"sql": f"select {many} from range(100) t(i)"}},
                 "out": {"sql": "select sum(c7) as seven, sum(c199) as last from wide"}}
        document, text, _ = self.two_commands(self.write_pipeline(nodes, ["out"]), quick=True)
        self.assertRegex(text, r"wide: 100 rows, 200 columns")
        self.assertRegex(text, r"50 columns were looked at.*other 150 were not")
        # What the pipeline mentions is looked at wherever it stands.
        columns = {c for p in document["perturbations"] for c in p["params"].get("columns", [])}
        self.assertLessEqual({"c7", "c199"}, columns)
        self.assertLess(len(document["perturbations"]), 20)

    def test_types_that_few_plugins_take(self):
        nodes = {"odd": {"source": {"sql": "select [i, i + 1] as list, {'a': i} as object, true as flag, "
                                           "interval 1 day * i as span, time '10:00:00' as clock, "
                                           "cast('ab' as blob) as bytes, uuid() as id, cast(i as hugeint) as big, "
                                           "case when i = 3 then 'nan'::double else 1e300 * i end as huge from range(20) t(i)"}},
                 "out": {"sql": "select count(*) as n, max(big) as big from odd"}}
        nodes["odd"]["source"]["sql"] = nodes["odd"]["source"]["sql"].replace("uuid()", "md5(cast(i as varchar))")
        self.two_commands(self.write_pipeline(nodes, ["out"]))

    def test_metrics_around_zero_have_an_amount_as_well(self):
        nodes = {"moves": {"source": {"sql": "select i as move_id, (i % 7) - 3 as delta, 'k' || cast(i % 2 as varchar) as kind from range(70) t(i)"}, "key": ["move_id"]},
                 "net": {"sql": "select kind, sum(delta) as net from moves group by 1"}}
        document, _, _ = self.two_commands(self.write_pipeline(nodes, ["net"]))
        net, = [m for m in document["metrics"] if m["id"] == "net_net"]
        self.assertGreater(net["tolerance"]["absolute"], 0)


class Options(Suggested):
    def small(self):
        return self.write_pipeline({"a": {"source": {"sql": "select i as n from range(5) t(i)"}},
                                    "b": {"sql": "select * from a"}}, ["b"])

    def test_the_same_text_every_time(self):
        pipeline = self.small()
        _, first = self.suggest(pipeline)
        _, again = self.suggest(pipeline)
        self.assertEqual(first, again)
        other, _ = self.suggest(pipeline, "--seed", 18446744073709551615)
        self.assertEqual(other["seed"], 18446744073709551615)
        self.assertEqual(other["perturbations"], plain(first)["perturbations"])

    def test_out_is_relative_to_the_file(self):
        self.small()
        deep = self.folder / "x" / "y"
        deep.mkdir(parents=True)
        done = faultline("suggest", "pipeline.json", "--out", "x/y/s.json", cwd=self.folder)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertEqual(plain((deep / "s.json").read_text())["pipeline"], "../../pipeline.json")
        self.assertEqual(faultline("validate", deep / "s.json").returncode, 0)
        # What somebody may have edited is not written over.
        (deep / "s.json").write_text("mine")
        done = faultline("suggest", "pipeline.json", "--out", "x/y/s.json", cwd=self.folder)
        self.assertEqual(done.returncode, 3)
        self.assertIn("there already", done.stderr)
        self.assertEqual((deep / "s.json").read_text(), "mine")

    def test_a_scenario_stands_for_its_pipeline(self):
        self.suggest(self.small())
        done = faultline("suggest", "scenario.json", cwd=self.folder)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(plain(done.stdout)["pipeline"], "pipeline.json")

    def test_a_broken_pipeline_is_refused(self):
        good = {"a": {"source": {"sql": "select i as n from range(5) t(i)"}}, "b": {"sql": "select n from a"}}
        for name, nodes, says in [
                ("a column that is not there", {**good, "b": {"sql": "select gone from a"}}, "/nodes/b/sql"),
                ("a file that is not there", {**good, "a": {"source": {"path": "gone.csv"}}}, "/nodes/a/source"),
                ("a step that fails on its rows", {**good, "b": {"sql": "select cast('x' || cast(n as varchar) as integer) as m from a"}}, "/nodes/b/sql"),
                ("a cycle", {**good, "b": {"sql": "select * from c"}, "c": {"sql": "select * from b"}}, "/nodes")]:
            with self.subTest(name):
                out = self.folder / "out.json"
                done = faultline("suggest", self.write_pipeline(nodes, ["b"]), "--out", out)
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn(says, done.stderr)
                self.assertFalse(out.exists())
        done = faultline("suggest", self.folder / "nowhere.json")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(faultline("suggest").returncode, 3)
        self.assertEqual(faultline("suggest", STORE_SALES, "--seed", "-1").returncode, 3)


if __name__ == "__main__":
    unittest.main()

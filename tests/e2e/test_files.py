"""Damaged files: what becomes of a source of three CSV files, read by a reader that knows them and by one that
guesses, and what is said about it. Standard library only."""
import json
import pathlib
import tempfile
import unittest

from harness import Run, faultline

FILES, ROWS = 3, 40


def write_data(folder):
    data = folder / "data"
    data.mkdir()
    for number in range(FILES):
        lines = ["id,day,shop,amount"]
        for row in range(ROWS):
            lines.append(f"{number * ROWS + row},2024-03-{number * 8 + row % 8 + 1:02},"
                         f"{('Zürich', 'Oslo', 'Rome')[row % 3]},{row % 10}.50")
        (data / f"orders-{number}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (data / "one.json").write_text("".join(f'{{"shop": "{s}", "region": "{r}"}}\n' for s, r in
                                           (("Zürich", "alps"), ("Oslo", "north"), ("Rome", "south"))), encoding="utf-8")


def write_scenario(folder, reader, perturbations, nodes=None, design=None):
    (folder / "pipeline.json").write_text(json.dumps({
        "faultline": "pipeline/1", "name": "files", "nodes": nodes or {
            "orders": {"source": {"path": "data/orders-*.csv", "reader": reader}, "key": ["id"], "batch": "day"},
            "shops": {"source": {"path": "data/one.json", "reader": reader}, "key": ["shop"]},
            "sales": {"sql": "select region, sum(amount) as sales, count(*) as orders from orders join shops "
                             "using (shop) group by region"}},
        "outputs": ["sales"]}), encoding="utf-8")
    scenario = folder / "scenario.json"
    scenario.write_text(json.dumps({
        "faultline": "scenario/1", "title": "damaged files", "pipeline": "pipeline.json", "seed": 5,
        "perturbations": perturbations,
        "metrics": [{"id": "sales", "output": "sales", "sql": "sum(sales)", "tolerance": {"relative": 0.01}}],
        "checks": [{"id": "enough", "node": "orders", "sql": "select count(*) as n from {node} having n < 100"},
                   {"id": "amount_is_number", "node": "orders", "expect": "columns",
                    "contract": {"amount": "DOUBLE"}}],
        "design": design or {"method": "one_at_a_time", "replicates": 2}}), encoding="utf-8")
    return scenario


def fault(plugin, name=None, node="orders", **params):
    return {"id": name or plugin, "node": node, "plugin": plugin, "params": params}


FAULTS = [
    fault("missing_file", "one_gone", files="orders-1.csv"),
    fault("missing_file", "all_gone"),
    fault("missing_file", "only_one_gone", node="shops"),
    fault("empty_file", "one_empty", files="orders-2.csv", keep="header"),
    fault("file_truncated", "cut_after_a_line", at="line", lost=0.3, files="*-0.csv"),
    fault("csv_dialect", "semicolons", delimiter=";"),
    fault("csv_dialect", "mixed_ends", record_end="crlf", fraction=0.5),
    fault("csv_header", "header_lost", mode="lost"),
    fault("csv_header", "header_misspelt", mode="misspelt"),
    fault("csv_header", "header_doubled", mode="doubled", files="orders-0.csv"),
    fault("bom", "marked"),
    fault("mojibake", "decoded_wrongly"),
    fault("mojibake", "undecodable", side="sender"),
    fault("ragged_records", "ragged", fraction=0.2, exact=True),
    fault("json_poisoned", "wrong_type", node="shops", kind="wrong_type", fraction=1),
    fault("json_poisoned", "unclosed", node="shops", kind="unclosed", fraction=1),
    fault("preamble", "titled"),
]

# By perturbation: outcomes of the frozen reader, outcomes of the sniffing one.
EXPECTED = {
    "one_gone": (["detected"], ["detected"]),
    "all_gone": (["crashed"], ["crashed"]),
    "only_one_gone": (["crashed"], ["crashed"]),
    "one_empty": (["detected"], ["detected"]),
    "cut_after_a_line": (["silent"], ["silent"]),
    # One long field to who expects commas, the new way to who looks.
    "semicolons": (["crashed"], ["absorbed"]),
    "mixed_ends": (["crashed"], ["crashed"]),
    # The first record taken for the header: lost to the one, the names of all columns to the other.
    "header_lost": (["absorbed"], ["crashed"]),
    "header_misspelt": (["absorbed"], ["crashed"]),
    # A second header is no number: refused, or a column of text that cannot be summed.
    "header_doubled": (["crashed"], ["crashed"]),
    "marked": (["absorbed"], ["absorbed"]),
    # Zürich is no shop that anybody knows.
    "decoded_wrongly": (["silent"], ["silent"]),
    "undecodable": (["crashed"], ["crashed"]),
    "ragged": (["crashed"], ["crashed"]),
    # A number is text to who wants text; to who looks, a column of both that joins to nothing.
    "wrong_type": (["silent"], ["crashed"]),
    "unclosed": (["crashed"], ["crashed"]),
    "titled": (["crashed"], ["absorbed"]),
}


class Files(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="faultline-files-")
        cls.path = pathlib.Path(cls.folder.name)
        write_data(cls.path)
        cls.runs = {reader: Run(write_scenario(cls.path, reader, FAULTS)) for reader in ("frozen", "sniff")}

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def test_every_outcome_is_the_one_expected(self):
        for position, reader in enumerate(("frozen", "sniff")):
            run = self.runs[reader]
            self.assertIsNotNone(run.result, run.stderr)
            for name, outcomes in EXPECTED.items():
                with self.subTest(f"{reader}: {name}"):
                    failures = [f["message"] for f in run.result["failures"]]
                    self.assertEqual(run.outcomes(name), outcomes[position], failures)

    def test_a_crash_is_at_the_source_when_it_is_read(self):
        for run in self.runs.values():
            failures = [f for f in run.result["failures"] if f["node"] in ("orders", "shops")]
            self.assertTrue(failures)
            for failure in failures:
                self.assertEqual(failure["stage"], "read", failure)
                self.assertNotIn("/scratch/", failure["message"])
                self.assertNotIn(str(self.path), failure["message"])
                self.assertNotRegex(failure["message"], r"Line: \d")
            self.assertIn("no file matches data/orders-*.csv", [f["message"] for f in failures])

    def test_the_answer_keys_are_exact(self):
        keys = {p["id"]: p["answer_key"] for p in self.runs["frozen"].result["perturbations"]}
        # Counted here: 120 records and 3 headers, 3 commas each.
        self.assertEqual(keys["semicolons"]["bytes"], 3 * 123)
        self.assertEqual(keys["semicolons"]["records"], 123)
        self.assertEqual(keys["semicolons"]["files"], 3)
        self.assertEqual(keys["one_gone"]["files"], 1)
        self.assertEqual(keys["one_gone"]["bytes"], (self.path / "data" / "orders-1.csv").stat().st_size)
        self.assertEqual(keys["marked"]["bytes"], 9)
        # floor(0.2 * 40 + 0.5) records of each file, in each of two trials.
        self.assertEqual(keys["ragged"]["records"], 2 * 3 * 8)
        sniffed = {p["id"]: p["answer_key"] for p in self.runs["sniff"].result["perturbations"]}
        self.assertEqual(keys["header_misspelt"]["columns"]["removed"], [])
        self.assertIn("amount", sniffed["header_misspelt"]["columns"]["removed"])

    def test_same_bytes_whatever_the_jobs(self):
        scenario = write_scenario(self.path, "sniff", FAULTS)
        for jobs in (1, 4):
            self.assertEqual(Run(scenario, "--jobs", jobs).bytes, self.runs["sniff"].bytes, f"--jobs {jobs}")

    def test_a_fault_of_rows_acts_on_what_was_read(self):
        faults = [fault("missing_file", "gone", files="orders-1.csv"),
                  fault("shift", "dearer", columns=["amount"], relative=0.5)]
        run = Run(write_scenario(self.path, "frozen", faults,
                                 design={"method": "full_factorial"}))
        self.assertIsNotNone(run.result, run.stderr)
        self.assertEqual(run.result["trials"]["not_applied"], 0)
        self.assertEqual(run.result["trials"]["crashed"], 0)
        self.assertEqual(4 * run.result["trials"]["absorbed"], run.result["trials"]["total"], "those with neither")

    def test_what_makes_no_sense_is_refused(self):
        for wrong, pointer, says in (
                (fault("csv_dialect", node="shops", delimiter=";"), "/perturbations/0/node", "csv"),
                (fault("bom", node="sales"), "/perturbations/0/node", "no source"),
                ({**fault("bom"), "consumer": "sales"}, "/perturbations/0/consumer", "no \"consumer\""),
                (fault("bom", files="orders-9.csv"), "/perturbations/0/params/files", "data/orders-0.csv"),
                (fault("bom", where="id > 3"), "/perturbations/0/params/where", "files"),
                (fault("csv_dialect", delimiter=","), "/perturbations/0/params", "already written so"),
                (fault("byte_flips", fraction=2), "/perturbations/0/params/fraction", "from 0 to 1")):
            with self.subTest(says):
                scenario = write_scenario(self.path, "frozen", [wrong])
                process = faultline("run", scenario, "--out", self.path / "refused", "--quiet")
                self.assertEqual(process.returncode, 3, process.stderr)
                self.assertIn(f"{pointer}:", process.stderr)
                self.assertIn(says, process.stderr)
                self.assertEqual(process.stderr.count("found"), 1, process.stderr)
                self.assertFalse((self.path / "refused").exists())

    def test_nothing_to_change_is_not_applied(self):
        run = Run(write_scenario(self.path, "frozen", [fault("bom", mark="none")]))
        self.assertEqual(run.outcomes("bom"), ["not_applied"])

    def test_replay_shows_the_damaged_file(self):
        out = self.path / "replayed"
        scenario = write_scenario(self.path, "frozen", [fault("csv_dialect", "half", delimiter=";", files="*-1.csv"),
                                                        fault("missing_file", "gone", files="*-2.csv")])
        faultline("run", scenario, "--out", out, "--quiet")
        self.assertEqual(sorted(p.name for p in out.iterdir()), ["journal.jsonl", "journal.lock", "junit.xml", "report.html", "report.md", "result.json"])
        process = faultline("replay", 0, "--from", out)
        self.assertEqual(process.returncode, 0, process.stderr)
        folder = out / "replay-0"
        damaged = folder / "perturbed_files" / "orders" / "data" / "orders-1.csv"
        original = folder / "base_files" / "orders" / "data" / "orders-1.csv"
        self.assertEqual(original.read_bytes(), (self.path / "data" / "orders-1.csv").read_bytes())
        self.assertEqual(damaged.read_text(encoding="utf-8"), original.read_text(encoding="utf-8").replace(",", ";"))
        self.assertFalse((folder / "files").exists())
        trials = [json.loads(line) for line in (out / "journal.jsonl").read_text().splitlines()]
        gone = next(trial["number"] for trial in trials if "gone" in trial.get("severities", {}))
        self.assertEqual(faultline("replay", gone, "--from", out).returncode, 0)
        self.assertTrue((out / f"replay-{gone}" / "perturbed" / "orders.csv").exists())
        self.assertFalse((out / f"replay-{gone}" / "perturbed_files").exists())


if __name__ == "__main__":
    unittest.main()

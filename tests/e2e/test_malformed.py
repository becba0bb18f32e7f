"""Malformed documents, by the hundred: exit code 3, one clear message with its place, and nothing left behind."""
import copy
import json
import pathlib
import re
import tempfile
import unittest

import malformed_cases as table
from harness import faultline

# What a program says when it falls over instead of speaking.
FALLEN = re.compile(r"terminate called|Traceback|Assertion|std::|what\(\):|Segmentation|INTERNAL Error|"
                    r"AddressSanitizer|runtime error", re.IGNORECASE)


class Malformed(unittest.TestCase):
    def write(self, folder, name, content):
        file = pathlib.Path(folder) / name
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")

    def run_pair(self, documents):
        """The process and whether the out folder was made, of one pair of documents."""
        with tempfile.TemporaryDirectory(prefix="faultline-malformed-") as folder:
            self.write(folder, "regions.csv", table.REGIONS_CSV)
            for name in ("pipeline", "scenario"):
                self.write(folder, name + ".json", documents[name])
            out = pathlib.Path(folder) / "out"
            process = faultline("run", pathlib.Path(folder) / "scenario.json", "--out", out, "--quiet", timeout=60)
            return process, out.exists()

    def assert_refused(self, process, left_behind):
        self.assertEqual(process.returncode, 3, process.stderr or "(silence)")
        self.assertIsNone(FALLEN.search(process.stderr), process.stderr)
        self.assertEqual(process.stdout, "", "stdout is for data")
        self.assertFalse(left_behind, "the out folder was made")
        self.assertLess(len(process.stderr), 2000, "clear is also short")

    def test_the_pair_is_well_before_it_is_spoiled(self):
        process, left_behind = self.run_pair({"pipeline": table.PIPELINE, "scenario": table.SCENARIO})
        self.assertIn(process.returncode, (0, 1, 2), process.stderr)
        self.assertTrue(left_behind)

    def test_each_is_refused_with_its_place(self):
        cases = table.cases()
        self.assertGreaterEqual(len(cases), 100)
        for name, document, change, pointer in cases:
            with self.subTest(f"{document}: {name}"):
                documents = {"pipeline": copy.deepcopy(table.PIPELINE), "scenario": copy.deepcopy(table.SCENARIO)}
                if callable(change):
                    change(documents[document])
                else:
                    documents[document] = change
                process, left_behind = self.run_pair(documents)
                self.assert_refused(process, left_behind)
                messages = [line for line in process.stderr.splitlines() if f"{document}.json" in line]
                if name not in table.SEVERAL:
                    self.assertEqual(len(messages), 1, f"one problem, one message:\n{process.stderr}")
                self.assertRegex("\n".join(messages), self.place(document, pointer))

    @staticmethod
    def place(document, pointer):
        """What a message about this place looks like: `file: /pointer: …`, or the line of a text that is no JSON."""
        file = re.escape(f"{document}.json: ")
        if pointer is None:
            return file + r".*\bline \d+"
        if pointer == "":
            return file + r"(/\S*: )?found "
        return file + re.escape(pointer) + r"(/[^\s:]*)?: found "

    def test_a_pipeline_that_cannot_be_read_is_named(self):
        for pipeline, named in (("gone.json", "gone.json: found no such file"), (".", "found a directory")):
            scenario = {**copy.deepcopy(table.SCENARIO), "pipeline": pipeline}
            process, left_behind = self.run_pair({"pipeline": table.PIPELINE, "scenario": scenario})
            self.assert_refused(process, left_behind)
            self.assertIn(named, process.stderr)

    def test_all_problems_of_a_document_at_once(self):
        scenario = copy.deepcopy(table.SCENARIO)
        scenario["seed"] = -1
        scenario["metrics"][0]["tolerance"] = {"relativ": 0.1}
        scenario["design"]["replicates"] = 0
        process, left_behind = self.run_pair({"pipeline": table.PIPELINE, "scenario": scenario})
        self.assert_refused(process, left_behind)
        for pointer in ("/seed", "/metrics/0/tolerance/relativ", "/design/replicates"):
            self.assertIn(f"scenario.json: {pointer}: ", process.stderr)

    def test_the_nearest_name_is_offered(self):
        for index, key, wrong, right in ((0, "plugin", "noize", "noise"), (0, "node", "ordres", "orders")):
            scenario = copy.deepcopy(table.SCENARIO)
            scenario["perturbations"][index][key] = wrong
            process, _ = self.run_pair({"pipeline": table.PIPELINE, "scenario": scenario})
            self.assertIn(f'did you mean "{right}"?', process.stderr)

    def test_a_cycle_is_printed(self):
        pipeline = copy.deepcopy(table.PIPELINE)
        pipeline["nodes"] |= {"a": {"sql": "select * from c"}, "b": {"sql": "select * from a"}, "c": {"sql": "select * from b"}}
        process, _ = self.run_pair({"pipeline": pipeline, "scenario": table.SCENARIO})
        self.assertIn("→", process.stderr)
        names = re.search(r"(\w+) → (\w+) → (\w+) → (\w+)", process.stderr)
        self.assertIsNotNone(names, process.stderr)
        self.assertEqual(names[1], names[4])
        self.assertEqual({names[1], names[2], names[3]}, {"a", "b", "c"})

    def test_usage(self):
        with tempfile.TemporaryDirectory() as folder:
            scenario = pathlib.Path(folder) / "scenario.json"
            self.write(folder, "regions.csv", table.REGIONS_CSV)
            self.write(folder, "pipeline.json", table.PIPELINE)
            self.write(folder, "scenario.json", table.SCENARIO)
            out = pathlib.Path(folder) / "out"
            for arguments in ([], ["run"], ["rum", scenario], ["run", folder, "--out", out],
                              ["run", pathlib.Path(folder) / "gone.json", "--out", out],
                              ["run", scenario, "--out", out, "--job", "2", "--nonsense"],
                              ["run", scenario, "--out", out, "--seed", "seven"],
                              ["run", scenario, "--out", out, "--jobs", "0"],
                              ["run", scenario, "--out", out, "--jobs", "many"]):
                with self.subTest(" ".join(map(str, arguments))):
                    process = faultline(*arguments, timeout=60)
                    self.assert_refused(process, out.exists())
                    self.assertNotEqual(process.stderr.strip(), "")


if __name__ == "__main__":
    unittest.main()

"""Perturbations composed at random on real rows: what each says it did is what the rows say, computed again
(compositions.py). Exit code 77, which ctest shows as skipped, where the data is not there.

COMPOSITIONS=from:to tries others, COMPOSITIONS_KEEP=folder leaves them there: for looking for trouble by hand.
"""
import os
import pathlib
import random
import sys
import tempfile
import unittest

from compositions import ADVENTUREWORKS, JAFFLE_SHOP, Composition

SKIPPED = 77
# Fixed: a composition is its number's. Some are refused, as a user's might be; most must run.
FIRST, LAST = map(int, os.environ.get("COMPOSITIONS", "1000:1014").split(":"))


class Compositions(unittest.TestCase):
    def test_answer_keys_are_what_the_rows_say(self):
        ran, compared, refused = 0, 0, []
        with tempfile.TemporaryDirectory(prefix="faultline-compositions-") as scratch:
            folder = pathlib.Path(os.environ.get("COMPOSITIONS_KEEP", scratch))
            for number in range(FIRST, LAST):
                composition = Composition(random.Random(number), folder / str(number))
                if not composition.run():
                    refused.append(composition.refused)
                    continue
                ran += 1
                with self.subTest(number=number, table=composition.table.path.name,
                                  faults=composition.faults):
                    self.assertEqual(composition.disagreements(), [])
                compared += composition.compared
        for message in refused:  # by name, where it is
            self.assertRegex(message, r"scenario\.json: /perturbations/\d")
        self.assertGreater(ran, 0.6 * (LAST - FIRST), refused)
        self.assertGreater(compared, 2 * ran, "trials that were compared")


if __name__ == "__main__":
    missing = [str(folder) for folder in (ADVENTUREWORKS, JAFFLE_SHOP) if not folder.is_dir()]
    if missing:
        print(f"skipped: no {' and no '.join(missing)}")
        sys.exit(SKIPPED)
    unittest.main()

"""Random compositions of perturbations, and what each of them did, computed again from the rows.

A composition is a stack of faults on one node, or on two of which one reads the other. It runs as a full
factorial design, so that for every trial there is another in which its last acting fault is off. What that
fault did is then the difference between the outputs of the two, as `replay` writes them, and nothing of the
harness but those files is used to find it. Standard library only.
"""
import collections
import json
import pathlib
import re

from harness import REAL_DATA, faultline

ADVENTUREWORKS, JAFFLE_SHOP = REAL_DATA / "adventureworks", REAL_DATA / "jaffle_shop"


class Table:
    """Columns by what they hold, and conditions that a user would write."""

    def __init__(self, path, key, batch, numbers, texts, times, conditions):
        self.path, self.key, self.batch = path, key, batch
        self.numbers, self.texts, self.times, self.conditions = numbers, texts, times, conditions

    def any(self):
        return self.numbers + self.texts + self.times


TABLES = [
    Table(ADVENTUREWORKS / "salesorderdetail.csv", "salesorderdetailid", "modifieddate",
          ["orderqty", "unitprice", "unitpricediscount", "productid"], ["rowguid"], ["modifieddate"],
          ["orderqty > 2", "unitprice between 10 and 2000", "productid % 3 = 0 -- thirds",
           "modifieddate < timestamp '2011-09-01'", "unitpricediscount > 0 or orderqty is null"]),
    Table(ADVENTUREWORKS / "salesorderheader.csv", "salesorderid", "orderdate",
          ["subtotal", "freight", "currencyrateid", "salespersonid", "status"],
          ["accountnumber", "creditcardapprovalcode"], ["orderdate", "shipdate"],
          ["salespersonid is not null", "onlineorderflag", "territoryid in (1, 4, 9)",
           "currencyrateid is null and subtotal > 1000"]),
    Table(ADVENTUREWORKS / "person.csv", "businessentityid", None,
          ["emailpromotion"], ["firstname", "middlename", "lastname", "title"], ["modifieddate"],
          ["persontype = 'IN'", "middlename is null", "lastname like 'S%'", "title is not null"]),
    Table(ADVENTUREWORKS / "product.csv", "productid", None,
          ["standardcost", "listprice", "reorderpoint", "weight"], ["name", "color", "productline"],
          ["sellstartdate"],
          ["listprice > 0", "color = 'Black'", "weight is not null", "makeflag"]),
    Table(JAFFLE_SHOP / "raw_orders.csv", "id", "order_date", ["user_id"], ["status"], ["order_date"],
          ["status = 'completed'", "user_id > 50", "order_date >= date '2018-03-01'"]),
    Table(JAFFLE_SHOP / "raw_payments.csv", "id", None, ["amount", "order_id"], ["payment_method"], [],
          ["payment_method <> 'coupon'", "amount = 0", "order_id between 20 and 60"]),
]


# One entry a plugin, or a mode of one: what its parameters are, from random numbers and a table.
NOTHING = {"rows_added": 0, "rows_removed": 0, "rows_changed": 0, "cells": {}, "columns": {"retyped": []}}
UNFINISHED = ("crashed", "timed_out", "not_applied")


def some(random, columns, most=2):
    return {"columns": random.sample(columns, random.randint(1, min(most, len(columns))))}


NUMBERS = {
    "noise": lambda r: r.choice([{"std": 0.7}, {"relative_std": 0.2, "distribution": "laplace"},
                                 {"sigma_std": 0.5, "distribution": "uniform"}]),
    "shift": lambda r: r.choice([{"delta": -3}, {"relative": 0.25}, {"sigmas": 2}]),
    "scale": lambda r: r.choice([{"factor": 3}, {"factor": 0.1, "around": "mean"}]),
    "unit_error": lambda r: r.choice([{"unit": "cents_from_units"}, {"factor": 10}]),
    "outlier": lambda r: r.choice([{"multiples": 4}, {"multiples": 6, "spread": "iqr"}]),
    "clip": lambda r: {"tail": r.choice([0.05, 0.2])},
    "round": lambda r: r.choice([{"decimals": 0}, {"step": 5}, {"single_precision": True}]),
    "sign_flip": lambda r: {},
    "out_of_range": lambda r: {"side": r.choice(["up", "down"])},
    "stuck": lambda r: r.choice([{}, {"at": "previous"}]),
    "boundary": lambda r: r.choice([{}, {"value": "zero"}, {"value": "largest"}]),
    "zeros": lambda r: {},
    "drift": lambda r: r.choice([{"sigmas": 1}, {"relative": 0.5}]),
}
TEXTS = {
    "typo": lambda r: {"kind": r.choice(["any", "neighbour", "swap", "drop", "leet", "ocr"]),
                       "slips": r.randint(1, 3)},
    "truncate_text": lambda r: {"length": r.randint(1, 5)},
    "junk_token": lambda r: r.choice([{}, {"mode": "prefix", "tokens": ["C"]}]),
    "category": lambda r: {"mode": r.choice(["swap", "new", "case", "whitespace"])},
    "label_flip": lambda r: r.choice([{}, {"pattern": "next"}]),
}
TIMES = {
    "date_format": lambda r: {},
    "future_timestamps": lambda r: {},
    "timezone_shift": lambda r: {"hours": r.choice([-8, 2, 5.5])},
    "out_of_order": lambda r: {},
    "time_window_gone": lambda r: {"hours": r.choice([24, 500])},
}
ANY = {
    "nulls": lambda r: {},
    "sentinel": lambda r: {},
    "default_value": lambda r: {},
    "shuffle": lambda r: {},
}
ROWS = {
    "duplicate_rows": lambda r: r.choice([{}, {"times": 3}]),
    "resample": lambda r: r.choice([{"weight_factor": 2.5}, {"weight_factor": 0.2},
                                    {"weight_factor": 2, "total": "kept"}]),
    "growth": lambda r: {"more": 0.3},
    "row_order": lambda r: {},
    "extra_column": lambda r: {},
}
BATCHES = {
    "missing_batches": lambda r: r.choice([{}, {"mode": "empty"}, {"mode": "truncate", "keep": 0.4}]),
    "batch_volume": lambda r: r.choice([{"factor": 3}, {"factor": 0.4}]),
    "repeated_batches": lambda r: r.choice([{}, {"mode": "stale"}]),
    "late_rows": lambda r: r.choice([{}, {"lag": 2, "unarrived": "stay"}]),
}
# With the columns that they go to chosen for them: a table gives two of its columns.
PAIRS = {
    "swap_columns": lambda r, a, b: {"columns": [a, b]},
    "concept_drift": lambda r, a, b: {"columns": [a], "driver": b, "slope": 0.5},
    "dependency_broken": lambda r, a, b: {"columns": [a], "determinant": b},
    "orphan_keys": lambda r, a, b: {"columns": [a], **r.choice([{}, {"mode": "somebody_else"}])},
    "nullable_to_required": lambda r, a, b: {"columns": [a], **r.choice([{}, {"rows": "filled"}])},
    "join_fan_out": lambda r, a, b: {"versions": 2},
    "partial_output": lambda r, a, b: {"keep": 0.6, **r.choice([{}, {"part": "random"}])},
    "nondeterministic_output": lambda r, a, b: {},
    "schema_drift": lambda r, a, b: {"mode": r.choice(["reorder", "add"])},
    "holiday": lambda r, a, b: {},
    "stale_output": lambda r, a, b: {"runs": 2},
}
SELECT_NOTHING = {"row_order", "extra_column", "partial_output", "stale_output", "schema_drift",
                  "nondeterministic_output"}


def fault(random, table):
    """A plugin and its parameters, selection included. Not all of them fit: `validate` says so."""
    groups = [(NUMBERS, table.numbers)] * 4 + [(ANY, table.any())] * 2 + [(ROWS, None)] * 2
    if table.texts:
        groups += [(TEXTS, table.texts)] * 3
    if table.times:
        groups += [(TIMES, table.times)]
    if table.batch:
        groups += [(BATCHES, None)] * 2
    groups += [(PAIRS, None)] * 2
    plugins, columns = random.choice(groups)
    name = random.choice(sorted(plugins))
    if plugins is PAIRS:
        two = random.choice([table.numbers, table.texts, table.any()])
        params = dict(plugins[name](random, *random.sample(two if len(two) > 1 else table.any(), 2)))
    else:
        params = dict(plugins[name](random))
    if columns:
        params.update(some(random, columns))
    if name not in SELECT_NOTHING:
        chosen = selection(random, table, params.get("columns", []))
        if name in BATCHES and "sampling" in chosen:  # batches go by their own value
            chosen = {key: chosen[key] for key in chosen if key not in ("weight", "by")}
            chosen["sampling"] = random.choice(["uniform", "latest", "earliest", "block"])
        if name in BATCHES and name != "late_rows":
            chosen = {key: chosen[key] for key in chosen if key not in ("mechanism", "given")}
            if "along" in chosen:
                chosen["along"].pop("column")
        params.update(chosen)
    return name, params


def selection(random, table, targets):
    chosen = {}
    if random.random() < 0.7:
        chosen["fraction"] = random.choice([0.03, 0.1, 0.25, 0.5, 0.9, 1])
    if random.random() < 0.4:
        chosen["exact"] = True
    if random.random() < 0.5:
        chosen["where"] = random.choice(table.conditions)
    how = random.random()
    others = [c for c in table.any() if c not in targets]
    if how < 0.12 and others:
        chosen.update({"mechanism": "at_random_given", "given": random.choice(others)})
    elif how < 0.2 and len(targets) == 1:
        chosen["mechanism"] = "not_at_random"
    elif how < 0.28 and table.numbers:
        chosen.update({"sampling": "weight", "weight": random.choice(table.numbers)})
    elif how < 0.4:
        chosen.update({"sampling": random.choice(["latest", "earliest"]),
                       "by": random.choice(table.numbers + table.times)})
    elif how < 0.46:
        chosen["sampling"] = "block"
    elif how < 0.66:
        shape = random.choice(["step", "ramp", "trend", "spike", "season"])
        chosen["along"] = {"shape": shape, "column": random.choice(table.numbers + table.times)}
        if shape in ("ramp", "spike"):
            chosen["along"].update({"start": 0.2, "end": random.choice([0.6, 1])})
    return chosen


def pipeline(table):
    """The table with a column that no fault touches and rows are told apart by; a step that reads it."""
    node = {"sql": f"select *, {table.key} as tag from raw", "key": [table.key]}
    if table.batch:
        node["batch"] = table.batch
    # Whatever happens to its columns, the step passes on the rows.
    reads = {**node, "sql": "select * from perturbed_first"}
    return {"faultline": "pipeline/1", "name": "composed",
            "nodes": {"raw": {"source": {"path": str(table.path)}, "key": [table.key]},
                      "perturbed_first": node, "perturbed_last": reads},
            "outputs": ["perturbed_last"]}


def scenario(faults, seed, levels):
    return {"faultline": "scenario/1", "title": "composed", "pipeline": "pipeline.json", "seed": seed, "profile": 1,
            "perturbations": faults,
            "metrics": [{"id": "rows", "output": "perturbed_last", "sql": "count(*)",
                         "tolerance": {"relative": 0.01}}],
            "design": {"method": "full_factorial", "levels": levels, "replicates": 1}}


# A value of a line of CSV, quoted or not, and what ends it.
CELL = re.compile(r'(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|\Z)')


def cells(path):
    """Header and rows of a CSV file that DuckDB wrote; NULL, which is not quoted, is None."""
    text, rows, row, at = pathlib.Path(path).read_text(), [], [], 0
    while at < len(text):
        cell = CELL.match(text, at)
        quoted, plain, end = cell.groups()
        if quoted is not None:
            row.append(quoted.replace('""', '"'))
        else:
            row.append("0.0" if plain == "-0.0" else plain or None)  # which are equal
        if end != ",":
            rows.append(row)
            row = []
        at = cell.end()
    return rows[0], rows[1:]


def common(a, b):
    return sum((collections.Counter(a) & collections.Counter(b)).values())


def difference(before, after, key):
    """What happened between two relations. Rows are told apart by the row that they come from, `tag`, and by
    their key, since some copies have a new one; and copies with the same key by what they hold."""
    names, now = before[0], after[0]
    shared = [name for name in names if name in now]
    old, new = collections.defaultdict(list), collections.defaultdict(list)
    for columns, rows, groups in ((names, before[1], old), (now, after[1], new)):
        who, places = [columns.index(name) for name in ("tag", key)], [columns.index(name) for name in shared]
        for row in rows:
            groups[tuple(row[place] for place in who)].append(tuple(row[place] for place in places))
    found = {"rows_added": 0, "rows_removed": 0, "rows_changed": 0, "cells": collections.Counter()}
    for row in old.keys() | new.keys():
        a, b = old.get(row, []), new.get(row, [])
        if a == b:
            continue
        found["rows_added"] += max(0, len(b) - len(a))
        found["rows_removed"] += max(0, len(a) - len(b))
        kept = min(len(a), len(b))
        # Of one original, a cell is changed where none of what it has become holds the old value.
        found["rows_changed"] += kept - common(a, b)
        for place, name in enumerate(shared):
            found["cells"][name] += kept - common([row[place] for row in a], [row[place] for row in b])
    found["cells"] = {name: count for name, count in found["cells"].items() if count}
    return found


class Composition:
    """One random composition, run in `folder`."""

    def __init__(self, random, folder):
        self.folder, self.refused, self.compared = pathlib.Path(folder), None, 0
        self.outputs = {}  # by trial: each is held against several others
        self.folder.mkdir(parents=True, exist_ok=True)
        self.table = random.choice(TABLES)
        self.faults = []
        count = random.choice([1, 2, 2, 3])
        nodes = sorted(random.choice(["perturbed_first", "perturbed_last"]) for _ in range(count))
        for i, node in enumerate(nodes):
            plugin, params = fault(random, self.table)
            one = {"id": f"f{i}", "node": node, "plugin": plugin, "params": params}
            if node == "perturbed_first" and random.random() < 0.25:
                one["consumer"] = "perturbed_last"  # on the edge: its only reader sees the same
            self.faults.append(one)
        self.levels = [0, 1] if count == 3 else [0, random.choice([0.3, 0.6]), 1]
        self.seed = random.randint(0, 1000)

    def run(self):
        (self.folder / "pipeline.json").write_text(json.dumps(pipeline(self.table)))
        (self.folder / "scenario.json").write_text(json.dumps(scenario(self.faults, self.seed, self.levels)))
        process = faultline("run", self.folder / "scenario.json", "--out", self.folder / "out", "--quiet")
        if process.returncode == 3:
            self.refused = process.stderr
            return False
        self.stderr = process.stderr
        lines = [json.loads(line) for line in (self.folder / "out" / "journal.jsonl").read_text().splitlines()]
        self.trials = [line for line in lines if line.get("type") == "trial"]
        return True

    def output(self, trial):
        number = trial["number"]
        if number not in self.outputs:
            to = self.folder / f"replay-{number}"
            process = faultline("replay", number, "--from", self.folder / "out", "--to", to)
            if process.returncode != 0:
                raise AssertionError(f"replay of {number}: {process.stderr}")
            self.outputs[number] = cells(to / "outputs" / "perturbed_last.csv")
        return self.outputs[number]

    def disagreements(self):
        """Where what a fault says it did is not what the rows say. A list of texts."""
        by_severity = {tuple(sorted(t["severities"].items())): t for t in self.trials}
        wrong = []
        for trial in self.trials:
            acting = [f["id"] for f in self.faults if trial["severities"].get(f["id"], 0) > 0]
            if not acting or trial["outcome"] in UNFINISHED:
                continue
            last = acting[-1]
            without = by_severity[tuple(sorted((id, 0 if id == last else s)
                                               for id, s in trial["severities"].items()))]
            if without["outcome"] in UNFINISHED:
                continue
            place = f"trial {trial['number']} {trial['severities']}"
            for earlier in acting[:-1]:
                if trial["answer_keys"].get(earlier) != without["answer_keys"].get(earlier):
                    wrong.append(f"{place}: {earlier} did something else than without {last}")
            # Below 0.5 a fault that is on or off is off, and has counted nothing.
            key, found = trial["answer_keys"].get(last, NOTHING), difference(
                self.output(without), self.output(trial), self.table.key)
            if key["columns"]["retyped"]:
                continue
            self.compared += 1
            told = {what: key[what] for what in ("rows_added", "rows_removed", "rows_changed")}
            told["cells"] = {name: count for name, count in key["cells"].items() if count}
            if told != found:
                wrong.append(f"{place}: {last} says {told}, the rows say {found}")
        return wrong

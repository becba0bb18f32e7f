"""The table of malformed documents: each row spoils one thing in a pair of documents that is well.

A row is (name, document, change, pointer). `document` is "pipeline" or "scenario"; `change` is a function
that spoils the parsed document, or a text or bytes that replace the file whole. `pointer` is the JSON
pointer that the message must name: the spoiled place itself, or what stands below it. For a missing key
it is the object that should hold it. "" is the document as a whole. None: the text is no JSON, so a line
takes the pointer's place.
"""

PIPELINE = {
    "faultline": "pipeline/1", "name": "shop",
    "owners": {"sales": "sales@shop.example"},
    "nodes": {
        "orders": {"source": {"sql": "select i as order_id, date '2024-01-01' + cast(i // 10 as integer) as day, "
                                     "i % 3 as region, 'x' || cast(i as varchar) as label, 1.5 * i as amount "
                                     "from range(100) t(i)"},
                   "key": ["order_id"], "batch": "day", "owner": "sales"},
        "regions": {"source": {"path": "regions.csv"}, "key": ["region"]},
        "sales": {"sql": "select o.day, r.name, o.amount from orders o join regions r on o.region = r.region"},
        "revenue": {"sql": "select name, sum(amount) as amount from sales group by name", "key": ["name"]},
    },
    "outputs": ["revenue"],
}

SCENARIO = {
    "faultline": "scenario/1", "title": "Shop", "pipeline": "pipeline.json", "seed": 1,
    "perturbations": [
        {"id": "noisy", "node": "orders", "plugin": "noise", "params": {"columns": ["amount"], "std": 1.0}},
        {"id": "edge", "node": "orders", "consumer": "sales", "plugin": "shift",
         "params": {"columns": ["amount"]}, "severity": {"param": "delta", "from": 0, "to": 5}},
        {"id": "renamed", "node": "regions", "plugin": "schema_drift",
         "params": {"mode": "rename", "columns": ["name"], "to": "title"}},
        {"id": "lost", "node": "orders", "plugin": "missing_batches", "params": {"mode": "drop", "fraction": 0.5}},
    ],
    "metrics": [{"id": "amount", "output": "revenue", "sql": "sum(amount)", "by": ["name"],
                 "tolerance": {"relative": 0.1}}],
    "checks": [{"id": "present", "node": "orders", "expect": "not_null", "columns": ["order_id"]},
               {"id": "positive", "node": "orders", "sql": "select * from {node} where amount < 0"},
               {"id": "enough", "node": "sales", "expect": "row_count", "min": 1}],
    "design": {"method": "one_at_a_time", "replicates": 2, "confidence": 0.9},
    "limits": {"memory": "1GB", "deadline": "5m", "timeout": "30s"},
}

# Beside both documents: what regions.csv holds.
REGIONS_CSV = "region,name\n0,north\n1,south\n2,west\n"


def put(*path_and_value):
    """A change that puts the last argument at the path of the others."""
    *path, last, value = path_and_value

    def change(document):
        for step in path:
            document = document[step]
        if isinstance(document, list) and last == len(document):
            document.append(value)
        else:
            document[last] = value
    return change


def drop(*path):
    def change(document):
        for step in path[:-1]:
            document = document[step]
        del document[path[-1]]
    return change


def both(*changes):
    def change(document):
        for one in changes:
            one(document)
    return change


def texts(document, good):
    """What is not a JSON document of ours at all."""
    return [
        ("empty file", document, "", ""),
        ("white space alone", document, " \n\t ", ""),
        ("a comment alone", document, "// nothing here", None),
        ("null", document, "null", ""),
        ("an array", document, "[]", ""),
        ("a string", document, '"pipeline/1"', ""),
        ("a number", document, "42", ""),
        ("an empty object", document, "{}", ""),
        ("cut in the middle", document, good[:len(good) // 2], None),
        ("the last brace missing", document, good.rstrip()[:-1], None),
        ("a comma too many", document, good.rstrip()[:-1] + ",}", None),
        ("two documents", document, good + good, None),
        ("single quotes", document, good.replace('"', "'"), None),
        ("a string not closed", document, good.replace('"faultline"', '"faultline', 1), None),
        ("a comment not closed", document, good + "/* and then", None),
        ("an invalid escape", document, good.replace('"faultline"', '"\\q": 1, "faultline"', 1), None),
        ("half a surrogate pair", document, good.replace('"faultline"', '"\\ud800": 1, "faultline"', 1), None),
        ("invalid UTF-8", document, good.encode().replace(b"shop", b"\xff\xfe", 1).replace(b"Shop", b"\xff\xfe", 1), None),
        ("a NUL byte", document, b"\x00" + good.encode(), None),
        ("a PNG", document, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", None),
        ("NaN", document, good.replace("{", '{"seed": NaN, ', 1), None),
        ("absurd depth", document, "[" * 200000, ""),
        ("absurd depth, closed", document, '{"name":' + "[" * 100000 + "]" * 100000 + "}", ""),
        ("a key twice", document, good.replace("{", '{"faultline": "%s/1", ' % document, 1), "/faultline"),
        ("an unknown key", document, put("nodez", {}), "/nodez"),
        ("no version", document, drop("faultline"), ""),
        ("the other document's version", document,
         put("faultline", "scenario/1" if document == "pipeline" else "pipeline/1"), "/faultline"),
        ("a version from the future", document, put("faultline", document + "/99"), "/faultline"),
        ("a version that is a number", document, put("faultline", 1), "/faultline"),
    ]


def node(**keys):
    return put("nodes", "extra", keys)


PIPELINE_CASES = [
    ("no name", drop("name"), ""),
    ("a name that is a number", put("name", 5), "/name"),
    ("a description that is a list", put("description", []), "/description"),
    ("no nodes", drop("nodes"), ""),
    ("nodes as a list", put("nodes", []), "/nodes"),
    ("nodes as null", put("nodes", None), "/nodes"),
    ("no node at all", put("nodes", {}), "/nodes"),
    ("no outputs", drop("outputs"), ""),
    ("outputs empty", put("outputs", []), "/outputs"),
    ("outputs as a string", put("outputs", "revenue"), "/outputs"),
    ("an output that is a number", put("outputs", [1]), "/outputs/0"),
    ("an output that is no node", put("outputs", ["revenu"]), "/outputs/0"),
    ("an output twice", put("outputs", ["revenue", "revenue"]), "/outputs/1"),
    ("owners as a list", put("owners", ["sales"]), "/owners"),
    ("an owner's contact as a number", put("owners", "sales", 1), "/owners/sales"),
    ("now that is no time", put("now", "yesterday"), "/now"),
    ("a node that is null", put("nodes", "extra", None), "/nodes/extra"),
    ("a node that is a string", put("nodes", "extra", "select 1"), "/nodes/extra"),
    ("a node of no kind", node(owner="sales"), "/nodes/extra"),
    ("a node of two kinds", node(sql="select 1 as a", source={"sql": "select 1 as a"}), "/nodes/extra"),
    ("a node of two other kinds", node(sql="select 1 as a", command=["true", "{out}"]), "/nodes/extra"),
    ("an unknown key in a node", put("nodes", "orders", "ownr", "sales"), "/nodes/orders/ownr"),
    ("names that differ in case alone", put("nodes", "Orders", {"sql": "select 1 as a"}), "/nodes/Orders"),
    ("a node without a name", put("nodes", "", {"sql": "select 1 as a"}), "/nodes/"),
    ("sql that is a number", node(sql=1), "/nodes/extra/sql"),
    ("sql that is empty", node(sql=""), "/nodes/extra/sql"),
    ("sql that does not parse", node(sql="selec 1"), "/nodes/extra/sql"),
    ("two statements", node(sql="select 1 as a; select 2 as a"), "/nodes/extra/sql"),
    ("a statement that writes", node(sql="create table t as select 1 as a"), "/nodes/extra/sql"),
    ("a statement that drops", node(sql="drop table orders"), "/nodes/extra/sql"),
    ("a table that nobody makes", node(sql="select * from ordres"), "/nodes/extra/sql"),
    ("a step that reads a file", node(sql="select * from read_csv('/etc/passwd')"), "/nodes/extra/sql"),
    ("a step that reads itself", node(sql="select * from extra"), "/nodes/extra"),
    ("a cycle of two", both(put("nodes", "a", {"sql": "select * from b"}), put("nodes", "b", {"sql": "select * from a"})), "/nodes"),
    ("a cycle of three", both(put("nodes", "a", {"sql": "select * from c"}), put("nodes", "b", {"sql": "select * from a"}),
                              put("nodes", "c", {"sql": "select * from b"})), "/nodes"),
    ("a key that is an object", put("nodes", "orders", "key", {"column": "order_id"}), "/nodes/orders/key"),
    ("a key of numbers", put("nodes", "orders", "key", [1]), "/nodes/orders/key/0"),
    ("a key column twice", put("nodes", "orders", "key", ["order_id", "order_id"]), "/nodes/orders/key/1"),
    ("a batch that is a list", put("nodes", "orders", "batch", ["day"]), "/nodes/orders/batch"),
    ("an owner that is a number", put("nodes", "orders", "owner", 7), "/nodes/orders/owner"),
    ("a time-out in parsecs", put("nodes", "sales", "timeout", "60 parsecs"), "/nodes/sales/timeout"),
    ("a time-out that is an object", put("nodes", "sales", "timeout", {}), "/nodes/sales/timeout"),
    ("a time-out below zero", put("nodes", "sales", "timeout", "-5s"), "/nodes/sales/timeout"),
    ("inputs as a string", put("nodes", "sales", "inputs", "orders"), "/nodes/sales/inputs"),
    ("an input that is no node", put("nodes", "sales", "inputs", ["orders", "region"]), "/nodes/sales/inputs/1"),
    ("columns as a number", put("nodes", "sales", "columns", 3), "/nodes/sales/columns"),
    ("a source that is a string", node(source="data.csv"), "/nodes/extra/source"),
    ("a source of nothing", node(source={}), "/nodes/extra/source"),
    ("a source of two kinds", node(source={"path": "regions.csv", "sql": "select 1 as a"}), "/nodes/extra/source"),
    ("a path that is a number", node(source={"path": 1}), "/nodes/extra/source/path"),
    ("a path that is empty", node(source={"path": ""}), "/nodes/extra/source/path"),
    ("a file that is not there", node(source={"path": "gone.csv"}), "/nodes/extra/source"),
    ("a glob that matches nothing", node(source={"path": "gone/*.csv"}), "/nodes/extra/source"),
    ("an unknown format", node(source={"path": "regions.csv", "format": "xls"}), "/nodes/extra/source/format"),
    ("an unknown reader", node(source={"path": "regions.csv", "reader": "guess"}), "/nodes/extra/source/reader"),
    ("an unknown csv option", node(source={"path": "regions.csv", "csv": {"delimitr": ";"}}), "/nodes/extra/source/csv/delimitr"),
    ("an unknown key in a source", node(source={"path": "regions.csv", "kind": "csv"}), "/nodes/extra/source/kind"),
    ("a generating statement that does not parse", node(source={"sql": "select from where"}), "/nodes/extra/source/sql"),
    ("a command that is a string", node(command="python3 x.py"), "/nodes/extra/command"),
    ("a command of no words", node(command=[]), "/nodes/extra/command"),
]


def perturbation(index, *path_and_value):
    return put("perturbations", index, *path_and_value)


SCENARIO_CASES = [
    ("no pipeline", drop("pipeline"), ""),
    ("a pipeline that is a number", put("pipeline", 1), "/pipeline"),
    ("a title that is a list", put("title", []), "/title"),
    ("a seed below zero", put("seed", -1), "/seed"),
    ("a seed with a fraction", put("seed", 1.5), "/seed"),
    ("a seed that is text", put("seed", "7"), "/seed"),
    ("a seed beyond 64 bits", put("seed", 2 ** 70), "/seed"),
    ("no perturbations", drop("perturbations"), ""),
    ("perturbations as an object", put("perturbations", {}), "/perturbations"),
    ("perturbations empty", put("perturbations", []), "/perturbations"),
    ("a perturbation that is a string", perturbation(4, "noise"), "/perturbations/4"),
    ("a perturbation without an id", drop("perturbations", 0, "id"), "/perturbations/0"),
    ("a perturbation without a node", drop("perturbations", 0, "node"), "/perturbations/0"),
    ("a perturbation without a plugin", drop("perturbations", 0, "plugin"), "/perturbations/0"),
    ("an id that is a number", perturbation(0, "id", 1), "/perturbations/0/id"),
    ("an id that is empty", perturbation(0, "id", ""), "/perturbations/0/id"),
    ("an id twice", perturbation(1, "id", "noisy"), "/perturbations/1/id"),
    ("a node that is nowhere", perturbation(0, "node", "order"), "/perturbations/0/node"),
    ("a consumer that is nowhere", perturbation(1, "consumer", "sale"), "/perturbations/1/consumer"),
    ("a consumer that does not read the node", perturbation(1, "consumer", "revenue"), "/perturbations/1/consumer"),
    ("a plugin that is nowhere", perturbation(0, "plugin", "noize"), "/perturbations/0/plugin"),
    ("an unknown key in a perturbation", perturbation(0, "parms", {}), "/perturbations/0/parms"),
    ("params as a list", perturbation(0, "params", []), "/perturbations/0/params"),
    ("an unknown parameter", perturbation(0, "params", "sdt", 1), "/perturbations/0/params/sdt"),
    ("noise of two magnitudes", perturbation(0, "params", "relative_std", 0.1), "/perturbations/0/params"),
    ("noise below zero", perturbation(0, "params", "std", -1), "/perturbations/0/params/std"),
    ("noise that is text", perturbation(0, "params", "std", "much"), "/perturbations/0/params/std"),
    ("an unknown distribution", perturbation(0, "params", "distribution", "gausian"), "/perturbations/0/params/distribution"),
    ("a fraction above one", perturbation(0, "params", "fraction", 1.5), "/perturbations/0/params/fraction"),
    ("a fraction below zero", perturbation(0, "params", "fraction", -0.1), "/perturbations/0/params/fraction"),
    ("a fraction that is text", perturbation(0, "params", "fraction", "all"), "/perturbations/0/params/fraction"),
    ("exact that is a number", perturbation(0, "params", "exact", 1), "/perturbations/0/params/exact"),
    ("columns as a number", perturbation(0, "params", "columns", 1), "/perturbations/0/params/columns"),
    ("a column that is nowhere", perturbation(0, "params", "columns", ["amont"]), "/perturbations/0/params/columns"),
    ("noise on text", perturbation(0, "params", "columns", ["label"]), "/perturbations/0/params/columns"),
    ("no columns for noise", drop("perturbations", 0, "params", "columns"), "/perturbations/0/params"),
    ("an unknown mechanism", perturbation(0, "params", "mechanism", "mcar"), "/perturbations/0/params/mechanism"),
    ("an unknown sampling", perturbation(0, "params", "sampling", "newest"), "/perturbations/0/params/sampling"),
    ("a where that does not parse", perturbation(0, "params", "where", "amount >"), "/perturbations/0/params/where"),
    ("a where about no column", perturbation(0, "params", "where", "amont > 1"), "/perturbations/0/params/where"),
    ("a where that is a number", perturbation(0, "params", "where", 1), "/perturbations/0/params/where"),
    ("a shift of numbers by days", both(drop("perturbations", 1, "severity"), perturbation(1, "params", "days", 2)),
     "/perturbations/1/params"),
    ("an unknown type", both(perturbation(2, "params", "mode", "retype"), perturbation(2, "params", "to", "intger")),
     "/perturbations/2/params"),
    ("a severity of no parameter", drop("perturbations", 1, "severity", "param"), "/perturbations/1/severity"),
    ("a severity of an unknown parameter", perturbation(1, "severity", "param", "delte"), "/perturbations/1/severity/param"),
    ("a severity that ends nowhere", drop("perturbations", 1, "severity", "to"), "/perturbations/1/severity"),
    ("a severity from text", perturbation(1, "severity", "from", "zero"), "/perturbations/1/severity/from"),
    ("a severity that is a number", perturbation(1, "severity", 1), "/perturbations/1/severity"),
    ("an unknown mode", perturbation(2, "params", "mode", "renme"), "/perturbations/2/params/mode"),
    ("no mode", drop("perturbations", 2, "params", "mode"), "/perturbations/2/params"),
    ("a rename to a name that is taken", perturbation(2, "params", "to", "region"), "/perturbations/2/params"),
    ("a rename of no column", drop("perturbations", 2, "params", "columns"), "/perturbations/2/params"),
    ("a drop of every column", perturbation(2, "params", {"mode": "drop", "columns": ["region", "name"]}),
     "/perturbations/2/params"),
    ("a rename of no such column", perturbation(2, "params", "columns", ["nom"]), "/perturbations/2/params/columns"),
    ("an unknown mode of missing", perturbation(3, "params", "mode", "lose"), "/perturbations/3/params/mode"),
    ("keep above one", both(perturbation(3, "params", "mode", "truncate"), perturbation(3, "params", "keep", 2)),
     "/perturbations/3/params/keep"),
    ("no metrics", drop("metrics"), ""),
    ("metrics empty", put("metrics", []), "/metrics"),
    ("metrics as an object", put("metrics", {}), "/metrics"),
    ("a metric without an id", drop("metrics", 0, "id"), "/metrics/0"),
    ("a metric without an output", drop("metrics", 0, "output"), "/metrics/0"),
    ("a metric without sql", drop("metrics", 0, "sql"), "/metrics/0"),
    ("a metric twice", put("metrics", 1, {"id": "amount", "output": "revenue", "sql": "count(*)",
                                          "tolerance": {"absolute": 1}}), "/metrics/1/id"),
    ("a metric of no output", put("metrics", 0, "output", "revenues"), "/metrics/0/output"),
    ("a metric that does not parse", put("metrics", 0, "sql", "sum(amount"), "/metrics/0/sql"),
    ("a metric of no column", put("metrics", 0, "sql", "sum(amont)"), "/metrics/0/sql"),
    ("segments as a number", put("metrics", 0, "by", 3), "/metrics/0/by"),
    ("segments by no column", put("metrics", 0, "by", ["nam"]), "/metrics/0/by"),
    ("a tolerance that is a number", put("metrics", 0, "tolerance", 0.1), "/metrics/0/tolerance"),
    ("a tolerance of nothing", put("metrics", 0, "tolerance", {}), "/metrics/0/tolerance"),
    ("a tolerance below zero", put("metrics", 0, "tolerance", {"relative": -0.1}), "/metrics/0/tolerance/relative"),
    ("a tolerance that is text", put("metrics", 0, "tolerance", {"relative": "10%"}), "/metrics/0/tolerance/relative"),
    ("an unknown tolerance", put("metrics", 0, "tolerance", {"relativ": 0.1}), "/metrics/0/tolerance/relativ"),
    ("checks as an object", put("checks", {}), "/checks"),
    ("a check without an id", drop("checks", 0, "id"), "/checks/0"),
    ("a check without a node", drop("checks", 0, "node"), "/checks/0"),
    ("a check twice", put("checks", 1, "id", "present"), "/checks/1/id"),
    ("a check of no node", put("checks", 0, "node", "orderz"), "/checks/0/node"),
    ("a check of two kinds", put("checks", 0, "sql", "select * from {node}"), "/checks/0"),
    ("a check of no kind", drop("checks", 0, "expect"), "/checks/0"),
    ("an unknown expectation", put("checks", 0, "expect", "not_nul"), "/checks/0/expect"),
    ("not_null of nothing", drop("checks", 0, "columns"), "/checks/0"),
    ("not_null of no column", put("checks", 0, "columns", ["order"]), "/checks/0"),
    ("accepted_values without values", put("checks", 0, "expect", "accepted_values"), "/checks/0"),
    ("relationships to nothing", put("checks", 0, "expect", "relationships"), "/checks/0"),
    ("relationships to nowhere", both(put("checks", 0, "expect", "relationships"), put("checks", 0, "to", "regionz"),
                                      put("checks", 0, "field", "region")), "/checks/0/to"),
    ("a row count without bounds", drop("checks", 2, "min"), "/checks/2"),
    ("a row count upside down", both(put("checks", 2, "min", 9), put("checks", 2, "max", 3)), "/checks/2"),
    ("a row count that is text", put("checks", 2, "min", "one"), "/checks/2/min"),
    ("an unknown method", put("design", "method", "one_at_time"), "/design/method"),
    ("a method that is a number", put("design", "method", 1), "/design/method"),
    ("no replicates", put("design", "replicates", 0), "/design/replicates"),
    ("replicates below zero", put("design", "replicates", -3), "/design/replicates"),
    ("replicates with a fraction", put("design", "replicates", 2.5), "/design/replicates"),
    ("a confidence of one", put("design", "confidence", 1), "/design/confidence"),
    ("a confidence in per cent", put("design", "confidence", 95), "/design/confidence"),
    ("levels as a number", put("design", "levels", 1), "/design/levels"),
    ("a level above one", put("design", "levels", [0.5, 1.5]), "/design/levels/1"),
    ("a level that is text", put("design", "levels", ["high"]), "/design/levels/0"),
    ("an unknown key in the design", put("design", "replicate", 3), "/design/replicate"),
    ("the design as a string", put("design", "one_at_a_time"), "/design"),
    ("lots of memory", put("limits", "memory", "lots"), "/limits/memory"),
    ("memory below zero", put("limits", "memory", "-1GB"), "/limits/memory"),
    ("a deadline without a unit", put("limits", "deadline", "soon"), "/limits/deadline"),
    ("an unknown limit", put("limits", "cpu", 2), "/limits/cpu"),
    ("limits as a list", put("limits", []), "/limits"),
]


# One mistake that leaves more than one thing wrong, so that several messages are right.
SEVERAL = {
    "an empty object", "no nodes", "nodes as a list", "nodes as null", "no node at all",
    "a check of no kind", "relationships to nothing",
}


def cases():
    import json
    rows = texts("pipeline", json.dumps(PIPELINE)) + texts("scenario", json.dumps(SCENARIO))
    rows += [(name, "pipeline", change, pointer) for name, change, pointer in PIPELINE_CASES]
    rows += [(name, "scenario", change, pointer) for name, change, pointer in SCENARIO_CASES]
    return rows

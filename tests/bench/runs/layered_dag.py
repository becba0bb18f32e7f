"""A layered DAG of 100 nodes with a factor on every tenth of them, for Sobol' indices.

    python3 layered_dag.py FOLDER [--rows N] [--table-rows M]

Ten sources of M rows, nine layers of ten steps; each step reads two nodes of the layer above, its own
column of the grid and the next, so that a source reaches ever more of the layers below it and all of
the last. Factors are shifts: one on each of five sources and on one node of every second layer, ten
in all. Writes pipeline.json and scenario.json; N is the number of rows of the Sobol' design.
"""

import argparse
import json
import pathlib

WIDTH, DEPTH = 10, 10


def name(layer: int, column: int) -> str:
    return f"n{layer}_{column % WIDTH}"


def write(folder: pathlib.Path, rows: int = 32, table_rows: int = 1000) -> int:
    """Writes the two documents; returns the number of factors."""
    nodes = {}
    for c in range(WIDTH):
        nodes[name(0, c)] = {"source": {"sql":
            f"select i as id, ((i * {2654435761 + 2 * c} + {97 * c}) % 1000) / 1000.0::double as v "
            f"from range({table_rows}) t(i)"}, "key": ["id"]}
    for l in range(1, DEPTH):
        for c in range(WIDTH):
            a, b = name(l - 1, c), name(l - 1, c + 1)
            nodes[name(l, c)] = {"key": ["id"], "sql":
                f"select a.id, 0.6 * a.v + 0.4 * b.v + 0.1 * sin(a.v * b.v) as v "
                f"from {a} a join {b} b using (id)"}
    outputs = [name(DEPTH - 1, c) for c in range(WIDTH)]
    sites = [name(0, 2 * i) for i in range(5)] + [name(2 * i + 1, 2 * i) for i in range(5)]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pipeline.json").write_text(json.dumps(
        {"faultline": "pipeline/1", "name": "layered", "nodes": nodes, "outputs": outputs}, indent=1))
    (folder / "scenario.json").write_text(json.dumps(
        {"faultline": "scenario/1", "title": "100 nodes in ten layers", "pipeline": "pipeline.json",
         "seed": 7,
         "perturbations": [{"id": f"f_{site}", "node": site, "plugin": "shift",
                            "params": {"columns": ["v"]},
                            "severity": {"param": "delta", "from": -1, "to": 1}} for site in sites],
         "metrics": [{"id": f"m_{o}", "output": o, "sql": "avg(v)", "tolerance": {"absolute": 0.1}}
                     for o in outputs],
         "design": {"method": "sobol", "rows": rows},
         "limits": {"memory": "4GB"}}, indent=1))
    return len(sites)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=32)
    parser.add_argument("--table-rows", type=int, default=1000)
    arguments = parser.parse_args()
    write(arguments.folder, arguments.rows, arguments.table_rows)

"""Writes a layered DAG of SQL steps with a scenario: what large pipelines are like to `validate` and `plan`.

    python3 layered_dag.py FOLDER [--nodes 5000] [--layers 50] [--rows 100] [--faults 20]

Each step reads two nodes of the layer before it, drawn with a fixed seed; faults lie on nodes spread over all layers;
one metric sums up the last layer's first node, another its last."""
import argparse
import json
import pathlib
import random


def layered(nodes, layers, rows, faults):
    draw = random.Random(5)
    width = nodes // layers
    names = [[f"l{layer:03}_{i:04}" for i in range(width)] for layer in range(layers)]
    documents = {}
    for i, name in enumerate(names[0]):
        documents[name] = {"source": {"sql": f"select i as id, (i * {i + 3} % 97) + 0.5 as v from range({rows}) t(i)"},
                           "key": ["id"]}
    for above, layer in zip(names, names[1:]):
        for name in layer:
            a, b = draw.sample(above, 2)
            documents[name] = {"sql": f"select a.id, (a.v + b.v) / 2 as v from {a} a join {b} b using (id)", "key": ["id"]}
    pipeline = {"faultline": "pipeline/1", "name": "layered", "nodes": documents, "outputs": names[-1]}
    spread = [names[i * layers // faults][draw.randrange(width)] for i in range(faults)]
    scenario = {
        "faultline": "scenario/1", "title": "Layered", "pipeline": "pipeline.json", "seed": 1,
        "perturbations": [{"id": f"f{i}", "node": node, "plugin": "noise", "params": {"columns": ["v"], "std": 1}}
                          for i, node in enumerate(spread)],
        "metrics": [{"id": end, "output": output, "sql": "sum(v)", "tolerance": {"relative": 0.01}}
                    for end, output in (("first", names[-1][0]), ("last", names[-1][-1]))],
        "design": {"method": "one_at_a_time", "replicates": 4}}
    return pipeline, scenario


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=pathlib.Path)
    for name, default in (("nodes", 5000), ("layers", 50), ("rows", 100), ("faults", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    documents = layered(options.nodes, options.layers, options.rows, options.faults)
    for name, document in zip(("pipeline", "scenario"), documents):
        (options.folder / f"{name}.json").write_text(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()

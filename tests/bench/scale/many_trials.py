"""Writes a small pipeline with a scenario of very many trials: what memory and the reports have to stand.

    python3 many_trials.py FOLDER [--trials 100000] [--method one_at_a_time|sobol] [--rows 200]

One source of a few rows, a step of sums by region, five faults that draw (so that no two trials are alike), a metric
by region and one over all, and a check that now and then fires. Then, in that folder:

    faultline run scenario.json --out run --quiet        # and sample VmRSS and VmHWM of its /proc/PID/status
"""
import argparse
import json
import pathlib

FAULTS = [("blurred", "noise", {"columns": ["v"], "std": 1}),
          ("blanked", "nulls", {"columns": ["v"], "fraction": 0.05}),
          ("moved", "shift", {"columns": ["v"], "delta": 20, "fraction": 0.1}),
          ("twice", "duplicate_rows", {"fraction": 0.1}),
          ("wild", "outlier", {"columns": ["v"], "fraction": 0.02})]


def documents(trials, method, rows):
    pipeline = {"faultline": "pipeline/1", "name": "small", "nodes": {
        "rows": {"source": {"sql": f"select i as id, 'r' || (i % 5) as region, (i * 37 % 101) + 0.5 as v "
                                   f"from range({rows}) t(i)"}, "key": ["id"]},
        "sums": {"sql": "select region, count(*) as n, sum(v) as v from rows group by region", "key": ["region"]}},
        "outputs": ["sums"]}
    design = {"method": "one_at_a_time", "replicates": trials // len(FAULTS)}
    if method == "sobol":
        design = {"method": "sobol", "rows": max(2, trials // (len(FAULTS) + 2))}
    scenario = {
        "faultline": "scenario/1", "title": "Very many trials", "pipeline": "pipeline.json", "seed": 1,
        "perturbations": [{"id": name, "node": "rows", "plugin": plugin, "params": params}
                          for name, plugin, params in FAULTS],
        "metrics": [{"id": "by_region", "output": "sums", "sql": "sum(v)", "by": ["region"],
                     "tolerance": {"relative": 0.02}},
                    {"id": "total", "output": "sums", "sql": "sum(v)", "tolerance": {"relative": 0.02}}],
        "checks": [{"id": "enough", "node": "sums", "sql": "select * from {node} where n < 34"}],
        "design": design}
    return pipeline, scenario


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--trials", type=int, default=100000)
    parser.add_argument("--method", choices=("one_at_a_time", "sobol"), default="one_at_a_time")
    parser.add_argument("--rows", type=int, default=200)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    for name, document in zip(("pipeline", "scenario"), documents(options.trials, options.method, options.rows)):
        (options.folder / f"{name}.json").write_text(json.dumps(document, indent=1))


if __name__ == "__main__":
    main()

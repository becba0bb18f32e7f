"""What a trial costs beside its engine: ten rows, one step, one number, noise in the rows."""

import json
import pathlib

ROWS = "select i as id, i * 1.5::double as v from range(10) t(i)"
STEP = "select id, v * 2 as w from a"


def write(folder: pathlib.Path, replicates: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pipeline.json").write_text(json.dumps({
        "faultline": "pipeline/1", "name": "trivial",
        "nodes": {"a": {"source": {"sql": ROWS}, "key": ["id"]}, "b": {"sql": STEP}}, "outputs": ["b"]}))
    (folder / "scenario.json").write_text(json.dumps({
        "faultline": "scenario/1", "title": "trivial", "pipeline": "pipeline.json", "seed": 7,
        "perturbations": [{"id": "n", "node": "a", "plugin": "noise", "params": {"columns": ["v"], "std": 1}}],
        "metrics": [{"id": "m", "output": "b", "sql": "sum(w)", "tolerance": {"absolute": 1}}],
        "design": {"method": "one_at_a_time", "replicates": replicates}}))


def by_hand() -> str:
    """The same trial as one statement over a table `a`; three columns, as floor.Engine reads."""
    return ("with a as (select id, v + sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) as v from main.a) "
            f"select 'm', '', sum(w) from ({STEP})")

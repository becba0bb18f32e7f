"""Writes a pipeline whose source is larger than the memory that the run may have.

    python3 larger_than_memory.py FOLDER [--rows 6000000] [--memory 200MB]

Six million lines of 70 bytes beside a million and a half of orders; a join that carries a text of 32 characters, a sort
of all of it, and sums by store and day. Then, in that folder:

    faultline run scenario.json --out run --quiet        # under /usr/bin/time -v; and look at run/scratch meanwhile
"""
import argparse
import hashlib
import json
import pathlib

NODES = {
    "lines": {"source": {"path": "lines.csv"}, "key": ["line_id"]},
    "orders": {"source": {"path": "orders.csv"}, "key": ["order_id"], "batch": "day"},
    "joined": {"sql": "select l.*, o.store_id, o.day from lines l join orders o using (order_id)"},
    "sorted": {"sql": "select store_id, day, qty * price as amount, note, product_id from joined order by note"},
    "daily": {"sql": "select store_id, day, sum(amount) as revenue, min(note) as first_note, "
                     "sum(case when product_id <= 100 then amount end) as top from sorted group by store_id, day"},
}
SCENARIO = {
    "faultline": "scenario/1", "title": "Larger than memory", "pipeline": "pipeline.json", "seed": 5, "profile": 0,
    "perturbations": [
        {"id": "noisy", "node": "lines", "plugin": "noise", "params": {"columns": ["price"], "std": 3}},
        {"id": "gone", "node": "orders", "plugin": "missing_batches", "params": {}},
        {"id": "twice", "node": "lines", "plugin": "duplicate_rows", "params": {"fraction": 0.1}}],
    "metrics": [{"id": name, "output": "daily", "sql": f"sum({name})", "tolerance": {"relative": 0.01}}
                for name in ("revenue", "top")],
    "design": {"method": "one_at_a_time", "replicates": 1},
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rows", type=int, default=6_000_000)
    parser.add_argument("--memory", default="200MB")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    orders = max(1, options.rows // 4)
    with open(options.folder / "lines.csv", "w", encoding="ascii") as lines:
        lines.write("line_id,order_id,product_id,qty,price,note\n")
        for i in range(options.rows):
            note = hashlib.md5(str(i).encode()).hexdigest()
            lines.write(f"{i},{i * 7919 % orders},{i % 4000},{1 + i % 5},{5 + i * 2654435761 % 9000 / 100:.2f},{note}\n")
    with open(options.folder / "orders.csv", "w", encoding="ascii") as file:
        file.write("order_id,store_id,day\n")
        for i in range(orders):
            file.write(f"{i},{i % 300},2024-{1 + i % 12:02d}-{1 + i % 28:02d}\n")
    pipeline = {"faultline": "pipeline/1", "name": "large", "nodes": NODES, "outputs": ["daily"]}
    scenario = dict(SCENARIO, limits={"memory": options.memory})
    for name, document in (("pipeline", pipeline), ("scenario", scenario)):
        (options.folder / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n")


if __name__ == "__main__":
    main()

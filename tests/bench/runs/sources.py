"""What all contenders start from: the raw feeds of a store_sales pipeline, made once by its own SQL."""

import json
import pathlib
import re


def pipeline(folder: pathlib.Path) -> dict:
    """The nodes of FOLDER/pipeline.json, whose comments JSON does not know."""
    text = (folder / "pipeline.json").read_text()
    return json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))["nodes"]


def split(nodes: dict) -> tuple[dict, dict]:
    """{source: the SQL that makes it}, {step: its SQL}, both in the document's order."""
    return ({n: d["source"]["sql"] for n, d in nodes.items() if "source" in d},
            {n: d["sql"] for n, d in nodes.items() if "sql" in d})


METRICS = {  # of scenario.json: the id, then one query that gives (segment, value)
    "revenue": "select territory || ' ' || month, sum(revenue_eur) from revenue_by_territory group by 1",
    "orders": "select '', sum(orders) from revenue_by_territory",
    "margin_rate": "select category, max(margin_rate) from margin_by_category group by 1",
    "margin": "select '', sum(margin_eur) from margin_by_category",
    "forecast": "select category, sum(units_next_week) from demand_forecast group by 1",
}

"""The loop that a user of pandas writes: corrupt a frame, run the pipeline again, look at the outputs.

Each fault is the scenario's. havoc-monkey makes those it has a word for (a column renamed, added,
moved or turned into numbers), plain code the others. No check is run and nothing is counted.
"""

import random
import time
import warnings

import duckdb
import numpy as np
import pandas as pd
from havoc_monkey import HavocMonkey

import sources

warnings.simplefilter("ignore")


def load(folder) -> dict[str, pd.DataFrame]:
    made, _ = sources.split(sources.pipeline(folder))
    connection = duckdb.connect()
    frames = {name: connection.execute(sql).df() for name, sql in made.items()}
    for frame in frames.values():
        for column in frame.columns:
            if str(frame[column].dtype).startswith("datetime64"):
                frame[column] = frame[column].astype("datetime64[ns]")
    return frames


def run(f: dict[str, pd.DataFrame], cut=lambda facts: facts) -> dict[str, dict[str, float]]:
    """The whole pipeline; `cut` is what is done to the facts before the finance pack reads them."""
    orders = f["orders"]
    orders = orders[orders.status != "cancelled"]
    orders = orders.assign(currency=orders.currency.str.strip().str.upper())
    lines = f["order_lines"]
    lines = lines.assign(sku=lines.sku.astype(str).str.strip().str.upper(),
                         net_local=lines.qty * lines.unit_price * (1 - lines.discount_pct / 100.0))
    products = f["products"]
    products = products.assign(sku=products["sku"].astype(str).str.strip().str.upper())
    costs = f["unit_costs"]
    costs = costs.assign(sku=costs.sku.astype(str).str.strip().str.upper())[costs.unit_cost >= 0]
    fx = f["fx_rates"]
    fx = fx.assign(currency=fx.currency.str.strip().str.upper())[fx.to_eur > 0]
    stores = f["stores"][f["stores"].territory.notna()]

    rated = pd.merge_asof(orders.sort_values("order_date", kind="stable"),
                          fx.sort_values("rate_date", kind="stable"), left_on="order_date",
                          right_on="rate_date", by="currency")
    facts = lines[["line_id", "order_id", "sku", "qty", "net_local"]].merge(
        rated[["order_id", "order_date", "store_id", "channel", "to_eur"]], on="order_id")
    facts["net_eur"] = facts.net_local * facts.to_eur
    sales = facts.merge(products[["sku", "category"]], on="sku").merge(
        costs[["sku", "unit_cost"]], on="sku", how="left")
    sales["cost_eur"] = sales.qty * sales.unit_cost.fillna(0)
    daily = sales.groupby(["order_date", "category"], as_index=False).agg(
        units=("qty", "sum"), revenue_eur=("net_eur", "sum"))

    pack = cut(facts).merge(stores[["store_id", "territory"]], on="store_id", how="left")
    pack["territory"] = pack.territory.fillna("unassigned")
    pack["month"] = pack.order_date.dt.to_period("M")
    revenue = pack.groupby(["territory", "month"], as_index=False).agg(
        revenue_eur=("net_eur", "sum"), orders=("order_id", "nunique"))
    margin = sales.groupby("category").agg(revenue_eur=("net_eur", "sum"), cost=("cost_eur", "sum"))
    margin["margin_eur"] = margin.revenue_eur - margin.cost
    recent = daily[daily.order_date > daily.order_date.max() - pd.Timedelta(days=28)]
    forecast = recent.groupby("category").units.sum() / 4.0
    return {
        "revenue": {f"{t} {m}": v for t, m, v in
                    zip(revenue.territory, revenue.month.astype(str), revenue.revenue_eur)},
        "orders": {"": float(revenue.orders.sum())},
        "margin_rate": (margin.margin_eur / margin.revenue_eur).to_dict(),
        "margin": {"": float(margin.margin_eur.sum())},
        "forecast": forecast.to_dict(),
    }


def lost_days(frame, column, share, seed):
    days = sorted(frame[column].unique())
    lost = random.Random(seed).sample(days, int(share * len(days) + 0.5))
    return frame[~frame[column].isin(lost)]


def fault(name: str, f: dict, seed: int):
    """The frames with one fault at full severity, and what is cut from the facts for the pack."""
    monkey, rng, g = HavocMonkey(seed=seed, verbose=False), np.random.default_rng(seed), dict(f)
    whole = lambda facts: facts
    if name == "orders_days_lost":
        g["orders"] = lost_days(f["orders"], "order_date", 0.05, seed)
    elif name == "lines_days_lost":
        g["order_lines"] = lost_days(f["order_lines"], "sold_on", 0.05, seed)
    elif name == "till_price_jitter":
        lines = f["order_lines"].copy()
        hit = rng.random(len(lines)) < 0.5
        lines.loc[hit, "unit_price"] *= 1 + 0.03 * rng.standard_normal(int(hit.sum()))
        g["order_lines"] = lines
    elif name == "foreign_store_ids":
        orders = f["orders"].copy()
        hit = rng.choice(len(orders), int(0.001 * len(orders) + 0.5), replace=False)
        orders.iloc[hit, orders.columns.get_loc("store_id")] += 900
        g["orders"] = orders
    elif name == "sku_as_number":
        g["products"] = monkey.type_coerce(f["products"], "sku", "int")
    elif name == "sku_renamed":
        g["products"] = monkey.schema_drift(f["products"], "rename", "sku", "product_code")
    elif name == "products_new_column":
        g["products"] = monkey.schema_drift(f["products"], "add")
    elif name == "costs_reordered":
        g["unit_costs"] = monkey.schema_drift(f["unit_costs"], "reorder")
    elif name == "costs_outdated":
        costs = f["unit_costs"].copy()
        costs["unit_cost"] *= 1 + rng.laplace(0, 0.3 / np.sqrt(2), len(costs))
        g["unit_costs"] = costs
    elif name == "fx_source_off":
        fx = f["fx_rates"].copy()
        fx.loc[fx.currency != "EUR", "to_eur"] *= 1.12
        g["fx_rates"] = fx
    elif name == "fx_days_missing":
        g["fx_rates"] = lost_days(f["fx_rates"], "rate_date", 0.2, seed)
    elif name == "pack_built_early":
        days = sorted(f["orders"].order_date.unique())
        last = days[-int(0.034 * len(days) + 0.5):]
        whole = lambda facts: facts[~facts.order_date.isin(last)]
    else:
        raise ValueError(name)
    return g, whole


def trial(name: str, frames: dict, seed: int):
    """(seconds, processor seconds, metrics or None where the pipeline failed)."""
    start, used = time.perf_counter(), time.process_time()
    try:
        metrics = run(*fault(name, frames, seed))
    except KeyError:
        metrics = None
    return time.perf_counter() - start, time.process_time() - used, metrics

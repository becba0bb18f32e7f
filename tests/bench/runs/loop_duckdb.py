"""The loop that a user of DuckDB writes in Python: corrupt a source with SQL, make every step's table
again, ask the outputs. All cores a query, as DuckDB does by itself. No check is run."""

import random
import time

import duckdb

import sources


class Loop:
    def __init__(self, folder):
        made, self.steps = sources.split(sources.pipeline(folder))
        self.sources = list(made)
        self.connection = duckdb.connect()
        self.connection.execute("create schema raw")
        for name, sql in made.items():
            self.connection.execute(f"create table raw.{name} as {sql}")

    def days(self, table, column):
        rows = self.connection.execute(f"select distinct {column} from raw.{table} order by 1")
        return [str(row[0]) for row in rows.fetchall()]

    def lost_days(self, table, column, share, seed):
        days = self.days(table, column)
        lost = random.Random(seed).sample(days, int(share * len(days) + 0.5))
        dates = ", ".join(f"date '{day}'" for day in lost)
        return f"select * from raw.{table} where {column} not in ({dates})"

    def fault(self, name, seed):
        """(the source, its corrupted rows), or (None, what the finance pack reads of the facts)."""
        self.connection.execute(f"select setseed({(seed % 1000) / 1000})")
        normal = "sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())"
        laplace = "(case when random() < 0.5 then 1 else -1 end) * -ln(1 - random()) * 0.3 / sqrt(2)"
        if name == "pack_built_early":
            days = self.days("orders", "order_date")
            last = ", ".join(f"date '{day}'" for day in days[-int(0.034 * len(days) + 0.5):])
            return None, f"(select * from fct_order_lines where order_date not in ({last}))"
        return {
            "orders_days_lost": lambda: ("orders", self.lost_days("orders", "order_date", 0.05, seed)),
            "lines_days_lost": lambda: ("order_lines", self.lost_days("order_lines", "sold_on", 0.05, seed)),
            "till_price_jitter": lambda: ("order_lines", "select * replace (case when random() < 0.5 then "
                f"unit_price * (1 + 0.03 * {normal}) else unit_price end as unit_price) from raw.order_lines"),
            "foreign_store_ids": lambda: ("orders", "select o.* replace (case when h.order_id is not null "
                "then store_id + 900 else store_id end as store_id) from raw.orders o left join (select order_id "
                "from raw.orders order by random() limit (select (count(*) * 0.001)::bigint from raw.orders)) h "
                "using (order_id)"),
            "sku_as_number": lambda: ("products", "select * replace (sku::bigint as sku) from raw.products"),
            "sku_renamed": lambda: ("products", "select * rename (sku as product_code) from raw.products"),
            "products_new_column": lambda: ("products", "select *, 'house' as brand from raw.products"),
            "costs_reordered": lambda: ("unit_costs", "select unit_cost, sku from raw.unit_costs"),
            "costs_outdated": lambda: ("unit_costs", f"select * replace (unit_cost * (1 + {laplace}) as unit_cost) "
                "from raw.unit_costs"),
            "fx_source_off": lambda: ("fx_rates", "select * replace (case when currency <> 'EUR' then to_eur * 1.12 "
                "else to_eur end as to_eur) from raw.fx_rates"),
            "fx_days_missing": lambda: ("fx_rates", self.lost_days("fx_rates", "rate_date", 0.2, seed)),
        }[name]()

    def run(self, corrupted=None, select=None):
        ask = self.connection.execute
        for name in self.sources:
            rows = select if name == corrupted else f"select * from raw.{name}"
            # The frame that was not corrupted is not copied either.
            ask(f"create or replace {'table' if name == corrupted else 'view'} {name} as {rows}")
        for name, sql in self.steps.items():
            if corrupted is None and select and name == "revenue_by_territory":
                sql = sql.replace("from fct_order_lines f", f"from {select} f")
            ask(f"create or replace table {name} as {sql}")
        return {metric: {k: float(v) for k, v in ask(sql).fetchall()}
                for metric, sql in sources.METRICS.items()}

    def trial(self, name, seed):
        """(seconds, processor seconds, metrics or None where the pipeline failed)."""
        for source in self.sources:  # a table here, a view there: the name has to be free
            for kind in ("view", "table"):
                try:
                    self.connection.execute(f"drop {kind} if exists {source}")
                except duckdb.CatalogException:
                    pass
        start, used = time.perf_counter(), time.process_time()
        try:
            metrics = self.run(*self.fault(name, seed))
        except duckdb.BinderException:
            metrics = None
        return time.perf_counter() - start, time.process_time() - used, metrics

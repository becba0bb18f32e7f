"""The floor: for each trial one statement written by hand, of the affected steps alone, on the engine
that faultline uses (its own libduckdb, called through ctypes), a statement on each core at a time.

By hand means what somebody who knows the pipeline would do: the unperturbed results are there, the
facts are materialised since several steps read them, and columns that nobody asks for are left out.
No check, no answer key, no attribution, no record.

There are two: the floor as such runs every step below the fault; the lower one also leaves out what reads
none of the columns that the fault changes, as somebody would who knows the fault as well.
"""

import ctypes
import random
import threading
import time

import sources


class Engine:
    """As much of DuckDB's C interface as is needed. A connection a thread; calls let others run."""

    def __init__(self, library):
        self.c = ctypes.CDLL(str(library))
        config = ctypes.c_void_p()
        self.c.duckdb_create_config(ctypes.byref(config))
        self.c.duckdb_set_config(config, b"threads", b"1")
        self.database = ctypes.c_void_p()
        error = ctypes.c_char_p()
        if self.c.duckdb_open_ext(b":memory:", ctypes.byref(self.database), config, ctypes.byref(error)):
            raise RuntimeError(error.value)
        self.c.duckdb_result_error.restype = ctypes.c_char_p
        self.c.duckdb_value_varchar.restype = ctypes.c_void_p
        self.c.duckdb_row_count.restype = ctypes.c_uint64

    def connect(self):
        connection = ctypes.c_void_p()
        self.c.duckdb_connect(self.database, ctypes.byref(connection))
        return connection

    def ask(self, connection, sql):
        """Rows of (metric, segment, value) as text; None where it fails."""
        result = (ctypes.c_uint64 * 8)()
        if self.c.duckdb_query(connection, sql.encode(), result):
            message = self.c.duckdb_result_error(result)
            self.c.duckdb_destroy_result(result)
            return message
        rows = []
        for r in range(self.c.duckdb_row_count(result)):
            row = []
            for column in range(3):
                pointer = self.c.duckdb_value_varchar(result, ctypes.c_uint64(column), ctypes.c_uint64(r))
                row.append(ctypes.string_at(pointer).decode() if pointer else None)
                self.c.duckdb_free(ctypes.c_void_p(pointer))
            rows.append(row)
        self.c.duckdb_destroy_result(result)
        return rows


NORMAL = "sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random())"
LAPLACE = "(case when random() < 0.5 then 1 else -1 end) * -ln(1 - random()) * 0.3 / sqrt(2)"
# What of a step's columns the metrics need; NULL stands for one that only the text mentions.
NEEDED = {
    "stg_orders": "order_id, order_date, store_id, NULL as channel, currency",
    "stg_lines": "NULL as line_id, order_id, sku, qty, net_local",
    "fct_order_lines": "NULL as line_id, order_id, order_date, store_id, sku, qty, net_eur",
    "fct_sales": "order_date, category, qty, net_eur, cost_eur",
}
BELOW_FACTS = ["fct_order_lines", "fct_sales", "daily_category", "revenue_by_territory",
               "margin_by_category", "demand_forecast"]
BELOW_SALES = [s for s in BELOW_FACTS if s not in ("fct_order_lines", "revenue_by_territory")]
AFFECTED = {
    "orders": ["stg_orders"] + BELOW_FACTS, "order_lines": ["stg_lines"] + BELOW_FACTS,
    "fx_rates": ["stg_fx"] + BELOW_FACTS, "products": ["stg_products"] + BELOW_SALES,
    "unit_costs": ["stg_costs"] + BELOW_SALES, None: ["revenue_by_territory"],
}
# Of faults that change one column: the steps that read it, and the metrics that are made of it.
NARROWER = {
    "foreign_store_ids": (["stg_orders", "fct_order_lines", "revenue_by_territory"], ["revenue", "orders"]),
    "till_price_jitter": (["stg_lines", "fct_order_lines", "fct_sales", "revenue_by_territory",
                           "margin_by_category"], ["revenue", "margin_rate", "margin"]),
}
ASKS = {"revenue": "revenue_by_territory", "orders": "revenue_by_territory",
        "margin_rate": "margin_by_category", "margin": "margin_by_category", "forecast": "demand_forecast"}


class Floor:
    def __init__(self, folder, library):
        made, self.steps = sources.split(sources.pipeline(folder))
        self.engine = Engine(library)
        self.connection = self.engine.connect()
        self.engine.ask(self.connection, "create schema base")
        for name, sql in (made | self.steps).items():
            failed = self.engine.ask(self.connection, f"create table {name} as {sql}")
            if isinstance(failed, bytes):
                raise RuntimeError(failed)
        self.days = {(t, c): [r[0] for r in self.engine.ask(
            self.connection, f"select distinct {c}::varchar, '', '' from {t} order by 1")]
            for t, c in (("orders", "order_date"), ("order_lines", "sold_on"), ("fx_rates", "rate_date"))}

    def close(self):
        self.engine.c.duckdb_disconnect(ctypes.byref(self.connection))
        self.engine.c.duckdb_close(ctypes.byref(self.engine.database))

    def all_but(self, table, column, lost, of=None):
        return (f"select * from main.{of or table} where {column} not in ("
                + ", ".join(f"date '{day}'" for day in lost) + ")")

    def lost(self, table, column, share, seed):
        days = self.days[table, column]
        return self.all_but(table, column, random.Random(seed).sample(days, int(share * len(days) + 0.5)))

    def fault(self, name, seed):
        if name == "pack_built_early":
            days = self.days["orders", "order_date"]
            return None, self.all_but("orders", "order_date", days[-int(0.034 * len(days) + 0.5):],
                                      "fct_order_lines")
        return {
            "orders_days_lost": lambda: ("orders", self.lost("orders", "order_date", 0.05, seed)),
            "lines_days_lost": lambda: ("order_lines", self.lost("order_lines", "sold_on", 0.05, seed)),
            "till_price_jitter": lambda: ("order_lines", "select * replace (case when random() < 0.5 then "
                f"unit_price * (1 + 0.03 * {NORMAL}) else unit_price end as unit_price) from main.order_lines"),
            "foreign_store_ids": lambda: ("orders", "select * replace (case when random() < 0.001 then "
                "store_id + 900 else store_id end as store_id) from main.orders"),
            "sku_as_number": lambda: ("products", "select * replace (sku::bigint as sku) from main.products"),
            "sku_renamed": lambda: ("products", "select * rename (sku as product_code) from main.products"),
            "products_new_column": lambda: ("products", "select *, 'house' as brand from main.products"),
            "costs_reordered": lambda: ("unit_costs", "select unit_cost, sku from main.unit_costs"),
            "costs_outdated": lambda: ("unit_costs", f"select * replace (unit_cost * (1 + {LAPLACE}) as "
                "unit_cost) from main.unit_costs"),
            "fx_source_off": lambda: ("fx_rates", "select * replace (case when currency <> 'EUR' then to_eur * "
                "1.12 else to_eur end as to_eur) from main.fx_rates"),
            "fx_days_missing": lambda: ("fx_rates", self.lost("fx_rates", "rate_date", 0.2, seed)),
        }[name]()

    def statement(self, name, seed, narrower=False):
        source, rows = self.fault(name, seed)
        affected, asked = AFFECTED[source], list(ASKS)
        if narrower and name in NARROWER:
            affected, asked = NARROWER[name]
        parts = [f"{source or 'fct_order_lines'} as ({rows})"]
        readers = {"fct_order_lines": ("fct_sales", "revenue_by_territory"),
                   "fct_sales": ("daily_category", "margin_by_category")}
        for step in affected:
            several = all(reader in affected for reader in readers.get(step, ("nobody",)))
            hint = "materialized " if several else ""
            parts.append(f"{step} as {hint}(select {NEEDED.get(step, '*')} from ({self.steps[step]}))")
        asks = " union all ".join(
            f"select '{metric}' as metric, * from ({sql}) as t(segment, value)"
            for metric, sql in sources.METRICS.items() if metric in asked and ASKS[metric] in affected)
        return f"with {', '.join(parts)} {asks}"

    def run(self, trials, workers, narrower=False):
        """Runs [(fault, seed), …]: seconds, processor seconds, the answers by trial."""
        answers, left, turn = {}, list(trials), threading.Lock()

        def work():
            connection = self.engine.connect()
            while True:
                with turn:
                    if not left:
                        break
                    trial = left.pop(0)
                answers[trial] = self.engine.ask(connection, self.statement(*trial, narrower))
            self.engine.c.duckdb_disconnect(ctypes.byref(connection))

        threads = [threading.Thread(target=work) for _ in range(workers)]
        start, used = time.perf_counter(), time.process_time()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return time.perf_counter() - start, time.process_time() - used, answers

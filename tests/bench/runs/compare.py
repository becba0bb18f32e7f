"""Trials a second: faultline, the loops a user would write, and the floor; one table.

    compare.py PROGRAM LIBDUCKDB FOLDER [--rows 10000,1000000,10000000] [--only PIECE,…] [--json FILE]

Pieces: trivial, dag, and one for each number of rows. Within a piece contenders take turns, so that what
else the machine does hits them alike; only ratios within one piece mean something.
"""

import argparse
import collections
import json
import math
import os
import pathlib
import platform
import statistics
import sys
import time

import faultline_run
import floor
import layered_dag
import loop_duckdb
import loop_pandas
import store_sales_scaled
import trivial

CORES = os.cpu_count()
REPLICATES = {10_000: 16, 1_000_000: 2, 10_000_000: 1}  # of each fault that draws
WHO = ("faultline", "faultline, no checks", "floor", "floor, fewer columns", "DuckDB loop", "pandas loop")
PAIRS = (("times the pandas loop", "faultline", "pandas loop"),
         ("times the DuckDB loop", "faultline", "DuckDB loop"),
         ("of the floor", "faultline, no checks", "floor"),
         ("of the lower floor", "faultline, no checks", "floor, fewer columns"))
LARGE = 10_000_000  # from here on few trials, and no profiles of nodes


def say(text):
    print(text, file=sys.stderr, flush=True)


def faults_of(trials):
    """How many trials each fault has in faultline's run."""
    return collections.Counter(next(iter(t["severities"])) for t in trials if t["severities"])


def series(base):
    for one in base["series"]:
        segment = one["segment"] or {}
        yield one["metric"], " ".join(str(v) for v in segment.values())


def values_of(run, fault):
    """The numbers of every trial of a fault: [{(metric, segment): value}]."""
    names = list(series(run["base"]))
    return [dict(zip(names, t["values"])) for t in run["trials"]
            if list(t["severities"]) == [fault] and t["values"] and t["outcome"] != "crashed"]


def agreement(run, contender, deterministic):
    """Holds a loop's numbers against faultline's; returns what disagrees, in words."""
    wrong = []
    for fault, metrics in contender.items():
        ours = values_of(run, fault)
        if metrics is None or not ours:
            if (metrics is None) != (not ours):
                wrong.append(f"{fault}: fails in one of the two")
            continue
        for (metric, segment) in ours[0]:
            theirs = metrics[metric].get(segment)
            known = [v[metric, segment] for v in ours if v[metric, segment] is not None]
            if theirs is None or not known:
                if theirs is not None or known:
                    wrong.append(f"{fault}: {metric} {segment} is there in one of the two")
            elif fault in deterministic:
                if not math.isclose(theirs, known[0], rel_tol=1e-9):
                    wrong.append(f"{fault}: {metric} {segment} {theirs} and {known[0]}")
            elif len(known) < 8:
                pass  # too few to know their spread: the smaller sizes have sixteen
            elif abs(theirs - statistics.mean(known)) > 8 * statistics.stdev(known) + 1e-9 * abs(theirs):
                # Other draws, the same distribution.
                wrong.append(f"{fault}: {metric} {segment} {theirs} is far from {known[:3]}")
    return wrong


def loop_seconds(trial, counts, one_fault=None):
    """(seconds, processor seconds) for all the trials, from one of each fault or of one; answers."""
    seconds, processor, answers = 0, 0, {}
    for fault in ([one_fault] if one_fault else counts):
        took, used, answers[fault] = trial(fault, 1)
        times = sum(counts.values()) if one_fault else counts[fault]
        seconds, processor = seconds + took * times, processor + used * times
    return seconds, processor, answers


def store_sales(program, library, folder, rows):
    place = folder / f"store_sales_{rows}"
    store_sales_scaled.write(place, rows, REPLICATES.get(rows, 2))
    scenario = place / "scenario.json"
    bare = place / "without_checks.json"
    document = loop_json(scenario)
    document["profile"] = 0
    if rows >= LARGE:
        scenario.write_text(json.dumps(document))
    document["checks"] = []
    bare.write_text(json.dumps(document))
    ours, ours_bare, by_hand, by_hand_narrower = [], [], [], []
    for turn in range(2 if rows < 1_000_000 else 1):
        say(f"  {rows} rows, turn {turn + 1}")
        ours.append(faultline_run.run(program, scenario, place / "out", CORES))
        ours_bare.append(faultline_run.run(program, bare, place / "out_bare", CORES))
        counts = faults_of(ours_bare[-1]["trials"])
        trials = [(fault, seed) for fault, n in counts.items() for seed in range(n)]
        # Its memory is not there while another contender runs.
        hand = floor.Floor(place, library)
        took, used, answers = hand.run(trials, CORES)
        by_hand.append((took, used))
        took, used, narrower_answers = hand.run(trials, CORES, narrower=True)
        by_hand_narrower.append((took, used))
        hand.close()
    n = sum(counts.values())
    deterministic = set(counts) - {f for f, c in counts.items() if c > 1}

    base = dict(zip(series(ours[0]["base"]), ours[0]["base"]["values"]))
    floor_answers = {fault: with_base(answer, base) for (fault, seed), answer in answers.items() if seed == 0}
    narrower = {fault: with_base(answer, base) for (fault, seed), answer in narrower_answers.items() if seed == 0}
    say("  loops")
    duck = loop_duckdb.Loop(place)
    duck_seconds, duck_used, duck_answers = loop_seconds(duck.trial, counts)
    del duck
    frames = loop_pandas.load(place)
    large = rows >= LARGE
    pandas_seconds, pandas_used, pandas_answers = loop_seconds(
        lambda fault, seed: loop_pandas.trial(fault, frames, seed), counts,
        "lines_days_lost" if large else None)
    wrong = {who: agreement(ours_bare[0], what, deterministic) for who, what in
             (("floor", floor_answers), ("floor, fewer columns", narrower), ("DuckDB loop", duck_answers),
              ("pandas loop", pandas_answers))}
    rate = lambda seconds: n / seconds
    best = lambda runs, what: min(run[what] for run in runs)
    return {
        "rows": rows, "trials": n, "faults": len(counts),
        "rate": {
            "faultline": rate(best(ours, "seconds")), "faultline, no checks": rate(best(ours_bare, "seconds")),
            "floor": rate(min(took for took, _ in by_hand)),
            "floor, fewer columns": rate(min(took for took, _ in by_hand_narrower)),
            "DuckDB loop": rate(duck_seconds),
            "pandas loop": rate(pandas_seconds)},
        "processor": {
            "faultline": best(ours, "processor") / n, "faultline, no checks": best(ours_bare, "processor") / n,
            "floor": min(used for _, used in by_hand) / n,
            "floor, fewer columns": min(used for _, used in by_hand_narrower) / n,
            "DuckDB loop": duck_used / n,
            "pandas loop": pandas_used / n},
        "setup": min(run["setup"] for run in ours), "after": min(run["after"] for run in ours),
        "approximate": ours[0]["result"]["approximate"], "executions": ours[0]["result"]["executions"],
        "disagreements": wrong,
    }


def with_base(answer, base):
    """{metric: {segment: value}} of a floor's answer; what it does not ask is the base's. None: it failed."""
    if isinstance(answer, bytes):
        return None
    metrics = collections.defaultdict(dict)
    for metric, segment, value in answer:
        metrics[metric][segment] = float(value)
    for metric, _ in base:
        if metric not in metrics:
            metrics[metric] = {s: v for (m, s), v in base.items() if m == metric}
    return metrics


def loop_json(path):
    import re
    return json.loads(re.sub(r"^\s*//.*$", "", path.read_text(), flags=re.MULTILINE))


def overhead(program, library, folder):
    trivial.write(folder / "trivial", 1000)
    engine = floor.Engine(library)
    connection = engine.connect()
    engine.ask(connection, f"create table a as {trivial.ROWS}")
    ours, by_hand, ours_used, by_hand_used = [], [], [], []
    for _ in range(3):
        run = faultline_run.run(program, folder / "trivial" / "scenario.json", folder / "trivial" / "out", 1)
        ours.append(1000 * run["seconds"] / len(run["trials"]))
        ours_used.append(1000 * run["processor"] / len(run["trials"]))
        start, used = time.perf_counter(), time.process_time()
        for _ in range(1000):
            engine.ask(connection, trivial.by_hand())
        by_hand.append(time.perf_counter() - start)
        by_hand_used.append(time.process_time() - used)
    return {"trial_ms": min(ours), "by_hand_ms": min(by_hand), "overhead_ms": min(ours) - min(by_hand),
            "processor_overhead_ms": min(ours_used) - min(by_hand_used)}


def dag(program, folder):
    rows = 32
    k = layered_dag.write(folder / "dag", rows)
    scenario = folder / "dag" / "scenario.json"
    scenario.write_text(json.dumps(json.loads(scenario.read_text()) | {"profile": 0}))
    run = faultline_run.run(program, scenario, folder / "dag" / "out", CORES)
    steps, executed = 90, run["result"]["executions"]["run"]
    return {"factors": k, "rows": rows, "trials": len(run["trials"]), "executed": executed,
            "full_runs_a_row": executed / steps / rows, "black_box": k + 2,
            "processor_ms": 1000 * run["processor"] / len(run["trials"]),
            "trials_per_second": len(run["trials"]) / run["seconds"]}


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (f"{model}, {CORES} cores, {memory:.0f} GiB, {platform.system()} {platform.release().split('-')[0]}; "
            f"load before {os.getloadavg()[0]:.1f}")


def print_tables(results):
    print(results["machine"])
    sizes = [results[p] for p in results if p.isdigit()]
    if sizes:
        rows = lambda one: "".join(one(s) for s in sizes)
        print(f"\n{'rows of order_lines':26}" + rows(lambda s: f"{s['rows']:>14,}"))
        print("trials a second, all cores")
        for who in WHO:
            print(f"  {who:24}" + rows(lambda s: f"{s['rate'][who]:14.2f}"))
        for label, a, b in PAIRS:
            print(f"  {label:24}" + rows(lambda s: f"{s['rate'][a] / s['rate'][b]:13.2f}x"))
        print("processor seconds a trial")
        for who in WHO:
            print(f"  {who:24}" + rows(lambda s: f"{s['processor'][who]:14.3f}"))
        for label, a, b in PAIRS:
            print(f"  {label:24}" + rows(lambda s: f"{s['processor'][b] / s['processor'][a]:13.2f}x"))
        print(f"{'set-up, s':26}" + "".join(f"{s['setup']:14.1f}" for s in sizes))
        print(f"{'profiles and guards, s':26}" + "".join(f"{s['after']:14.1f}" for s in sizes)
              + f"   (of the processor, once a run; none from {LARGE:,} rows on)")
        print(f"{'threads a trial':26}" + "".join(f"{CORES if s['approximate'] else 1:>14}" for s in sizes)
              + "   (by the size of the largest source: all from 2 GiB on, else one and several trials at once)")
        print(f"{'trials':26}" + "".join(f"{s['trials']:14d}" for s in sizes))
        for s in sizes:
            for who, wrong in s["disagreements"].items():
                print(f"{s['rows']:,} rows, {who}: " + ("numbers agree" if not wrong else "; ".join(wrong[:3])))
    if "trivial" in results:
        t = results["trivial"]
        print(f"\ntrivial pipeline, one worker: {t['trial_ms']:.2f} ms a trial, {t['by_hand_ms']:.2f} ms by hand, "
              f"{t['overhead_ms']:.2f} ms beyond the engine, {t['processor_overhead_ms']:.2f} of them processor time")
    if "dag" in results:
        d = results["dag"]
        print(f"Sobol' on 100 nodes, k = {d['factors']}: {d['full_runs_a_row']:.2f} full runs a row "
              f"(k + 2 = {d['black_box']}), {d['trials_per_second']:.0f} trials/s, "
              f"{d['processor_ms']:.0f} ms of the processor a trial")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("library", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--rows", default="10000,1000000,10000000")
    parser.add_argument("--only", default="")
    parser.add_argument("--json", type=pathlib.Path)
    arguments = parser.parse_args()
    pieces = ["trivial", "dag"] + arguments.rows.split(",")
    if arguments.only:
        pieces = arguments.only.split(",")
    results = {"machine": machine()}
    for piece in pieces:
        say(piece)
        if piece == "trivial":
            results[piece] = overhead(arguments.program, arguments.library, arguments.folder)
        elif piece == "dag":
            results[piece] = dag(arguments.program, arguments.folder)
        else:
            results[piece] = store_sales(arguments.program, arguments.library, arguments.folder, int(piece))
    print_tables(results)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n")

"""S1 and ST with intervals, of the same runs, by faultline, SALib and OpenTURNS, one after the other in
one process each. Prints a Markdown table; `--json FILE` keeps the numbers. Exits with 1 where estimates differ.

The model is a sum of squares with one interaction, on independent points in SALib's order; all three
are handed the outputs and time the analysis alone. Resamples: 100 everywhere.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("OPENTURNS_NUM_THREADS", str(os.cpu_count()))

import numpy as np
import openturns as ot
from SALib.analyze import sobol as salib

RESAMPLES = 100


def outputs_of(k, n, outputs, seed):
    """(k + 2) n × outputs, by column: runs in SALib's order (for each base row A, AB_1 … AB_k, B). An output
    is the model with its inputs turned by one more. The inputs are never all in memory."""
    random = np.random.default_rng(seed)
    weights = np.array([np.roll(1 / np.arange(1, k + 1), o) for o in range(outputs)]).T
    turn = np.arange(outputs) % k
    y = np.empty(((k + 2) * n, outputs), order="F")
    for start in range(0, n, 256):
        base = random.random((min(256, n - start), 2 * k))
        x = np.repeat(base[:, None, :k], k + 2, axis=1)
        for j in range(k):
            x[:, 1 + j, j] = base[:, k + j]
        x[:, k + 1, :] = base[:, k:]
        x = x.reshape(-1, k)
        y[start * (k + 2):start * (k + 2) + len(x)] = x ** 2 @ weights + 2 * x[:, turn] * x[:, (turn + 1) % k]
    return y


def best_of(work, least_seconds=1.0, most=20):
    best, spent, count, result = float("inf"), 0.0, 0, None
    while count == 0 or (spent < least_seconds and count < most):
        start = time.perf_counter()
        result = work()
        taken = time.perf_counter() - start
        best, spent, count = min(best, taken), spent + taken, count + 1
    return best, result


def by_salib(y, k):
    problem = {"num_vars": k, "names": [f"x{j}" for j in range(k)], "bounds": [[0, 1]] * k}

    def work():
        return [salib.analyze(problem, y[:, o], calc_second_order=False, num_resamples=RESAMPLES, seed=1)
                for o in range(y.shape[1])]
    return best_of(work)


def by_openturns(y, k, n):
    """OpenTURNS wants A, then B, then each AB_j whole; of the inputs it uses the shape alone."""
    order = np.concatenate([np.arange(n) * (k + 2), np.arange(n) * (k + 2) + k + 1]
                           + [np.arange(n) * (k + 2) + 1 + j for j in range(k)])
    inputs, outputs = ot.Sample(len(order), k), [ot.Sample(y[order, o:o + 1]) for o in range(y.shape[1])]

    def work():
        found = []
        for output in outputs:
            algorithm = ot.MartinezSensitivityAlgorithm(inputs, output, n)
            algorithm.setUseAsymptoticDistribution(False)
            algorithm.setBootstrapSize(RESAMPLES)
            found.append((np.array(algorithm.getFirstOrderIndices()), np.array(algorithm.getTotalOrderIndices())))
            algorithm.getFirstOrderIndicesInterval()
            algorithm.getTotalOrderIndicesInterval()
        return found
    return best_of(work)


def by_faultline(binary, y, k):
    with tempfile.NamedTemporaryFile() as file:
        y.T.tofile(file.name)  # by column
        done = subprocess.run([binary, file.name, str(k), str(y.shape[1]), str(RESAMPLES)],
                              capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary")
    arguments.add_argument("--quick", action="store_true", help="only what takes seconds")
    arguments.add_argument("--json", help="where to keep the numbers")
    given = arguments.parse_args()
    cases = [(10, 2**10, 1), (100, 2**10, 1), (10, 2**10, 100)]
    if not given.quick:
        cases += [(10, 2**16, 1), (100, 2**10, 100), (100, 2**16, 1), (10, 2**16, 100)]
    print("| k | N | outputs | reading once | 8 replicates | delta | bootstrap, Saltelli | SALib | times "
          "| bootstrap, Martinez | OpenTURNS | times |")
    print("| --- " * 12 + "|")
    rows, wrong = [], 0
    for k, n, outputs in cases:
        y = outputs_of(k, n, outputs, 1)
        ours = by_faultline(given.binary, y, k)
        # The peers take an output at a time: where one takes long, two stand for all.
        part = outputs if n * k * outputs <= 2**17 else min(outputs, 2)
        scale = outputs / part
        salib_seconds, of_salib = by_salib(y[:, :part], k)
        turns_seconds, of_turns = by_openturns(y[:, :part], k, n)
        salib_seconds, turns_seconds = salib_seconds * scale, turns_seconds * scale
        differences = [np.abs(np.array(ours["S1_saltelli"]) - of_salib[0]["S1"]).max(),
                       np.abs(np.array(ours["ST"]) - of_salib[0]["ST"]).max(),
                       np.abs(np.array(ours["S1"]) - of_turns[0][0]).max()]
        wrong += max(differences) > 1e-9
        ms = [1000 * ours[key] for key in ("reading", "replicates", "delta", "saltelli")]
        print(f"| {k} | {n:,} | {outputs} | " + " | ".join(f"{value:.3g} ms" for value in ms)
              + f" | {1000 * salib_seconds:.4g} ms | {salib_seconds / ours['saltelli']:.0f}"
              + f" | {1000 * ours['martinez']:.3g} ms | {1000 * turns_seconds:.4g} ms"
              + f" | {turns_seconds / ours['martinez']:.0f} |", flush=True)
        rows.append({"k": k, "N": n, "outputs": outputs, "peers_timed": part, "salib": salib_seconds,
                     "openturns": turns_seconds, "largest_difference": max(map(float, differences)),
                     **{key: ours[key] for key in ("reading", "replicates", "delta", "saltelli", "martinez")}})
    print(f"\nlargest difference of an estimate: {max(row['largest_difference'] for row in rows):.1e}")
    if given.json:
        with open(given.json, "w") as file:
            json.dump(rows, file, indent=1)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Makes salib.json: small samples, outputs, and what SALib computes from them.

The tests read the file and need no Python. To make it anew:

    python3 -m venv /tmp/peers && /tmp/peers/bin/pip install SALib==1.6.0
    /tmp/peers/bin/python tests/unit/analysis/peers/make_golden.py
"""
import json
import pathlib
from importlib.metadata import version

import numpy as np
from SALib.analyze import morris as morris_analyze
from SALib.analyze import sobol as sobol_analyze
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(x):
    a = np.array([0, 1, 4.5, 9])
    return np.prod((np.abs(4 * x - 2) + a) / (1 + a), axis=1)


def shifted(x):
    return 1000 + x[:, 0] * 5 - x[:, 1] + x[:, 0] * x[:, 2]


def problem(bounds):
    return {"num_vars": len(bounds), "names": [f"x{i+1}" for i in range(len(bounds))], "bounds": bounds}


def main():
    cases = {"salib": version("SALib"), "sobol": [], "morris": []}
    for name, function, bounds, second, rows in [
        ("ishigami", ishigami, [[-np.pi, np.pi]] * 3, True, 32),
        ("sobol g", sobol_g, [[0, 1]] * 4, False, 64),
        ("shifted", shifted, [[0, 1], [0, 2], [-1, 1]], True, 16),
        ("one factor", lambda x: np.exp(x[:, 0]), [[0, 1]], False, 16),
    ]:
        p = problem(bounds)
        x = sobol_sample.sample(p, rows, calc_second_order=second, seed=7)
        y = function(x)
        found = sobol_analyze.analyze(p, y, calc_second_order=second, num_resamples=10, seed=1)
        case = {"name": name, "factors": len(bounds), "second_order": second, "y": y.tolist(),
                "S1": found["S1"].tolist(), "ST": found["ST"].tolist()}
        if second:
            case["S2"] = [found["S2"][j, l] for j in range(len(bounds)) for l in range(j + 1, len(bounds))]
        cases["sobol"].append(case)
    for name, function, bounds, levels in [
        ("ishigami", ishigami, [[-np.pi, np.pi]] * 3, 4),
        ("sobol g", sobol_g, [[0, 1]] * 4, 6),
        ("shifted", shifted, [[0, 1], [0, 2], [-1, 1]], 4),
    ]:
        p = problem(bounds)
        x = morris_sample.sample(p, 10, num_levels=levels, seed=7)
        y = function(x)
        found = morris_analyze.analyze(p, x, y, num_levels=levels, num_resamples=10, seed=1)
        low, high = np.array(bounds).T
        cases["morris"].append(
            {"name": name, "factors": len(bounds), "x": ((x - low) / (high - low)).ravel().tolist(),
             "y": y.tolist(), "mu": [float(v) for v in found["mu"]],
             "mu_star": [float(v) for v in found["mu_star"]],
             "sigma": [float(v) for v in found["sigma"]]})
    pathlib.Path(__file__).with_name("salib.json").write_text(json.dumps(cases, indent=0) + "\n")


if __name__ == "__main__":
    main()

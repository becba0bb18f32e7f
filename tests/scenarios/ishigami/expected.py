#!/usr/bin/env python3
"""Writes expected.json: what a one-at-a-time run of the Ishigami pipeline must measure.

The pipeline is y = sin(x1) + a sin(x2)^2 + b x3^4 sin(x1) with a = 7, b = 0.1 (Ishigami and Homma 1990),
one node a variable. Each scenario maps the severity s of `shift` onto delta = -pi + 2 pi s, so the effect
of x_j alone at s is y(base with x_j + delta) - y(base), a number that needs no estimating.

Usage: python3 expected.py > expected.json
"""
import json
import math
import sys

A, B = 7.0, 0.1
CASES = {
    "scenario.json": {"base": (0.0, 0.0, 0.0), "levels": (0.0, 0.25, 0.75, 1.0)},
    "scenario_ones.json": {"base": (1.0, 1.0, 1.0), "levels": (0.0, 0.1, 0.3, 0.6, 0.9, 1.0)},
}
TOLERANCE = 1.0  # absolute, as in both scenarios


def ishigami(x):
    return math.sin(x[0]) + A * math.sin(x[1]) ** 2 + B * x[2] ** 4 * math.sin(x[0])


def effects(base, levels):
    for j in range(3):
        for level in levels:
            moved = list(base)
            moved[j] += -math.pi + 2 * math.pi * level
            yield {"node": f"x{j + 1}", "perturbation": f"shift_x{j + 1}", "severity": level,
                   "effect": ishigami(moved) - ishigami(base)}


def expectation(case):
    rows = list(effects(case["base"], case["levels"]))
    worst = max(rows, key=lambda row: abs(row["effect"]))
    return {"base": ishigami(case["base"]), "effects": rows, "top_node": worst["node"],
            "top_damage": abs(worst["effect"]) / TOLERANCE, "verdict": "deviated", "exit_code": 1}


json.dump({name: expectation(case) for name, case in CASES.items()}, sys.stdout, indent=2)
print()

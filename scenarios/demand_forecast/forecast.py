"""Demand for the coming days: exponential smoothing with a weekly season.

Reads product,day,pieces; writes product,day,pieces,margin, where margin is what to keep besides for
days that sell better than expected. Standard library only.
"""
import argparse
import csv
import datetime
import statistics

LEVEL, SEASON, WEEK = 0.25, 0.15, 7


def read(path):
    """Product -> [(day, pieces)], by day."""
    series = {}
    with open(path, newline="") as file:
        for row in csv.DictReader(file):
            # A day without a number counts as a day without sales. Reasonable, and a trap.
            pieces = float(row["pieces"] or 0)
            series.setdefault(row["product"], []).append((datetime.date.fromisoformat(row["day"]), pieces))
    return {product: sorted(points) for product, points in sorted(series.items())}


def smooth(points):
    """The level, seven seasonal factors by weekday, and the errors of one step ahead."""
    first = [pieces for _, pieces in points[:2 * WEEK]]
    level = statistics.fmean(first)
    season = [1.0] * WEEK
    errors = []
    for day, pieces in points:
        weekday = day.weekday()
        errors.append(pieces - level * season[weekday])
        if season[weekday] > 0:
            level += LEVEL * (pieces / season[weekday] - level)
        if level > 0:
            season[weekday] += SEASON * (pieces / level - season[weekday])
    return level, season, errors[2 * WEEK:]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("demand")
    arguments.add_argument("out")
    arguments.add_argument("--days", type=int, default=WEEK)
    options = arguments.parse_args()

    with open(options.out, "w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["product", "day", "pieces", "margin"])
        for product, points in read(options.demand).items():
            level, season, errors = smooth(points)
            margin = statistics.pstdev(errors) if len(errors) > 1 else 0.0
            last = points[-1][0]
            for ahead in range(1, options.days + 1):
                day = last + datetime.timedelta(days=ahead)
                out.writerow([product, day.isoformat(), round(level * season[day.weekday()], 3), round(margin, 3)])


if __name__ == "__main__":
    main()

"""Is yesterday unusual? Each product's last day beside the same weekdays before it.

Reads product,day,pieces as one JSON object a line; writes product, score (how many standard deviations
from the mean of those days) and unusual. Standard library only.
"""
import datetime
import json
import statistics
import sys

LIMIT = 4.0


def main():
    source, target = sys.argv[1:]
    series = {}
    with open(source) as file:
        for line in file:
            row = json.loads(line)
            series.setdefault(row["product"], []).append((datetime.date.fromisoformat(row["day"]), row["pieces"]))
    with open(target, "w") as file:
        for product, points in sorted(series.items()):
            points.sort()
            day, pieces = points[-1]
            past = [p for d, p in points[:-1] if d.weekday() == day.weekday()]
            score = 0.0
            if len(past) > 2 and statistics.stdev(past) > 0:
                score = (pieces - statistics.fmean(past)) / statistics.stdev(past)
            print(json.dumps({"product": product, "score": round(score, 4), "unusual": abs(score) > LIMIT}), file=file)


if __name__ == "__main__":
    main()

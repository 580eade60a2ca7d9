"""Writes quantiles of the studentized range as SciPy computes them: tests/parity/studentized_range.json.

usage: make_studentized_range.py > studentized_range.json      (made with SciPy 1.17.1; needs: pip install scipy)
Each row is [p, groups, degrees of freedom (0: infinitely many), quantile, SciPy's p of that quantile].
"""
import json
from scipy.stats import studentized_range

GROUPS = [2, 3, 4, 6, 12, 30, 100]
FREEDOM = [1, 2, 3, 4, 6, 10, 24, 60, 200, 1000, float("inf")]

rows = []
for p in (0.5, 0.95, 0.99):
    for groups in GROUPS:
        for freedom in FREEDOM:
            quantile = float(studentized_range.ppf(p, groups, freedom))
            back = float(studentized_range.cdf(quantile, groups, freedom))
            rows.append([p, groups, 0 if freedom == float("inf") else freedom, quantile, back])
print("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]")

"""Writes critical values of Dunnett's two-sided test by adaptive quadrature: tests/parity/dunnett.json.

usage: make_dunnett.py > dunnett.json                  (made with SciPy 1.17.1; needs: pip install scipy)
Each row is [level, degrees of freedom (0: infinitely many), seeds of the baseline, seeds of each change, critical
value, level by the multivariate t that scipy.stats.dunnett uses (random points: 3 to 4 digits; 0 where not computed)].
The last row of "samples" are data and their intervals by scipy.stats.dunnett itself.
"""
import json
import math
import numpy as np
from scipy import integrate, optimize, stats
from scipy.special import gammaln, ndtr
from scipy.stats._multicomp import _pvalue_dunnett

DESIGNS = [
    (1, [3]), (3, [3, 3]), (2, [2] * 5), (3, [3] * 11), (9, [3] * 11), (5, [5] * 23), (24, [5] * 23), (30, [10] * 11),
    (2, [10, 10]), (10, [2, 2, 2]), (4, [2, 3, 5]), (1, [2, 3]), (6, [3, 3, 2, 6, 3]), (3, [1, 3, 30]),
]
FREEDOM = [1, 2, 4, 10, 24, 60, 300, math.inf]


def inside(w, n0, counts):
    """The probability that all statistics are at most w, with a known spread."""
    shares = [n / (n + n0) for n in counts]
    groups = [(math.sqrt(s), math.sqrt(1 - s), shares.count(s)) for s in sorted(set(shares))]

    def term(z):
        p = math.exp(-z * z / 2) / math.sqrt(2 * math.pi)
        for a, b, count in groups:
            p *= (ndtr((a * z + w) / b) - ndtr((a * z - w) / b)) ** count
        return p

    cuts = sorted({0.0} | {min(w / a, 9.0) for a, _, _ in groups})
    return 2 * integrate.quad(term, 0, 9.5, points=cuts, epsabs=1e-13, epsrel=1e-11, limit=400)[0]


def level(c, freedom, n0, counts):
    if math.isinf(freedom):
        return inside(c, n0, counts)
    log_front = math.log(2) + freedom / 2 * math.log(freedom / 2) - gammaln(freedom / 2)

    def term(s):  # s: the estimate of the spread, chi over the root of its freedom
        if s <= 0:
            return 0.0
        return math.exp(log_front + (freedom - 1) * math.log(s) - freedom * s * s / 2) * inside(c * s, n0, counts)

    width = 1 / math.sqrt(2 * freedom)
    top = 1 + 14 * width
    cuts = [x for x in (max(1 - 6 * width, 0.02), 1 - 2 * width, 1.0, 1 + 3 * width) if 0 < x < top]
    return integrate.quad(term, 0, top, points=cuts, epsabs=1e-11, epsrel=1e-10, limit=200)[0]


def scipys(c, freedom, n0, counts):
    n = np.array(counts)
    shares = np.sqrt(n / (n + n0))
    rho = np.outer(shares, shares)
    np.fill_diagonal(rho, 1)
    return 1 - float(np.atleast_1d(_pvalue_dunnett(rho, freedom, np.array([c]), "two-sided", np.random.default_rng(1)))[0])


rows = []
for p in (0.95, 0.99):
    for n0, counts in DESIGNS:
        for freedom in FREEDOM:
            if p == 0.99 and freedom not in (2, 10, math.inf):
                continue
            f = lambda c: level(c, freedom, n0, counts) - p
            low, high = 1.0, 4.0
            while f(high) < 0:
                low, high = high, 2 * high
            c = optimize.brentq(f, low, high, xtol=1e-8, rtol=1e-9)
            back = scipys(c, freedom, n0, counts) if math.isfinite(freedom) and len(counts) > 1 else 0
            rows.append([p, 0 if math.isinf(freedom) else freedom, n0, counts, c, back])

# Dunnett (1955), blood counts of animals under two drugs.
control = [7.40, 8.50, 7.20, 8.24, 9.84, 8.32]
drugs = [[9.76, 8.80, 7.68, 9.36], [12.80, 9.68, 12.16, 9.20, 10.55]]
found = stats.dunnett(*drugs, control=control, rng=np.random.default_rng(3))
interval = found.confidence_interval(0.95)
samples = {"control": control, "drugs": drugs, "low": list(interval.low), "high": list(interval.high)}
print('{\n"critical": [\n' + ",\n".join(json.dumps(row) for row in rows) + '\n],\n"samples": ' + json.dumps(samples) + "\n}")

"""The search that learns beside Optuna's TPE, random and Sobol points: compare.py REGRETS [BATCH] [SEEDS].

REGRETS has what `RUNNER_SIMULATIONS=30 cargo test --test soak tpe_regrets -- --nocapture` prints. Optuna searches the same
problems here, with the same batches: multivariate, once with its constant liar and once without; the better one of both counts. A
regret is 0 at the best of a problem and 1 at the median of its space. The difference of two searches is paired by problem and seed;
its interval is a bootstrap over the seeds of each problem.
"""
import math
import pathlib
import random
import statistics
import sys
import warnings

import optuna

warnings.filterwarnings("ignore")
optuna.logging.set_verbosity(optuna.logging.ERROR)
FOLDER = pathlib.Path(__file__).parent


def branin(x):
    a, b = 15 * x[0] - 5, 15 * x[1]
    return (b - 5.1 / (4 * math.pi**2) * a * a + 5 / math.pi * a - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(a) + 10


def hartmann6(x):
    a = [[10, 3, 17, 3.5, 1.7, 8], [.05, 10, 17, .1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, .05, 10, .1, 14]]
    p = [[1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991],
         [2348, 1451, 3522, 2883, 3047, 6650], [4047, 8828, 8732, 5743, 1091, 381]]
    inner = [sum(a[i][j] * (x[j] - 1e-4 * p[i][j]) ** 2 for j in range(6)) for i in range(4)]
    return -sum(c * math.exp(-s) for c, s in zip([1, 1.2, 3, 3.2], inner))


def function(of, axes):
    return lambda trial: of([trial.suggest_float(f"x{i}", 0, 1) for i in range(axes)])


def table(path):
    """As `table` of tests/soak/tpe.rs: numbers from ranges, taken to the nearest value."""
    lines = path.read_text().splitlines()
    kinds, keys = lines[0][2:].split(","), lines[1].split(",")[:-1]
    rows = [line.split(",") for line in lines[2:]]
    values = [list(dict.fromkeys(row[i] for row in rows)) for i in range(len(kinds))]
    found = {tuple(row[:-1]): math.inf if row[-1] == "nan" else -float(row[-1]) for row in rows}

    def value(trial):
        cell = []
        for kind, key, of_axis in zip(kinds, keys, values):
            if kind == "choice":
                cell.append(trial.suggest_categorical(key, of_axis))
                continue
            scale = math.log if kind == "log" else float
            numbers = sorted(map(float, of_axis))
            drawn = trial.suggest_float(key, numbers[0], numbers[-1], log=kind == "log")
            cell.append(min(sorted(of_axis, key=float), key=lambda v: abs(scale(float(v)) - scale(drawn))))
        return found[tuple(cell)]

    return value


def optuna_regrets(name, value, facts, batch, seeds, liar):
    best, median = facts[name]
    found = {}
    for seed in range(seeds):
        sampler = optuna.samplers.TPESampler(seed=seed, multivariate=True, constant_liar=liar)
        study, least, done = optuna.create_study(sampler=sampler), math.inf, 0
        while done < 100:
            trials = [study.ask() for _ in range(min(batch, 100 - done))]
            for trial, result in [(trial, value(trial)) for trial in trials]:
                # Optuna refuses infinities; a diverged trial is far worse than all others.
                study.tell(trial, result if math.isfinite(result) else 1e9)
                least, done = min(least, result), done + 1
                if done in (25, 50, 100):
                    found[name, seed, done] = (least - best) / (median - best)
    return found


def interval(of_problems, statistic, draws=4000):
    """The 95 % interval of a statistic of problems, each a list by seed; problems stay, seeds are drawn."""
    rng = random.Random(1)
    drawn = []
    for _ in range(draws):
        picks = [[rng.randrange(len(rows)) for _ in rows] for rows in of_problems]
        drawn.append(statistic([[rows[i] for i in pick] for rows, pick in zip(of_problems, picks)]))
    drawn.sort()
    return drawn[int(0.025 * draws)], drawn[int(0.975 * draws)]


def mean_difference(rows):
    return statistics.mean(statistics.mean(a - b for a, b in of) for of in rows)


def ratio(rows):
    ours = sum(statistics.mean(a for a, _ in of) for of in rows)
    return ours / sum(statistics.mean(b for _, b in of) for of in rows)


def main():
    text = pathlib.Path(sys.argv[1]).read_text()
    batch = int(sys.argv[2]) if len(sys.argv) > 2 else 8
    facts, ours = {}, {}
    for line in text.splitlines():
        parts = line.split(",")
        if line.startswith("# ") and len(parts) == 3:
            facts[parts[0][2:]] = float(parts[1]), float(parts[2])
        elif len(parts) == 6 and parts[0] in facts:
            name, search, size, seed, trials, regret = parts
            ours[search, int(size), name, int(seed), int(trials)] = min(float(regret), 2.0)
    seeds = 1 + max(key[3] for key in ours)
    seeds = min(seeds, int(sys.argv[3])) if len(sys.argv) > 3 else seeds
    problems = {"branin": function(branin, 2), "hartmann6": function(hartmann6, 6)}
    problems |= {path.stem: table(path) for path in sorted(FOLDER.glob("*.csv"))}
    assert problems.keys() == facts.keys(), (problems.keys(), facts.keys())
    others = {"random": None, "sobol": None}
    for liar in (True, False):
        found = {}
        for name, value in problems.items():
            found |= optuna_regrets(name, value, facts, batch, seeds, liar)
        others[f"optuna, liar {liar}".lower()] = {key: min(regret, 2.0) for key, regret in found.items()}

    print(f"{len(problems)} problems, {seeds} seeds, batches of {batch}; regret: 0 is the best, 1 the median of the space\n")
    for trials in (50, 100):
        print(f"after {trials} trials: mean regret of each problem")
        print(f"{'':22}" + "".join(f"{name:>12}" for name in problems) + f"{'all':>12}")
        sizes = sorted({key[1] for key in ours if key[0] == "tpe"})
        rows = {f"tpe, batch {size}": {(n, s): ours["tpe", size, n, s, trials] for n in problems for s in range(seeds)} for size in sizes}
        for other, found in others.items():
            rows[other] = {(n, s): found[n, s, trials] if found else ours[other, 1, n, s, trials]
                           for n in problems for s in range(seeds)}
        for title, row in rows.items():
            means = [statistics.mean(row[name, seed] for seed in range(seeds)) for name in problems]
            print(f"{title:22}" + "".join(f"{mean:12.4f}" for mean in means) + f"{statistics.mean(means):12.4f}")
        mine = rows[f"tpe, batch {batch}"]
        for other in others:
            paired = [[(mine[name, seed], rows[other][name, seed]) for seed in range(seeds)] for name in problems]
            low, high = interval(paired, mean_difference)
            low_ratio, high_ratio = interval(paired, ratio)
            print(f"tpe minus {other}: {mean_difference(paired):+.4f} [{low:+.4f}, {high:+.4f}]; "
                  f"ratio of the sums {ratio(paired):.2f} [{low_ratio:.2f}, {high_ratio:.2f}]")
        print()


main()

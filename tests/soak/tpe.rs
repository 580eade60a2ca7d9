//! What the search that learns finds on problems whose best is known: two functions, and tables of grids that
//! this program has trained (`tests/soak/tpe/*.csv`, see the README there). A table's numbers are drawn from
//! ranges and taken to the nearest value of the grid.
//!
//! `RUNNER_SIMULATIONS=30 cargo test --test soak tpe -- --nocapture` prints the regret of 30 searches of each
//! kind and batch size as CSV, which `tests/soak/tpe/compare.py` compares with Optuna's: 0 is the best of the
//! problem, 1 the median of its space.

use std::collections::HashMap;
use std::path::Path;

use runner::experiment::{Ended, Tpe, TpeAxis};
use runner::rng::{Purpose, stream};

use crate::{asked, parallel};

/// Trials after which a search is looked at.
const LOOKED_AT: [usize; 3] = [25, 50, 100];
const BATCHES: [u64; 5] = [1, 4, 8, 16, 32];
/// Draws for the median of a space.
const DRAWS: usize = 20_001;

type Function = Box<dyn Fn(&[f64]) -> f64 + Sync>;

struct Problem {
    name: String,
    axes: Vec<(u32, TpeAxis)>,
    /// What is minimised.
    value: Function,
    best: f64,
    median: f64,
}

impl Problem {
    fn new(
        name: &str,
        axes: Vec<TpeAxis>,
        best: f64,
        value: impl Fn(&[f64]) -> f64 + Sync + 'static,
    ) -> Problem {
        let mut draws = stream(1, Purpose::Synthetic, 0, 0);
        let mut point = || axes.iter().map(|_| draws.uniform()).collect::<Vec<f64>>();
        let mut values: Vec<f64> = (0..DRAWS).map(|_| value(&point())).collect();
        values.sort_by(f64::total_cmp);
        let median = values[DRAWS / 2];
        let axes = (0..).zip(axes).collect();
        Problem { name: name.to_owned(), axes, value: Box::new(value), best, median }
    }

    /// The regret of the best of these points: 0 is the problem's best, 1 its median.
    fn regret(&self, points: &[Vec<f64>]) -> f64 {
        let least = points.iter().map(|point| (self.value)(point)).fold(f64::INFINITY, f64::min);
        (least - self.best) / (self.median - self.best)
    }
}

fn problems() -> Vec<Problem> {
    let mut all = vec![
        Problem::new("branin", vec![TpeAxis::Continuous; 2], 0.397_887, branin),
        Problem::new("hartmann6", vec![TpeAxis::Continuous; 6], -3.322_368, hartmann6),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/soak/tpe");
    let files = std::fs::read_dir(&folder).expect("the folder of tables");
    let mut files: Vec<_> = files.map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "csv"));
    files.sort();
    all.extend(files.iter().map(|path| table(path)));
    all
}

/// Branin's function (Dixon & Szego, 1978) on the unit square.
fn branin(point: &[f64]) -> f64 {
    use std::f64::consts::PI;
    let (a, b) = (15.0 * point[0] - 5.0, 15.0 * point[1]);
    let inner = b - 5.1 / (4.0 * PI * PI) * a * a + 5.0 / PI * a - 6.0;
    inner * inner + 10.0 * (1.0 - 1.0 / (8.0 * PI)) * libm::cos(a) + 10.0
}

/// Hartmann's function of six numbers (Dixon & Szego, 1978).
fn hartmann6(point: &[f64]) -> f64 {
    const A: [[f64; 6]; 4] = [
        [10.0, 3.0, 17.0, 3.5, 1.7, 8.0],
        [0.05, 10.0, 17.0, 0.1, 8.0, 14.0],
        [3.0, 3.5, 1.7, 10.0, 17.0, 8.0],
        [17.0, 8.0, 0.05, 10.0, 0.1, 14.0],
    ];
    const P: [[f64; 6]; 4] = [
        [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
        [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
        [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650],
        [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
    ];
    let of = |row: usize| {
        let square = |i: usize| A[row][i] * (point[i] - P[row][i]) * (point[i] - P[row][i]);
        libm::exp(-(0..6).map(square).sum::<f64>())
    };
    -(1.0 * of(0) + 1.2 * of(1) + 3.0 * of(2) + 3.2 * of(3))
}

/// A grid: a line with the kind of each axis (`linear`, `log`, `choice`), one with the keys, and the validation
/// accuracies, `nan` for those that diverged.
fn table(path: &Path) -> Problem {
    let text = std::fs::read_to_string(path).expect("a table");
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let mut kinds = lines.next().expect("a line of kinds");
    kinds[0] = kinds[0].trim_start_matches("# ").to_owned();
    let keys = lines.next().expect("a line of keys");
    assert_eq!(keys.len(), kinds.len() + 1, "{}", path.display());
    let rows: Vec<Vec<String>> = lines.collect();
    let mut values: Vec<Vec<String>> = vec![Vec::new(); kinds.len()];
    for row in &rows {
        for (all, value) in values.iter_mut().zip(row) {
            if !all.contains(value) {
                all.push(value.clone());
            }
        }
    }
    let axes: Vec<TpeAxis> = kinds
        .iter()
        .zip(&values)
        .map(|(kind, values)| match kind.as_str() {
            "choice" => TpeAxis::Unordered(values.len() as u32),
            _ => TpeAxis::Continuous,
        })
        .collect();
    // Where each value of an axis stands, in shares.
    let places = kinds.iter().zip(&mut values).map(|(kind, values)| {
        let number = |value: &String| value.parse::<f64>().expect("a number");
        let scaled = |value: &String| match kind.as_str() {
            "log" => libm::log(number(value)),
            _ => number(value),
        };
        if kind == "choice" {
            let count = values.len() as f64;
            return (0..values.len()).map(|place| (place as f64 + 0.5) / count).collect();
        }
        values.sort_by(|a, b| number(a).total_cmp(&number(b)));
        let (low, high) = (scaled(&values[0]), scaled(&values[values.len() - 1]));
        values.iter().map(|value| (scaled(value) - low) / (high - low)).collect::<Vec<f64>>()
    });
    let places: Vec<Vec<f64>> = places.collect();
    let mut found: HashMap<Vec<usize>, f64> = HashMap::new();
    for row in &rows {
        let cell = values.iter().zip(row).map(|(all, value)| all.iter().position(|v| v == value));
        let accuracy: f64 = row[kinds.len()].parse().expect("an accuracy");
        let value = if accuracy.is_nan() { f64::INFINITY } else { -accuracy };
        found.insert(cell.collect::<Option<_>>().expect("a known value"), value);
    }
    assert_eq!(found.len(), values.iter().map(Vec::len).product::<usize>(), "{}", path.display());
    let best = found.values().copied().fold(f64::INFINITY, f64::min);
    let nearest = |places: &Vec<f64>, share: f64| {
        let distance = |place: &usize| (places[*place] - share).abs();
        (0..places.len()).min_by(|a, b| distance(a).total_cmp(&distance(b))).expect("a value")
    };
    let value = move |point: &[f64]| {
        let cell: Vec<usize> = places.iter().zip(point).map(|(all, x)| nearest(all, *x)).collect();
        found[&cell]
    };
    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
    Problem::new(&name, axes, best, value)
}

/// The points of a search that learns.
fn learned(problem: &Problem, seed: u64, batch: u64, count: u64) -> Vec<Vec<f64>> {
    let tpe = Tpe::new(seed, problem.axes.clone());
    let mut points: Vec<Vec<f64>> = Vec::new();
    let mut ends: Vec<Ended> = Vec::new();
    while (points.len() as u64) < count {
        let next = points.len() as u64;
        let size = if next == 0 { Tpe::STARTUP.max(batch) } else { batch };
        let ended: Vec<(&[f64], Ended)> =
            points.iter().map(Vec::as_slice).zip(ends.iter().copied()).collect();
        let chosen = tpe.batch(next..count.min(next + size), &ended);
        ends.extend(chosen.iter().map(|point| match (problem.value)(point) {
            value if value.is_finite() => Ended::measured(value, 0.0),
            _ => Ended::Worst,
        }));
        points.extend(chosen);
    }
    points
}

/// Independent points.
fn random(problem: &Problem, seed: u64, count: u64) -> Vec<Vec<f64>> {
    let mut draws = stream(seed, Purpose::SearchPoint, 0, 0);
    (0..count).map(|_| problem.axes.iter().map(|_| draws.uniform()).collect()).collect()
}

/// Sobol points, which are those of a first batch.
fn sobol(problem: &Problem, seed: u64, count: u64) -> Vec<Vec<f64>> {
    Tpe::new(seed, problem.axes.clone()).batch(0..count, &[])
}

#[test]
fn tpe_finds_better_points_than_draws_that_do_not_learn() {
    let (seeds, count) = (6, 60);
    let mut sums = [0.0; 3];
    for problem in problems() {
        let searches =
            [|problem: &Problem, seed, count| learned(problem, seed, 8, count), random, sobol];
        for (sum, search) in sums.iter_mut().zip(searches) {
            for seed in 0..seeds {
                *sum += problem.regret(&search(&problem, seed, count)).min(1.0);
            }
        }
    }
    let [tpe, random, sobol] = sums;
    assert!(tpe < 0.8 * random && tpe < 0.8 * sobol, "tpe {tpe}, random {random}, sobol {sobol}");
}

/// `problem,search,batch,seed,trials,regret`, for `compare.py`.
#[test]
fn tpe_regrets_as_csv() {
    let Some(seeds) = asked() else { return };
    let problems = problems();
    for problem in &problems {
        println!("# {},{:?},{:?}", problem.name, problem.best, problem.median);
        let searches = BATCHES.map(|batch| ("tpe", batch)).into_iter();
        for (name, batch) in searches.chain([("random", 1), ("sobol", 1)]) {
            let seeds: Vec<u64> = (0..seeds).collect();
            let of_seed = |seed: &u64| {
                let points = match name {
                    "tpe" => learned(problem, *seed, batch, 100),
                    "random" => random(problem, *seed, 100),
                    _ => sobol(problem, *seed, 100),
                };
                LOOKED_AT.map(|trials| problem.regret(&points[..trials]))
            };
            for (seed, regrets) in parallel(&seeds, of_seed).into_iter().enumerate() {
                for (trials, regret) in LOOKED_AT.iter().zip(regrets) {
                    println!("{},{name},{batch},{seed},{trials},{regret:?}", problem.name);
                }
            }
        }
    }
}

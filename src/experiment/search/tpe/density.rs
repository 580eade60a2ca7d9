//! The density of points in a space: a kernel around each of some points, and an even one.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

use super::axis::TpeAxis;
use crate::rng::Stream;

/// Weight of the even kernel; a point has about 1.
const EVEN: f64 = 1.0;
/// Standard deviation of the normal kernels of one point, as a share of an axis.
const WIDTH: f64 = 0.1;
/// The least that many points make of it.
const LEAST_WIDTH: f64 = 0.01;

/// A mixture of products of one kernel for each axis (Watanabe, 2023, section 3.3: multivariate).
pub(super) struct Density<'a> {
    axes: &'a [TpeAxis],
    kernels: Vec<Kernel>,
    /// Of the normal kernels on numeric axes.
    deviation: f64,
    /// Sum of the weights, with that of the even kernel.
    total: f64,
}

/// One point of the mixture.
struct Kernel {
    center: Vec<f64>,
    weight: f64,
    /// Logarithm of its weight and of what makes its normal parts integrate to 1.
    log_scale: f64,
    /// Logarithms of the masses of the cells of each axis that has cells.
    log_masses: Vec<Vec<f64>>,
}

impl<'a> Density<'a> {
    /// The density of `points`, each with its weight.
    pub(super) fn new(axes: &'a [TpeAxis], points: &[(&[f64], f64)]) -> Density<'a> {
        let deviation = deviation(points.len(), axes.len());
        let total = EVEN + points.iter().map(|(_, weight)| weight).sum::<f64>();
        let spread = EVEN / (points.len() as f64 + 1.0);
        let kernel = |(center, weight): &(&[f64], f64)| {
            let mut log_scale = libm::log(weight / total);
            let mut log_masses = Vec::with_capacity(axes.len());
            for (axis, at) in axes.iter().zip(*center) {
                log_masses.push(match axis {
                    TpeAxis::Continuous => {
                        let mass = normal_mass(*at, deviation, [0.0, 1.0]);
                        log_scale -= libm::log(mass * deviation * (2.0 * PI).sqrt());
                        Vec::new()
                    }
                    TpeAxis::Ordered(edges) => cell_masses(*at, deviation, edges),
                    TpeAxis::Unordered(choices) => {
                        choice_masses(axis.cell(*at), *choices as usize, spread)
                    }
                });
            }
            Kernel { center: center.to_vec(), weight: *weight, log_scale, log_masses }
        };
        let kernels = points.iter().map(kernel).collect();
        Density { axes, kernels, deviation, total }
    }

    /// The logarithm of the density at a point.
    pub(super) fn log(&self, point: &[f64]) -> f64 {
        let cells: Vec<usize> =
            self.axes.iter().zip(point).map(|(axis, at)| axis.cell(*at)).collect();
        let mut logs = Vec::with_capacity(self.kernels.len() + 1);
        let even = self.axes.iter().zip(&cells).map(|(axis, cell)| libm::log(axis.width(*cell)));
        logs.push(libm::log(EVEN / self.total) + even.sum::<f64>());
        for kernel in &self.kernels {
            let (mut squares, mut log) = (0.0, kernel.log_scale);
            for (place, axis) in self.axes.iter().enumerate() {
                match axis {
                    TpeAxis::Continuous => {
                        let distance = (point[place] - kernel.center[place]) / self.deviation;
                        squares += distance * distance;
                    }
                    _ => log += kernel.log_masses[place][cells[place]],
                }
            }
            logs.push(log - 0.5 * squares);
        }
        let largest = logs.iter().fold(f64::NEG_INFINITY, |a, b| if *b > a { *b } else { a });
        largest + libm::log(logs.iter().map(|log| libm::exp(log - largest)).sum())
    }

    /// A point of this density.
    pub(super) fn draw(&self, stream: &mut Stream) -> Vec<f64> {
        let mut share = stream.uniform() * self.total;
        let kernel = self.kernels.iter().find(|kernel| {
            share -= kernel.weight;
            share < 0.0
        });
        let at = |(place, axis): (usize, &TpeAxis)| {
            let share = match (kernel, axis) {
                (None, _) => stream.uniform(),
                (Some(kernel), TpeAxis::Unordered(_)) => {
                    let mut left = stream.uniform();
                    let masses = kernel.log_masses[place].iter();
                    let cell = masses.clone().position(|log| {
                        left -= libm::exp(*log);
                        left < 0.0
                    });
                    axis.center(cell.unwrap_or(masses.len() - 1))
                }
                (Some(kernel), _) => truncated(kernel.center[place], self.deviation, stream),
            };
            axis.settled(share)
        };
        self.axes.iter().enumerate().map(at).collect()
    }
}

/// A draw from a normal distribution around a number in [0, 1], cut to [0, 1).
fn truncated(mean: f64, deviation: f64, stream: &mut Stream) -> f64 {
    loop {
        let drawn = mean + deviation * stream.normal();
        if (0.0..1.0).contains(&drawn) {
            return drawn;
        }
    }
}

/// Scott's rule, as in Optuna, but never narrower than the distance of so many even points.
fn deviation(points: usize, axes: usize) -> f64 {
    let count = points as f64;
    let scott = libm::pow(if points == 0 { 1.0 } else { count }, -1.0 / (axes as f64 + 4.0));
    let least = if points > 98 { LEAST_WIDTH } else { 1.0 / (count + 2.0) };
    if WIDTH * scott < least { least } else { WIDTH * scott }
}

/// Logarithms of the masses that a normal kernel has in the cells of an axis.
fn cell_masses(center: f64, deviation: f64, edges: &[f64]) -> Vec<f64> {
    let all = normal_mass(center, deviation, [0.0, 1.0]);
    let of_cell = |cell: &[f64; 2]| {
        let mass = normal_mass(center, deviation, *cell) / all;
        libm::log(if mass < f64::MIN_POSITIVE { f64::MIN_POSITIVE } else { mass })
    };
    edges.array_windows().map(of_cell).collect()
}

/// Logarithms of the masses of choices, as in Optuna: the more points, the less of each goes to other choices
/// than its own.
fn choice_masses(own: usize, choices: usize, spread: f64) -> Vec<f64> {
    let all = 1.0 + spread * choices as f64;
    let of_choice = |choice: usize| {
        let mass = if choice == own { spread + 1.0 } else { spread };
        libm::log(mass / all)
    };
    (0..choices).map(of_choice).collect()
}

/// The mass of a normal distribution between two numbers, with the functions of `libm` that are the
/// same everywhere.
fn normal_mass(mean: f64, deviation: f64, [low, high]: [f64; 2]) -> f64 {
    let to = |end: f64| (end - mean) / deviation * FRAC_1_SQRT_2;
    let (low, high) = (to(low), to(high));
    // In a tail, a difference of numbers near 1 would lose its digits.
    if low > 0.0 {
        0.5 * (libm::erfc(low) - libm::erfc(high))
    } else if high < 0.0 {
        0.5 * (libm::erfc(-high) - libm::erfc(-low))
    } else {
        0.5 * (libm::erf(high) - libm::erf(low))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    fn axes() -> Vec<TpeAxis> {
        let ordered = TpeAxis::Ordered(vec![0.0, 0.1, 0.4, 1.0]);
        vec![TpeAxis::Continuous, ordered, TpeAxis::Unordered(3)]
    }

    const POINTS: [(&[f64], f64); 3] =
        [(&[0.02, 0.25, 0.5], 2.0), (&[0.6, 0.7, 0.1], 1.0), (&[1.0, 0.05, 0.5], 0.5)];

    #[test]
    fn densities_integrate_to_1() {
        let axes = axes();
        for points in [&POINTS[..], &[]] {
            let density = Density::new(&axes, points);
            let mut sum = 0.0;
            for x in 0..1000 {
                for y in [0.05, 0.25, 0.7] {
                    for z in [0.1, 0.5, 0.9] {
                        sum += density.log(&[(f64::from(x) + 0.5) / 1000.0, y, z]).exp() / 1000.0;
                    }
                }
            }
            assert!((sum - 1.0).abs() < 1e-4, "{sum}");
        }
    }

    #[test]
    fn draws_have_the_density() {
        let axes = axes();
        let density = Density::new(&axes, &POINTS);
        let mut stream = stream(1, Purpose::SearchModel, 0, 0);
        let draws: Vec<Vec<f64>> = (0..20_000).map(|_| density.draw(&mut stream)).collect();
        for y in [0.05, 0.25, 0.7] {
            for z in [1.0 / 6.0, 0.5, 5.0 / 6.0] {
                for half in [0.0, 0.5] {
                    let mass: f64 = (0..500)
                        .map(|x| density.log(&[half + f64::from(x) / 1000.0, y, z]).exp() / 1000.0)
                        .sum();
                    let is_in = |point: &&Vec<f64>| {
                        (half..half + 0.5).contains(&point[0])
                            && (point[1] - y).abs() < 1e-9
                            && (point[2] - z).abs() < 1e-9
                    };
                    let share = draws.iter().filter(is_in).count() as f64 / 20_000.0;
                    let deviation = (mass * (1.0 - mass) / 20_000.0).sqrt();
                    assert!((share - mass).abs() < 5.0 * deviation + 1e-3, "{share} {mass}");
                }
            }
        }
    }

    #[test]
    fn masses_in_the_tails_keep_their_digits() {
        let near = |a: f64, b: f64| assert!((a / b - 1.0).abs() < 1e-9, "{a} {b}");
        near(normal_mass(0.0, 0.1, [0.8, 1.0]), 6.220_960_498_073_21e-16); // scipy.stats.norm
        near(normal_mass(1.0, 0.1, [0.0, 0.2]), 6.220_960_498_073_21e-16);
        near(normal_mass(0.5, 0.1, [0.0, 1.0]), 0.999_999_426_696_856_2);
    }
}

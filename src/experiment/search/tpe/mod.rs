//! The tree-structured Parzen estimator (Bergstra et al., 2011,
//! <https://papers.nips.cc/paper/4443-algorithms-for-hyper-parameter-optimization>), with one density over
//! all axes together (multivariate: Watanabe, 2023, <https://arxiv.org/abs/2304.11127>).
//!
//! It knows numbers, not runs: points are shares of axes. A point is a function of the seed, its number and
//! how the points before have ended, with the functions of `libm`, so every machine chooses the same.

mod axis;
mod density;
mod order;

pub use axis::TpeAxis;
pub use order::Ended;

use std::ops::Range;

use crate::rng::{Purpose, Stream, stream};
use density::Density;
use order::ranking;

/// The share of the points that counts as good. This and the other constants are those of
/// `tests/soak/tpe.rs`, among those that Watanabe (2023) and Optuna name.
const GOOD: f64 = 0.15;
/// More points than these are never good, as in Optuna.
const MOST_GOOD: usize = 25;
/// Draws of the good points' density, of which the best is chosen.
const CANDIDATES: usize = 24;

/// A search of one seed in a space.
#[derive(Debug, Clone)]
pub struct Tpe {
    seed: u64,
    dimensions: Vec<u32>, // of the Sobol sequence
    axes: Vec<TpeAxis>,
}

impl Tpe {
    /// Points that are drawn evenly, because the model needs some to begin with.
    pub const STARTUP: u64 = 10;

    /// The search of this seed; each axis comes with its dimension of the Sobol sequence.
    pub fn new(seed: u64, axes: Vec<(u32, TpeAxis)>) -> Tpe {
        let (dimensions, axes) = axes.into_iter().unzip();
        Tpe { seed, dimensions, axes }
    }

    /// The points with these numbers, from 0: a share of each axis. `ended` are the points of the
    /// batches before; the first batch has none and is drawn evenly.
    pub fn batch(&self, numbers: Range<u64>, ended: &[(&[f64], Ended)]) -> Vec<Vec<f64>> {
        let mut chosen: Vec<Vec<f64>> = Vec::new();
        let is_first = numbers.start == 0;
        for number in numbers {
            let point = match is_first {
                true => self.even_point(number),
                false => self.learned_point(number, ended, &chosen),
            };
            chosen.push(point);
        }
        chosen
    }

    /// A point of the Sobol sequence.
    fn even_point(&self, number: u64) -> Vec<f64> {
        let scramble = stream(self.seed, Purpose::SearchScramble, 0, 0).next_u32();
        let number = u32::try_from(number).expect("the first batch is small");
        let share = |(dimension, axis): (&u32, &TpeAxis)| {
            axis.settled(f64::from(sobol_burley::sample(number, *dimension, scramble)))
        };
        self.dimensions.iter().zip(&self.axes).map(share).collect()
    }

    /// Of some draws of the good points' density, the one that is likeliest there compared with the
    /// density of all others. Those that the batch has already count among the others, so that it
    /// spreads (the constant liar of Ginsbourger et al., 2010, as in Optuna).
    fn learned_point(
        &self,
        number: u64,
        ended: &[(&[f64], Ended)],
        batch: &[Vec<f64>],
    ) -> Vec<f64> {
        let (good, others) = split(ended);
        let good = Density::new(&self.axes, &weighted(&good));
        let in_batch = batch.iter().map(|point| (point.as_slice(), 1.0));
        let others = others.into_iter().map(|point| (point, 1.0)).chain(in_batch);
        let others = Density::new(&self.axes, &others.collect::<Vec<_>>());
        let mut stream = stream(self.seed, Purpose::SearchModel, 0, number);
        let candidates = self.candidates(&good, ended, batch, &mut stream);
        let mut best = (f64::NEG_INFINITY, 0);
        for (place, point) in candidates.iter().enumerate() {
            let value = good.log(point) - others.log(point);
            if value > best.0 {
                best = (value, place); // the first of equals
            }
        }
        candidates.into_iter().nth(best.1).expect("there are candidates")
    }

    /// Draws that were not chosen before; where all were, also even ones, and where nothing is new, all.
    fn candidates(
        &self,
        good: &Density<'_>,
        ended: &[(&[f64], Ended)],
        batch: &[Vec<f64>],
        stream: &mut Stream,
    ) -> Vec<Vec<f64>> {
        let chosen =
            || ended.iter().map(|(point, _)| *point).chain(batch.iter().map(Vec::as_slice));
        let is_new = |point: &Vec<f64>| chosen().all(|other| other != point.as_slice());
        let mut drawn: Vec<Vec<f64>> = (0..CANDIDATES).map(|_| good.draw(stream)).collect();
        if !drawn.iter().any(is_new) {
            let even = |_| self.axes.iter().map(|axis| axis.settled(stream.uniform())).collect();
            drawn.extend((0..CANDIDATES).map(even));
        }
        if drawn.iter().any(is_new) {
            drawn.retain(is_new);
        }
        drawn
    }
}

/// The good points, the best first, and the others. What has no figure is never good.
fn split<'a>(ended: &[(&'a [f64], Ended)]) -> (Vec<&'a [f64]>, Vec<&'a [f64]>) {
    let ends: Vec<Ended> = ended.iter().map(|(_, ended)| *ended).collect();
    let order = ranking(&ends);
    let wanted = ((GOOD * ended.len() as f64).ceil() as usize).min(MOST_GOOD);
    let count = order.iter().take(wanted).filter(|place| ends[**place] != Ended::Worst).count();
    let at = |places: &[usize]| places.iter().map(|place| ended[*place].0).collect();
    (at(&order[..count]), at(&order[count..]))
}

/// The weights of the good points fall evenly with their rank; their mean is about 1.
fn weighted<'a>(good: &[&'a [f64]]) -> Vec<(&'a [f64], f64)> {
    let count = good.len();
    let weight = |rank: usize| 2.0 * (count - rank) as f64 / count as f64;
    good.iter().enumerate().map(|(rank, point)| (*point, weight(rank))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space() -> Vec<(u32, TpeAxis)> {
        let ordered = TpeAxis::Ordered(vec![0.0, 0.25, 0.5, 0.75, 1.0]);
        vec![(0, TpeAxis::Continuous), (1, ordered), (2, TpeAxis::Unordered(3))]
    }

    /// A search of `points` points, in batches of 4, of a function.
    fn search(seed: u64, points: u64, of: impl Fn(&[f64]) -> Ended) -> Vec<Vec<f64>> {
        let tpe = Tpe::new(seed, space());
        let mut all: Vec<Vec<f64>> = Vec::new();
        while (all.len() as u64) < points {
            let ends: Vec<Ended> = all.iter().map(|point| of(point)).collect();
            let ended: Vec<(&[f64], Ended)> = all.iter().map(Vec::as_slice).zip(ends).collect();
            let next = all.len() as u64;
            let size = if next == 0 { Tpe::STARTUP } else { 4 };
            let batch = tpe.batch(next..points.min(next + size), &ended);
            all.extend(batch);
        }
        all
    }

    /// Best at 0.3, the third of the ordered values, and the last choice.
    fn distance(point: &[f64]) -> f64 {
        let of_choice = if point[2] > 0.7 { 0.0 } else { 0.5 };
        (point[0] - 0.3).abs() + (point[1] - 0.625).abs() + of_choice
    }

    fn by_distance(point: &[f64]) -> Ended {
        Ended::measured(distance(point), 0.0)
    }

    /// A change here gives every search that learns other points.
    #[test]
    fn points_are_pinned() {
        let points = search(7, 16, by_distance);
        let bits: Vec<String> = points[8..]
            .iter()
            .map(|point| point.iter().map(|x| format!("{:016x}", x.to_bits())).collect::<Vec<_>>())
            .map(|point| point.join(" "))
            .collect();
        insta::assert_snapshot!(bits.join("\n"));
    }

    #[test]
    fn more_points_keep_those_of_fewer_and_seeds_draw_others() {
        let few = search(7, 16, by_distance);
        assert_eq!(search(7, 23, by_distance)[..16], few);
        let other = search(8, 16, by_distance);
        assert!(few.iter().zip(&other).all(|(a, b)| a != b));
    }

    #[test]
    fn later_points_are_nearer_the_best_than_even_ones() {
        for seed in 0..5 {
            let points = search(seed, 60, by_distance);
            let mean = |points: &[Vec<f64>]| {
                points.iter().map(|point| distance(point)).sum::<f64>() / points.len() as f64
            };
            let (first, last) = (mean(&points[..10]), mean(&points[40..]));
            assert!(last < 0.6 * first, "{first} {last}");
        }
    }

    #[test]
    fn points_that_violate_or_diverge_are_left() {
        // The best ones by far violate the constraint, and a third of the space diverges.
        let of = |point: &[f64]| match point[2] {
            x if x < 0.3 => Ended::Worst,
            _ => Ended::measured(point[0], if point[0] < 0.5 { 0.5 - point[0] } else { 0.0 }),
        };
        let points = search(3, 60, of);
        let feasible = |points: &[Vec<f64>]| {
            points.iter().filter(|point| of(point).is_feasible()).count() as f64
                / points.len() as f64
        };
        let (first, last) = (feasible(&points[..10]), feasible(&points[40..]));
        assert!(last >= 1.25 * first, "{first} {last}"); // the best lies beside what violates
        let of_last: Vec<f64> = points[40..].iter().map(|point| point[0]).collect();
        let near = of_last.iter().filter(|x| (0.4..0.8).contains(*x)).count();
        assert!(near >= 12, "{of_last:?}");
    }

    #[test]
    fn nothing_but_diverged_points_and_a_space_without_new_points_are_no_obstacles() {
        let points = search(1, 30, |_| Ended::Worst);
        assert_eq!(points.len(), 30);
        let tpe = Tpe::new(1, vec![(0, TpeAxis::Unordered(2))]);
        let ended = [(&[0.25][..], Ended::measured(1.0, 0.0)), (&[0.75][..], Ended::Worst)];
        let batch = tpe.batch(2..6, &ended);
        assert!(batch.iter().all(|point| [0.25, 0.75].contains(&point[0])), "{batch:?}");
    }

    #[test]
    fn no_point_of_a_small_space_is_chosen_twice_before_most_are_chosen() {
        let cells = TpeAxis::Ordered((0..=40).map(|edge| f64::from(edge) / 40.0).collect());
        let tpe = Tpe::new(5, vec![(0, cells)]);
        let mut all: Vec<Vec<f64>> = Vec::new();
        for next in (10..34).step_by(4) {
            if all.is_empty() {
                all = tpe.batch(0..10, &[]);
                all.sort_by(|a, b| a[0].total_cmp(&b[0]));
                all.dedup();
            }
            let end = |point: &Vec<f64>| Ended::measured((point[0] - 0.4).abs(), 0.0);
            let ended: Vec<(&[f64], Ended)> =
                all.iter().map(|point| (point.as_slice(), end(point))).collect();
            let batch = tpe.batch(next..next + 4, &ended);
            assert!(batch.iter().all(|point| !all.contains(point)), "{batch:?}");
            all.extend(batch);
        }
    }
}

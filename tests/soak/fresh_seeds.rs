//! Simulated searches: whether the intervals of the fresh leads cover the true ones, and whether luck is
//! as large as is said.

use runner::rng::{Purpose, Stream, stream};
use runner::stats::{Difference, Lead, Replicate, expected_largest, expected_lead};

use super::draws::normal;
use super::{chance, simulations};

/// A search, and fresh seeds for its best configs.
#[derive(Debug, Clone, Copy)]
struct Simulated {
    configs: usize,
    apart: f64, // standard deviation of the true scores; that between seeds is 1
    alike: f64, // standard deviation of what a seed does to all configs
    top: usize,
    fresh_seeds: u64,
}

/// One of the best configs of a search with a seed for each config.
struct Finalist {
    searched: f64,
    truth: f64,
    fresh: Vec<f64>, // by seed
}

impl Finalist {
    /// The lead over another of `family` finalists in the scores of the fresh seeds.
    fn lead(&self, other: &Finalist, family: usize) -> Difference {
        let runs = |of: &Finalist| -> Vec<Replicate> {
            (0..).zip(&of.fresh).map(|(seed, value)| Replicate::of_seed(seed, *value)).collect()
        };
        Lead::over(&runs(self), &runs(other), family).expect("there are fresh seeds").difference()
    }
}

/// The finalists of a search, the best first.
fn search(of: Simulated, index: u64) -> Vec<Finalist> {
    let cell = of.configs as u64 * 100 + of.top as u64 * 10 + u64::from(of.apart > 0.0);
    let mut stream = stream(11, Purpose::Synthetic, cell, index);
    let of_all = of.alike * normal(&mut stream);
    let mut configs: Vec<(f64, f64)> = (0..of.configs)
        .map(|_| {
            let truth = of.apart * normal(&mut stream);
            (truth + of_all + normal(&mut stream), truth)
        })
        .collect();
    configs.sort_by(|a, b| b.0.total_cmp(&a.0));
    configs.truncate(of.top);
    let of_seeds: Vec<f64> = (0..of.fresh_seeds).map(|_| of.alike * normal(&mut stream)).collect();
    configs.iter().map(|config| finalist(*config, &of_seeds, &mut stream)).collect()
}

fn finalist((searched, truth): (f64, f64), of_seeds: &[f64], stream: &mut Stream) -> Finalist {
    let fresh = of_seeds.iter().map(|of_seed| truth + of_seed + normal(stream)).collect();
    Finalist { searched, truth, fresh }
}

/// The share of searches in which the intervals of all leads of the winner cover the true ones.
fn coverage(of: Simulated, searches: u64) -> f64 {
    let is_covered = |index: &u64| {
        let finalists = search(of, *index);
        let (winner, others) = finalists.split_first().expect("a search has a best");
        others.iter().all(|other| {
            let Difference { value, half_width } = winner.lead(other, others.len());
            (value - (winner.truth - other.truth)).abs() <= half_width.expect("a spread")
        })
    };
    (0..searches).filter(is_covered).count() as f64 / searches as f64
}

/// How far the lead of the search and that of the fresh seeds are from the true one, on average.
fn bias(of: Simulated, searches: u64) -> [f64; 2] {
    let mut bias = [0.0; 2];
    for index in 0..searches {
        let finalists = search(of, index);
        let (winner, second) = (&finalists[0], &finalists[1]);
        let truth = winner.truth - second.truth;
        bias[0] += winner.searched - second.searched - truth;
        bias[1] += winner.lead(second, finalists.len() - 1).value - truth;
    }
    bias.map(|sum| sum / searches as f64)
}

#[test]
fn intervals_of_fresh_leads_cover_the_true_ones() {
    let searches = simulations(500);
    let by_chance = chance((0.95_f64 * 0.05).sqrt(), searches);
    let two = Simulated { configs: 20, apart: 0.7, alike: 0.5, top: 2, fresh_seeds: 5 };
    let rate = coverage(two, searches);
    assert!((rate - 0.95).abs() < by_chance, "{rate}");
    // All three leads at once: no less, and by Bonferroni a little more.
    let four = Simulated { top: 4, fresh_seeds: 3, ..two };
    let rate = coverage(four, searches);
    assert!(rate > 0.95 - by_chance && rate < 0.97 + by_chance, "{rate}");
}

#[test]
fn search_promises_too_much_and_fresh_seeds_do_not() {
    let searches = simulations(500);
    let some = Simulated { configs: 20, apart: 0.7, alike: 0.5, top: 2, fresh_seeds: 3 };
    let [search, fresh] = bias(some, searches);
    assert!(search > 0.2, "{search}");
    // A fresh lead is the mean of 3 differences of two draws.
    assert!(fresh.abs() < chance((2.0_f64 / 3.0).sqrt(), searches), "{fresh}");
}

#[test]
fn luck_alone_is_as_large_as_is_said() {
    let searches = simulations(500);
    let equal = Simulated { configs: 24, apart: 0.0, alike: 0.0, top: 2, fresh_seeds: 5 };
    // The lead and the best of equal configs scatter by less than half of what a seed does.
    let by_chance = chance(0.5, searches);
    let [lead, _] = bias(equal, searches);
    assert!((lead - expected_lead(24)).abs() < by_chance, "{lead}");
    let best = |index| search(equal, index)[0].searched;
    let mean = (0..searches).map(best).sum::<f64>() / searches as f64;
    assert!((mean - expected_largest(24)).abs() < by_chance, "{mean}");
}

#[test]
fn noise_alone_is_hardly_ever_called_a_difference() {
    let searches = simulations(500);
    let equal = Simulated { configs: 12, apart: 0.0, alike: 0.3, top: 3, fresh_seeds: 3 };
    let is_alarm = |index: &u64| {
        let finalists = search(equal, *index);
        let (winner, others) = finalists.split_first().unwrap();
        others.iter().any(|other| winner.lead(other, others.len()).is_shown())
    };
    let rate = (0..searches).filter(is_alarm).count() as f64 / searches as f64;
    assert!(rate < 0.05 + chance((0.95_f64 * 0.05).sqrt(), searches), "{rate}");
}

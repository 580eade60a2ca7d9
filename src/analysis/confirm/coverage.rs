//! Simulated searches: whether the intervals of the fresh leads cover the true ones, and whether
//! luck is as large as reported.

use std::collections::BTreeMap;

use crate::analysis::confirm::finalist::{Final, Finalist};
use crate::rng::{Purpose, Stream, stream};
use crate::runs::samples::normal;
use crate::stats::{Summary, expected_largest, expected_lead};

/// A search, and fresh seeds for its best configs.
#[derive(Debug, Clone, Copy)]
struct Simulated {
    configs: usize,
    apart: f64, // standard deviation of the true scores; that between seeds is 1
    alike: f64, // standard deviation of a seed's common effect on all configs
    top: usize,
    fresh_seeds: u64,
}

/// One search with a seed for each config, and the true scores of the finalists.
fn search(of: Simulated, index: u64) -> (Final<'static>, Vec<f64>) {
    let cell = of.configs as u64 * 100 + of.top as u64 * 10 + u64::from(of.apart > 0.0);
    let mut stream = stream(11, Purpose::Synthetic, cell, index);
    let shared = of.alike * normal(&mut stream);
    let mut configs: Vec<(f64, f64)> = (0..of.configs)
        .map(|_| {
            let truth = of.apart * normal(&mut stream);
            (truth + shared + normal(&mut stream), truth)
        })
        .collect();
    configs.sort_by(|a, b| b.0.total_cmp(&a.0));
    configs.truncate(of.top);
    let shared: Vec<f64> = (0..of.fresh_seeds).map(|_| of.alike * normal(&mut stream)).collect();
    let finalists = configs.iter().map(|config| finalist(*config, &shared, &mut stream));
    let finalists = finalists.collect();
    let truths = configs.into_iter().map(|(_, truth)| truth).collect();
    (Final { finalists, searched: of.configs }, truths)
}

fn finalist(
    (searched, truth): (f64, f64),
    shared: &[f64],
    stream: &mut Stream,
) -> Finalist<'static> {
    let scores = shared.iter().map(|shared| truth + shared + normal(stream));
    Finalist {
        label: "",
        searched: Summary { mean: searched, std: None, n: 1 },
        scores: (1..).zip(scores).collect(),
        tests: BTreeMap::new(),
        unfinished: Vec::new(),
    }
}

/// The share of searches in which the intervals of all leads of the winner cover the true ones.
fn coverage(of: Simulated, searches: u64) -> f64 {
    let is_covered = |index: &u64| {
        let (last, truths) = search(of, *index);
        let pairs = last.others().iter().zip(&truths[1..]);
        pairs.into_iter().all(|(other, truth)| {
            let lead = last.lead(other).unwrap().difference();
            (lead.value - (truths[0] - truth)).abs() <= lead.half_width.unwrap()
        })
    };
    (0..searches).filter(is_covered).count() as f64 / searches as f64
}

/// The average distance of the search's lead and of the fresh lead from the true one.
fn bias(of: Simulated, searches: u64) -> [f64; 2] {
    let mut bias = [0.0; 2];
    for index in 0..searches {
        let (last, truths) = search(of, index);
        let (winner, second) = (last.winner(), &last.others()[0]);
        let truth = truths[0] - truths[1];
        bias[0] += winner.searched.mean - second.searched.mean - truth;
        bias[1] += last.lead(second).unwrap().difference().value - truth;
    }
    bias.map(|sum| sum / searches as f64)
}

#[test]
fn intervals_of_fresh_leads_cover_the_true_ones() {
    let two = Simulated { configs: 20, apart: 0.7, alike: 0.5, top: 2, fresh_seeds: 5 };
    let rate = coverage(two, 2000);
    // 95 % and three standard errors over 2000 searches.
    assert!((rate - 0.95).abs() < 0.015, "{rate}");
    // All three leads at once: at least as often, and by Bonferroni a little more.
    let four = Simulated { top: 4, fresh_seeds: 3, ..two };
    let rate = coverage(four, 2000);
    assert!(rate > 0.935 && rate < 0.985, "{rate}");
}

#[test]
fn search_promises_too_much_and_fresh_seeds_do_not() {
    let some = Simulated { configs: 20, apart: 0.7, alike: 0.5, top: 2, fresh_seeds: 3 };
    let [search, fresh] = bias(some, 3000);
    assert!(search > 0.2, "{search}");
    // The deviation of a mean of 3 differences over 3000 searches is 0.015.
    assert!(fresh.abs() < 0.05, "{fresh}");
}

#[test]
fn luck_alone_is_as_large_as_is_said() {
    let equal = Simulated { configs: 24, apart: 0.0, alike: 0.0, top: 2, fresh_seeds: 5 };
    let [search, _] = bias(equal, 3000);
    assert!((search - expected_lead(24)).abs() < 0.03, "{search}");
    let best = |index| self::search(equal, index).0.winner().searched.mean;
    let mean = (0..3000).map(best).sum::<f64>() / 3000.0;
    assert!((mean - expected_largest(24)).abs() < 0.03, "{mean}");
}

#[test]
fn noise_alone_is_hardly_ever_called_a_difference() {
    let equal = Simulated { configs: 12, apart: 0.0, alike: 0.3, top: 3, fresh_seeds: 3 };
    let is_alarm = |index: &u64| {
        let (last, _) = search(equal, *index);
        last.others().iter().any(|other| last.lead(other).unwrap().difference().is_shown())
    };
    let rate = (0..2000).filter(is_alarm).count() as f64 / 2000.0;
    assert!(rate < 0.06, "{rate}");
}

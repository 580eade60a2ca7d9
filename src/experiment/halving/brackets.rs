//! Which configs start at which rung, and how many go on.

use super::{HalvingConfig, HalvingKind};
use crate::rng::{Purpose, stream};

/// Configs that are halved together, from its first rung to the end of training.
#[derive(Debug, Clone, PartialEq)]
pub struct Bracket {
    /// The configs that start here, as positions in the experiment.
    pub configs: Vec<usize>,
    /// In the order of their epochs; the last is the end of training.
    pub rungs: Vec<Rung>,
}

/// An epoch at which configs are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rung {
    /// Epochs trained when it is reached.
    pub epochs: u64,
    /// Configs that are trained to it.
    pub configs: usize,
}

impl Bracket {
    fn new(configs: Vec<usize>, epochs: &[u64], eta: u64) -> Bracket {
        let eta = usize::try_from(eta).unwrap_or(usize::MAX);
        let mut left = configs.len();
        let rungs = epochs.iter().map(|&epochs| {
            let rung = Rung { epochs, configs: left };
            left = (left / eta).max(1);
            rung
        });
        let rungs = rungs.collect();
        Bracket { configs, rungs }
    }

    /// The epochs of training for its configs, with one replicate of each.
    pub(super) fn epochs(&self) -> u64 {
        let epochs_before = std::iter::once(0).chain(self.rungs.iter().map(|rung| rung.epochs));
        let rungs = self.rungs.iter().zip(epochs_before);
        rungs.fold(0, |sum: u64, (rung, before)| {
            sum.saturating_add((rung.epochs - before).saturating_mul(rung.configs as u64))
        })
    }
}

/// The rungs: `min_epochs` times powers of `eta`, and the end of training.
pub(super) fn rung_epochs(config: &HalvingConfig, total_epochs: u64) -> Vec<u64> {
    let more = |epochs: &u64| epochs.checked_mul(config.eta);
    let mut rungs: Vec<u64> = std::iter::successors(Some(config.min_epochs), more)
        .take_while(|epochs| *epochs < total_epochs)
        .collect();
    rungs.push(total_epochs);
    rungs
}

/// Distributes `configs` configs.
pub(super) fn brackets(config: &HalvingConfig, total_epochs: u64, configs: usize) -> Vec<Bracket> {
    let epochs = rung_epochs(config, total_epochs);
    if config.kind == HalvingKind::SuccessiveHalving {
        return vec![Bracket::new((0..configs).collect(), &epochs, config.eta)];
    }
    let weights = hyperband_sizes(epochs.len(), config.eta);
    let all: f64 = weights.iter().sum();
    // Neighbours on a grid are similar, so each bracket gets some from everywhere.
    let mut order: Vec<usize> = (0..configs).collect();
    stream(0, Purpose::Brackets, 0, 0).shuffle(&mut order);
    let mut brackets = Vec::new();
    let (mut begin, mut weight) = (0, 0.0);
    for (first, share) in weights.iter().enumerate() {
        weight += share;
        let end = (configs as f64 * (weight / all)).round() as usize;
        let mut own = order[begin..end.max(begin)].to_vec();
        begin = end.max(begin);
        own.sort_unstable();
        if !own.is_empty() {
            brackets.push(Bracket::new(own, &epochs[first..], config.eta));
        }
    }
    brackets
}

/// Configs of each bracket in Hyperband's own proportions (Li et al., Algorithm 1), the bracket that
/// starts at the first rung first.
pub(super) fn hyperband_sizes(rungs: usize, eta: u64) -> Vec<f64> {
    let size = |first: usize| {
        let later = rungs - first; // rungs of this bracket
        let powers = (1..later).fold(1.0, |power, _| power * eta as f64);
        (rungs as f64 / later as f64 * powers).ceil()
    };
    (0..rungs).map(size).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(kind: HalvingKind, min_epochs: u64, eta: u64) -> HalvingConfig {
        HalvingConfig { kind, min_epochs, eta, ..HalvingConfig::default() }
    }

    fn rungs(bracket: &Bracket) -> Vec<(usize, u64)> {
        bracket.rungs.iter().map(|rung| (rung.configs, rung.epochs)).collect()
    }

    #[test]
    fn successive_halving_keeps_one_of_eta_at_each_rung() {
        let [bracket] = &brackets(&config(HalvingKind::SuccessiveHalving, 1, 3), 27, 30)[..] else {
            panic!("one bracket");
        };
        assert_eq!(rungs(bracket), [(30, 1), (10, 3), (3, 9), (1, 27)]);
        assert_eq!(bracket.configs, (0..30).collect::<Vec<_>>());
        assert_eq!(bracket.epochs(), 30 + 10 * 2 + 3 * 6 + 18);
        let few = &brackets(&config(HalvingKind::SuccessiveHalving, 2, 4), 20, 3)[0];
        assert_eq!(rungs(few), [(3, 2), (1, 8), (1, 20)]);
    }

    /// Table 1 of Li et al.: R = 81, eta = 3.
    #[test]
    fn hyperband_has_the_brackets_of_its_paper() {
        let brackets = brackets(&config(HalvingKind::Hyperband, 1, 3), 81, 143);
        let found: Vec<_> = brackets.iter().map(rungs).collect();
        let expected: [&[(usize, u64)]; 5] = [
            &[(81, 1), (27, 3), (9, 9), (3, 27), (1, 81)],
            &[(34, 3), (11, 9), (3, 27), (1, 81)],
            &[(15, 9), (5, 27), (1, 81)],
            &[(8, 27), (2, 81)],
            &[(5, 81)],
        ];
        assert_eq!(found, expected);
        let mut all: Vec<usize> = brackets.iter().flat_map(|b| b.configs.clone()).collect();
        all.sort_unstable();
        assert_eq!(all, (0..143).collect::<Vec<_>>(), "each config is in one bracket");
        assert!(brackets[4].configs != (138..143).collect::<Vec<_>>(), "they are mixed");
    }

    #[test]
    fn few_configs_leave_brackets_out_and_none_is_lost() {
        for configs in 1..40 {
            let brackets = brackets(&config(HalvingKind::Hyperband, 1, 3), 81, configs);
            assert!(brackets.iter().all(|bracket| !bracket.configs.is_empty()));
            assert_eq!(brackets.iter().map(|b| b.configs.len()).sum::<usize>(), configs);
        }
    }

    #[test]
    fn rungs_end_with_the_training() {
        let of =
            |min, eta, total| rung_epochs(&config(HalvingKind::SuccessiveHalving, min, eta), total);
        assert_eq!(of(1, 3, 27), [1, 3, 9, 27]);
        assert_eq!(of(2, 3, 20), [2, 6, 18, 20]);
        assert_eq!(of(5, 2, 5), [5]);
        assert_eq!(of(1, u64::MAX, 9), [1, 9]);
    }
}

//! Whether early rungs tell what later ones do. Halving drops what starts slowly, and that is what regularises:
//! Dropout, augmentation, low learning rates.

use crate::analysis::rungs::RungState;
use crate::stats::spearman;

/// Fewer configs at both rungs show nothing.
const FEWEST: usize = 5;
/// Below this rank correlation the order at a rung says little about that at the next.
const SAYS_LITTLE: f64 = 0.5;

/// A warning for each rung of a bracket whose order says little about that at the next rung.
pub(super) fn slow_starters(states: &[RungState]) -> Vec<String> {
    let pairs = states.windows(2).filter_map(|pair| warning(&pair[0], &pair[1]));
    pairs.collect()
}

fn warning(early: &RungState, late: &RungState) -> Option<String> {
    let both = late.configs.iter().filter_map(|(config, figure)| {
        let (_, before) = early.configs.iter().find(|(other, _)| other == config)?;
        before.zip(*figure)
    });
    let (before, after): (Vec<f64>, Vec<f64>) = both.unzip();
    let correlation = spearman(&before, &after);
    let (from, to) = (early.rung.epochs, late.rung.epochs);
    let count = after.len();
    (count >= FEWEST && correlation < SAYS_LITTLE).then(|| {
        format!(
            "the order at epoch {from} says little about the order at epoch {to}: rank correlation \
             {correlation:.2} over the {count} configs that went on. Early rungs favour what starts fast; \
             Dropout, augmentation and low learning rates start slowly. Begin later: `halving.min_epochs` = \
             {to}"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Rung;

    fn state(epochs: u64, figures: &[f64]) -> RungState {
        let configs = figures.iter().copied().map(Some).enumerate().collect();
        let rung = Rung { epochs, configs: figures.len() };
        RungState { rung, configs, promoted: None }
    }

    #[test]
    fn rungs_whose_orders_differ_are_named_with_the_epochs_to_begin_from() {
        let early = state(1, &[0.5, 0.4, 0.3, 0.2, 0.1, 0.05]);
        let turned = state(3, &[0.1, 0.2, 0.3, 0.4, 0.5]);
        let kept = state(9, &[0.1, 0.2, 0.3, 0.4, 0.6]);
        let warnings = slow_starters(&[early.clone(), turned, kept]);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].contains("rank correlation -1.00 over the 5 configs"), "{warnings:?}");
        assert!(warnings[0].ends_with("`halving.min_epochs` = 3"), "{warnings:?}");
        let few = state(3, &[0.1, 0.2, 0.3, 0.4]);
        assert_eq!(slow_starters(&[early, few]), [""; 0]);
    }
}

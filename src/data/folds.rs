//! `dataset.folds`: the training examples in parts of equal size, each with the classes in proportion. One part
//! validates, the others train (cross-validation: Stone, 1974,
//! <https://doi.org/10.1111/j.2517-6161.1974.tb00994.x>).
//!
//! Sizes and class counts of the parts are those of scikit-learn's `StratifiedKFold`; which examples they are is not.

use std::collections::HashMap;

use super::DatasetConfig;
use crate::rng::{Purpose, stream};

/// The most parts.
pub(super) const MOST_FOLDS: i64 = 20;

/// How many of `examples` part `fold` of `folds` has: parts differ by at most one, the first are the larger ones.
fn fold_size(examples: usize, folds: usize, fold: usize) -> usize {
    examples / folds + usize::from(fold < examples % folds)
}

/// How many examples part `fold` of `folds` has, by the numbers of a run's record; none where they are not possible.
pub fn held_out_of(examples: u64, folds: u64, fold: u64) -> Option<u64> {
    let [examples, folds, fold] = [examples, folds, fold].map(|n| usize::try_from(n).ok());
    Some(fold_size(examples?, folds.filter(|folds| *folds > 0)?, fold?) as u64)
}

/// How many examples of each class part `fold` has. The examples, sorted by class, are dealt to the parts in turn; the
/// classes come in the order in which they first occur.
pub(super) fn fold_counts(labels: &[u16], classes: usize, folds: usize, fold: usize) -> Vec<usize> {
    let mut counts = vec![0; classes];
    let mut order = Vec::new();
    for label in labels {
        let count: &mut usize = &mut counts[usize::from(*label)];
        if *count == 0 {
            order.push(usize::from(*label));
        }
        *count += 1;
    }
    let mut of_fold = vec![0; classes];
    let mut dealt = 0; // to all parts, in turn
    for class in order {
        let first = (fold + folds - dealt % folds) % folds; // the first of the class that this part gets
        of_fold[class] = counts[class].saturating_sub(first).div_ceil(folds);
        dealt += counts[class];
    }
    of_fold
}

/// Which examples part `fold` has: the classes' examples, each class in an order that is drawn with `seed`, go to the
/// parts one after the other.
pub(super) fn in_fold(
    labels: &[u16],
    classes: usize,
    [folds, fold]: [usize; 2],
    seed: u64,
) -> Vec<bool> {
    let mut before = vec![0; classes]; // of each class, in the parts before
    for earlier in 0..fold {
        let counts = fold_counts(labels, classes, folds, earlier);
        before.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
    }
    let own = fold_counts(labels, classes, folds, fold);
    let mut members: HashMap<u16, Vec<usize>> = HashMap::new();
    for (i, label) in labels.iter().enumerate() {
        members.entry(*label).or_default().push(i);
    }
    let mut is_in = vec![false; labels.len()];
    for (class, mut of_class) in members {
        stream(seed, Purpose::Folds, u64::from(class), 0).shuffle(&mut of_class);
        let class = usize::from(class);
        of_class[before[class]..][..own[class]].iter().for_each(|&i| is_in[i] = true);
    }
    is_in
}

impl DatasetConfig {
    /// Examples that are held out of the training examples to validate on.
    pub fn held_out(&self) -> usize {
        match self.folds {
            None => self.validation_examples,
            Some(folds) => fold_size(self.used_examples(), folds.max(1), self.fold_or_first()),
        }
    }

    /// Its part and the number of parts, where the examples are divided into parts.
    pub(super) fn part(&self) -> Option<[usize; 2]> {
        self.folds.map(|folds| [folds, self.fold_or_first()])
    }

    /// The seed of what a run with the trial's `seed` draws: its weights, its batches and all else. Each fold draws anew,
    /// so that its luck is its own: what all folds of a seed had in common, their spread would not show.
    pub fn run_seed(&self, seed: u64) -> u64 {
        match self.fold {
            None => seed,
            Some(fold) => stream(seed, Purpose::FoldSeed, fold as u64, 0).next_u64(),
        }
    }

    /// Where all parts are meant: those to train, one a trial. A trial has one part already, or none.
    pub fn open_folds(&self) -> Vec<Option<usize>> {
        match (self.folds, self.fold) {
            (Some(folds), None) => (0..folds).map(Some).collect(),
            (_, fold) => vec![fold],
        }
    }

    /// The first is one of the largest, which leaves the fewest to train on.
    fn fold_or_first(&self) -> usize {
        self.fold.unwrap_or(0)
    }

    /// Training examples of the file that are used at all.
    pub(super) fn used_examples(&self) -> usize {
        self.train_examples.unwrap_or(self.source.facts().train_examples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::draw::class_counts;

    /// Class sizes as they come, and labels in an order that is drawn.
    fn labels(sizes: &[usize], seed: u64) -> Vec<u16> {
        let of_class = |(class, size): (usize, &usize)| vec![class as u16; *size];
        let mut labels: Vec<u16> = sizes.iter().enumerate().flat_map(of_class).collect();
        stream(seed, Purpose::Synthetic, 0, 0).shuffle(&mut labels);
        labels
    }

    #[test]
    fn every_example_is_in_one_part_and_parts_have_the_classes_in_proportion() {
        for (sizes, folds) in [(vec![50, 30, 20], 5), (vec![7, 2, 94], 10), (vec![3, 0, 4], 2)] {
            let labels = labels(&sizes, 3);
            let mut times = vec![0; labels.len()];
            for fold in 0..folds {
                let is_in = in_fold(&labels, sizes.len(), [folds, fold], 8);
                let members = labels.iter().zip(&is_in).filter(|(_, is_in)| **is_in);
                let counts = class_counts(members.map(|(label, _)| *label), sizes.len());
                assert_eq!(counts, fold_counts(&labels, sizes.len(), folds, fold));
                let size: usize = counts.iter().sum();
                assert_eq!(size, fold_size(labels.len(), folds, fold), "{sizes:?} {fold}");
                for (count, of_all) in counts.iter().zip(&sizes) {
                    assert!(count.abs_diff(of_all / folds) <= 1, "{sizes:?}: {counts:?}");
                }
                times
                    .iter_mut()
                    .zip(&is_in)
                    .for_each(|(times, is_in)| *times += usize::from(*is_in));
            }
            assert!(times.iter().all(|times| *times == 1), "{sizes:?} {times:?}");
        }
    }

    #[test]
    fn a_class_of_two_is_never_held_out_whole() {
        for folds in 2..=20 {
            for extra in 0..20 {
                let labels = labels(&[2, 18 + extra, 2, 5], extra as u64);
                for fold in 0..folds {
                    let counts = fold_counts(&labels, 4, folds, fold);
                    assert!(counts[0] < 2 && counts[2] < 2, "{folds} {fold}: {counts:?}");
                }
            }
        }
    }

    #[test]
    fn the_seed_decides_which_examples() {
        let labels = labels(&[12, 8], 1);
        let drawn = |seed| in_fold(&labels, 2, [4, 1], seed);
        assert_eq!(drawn(5), drawn(5));
        assert_ne!(drawn(5), drawn(6));
        let members: Vec<usize> = (0..20).filter(|i| drawn(0)[*i]).collect();
        insta::assert_debug_snapshot!(members);
    }

    /// `tests/parity/make_folds.py` writes what scikit-learn's `StratifiedKFold` makes of drawn labels.
    #[test]
    fn sizes_and_class_counts_are_those_of_scikit_learn() {
        #[derive(serde::Deserialize)]
        struct Case {
            labels: Vec<u16>,
            classes: usize,
            counts: Vec<Vec<usize>>, // of each part, by class
        }
        let cases: Vec<Case> =
            serde_json::from_str(include_str!("../../tests/parity/folds.json")).unwrap();
        assert!(cases.len() > 20);
        for Case { labels, classes, counts } in cases {
            let folds = counts.len();
            let ours: Vec<Vec<usize>> =
                (0..folds).map(|fold| fold_counts(&labels, classes, folds, fold)).collect();
            assert_eq!(ours, counts, "{labels:?}");
        }
    }
}

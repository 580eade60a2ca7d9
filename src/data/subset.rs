//! A share of the training examples, drawn by class: `dataset.train_fraction`. Every share is the
//! beginning of one order of the examples, so a smaller share lies within a larger one.

use std::cmp::Ordering;

use super::DatasetConfig;
use super::draw::class_counts;
use super::folds::fold_counts;
use super::held_out::held_out;
use crate::rng::{Purpose, stream};

/// How many of `examples` a share of them has.
pub fn share_of(fraction: f64, examples: usize) -> usize {
    if fraction == 1.0 { examples } else { (fraction * examples as f64).round() as usize }
}

/// The first `wanted` of `positions` in an order that is drawn with `seed` and in which the classes of
/// `labels` take turns in proportion to their sizes; sorted.
pub(super) fn draw_subset(
    labels: &[u16],
    positions: Vec<u32>,
    wanted: usize,
    seed: u64,
) -> Vec<u32> {
    if wanted >= positions.len() {
        return positions;
    }
    let class_of = |position: &u32| labels[*position as usize];
    let classes = positions.iter().map(|position| usize::from(class_of(position)) + 1).max();
    let mut members = vec![Vec::new(); classes.unwrap_or(0)];
    positions.iter().for_each(|position| members[usize::from(class_of(position))].push(*position));
    let mut order = Vec::with_capacity(positions.len());
    for (class, of_class) in members.iter_mut().enumerate() {
        stream(seed, Purpose::TrainSubset, class as u64, 0).shuffle(of_class);
        let size = of_class.len();
        order.extend(
            of_class
                .iter()
                .enumerate()
                .map(|(rank, position)| (Turn { class, rank, size }, *position)),
        );
    }
    order.sort_unstable_by_key(|(turn, _)| *turn);
    let mut subset: Vec<u32> = order[..wanted].iter().map(|(_, position)| *position).collect();
    subset.sort_unstable();
    subset
}

/// When an example is taken: the example of rank k, from 0, of a class of n comes after the share
/// (k + 1/2) / n of all (Webster's rule), and of equals the first class. Thus every beginning of the order
/// has the classes in proportion, rounded, and adding to it takes nothing out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Turn {
    class: usize,
    rank: usize,
    size: usize,
}

impl Ord for Turn {
    fn cmp(&self, other: &Turn) -> Ordering {
        // 128 bits hold every product of two sizes.
        let share = |turn: &Turn, of: &Turn| (2 * turn.rank as u128 + 1) * of.size as u128;
        share(self, other).cmp(&share(other, self)).then(self.class.cmp(&other.class))
    }
}

impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Turn) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Why a share is too small: the class that it lacks, and the smallest share that has all classes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SmallShare {
    /// The class.
    pub class: usize,
    /// The share, rounded up to what people write.
    pub smallest: f64,
}

/// Whether a share of classes of these sizes lacks one.
pub(super) fn lacking_class(counts: &[usize], fraction: f64) -> Option<SmallShare> {
    let all: usize = counts.iter().sum();
    // The last class to get its turn is the smallest one, the last of equals.
    let there = counts.iter().enumerate().filter(|(_, count)| **count > 0);
    let (class, size) = there.min_by_key(|(class, count)| (**count, usize::MAX - class))?;
    let turns = |(other, count): (usize, &usize)| {
        let whole = if other <= class { count / size } else { count.saturating_sub(1) / size };
        whole.div_ceil(2)
    };
    let needed: usize = counts.iter().enumerate().map(turns).sum();
    let is_enough = |share| share_of(share, all) >= needed;
    (!is_enough(fraction)).then(|| SmallShare { class, smallest: smallest(needed, all, is_enough) })
}

/// The smallest share of `needed` of `all` examples, rounded up by less than a hundredth of it.
fn smallest(needed: usize, all: usize, is_enough: impl Fn(f64) -> bool) -> f64 {
    let exact = (needed as f64 - 0.5) / all as f64; // it is rounded
    let mut unit = 100.0;
    for _ in 0..12 {
        let share = (exact * unit).ceil() / unit;
        if share <= 1.01 * exact && is_enough(share) {
            return share;
        }
        unit *= 10.0;
    }
    needed as f64 / all as f64
}

impl DatasetConfig {
    /// Why the share of the training examples is too small, as far as the config tells: for published
    /// data it takes the classes to be of equal size.
    pub fn small_share(&self) -> Option<SmallShare> {
        let classes = self.source.facts().classes;
        let counts = match self.source.own() {
            _ if self.train_fraction == 1.0 => return None,
            Some(own) => {
                let labels = &own.dataset.train.labels[..];
                let counts = class_counts(labels.iter().copied(), classes);
                let held_out = match self.part() {
                    Some([folds, fold]) => fold_counts(labels, classes, folds, fold),
                    None => held_out(&own.dataset, &counts, self.validation_examples)?,
                };
                counts.iter().zip(held_out).map(|(count, held_out)| count - held_out).collect()
            }
            None => {
                let left = self.before_share();
                (0..classes).map(|class| (left + class) / classes).collect::<Vec<usize>>()
            }
        };
        lacking_class(&counts, self.train_fraction)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Classes of 600, 290, 100 and 10 examples, mixed.
    fn labels() -> Vec<u16> {
        let sizes = [600, 290, 100, 10];
        let mut labels: Vec<u16> =
            (0..4_u16).flat_map(|class| vec![class; sizes[usize::from(class)]]).collect();
        stream(1, Purpose::Synthetic, 0, 0).shuffle(&mut labels);
        labels
    }

    fn subset(labels: &[u16], wanted: usize, seed: u64) -> Vec<u32> {
        draw_subset(labels, (0..labels.len() as u32).collect(), wanted, seed)
    }

    fn counts_of(labels: &[u16], subset: &[u32]) -> Vec<usize> {
        class_counts(subset.iter().map(|position| labels[*position as usize]), 4)
    }

    #[test]
    fn smaller_shares_lie_within_larger_ones() {
        let labels = labels();
        let mut larger = subset(&labels, labels.len(), 5);
        for wanted in (0..labels.len()).rev() {
            let smaller = subset(&labels, wanted, 5);
            assert!(smaller.is_sorted() && smaller.len() == wanted);
            assert!(smaller.iter().all(|position| larger.binary_search(position).is_ok()));
            larger = smaller;
        }
    }

    #[test]
    fn every_class_gives_its_part() {
        let labels = labels();
        let of = |wanted| counts_of(&labels, &subset(&labels, wanted, 5));
        assert_eq!(of(1000), [600, 290, 100, 10]);
        assert_eq!(of(500), [300, 145, 50, 5]);
        assert_eq!(of(100), [60, 29, 10, 1]);
        for wanted in 0..=1000 {
            let counts = of(wanted);
            for (count, size) in counts.iter().zip([600, 290, 100, 10]) {
                let exact = (size * wanted) as f64 / 1000.0;
                assert!((*count as f64 - exact).abs() < 1.5, "{wanted}: {counts:?}");
            }
        }
    }

    #[test]
    fn the_seed_decides_which_examples() {
        let labels = labels();
        assert_eq!(subset(&labels, 300, 1), subset(&labels, 300, 1));
        assert_ne!(subset(&labels, 300, 1), subset(&labels, 300, 2));
        insta::assert_debug_snapshot!(subset(&labels, 8, 0));
    }

    #[test]
    fn the_smallest_share_keeps_every_class_and_less_does_not() {
        for counts in [vec![600, 290, 100, 10], vec![10, 600], vec![7, 7, 7], vec![1, 30, 1, 9999]]
        {
            let all: usize = counts.iter().sum();
            let labels: Vec<u16> =
                (0..counts.len()).flat_map(|class| vec![class as u16; counts[class]]).collect();
            let has_all = |wanted: usize| {
                let of = class_counts(
                    subset(&labels, wanted, 3).iter().map(|p| labels[*p as usize]),
                    counts.len(),
                );
                of.iter().all(|count| *count > 0)
            };
            let SmallShare { smallest, .. } = lacking_class(&counts, 1e-9).unwrap();
            let needed = (0..=all).find(|wanted| has_all(*wanted)).unwrap();
            assert!(share_of(smallest, all) >= needed, "{counts:?}: {smallest}");
            assert!(smallest <= 1.01 * needed as f64 / all as f64, "{counts:?}: {smallest}");
            assert_eq!(lacking_class(&counts, smallest), None);
            let less = (needed as f64 - 0.6) / all as f64;
            assert!(lacking_class(&counts, less).is_some());
        }
        let of_ten = lacking_class(&[10; 10], 0.05).unwrap();
        assert_eq!(of_ten, SmallShare { class: 9, smallest: 0.095 });
        assert_eq!(lacking_class(&[10; 10], 1.0), None);
    }
}

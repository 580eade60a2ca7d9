//! How many examples of each class are drawn, and which ones: a function of the labels and a seed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::rng::{Purpose, stream};

/// The number of examples of each class.
pub(super) fn class_counts(labels: impl Iterator<Item = u16>, classes: usize) -> Vec<usize> {
    let mut counts = vec![0; classes];
    labels.for_each(|label| counts[usize::from(label)] += 1); // the reader has checked it against the classes
    counts
}

/// Draws `wanted[class]` of the examples of each class by `seed`; which of them are drawn.
pub(super) fn draw(labels: &[u16], wanted: &[usize], seed: u64, purpose: Purpose) -> Vec<bool> {
    let mut members = vec![Vec::new(); wanted.len()];
    for (i, &label) in labels.iter().enumerate() {
        members[usize::from(label)].push(i);
    }
    let mut is_drawn = vec![false; labels.len()];
    for (class, (mut of_class, &count)) in members.into_iter().zip(wanted).enumerate() {
        stream(seed, purpose, class as u64, 0).shuffle(&mut of_class);
        of_class[..count].iter().for_each(|&i| is_drawn[i] = true);
    }
    is_drawn
}

/// Shares `wanted` examples out among classes of `counts` examples, in proportion to them.
///
/// Each class gives its share rounded down, but never all of its examples, and at least one if
/// every class of two or more can give one. The remaining difference is corrected one example at a
/// time in the class farthest from its share (the first of equals). None if some class would have
/// to give all it has.
pub(super) fn proportional(counts: &[usize], wanted: usize) -> Option<Vec<usize>> {
    let all: usize = counts.iter().sum();
    let most = |class: usize| counts[class].saturating_sub(1);
    let most_of_all: usize = (0..counts.len()).map(most).sum();
    if wanted > most_of_all {
        return None;
    }
    let givers = counts.iter().filter(|count| **count > 1).count();
    let least = |class: usize| usize::from(wanted >= givers).min(most(class));
    // 128 bits hold every product of two sizes.
    let share = |class: usize| wanted as i128 * counts[class] as i128;
    let rounded = |class: usize| (share(class) / all.max(1) as i128) as usize;
    let first = (0..counts.len()).map(|class| rounded(class).clamp(least(class), most(class)));
    let mut given: Vec<usize> = first.collect();
    let sum: usize = given.iter().sum();
    let adds = sum < wanted;
    let is_open =
        |class: usize, count: usize| count != if adds { most(class) } else { least(class) };
    let distance = |class: usize, count: usize| {
        let lacking = share(class) - count as i128 * all as i128;
        (if adds { lacking } else { -lacking }, Reverse(class))
    };
    let open = (0..counts.len()).filter(|class| is_open(*class, given[*class]));
    let mut farthest: BinaryHeap<_> = open.map(|class| distance(class, given[class])).collect();
    for _ in 0..sum.abs_diff(wanted) {
        let Some((_, Reverse(class))) = farthest.pop() else { break };
        given[class] = if adds { given[class] + 1 } else { given[class] - 1 };
        if is_open(class, given[class]) {
            farthest.push(distance(class, given[class]));
        }
    }
    Some(given)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_in_proportion_and_leave_one_of_each_class() {
        let shares = |counts: &[usize], wanted| proportional(counts, wanted);
        assert_eq!(shares(&[50, 50], 10), Some(vec![5, 5]));
        assert_eq!(shares(&[600, 300, 100], 100), Some(vec![60, 30, 10]));
        assert_eq!(shares(&[4, 76], 8), Some(vec![1, 7])); // 0.4 and 7.6: each class gives one
        assert_eq!(shares(&[4, 76], 1), Some(vec![0, 1])); // too few for each class
        assert_eq!(shares(&[70, 20, 10], 7), Some(vec![5, 1, 1])); // 4.9, 1.4, 0.7
        assert_eq!(shares(&[5, 5, 5], 4), Some(vec![2, 1, 1])); // the first of equals
        assert_eq!(shares(&[2, 2, 96], 10), Some(vec![1, 1, 8]));
        assert_eq!(shares(&[1, 99], 50), Some(vec![0, 50]));
        assert_eq!(shares(&[0, 3, 2], 3), Some(vec![0, 2, 1]));
        assert_eq!(shares(&[0, 3, 2], 4), None);
        assert_eq!(shares(&[3, 3], 0), Some(vec![0, 0]));
        assert_eq!(shares(&[], 0), Some(vec![]));
    }

    /// Properties of the shares of any classes; if classes have equal sizes and the number is a
    /// multiple of their count, each gives the same, as before shares were proportional.
    #[test]
    fn shares_add_up_and_no_class_gives_all_it_has() {
        let mut stream = stream(1, Purpose::Synthetic, 0, 0);
        for _ in 0..2000 {
            let classes = 1 + stream.below(6) as usize;
            let counts: Vec<usize> = (0..classes).map(|_| 1 + stream.below(40) as usize).collect();
            let most = counts.iter().sum::<usize>() - classes;
            let wanted = stream.below(most as u32 + 1) as usize;
            let given = proportional(&counts, wanted).unwrap();
            assert_eq!(given.iter().sum::<usize>(), wanted, "{counts:?}");
            assert!(given.iter().zip(&counts).all(|(given, count)| given < count), "{counts:?}");
            let givers = counts.iter().filter(|count| **count > 1).count();
            let has_each = given.iter().zip(&counts).all(|(given, n)| *given > 0 || *n == 1);
            assert_eq!(has_each, wanted >= givers, "{counts:?} {wanted}: {given:?}");
            assert_eq!(proportional(&counts, most + 1), None);
            let (n, each) = (counts[0], stream.below(counts[0] as u32) as usize);
            assert_eq!(proportional(&vec![n; classes], each * classes), Some(vec![each; classes]));
        }
    }

    #[test]
    fn shares_of_very_many_classes_take_no_time_to_speak_of() {
        let mut counts = vec![1; 65_000];
        counts[7] = 1_000_000;
        let given = proportional(&counts, 900_000).unwrap();
        assert_eq!((given[7], given.iter().sum::<usize>()), (900_000, 900_000));
    }
}

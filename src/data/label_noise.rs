//! Training labels drawn anew: `dataset.label_noise` (Zhang et al., 2017, Understanding deep learning requires
//! rethinking generalization, arXiv:1611.03530).

use crate::rng::{Purpose, stream};

/// The labels of the training examples at `positions`, of which the share `noise` is drawn anew from all `classes`,
/// each as likely as any other; a label that is drawn again stays what it was. Whether an example is among them, and
/// which label it gets, depends on the seed and its position alone, so a smaller share lies within a larger one.
pub(super) fn given_labels(
    labels: &[u16],
    positions: &[u32],
    classes: usize,
    noise: f64,
    seed: u64,
) -> Vec<u16> {
    let mut given: Vec<u16> = positions.iter().map(|at| labels[*at as usize]).collect();
    let mut turns: Vec<(u64, usize, u16)> = Vec::with_capacity(positions.len());
    for (pick, position) in positions.iter().enumerate() {
        let mut stream = stream(seed, Purpose::LabelNoise, u64::from(*position), 0);
        turns.push((stream.next_u64(), pick, stream.below(classes as u32) as u16));
    }
    turns.sort_unstable();
    let drawn = (noise * positions.len() as f64).round() as usize;
    for (_, pick, label) in &turns[..drawn] {
        given[*pick] = *label;
    }
    given
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(noise: f64, seed: u64) -> Vec<u16> {
        let labels: Vec<u16> = (0..5000).map(|i| i % 10).collect();
        let positions: Vec<u32> = (0..5000).filter(|i| i % 5 != 0).collect();
        given_labels(&labels, &positions, 10, noise, seed)
    }

    /// How many labels differ.
    fn changed(a: &[u16], b: &[u16]) -> usize {
        a.iter().zip(b).filter(|(a, b)| a != b).count()
    }

    #[test]
    fn the_share_is_drawn_from_all_classes() {
        let clean = given(0.0, 0);
        let positions = (0..5000_u16).filter(|i| i % 5 != 0);
        assert_eq!(clean, positions.map(|i| i % 10).collect::<Vec<u16>>());
        // 2000 are drawn anew, and nine of ten of those differ: 1800 with a standard deviation of 13.
        assert!((1748..1852).contains(&changed(&clean, &given(0.5, 0))));
        // Nothing of the classes is left: one in ten is right, 400 with a standard deviation of 19.
        let random = given(1.0, 0);
        assert!((324..476).contains(&(4000 - changed(&clean, &random))));
        for class in 0..10 {
            let count = random.iter().filter(|label| **label == class).count();
            assert!((324..476).contains(&count), "class {class}: {count}");
        }
    }

    #[test]
    fn a_smaller_share_lies_within_a_larger_one_and_the_seed_decides() {
        let (clean, less, more) = (given(0.0, 3), given(0.2, 3), given(0.6, 3));
        for ((clean, less), more) in clean.iter().zip(&less).zip(&more) {
            assert!(less == clean || less == more);
        }
        assert_eq!(less, given(0.2, 3));
        assert!(changed(&less, &given(0.2, 4)) > 700);
    }

    /// An example keeps its new label where other examples are left out.
    #[test]
    fn a_label_depends_on_its_own_example() {
        let labels = [0_u16; 100];
        let all = given_labels(&labels, &(0..100).collect::<Vec<u32>>(), 7, 1.0, 1);
        let some = given_labels(&labels, &[3, 50, 51], 7, 1.0, 1);
        assert_eq!(some, [all[3], all[50], all[51]]);
        insta::assert_debug_snapshot!(&all[..12]);
    }
}

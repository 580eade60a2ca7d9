//! mixup (Zhang et al., 2018, <https://arxiv.org/abs/1710.09412>): an example becomes `share` of itself
//! and the rest of another, and so does its target.
//!
//! The share is drawn from Beta(alpha, alpha) for each example, where the paper's code draws one for the
//! whole batch: the expected loss is the same, and the share stays a function of (seed, epoch,
//! example). The others are, as there, the examples of the same batch in a random order, which is a
//! function of (seed, epoch, step in the epoch); one that meets itself stays what it is.

use super::Draw;
use super::beta::symmetric_beta;
use crate::rng::Key;

/// Partners, their classes and the shares of a batch.
#[derive(Debug, Clone)]
pub(super) struct Mixing {
    pub(super) partners: Vec<u32>, // [max_batch], rows of the batch
    pub(super) others: Vec<u16>,   // [max_batch]
    pub(super) shares: Vec<f32>,   // [max_batch]
}

impl Mixing {
    pub(super) fn new(max_batch: usize) -> Mixing {
        Mixing {
            partners: vec![0; max_batch],
            others: vec![0; max_batch],
            shares: vec![0.0; max_batch],
        }
    }

    /// Draws partners and shares of the batch of step `step` of the epoch of `key`, which has the
    /// examples numbered `examples` of the classes `classes`.
    pub(super) fn draw(
        &mut self,
        alpha: f64,
        key: &Key,
        step: u64,
        examples: impl Iterator<Item = u64>,
        classes: &[u16],
    ) {
        let partners = &mut self.partners[..classes.len()];
        partners.iter_mut().zip(0..).for_each(|(partner, row)| *partner = row);
        key.stream(Draw::MixupPartners.counter(step)).shuffle(partners);
        for (other, partner) in self.others.iter_mut().zip(partners) {
            *other = classes[*partner as usize];
        }
        for (share, example) in self.shares.iter_mut().zip(examples) {
            let mut stream = key.stream(Draw::MixupShare.counter(example));
            *share = symmetric_beta(alpha, &mut stream) as f32;
        }
    }
}

/// `share` of `own` and the rest of `other`.
#[inline(always)]
pub(super) fn mix(own: &[f32], other: &[f32], share: f32, mixed: &mut [f32]) {
    for ((mixed, own), other) in mixed.iter_mut().zip(own).zip(other) {
        *mixed = share.mul_add(*own, (1.0 - share) * other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Purpose;

    fn drawn(seed: u64, epoch: u64, step: u64, examples: &[u64]) -> Mixing {
        let key = Key::new(seed, Purpose::Augmentation, epoch);
        let mut mixing = Mixing::new(10);
        let classes: Vec<u16> = examples.iter().map(|example| *example as u16).collect();
        mixing.draw(0.4, &key, step, examples.iter().copied(), &classes);
        mixing
    }

    #[test]
    fn partners_are_the_batch_in_another_order_and_shares_belong_to_examples() {
        let examples = [70, 10, 50, 90, 30, 20];
        let mixing = drawn(1, 2, 3, &examples);
        let mut partners = mixing.partners[..6].to_vec();
        assert!(
            mixing.partners[..6]
                .iter()
                .zip(&mixing.others)
                .all(|(partner, other)| { examples[*partner as usize] == u64::from(*other) })
        );
        partners.sort_unstable();
        assert_eq!(partners, [0, 1, 2, 3, 4, 5]);
        let other_batch = drawn(1, 2, 4, &[1, 50, 70]);
        assert_eq!(other_batch.shares[1..3], [mixing.shares[2], mixing.shares[0]]);
        assert_ne!(drawn(1, 3, 3, &examples).shares, mixing.shares);
        assert_ne!(drawn(1, 2, 4, &examples).partners, mixing.partners);
    }

    #[test]
    fn hand_worked_mixture() {
        let mut mixed = [0.0; 2];
        mix(&[1.0, 0.5], &[0.0, 1.0], 0.75, &mut mixed);
        assert_eq!(mixed, [0.75, 0.625]);
        mix(&[1.0, 0.5], &[0.0, 1.0], 1.0, &mut mixed);
        assert_eq!(mixed, [1.0, 0.5]);
    }

    #[test]
    fn a_batch_of_one_meets_itself() {
        let mixing = drawn(1, 2, 3, &[7]);
        assert_eq!((mixing.partners[0], mixing.others[0]), (0, 7));
    }
}

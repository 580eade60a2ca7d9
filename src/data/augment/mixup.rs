//! mixup (Zhang et al., 2018, <https://arxiv.org/abs/1710.09412>): an example becomes the mean of
//! itself, weighted with `share`, and another example, and so does its target.
//!
//! The share is drawn from Beta(alpha, alpha) for each example; the paper's code draws one for the
//! whole batch: the expected loss is the same, and the share stays a function of (seed, epoch,
//! example). The partners are, as there, the examples of the same batch in a random order, which is
//! a function of (seed, epoch, step in the epoch); an example paired with itself stays unchanged.

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number};
use crate::data::augment::beta::symmetric_beta;
use crate::data::augment::mixing::Mixing;
use crate::data::augment::transform::{BatchStreams, InputStage, OfBatch, Transform};
use crate::data::augment::{Draw, ImageMisfit, ImageSize};

config! {
    /// The table `mixup`.
    #[derive(Copy)]
    pub struct MixupConfig {
        /// The example's own share is drawn from Beta(alpha, alpha); 0: off, 0.2 to 1 is usual.
        pub alpha: f64 = number(Range::NOT_NEGATIVE).or(0.0).left_out(),
    }
}

impl Transform for MixupConfig {
    fn is_off(&self) -> bool {
        self.alpha == 0.0
    }

    fn misfit(&self, _shape: ImageSize) -> Option<ImageMisfit> {
        None
    }

    fn stage(&self) -> InputStage<'_> {
        InputStage::Batch(self)
    }
}

impl OfBatch for MixupConfig {
    fn draw(&self, mixing: &mut Mixing, _shape: ImageSize, batch: BatchStreams<'_>) {
        let BatchStreams { key, step, examples, classes } = batch;
        mixing.pair(&mut key.stream(Draw::MixupPartners.counter(step)), classes);
        for (share, example) in mixing.shares.iter_mut().zip(examples) {
            let mut stream = key.stream(Draw::MixupShare.counter(example));
            *share = symmetric_beta(self.alpha, &mut stream) as f32;
        }
    }

    fn pastes(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, StreamKey};

    const SHAPE: ImageSize = ImageSize { channels: 1, height: 2, width: 2 };

    fn drawn(seed: u64, epoch: u64, step: u64, examples: &[u64]) -> Mixing {
        let key = StreamKey::new(seed, Purpose::Augmentation, epoch);
        let mut mixing = Mixing::new(10, None);
        let classes: Vec<u16> = examples.iter().map(|example| *example as u16).collect();
        let examples = &mut examples.iter().copied();
        let batch = BatchStreams { key: &key, step, examples, classes: &classes };
        MixupConfig { alpha: 0.4 }.draw(&mut mixing, SHAPE, batch);
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
    fn a_batch_of_one_meets_itself() {
        let mixing = drawn(1, 2, 3, &[7]);
        assert_eq!((mixing.partners[0], mixing.others[0]), (0, 7));
    }
}

//! CutMix (Yun et al., 2019, <https://arxiv.org/abs/1905.04899>): a box of an example is replaced by what
//! another example has there, and its target becomes a mixture by area.
//!
//! As in the authors' code, the box has the share 1 - lambda of the area, with lambda from Beta(alpha,
//! alpha), around a pixel that is drawn uniformly; what lies beyond the border is lost, and the example's
//! own share is what remains of its area. That code draws one box for the whole batch; here it is drawn
//! for each example, and is a function of (seed, epoch, example). The partners are the batch in random
//! order, as for mixup.

use std::ops::Range;

use crate::config;
use crate::config::keys::{WhenAbsent, config, number};
use crate::data::augment::beta::symmetric_beta;
use crate::data::augment::mixing::Mixing;
use crate::data::augment::rectangle::Rectangle;
use crate::data::augment::transform::{BatchStreams, InputStage, OfBatch, Transform};
use crate::data::augment::{Draw, ImageMisfit, ImageSize};
use crate::rng::Stream;

config! {
    /// The table `cutmix`.
    #[derive(Copy)]
    pub struct CutmixConfig {
        /// The example's own share of the area is drawn from Beta(alpha, alpha); 0: off, 1 is usual.
        pub alpha: f64 = number(config::Range::NOT_NEGATIVE).or(0.0).left_out(),
        /// Probability that an example is mixed at all.
        pub probability: f64 = number(config::Range::PROBABILITY).or(1.0).left_out(),
    }
}

impl Transform for CutmixConfig {
    fn is_off(&self) -> bool {
        self.alpha == 0.0 || self.probability == 0.0
    }

    fn misfit(&self, _shape: ImageSize) -> Option<ImageMisfit> {
        None
    }

    fn stage(&self) -> InputStage<'_> {
        InputStage::Batch(self)
    }
}

impl OfBatch for CutmixConfig {
    fn draw(&self, mixing: &mut Mixing, shape: ImageSize, batch: BatchStreams<'_>) {
        let BatchStreams { key, step, examples, classes } = batch;
        mixing.pair(&mut key.stream(Draw::CutmixPartners.counter(step)), classes);
        for (row, example) in examples.take(classes.len()).enumerate() {
            let pasted = draw_box(self, shape, &mut key.stream(Draw::CutmixBox.counter(example)));
            mixing.paste(row, pasted, shape);
        }
    }

    fn pastes(&self) -> bool {
        true
    }
}

/// Draws whether an example is mixed, its share, and the centre of the box: its row, then its column.
fn draw_box(config: &CutmixConfig, shape: ImageSize, stream: &mut Stream) -> Rectangle {
    if stream.uniform() >= config.probability {
        return Rectangle::default();
    }
    let share = symmetric_beta(config.alpha, stream);
    let mut centre = |pixels| stream.below(u32::try_from(pixels).unwrap_or(u32::MAX)) as usize;
    let centre = [centre(shape.height), centre(shape.width)];
    box_of(share, centre, shape)
}

/// The box around `centre` that leaves an example `share` of its area, clipped at the border.
fn box_of(share: f64, centre: [usize; 2], shape: ImageSize) -> Rectangle {
    let cut = (1.0 - share).sqrt();
    let side = |pixels: usize, centre: usize| -> Range<usize> {
        let half = (pixels as f64 * cut) as usize / 2;
        centre.saturating_sub(half)..(centre + half).min(pixels)
    };
    Rectangle { rows: side(shape.height, centre[0]), columns: side(shape.width, centre[1]) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::augment::testing::{fixtures, numbers};
    use crate::rng::{Purpose, StreamKey, stream};

    const SHAPE: ImageSize = ImageSize { channels: 3, height: 32, width: 24 };

    #[test]
    fn equals_the_authors_code() {
        for case in fixtures()["cutmix"].as_array().unwrap() {
            let [channels, height, width] = [0, 1, 2].map(|i| numbers(&case["shape"])[i] as usize);
            let shape = ImageSize { channels, height, width };
            let centre = [0, 1].map(|i| case["centre"][i].as_u64().unwrap() as usize);
            let pasted = box_of(case["drawn"].as_f64().unwrap(), centre, shape);
            let mut mixing = Mixing::new(1, Some(shape));
            mixing.paste(0, pasted, shape);
            assert_eq!(mixing.shares[0], case["share"].as_f64().unwrap() as f32);
            let (own, other) = (numbers(&case["input"]), numbers(&case["other"]));
            assert_eq!(mixing.pasted(0, &own, &other), Some(&numbers(&case["output"])[..]));
        }
    }

    fn drawn(config: CutmixConfig, seed: u64, step: u64, examples: &[u64]) -> Mixing {
        let key = StreamKey::new(seed, Purpose::Augmentation, 2);
        let mut mixing = Mixing::new(10, Some(SHAPE));
        let classes: Vec<u16> = examples.iter().map(|example| *example as u16).collect();
        let examples = &mut examples.iter().copied();
        let batch = BatchStreams { key: &key, step, examples, classes: &classes };
        config.draw(&mut mixing, SHAPE, batch);
        mixing
    }

    #[test]
    fn boxes_belong_to_examples_and_shares_are_exact_areas() {
        let config = CutmixConfig { alpha: 1.0, probability: 1.0 };
        let mixing = drawn(config, 1, 3, &[70, 10, 50, 90, 30, 20]);
        let other_batch = drawn(config, 1, 4, &[1, 50, 70]);
        assert_eq!(other_batch.boxes[1..3], [mixing.boxes[2].clone(), mixing.boxes[0].clone()]);
        for (pasted, share) in mixing.boxes[..6].iter().zip(&mixing.shares) {
            let area = pasted.area() as f32 / SHAPE.plane() as f32;
            assert!((share + area - 1.0).abs() < 1e-6);
        }
        assert_ne!(drawn(config, 2, 3, &[70, 10]).boxes[..2], mixing.boxes[..2]);
    }

    #[test]
    fn an_example_that_is_not_mixed_keeps_all_of_itself() {
        let config = CutmixConfig { alpha: 1.0, probability: 0.3 };
        let mut stream = stream(5, Purpose::Augmentation, 0, 7);
        let boxes = (0..10_000).map(|_| draw_box(&config, SHAPE, &mut stream));
        let unmixed = boxes.filter(|pasted| *pasted == Rectangle::default()).count();
        // 5 standard deviations; a box of less than 2 pixels is empty but has a place.
        assert!(unmixed.abs_diff(7000) < 230, "{unmixed}");
        let never = CutmixConfig { alpha: 1.0, probability: 1e-30 };
        assert_eq!(drawn(never, 1, 3, &[4, 5]).shares[..2], [1.0; 2]);
    }
}

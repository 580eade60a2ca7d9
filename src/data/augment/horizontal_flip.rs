//! Mirrors an image left to right: newly drawn in each epoch with a given probability, or in every
//! second epoch.

use crate::config::keys::{Scalar, ValueKind, Written};
use crate::config::{Range, TableReader};
use crate::data::augment::transform::{InputStage, OfWindow, Streams, Transform};
use crate::data::augment::window::Window;
use crate::data::augment::{Draw, ImageMisfit, ImageSize};
use crate::rng::Stream;

/// The key `horizontal_flip`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HorizontalFlip {
    /// With this probability, newly drawn in each epoch; 0: never.
    Probability(f64),
    /// An image is mirrored or not at random once, then turned over in every epoch (Jordan, 2024,
    /// <https://arxiv.org/abs/2404.00498>).
    Alternating,
}

const RANGE: Range = Range::PROBABILITY;
const WORDS: [(&str, HorizontalFlip); 1] = [("alternating", HorizontalFlip::Alternating)];
/// What the word means.
const MEANING: &str = "Each image is mirrored or not at random once, then turned over in every epoch, so that \
    any two epochs in a row show both sides of all images (Jordan, 2024, https://arxiv.org/abs/2404.00498).";

/// A probability, or the word.
pub(super) fn horizontal_flip() -> FlipScalar {
    FlipScalar
}

/// See [`horizontal_flip`].
pub(super) struct FlipScalar;

impl Scalar<HorizontalFlip> for FlipScalar {
    fn take(&self, table: &mut TableReader<'_>, key: &'static str) -> Option<HorizontalFlip> {
        table.optional_number_or_choice(key, RANGE, HorizontalFlip::Probability, &WORDS)
    }

    fn put(&self, value: &HorizontalFlip) -> Written {
        match value {
            HorizontalFlip::Probability(probability) => Written::Number(*probability),
            HorizontalFlip::Alternating => Written::Text(WORDS[0].0.to_owned()),
        }
    }

    fn kind(&self) -> ValueKind {
        ValueKind::NumberOrWords(RANGE, vec![(WORDS[0].0, MEANING.to_owned())])
    }

    fn stand_in(&self) -> HorizontalFlip {
        HorizontalFlip::Probability(0.0)
    }
}

impl Transform for HorizontalFlip {
    fn is_off(&self) -> bool {
        *self == HorizontalFlip::Probability(0.0)
    }

    fn misfit(&self, _shape: ImageSize) -> Option<ImageMisfit> {
        None
    }

    fn stage(&self) -> InputStage<'_> {
        InputStage::Window(self)
    }
}

impl OfWindow for HorizontalFlip {
    fn choose(&self, window: &mut Window, streams: Streams<'_>) {
        window.is_mirrored = match self {
            HorizontalFlip::Probability(probability) => {
                draw_mirrored(*probability, &mut streams.of(Draw::Flip))
            }
            HorizontalFlip::Alternating => {
                let first = draw_mirrored(0.5, &mut streams.of_first_epoch(Draw::Flip));
                first != (streams.epoch % 2 == 1)
            }
        };
    }
}

/// Whether an image is mirrored, with `probability`.
fn draw_mirrored(probability: f64, stream: &mut Stream) -> bool {
    stream.uniform() < probability
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, StreamKey, stream};

    #[test]
    fn the_share_mirrored_is_the_probability() {
        let mut stream = stream(5, Purpose::Augmentation, 0, 0);
        let mut share = |probability| {
            (0..10_000).filter(|_| draw_mirrored(probability, &mut stream)).count() as f64 / 1e4
        };
        assert_eq!((share(0.0), share(1.0)), (0.0, 1.0));
        for probability in [0.1, 0.5, 0.9] {
            // 5 standard deviations of a binomial with n = 10,000.
            let tolerance = 5.0 * (probability * (1.0 - probability) / 1e4_f64).sqrt();
            let found = share(probability);
            assert!((found - probability).abs() < tolerance, "{found} of {probability}");
        }
    }

    /// Whether examples 0 to 9,999 are mirrored in an epoch.
    fn mirrored(flip: HorizontalFlip, seed: u64, epoch: u64) -> Vec<bool> {
        let keys = [0, epoch].map(|epoch| StreamKey::new(seed, Purpose::Augmentation, epoch));
        let of_example = |example| {
            let mut window = Window::WHOLE;
            let streams = Streams { first: &keys[0], key: &keys[1], epoch, example };
            flip.choose(&mut window, streams);
            window.is_mirrored
        };
        (0..10_000).map(of_example).collect()
    }

    #[test]
    fn alternating_turns_every_image_over_in_every_epoch() {
        let of = |epoch| mirrored(HorizontalFlip::Alternating, 3, epoch);
        let first = of(0);
        assert_eq!(first, mirrored(HorizontalFlip::Probability(0.5), 3, 0), "epoch 0's draw");
        let share = first.iter().filter(|is_mirrored| **is_mirrored).count();
        assert!(share.abs_diff(5000) < 250, "{share}"); // 5 standard deviations
        let turned: Vec<bool> = first.iter().map(|is_mirrored| !is_mirrored).collect();
        for epoch in 0..6 {
            assert_eq!(of(epoch), if epoch % 2 == 0 { first.clone() } else { turned.clone() });
        }
        assert_ne!(mirrored(HorizontalFlip::Alternating, 4, 0), first, "another seed");
    }
}

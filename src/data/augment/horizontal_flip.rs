//! Mirrors an image left to right with a given probability.

use crate::data::augment::transform::{InputStage, OfWindow, Streams, Transform};
use crate::data::augment::window::Window;
use crate::data::augment::{Draw, ImageMisfit, ImageSize};
use crate::rng::Stream;

/// The key `horizontal_flip`: the probability.
#[derive(Debug, Clone, Copy)]
pub(super) struct HorizontalFlip(pub(super) f64);

impl Transform for HorizontalFlip {
    fn is_off(&self) -> bool {
        self.0 == 0.0
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
        window.is_mirrored = draw_mirrored(self.0, &mut streams.of(Draw::Flip));
    }
}

/// Whether an image is mirrored, with `probability`.
fn draw_mirrored(probability: f64, stream: &mut Stream) -> bool {
    stream.uniform() < probability
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

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
}

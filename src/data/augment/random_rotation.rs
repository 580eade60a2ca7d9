//! Turns an image around its centre by a random angle, like torchvision's `RandomAffine(degrees)`: the
//! corners that become visible are black.

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number};
use crate::data::augment::affine::Affine;
use crate::data::augment::transform::{InputStage, OfMap, Streams, Transform};
use crate::data::augment::{Draw, ImageMisfit, ImageSize};
use crate::rng::Stream;

config! {
    /// The table `random_rotation`.
    #[derive(Copy)]
    pub struct RandomRotationConfig {
        /// Largest angle in degrees, in either direction; 0: off, 10 to 15 is usual.
        pub degrees: f64 = number(Range::DEGREES).or(0.0).left_out(),
    }
}

impl Transform for RandomRotationConfig {
    fn is_off(&self) -> bool {
        self.degrees == 0.0
    }

    fn misfit(&self, _shape: ImageSize) -> Option<ImageMisfit> {
        None
    }

    fn stage(&self) -> InputStage<'_> {
        InputStage::Map(self)
    }
}

impl OfMap for RandomRotationConfig {
    fn change(&self, map: Affine, streams: Streams<'_>) -> Affine {
        map.turned(draw_angle(self.degrees, &mut streams.of(Draw::Rotation)))
    }
}

/// An angle from minus `degrees` to `degrees`.
fn draw_angle(degrees: f64, stream: &mut Stream) -> f64 {
    degrees * (2.0 * stream.uniform() - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    #[test]
    fn angles_are_uniform_in_both_directions() {
        let mut stream = stream(5, Purpose::Augmentation, 0, 9);
        let angles: Vec<f64> = (0..10_000).map(|_| draw_angle(15.0, &mut stream)).collect();
        assert!(angles.iter().all(|angle| (-15.0..15.0).contains(angle)));
        for fifth in 1..5 {
            let limit = -15.0 + 6.0 * f64::from(fifth);
            let share = angles.iter().filter(|angle| **angle < limit).count() as f64 / 1e4;
            // 5 standard deviations are at most 0.025.
            assert!((share - f64::from(fifth) / 5.0).abs() < 0.025, "{share} below {limit}");
        }
    }
}

//! Makes an image larger or smaller around its centre by a random factor, like torchvision's
//! `RandomAffine(0, scale)`: what becomes visible around a smaller image is black.

use crate::config::keys::{WhenAbsent, config, number};
use crate::config::{Range, TableReader};
use crate::data::augment::affine::Affine;
use crate::data::augment::transform::{InputStage, OfMap, Streams, Transform};
use crate::data::augment::{Draw, ImageMisfit, ImageSize};
use crate::rng::Stream;

config! {
    /// The table `random_scaling`.
    #[derive(Copy)]
    pub struct RandomScalingConfig {
        /// Smallest factor of the image's size; below 1 it becomes smaller.
        pub min_factor: f64 = number(Range::POSITIVE).or(1.0).left_out(),
        /// Largest factor of the image's size; both 1: off, 0.8 to 1.2 is usual.
        pub max_factor: f64 = number(Range::POSITIVE).or(1.0).left_out(),
    }
    then RandomScalingConfig::checked
}

impl RandomScalingConfig {
    fn checked(self, table: &mut TableReader<'_>) -> RandomScalingConfig {
        let RandomScalingConfig { min_factor, max_factor } = self;
        if min_factor > max_factor {
            let [least, most] = ["min_factor", "max_factor"].map(|key| table.name(key));
            let key = if table.has("min_factor") { "min_factor" } else { "max_factor" };
            let title = format!("`{least}` is above `{most}`");
            let help = "for example `random_scaling = { min_factor = 0.8, max_factor = 1.2 }`";
            let label = format!("from {min_factor} to {max_factor}");
            table.error(key, title, label, Some(help.to_owned()));
        }
        self
    }
}

impl Transform for RandomScalingConfig {
    fn is_off(&self) -> bool {
        *self == RandomScalingConfig::default()
    }

    fn misfit(&self, _shape: ImageSize) -> Option<ImageMisfit> {
        None
    }

    fn stage(&self) -> InputStage<'_> {
        InputStage::Map(self)
    }
}

impl OfMap for RandomScalingConfig {
    fn change(&self, map: Affine, streams: Streams<'_>) -> Affine {
        map.scaled(draw_factor(self, &mut streams.of(Draw::Scaling)))
    }
}

fn draw_factor(config: &RandomScalingConfig, stream: &mut Stream) -> f64 {
    config.min_factor + (config.max_factor - config.min_factor) * stream.uniform()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    #[test]
    fn factors_are_uniform_between_the_two() {
        let mut stream = stream(5, Purpose::Augmentation, 0, 10);
        let config = RandomScalingConfig { min_factor: 0.8, max_factor: 1.3 };
        let factors: Vec<f64> = (0..10_000).map(|_| draw_factor(&config, &mut stream)).collect();
        assert!(factors.iter().all(|factor| (0.8..1.3).contains(factor)));
        for fifth in 1..5 {
            let limit = 0.8 + 0.1 * f64::from(fifth);
            let share = factors.iter().filter(|factor| **factor < limit).count() as f64 / 1e4;
            // 5 standard deviations are at most 0.025.
            assert!((share - f64::from(fifth) / 5.0).abs() < 0.025, "{share} below {limit}");
        }
    }
}

//! Cutout (DeVries & Taylor, 2017, <https://arxiv.org/abs/1708.04552>): a square around a uniformly
//! drawn pixel is blanked out; the part beyond the border is lost. As in the paper, it is set to 0
//! after scaling: black under `unit`, the mean colour under `standardize`.

use crate::config::keys::{WhenAbsent, config, whole};
use crate::data::augment::fit::{at_most, side};
use crate::data::augment::rectangle::Rectangle;
use crate::data::augment::transform::{InputStage, OfPixels, Streams, Transform};
use crate::data::augment::{Draw, ImageMisfit, ImageSize};
use crate::rng::Stream;

config! {
    /// The table `cutout`.
    #[derive(Copy, Eq)]
    pub struct CutoutConfig {
        /// Side of the square in pixels; the part beyond the border is lost; 0: off.
        pub size: usize = whole(0).or(0).left_out(),
    }
}

impl Transform for CutoutConfig {
    fn is_off(&self) -> bool {
        self.size == 0
    }

    fn misfit(&self, shape: ImageSize) -> Option<ImageMisfit> {
        (self.size > side(shape)).then(|| ImageMisfit {
            key: "augmentation.cutout.size",
            title: "`augmentation.cutout.size` is larger than the images",
            label: at_most(side(shape), shape),
            help: None,
        })
    }

    fn stage(&self) -> InputStage<'_> {
        InputStage::Scaled(self)
    }
}

impl OfPixels for CutoutConfig {
    fn change(&self, values: &mut [f32], shape: ImageSize, streams: Streams<'_>) {
        let square = draw(shape, self.size, &mut streams.of(Draw::Cutout));
        square.blank(values, shape);
    }
}

/// Draws the centre, first its row, then its column, of a square with sides of `size`; returns its part
/// within the image.
fn draw(shape: ImageSize, size: usize, stream: &mut Stream) -> Rectangle {
    let mut side = |pixels: usize| {
        let centre = stream.below(u32::try_from(pixels).unwrap_or(u32::MAX)) as usize;
        let start = centre.saturating_sub(size / 2);
        start..centre.saturating_add(size - size / 2).min(pixels)
    };
    Rectangle { rows: side(shape.height), columns: side(shape.width) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    /// With an even size, the square extends half of it before the centre and half less one after it.
    #[test]
    fn centres_are_uniform_and_squares_are_clipped_at_the_border() {
        let mut stream = stream(5, Purpose::Augmentation, 0, 2);
        let shape = ImageSize { channels: 1, height: 3, width: 4 };
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..12_000 {
            let Rectangle { rows, columns } = draw(shape, 2, &mut stream);
            *counts.entry((rows.start, rows.end, columns.start, columns.end)).or_insert(0u32) += 1;
        }
        let mut expected = Vec::new();
        for rows in [(0, 1), (0, 2), (1, 3)] {
            for columns in [(0, 1), (0, 2), (1, 3), (2, 4)] {
                expected.push((rows.0, rows.1, columns.0, columns.1));
            }
        }
        assert_eq!(counts.keys().copied().collect::<Vec<_>>(), expected);
        // 5 standard deviations of a binomial with n = 12,000 and p = 1/12.
        assert!(counts.values().all(|&n| n.abs_diff(1000) < 152), "{counts:?}");
    }

    #[test]
    fn odd_sizes_reach_as_far_to_both_sides() {
        let mut stream = stream(5, Purpose::Augmentation, 0, 3);
        let shape = ImageSize { channels: 1, height: 99, width: 99 };
        let widths = (0..1000).map(|_| draw(shape, 3, &mut stream).rows);
        let inner: Vec<_> = widths.filter(|rows| rows.start > 0 && rows.end < 99).collect();
        assert!(inner.len() > 900 && inner.iter().all(|rows| rows.len() == 3));
        let square = draw(ImageSize { channels: 1, height: 1, width: 2 }, 1, &mut stream);
        assert_eq!((square.rows, square.columns.len()), (0..1, 1));
    }
}

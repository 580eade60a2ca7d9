//! Padded random crop: a border is added around the image, and a window of the image's size is cut
//! out, like torchvision's `RandomCrop(size, padding)` (all offsets equally likely). The border has one
//! colour, or is what a mirror at the edge shows.

use crate::config::TableReader;
use crate::config::keys::{WhenAbsent, config, whole, word, words};
use crate::data::augment::fit::{at_most, side};
use crate::data::augment::transform::{InputStage, OfWindow, Streams, Transform};
use crate::data::augment::window::Window;
use crate::data::augment::{Draw, ImageMisfit, ImageSize};
use crate::rng::Stream;

config! {
    /// The table `random_crop`.
    #[derive(Copy, Eq)]
    pub struct RandomCropConfig {
        /// Pixels added on each side before a window of the image's size is cut out; 0: off, 4 is usual.
        pub padding: usize = whole(0).or(0).left_out(),
        /// Value of the added pixels in every channel; 0: black.
        pub fill: u8 = whole(0).to(255).or(0).left_out(),
        /// What the added pixels are.
        pub border: Border = word().or(Border::Fill).left_out(),
    }
    then RandomCropConfig::checked
}

words! {
    /// What the pixels beyond an image are.
    pub enum Border {
        /// The value `fill`.
        Fill = "fill",
        /// The image mirrored at its edge, without repeating the edge: PyTorch's and NumPy's `reflect`.
        Reflect = "reflect",
    }
}

impl RandomCropConfig {
    fn checked(self, table: &mut TableReader<'_>) -> RandomCropConfig {
        if self.border == Border::Reflect && table.has("fill") {
            let title =
                format!("`{}` does nothing under `border = \"reflect\"`", table.name("fill"));
            table.error("fill", title, "remove it, or the border".to_owned(), None);
        }
        self
    }
}

impl Transform for RandomCropConfig {
    fn is_off(&self) -> bool {
        self.padding == 0
    }

    fn misfit(&self, shape: ImageSize) -> Option<ImageMisfit> {
        (self.padding >= side(shape)).then(|| ImageMisfit {
            key: "augmentation.random_crop.padding",
            title: "`augmentation.random_crop.padding` can crop an image away entirely",
            label: at_most(side(shape) - 1, shape),
            help: None,
        })
    }

    fn stage(&self) -> InputStage<'_> {
        InputStage::Window(self)
    }
}

impl OfWindow for RandomCropConfig {
    fn choose(&self, window: &mut Window, streams: Streams<'_>) {
        (window.padding, window.fill, window.border) = (self.padding, self.fill, self.border);
        (window.down, window.right) = draw_offsets(self.padding, &mut streams.of(Draw::Crop));
    }
}

/// Draws where the window starts: first down, then right.
pub(super) fn draw_offsets(padding: usize, stream: &mut Stream) -> (usize, usize) {
    let offsets = u32::try_from(2 * padding + 1).unwrap_or(u32::MAX); // it is smaller than the image
    let mut draw = || stream.below(offsets) as usize;
    (draw(), draw())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, stream};

    #[test]
    fn all_offsets_are_alike() {
        let mut stream = stream(5, Purpose::Augmentation, 0, 1);
        let mut counts = [[0u32; 9]; 9];
        for _ in 0..81_000 {
            let (down, right) = draw_offsets(4, &mut stream);
            counts[down][right] += 1;
        }
        // 5 standard deviations of a binomial with n = 81,000 and p = 1/81.
        assert!(counts.as_flattened().iter().all(|&n| n.abs_diff(1000) < 158), "{counts:?}");
        assert_eq!(draw_offsets(0, &mut stream), (0, 0));
    }
}

//! Sizes of a convolution.

use crate::kernel::panels::Panels;

/// With fewer channels, each row of the kernel is read as a whole.
const FEW_CHANNELS: usize = 16;

/// With fewer input or output channels, transforming tiles costs more than it saves. Part of the
/// numerics.
const LEAST_WINOGRAD_CHANNELS: usize = 16;

/// How a convolution is computed. Part of the numerics.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Algorithm {
    /// By the plain sum over the taps.
    Direct,
    /// In transformed tiles of 2 x 2 pixels.
    Winograd2,
    /// In transformed tiles of 4 x 4 pixels.
    Winograd4,
}

/// Whether a convolution of these sizes is computed with transformed tiles, which takes fewer
/// multiplications, provided that its input has enough channels and pixels. Part of the numerics.
pub fn may_be_winograd(
    kernel_size: [usize; 2],
    stride: usize,
    padding: usize,
    out_channels: usize,
) -> bool {
    let is_wide = out_channels >= LEAST_WINOGRAD_CHANNELS;
    kernel_size == [3, 3] && stride == 1 && padding <= 2 && is_wide
}

/// Sizes of a convolution over images `[height, width, in_channels]`, with PyTorch's meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConvGeometry {
    /// Rows of an input image.
    pub height: usize,
    /// Columns of an input image.
    pub width: usize,
    /// Numbers per input pixel.
    pub in_channels: usize,
    /// Numbers per output pixel.
    pub out_channels: usize,
    /// Rows and columns of the kernel.
    pub kernel_size: [usize; 2],
    /// Input pixels from one output pixel to the next, in both directions.
    pub stride: usize,
    /// Zeros on each side of the image.
    pub padding: usize,
}

impl ConvGeometry {
    /// Rows of an output image; 0 if the kernel is larger than the padded image.
    pub fn out_height(&self) -> usize {
        self.outputs(self.height, self.kernel_size[0])
    }

    /// Columns of an output image; 0 if the kernel is larger than the padded image.
    pub fn out_width(&self) -> usize {
        self.outputs(self.width, self.kernel_size[1])
    }

    /// Pixels of an output image.
    pub fn out_pixels(&self) -> usize {
        self.out_height() * self.out_width()
    }

    /// Numbers of an input image.
    pub fn in_features(&self) -> usize {
        self.height * self.width * self.in_channels
    }

    /// Numbers of an output image.
    pub fn out_features(&self) -> usize {
        self.out_pixels() * self.out_channels
    }

    /// Rows of the weight matrix: the numbers that make an output pixel, `[kh, kw, in_channels]`.
    pub fn fan_in(&self) -> usize {
        self.kernel_size[0] * self.kernel_size[1] * self.in_channels
    }

    /// The layout of the weight.
    pub(super) fn panels(&self) -> Panels {
        Panels::new(self.fan_in(), self.out_channels)
    }

    /// Multiply-adds of the plain sum over the taps, for a forward pass over an image.
    pub fn multiply_adds(&self) -> usize {
        self.out_features().saturating_mul(self.fan_in())
    }

    /// Whether each row of the kernel is read as one run, from an image that is padded for that:
    /// with few channels, runs of single taps would be too short. Not with padding as wide as the
    /// kernel, which would be copied for nothing.
    pub(super) fn reads_whole_rows(&self) -> bool {
        let [kh, kw] = self.kernel_size;
        self.in_channels < FEW_CHANNELS && kw > 1 && self.padding < kh.min(kw)
    }

    /// Tiles of 4 x 4 pixels if their multiplications are fewer than 9/10 of those of tiles of 2 x 2
    /// pixels, as on all images but the smallest: their errors are larger. Images of less than 3
    /// rows or columns, or for small tiles of less than 4, are mostly edge, and are not transformed.
    pub(super) fn algorithm(&self) -> Algorithm {
        let is_transformed =
            may_be_winograd(self.kernel_size, self.stride, self.padding, self.out_channels)
                && self.in_channels >= LEAST_WINOGRAD_CHANNELS;
        let least = self.out_height().min(self.out_width());
        let multiplications = |tile: usize| {
            let tiles = self.out_height().div_ceil(tile) * self.out_width().div_ceil(tile);
            (tile + 2) * (tile + 2) * tiles
        };
        match is_transformed {
            true if least >= 3 && 10 * multiplications(4) < 9 * multiplications(2) => {
                Algorithm::Winograd4
            }
            true if least >= 4 => Algorithm::Winograd2,
            _ => Algorithm::Direct,
        }
    }

    fn outputs(&self, pixels: usize, kernel: usize) -> usize {
        let padded = pixels + 2 * self.padding;
        padded.checked_sub(kernel).map_or(0, |last| last / self.stride + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_those_of_pytorch() {
        // (height, kernel, stride, padding) and the height of torch.nn.Conv2d's output.
        let cases = [
            ((32, 3, 1, 1), 32),
            ((32, 5, 1, 0), 28),
            ((32, 3, 2, 1), 16),
            ((7, 3, 3, 0), 2),
            ((1, 3, 1, 1), 1),
            ((4, 5, 1, 0), 0),
            ((4, 4, 1, 0), 1),
        ];
        for ((height, kernel, stride, padding), expected) in cases {
            let geometry = ConvGeometry {
                height,
                width: 9,
                in_channels: 3,
                out_channels: 2,
                kernel_size: [kernel, 1],
                stride,
                padding,
            };
            assert_eq!(geometry.out_height(), expected, "{geometry:?}");
            assert_eq!(geometry.fan_in(), 3 * kernel);
        }
    }
}

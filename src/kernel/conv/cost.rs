//! What a convolution costs in arithmetic and memory, known before it is built.

use super::ConvGeometry;
use super::geometry::Algorithm;
use super::winograd::{Winograd2, Winograd4};

impl ConvGeometry {
    /// Multiply-adds that a forward pass over one image really does.
    pub fn multiply_adds_made(&self) -> usize {
        match self.algorithm() {
            Algorithm::Direct => self.multiply_adds(),
            Algorithm::Winograd2 => Winograd2::multiply_adds(self),
            Algorithm::Winograd4 => Winograd4::multiply_adds(self),
        }
    }

    /// Elements of a thread's working memory. A thread has one such buffer for all convolutions, as
    /// long as it lives.
    pub fn thread_scratch_len(&self) -> usize {
        match self.algorithm() {
            Algorithm::Direct => 0,
            Algorithm::Winograd2 => Winograd2::thread_scratch_len(self),
            Algorithm::Winograd4 => Winograd4::thread_scratch_len(self),
        }
    }

    /// Elements that a [`Conv`](super::Conv) keeps besides its operands for batches of at most `batch`:
    /// tables of offsets, padded images, and the transposed or transformed weight.
    pub fn scratch_len(&self, batch: usize) -> usize {
        match self.algorithm() {
            Algorithm::Direct => self.direct_scratch_len(batch),
            Algorithm::Winograd2 => Winograd2::scratch_len(self),
            Algorithm::Winograd4 => Winograd4::scratch_len(self),
        }
    }

    fn direct_scratch_len(&self, batch: usize) -> usize {
        let taps = self.kernel_size[0].saturating_mul(self.kernel_size[1]);
        let whole_rows = self.reads_whole_rows();
        let runs = if whole_rows { self.kernel_size[0] } else { taps };
        // The pixels of each phase of the stride meet the taps of that phase.
        let pixels = self.height.saturating_mul(self.width).div_ceil(self.stride * self.stride);
        let tables =
            runs.saturating_mul(self.out_pixels()).saturating_add(taps.saturating_mul(pixels));
        let (height, width) = (self.height + 2 * self.padding, self.width + 2 * self.padding);
        let padded = match whole_rows && self.padding > 0 {
            true => batch.saturating_mul(height * width * self.in_channels),
            false => 0,
        };
        let transposed = taps
            .saturating_mul(self.in_channels.next_multiple_of(4))
            .saturating_mul(self.out_channels);
        tables.saturating_add(padded).saturating_add(transposed)
    }
}

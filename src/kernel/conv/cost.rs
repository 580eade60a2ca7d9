//! What a convolution costs in arithmetic and memory, known before it is built.

use super::{ConvGeometry, winograd};

impl ConvGeometry {
    /// Multiply-adds that a forward pass over one image really does.
    pub fn multiply_adds_made(&self) -> usize {
        if self.is_winograd() { winograd::multiply_adds(self) } else { self.multiply_adds() }
    }

    /// Elements of a thread's working memory. A thread has one such buffer for all convolutions, as
    /// long as it lives.
    pub fn thread_scratch_len(&self) -> usize {
        if self.is_winograd() { winograd::thread_scratch_len(self) } else { 0 }
    }

    /// Elements that a [`Conv`](super::Conv) keeps besides its operands for batches of at most `batch`:
    /// tables of offsets, padded images, and the transposed or transformed weight.
    pub fn scratch_len(&self, batch: usize) -> usize {
        if self.is_winograd() {
            return winograd::scratch_len(self);
        }
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

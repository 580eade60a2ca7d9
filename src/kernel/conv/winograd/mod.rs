//! Kernels of 3 x 3 pixels with stride 1, in fewer multiplications: F(2 x 2, 3 x 3) and
//! F(4 x 4, 3 x 3) of Lavin & Gray, "Fast Algorithms for Convolutional Neural Networks" (2016,
//! <https://arxiv.org/abs/1509.09308>), after Winograd.
//!
//! The output is divided into tiles of M x M pixels, where M is 2 or 4. Each depends on
//! M + 2 x M + 2 pixels of the input. Tile `d` and kernel `g` are transformed to as many numbers. At each
//! of these places, the channels are multiplied as matrices. The products are transformed back:
//! `Y = Aᵀ [(G g Gᵀ) (Bᵀ d B)] A`. This takes 16 multiplications where the sum over the taps takes
//! 36, or 36 where it takes 144.
//!
//! The order of the sums, which is part of the numerics:
//! - Every transform goes down the columns first, then along the rows, by the expressions of [`lines`].
//! - Forward: at each place the product sums over the input channels, as [`product`](crate::kernel::product())
//!   defines it; the bias is added last.
//! - Input gradient: the same with the output gradient as input and the kernel turned by 180
//!   degrees.
//! - Weight gradient: the transposes of these maps, `Gᵀ [Σ (Bᵀ d B)ᵀ (A y Aᵀ)] G`: at each place, K goes over
//!   the tiles, example by example, in blocks of 256 that are summed from zero and added in order. Pixels of a
//!   tile that are beyond the image count as zeros.
//! - Bias gradient: each tile is summed pixel by pixel, and these sums in the same blocks.

mod elements;
mod gather;
mod lines;
mod outer;
mod scratch;
mod spread;
#[cfg(test)]
mod tests;
mod tiling;
mod transforms;
mod weight;

use super::{Conv, ConvGeometry, ConvGradients, Epilogue, transpose};
use crate::kernel::buffer::Buffer;
use crate::kernel::panels::Panels;
use crate::kernel::path::Effort;
use gather::TileGather;
use outer::TileOuter;
use tiling::Tiling;
use transforms::Lines;

/// A convolution of 3 x 3 pixels in tiles of `M` x `M` pixels, with buffers for transformed data.
#[derive(Debug)]
pub(super) struct Winograd<const M: usize, const SIDE: usize> {
    geometry: ConvGeometry,
    transformed: Buffer, // a matrix in panels for each place: the weight, or its gradient
    turned: Buffer,      // the weight in `turned_panels`; empty until the first input gradient
}

/// In tiles of 2 x 2 pixels.
pub(super) type Winograd2 = Winograd<2, 4>;

/// In tiles of 4 x 4 pixels.
pub(super) type Winograd4 = Winograd<4, 6>;

/// The layout of the weight as the input gradient reads it.
fn turned_panels(geometry: &ConvGeometry) -> Panels {
    Panels::new(TURNED_TAPS.len() * geometry.out_channels, geometry.in_channels)
}

/// The taps of the kernel turned by 180 degrees.
const TURNED_TAPS: [usize; 9] = [8, 7, 6, 5, 4, 3, 2, 1, 0];

impl<const M: usize, const SIDE: usize> Winograd<M, SIDE> {
    const PLACES: usize = SIDE * SIDE;

    /// The convolution of `geometry`, for which [`may_be_winograd`](super::may_be_winograd) holds.
    pub(super) fn new(geometry: ConvGeometry) -> Self {
        let transformed = Buffer::zeros(Self::transformed_len(&geometry));
        Winograd { geometry, transformed, turned: Buffer::default() }
    }

    /// Multiply-adds of a pass over an image.
    pub(super) fn multiply_adds(geometry: &ConvGeometry) -> usize {
        let tiling = Tiling::<M, SIDE>::forward(geometry);
        let channels = geometry.in_channels.saturating_mul(geometry.out_channels);
        (Self::PLACES * tiling.rows() * tiling.cols()).saturating_mul(channels)
    }

    /// Elements that it keeps: the transformed weight and the turned one.
    pub(super) fn scratch_len(geometry: &ConvGeometry) -> usize {
        Self::transformed_len(geometry).saturating_add(turned_panels(geometry).len())
    }

    /// Elements that a thread transforms at a time.
    pub(super) fn thread_scratch_len(geometry: &ConvGeometry) -> usize {
        let forward = Tiling::<M, SIDE>::forward(geometry);
        let backward = Tiling::<M, SIDE>::backward(geometry);
        gather::scratch_len(&forward, geometry.out_channels)
            .max(gather::scratch_len(&backward, geometry.in_channels))
            .max(outer::scratch_len(&forward, geometry.out_channels))
    }

    /// Elements of the largest of the transformed weights.
    fn transformed_len(geometry: &ConvGeometry) -> usize {
        let ConvGeometry { in_channels, out_channels, .. } = *geometry;
        let across = Panels::new(out_channels, in_channels);
        let along = Panels::new(in_channels, out_channels);
        along.len().max(across.len()).saturating_mul(Self::PLACES)
    }
}

impl<const M: usize, const SIDE: usize> Conv for Winograd<M, SIDE>
where
    Tiling<M, SIDE>: Lines<M, SIDE>,
{
    fn geometry(&self) -> &ConvGeometry {
        &self.geometry
    }

    fn forward(
        &mut self,
        input: &[f32],
        weight: &[f32],
        epilogue: Epilogue<'_>,
        output: &mut [f32],
        batch: usize,
        effort: Effort,
    ) {
        let ConvGeometry { in_channels, out_channels, .. } = self.geometry;
        let layout = Panels::new(in_channels, out_channels);
        let weight = self.geometry.panels().of(weight);
        weight::transform::<M, SIDE>(weight, layout, &mut self.transformed, effort);
        let gather = TileGather {
            tiling: Tiling::forward(&self.geometry),
            source: input,
            weight: &self.transformed,
            layout,
            epilogue,
            images: batch,
        };
        gather.run(output, effort);
    }

    fn weight_gradient(
        &mut self,
        input: &[f32],
        grad_output: &[f32],
        grads: ConvGradients<'_>,
        batch: usize,
        effort: Effort,
    ) {
        let ConvGeometry { in_channels, out_channels, .. } = self.geometry;
        let layout = Panels::new(in_channels, out_channels);
        let outer = TileOuter {
            tiling: Tiling::forward(&self.geometry),
            source: input,
            grad_output,
            layout,
            images: batch,
        };
        outer.run(&mut self.transformed[..Self::PLACES * layout.len()], grads.bias, effort);
        let taps = self.geometry.panels();
        weight::transform_back::<M, SIDE>(&self.transformed, layout, grads.weight, taps, effort);
    }

    fn input_gradient(
        &mut self,
        grad_output: &[f32],
        weight: &[f32],
        grad_input: &mut [f32],
        batch: usize,
        effort: Effort,
    ) {
        let ConvGeometry { in_channels, out_channels, .. } = self.geometry;
        let turned = turned_panels(&self.geometry);
        if self.turned.is_empty() {
            self.turned = Buffer::zeros(turned.len());
        }
        let weight = self.geometry.panels().of(weight);
        transpose::transpose_taps(weight, &TURNED_TAPS, in_channels, &mut self.turned, effort);
        let layout = Panels::new(out_channels, in_channels);
        let turned = turned.of(&self.turned);
        weight::transform::<M, SIDE>(turned, layout, &mut self.transformed, effort);
        let gather = TileGather {
            tiling: Tiling::backward(&self.geometry),
            source: grad_output,
            weight: &self.transformed,
            layout,
            epilogue: Epilogue::default(),
            images: batch,
        };
        gather.run(grad_input, effort);
    }
}

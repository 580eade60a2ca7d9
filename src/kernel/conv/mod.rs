//! Convolution: images are `[height, width, channels]`, the weight is a matrix
//! `[kh * kw * in_channels, out_channels]` in panels.
//!
//! The order of the sums, which is part of the numerics. Convolutions with kernels of 3 x 3 pixels,
//! stride 1, padding of at most 2, and 16 or more channels on both sides are multiplied in the
//! transformed space of [`winograd`] if their output images are large enough:
//! [`ConvGeometry::algorithm`] is the rule. For all others, every
//! result is the product of two matrices as [`product`](super::product()) defines it, whose K is
//! processed in blocks of 256 that are summed from zero by fused multiply-add and added in order.
//! Padding is zeros that are multiplied like any other number.
//! - Forward: K goes over the kernel, row by row, tap by tap, channel by channel; the bias is added last.
//! - Weight gradient: K goes over the output pixels: example by example, row by row, pixel by pixel.
//! - Bias gradient: the weight gradient of an input that is one everywhere.
//! - Input gradient: K goes over the taps that the pixel can meet given the stride, in the kernel's order,
//!   and for each over the output channels. A tap without an output pixel multiplies zeros.

mod cost;
mod direct;
mod geometry;
mod sums;
#[cfg(test)]
mod tests;
mod transpose;
mod winograd;

pub use geometry::{ConvGeometry, may_be_winograd};

use std::fmt::Debug;

use super::panels::Panels;
use super::path::Effort;
use direct::Direct;
use geometry::Algorithm;
use winograd::{Winograd2, Winograd4};

/// Operations on the sums before they are written.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Epilogue<'a> {
    /// Added to each output pixel, `[out_channels]`.
    pub bias: Option<&'a [f32]>,
    /// Whether to apply ReLU after the bias; NaN stays.
    pub relu: bool,
}

/// Where the gradients of weight and bias are written.
#[derive(Debug)]
pub struct ConvGradients<'a> {
    /// The weight gradient, in the layout of [`Conv::panels`].
    pub weight: &'a mut [f32],
    /// The bias gradient, `[out_channels]`.
    pub bias: Option<&'a mut [f32]>,
}

/// A convolution of one geometry, with buffers for rearranged data. How it is computed depends on
/// its sizes.
pub trait Conv: Debug + Send {
    /// Its sizes.
    fn geometry(&self) -> &ConvGeometry;

    /// The layout of the weight.
    fn panels(&self) -> Panels {
        self.geometry().panels()
    }

    /// `output = input * weight`, followed by the epilogue. `input` is
    /// `[batch, height, width, in_channels]`, `output` is
    /// `[batch, out_height, out_width, out_channels]`, and the weight has the layout of
    /// [`Conv::panels`].
    ///
    /// # Panics
    /// If the shapes do not fit.
    fn forward(
        &mut self,
        input: &[f32],
        weight: &[f32],
        epilogue: Epilogue<'_>,
        output: &mut [f32],
        batch: usize,
        effort: Effort,
    );

    /// Writes the gradients of weight and bias. `input` and `grad_output` have the shapes of input
    /// and output in [`Conv::forward`].
    ///
    /// # Panics
    /// If the shapes do not fit.
    fn weight_gradient(
        &mut self,
        input: &[f32],
        grad_output: &[f32],
        grads: ConvGradients<'_>,
        batch: usize,
        effort: Effort,
    );

    /// Writes the input gradient. `grad_output` and `grad_input` have the shapes of output and
    /// input in [`Conv::forward`].
    ///
    /// # Panics
    /// If the shapes do not fit.
    fn input_gradient(
        &mut self,
        grad_output: &[f32],
        weight: &[f32],
        grad_input: &mut [f32],
        batch: usize,
        effort: Effort,
    );
}

/// The convolution of `geometry`.
///
/// # Panics
/// If a size of `geometry` is zero, or the kernel is larger than the padded image.
pub fn convolution(geometry: ConvGeometry) -> Box<dyn Conv> {
    let ConvGeometry { out_channels, stride, .. } = geometry;
    let sizes = [stride, geometry.fan_in(), out_channels, geometry.out_pixels()];
    assert!(!sizes.contains(&0), "a convolution has pixels: {geometry:?}");
    match geometry.algorithm() {
        Algorithm::Direct => Box::new(Direct::new(geometry)),
        Algorithm::Winograd2 => Box::new(Winograd2::new(geometry)),
        Algorithm::Winograd4 => Box::new(Winograd4::new(geometry)),
    }
}

//! An activation function as a layer.

use std::ops::Range;

use super::{Function, Idle};
use crate::kernel::{Rows, RowsMut, split_rows, split_rows_with, vectorise};
use crate::nn::Update;
use crate::nn::layers::layer::{Backward, Layer, Pass};

/// A function as a layer. The previous layer may fuse ReLU. Then only the slope of ReLU remains,
/// which is applied in place, unless the following layer fuses that too.
#[derive(Debug)]
pub struct ActivationLayer<F> {
    function: F,
    features: usize,
    is_taken: bool,
    slope_is_taken: bool,
    slopes_are_kept: bool, // in place of the input of the last forward pass
}

impl<F: Function> ActivationLayer<F> {
    /// Applies `function` to `features` features.
    pub fn new(function: F, features: usize) -> ActivationLayer<F> {
        ActivationLayer {
            function,
            features,
            is_taken: false,
            slope_is_taken: false,
            slopes_are_kept: false,
        }
    }

    /// The layer behind one that applies the function; the layer after it may apply the slope.
    pub(super) fn taken(self, slope_is_taken: bool) -> ActivationLayer<F> {
        ActivationLayer { is_taken: true, slope_is_taken, ..self }
    }
}

impl<F: Function> Layer for ActivationLayer<F> {
    fn out_features(&self) -> usize {
        self.features
    }

    fn idle(&self) -> Option<Idle> {
        Some(F::IDLE)
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        let function = self.function;
        self.slopes_are_kept = false;
        self.map(
            input.as_slice(),
            output,
            pass,
            #[inline(always)]
            move |x| function.value(x),
        );
    }

    fn backward(&mut self, ports: Backward<'_>, _update: Option<&dyn Update>, pass: &Pass) {
        let Backward { input, output, grad_output, grad_input: Some(grad_input) } = ports else {
            return;
        };
        let values = if F::NEEDS_INPUT { input.as_slice() } else { output };
        if self.slopes_are_kept {
            return self.scale_by(
                values,
                grad_output,
                grad_input,
                pass,
                #[inline(always)]
                |slope| slope,
            );
        }
        let function = self.function;
        self.scale_by(
            values,
            grad_output,
            grad_input,
            pass,
            #[inline(always)]
            move |at| function.slope(at),
        );
    }

    fn reads_input(&self) -> bool {
        F::NEEDS_INPUT
    }

    fn reads_output(&self) -> bool {
        !F::NEEDS_INPUT
    }

    fn in_place(&self) -> bool {
        !F::NEEDS_INPUT
    }

    fn may_change_input(&self) -> bool {
        F::NEEDS_INPUT
    }

    /// The input becomes the slopes, which backward then need not compute.
    fn forward_changing_input(&mut self, input: &mut [f32], output: &mut [f32], pass: &Pass) {
        let (function, row_len) = (self.function, self.features);
        self.slopes_are_kept = true;
        let elements = output.len();
        let (output, input) = (RowsMut { data: output, row_len }, RowsMut { data: input, row_len });
        split_rows_with(pass.effort(), elements, pass.batch, output, input, &|_, output, input| {
            vectorise(
                #[inline(always)]
                || {
                    for (y, x) in output.iter_mut().zip(input) {
                        (*y, *x) = function.value_and_slope(*x);
                    }
                },
            );
        });
    }

    fn forward_in_place(&mut self, data: &mut [f32], pass: &Pass) {
        if !self.is_taken {
            let function = self.function;
            self.map_in_place(
                data,
                pass,
                #[inline(always)]
                move |x| function.value(x),
            );
        }
    }

    fn backward_in_place(&mut self, output: &[f32], grad: &mut [f32], pass: &Pass) {
        if !self.slope_is_taken {
            let function = self.function;
            self.scale_in_place(
                output,
                grad,
                pass,
                #[inline(always)]
                move |y| function.slope(y),
            );
        }
    }
}

impl<F: Function> ActivationLayer<F> {
    /// `output = function(input)`
    #[inline(always)]
    fn map(
        &self,
        input: &[f32],
        output: &mut [f32],
        pass: &Pass,
        function: impl Fn(f32) -> f32 + Sync,
    ) {
        self.split(
            output,
            pass,
            #[inline(always)]
            |elements, output| {
                for (out, x) in output.iter_mut().zip(&input[elements]) {
                    *out = function(*x);
                }
            },
        );
    }

    /// `data = function(data)`
    #[inline(always)]
    fn map_in_place(&self, data: &mut [f32], pass: &Pass, function: impl Fn(f32) -> f32 + Sync) {
        self.split(
            data,
            pass,
            #[inline(always)]
            |_, data| {
                data.iter_mut().for_each(
                    #[inline(always)]
                    |x| *x = function(*x),
                );
            },
        );
    }

    /// `grad_input = grad_output · slope(values)`
    #[inline(always)]
    fn scale_by(
        &self,
        values: &[f32],
        grad_output: &[f32],
        grad_input: &mut [f32],
        pass: &Pass,
        slope: impl Fn(f32) -> f32 + Sync,
    ) {
        self.split(
            grad_input,
            pass,
            #[inline(always)]
            |elements, grad_input| {
                let grads = grad_output[elements.clone()].iter().zip(&values[elements]);
                for (out, (g, value)) in grad_input.iter_mut().zip(grads) {
                    *out = g * slope(*value);
                }
            },
        );
    }

    /// `grad = grad · slope(output)`
    #[inline(always)]
    fn scale_in_place(
        &self,
        output: &[f32],
        grad: &mut [f32],
        pass: &Pass,
        slope: impl Fn(f32) -> f32 + Sync,
    ) {
        self.split(
            grad,
            pass,
            #[inline(always)]
            |elements, grad| {
                for (g, y) in grad.iter_mut().zip(&output[elements]) {
                    *g *= slope(*y);
                }
            },
        );
    }

    /// Calls `work` on the threads of the pass, each with a range of elements and that part of `data`.
    #[inline(always)]
    fn split(&self, data: &mut [f32], pass: &Pass, work: impl Fn(Range<usize>, &mut [f32]) + Sync) {
        let n = self.features;
        split_rows(pass.effort(), pass.batch, data, n, &|rows, part| {
            vectorise(
                #[inline(always)]
                || work(rows.start * n..rows.end * n, part),
            );
        });
    }
}

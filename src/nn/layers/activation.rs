//! The common part of all elementwise activation functions.

use std::fmt::Debug;
use std::ops::Range;

use crate::kernel::{Rows, RowsMut, split_rows, split_rows_with, vectorise};
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Pass};
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{Shape, Update};

/// A function of one number.
pub trait Function: Copy + Debug + Send + Sync + 'static {
    /// Whether the slope is a function of the input; otherwise of the output.
    const NEEDS_INPUT: bool;

    /// When a unit learns nothing.
    const IDLE: Idle;

    /// The output; NaN for NaN, so that divergence is noticed.
    fn value(self, x: f32) -> f32;

    /// The slope, from the input or the output.
    fn slope(self, at: f32) -> f32;

    /// Value and slope for an input, if the slope is a function of the input.
    #[inline(always)]
    fn value_and_slope(self, x: f32) -> (f32, f32) {
        (self.value(x), self.slope(x))
    }
}

/// Which outputs of an activation pass almost no gradient back, so that nothing is learnt from them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Idle {
    /// Zero for every example: the unit is dead.
    Zero,
    /// Values near one of the limits: they are saturated.
    NearLimits {
        /// The lower limit.
        low: f32,
        /// The upper limit.
        high: f32,
    },
    /// No value.
    Never,
}

/// A kind of layer that is an activation function. Every such kind is also a [`LayerKind`].
pub trait ActivationKind: Debug {
    /// The function.
    type Function: Function;

    /// The function with its numbers.
    fn function(&self) -> Self::Function;

    /// Whether it is ReLU, which the previous layer may fuse.
    fn is_relu(&self) -> bool;

    /// The numbers of the function, for a table of layers.
    fn details(&self) -> String;

    /// The PyTorch expression that makes it.
    fn python(&self) -> String;

    /// Keys of the functions that the checks of all kinds use.
    #[cfg(test)]
    fn samples(&self) -> Vec<&'static str>;

    /// The function in 64 bits.
    #[cfg(test)]
    fn reference(&self, x: f64) -> f64;
}

impl<T: ActivationKind> LayerKind for T {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        Ok(Planned::of(site.input))
    }

    fn tensors(&self, _: Shape, _: Shape) -> Vec<TensorShape> {
        Vec::new()
    }

    fn role(&self) -> Role<'_> {
        Role::Activation { is_relu: self.is_relu(), needs_input: T::Function::NEEDS_INPUT }
    }

    fn build(
        &self,
        module: &Module,
        around: &Around<'_>,
        _: &mut Builder,
    ) -> Option<Box<dyn Layer>> {
        let layer = ActivationLayer::new(self.function(), module.output.features());
        let is_taken = self.is_relu() && around.is_taken();
        Some(Box::new(match is_taken {
            true => {
                ActivationLayer { is_taken, slope_is_taken: around.max_pool_follows(), ..layer }
            }
            false => layer,
        }))
    }

    fn details(&self) -> String {
        ActivationKind::details(self)
    }

    fn python(&self, _: &Module) -> String {
        ActivationKind::python(self)
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        ActivationKind::samples(self).into_iter().map(Sample::of_vectors).collect()
    }

    #[cfg(test)]
    fn reference(
        &self,
        _: &Module,
        mut inputs: Vec<Example>,
        _: &Reference,
        _: bool,
    ) -> Vec<Example> {
        let numbers = inputs.iter_mut().flatten();
        numbers.for_each(|x| *x = ActivationKind::reference(self, *x));
        inputs
    }
}

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

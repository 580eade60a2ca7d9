//! Activation functions, elementwise.

use std::ops::Range;

use crate::kernel::{Rows, gelu, gelu_slope, sigmoid, split_rows, tanh, vectorise};
use crate::nn::layers::layer::{Backward, Layer, Pass};
use crate::nn::{Activation, Update};

/// What an [`ActivationLayer`] computes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ActivationFunction {
    /// max(0, x)
    Relu,
    /// 1 / (1 + exp(-x))
    Sigmoid,
    /// Hyperbolic tangent.
    Tanh,
    /// x · Φ(x), Φ the normal distribution function (Hendrycks & Gimpel, 2016,
    /// <https://arxiv.org/abs/1606.08415>).
    Gelu,
    /// x above zero, else `negative_slope · x` (Maas et al., 2013).
    LeakyRelu {
        /// Slope below zero, not negative.
        negative_slope: f32,
    },
}

/// PyTorch's default.
const NEGATIVE_SLOPE: f32 = 0.01;

impl From<Activation> for ActivationFunction {
    fn from(activation: Activation) -> ActivationFunction {
        match activation {
            Activation::Relu => ActivationFunction::Relu,
            Activation::Sigmoid => ActivationFunction::Sigmoid,
            Activation::Tanh => ActivationFunction::Tanh,
            Activation::Gelu => ActivationFunction::Gelu,
            Activation::LeakyRelu => {
                ActivationFunction::LeakyRelu { negative_slope: NEGATIVE_SLOPE }
            }
        }
    }
}

/// PyTorch's `ReLU`, `Sigmoid`, `Tanh`, `GELU` or `LeakyReLU`.
#[derive(Debug)]
pub struct ActivationLayer {
    function: ActivationFunction,
    features: usize,
    is_taken: bool,       // the layer before it has computed it
    slope_is_taken: bool, // and the layer behind it sees to its slope
}

impl ActivationLayer {
    /// Applies `function` to `features` features.
    pub fn new(function: impl Into<ActivationFunction>, features: usize) -> ActivationLayer {
        ActivationLayer {
            function: function.into(),
            features,
            is_taken: false,
            slope_is_taken: false,
        }
    }

    /// ReLU behind a layer that has taken it of its output: only the slope is left to do, in place, unless
    /// `slope_is_taken` by the layer that follows.
    pub fn relu_taken(features: usize, slope_is_taken: bool) -> ActivationLayer {
        let function = ActivationFunction::Relu;
        ActivationLayer { function, features, is_taken: true, slope_is_taken }
    }
}

impl Layer for ActivationLayer {
    fn out_features(&self) -> usize {
        self.features
    }

    fn activation(&self) -> Option<ActivationFunction> {
        Some(self.function)
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        let ports = (input.as_slice(), output);
        match self.function {
            ActivationFunction::Relu => self.map(ports, pass, relu),
            ActivationFunction::Sigmoid => self.map(ports, pass, sigmoid),
            ActivationFunction::Tanh => self.map(ports, pass, tanh),
            ActivationFunction::Gelu => self.map(ports, pass, gelu),
            ActivationFunction::LeakyRelu { negative_slope } => {
                self.map(ports, pass, leaky_relu(negative_slope));
            }
        }
    }

    fn backward(&mut self, ports: Backward<'_>, _update: Option<&dyn Update>, pass: &Pass) {
        let Backward { input, output, grad_output, grad_input: Some(grad_input) } = ports else {
            return;
        };
        let of_output = (output, grad_output, &mut *grad_input);
        match self.function {
            ActivationFunction::Relu => self.scale_by(of_output, pass, relu_slope),
            ActivationFunction::Sigmoid => self.scale_by(of_output, pass, sigmoid_slope),
            ActivationFunction::Tanh => self.scale_by(of_output, pass, tanh_slope),
            ActivationFunction::LeakyRelu { negative_slope } => {
                self.scale_by(of_output, pass, leaky_relu_slope(negative_slope));
            }
            ActivationFunction::Gelu => {
                self.scale_by((input.as_slice(), grad_output, grad_input), pass, gelu_slope);
            }
        }
    }

    fn reads_output(&self) -> bool {
        self.function != ActivationFunction::Gelu
    }

    /// But for GELU, whose slope cannot be had from the output.
    fn in_place(&self) -> bool {
        self.function != ActivationFunction::Gelu
    }

    fn forward_in_place(&mut self, data: &mut [f32], pass: &Pass) {
        match self.function {
            _ if self.is_taken => (),
            ActivationFunction::Relu => self.map_in_place(data, pass, relu),
            ActivationFunction::Sigmoid => self.map_in_place(data, pass, sigmoid),
            ActivationFunction::Tanh => self.map_in_place(data, pass, tanh),
            ActivationFunction::Gelu => self.map_in_place(data, pass, gelu),
            ActivationFunction::LeakyRelu { negative_slope } => {
                self.map_in_place(data, pass, leaky_relu(negative_slope));
            }
        }
    }

    fn backward_in_place(&mut self, output: &[f32], grad: &mut [f32], pass: &Pass) {
        let ports = (output, grad);
        match self.function {
            _ if self.slope_is_taken => (),
            ActivationFunction::Relu => self.scale_in_place(ports, pass, relu_slope),
            ActivationFunction::Sigmoid => self.scale_in_place(ports, pass, sigmoid_slope),
            ActivationFunction::Tanh => self.scale_in_place(ports, pass, tanh_slope),
            ActivationFunction::LeakyRelu { negative_slope } => {
                self.scale_in_place(ports, pass, leaky_relu_slope(negative_slope));
            }
            ActivationFunction::Gelu => unreachable!("GELU does not work in place"),
        }
    }
}

/// Keeps NaN, as PyTorch does, so that a diverged network is seen.
#[inline(always)]
pub(super) fn relu(x: f32) -> f32 {
    if x <= 0.0 { 0.0 } else { x }
}

/// The slopes, but for GELU's, are functions of the output.
#[inline(always)]
fn relu_slope(y: f32) -> f32 {
    if y > 0.0 { 1.0 } else { 0.0 }
}

#[inline(always)]
fn sigmoid_slope(y: f32) -> f32 {
    y * (1.0 - y)
}

#[inline(always)]
fn tanh_slope(y: f32) -> f32 {
    1.0 - y * y
}

#[inline(always)]
fn leaky_relu(negative_slope: f32) -> impl Fn(f32) -> f32 + Sync {
    #[inline(always)]
    move |x| if x > 0.0 { x } else { negative_slope * x }
}

#[inline(always)]
fn leaky_relu_slope(negative_slope: f32) -> impl Fn(f32) -> f32 + Sync {
    #[inline(always)]
    move |y| if y > 0.0 { 1.0 } else { negative_slope }
}

impl ActivationLayer {
    /// `output = function(input)`
    #[inline(always)]
    fn map(
        &self,
        (input, output): (&[f32], &mut [f32]),
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
        (values, grad_output, grad_input): (&[f32], &[f32], &mut [f32]),
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
        (output, grad): (&[f32], &mut [f32]),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::layer::Mode;
    use crate::nn::testing::{assert_gradients, assert_parity, assert_same_bits, fixtures, pass};

    const ALL: [(ActivationFunction, &str); 6] = [
        (ActivationFunction::Relu, "relu"),
        (ActivationFunction::Sigmoid, "sigmoid"),
        (ActivationFunction::Tanh, "tanh"),
        (ActivationFunction::Gelu, "gelu"),
        (ActivationFunction::LeakyRelu { negative_slope: NEGATIVE_SLOPE }, "leaky_relu"),
        (ActivationFunction::LeakyRelu { negative_slope: 0.25 }, "leaky_relu_steep"),
    ];

    #[test]
    fn equal_pytorch() {
        for (function, name) in ALL {
            assert_parity(&mut ActivationLayer::new(function, 4), &fixtures()[name]);
        }
    }

    #[test]
    fn gradients_equal_finite_differences() {
        for (function, _) in ALL {
            assert_gradients(&mut ActivationLayer::new(function, 5), 5);
        }
    }

    #[test]
    fn threads_and_working_in_place_change_no_bit() {
        for (function, _) in ALL {
            assert_same_bits(|| Box::new(ActivationLayer::new(function, 37)), 37);
        }
    }

    #[test]
    fn nothing_overflows_and_nan_stays() {
        for (function, name) in ALL {
            let input = [-1e30, -100.0, 100.0, 1e30, f32::NAN];
            let mut output = [0.0; 5];
            let mut layer = ActivationLayer::new(function, 5);
            layer.forward(Rows::new(&input, 1, 5), &mut output, &pass(Mode::Train, 1));
            assert!(output[..4].iter().all(|y| y.is_finite()), "{name}: {output:?}");
            assert!(output[4].is_nan(), "{name}: {output:?}");
        }
    }
}

//! Activation functions, elementwise.

use super::layer::{Backward, Layer, Pass};
use super::{Activation, Update};
use crate::kernel::{Rows, sigmoid, tanh, vectorise};

/// PyTorch's `ReLU`, `Sigmoid` or `Tanh`.
#[derive(Debug)]
pub struct ActivationLayer {
    function: Activation,
    features: usize,
}

impl ActivationLayer {
    /// Applies `function` to `features` features.
    pub fn new(function: Activation, features: usize) -> ActivationLayer {
        ActivationLayer { function, features }
    }
}

impl Layer for ActivationLayer {
    fn out_features(&self) -> usize {
        self.features
    }

    fn activation(&self) -> Option<Activation> {
        Some(self.function)
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], _pass: &Pass) {
        let input = input.as_slice();
        match self.function {
            Activation::Relu => map(input, output, relu),
            Activation::Sigmoid => map(input, output, sigmoid),
            Activation::Tanh => map(input, output, tanh),
        }
    }

    fn backward(&mut self, ports: Backward<'_>, _update: Option<&dyn Update>, _pass: &Pass) {
        let Backward { output, grad_output, grad_input: Some(grad_input), .. } = ports else {
            return;
        };
        let ports = (output, grad_output, grad_input);
        match self.function {
            Activation::Relu => scale_by(ports, |y| if y > 0.0 { 1.0 } else { 0.0 }),
            Activation::Sigmoid => scale_by(ports, |y| y * (1.0 - y)),
            Activation::Tanh => scale_by(ports, |y| 1.0 - y * y),
        }
    }
}

/// Keeps NaN, as PyTorch does, so that a diverged network is seen.
#[inline(always)]
fn relu(x: f32) -> f32 {
    if x <= 0.0 { 0.0 } else { x }
}

#[inline(always)]
fn map(input: &[f32], output: &mut [f32], function: impl Fn(f32) -> f32) {
    vectorise(
        #[inline(always)]
        || {
            for (out, x) in output.iter_mut().zip(input) {
                *out = function(*x);
            }
        },
    );
}

/// `grad_input = grad_output · slope(output)`: every slope here is a function of the output.
#[inline(always)]
fn scale_by(ports: (&[f32], &[f32], &mut [f32]), slope: impl Fn(f32) -> f32) {
    let (output, grad_output, grad_input) = ports;
    vectorise(
        #[inline(always)]
        || {
            for ((out, g), y) in grad_input.iter_mut().zip(grad_output).zip(output) {
                *out = g * slope(*y);
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Mode;
    use crate::nn::testing::{assert_gradients, assert_parity, fixtures, pass};

    const ALL: [(Activation, &str); 3] =
        [(Activation::Relu, "relu"), (Activation::Sigmoid, "sigmoid"), (Activation::Tanh, "tanh")];

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

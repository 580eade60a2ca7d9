//! Fully connected layer: `output = input · weightᵀ + bias`.

use super::layer::{Layer, Param, Pass};
use super::{WeightInit, init};
use crate::kernel::{Matrix, product, vectorise};
use crate::rng::Stream;

/// PyTorch's `Linear`.
#[derive(Debug)]
pub struct Linear {
    in_features: usize,
    out_features: usize,
    weight: Param, // [out_features, in_features]
    bias: Param,   // [out_features]
}

impl Linear {
    /// Weights drawn by `weight_init` from `stream`, biases zero.
    pub fn new(
        in_features: usize,
        out_features: usize,
        weight_init: WeightInit,
        stream: &mut Stream,
    ) -> Linear {
        let mut weight = Param::new("weight", &[out_features, in_features], 0.0, true);
        init::fill(&mut weight.value, weight_init, in_features, out_features, stream);
        let bias = Param::new("bias", &[out_features], 0.0, false);
        Linear { in_features, out_features, weight, bias }
    }
}

impl Layer for Linear {
    fn out_features(&self) -> usize {
        self.out_features
    }

    fn forward(&mut self, input: &[f32], output: &mut [f32], pass: &Pass) {
        let input = Matrix::new(input, pass.batch, self.in_features);
        let weight = Matrix::new(&self.weight.value, self.out_features, self.in_features);
        product(input, weight.transposed(), output);
        let bias = &self.bias.value;
        vectorise(
            #[inline(always)]
            || {
                for row in output.chunks_exact_mut(bias.len()) {
                    for (out, b) in row.iter_mut().zip(bias) {
                        *out += b;
                    }
                }
            },
        );
    }

    fn backward(
        &mut self,
        input: &[f32],
        _output: &[f32],
        grad_output: &[f32],
        grad_input: Option<&mut [f32]>,
        pass: &Pass,
    ) {
        let grad = Matrix::new(grad_output, pass.batch, self.out_features);
        let input = Matrix::new(input, pass.batch, self.in_features);
        product(grad.transposed(), input, &mut self.weight.grad);
        sum_rows(grad_output, &mut self.bias.grad);
        if let Some(grad_input) = grad_input {
            let weight = Matrix::new(&self.weight.value, self.out_features, self.in_features);
            product(grad, weight, grad_input);
        }
    }

    fn visit_params(&mut self, visit: &mut dyn FnMut(&mut Param)) {
        visit(&mut self.weight);
        visit(&mut self.bias);
    }
}

/// Sets `sums` to the sum over the rows of `[rows, sums.len()]`, added in their order.
pub(super) fn sum_rows(rows: &[f32], sums: &mut [f32]) {
    sums.fill(0.0);
    vectorise(
        #[inline(always)]
        || {
            for row in rows.chunks_exact(sums.len()) {
                for (sum, value) in sums.iter_mut().zip(row) {
                    *sum += value;
                }
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{assert_gradients, assert_parity, fixtures};
    use crate::rng::{Purpose, stream};

    fn linear(in_features: usize, out_features: usize) -> Linear {
        let mut stream = stream(1, Purpose::WeightInit, 0, 0);
        Linear::new(in_features, out_features, WeightInit::He, &mut stream)
    }

    #[test]
    fn equals_pytorch() {
        assert_parity(&mut linear(4, 3), &fixtures()["linear"]);
    }

    #[test]
    fn gradients_equal_finite_differences() {
        assert_gradients(&mut linear(5, 3), 5);
    }
}

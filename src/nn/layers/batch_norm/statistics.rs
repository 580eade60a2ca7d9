//! The sums over a batch: its mean and variance, and the gradients of weight and bias.

use std::ops::Range;

use crate::kernel::{RowsMut, split_rows_with, vectorise};
use crate::nn::layers::batch_norm::{BatchNorm, repeat};
use crate::nn::layers::channel_sums::{Gradients, Moments, combine_squares};
use crate::nn::layers::layer::Pass;
use crate::nn::layers::windows::cover;

impl BatchNorm {
    /// Sets the rows of `partial` to the sums of each example. `sum` computes them: it gets the
    /// range of the example's elements within the batch and the two halves of its row. A batch of
    /// vectors is summed as if it were one example.
    fn sum_examples(
        &mut self,
        pass: &Pass,
        sum: impl Fn(&BatchNorm, Range<usize>, &mut [f32], &mut [f32]) + Sync,
    ) {
        let channels = self.mean.len();
        let (examples, positions) = match self.positions {
            1 => (1, pass.batch),
            positions => (pass.batch, positions),
        };
        let mut partial = std::mem::take(&mut self.partial);
        partial.resize(examples * 2 * channels, 0.0); // allocates for the first batch only
        let (this, size) = (&*self, positions * channels);
        let sums = RowsMut { data: &mut partial, row_len: 2 * channels };
        let elements = examples * size;
        split_rows_with(
            pass.effort(),
            elements,
            examples,
            sums,
            RowsMut::nothing(),
            &|rows, sums, _| {
                for (example, sums) in rows.zip(sums.chunks_exact_mut(2 * channels)) {
                    let (first, second) = sums.split_at_mut(channels);
                    vectorise(
                        #[inline(always)]
                        || sum(this, example * size..(example + 1) * size, first, second),
                    );
                }
            },
        );
        self.partial = partial;
    }

    /// Takes mean and variance from the batch, and moves the running statistics towards them if the newest
    /// batch has a weight in these.
    pub(super) fn use_batch_statistics(
        &mut self,
        input: &[f32],
        pass: &Pass,
        momentum: Option<f32>,
    ) {
        self.sum_examples(
            pass,
            #[inline(always)]
            |_, example, sum, squares| {
                let channels = sum.len();
                cover(channels, &mut Moments { input: &input[example], sum, squares });
            },
        );
        let Self { mean, inv_std: var, running_mean, running_var, partial, eps, .. } = self;
        let eps = *eps;
        let (channels, n) = (mean.len(), (pass.batch * self.positions) as f32);
        mean.fill(0.0);
        for row in partial.chunks_exact(2 * channels) {
            mean.iter_mut().zip(row).for_each(|(m, sum)| *m += sum);
        }
        mean.iter_mut().for_each(|m| *m /= n);
        combine_squares(partial, mean, n, var);
        if let Some(momentum) = momentum {
            for (running, m) in running_mean.iter_mut().zip(&*mean) {
                *running = (1.0 - momentum) * *running + momentum * m;
            }
            for (running, v) in running_var.iter_mut().zip(&*var) {
                *running = (1.0 - momentum) * *running + momentum * (*v / (n - 1.0));
            }
        }
        var.iter_mut().for_each(|v| *v = 1.0 / (*v / n + eps).sqrt());
    }

    pub(super) fn use_running_statistics(&mut self) {
        self.mean.copy_from_slice(&self.running_mean);
        for (inv_std, var) in self.inv_std.iter_mut().zip(&self.running_var) {
            *inv_std = 1.0 / (var + self.eps).sqrt();
        }
    }

    /// Sets gradients of weight and bias, and the patterns of the input gradient.
    pub(super) fn sum_gradients(&mut self, input: &[f32], grad_output: &[f32], pass: &Pass) {
        self.sum_examples(
            pass,
            #[inline(always)]
            |this, example, bias_grad, weight_grad| {
                let (input, grad_output) = (&input[example.clone()], &grad_output[example]);
                let ports = (input, grad_output);
                cover(
                    bias_grad.len(),
                    &mut Gradients { ports, mean: &this.mean, bias_grad, weight_grad },
                );
            },
        );
        let Self { mean, inv_std, weight, bias, partial, patterns, .. } = self;
        let (channels, inverse) = (mean.len(), 1.0 / (pass.batch * self.positions) as f32);
        let (weight_grad, bias_grad) = (weight.grad_mut(), bias.grad_mut());
        for (example, row) in partial.chunks_exact(2 * channels).enumerate() {
            let (of_bias, of_weight) = row.split_at(channels);
            if example == 0 {
                bias_grad.copy_from_slice(of_bias);
                weight_grad.copy_from_slice(of_weight);
            } else {
                bias_grad.iter_mut().zip(of_bias).for_each(|(sum, g)| *sum += g);
                weight_grad.iter_mut().zip(of_weight).for_each(|(sum, g)| *sum += g);
            }
        }
        for i in 0..channels {
            weight_grad[i] *= inv_std[i];
        }
        let weight = weight.elements();
        repeat(&mut patterns[0], channels, |i| mean[i]);
        repeat(&mut patterns[1], channels, |i| weight[i] * inv_std[i]);
        let (weight_grad, bias_grad) = (self.weight.grad_elements(), self.bias.grad_elements());
        repeat(&mut patterns[2], channels, |i| -(weight_grad[i] * inv_std[i]) * inverse);
        repeat(&mut patterns[3], channels, |i| bias_grad[i] * inverse);
    }
}

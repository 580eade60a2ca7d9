//! Batch normalisation over the features of a batch (Ioffe & Szegedy, 2015,
//! <https://arxiv.org/abs/1502.03167>): `output = weight · (input - mean) / sqrt(var + eps) + bias`.

use super::layer::{Backward, Layer, Mode, Pass, TensorMut};
use super::linear::sum_rows;
use super::{Param, Update};
use crate::kernel::{Rows, vectorise};

/// PyTorch's default.
const EPS: f32 = 1e-5;
/// Weight of the newest batch in the running statistics; PyTorch's default.
const MOMENTUM: f32 = 0.1;

/// PyTorch's `BatchNorm1d`.
#[derive(Debug)]
pub struct BatchNorm {
    weight: Param,          // [features]
    bias: Param,            // [features]
    running_mean: Vec<f32>, // [features]
    running_var: Vec<f32>,  // [features], unbiased
    batches_tracked: i64,
    mean: Vec<f32>,    // [features], of the statistics in use
    inv_std: Vec<f32>, // [features], 1 / sqrt(var + eps) of the statistics in use
    scale: Vec<f32>,   // [features], weight · inv_std
    slope: Vec<f32>,   // [features], of grad_input over the input
}

impl BatchNorm {
    /// Weight 1, bias 0, running mean 0 and variance 1.
    pub fn new(features: usize) -> BatchNorm {
        BatchNorm {
            weight: Param::vector("weight", features, 1.0),
            bias: Param::vector("bias", features, 0.0),
            running_mean: vec![0.0; features],
            running_var: vec![1.0; features],
            batches_tracked: 0,
            mean: vec![0.0; features],
            inv_std: vec![0.0; features],
            scale: vec![0.0; features],
            slope: vec![0.0; features],
        }
    }

    /// Takes mean and variance from the batch; with `tracks`, moves the running statistics towards
    /// them.
    fn use_batch_statistics(&mut self, input: &[f32], batch: usize, tracks: bool) {
        let Self { mean, inv_std: var, running_mean, running_var, .. } = self;
        let n = batch as f32;
        sum_rows(input, mean);
        vectorise(
            #[inline(always)]
            || {
                mean.iter_mut().for_each(|m| *m /= n);
                var.fill(0.0);
                for row in input.chunks_exact(mean.len()) {
                    for ((v, x), m) in var.iter_mut().zip(row).zip(&*mean) {
                        *v = (x - m).mul_add(x - m, *v);
                    }
                }
                if tracks {
                    for (running, m) in running_mean.iter_mut().zip(&*mean) {
                        *running = (1.0 - MOMENTUM) * *running + MOMENTUM * m;
                    }
                    for (running, v) in running_var.iter_mut().zip(&*var) {
                        *running = (1.0 - MOMENTUM) * *running + MOMENTUM * (*v / (n - 1.0));
                    }
                }
                var.iter_mut().for_each(|v| *v = 1.0 / (*v / n + EPS).sqrt());
            },
        );
        self.batches_tracked += i64::from(tracks);
    }

    fn use_running_statistics(&mut self) {
        self.mean.copy_from_slice(&self.running_mean);
        for (inv_std, var) in self.inv_std.iter_mut().zip(&self.running_var) {
            *inv_std = 1.0 / (var + EPS).sqrt();
        }
    }
}

impl Layer for BatchNorm {
    fn out_features(&self) -> usize {
        self.mean.len()
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        let input = input.as_slice();
        match pass.mode {
            Mode::Train => self.use_batch_statistics(input, pass.batch, true),
            Mode::Probe => self.use_batch_statistics(input, pass.batch, false),
            Mode::Evaluate => self.use_running_statistics(),
        }
        let Self { mean, inv_std, weight, bias, scale, .. } = self;
        let n = mean.len();
        let (mean, inv_std, scale) = (&mean[..n], &inv_std[..n], &mut scale[..n]);
        let (weight, bias) = (&weight.elements()[..n], &bias.elements()[..n]);
        vectorise(
            #[inline(always)]
            || {
                for i in 0..n {
                    scale[i] = weight[i] * inv_std[i];
                }
                for (out, x) in output.chunks_exact_mut(n).zip(input.chunks_exact(n)) {
                    for i in 0..n {
                        out[i] = (x[i] - mean[i]).mul_add(scale[i], bias[i]);
                    }
                }
            },
        );
    }

    /// With x̂ the normalised input and means over the batch:
    /// `grad_input = weight / std · (grad_output - mean(grad_output) - x̂ · mean(grad_output · x̂))`.
    fn backward(&mut self, ports: Backward<'_>, update: Option<&dyn Update>, pass: &Pass) {
        let Self { mean, inv_std, weight, bias, scale, slope, .. } = self;
        let n = mean.len();
        let (mean, inv_std) = (&mean[..n], &inv_std[..n]);
        let (scale, slope) = (&scale[..n], &mut slope[..n]);
        let (input, grad_output) = (ports.input.as_slice(), ports.grad_output);
        let (weight_grad, bias_grad) = (&mut weight.grad_mut()[..n], &mut bias.grad_mut()[..n]);
        weight_grad.fill(0.0);
        bias_grad.fill(0.0);
        let inverse_batch = 1.0 / pass.batch as f32;
        vectorise(
            #[inline(always)]
            || {
                for (g, x) in grad_output.chunks_exact(n).zip(input.chunks_exact(n)) {
                    for i in 0..n {
                        bias_grad[i] += g[i];
                        weight_grad[i] = g[i].mul_add(x[i] - mean[i], weight_grad[i]);
                    }
                }
                for i in 0..n {
                    weight_grad[i] *= inv_std[i];
                    slope[i] = -(weight_grad[i] * inv_std[i]) * inverse_batch;
                }
                let Some(grad_input) = ports.grad_input else { return };
                let rows = grad_output.chunks_exact(n).zip(input.chunks_exact(n));
                for (out, (g, x)) in grad_input.chunks_exact_mut(n).zip(rows) {
                    for i in 0..n {
                        let centred = g[i] - bias_grad[i] * inverse_batch;
                        out[i] = (x[i] - mean[i]).mul_add(slope[i], centred) * scale[i];
                    }
                }
            },
        );
        weight.learn(update);
        bias.learn(update);
    }

    fn visit_params(&mut self, visit: &mut dyn FnMut(&mut Param)) {
        visit(&mut self.weight);
        visit(&mut self.bias);
    }

    fn visit_buffers(&mut self, visit: &mut dyn FnMut(&'static str, &[usize], TensorMut<'_>)) {
        let shape = [self.mean.len()];
        visit("running_mean", &shape, TensorMut::F32(&mut self.running_mean));
        visit("running_var", &shape, TensorMut::F32(&mut self.running_var));
        visit("num_batches_tracked", &[], TensorMut::I64(&mut self.batches_tracked));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{assert_gradients, assert_parity, assert_updates, fixtures, pass};

    #[test]
    fn equals_pytorch() {
        assert_parity(&mut BatchNorm::new(4), &fixtures()["batch_norm"]);
    }

    #[test]
    fn updating_within_backward_equals_updating_after_it() {
        assert_updates(|| Box::new(BatchNorm::new(5)), 5);
    }

    #[test]
    fn gradients_equal_finite_differences() {
        assert_gradients(&mut BatchNorm::new(5), 5);
    }

    #[test]
    fn probe_gives_what_training_gives_and_moves_no_statistics() {
        let [mut trained, mut probed] = [BatchNorm::new(2), BatchNorm::new(2)];
        let input = [1.0, -2.0, 3.0, 5.0, 0.5, 4.0];
        let forward = |layer: &mut BatchNorm, mode| {
            let mut output = [0.0; 6];
            layer.forward(Rows::new(&input, 3, 2), &mut output, &pass(mode, 3));
            output
        };
        assert_eq!(forward(&mut trained, Mode::Train), forward(&mut probed, Mode::Probe));
        assert_eq!(probed.running_mean, [0.0; 2]);
        assert_eq!(probed.running_var, [1.0; 2]);
        assert_eq!((probed.batches_tracked, trained.batches_tracked), (0, 1));
    }

    #[test]
    fn evaluation_does_not_depend_on_the_batch() {
        let mut layer = BatchNorm::new(2);
        let evaluate = |layer: &mut BatchNorm, input: &[f32]| {
            let mut output = vec![0.0; input.len()];
            let batch = input.len() / 2;
            layer.forward(Rows::new(input, batch, 2), &mut output, &pass(Mode::Evaluate, batch));
            output
        };
        let together = evaluate(&mut layer, &[1.0, 2.0, 30.0, 40.0]);
        assert_eq!(evaluate(&mut layer, &[1.0, 2.0]), together[..2]);
    }
}

//! Batch normalisation of each channel over a batch (Ioffe & Szegedy, 2015,
//! <https://arxiv.org/abs/1502.03167>): `output = weight · (input - mean) / sqrt(var + eps) + bias`.

use std::ops::Range;

use crate::config::keys::config;
use crate::kernel::{Rows, RowsMut, split_rows, split_rows_with, vectorise};
use crate::nn::Shape;
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{EPS as EXACT_EPS, moments};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
use crate::nn::layers::channel_sums::{Gradients, Moments, combine_squares};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Mode, Pass, TensorMut};
use crate::nn::layers::relu::max_0;
use crate::nn::layers::windows::cover;
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{Param, Update};

config! {
    /// Keys of `batch_norm`.
    pub struct BatchNormConfig {}
}

impl LayerKind for BatchNormConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        Ok(Planned::of(site.input))
    }

    fn tensors(&self, _: Shape, output: Shape) -> Vec<TensorShape> {
        let shape = || vec![output.channels];
        vec![
            TensorShape::parameter("weight", shape()),
            TensorShape::parameter("bias", shape()),
            TensorShape::statistic("running_mean", shape()),
            TensorShape::statistic("running_var", shape()),
        ]
    }

    fn role(&self) -> Role<'_> {
        Role::Norm { is_over_batch: true }
    }

    fn build(
        &self,
        module: &Module,
        around: &Around<'_>,
        _: &mut Builder,
    ) -> Option<Box<dyn Layer>> {
        let norm = BatchNorm::new(module.output.channels, module.output.positions());
        Some(Box::new(if around.relu_follows() { norm.with_relu() } else { norm }))
    }

    fn details(&self) -> String {
        String::new()
    }

    fn python(&self, module: &Module) -> String {
        let dimensions = if module.output.is_vector() { "1d" } else { "2d" };
        format!("nn.BatchNorm{dimensions}({})", module.output.channels)
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        vec![Sample::of_vectors(""), Sample::of_images("")]
    }

    #[cfg(test)]
    fn reference(
        &self,
        module: &Module,
        mut inputs: Vec<Example>,
        network: &Reference,
        trains: bool,
    ) -> Vec<Example> {
        let of = |name| network.tensor(module, name);
        let positions = module.output.positions();
        for channel in 0..module.output.channels {
            let range = channel * positions..(channel + 1) * positions;
            let (mean, var) = match trains {
                true => moments(inputs.iter().flat_map(|x| x[range.clone()].iter().copied())),
                false => (of("running_mean")[channel], of("running_var")[channel]),
            };
            let scale = of("weight")[channel] / (var + EXACT_EPS).sqrt();
            for x in inputs.iter_mut().flat_map(|x| &mut x[range.clone()]) {
                *x = (*x - mean) * scale + of("bias")[channel];
            }
        }
        inputs
    }
}

/// PyTorch's default.
const EPS: f32 = 1e-5;
/// Weight of the newest batch in the running statistics; PyTorch's default.
const MOMENTUM: f32 = 0.1;

/// Elements of a pattern, which repeats the values of the channels for elementwise passes. Without
/// it, few channels would leave registers half empty.
const PATTERN: usize = 256;

/// PyTorch's `BatchNorm1d`, and `BatchNorm2d` on channel-last images.
///
/// Sums go over the pixels of an example in their order, from zero, and then over the examples in theirs.
#[derive(Debug)]
pub struct BatchNorm {
    weight: Param,          // [channels]
    bias: Param,            // [channels]
    running_mean: Vec<f32>, // [channels]
    running_var: Vec<f32>,  // [channels], unbiased
    batches_tracked: i64,
    positions: usize,
    relu: bool,        // max(0, x) is applied to the output here, for the following layer
    mean: Vec<f32>,    // [channels], of the statistics in use
    inv_std: Vec<f32>, // [channels], 1 / sqrt(var + eps) of the statistics in use
    partial: Vec<f32>, // [examples, 2, channels], sums of each example
    patterns: [Vec<f32>; 4], // [channels] again and again: what an elementwise pass reads for each channel
}

impl BatchNorm {
    /// For images of `positions` pixels, or for vectors if that is 1. Weight 1, bias 0, running
    /// mean 0 and running variance 1.
    pub fn new(channels: usize, positions: usize) -> BatchNorm {
        let pattern = channels * (PATTERN / channels.max(1)).max(1);
        BatchNorm {
            weight: Param::vector("weight", channels, 1.0),
            bias: Param::vector("bias", channels, 0.0),
            running_mean: vec![0.0; channels],
            running_var: vec![1.0; channels],
            batches_tracked: 0,
            positions,
            relu: false,
            mean: vec![0.0; channels],
            inv_std: vec![0.0; channels],
            partial: Vec::new(),
            patterns: std::array::from_fn(|_| vec![0.0; pattern]),
        }
    }

    /// The layer with ReLU fused: its output is written once instead of twice. The following layer
    /// applies the slope of ReLU.
    pub fn with_relu(self) -> BatchNorm {
        BatchNorm { relu: true, ..self }
    }

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

    /// Takes mean and variance from the batch; with `tracks`, moves the running statistics towards
    /// them.
    fn use_batch_statistics(&mut self, input: &[f32], pass: &Pass, tracks: bool) {
        self.sum_examples(
            pass,
            #[inline(always)]
            |_, example, sum, squares| {
                let channels = sum.len();
                cover(channels, &mut Moments { input: &input[example], sum, squares });
            },
        );
        let Self { mean, inv_std: var, running_mean, running_var, partial, .. } = self;
        let (channels, n) = (mean.len(), (pass.batch * self.positions) as f32);
        mean.fill(0.0);
        for row in partial.chunks_exact(2 * channels) {
            mean.iter_mut().zip(row).for_each(|(m, sum)| *m += sum);
        }
        mean.iter_mut().for_each(|m| *m /= n);
        combine_squares(partial, mean, n, var);
        if tracks {
            for (running, m) in running_mean.iter_mut().zip(&*mean) {
                *running = (1.0 - MOMENTUM) * *running + MOMENTUM * m;
            }
            for (running, v) in running_var.iter_mut().zip(&*var) {
                *running = (1.0 - MOMENTUM) * *running + MOMENTUM * (*v / (n - 1.0));
            }
        }
        var.iter_mut().for_each(|v| *v = 1.0 / (*v / n + EPS).sqrt());
        self.batches_tracked += i64::from(tracks);
    }

    fn use_running_statistics(&mut self) {
        self.mean.copy_from_slice(&self.running_mean);
        for (inv_std, var) in self.inv_std.iter_mut().zip(&self.running_var) {
            *inv_std = 1.0 / (var + EPS).sqrt();
        }
    }

    /// Sets gradients of weight and bias, and the patterns of the input gradient.
    fn sum_gradients(&mut self, input: &[f32], grad_output: &[f32], pass: &Pass) {
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

/// Fills `pattern` with the value of each channel, again and again.
fn repeat(pattern: &mut [f32], channels: usize, value: impl Fn(usize) -> f32) {
    for repeated in pattern.chunks_exact_mut(channels) {
        repeated.iter_mut().enumerate().for_each(|(i, x)| *x = value(i));
    }
}

impl Layer for BatchNorm {
    fn out_features(&self) -> usize {
        self.mean.len() * self.positions
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        let input = input.as_slice();
        match pass.mode {
            Mode::Train => self.use_batch_statistics(input, pass, true),
            Mode::Probe => self.use_batch_statistics(input, pass, false),
            Mode::Evaluate => self.use_running_statistics(),
        }
        let size = self.out_features();
        let relu = self.relu;
        let Self { mean, inv_std, weight, bias, patterns: [means, scales, biases, _], .. } = self;
        let (weight, bias) = (weight.elements(), bias.elements());
        repeat(means, mean.len(), |i| mean[i]);
        repeat(scales, mean.len(), |i| weight[i] * inv_std[i]);
        repeat(biases, mean.len(), |i| bias[i]);
        split_rows(pass.effort(), pass.batch, output, size, &|rows, output| {
            let (means, scales, biases) = (&means[..], &scales[..], &biases[..]);
            let input = &input[rows.start * size..rows.end * size];
            vectorise(
                #[inline(always)]
                || {
                    for (out, x) in output.chunks_mut(means.len()).zip(input.chunks(means.len())) {
                        let n = out.len();
                        let (x, means, scales) = (&x[..n], &means[..n], &scales[..n]);
                        let biases = &biases[..n];
                        for i in 0..n {
                            let y = (x[i] - means[i]).mul_add(scales[i], biases[i]);
                            out[i] = if relu { max_0(y) } else { y };
                        }
                    }
                },
            );
        });
    }

    /// With x̂ the normalised input and means over the batch:
    /// `grad_input = weight / std · (grad_output - mean(grad_output) - x̂ · mean(grad_output · x̂))`.
    fn backward(&mut self, ports: Backward<'_>, update: Option<&dyn Update>, pass: &Pass) {
        let (input, grad_output) = (ports.input.as_slice(), ports.grad_output);
        self.sum_gradients(input, grad_output, pass);
        let size = self.out_features();
        let patterns = &self.patterns;
        if let Some(grad_input) = ports.grad_input {
            split_rows(pass.effort(), pass.batch, grad_input, size, &|rows, grad_input| {
                let part = rows.start * size..rows.end * size;
                let (input, grad_output) = (&input[part.clone()], &grad_output[part]);
                vectorise(
                    #[inline(always)]
                    || grad_input_of(patterns, input, grad_output, grad_input),
                );
            });
        }
        self.weight.learn(update);
        self.bias.learn(update);
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

#[inline(always)]
fn grad_input_of(
    [means, scales, slopes, shifts]: &[Vec<f32>; 4],
    input: &[f32],
    grad_output: &[f32],
    grad_input: &mut [f32],
) {
    let pattern = means.len();
    let ports = input.chunks(pattern).zip(grad_output.chunks(pattern));
    for (out, (x, g)) in grad_input.chunks_mut(pattern).zip(ports) {
        let n = out.len();
        let (x, g, means, scales) = (&x[..n], &g[..n], &means[..n], &scales[..n]);
        let (slopes, shifts) = (&slopes[..n], &shifts[..n]);
        for i in 0..n {
            let centred = g[i] - shifts[i];
            out[i] = (x[i] - means[i]).mul_add(slopes[i], centred) * scales[i];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{
        assert_gradients, assert_parity, assert_same_bits, assert_updates, fixtures, pass,
    };

    #[test]
    fn equals_pytorch() {
        assert_parity(&mut BatchNorm::new(4, 1), &fixtures()["batch_norm"]);
        assert_parity(&mut BatchNorm::new(3, 20), &fixtures()["batch_norm_2d"]);
    }

    #[test]
    fn updating_within_backward_equals_updating_after_it() {
        assert_updates(|| Box::new(BatchNorm::new(5, 1)), 5);
        assert_updates(|| Box::new(BatchNorm::new(2, 3)), 6);
    }

    #[test]
    fn gradients_equal_finite_differences() {
        assert_gradients(&mut BatchNorm::new(5, 1), 5);
        assert_gradients(&mut BatchNorm::new(2, 3), 6);
    }

    #[test]
    fn threads_change_no_bit_whatever_the_channels() {
        for channels in [1, 5, 9, 30, 70, 300] {
            assert_same_bits(|| Box::new(BatchNorm::new(channels, 6)), 6 * channels);
            assert_same_bits(|| Box::new(BatchNorm::new(channels, 1)), channels);
        }
    }

    /// The order of the sums is part of the numerics; here it is written as plain loops.
    #[test]
    fn pixels_are_summed_before_examples() {
        let (batch, positions, channels) = (3, 7, 2);
        let input: Vec<f32> = (0..42).map(|i| ((i * i) % 37) as f32 / 7.0).collect();
        let mut layer = BatchNorm::new(channels, positions);
        let mut output = vec![0.0; input.len()];
        let rows = Rows::new(&input, batch, positions * channels);
        layer.forward(rows, &mut output, &pass(Mode::Train, batch));
        for channel in 0..channels {
            let of = |example: usize| {
                (0..positions).map(move |i| (example * positions + i) * channels + channel)
            };
            let sum = |example| of(example).fold(0.0_f32, |sum, i| sum + input[i]);
            let total = (0..batch).fold(0.0, |total, example| total + sum(example));
            assert_eq!(layer.mean[channel].to_bits(), (total / 21.0).to_bits());
        }
    }

    #[test]
    fn probe_gives_what_training_gives_and_moves_no_statistics() {
        let [mut trained, mut probed] = [BatchNorm::new(2, 1), BatchNorm::new(2, 1)];
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
        let mut layer = BatchNorm::new(2, 1);
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

//! Batch normalisation of each channel over a batch (Ioffe & Szegedy, 2015,
//! <https://arxiv.org/abs/1502.03167>): `output = weight · (input - mean) / sqrt(var + eps) + bias`.

mod statistics;
#[cfg(test)]
mod tests;

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, flag, number};
use crate::kernel::{Rows, split_rows, vectorise};
use crate::nn::Shape;
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::moments;
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Mode, Pass, TensorMut};
use crate::nn::layers::relu::max_0;
use crate::nn::operator::{Attribute, Operand, Operator};
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{Param, Update};

config! {
    /// Keys of `batch_norm`.
    pub struct BatchNormConfig {
        /// Weight of the newest batch in the running statistics, in (0, 1].
        pub momentum: f64 = number(Range::SHARE).or(0.1).left_out(),
        /// Added to the variance.
        pub eps: f64 = number(Range::POSITIVE).or(1e-5).left_out(),
        /// Whether each channel has a trained factor; otherwise it stays 1.
        pub scale: bool = flag().or(true).left_out(),
        /// Whether each channel has a trained bias; otherwise it stays 0.
        pub shift: bool = flag().or(true).left_out(),
    }
}

impl LayerKind for BatchNormConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        Ok(Planned::of(site.input))
    }

    fn tensors(&self, _: Shape, output: Shape) -> Vec<TensorShape> {
        let shape = || vec![output.channels];
        vec![
            TensorShape::parameter("weight", shape()).trained_if(self.scale),
            TensorShape::parameter("bias", shape()).trained_if(self.shift),
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
        let norm = BatchNorm::new(self, module.output.channels, module.output.positions());
        Some(Box::new(if around.relu_follows() { norm.with_relu() } else { norm }))
    }

    fn details(&self) -> String {
        match (self.scale, self.shift) {
            (true, true) => String::new(),
            (true, false) => "no shift".to_owned(),
            (false, true) => "no scale".to_owned(),
            (false, false) => "neither scale nor shift".to_owned(),
        }
    }

    fn python(&self, module: &Module) -> String {
        let dimensions = if module.output.is_vector() { "1d" } else { "2d" };
        let mut keys = String::new();
        let plain = BatchNormConfig::default();
        if self.eps != plain.eps {
            keys.push_str(&format!(", eps={:?}", self.eps));
        }
        if self.momentum != plain.momentum {
            keys.push_str(&format!(", momentum={:?}", self.momentum));
        }
        let made = format!("nn.BatchNorm{dimensions}({}{keys})", module.output.channels);
        let fixed = [("weight", self.scale), ("bias", self.shift)];
        let fixed = fixed.iter().filter(|(_, is_trained)| !is_trained).map(|(name, _)| *name);
        fixed.fold(made, |made, name| format!("Fixed({made}, {name:?})"))
    }

    fn operators(&self, _: &Module) -> Vec<Operator> {
        let tensors = ["weight", "bias", "running_mean", "running_var"];
        let norm =
            Operator::new("BatchNormalization").set("epsilon", Attribute::Real(self.eps as f32));
        vec![tensors.into_iter().fold(norm, |norm, name| norm.with(Operand::Tensor(name)))]
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        vec![
            Sample::of_vectors(""),
            Sample::of_images(""),
            Sample::of_images("momentum = 0.5\neps = 0.125\nscale = false"),
            Sample::of_vectors("shift = false"),
        ]
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
            let scale = of("weight")[channel] / (var + self.eps).sqrt();
            for x in inputs.iter_mut().flat_map(|x| &mut x[range.clone()]) {
                *x = (*x - mean) * scale + of("bias")[channel];
            }
        }
        inputs
    }
}

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
    momentum: f32, // weight of the newest batch in the running statistics
    eps: f32,
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
    pub fn new(config: &BatchNormConfig, channels: usize, positions: usize) -> BatchNorm {
        let vector = |name, value, is_trained| {
            let param = Param::vector(name, channels, value);
            if is_trained { param } else { param.fixed() }
        };
        let pattern = channels * (PATTERN / channels.max(1)).max(1);
        BatchNorm {
            weight: vector("weight", 1.0, config.scale),
            bias: vector("bias", 0.0, config.shift),
            running_mean: vec![0.0; channels],
            running_var: vec![1.0; channels],
            batches_tracked: 0,
            momentum: config.momentum as f32,
            eps: config.eps as f32,
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
            Mode::Train => {
                self.use_batch_statistics(input, pass, Some(self.momentum));
                self.batches_tracked += 1;
            }
            Mode::Probe => self.use_batch_statistics(input, pass, None),
            Mode::Restate => {
                let newest = 1.0 / (pass.step + 1) as f32;
                self.use_batch_statistics(input, pass, Some(newest));
            }
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

//! Layer normalisation of each example (Ba et al., 2016, <https://arxiv.org/abs/1607.06450>):
//! `output = weight · (input - mean) / sqrt(var + eps) + bias`.

use crate::config::keys::config;
use crate::kernel::{Rows, RowsMut, split_rows, split_rows_with, vectorise};
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{EPS as EXACT_EPS, moments};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Pass};
use crate::nn::operator::{Attribute, Operand, Operator};
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{Param, Shape, Update};

config! {
    /// Keys of `layer_norm`.
    pub struct LayerNormConfig {}
}

impl LayerNormConfig {
    fn shape(output: Shape) -> Vec<usize> {
        match output.is_vector() {
            true => vec![output.channels],
            false => vec![output.channels, output.height, output.width],
        }
    }
}

impl LayerKind for LayerNormConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        Ok(Planned::of(site.input))
    }

    fn tensors(&self, _: Shape, output: Shape) -> Vec<TensorShape> {
        let parameter = |name| TensorShape::parameter(name, LayerNormConfig::shape(output));
        ["weight", "bias"].map(parameter).to_vec()
    }

    fn role(&self) -> Role<'_> {
        Role::Norm { is_over_batch: false }
    }

    fn build(&self, module: &Module, _: &Around<'_>, _: &mut Builder) -> Option<Box<dyn Layer>> {
        Some(Box::new(LayerNorm::new(module.output)))
    }

    fn details(&self) -> String {
        String::new()
    }

    fn python(&self, module: &Module) -> String {
        let sizes = LayerNormConfig::shape(module.output);
        let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
        format!("nn.LayerNorm([{}])", sizes.join(", "))
    }

    fn operators(&self, _: &Module) -> Vec<Operator> {
        let norm = Operator::new("LayerNormalization")
            .with(Operand::Tensor("weight"))
            .with(Operand::Tensor("bias"));
        vec![norm.set("axis", Attribute::Whole(1)).set("epsilon", Attribute::Real(EPS))]
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        vec![Sample::of_vectors(""), Sample::of_images("")]
    }

    #[cfg(test)]
    fn reference(
        &self,
        module: &Module,
        inputs: Vec<Example>,
        network: &Reference,
        _: bool,
    ) -> Vec<Example> {
        let (weight, bias) = (network.tensor(module, "weight"), network.tensor(module, "bias"));
        let example = |x: &Example| -> Example {
            let (mean, var) = moments(x.iter().copied());
            let pairs = x.iter().zip(weight).zip(bias);
            pairs.map(|((x, w), b)| (x - mean) / (var + EXACT_EPS).sqrt() * w + b).collect()
        };
        inputs.iter().map(example).collect()
    }
}

/// PyTorch's default.
const EPS: f32 = 1e-5;
/// Number of interleaved sums over an example, which are then added in order.
const LANES: usize = 32;
/// Number of columns whose gradients are summed over the batch at a time, so that they stay in the
/// cache.
const COLUMNS: usize = 1024;

/// PyTorch's `LayerNorm` over all numbers of an example: the features of a vector, or channels, height and
/// width of an image.
#[derive(Debug)]
pub struct LayerNorm {
    weight: Param,          // [features] or [channels, height, width]
    bias: Param,            // the same
    moments: Vec<[f32; 2]>, // [batch] mean and 1 / sqrt(var + eps), set by forward
}

impl LayerNorm {
    /// For examples of `shape`, with weight 1 and bias 0.
    pub fn new(shape: Shape) -> LayerNorm {
        let param = |name, value| match shape.is_vector() {
            true => Param::vector(name, shape.channels, value),
            false => Param::image(name, [shape.channels, shape.height, shape.width], value),
        };
        LayerNorm { weight: param("weight", 1.0), bias: param("bias", 0.0), moments: Vec::new() }
    }
}

impl Layer for LayerNorm {
    fn out_features(&self) -> usize {
        self.weight.len()
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        let (n, input) = (self.out_features(), input.as_slice());
        let (weight, bias) = (self.weight.elements(), self.bias.elements());
        self.moments.resize(pass.batch, [0.0; 2]); // allocates for the first batch only
        let outputs = RowsMut { data: output, row_len: n };
        let moments = RowsMut { data: &mut self.moments, row_len: 1 };
        let effort = pass.effort();
        split_rows_with(
            effort,
            input.len(),
            pass.batch,
            outputs,
            moments,
            &|rows, output, moments| {
                let input = input[rows.start * n..].chunks_exact(n);
                vectorise(
                    #[inline(always)]
                    || {
                        let results = output.chunks_exact_mut(n).zip(moments);
                        for (x, (output, of_example)) in input.zip(results) {
                            *of_example = normalise(x, output, weight, bias);
                        }
                    },
                );
            },
        );
    }

    /// With x̂ the normalised input, g = grad_output · weight, and means over the example:
    /// `grad_input = (g - mean(g) - x̂ · mean(g · x̂)) / std`.
    fn backward(&mut self, ports: Backward<'_>, update: Option<&dyn Update>, pass: &Pass) {
        let (input, grad_output) = (ports.input.as_slice(), ports.grad_output);
        let (n, moments, weight) = (self.out_features(), &self.moments, &self.weight);
        if let Some(grad_input) = ports.grad_input {
            split_rows(pass.effort(), pass.batch, grad_input, n, &|rows, grad_input| {
                let results = grad_input.chunks_exact_mut(n).zip(&moments[rows.clone()]);
                let examples = input[rows.start * n..].chunks_exact(n);
                let examples = examples.zip(grad_output[rows.start * n..].chunks_exact(n));
                vectorise(
                    #[inline(always)]
                    || {
                        for ((grad_input, of_example), (x, grad_output)) in results.zip(examples) {
                            gradient(x, grad_output, weight.elements(), *of_example, grad_input);
                        }
                    },
                );
            });
        }
        let Self { weight, bias, moments } = self;
        let weight_grad = RowsMut { data: weight.grad_mut(), row_len: 1 };
        let bias_grad = RowsMut { data: bias.grad_mut(), row_len: 1 };
        let (effort, elements) = (pass.effort(), pass.batch * n);
        split_rows_with(
            effort,
            elements,
            n,
            weight_grad,
            bias_grad,
            &|columns, of_weight, of_bias| {
                let parts = of_weight.chunks_mut(COLUMNS).zip(of_bias.chunks_mut(COLUMNS));
                for ((of_weight, of_bias), start) in parts.zip(columns.step_by(COLUMNS)) {
                    sum_columns(ports.input, grad_output, moments, start, of_weight, of_bias);
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
}

/// Normalises one example; returns its mean and 1 / sqrt(var + eps).
#[inline(always)]
fn normalise(x: &[f32], output: &mut [f32], weight: &[f32], bias: &[f32]) -> [f32; 2] {
    let n = x.len();
    let (output, weight, bias) = (&mut output[..n], &weight[..n], &bias[..n]);
    let mean = sum(
        [x; 2],
        #[inline(always)]
        |sum, [x, _]| sum + x,
    ) / n as f32;
    let squares = sum(
        [x; 2],
        #[inline(always)]
        |sum, [x, _]| (x - mean).mul_add(x - mean, sum),
    );
    let inv_std = 1.0 / (squares / n as f32 + EPS).sqrt();
    for i in 0..n {
        output[i] = ((x[i] - mean) * inv_std).mul_add(weight[i], bias[i]);
    }
    [mean, inv_std]
}

/// The input gradient of one example.
#[inline(always)]
fn gradient(
    x: &[f32],
    grad_output: &[f32],
    weight: &[f32],
    [mean, inv_std]: [f32; 2],
    grad_input: &mut [f32],
) {
    let n = x.len();
    let (grad_output, weight) = (&grad_output[..n], &weight[..n]);
    // `grad_input` holds the weighted gradient until the end.
    for ((out, g), w) in grad_input.iter_mut().zip(grad_output).zip(weight) {
        *out = g * w;
    }
    let of_mean = sum(
        [&*grad_input; 2],
        #[inline(always)]
        |sum, [g, _]| sum + g,
    ) / n as f32;
    let product = sum(
        [&*grad_input, x],
        #[inline(always)]
        |sum, [g, x]| g.mul_add(x - mean, sum),
    );
    let slope = -(product * inv_std * inv_std) / n as f32;
    for (out, value) in grad_input.iter_mut().zip(x) {
        *out = (value - mean).mul_add(slope, *out - of_mean) * inv_std;
    }
}

/// Sums over the pairs of elements of two slices of equal length: `add` adds a pair to one of the
/// interleaved sums.
#[inline(always)]
fn sum(slices: [&[f32]; 2], add: impl Fn(f32, [f32; 2]) -> f32) -> f32 {
    let mut sums = [0.0; LANES];
    let [(first, first_rest), (second, second_rest)] = slices.map(<[f32]>::as_chunks::<LANES>);
    for (a, b) in first.iter().zip(second) {
        for i in 0..LANES {
            sums[i] = add(sums[i], [a[i], b[i]]);
        }
    }
    for (sum, (a, b)) in sums.iter_mut().zip(first_rest.iter().zip(second_rest)) {
        *sum = add(*sum, [*a, *b]);
    }
    sums.iter().fold(0.0, |total, sum| total + sum)
}

/// Sums the gradients of weight and bias in the columns from `start` over the batch, in its order.
fn sum_columns(
    input: Rows<'_>,
    grad_output: &[f32],
    moments: &[[f32; 2]],
    start: usize,
    of_weight: &mut [f32],
    of_bias: &mut [f32],
) {
    let (n, input) = (input.cols(), input.as_slice());
    let columns = start..start + of_weight.len();
    of_weight.fill(0.0);
    of_bias.fill(0.0);
    vectorise(
        #[inline(always)]
        || {
            let len = columns.len();
            let (of_weight, of_bias) = (&mut of_weight[..len], &mut of_bias[..len]);
            let rows = input.chunks_exact(n).zip(grad_output.chunks_exact(n));
            for ((x, g), &[mean, inv_std]) in rows.zip(moments) {
                let (x, g) = (&x[columns.clone()][..len], &g[columns.clone()][..len]);
                for i in 0..len {
                    of_weight[i] = g[i].mul_add((x[i] - mean) * inv_std, of_weight[i]);
                    of_bias[i] += g[i];
                }
            }
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::testing::{
        assert_gradients, assert_parity, assert_same_bits, assert_updates, fixtures,
    };

    const IMAGE: Shape = Shape { channels: 3, height: 5, width: 4 };

    #[test]
    fn equals_pytorch() {
        assert_parity(&mut LayerNorm::new(Shape::vector(4)), &fixtures()["layer_norm"]);
        assert_parity(&mut LayerNorm::new(IMAGE), &fixtures()["layer_norm_2d"]);
    }

    #[test]
    fn updating_within_backward_equals_updating_after_it() {
        assert_updates(|| Box::new(LayerNorm::new(Shape::vector(5))), 5);
        assert_updates(|| Box::new(LayerNorm::new(IMAGE)), 60);
    }

    #[test]
    fn gradients_equal_finite_differences() {
        assert_gradients(&mut LayerNorm::new(Shape::vector(7)), 7);
        let shape = Shape { channels: 2, height: 2, width: 3 };
        assert_gradients(&mut LayerNorm::new(shape), 12);
    }

    #[test]
    fn threads_change_no_bit() {
        for features in [1, 31, 70, 2100] {
            assert_same_bits(|| Box::new(LayerNorm::new(Shape::vector(features))), features);
        }
    }
}

//! Fully connected layer: `output = input · weightᵀ + bias`.

use crate::config::keys::{WhenAbsent, config, flag, whole};
use crate::kernel::{Buffer, Panels, Rows, product, product_at, product_bt, vectorise};
use crate::memory;
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
use crate::nn::init::draws::{self, Fans};
use crate::nn::init::layer_init;
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Pass};
use crate::nn::operator::{Attribute, Operand, Operator};
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{MOST_UNITS, Param, Shape, Update, WeightInit};
use crate::rng::Stream;

config! {
    /// Keys of `linear`.
    pub struct LinearConfig {
        /// Units; absent: the number of classes.
        pub units: Option<usize> = whole(1).to(MOST_UNITS).optional(),
        /// Whether to add a bias to each unit.
        pub bias: bool = flag().or(true),
        /// Distribution of its initial weights; absent: `network.weight_init`.
        pub weight_init: Option<WeightInit> = layer_init(),
    }
}

impl LayerKind for LinearConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        match site.input.is_vector() {
            true => Ok(Planned::of(Shape::vector(self.units.unwrap_or(site.classes)))),
            false => Err(LayerMisfit {
                help: Some("put { kind = \"flatten\" } before it".to_owned()),
                ..site.misfit(
                    "",
                    "a linear layer needs a vector",
                    format!("gets an image of {}", site.input),
                )
            }),
        }
    }

    fn tensors(&self, input: Shape, output: Shape) -> Vec<TensorShape> {
        let weight = TensorShape::weight(vec![output.channels, input.channels]);
        let bias = self.bias.then(|| TensorShape::parameter("bias", vec![output.channels]));
        [weight].into_iter().chain(bias).collect()
    }

    fn role(&self) -> Role<'_> {
        Role::Product { units: self.units, convolution: None }
    }

    fn build(
        &self,
        module: &Module,
        around: &Around<'_>,
        builder: &mut Builder,
    ) -> Option<Box<dyn Layer>> {
        let shape = LinearShape {
            in_features: module.input.channels,
            out_features: module.output.channels,
            positions: around.positions,
            bias: self.bias,
        };
        let mut stream = builder.weight_stream();
        let weight_init = builder.weight_init(self.weight_init);
        let max_batch = builder.max_batch;
        Some(Box::new(Linear::new(shape, weight_init, &mut stream, max_batch)))
    }

    fn details(&self) -> String {
        String::new()
    }

    fn python(&self, module: &Module) -> String {
        let bias = if self.bias { "" } else { ", bias=False" };
        format!("nn.Linear({}, {}{bias})", module.input.channels, module.output.channels)
    }

    fn operators(&self, _: &Module) -> Vec<Operator> {
        let mut operator = Operator::new("Gemm")
            .with(Operand::Tensor("weight"))
            .set("transB", Attribute::Whole(1));
        if self.bias {
            operator = operator.with(Operand::Tensor("bias"));
        }
        vec![operator]
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        vec![Sample::of_vectors("units = 3"), Sample::of_vectors("bias = false")]
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
            let unit = |unit: usize| {
                let weights = &weight[unit * x.len()..][..x.len()];
                let sum: f64 = weights.iter().zip(x).map(|(w, x)| w * x).sum();
                sum + bias.get(unit).unwrap_or(&0.0)
            };
            (0..module.output.channels).map(unit).collect()
        };
        inputs.iter().map(example).collect()
    }
}

/// PyTorch's `Linear`.
#[derive(Debug)]
pub struct Linear {
    weight: Param,       // [out_features, in_features]
    bias: Option<Param>, // [out_features]
    panels: Panels,      // the layout of the weight
    grad_output: Buffer, // [max_batch, out_features] in panels, set by backward
}

/// Sizes of a [`Linear`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinearShape {
    /// Input features.
    pub in_features: usize,
    /// Units.
    pub out_features: usize,
    /// Pixels of the flattened input image, which is channel-last in memory; 1 for a vector.
    pub positions: usize,
    /// Whether to add a bias to each unit.
    pub bias: bool,
}

impl LinearShape {
    /// A layer with bias over vectors.
    pub fn new(in_features: usize, out_features: usize) -> LinearShape {
        LinearShape { in_features, out_features, positions: 1, bias: true }
    }
}

impl Linear {
    /// The layer with weights that `weight_init` draws from `stream`, for batches of at most `max_batch`.
    pub fn new(
        shape: LinearShape,
        weight_init: WeightInit,
        stream: &mut Stream,
        max_batch: usize,
    ) -> Linear {
        let LinearShape { in_features, out_features, positions, bias } = shape;
        let mut weight = memory::filled(out_features * in_features, 0.0);
        let mut bias = bias.then(|| vec![0.0; out_features]);
        let fans = Fans { outputs: out_features, channels: in_features, positions: 1 };
        draws::fill(&mut weight, bias.as_deref_mut(), weight_init, fans, stream);
        Linear {
            weight: Param::image_matrix(
                "weight",
                vec![out_features, in_features],
                positions,
                &weight,
            ),
            bias: bias.map(|bias| Param::of_vector("bias", &bias)),
            panels: Panels::new(in_features, out_features),
            grad_output: Buffer::zeros(Panels::new(max_batch, out_features).len()),
        }
    }
}

impl Layer for Linear {
    fn out_features(&self) -> usize {
        self.panels.cols()
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        product(input, self.panels.of(self.weight.elements()), output, pass.effort());
        let Some(bias) = &self.bias else { return };
        let bias = bias.elements();
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

    fn backward(&mut self, ports: Backward<'_>, update: Option<&dyn Update>, pass: &Pass) {
        let Linear { weight, bias, panels, grad_output } = self;
        if let Some(grad_input) = ports.grad_input {
            let grad = Rows::new(ports.grad_output, pass.batch, panels.cols());
            product_bt(grad, panels.of(weight.elements()), grad_input, pass.effort());
        }
        let grad_panels = Panels::new(pass.batch, panels.cols());
        grad_panels.pack(ports.grad_output, grad_output);
        let grad = grad_panels.of(grad_output);
        let learning = weight.learning;
        match update {
            Some(update) if learning.is_trained => {
                let slices = weight.slices();
                update.update_by_product(ports.input, grad, slices, learning, pass.effort());
            }
            Some(_) => {}
            None => product_at(ports.input, grad, weight.grad_mut(), pass.effort()),
        }
        if let Some(bias) = bias {
            sum_rows(ports.grad_output, bias.grad_mut());
            bias.learn(update);
        }
    }

    fn has_weight(&self) -> bool {
        true
    }

    fn visit_params(&mut self, visit: &mut dyn FnMut(&mut Param)) {
        visit(&mut self.weight);
        self.bias.iter_mut().for_each(visit);
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
    use crate::nn::testing::{assert_gradients, assert_parity, assert_updates, fixtures};
    use crate::rng::{Purpose, stream};

    fn linear(in_features: usize, out_features: usize) -> Linear {
        let mut stream = stream(1, Purpose::WeightInit, 0, 0);
        Linear::new(LinearShape::new(in_features, out_features), WeightInit::He, &mut stream, 8)
    }

    #[test]
    fn equals_pytorch() {
        assert_parity(&mut linear(4, 3), &fixtures()["linear"]);
    }

    #[test]
    fn updating_within_backward_equals_updating_after_it() {
        assert_updates(|| Box::new(linear(5, 3)), 5);
    }

    #[test]
    fn gradients_equal_finite_differences() {
        assert_gradients(&mut linear(5, 3), 5);
    }
}

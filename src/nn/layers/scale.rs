//! Multiplies every number by a constant, such as logits before the loss: a temperature of 1 / factor.

use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number};
use crate::kernel::{Rows, split_rows, vectorise};
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Pass};
use crate::nn::operator::{Operand, Operator};
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{Shape, Update};

config! {
    /// Keys of `scale`.
    pub struct ScaleConfig {
        /// The constant, above 0.
        pub factor: f64 = number(Range::POSITIVE).required("0.125"),
    }
}

impl LayerKind for ScaleConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        Ok(Planned::of(site.input))
    }

    fn tensors(&self, _: Shape, _: Shape) -> Vec<TensorShape> {
        Vec::new()
    }

    fn role(&self) -> Role<'_> {
        Role::Scale
    }

    fn build(&self, module: &Module, _: &Around<'_>, _: &mut Builder) -> Option<Box<dyn Layer>> {
        let features = module.output.features();
        Some(Box::new(Scale { factor: self.factor as f32, features }))
    }

    fn details(&self) -> String {
        format!("times {}", self.factor)
    }

    fn python(&self, _: &Module) -> String {
        format!("Scale({:?})", self.factor)
    }

    fn operators(&self, _: &Module) -> Vec<Operator> {
        vec![Operator::new("Mul").with(Operand::Number(self.factor as f32))]
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        vec![Sample::of_vectors("factor = 0.125"), Sample::of_images("factor = 3")]
    }

    #[cfg(test)]
    fn reference(
        &self,
        _: &Module,
        mut inputs: Vec<Example>,
        _: &Reference,
        _: bool,
    ) -> Vec<Example> {
        inputs.iter_mut().flatten().for_each(|x| *x *= self.factor);
        inputs
    }
}

/// `output = factor · input`
#[derive(Debug)]
struct Scale {
    factor: f32,
    features: usize,
}

impl Scale {
    /// `data = factor · data`
    fn apply(&self, data: &mut [f32], pass: &Pass) {
        let factor = self.factor;
        split_rows(pass.effort(), pass.batch, data, self.features, &|_, part| {
            vectorise(
                #[inline(always)]
                || part.iter_mut().for_each(|x| *x *= factor),
            );
        });
    }
}

impl Layer for Scale {
    fn out_features(&self) -> usize {
        self.features
    }

    fn reads_input(&self) -> bool {
        false
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass) {
        output.copy_from_slice(input.as_slice());
        self.apply(output, pass);
    }

    fn backward(&mut self, ports: Backward<'_>, _: Option<&dyn Update>, pass: &Pass) {
        if let Some(grad_input) = ports.grad_input {
            grad_input.copy_from_slice(ports.grad_output);
            self.apply(grad_input, pass);
        }
    }

    fn in_place(&self) -> bool {
        true
    }

    fn forward_in_place(&mut self, data: &mut [f32], pass: &Pass) {
        self.apply(data, pass);
    }

    fn backward_in_place(&mut self, _: &[f32], grad: &mut [f32], pass: &Pass) {
        self.apply(grad, pass);
    }
}

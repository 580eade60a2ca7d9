//! Turns an image into a vector in PyTorch's order, for the few following layers that depend on the
//! order.

use crate::config::keys::config;
use crate::kernel::Rows;
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::{Backward, Layer, Pass};
use crate::nn::operator::Operator;
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};
use crate::nn::{Shape, Update};

config! {
    /// Keys of `flatten`.
    pub struct FlattenConfig {}
}

impl LayerKind for FlattenConfig {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        Ok(Planned::of(Shape::vector(site.input.features())))
    }

    fn tensors(&self, _: Shape, _: Shape) -> Vec<TensorShape> {
        Vec::new()
    }

    fn role(&self) -> Role<'_> {
        Role::Flatten
    }

    /// If the order need not change, it is not built at all.
    fn build(&self, module: &Module, _: &Around<'_>, _: &mut Builder) -> Option<Box<dyn Layer>> {
        Some(Box::new(Flatten::new(module.input)))
    }

    fn details(&self) -> String {
        String::new()
    }

    fn python(&self, _: &Module) -> String {
        "nn.Flatten()".to_owned()
    }

    fn operators(&self, _: &Module) -> Vec<Operator> {
        vec![Operator::new("Flatten")]
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        vec![Sample::of_images("")]
    }

    #[cfg(test)]
    fn reference(&self, _: &Module, inputs: Vec<Example>, _: &Reference, _: bool) -> Vec<Example> {
        inputs
    }
}

/// PyTorch's `Flatten`: channel-last in memory before it, channel-first after it.
pub(in crate::nn) struct Flatten {
    input: Shape,
}

impl Flatten {
    /// Flattens images of this shape.
    pub(in crate::nn) fn new(input: Shape) -> Flatten {
        Flatten { input }
    }
}

impl Layer for Flatten {
    fn out_features(&self) -> usize {
        self.input.features()
    }

    fn keeps_units(&self) -> bool {
        false
    }

    fn reads_input(&self) -> bool {
        false
    }

    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], _pass: &Pass) {
        let Shape { channels, .. } = self.input;
        transpose(input.as_slice(), output, self.input.positions(), channels);
    }

    fn backward(&mut self, ports: Backward<'_>, _update: Option<&dyn Update>, _pass: &Pass) {
        let Shape { channels, .. } = self.input;
        if let Some(grad_input) = ports.grad_input {
            transpose(ports.grad_output, grad_input, channels, self.input.positions());
        }
    }
}

/// `[.., rows, cols]` to `[.., cols, rows]`
fn transpose(from: &[f32], to: &mut [f32], rows: usize, cols: usize) {
    for (from, to) in from.chunks_exact(rows * cols).zip(to.chunks_exact_mut(rows * cols)) {
        for (row, values) in from.chunks_exact(cols).enumerate() {
            to[row..].iter_mut().step_by(rows).zip(values).for_each(|(y, x)| *y = *x);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::layers::layer::Mode;
    use crate::nn::testing::{assert_gradients, pass};

    #[test]
    fn channels_come_one_after_the_other() {
        let mut layer = Flatten::new(Shape { channels: 2, height: 1, width: 3 });
        let input = [1.0, 10.0, 2.0, 20.0, 3.0, 30.0, 4.0, 40.0, 5.0, 50.0, 6.0, 60.0];
        let mut output = [0.0; 12];
        layer.forward(Rows::new(&input, 2, 6), &mut output, &pass(Mode::Train, 2));
        assert_eq!(output, [1.0, 2.0, 3.0, 10.0, 20.0, 30.0, 4.0, 5.0, 6.0, 40.0, 50.0, 60.0]);
    }

    #[test]
    fn gradients_equal_finite_differences() {
        let shape = Shape { channels: 3, height: 2, width: 2 };
        assert_gradients(&mut Flatten::new(shape), shape.features());
    }
}

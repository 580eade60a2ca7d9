//! The common part of all elementwise activation functions.

mod layer;

pub use layer::ActivationLayer;

use std::fmt::Debug;

use crate::nn::Shape;
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
#[cfg(test)]
use crate::nn::layers::kind::Sample;
use crate::nn::layers::kind::{LayerKind, Role};
use crate::nn::layers::layer::Layer;
use crate::nn::operator::Operator;
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};

/// A function of one number.
pub trait Function: Copy + Debug + Send + Sync + 'static {
    /// Whether the slope is a function of the input; otherwise of the output.
    const NEEDS_INPUT: bool;

    /// When a unit learns nothing.
    const IDLE: Idle;

    /// The output; NaN for NaN, so that divergence is noticed.
    fn value(self, x: f32) -> f32;

    /// The slope, from the input or the output.
    fn slope(self, at: f32) -> f32;

    /// Value and slope for an input, if the slope is a function of the input.
    #[inline(always)]
    fn value_and_slope(self, x: f32) -> (f32, f32) {
        (self.value(x), self.slope(x))
    }
}

/// Which outputs of an activation pass almost no gradient back, so that nothing is learnt from them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Idle {
    /// Zero for every example: the unit is dead.
    Zero,
    /// Values near one of the limits: they are saturated.
    NearLimits {
        /// The lower limit.
        low: f32,
        /// The upper limit.
        high: f32,
    },
    /// No value.
    Never,
}

/// A kind of layer that is an activation function. Every such kind is also a [`LayerKind`].
pub trait ActivationKind: Debug {
    /// The function.
    type Function: Function;

    /// The function with its numbers.
    fn function(&self) -> Self::Function;

    /// Whether it is ReLU, which the previous layer may fuse.
    fn is_relu(&self) -> bool;

    /// The numbers of the function, for a table of layers.
    fn details(&self) -> String;

    /// The PyTorch expression that makes it.
    fn python(&self) -> String;

    /// What it computes in the operators of ONNX.
    fn operators(&self) -> Vec<Operator>;

    /// Keys of the functions that the checks of all kinds use.
    #[cfg(test)]
    fn samples(&self) -> Vec<&'static str>;

    /// The function in 64 bits.
    #[cfg(test)]
    fn reference(&self, x: f64) -> f64;
}

impl<T: ActivationKind> LayerKind for T {
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit> {
        Ok(Planned::of(site.input))
    }

    fn tensors(&self, _: Shape, _: Shape) -> Vec<TensorShape> {
        Vec::new()
    }

    fn role(&self) -> Role<'_> {
        Role::Activation { is_relu: self.is_relu(), needs_input: T::Function::NEEDS_INPUT }
    }

    fn build(
        &self,
        module: &Module,
        around: &Around<'_>,
        _: &mut Builder,
    ) -> Option<Box<dyn Layer>> {
        let layer = ActivationLayer::new(self.function(), module.output.features());
        let is_taken = self.is_relu() && around.is_taken();
        Some(Box::new(match is_taken {
            true => layer.taken(around.max_pool_follows()),
            false => layer,
        }))
    }

    fn details(&self) -> String {
        ActivationKind::details(self)
    }

    fn python(&self, _: &Module) -> String {
        ActivationKind::python(self)
    }

    fn operators(&self, _: &Module) -> Vec<Operator> {
        ActivationKind::operators(self)
    }

    #[cfg(test)]
    fn samples(&self) -> Vec<Sample> {
        ActivationKind::samples(self).into_iter().map(Sample::of_vectors).collect()
    }

    #[cfg(test)]
    fn reference(
        &self,
        _: &Module,
        mut inputs: Vec<Example>,
        _: &Reference,
        _: bool,
    ) -> Vec<Example> {
        let numbers = inputs.iter_mut().flatten();
        numbers.for_each(|x| *x = ActivationKind::reference(self, *x));
        inputs
    }
}

//! The interface of every kind of layer: shape, tensors, construction, PyTorch expression. No
//! method has a default, so that the compiler asks a new kind for each.

use std::fmt::Debug;

use crate::nn::Shape;
use crate::nn::build::{Around, Builder};
#[cfg(test)]
use crate::nn::drawn::{Example, Reference};
use crate::nn::layers::conv2d::Conv2dConfig;
use crate::nn::layers::layer::Layer;
use crate::nn::layers::list::NamedLayer;
use crate::nn::operator::Operator;
use crate::nn::plan::{LayerMisfit, Module, Planned, Site, TensorShape};

/// A kind of layer, as in the file. Each means the same as PyTorch's module of that name.
pub trait LayerKind: Debug {
    /// The output shape of the layer at a place of the network.
    ///
    /// # Errors
    /// If the layer cannot be there.
    fn plan(&self, site: &Site<'_>) -> Result<Planned, LayerMisfit>;

    /// The tensors of 32-bit floats that it keeps, in PyTorch's order, without those of inner layers.
    fn tensors(&self, input: Shape, output: Shape) -> Vec<TensorShape>;

    /// What the layer does to the numbers that pass through it.
    fn role(&self) -> Role<'_>;

    /// Builds the layer for its place; none if it changes nothing there.
    fn build(
        &self,
        module: &Module,
        around: &Around<'_>,
        builder: &mut Builder,
    ) -> Option<Box<dyn Layer>>;

    /// The numbers that decide its shape or its work, for a table of layers: `3x3, padding 1`.
    fn details(&self) -> String;

    /// The PyTorch expression that makes it.
    fn python(&self, module: &Module) -> String;

    /// What it computes after training, in the operators of ONNX; those of a residual block's shortcut,
    /// if its layers do not say.
    fn operators(&self, module: &Module) -> Vec<Operator>;

    /// Layers of this kind that the checks of all kinds use.
    #[cfg(test)]
    fn samples(&self) -> Vec<Sample>;

    /// Its output for a batch, in 64 bits and as plainly as possible.
    #[cfg(test)]
    fn reference(
        &self,
        module: &Module,
        inputs: Vec<Example>,
        network: &Reference,
        trains: bool,
    ) -> Vec<Example>;
}

/// A layer as in an experiment file, and its input shape.
#[cfg(test)]
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    /// Its keys besides `kind`, a line each.
    pub keys: &'static str,
    /// The input shape.
    pub input: Shape,
}

#[cfg(test)]
impl Sample {
    /// A sample whose input is a vector.
    pub fn of_vectors(keys: &'static str) -> Sample {
        Sample { keys, input: Shape::vector(4) }
    }

    /// A sample whose input is an image.
    pub fn of_images(keys: &'static str) -> Sample {
        Sample { keys, input: Shape { channels: 3, height: 5, width: 4 } }
    }
}

/// What a layer does to the numbers that pass through it. This decides what its neighbours may do.
#[derive(Debug, Clone, Copy)]
pub enum Role<'a> {
    /// Multiplies them by weights and makes new units.
    Product {
        /// How many units; none: one for each class.
        units: Option<usize>,
        /// The convolution of an image; none: a linear layer on a vector.
        convolution: Option<&'a Conv2dConfig>,
    },
    /// Normalises them to a mean and a deviation.
    Norm {
        /// Whether it normalises each channel over the examples of a batch; otherwise, each example
        /// over its numbers.
        is_over_batch: bool,
    },
    /// Applies a function to each of them.
    Activation {
        /// Whether the previous layer may fuse it.
        is_relu: bool,
        /// Whether the slope is a function of the input, which must then be kept.
        needs_input: bool,
    },
    /// Sets some to zero in training.
    Drop {
        /// The probability.
        rate: f64,
        /// Whether whole channels are dropped together.
        is_by_channel: bool,
    },
    /// Combines those in a window.
    Pool {
        /// Whether it takes the largest number; otherwise, the mean.
        is_max: bool,
        /// Whether the window is the whole image.
        is_global: bool,
    },
    /// Multiplies each of them by one constant.
    Scale,
    /// Keeps them and turns an image into a vector.
    Flatten,
    /// Adds the output of these layers to the input.
    Block(&'a [NamedLayer]),
}

impl Role<'_> {
    /// Whether it is a linear layer or a convolution.
    pub fn has_weight(self) -> bool {
        matches!(self, Role::Product { .. })
    }

    /// Whether it is a linear layer.
    pub fn is_linear(self) -> bool {
        matches!(self, Role::Product { convolution: None, .. })
    }

    /// Whether it is an activation function.
    pub fn is_activation(self) -> bool {
        matches!(self, Role::Activation { .. })
    }

    /// Whether it leaves every number where it is in memory.
    pub fn keeps_memory(self) -> bool {
        matches!(self, Role::Flatten)
    }

    /// Whether it changes no number: Dropout that drops nothing, or flattening an image (whose
    /// numbers may need reordering).
    pub fn is_nothing(self) -> bool {
        match self {
            Role::Drop { rate, .. } => rate == 0.0,
            _ => self.keeps_memory(),
        }
    }

    /// Whether it treats each number independently of its position.
    pub fn is_elementwise(self) -> bool {
        matches!(
            self,
            Role::Activation { .. }
                | Role::Drop { is_by_channel: false, .. }
                | Role::Scale
                | Role::Flatten
        )
    }

    /// Whether it can write its output over its input.
    pub fn works_in_place(self) -> bool {
        matches!(
            self,
            Role::Activation { needs_input: false, .. } | Role::Drop { .. } | Role::Scale
        )
    }

    /// Whether its backward pass reads its input.
    pub fn reads_input(self) -> bool {
        match self {
            Role::Product { .. } | Role::Norm { .. } | Role::Block(_) => true,
            Role::Activation { needs_input, .. } => needs_input,
            Role::Drop { .. } | Role::Pool { .. } | Role::Scale | Role::Flatten => false,
        }
    }

    /// Whether its backward pass reads its output, which must then be kept.
    pub fn reads_output(self) -> bool {
        matches!(self, Role::Activation { needs_input: false, .. })
    }

    /// Whether it fuses the following ReLU.
    pub fn takes_relu(self) -> bool {
        match self {
            Role::Product { convolution, .. } => convolution.is_some(),
            Role::Norm { is_over_batch } => is_over_batch,
            Role::Block(_) => true,
            Role::Activation { .. }
            | Role::Drop { .. }
            | Role::Pool { .. }
            | Role::Scale
            | Role::Flatten => false,
        }
    }

    /// Whether it is ReLU.
    pub fn is_relu(self) -> bool {
        matches!(self, Role::Activation { is_relu: true, .. })
    }

    /// Whether it is, or has, a convolution that uses transformed tiles if its input is large
    /// enough. Projections have kernels of one pixel.
    pub fn may_transform(self) -> bool {
        match self {
            Role::Product { convolution, .. } => {
                convolution.is_some_and(Conv2dConfig::may_transform)
            }
            Role::Block(layers) => layers.iter().any(|named| named.layer.role().may_transform()),
            _ => false,
        }
    }
}

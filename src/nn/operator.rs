//! What a trained layer computes, in the operators of ONNX, version 20
//! (<https://onnx.ai/onnx/operators/>). Examples are `[examples, channels, height, width]`, or
//! `[examples, channels]` where an image has one pixel.

/// The version of the set of operators.
pub const OPERATOR_VERSION: i64 = 20;

/// An operator. Its first input is the output of the one before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Operator {
    /// Its name in ONNX.
    pub name: &'static str,
    /// Its inputs after the first.
    pub inputs: Vec<Operand>,
    /// Its attributes by name.
    pub attributes: Vec<(&'static str, Attribute)>,
    /// Whether it takes images, those of one pixel too, and gives images.
    pub is_of_images: bool,
}

/// An input of an operator that does not depend on the examples.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    /// The layer's tensor of this name.
    Tensor(&'static str),
    /// A number.
    Number(f32),
    /// A list of whole numbers.
    Whole(Vec<i64>),
}

/// An attribute of an operator.
#[derive(Debug, Clone, PartialEq)]
pub enum Attribute {
    /// A number.
    Real(f32),
    /// A whole number.
    Whole(i64),
    /// A list of whole numbers.
    Wholes(Vec<i64>),
}

impl Operator {
    /// An operator on examples of any form, without further inputs.
    pub fn new(name: &'static str) -> Operator {
        Operator { name, inputs: Vec::new(), attributes: Vec::new(), is_of_images: false }
    }

    /// An operator on images.
    pub fn of_images(name: &'static str) -> Operator {
        Operator { is_of_images: true, ..Operator::new(name) }
    }

    /// With a further input.
    #[must_use]
    pub fn with(mut self, input: Operand) -> Operator {
        self.inputs.push(input);
        self
    }

    /// With an attribute.
    #[must_use]
    pub fn set(mut self, name: &'static str, attribute: Attribute) -> Operator {
        self.attributes.push((name, attribute));
        self
    }

    /// With windows of `size` pixels a side, as of convolutions and pools.
    #[must_use]
    pub fn with_windows(self, size: usize, stride: usize, padding: usize) -> Operator {
        let both = |n: usize| Attribute::Wholes(vec![n as i64; 2]);
        self.set("kernel_shape", both(size))
            .set("strides", both(stride))
            .set("pads", Attribute::Wholes(vec![padding as i64; 4]))
    }
}

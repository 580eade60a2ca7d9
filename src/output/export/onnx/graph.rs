//! The modules of a network -> a graph of ONNX's operators, with the weights in it.

use crate::nn::operator::{Attribute, Operand, Operator};
use crate::nn::{Module, Shape};
use crate::output::export::onnx::messages::{
    AttributeMessage, ElementType, GraphMessage, NodeMessage, TensorMessage,
};
use crate::output::export::weights::{Tensor, Weights};

/// The nodes and constants of a graph, as far as it is made.
#[derive(Default)]
pub(super) struct Graph {
    nodes: Vec<NodeMessage>,
    constants: Vec<TensorMessage>,
}

/// A value that nodes compute: its name, and its form for one example.
#[derive(Debug, Clone)]
pub(super) struct Computed {
    pub(super) name: String,
    /// Whether it is `[examples, channels, height, width]`, else `[examples, channels]`.
    is_image: bool,
}

impl Graph {
    /// The value that `modules` take: an image unless it has only one pixel, or they read vectors as a fully
    /// connected network does.
    pub(super) fn begin(&mut self, name: &str, shape: Shape, modules: &[Module]) -> Computed {
        let is_image = !shape.is_vector();
        if !is_image || !modules.first().is_some_and(|first| first.input.is_vector()) {
            return Computed { name: name.to_owned(), is_image };
        }
        self.node("Flatten", "flat", vec![name.to_owned()], Vec::new());
        Computed { name: "flat".to_owned(), is_image: false }
    }

    /// The output of `modules` for `input`, in the form that its shape has.
    pub(super) fn modules(
        &mut self,
        modules: &[Module],
        weights: &Weights,
        input: Computed,
    ) -> Computed {
        modules.iter().fold(input, |value, module| self.module(module, weights, value))
    }

    fn module(&mut self, module: &Module, weights: &Weights, input: Computed) -> Computed {
        let after = self.operators(module, weights, input.clone());
        if module.body.is_empty() {
            return after;
        }
        // A residual block: its own operators are those of the shortcut.
        let body = self.modules(&module.body, weights, input);
        let shortcut = self.modules(&module.shortcut, weights, after);
        let name = format!("{}.add", module.path);
        self.node("Add", &name, vec![body.name, shortcut.name], Vec::new());
        Computed { name, ..body }
    }

    fn operators(&mut self, module: &Module, weights: &Weights, input: Computed) -> Computed {
        let mut value = input;
        let operators = module.operators();
        if operators.is_empty() {
            return value; // also a shortcut that is still to be projected
        }
        for (position, operator) in operators.iter().enumerate() {
            let name = match operators.len() {
                1 => module.path.clone(),
                _ => format!("{}.{position}", module.path),
            };
            if operator.is_of_images && !value.is_image {
                let shape = [0, module.input.channels as i64, 1, 1];
                value = self.reshaped(&value, &format!("{name}.image"), &shape, true);
            }
            value = self.operator(module, operator, &name, weights, &value);
        }
        // Images of one pixel are vectors between modules.
        if module.output.is_vector() && value.is_image {
            let shape = [0, module.output.channels as i64];
            return self.reshaped(&value, &format!("{}.vector", module.path), &shape, false);
        }
        value
    }

    fn operator(
        &mut self,
        module: &Module,
        operator: &Operator,
        name: &str,
        weights: &Weights,
        input: &Computed,
    ) -> Computed {
        let mut inputs = vec![input.name.clone()];
        for (position, operand) in operator.inputs.iter().enumerate() {
            let constant = format!("{name}.constant{position}");
            inputs.push(match operand {
                Operand::Tensor(tensor) => {
                    let path = format!("{}.{tensor}", module.path);
                    let Tensor { shape, values } = weights.tensor(&path);
                    self.floats(&path, &shape, &values)
                }
                Operand::Number(number) => self.floats(&constant, &[], &[*number]),
                Operand::Whole(numbers) => self.whole(&constant, numbers),
            });
        }
        self.node(operator.name, name, inputs, operator.attributes.iter().map(attribute).collect());
        let is_image = match operator.name {
            "Flatten" => false,
            _ => input.is_image,
        };
        Computed { name: name.to_owned(), is_image }
    }

    fn reshaped(
        &mut self,
        value: &Computed,
        name: &str,
        shape: &[i64],
        is_image: bool,
    ) -> Computed {
        let shape = self.whole(&format!("{name}.shape"), shape);
        self.node("Reshape", name, vec![value.name.clone(), shape], Vec::new());
        Computed { name: name.to_owned(), is_image }
    }

    /// Adds a node, whose output has its name.
    pub(super) fn node(
        &mut self,
        operator: &str,
        name: &str,
        input: Vec<String>,
        attribute: Vec<AttributeMessage>,
    ) {
        let (name, op_type) = (name.to_owned(), operator.to_owned());
        self.nodes.push(NodeMessage {
            input,
            output: vec![name.clone()],
            name,
            op_type,
            attribute,
        });
    }

    /// Adds a constant of 32-bit numbers; returns its name.
    pub(super) fn floats(&mut self, name: &str, shape: &[usize], values: &[f32]) -> String {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        self.constant(name, shape, ElementType::Float, bytes.collect())
    }

    /// Adds a constant of 64-bit numbers; returns its name.
    pub(super) fn doubles(&mut self, name: &str, shape: &[usize], values: &[f64]) -> String {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        self.constant(name, shape, ElementType::Double, bytes.collect())
    }

    fn whole(&mut self, name: &str, values: &[i64]) -> String {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        self.constant(name, &[values.len()], ElementType::Int64, bytes.collect())
    }

    fn constant(
        &mut self,
        name: &str,
        shape: &[usize],
        element: ElementType,
        raw_data: Vec<u8>,
    ) -> String {
        self.constants.push(TensorMessage {
            dims: shape.iter().map(|size| *size as i64).collect(),
            data_type: element as i32,
            name: name.to_owned(),
            raw_data,
        });
        name.to_owned()
    }

    /// Its nodes and constants.
    pub(super) fn into_message(self) -> GraphMessage {
        GraphMessage {
            node: self.nodes,
            name: "network".to_owned(),
            initializer: self.constants,
            ..GraphMessage::default()
        }
    }
}

/// An attribute's message.
pub(super) fn attribute((name, value): &(&'static str, Attribute)) -> AttributeMessage {
    let plain = AttributeMessage { name: (*name).to_owned(), ..AttributeMessage::default() };
    match value {
        Attribute::Real(number) => AttributeMessage { f: Some(*number), kind: 1, ..plain },
        Attribute::Whole(number) => AttributeMessage { i: Some(*number), kind: 2, ..plain },
        Attribute::Wholes(numbers) => AttributeMessage { ints: numbers.clone(), kind: 7, ..plain },
    }
}

//! Trained tensors: their elements in the kernels' layout, their gradients, and the optimizer's
//! state for them.

use crate::kernel::{self, Buffer, Effort, Matrix, Panels, Rows, Rule, Slices, product_at_update};
use crate::memory;

/// An optimizer's rule for one step: the network applies it to each parameter as soon as its
/// gradient is known. Every [`Rule`] is one.
pub trait Update: Sync {
    /// Changes the elements of `slices` by their gradients `grad`.
    fn update(&self, slices: Slices<'_>, grad: &[f32], learning: Learning);

    /// The same with the gradient `inputᵀ · grad_output`, see [`product_at_update`].
    fn update_by_product(
        &self,
        input: Rows<'_>,
        grad_output: Matrix<'_>,
        slices: Slices<'_>,
        learning: Learning,
        effort: Effort,
    );
}

impl<R: Rule> Update for R {
    fn update(&self, slices: Slices<'_>, grad: &[f32], learning: Learning) {
        kernel::update(self, slices, grad, learning.decays);
    }

    fn update_by_product(
        &self,
        input: Rows<'_>,
        grad_output: Matrix<'_>,
        slices: Slices<'_>,
        learning: Learning,
        effort: Effort,
    ) {
        product_at_update(input, grad_output, self, slices, learning.decays, effort);
    }
}

/// How a parameter learns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Learning {
    /// Whether weight decay applies.
    pub decays: bool,
    /// The number of its group of the optimizer; none: the rest.
    pub group: Option<usize>,
    /// Whether it is trained at this step.
    pub is_trained: bool,
    /// Whether it is the weight of a layer but the last.
    pub is_hidden: bool,
    /// How its elements lie, if it is a matrix.
    pub panels: Option<Panels>,
}

/// A trained tensor.
#[derive(Debug, Clone)]
pub struct Param {
    /// PyTorch's name within its module: `weight` or `bias`.
    pub name: &'static str,
    /// PyTorch's shape.
    pub shape: Vec<usize>,
    /// Whether it is the weight of a linear layer or a convolution.
    pub is_weight: bool,
    /// Whether it never changes.
    pub is_fixed: bool,
    /// How it learns.
    pub learning: Learning,
    panels: Option<Panels>, // layout of the transpose; none: last axis contiguous
    positions: usize,       // columns are [inputs, positions] for PyTorch, [positions, inputs] here
    value: Buffer,
    grad: Buffer,       // same layout; empty until a gradient is stored
    state: [Buffer; 2], // the optimizer's, same layout; empty if it keeps nothing
}

impl Param {
    /// A vector with every element `value`.
    pub fn vector(name: &'static str, len: usize, value: f32) -> Param {
        Param::new(name, vec![len], None, Buffer::filled(len, value))
    }

    /// A vector of these elements.
    pub fn of_vector(name: &'static str, elements: &[f32]) -> Param {
        let mut param = Param::vector(name, elements.len(), 0.0);
        param.set_value(elements);
        param
    }

    /// An image `[channels, height, width]`, channel-last in memory, with every element `value`.
    pub fn image(name: &'static str, shape: [usize; 3], value: f32) -> Param {
        let value = Buffer::filled(shape.iter().product(), value);
        let mut param = Param::new(name, shape.to_vec(), None, value);
        param.positions = shape[1] * shape[2];
        param
    }

    /// A matrix `[rows, cols]` in panels of its transpose: the weight of a layer.
    pub fn matrix(name: &'static str, rows: usize, cols: usize, elements: &[f32]) -> Param {
        Param::image_matrix(name, vec![rows, cols], 1, elements)
    }

    /// A matrix `[rows, inputs * positions]` whose inputs are images, channel-last in memory, or the
    /// kernels `[rows, inputs, height, width]` of a convolution: the weight of a layer, in panels of the
    /// transpose `[positions * inputs, rows]`.
    pub fn image_matrix(
        name: &'static str,
        shape: Vec<usize>,
        positions: usize,
        elements: &[f32],
    ) -> Param {
        let panels = Panels::new(shape[1..].iter().product(), shape[0]);
        let value = Buffer::zeros(panels.len());
        let mut param = Param::new(name, shape, Some(panels), value);
        param.positions = positions;
        param.is_weight = true;
        param.learning.decays = true;
        param.set_value(elements);
        param
    }

    fn new(name: &'static str, shape: Vec<usize>, panels: Option<Panels>, value: Buffer) -> Param {
        let (grad, state) = (Buffer::default(), [Buffer::default(), Buffer::default()]);
        let learning =
            Learning { decays: false, group: None, is_trained: true, is_hidden: false, panels };
        let (is_weight, is_fixed, positions) = (false, false, 1);
        Param { name, shape, is_weight, is_fixed, learning, panels, positions, value, grad, state }
    }

    /// The same, but it never changes, like a tensor without `requires_grad`.
    pub fn fixed(mut self) -> Param {
        self.is_fixed = true;
        self.learning.is_trained = false;
        self
    }

    /// Number of elements.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The elements as the kernels read them.
    pub fn elements(&self) -> &[f32] {
        &self.value
    }

    /// Makes room for `tensors` (at most 2) of an optimizer's state, initially zero.
    pub fn keep_state(&mut self, tensors: usize) {
        for state in &mut self.state[..tensors] {
            *state = Buffer::zeros(self.value.len());
        }
    }

    /// Elements and state, for an update.
    pub fn slices(&mut self) -> Slices<'_> {
        let Param { value, state, .. } = self;
        let [first, second] = state;
        Slices { value, state: [first, second] }
    }

    /// Room for the gradient, in the layout of the elements.
    pub fn grad_mut(&mut self) -> &mut [f32] {
        if self.grad.len() != self.value.len() {
            self.grad = Buffer::zeros(self.value.len());
        }
        &mut self.grad
    }

    /// Applies `update`, if there is one and the parameter is trained, with the stored gradient.
    pub fn learn(&mut self, update: Option<&dyn Update>) {
        if let Some(update) = update
            && self.learning.is_trained
        {
            let Param { value, state: [first, second], grad, learning, .. } = self;
            update.update(Slices { value, state: [first, second] }, grad, *learning);
        }
    }

    /// The elements and their stored gradient.
    pub fn value_and_grad_mut(&mut self) -> (&mut [f32], &mut [f32]) {
        (&mut self.value, &mut self.grad)
    }

    /// The elements as they lie in memory.
    pub fn buffer(&self) -> &Buffer {
        &self.value
    }

    /// Scales the incoming weights of each unit down to an L2 norm of at most `most`.
    pub fn limit_norms(&mut self, most: f32) {
        if let Some(panels) = self.panels {
            panels.limit_columns(&mut self.value, most);
        }
    }

    /// The elements in PyTorch's order.
    pub fn value(&self) -> Vec<f32> {
        self.in_order(&self.value)
    }

    /// The gradient of the mean loss in the kernels' layout; empty until one is stored.
    pub fn grad_elements(&self) -> &[f32] {
        &self.grad
    }

    /// The gradient of the mean loss in PyTorch's order, if it was stored.
    pub fn grad(&self) -> Vec<f32> {
        self.in_order(&self.grad)
    }

    /// Sets the elements, given in PyTorch's order.
    pub fn set_value(&mut self, elements: &[f32]) {
        self.place(elements, |param| &mut param.value);
    }

    /// A tensor of the optimizer's state in PyTorch's order.
    pub fn state(&self, tensor: usize) -> Vec<f32> {
        self.in_order(&self.state[tensor])
    }

    /// Sets a tensor of the optimizer's state, given in PyTorch's order.
    pub fn set_state(&mut self, tensor: usize, elements: &[f32]) {
        self.place(elements, |param| &mut param.state[tensor]);
    }

    fn in_order(&self, elements: &[f32]) -> Vec<f32> {
        if elements.is_empty() {
            return Vec::new();
        }
        let Some(panels) = self.panels else {
            let (elements, len) = (memory::copy_of(elements), self.len());
            return transposed(elements, len, self.positions, len / self.positions);
        };
        let mut ordered = memory::filled(self.len(), 0.0);
        panels.unpack_transposed(elements, &mut ordered);
        let inputs = panels.rows() / self.positions;
        transposed(ordered, panels.rows(), self.positions, inputs)
    }

    fn place(&mut self, ordered: &[f32], to: impl FnOnce(&mut Param) -> &mut Buffer) {
        let (panels, positions) = (self.panels, self.positions);
        let elements = to(self);
        let Some(panels) = panels else {
            let (ordered, len) = (memory::copy_of(ordered), ordered.len());
            let placed = transposed(ordered, len, len / positions, positions);
            return elements.copy_from_slice(&placed);
        };
        if positions == 1 {
            return panels.pack_transposed(ordered, elements); // it is in this order
        }
        let inputs = panels.rows() / positions;
        let ordered = transposed(memory::copy_of(ordered), panels.rows(), inputs, positions);
        panels.pack_transposed(&ordered, elements);
    }
}

/// Transposes the matrix `[rows, cols]` in each `row_len` elements to `[cols, rows]`.
pub fn transposed(matrix: Vec<f32>, row_len: usize, rows: usize, cols: usize) -> Vec<f32> {
    if rows == 1 || cols == 1 {
        return matrix;
    }
    let mut result = memory::filled(matrix.len(), 0.0);
    for (from, to) in matrix.chunks_exact(row_len).zip(result.chunks_exact_mut(row_len)) {
        for (row, values) in from.chunks_exact(cols).enumerate() {
            to[row..].iter_mut().step_by(rows).zip(values).for_each(|(y, x)| *y = *x);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_lie_channel_last_and_read_back_in_pytorchs_order() {
        let mut param = Param::image("weight", [2, 1, 3], 1.0);
        assert_eq!((param.value(), param.grad()), (vec![1.0; 6], Vec::new()));
        param.set_value(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(param.elements(), [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
        assert_eq!(param.value(), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    }

    #[test]
    fn kernels_lie_channel_last_and_read_back_in_pytorchs_order() {
        // Two kernels of three channels and 2 x 2 positions.
        let elements: Vec<f32> = (0..24).map(|i| i as f32).collect();
        let param = Param::image_matrix("weight", vec![2, 3, 2, 2], 4, &elements);
        assert_eq!(param.value(), elements);
        // Panels of the transpose [positions * channels, kernels], filled up to 4 columns.
        let first: Vec<f32> = param.elements().chunks(4).map(|row| row[0]).collect();
        assert_eq!(first, [0.0, 4.0, 8.0, 1.0, 5.0, 9.0, 2.0, 6.0, 10.0, 3.0, 7.0, 11.0]);
    }
}

//! What a layer is: a forward and a backward pass between buffers that the network owns.

/// Training or evaluation, which batch norm and dropout tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Batch statistics, units dropped.
    Train,
    /// Running statistics, nothing dropped.
    Evaluate,
}

/// What a layer must know of the batch at hand.
#[derive(Debug, Clone, Copy)]
pub struct Pass {
    /// Training or evaluation.
    pub mode: Mode,
    /// Examples in the batch.
    pub batch: usize,
    /// The optimizer update that this pass belongs to, from 0; counter of the random streams.
    pub step: u64,
}

/// A trained tensor and its gradient.
#[derive(Debug, Clone)]
pub struct Param {
    /// PyTorch's name within its module: `weight` or `bias`.
    pub name: &'static str,
    /// PyTorch's shape.
    pub shape: Vec<usize>,
    /// The elements, last axis contiguous.
    pub value: Vec<f32>,
    /// Gradient of the mean loss, same layout.
    pub grad: Vec<f32>,
    /// Whether weight decay applies: to the weights of linear layers only.
    pub decay: bool,
}

impl Param {
    /// A parameter of `shape` with every element `value`.
    pub fn new(name: &'static str, shape: &[usize], value: f32, decay: bool) -> Param {
        let len = shape.iter().product();
        let (value, grad) = (vec![value; len], vec![0.0; len]);
        Param { name, shape: shape.to_vec(), value, grad, decay }
    }
}

/// The elements of a tensor of a layer's state.
#[derive(Debug)]
pub enum TensorMut<'a> {
    /// Parameters and running statistics.
    F32(&'a mut [f32]),
    /// Counters.
    I64(&'a mut i64),
}

/// One module of a sequential network. All ports are `[batch, features]`, row after row.
pub trait Layer: Send {
    /// Features that come out per example.
    fn out_features(&self) -> usize;

    /// Computes `output` from `input`.
    fn forward(&mut self, input: &[f32], output: &mut [f32], pass: &Pass);

    /// Follows a training forward on the same `input`, which gave `output`: sets the gradients of
    /// the parameters, and `grad_input` unless nothing before this layer is trained.
    fn backward(
        &mut self,
        input: &[f32],
        output: &[f32],
        grad_output: &[f32],
        grad_input: Option<&mut [f32]>,
        pass: &Pass,
    );

    /// Calls `visit` on each parameter, in PyTorch's order.
    fn visit_params(&mut self, _visit: &mut dyn FnMut(&mut Param)) {}

    /// Calls `visit` with name, shape and elements of what is saved besides the parameters.
    fn visit_buffers(&mut self, _visit: &mut dyn FnMut(&'static str, &[usize], TensorMut<'_>)) {}
}

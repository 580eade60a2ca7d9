//! What a layer is: a forward and a backward pass between buffers that the network owns.

use crate::kernel::{Effort, KernelPath, Rows};
use crate::nn::layers::activation::Idle;
use crate::nn::{Param, Update};

/// Training, evaluation, or one of the passes like training. Batch norm and dropout work differently in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Batch statistics; units are dropped.
    Train,
    /// Running statistics; nothing is dropped.
    Evaluate,
    /// As in training, but without effects on later passes: the running statistics stay.
    Probe,
    /// As in training; the running statistics become the mean of those of the batches since step 0.
    Restate,
}

/// What a layer must know about the current batch.
#[derive(Debug, Clone, Copy)]
pub struct Pass {
    /// Training, evaluation or probe.
    pub mode: Mode,
    /// Examples in the batch.
    pub batch: usize,
    /// The optimizer update that this pass belongs to, counted from 0. It is also the counter of
    /// the random streams.
    pub step: u64,
    /// Threads that may work on it; they do not affect any result.
    pub threads: usize,
}

impl Pass {
    /// The threads and instructions for this pass's products.
    pub(in crate::nn) fn effort(&self) -> Effort {
        Effort { threads: self.threads, path: KernelPath::chosen() }
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

/// Ports of a backward pass.
#[derive(Debug)]
pub struct Backward<'a> {
    /// The input of the forward pass, `[batch, features in]`; empty if the layer does not read it.
    pub input: Rows<'a>,
    /// The output of the forward pass, `[batch, features out]`; empty if the layer does not read it.
    pub output: &'a [f32],
    /// The gradient of the mean loss with respect to the output, `[batch, features out]`.
    pub grad_output: &'a [f32],
    /// Receives the input gradient, `[batch, features in]`; none if nothing before this layer is
    /// trained.
    pub grad_input: Option<&'a mut [f32]>,
}

/// The output of an activation in the last forward pass.
#[derive(Debug, Clone, Copy)]
pub struct ActivationOutput<'a> {
    /// Which of the values pass almost no gradient back.
    pub idle: Idle,
    /// The values.
    pub values: &'a [f32], // [batch, units]
}

/// Is called with a path, a weight, and the output of the activation that follows.
pub(in crate::nn) type VisitWeights<'a> =
    dyn FnMut(&str, &Param, Option<ActivationOutput<'_>>) + 'a;

/// Is called with the name, shape and elements of a tensor.
pub(in crate::nn) type VisitState<'a> = dyn FnMut(&str, &[usize], TensorMut<'_>) + 'a;

/// One module of a sequential network. All ports are `[batch, features]`, row after row.
pub trait Layer: Send {
    /// Output features per example.
    fn out_features(&self) -> usize;

    /// When a unit learns nothing; none if the layer is not an activation.
    fn idle(&self) -> Option<Idle> {
        None
    }

    /// Computes `output`, `[batch, features out]`, from `input`, `[batch, features in]`.
    fn forward(&mut self, input: Rows<'_>, output: &mut [f32], pass: &Pass);

    /// Follows a training forward on the same input: computes `grad_input`, and the gradients of the
    /// parameters. `update` is applied to each parameter; without one, the gradients are stored.
    fn backward(&mut self, ports: Backward<'_>, update: Option<&dyn Update>, pass: &Pass);

    /// Whether it can work in place, by `forward_in_place` and `backward_in_place` instead of the
    /// two other passes.
    fn in_place(&self) -> bool {
        false
    }

    /// Whether `backward` reads the input.
    fn reads_input(&self) -> bool {
        true
    }

    /// Whether `backward` reads the output, so that no later layer may change it in place.
    fn reads_output(&self) -> bool {
        false
    }

    /// Whether it has `forward_changing_input`, which leaves in place of the input what the backward
    /// pass needs of it.
    fn may_change_input(&self) -> bool {
        false
    }

    /// Like `forward` in training, if nothing else reads the input afterwards.
    fn forward_changing_input(&mut self, _input: &mut [f32], _output: &mut [f32], _pass: &Pass) {
        unreachable!("only layers that may change their input are asked to")
    }

    /// Like `forward`, with the input in `data`, which receives the output.
    fn forward_in_place(&mut self, _data: &mut [f32], _pass: &Pass) {
        unreachable!("only layers that work in place are asked to")
    }

    /// Like `backward`. `output` is the result of `forward_in_place`, or empty if the layer does not
    /// read it; `grad` holds the output gradient and receives the input gradient.
    fn backward_in_place(&mut self, _output: &[f32], _grad: &mut [f32], _pass: &Pass) {
        unreachable!("only layers that work in place are asked to")
    }

    /// Elements of the buffers between inner layers, for batches of 1.
    #[cfg(test)]
    fn buffer_elements(&mut self) -> usize {
        0
    }

    /// Whether it is a linear layer or a convolution.
    fn has_weight(&self) -> bool {
        false
    }

    /// Whether each unit or channel stays the same, at the same places in memory.
    fn keeps_units(&self) -> bool {
        true
    }

    /// Calls `visit` with path, weight and the `activation` that follows, for each linear layer or
    /// convolution that it is or contains.
    fn visit_weights(
        &mut self,
        path: &str,
        _batch: usize,
        activation: Option<ActivationOutput<'_>>,
        visit: &mut VisitWeights<'_>,
    ) {
        self.visit_params(&mut |param| {
            if param.is_weight {
                visit(path, param, activation);
            }
        });
    }

    /// Calls `visit` with name, shape and elements of everything that is saved; names begin with
    /// `path`.
    fn visit_state(&mut self, path: &str, visit: &mut VisitState<'_>) {
        self.visit_params(&mut |param| {
            let mut value = param.value();
            visit(&format!("{path}{}", param.name), &param.shape, TensorMut::F32(&mut value));
            param.set_value(&value);
        });
        self.visit_buffers(&mut |name, shape, tensor| {
            visit(&format!("{path}{name}"), shape, tensor);
        });
    }

    /// Calls `visit` on each parameter, in PyTorch's order.
    fn visit_params(&mut self, _visit: &mut dyn FnMut(&mut Param)) {}

    /// Calls `visit` with each of its running statistics, and those of the layers within it.
    fn visit_statistics(&mut self, visit: &mut dyn FnMut(&mut [f32])) {
        self.visit_buffers(&mut |_, _, tensor| {
            if let TensorMut::F32(values) = tensor {
                visit(values);
            }
        });
    }

    /// Calls `visit` with name, shape and elements of what is saved besides the parameters.
    fn visit_buffers(&mut self, _visit: &mut dyn FnMut(&'static str, &[usize], TensorMut<'_>)) {}
}

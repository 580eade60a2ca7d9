//! What an optimizer is: an update rule per parameter and its state.

use crate::nn::Param;

/// Which update this is, and how far it goes.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Number of the update, from 1.
    pub number: u64,
    /// Step size.
    pub learning_rate: f64,
}

/// An update rule with one set of state tensors per parameter.
pub trait Optimizer: Send {
    /// Applies one update to the parameter at `position` in the network's order.
    fn update(&mut self, position: usize, param: &mut Param, step: Step);

    /// Calls `visit` with name, position of the parameter and elements of each state tensor.
    fn visit_state(&mut self, _visit: &mut dyn FnMut(&'static str, usize, &mut [f32])) {}
}

/// State tensors of one kind, one per parameter, zero at first.
pub(super) fn zeros(param_sizes: &[usize]) -> Vec<Vec<f32>> {
    param_sizes.iter().map(|&size| vec![0.0; size]).collect()
}

/// Calls `visit` on each tensor of one kind.
pub(super) fn visit_slots(
    name: &'static str,
    slots: &mut [Vec<f32>],
    visit: &mut dyn FnMut(&'static str, usize, &mut [f32]),
) {
    for (position, slot) in slots.iter_mut().enumerate() {
        visit(name, position, slot);
    }
}

/// The weight decay that applies to `param`.
pub(super) fn decay_of(param: &Param, weight_decay: f64) -> f32 {
    if param.decay { weight_decay as f32 } else { 0.0 }
}

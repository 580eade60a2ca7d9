//! What an optimizer is: an update rule and the names of its state for each parameter.

use std::fmt::Debug;

use crate::nn::Update;

/// A kind of optimizer, as in the file. No method has a default, so that the compiler asks a new
/// kind for each.
pub trait OptimizerKind: Debug {
    /// The base step size.
    fn learning_rate(&self) -> f64;

    /// The weight decay.
    fn weight_decay(&self) -> f64;

    /// Builds the update rule with another weight decay than its own.
    fn build(&self, weight_decay: f64) -> Box<dyn Optimizer>;

    /// Floating-point operations of its matrix products in a step, for hidden weights of so many units and inputs.
    fn flops(&self, hidden: &[[usize; 2]]) -> f64;

    /// The PyTorch expression that makes it for parameters `p`.
    fn python(&self) -> String;
}

/// The number and learning rate of an update.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// Number of the update, from 1.
    pub number: u64,
    /// Step size.
    pub learning_rate: f64,
}

/// An update rule. Its state is stored with the parameters, so that a kernel can update any part of
/// one.
pub trait Optimizer: Update + Send {
    /// Names of the tensors that it keeps for each parameter, at most 2; initially zero.
    fn state_names(&self) -> &'static [&'static str];

    /// Sets the rule's constants for the following updates.
    fn begin_step(&mut self, step: Step);
}

/// The weight decay, depending on whether it applies.
#[inline(always)]
pub(super) fn decay_if(decay: bool, weight_decay: f32) -> f32 {
    if decay { weight_decay } else { 0.0 }
}

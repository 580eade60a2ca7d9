//! Stochastic gradient descent, plain and with momentum (Sutskever et al., 2013).

use super::optimizer::{Optimizer, OptimizerKind, Step, decay_if};
use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number, wraps};
use crate::kernel::Rule;

config! {
    /// `kind = "sgd"`.
    pub struct SgdConfig {
        /// Step size, above 0.
        pub learning_rate: f64 = number(Range::POSITIVE).or(0.001),
        /// L2 penalty added to the gradient of the weights of linear layers and convolutions.
        pub weight_decay: f64 = number(Range::NOT_NEGATIVE).or(0.0),
    }
}

impl OptimizerKind for SgdConfig {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn build(&self) -> Box<dyn Optimizer> {
        Box::new(Sgd::new(self))
    }

    fn python(&self) -> String {
        let SgdConfig { learning_rate, weight_decay } = self;
        format!("torch.optim.SGD(p, lr={learning_rate:?}, weight_decay={weight_decay:?})")
    }
}

config! {
    /// `kind = "momentum"` and `kind = "nesterov"`.
    pub struct MomentumConfig {
        /// Step size, above 0.
        pub learning_rate: f64 = number(Range::POSITIVE).or(0.001),
        /// Share of the velocity kept from step to step, in [0, 1).
        pub momentum: f64 = number(Range::FRACTION).or(0.9),
        /// L2 penalty added to the gradient of the weights of linear layers and convolutions.
        pub weight_decay: f64 = number(Range::NOT_NEGATIVE).or(0.0),
    }
}

impl OptimizerKind for MomentumConfig {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn build(&self) -> Box<dyn Optimizer> {
        Box::new(Momentum::new(self, false))
    }

    fn python(&self) -> String {
        self.expression("")
    }
}

impl MomentumConfig {
    fn expression(&self, more: &str) -> String {
        let MomentumConfig { learning_rate, momentum, weight_decay } = self;
        format!(
            "torch.optim.SGD(p, lr={learning_rate:?}, momentum={momentum:?}, \
             weight_decay={weight_decay:?}{more})"
        )
    }
}

wraps! {
    /// `kind = "nesterov"`.
    pub struct NesterovConfig(MomentumConfig);
}

impl OptimizerKind for NesterovConfig {
    fn learning_rate(&self) -> f64 {
        self.0.learning_rate
    }

    fn build(&self) -> Box<dyn Optimizer> {
        Box::new(Momentum::new(&self.0, true))
    }

    fn python(&self) -> String {
        self.0.expression(", nesterov=True")
    }
}

/// `w -= learning_rate · (grad + weight_decay · w)`
#[derive(Debug)]
pub(super) struct Sgd {
    weight_decay: f32,
    learning_rate: f32,
}

impl Sgd {
    pub(super) fn new(config: &SgdConfig) -> Sgd {
        let SgdConfig { learning_rate, weight_decay } = *config;
        Sgd { weight_decay: weight_decay as f32, learning_rate: learning_rate as f32 }
    }
}

impl Optimizer for Sgd {
    fn state_names(&self) -> &'static [&'static str] {
        &[]
    }

    fn begin_step(&mut self, step: Step) {
        self.learning_rate = step.learning_rate as f32;
    }
}

impl Rule for Sgd {
    const STATE: usize = 0;

    #[inline(always)]
    fn update(&self, w: f32, grad: f32, state: [f32; 2], decay: bool) -> (f32, [f32; 2]) {
        let decay = decay_if(decay, self.weight_decay);
        let g = decay.mul_add(w, grad);
        ((-self.learning_rate).mul_add(g, w), state)
    }
}

/// `v = momentum · v + grad`, then `w -= learning_rate · v`, or for Nesterov
/// `w -= learning_rate · (grad + momentum · v)`. As PyTorch, and unlike Sutskever et al., the
/// learning rate is not part of the velocity.
#[derive(Debug)]
pub(super) struct Momentum {
    momentum: f32,
    nesterov: bool,
    weight_decay: f32,
    learning_rate: f32,
}

impl Momentum {
    pub(super) fn new(config: &MomentumConfig, nesterov: bool) -> Momentum {
        let MomentumConfig { learning_rate, momentum, weight_decay } = *config;
        Momentum {
            momentum: momentum as f32,
            nesterov,
            weight_decay: weight_decay as f32,
            learning_rate: learning_rate as f32,
        }
    }
}

impl Optimizer for Momentum {
    fn state_names(&self) -> &'static [&'static str] {
        &["velocity"]
    }

    fn begin_step(&mut self, step: Step) {
        self.learning_rate = step.learning_rate as f32;
    }
}

impl Rule for Momentum {
    const STATE: usize = 1;

    #[inline(always)]
    fn update(&self, w: f32, grad: f32, state: [f32; 2], decay: bool) -> (f32, [f32; 2]) {
        let decay = decay_if(decay, self.weight_decay);
        let mu = self.momentum;
        let g = decay.mul_add(w, grad);
        let v = mu.mul_add(state[0], g);
        let step = if self.nesterov { mu.mul_add(v, g) } else { v };
        ((-self.learning_rate).mul_add(step, w), [v, state[1]])
    }
}

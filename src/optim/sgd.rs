//! Stochastic gradient descent, plain and with momentum (Sutskever et al., 2013).

use super::optimizer::{Optimizer, OptimizerKind, Step, decay_if};
use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, flag, number, wraps};
use crate::kernel::Rule;

config! {
    /// `kind = "sgd"`.
    pub struct SgdConfig {
        /// Step size, above 0.
        pub learning_rate: f64 = number(Range::POSITIVE).or(0.001),
        /// L2 penalty added to the gradient of the weights of linear layers and convolutions.
        pub weight_decay: f64 = number(Range::NOT_NEGATIVE).or(0.0),
        /// Whether weight decay instead removes this fraction of each weight per step, times the learning
        /// rate (SGDW; Loshchilov & Hutter, 2019, <https://arxiv.org/abs/1711.05101>).
        pub decoupled_weight_decay: bool = flag().or(false).left_out(),
    }
}

impl OptimizerKind for SgdConfig {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> f64 {
        self.weight_decay
    }

    fn build(&self, weight_decay: f64) -> Box<dyn Optimizer> {
        Box::new(Sgd::new(&SgdConfig { weight_decay, ..self.clone() }))
    }

    fn flops(&self, _: &[[usize; 2]]) -> f64 {
        0.0
    }

    fn python(&self) -> String {
        let SgdConfig { learning_rate, weight_decay, .. } = self;
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
        /// Whether weight decay instead removes this fraction of each weight per step, times the learning
        /// rate (SGDW; Loshchilov & Hutter, 2019, <https://arxiv.org/abs/1711.05101>).
        pub decoupled_weight_decay: bool = flag().or(false).left_out(),
    }
}

impl OptimizerKind for MomentumConfig {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> f64 {
        self.weight_decay
    }

    fn build(&self, weight_decay: f64) -> Box<dyn Optimizer> {
        Box::new(Momentum::new(&MomentumConfig { weight_decay, ..self.clone() }, false))
    }

    fn flops(&self, _: &[[usize; 2]]) -> f64 {
        0.0
    }

    fn python(&self) -> String {
        self.expression("")
    }
}

impl MomentumConfig {
    fn expression(&self, more: &str) -> String {
        let MomentumConfig { learning_rate, momentum, weight_decay, .. } = self;
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

    fn weight_decay(&self) -> f64 {
        self.0.weight_decay
    }

    fn build(&self, weight_decay: f64) -> Box<dyn Optimizer> {
        Box::new(Momentum::new(&MomentumConfig { weight_decay, ..self.0.clone() }, true))
    }

    fn flops(&self, _: &[[usize; 2]]) -> f64 {
        0.0
    }

    fn python(&self) -> String {
        self.0.expression(", nesterov=True")
    }
}

/// `w -= learning_rate · (grad + weight_decay · w)`
#[derive(Debug)]
pub(super) struct Sgd {
    weight_decay: f32,
    is_decoupled: bool,
    learning_rate: f32,
}

impl Sgd {
    pub(super) fn new(config: &SgdConfig) -> Sgd {
        let SgdConfig { learning_rate, weight_decay, decoupled_weight_decay } = *config;
        Sgd {
            weight_decay: weight_decay as f32,
            is_decoupled: decoupled_weight_decay,
            learning_rate: learning_rate as f32,
        }
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
        let (l2, kept) = decayed(self.is_decoupled, self.learning_rate, decay, w);
        let g = l2.mul_add(w, grad);
        ((-self.learning_rate).mul_add(g, kept), state)
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
    is_decoupled: bool,
    learning_rate: f32,
}

impl Momentum {
    pub(super) fn new(config: &MomentumConfig, nesterov: bool) -> Momentum {
        let MomentumConfig { learning_rate, momentum, weight_decay, decoupled_weight_decay } =
            *config;
        Momentum {
            momentum: momentum as f32,
            nesterov,
            weight_decay: weight_decay as f32,
            is_decoupled: decoupled_weight_decay,
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
        let (l2, kept) = decayed(self.is_decoupled, self.learning_rate, decay, w);
        let g = l2.mul_add(w, grad);
        let v = mu.mul_add(state[0], g);
        let step = if self.nesterov { mu.mul_add(v, g) } else { v };
        ((-self.learning_rate).mul_add(step, kept), [v, state[1]])
    }
}

/// What weight decay adds to the gradient for each unit of the element `w`, and what it leaves of `w`
/// before the step.
#[inline(always)]
fn decayed(is_decoupled: bool, learning_rate: f32, decay: f32, w: f32) -> (f32, f32) {
    match is_decoupled {
        true => (0.0, w - learning_rate * decay * w),
        false => (decay, w),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::update;
    use crate::nn::Param;
    use crate::nn::testing::{assert_close, fixtures, floats};

    #[test]
    fn decoupled_decay_is_taken_off_beside_the_step() {
        let sgd = SgdConfig { decoupled_weight_decay: true, ..SgdConfig::default() };
        let sgd = SgdConfig { learning_rate: 0.125, weight_decay: 0.25, ..sgd };
        let momentum = MomentumConfig { decoupled_weight_decay: true, ..MomentumConfig::default() };
        let momentum =
            MomentumConfig { learning_rate: 0.125, momentum: 0.75, weight_decay: 0.25, ..momentum };
        assert_steps("sgd", &Sgd::new(&sgd));
        assert_steps("momentum", &Momentum::new(&momentum, false));
        assert_steps("nesterov", &Momentum::new(&momentum, true));
    }

    #[track_caller]
    fn assert_steps(name: &str, rule: &impl Rule) {
        let case = &fixtures()["decoupled"][name];
        let weights = case["weight"].as_array().unwrap();
        let mut param = Param::vector("weight", 6, 0.0);
        param.keep_state(1);
        param.set_value(&floats(&weights[0]));
        for (grad, expected) in case["grad"].as_array().unwrap().iter().zip(&weights[1..]) {
            update(rule, param.slices(), &floats(grad), true);
            assert_close(&param.value(), &floats(expected), name);
        }
    }
}

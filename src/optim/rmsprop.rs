//! RMSProp (Tieleman & Hinton, 2012, Coursera lecture 6.5).

use super::optimizer::{Optimizer, OptimizerKind, Step, decay_if};
use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number};
use crate::kernel::Rule;

config! {
    /// `kind = "rmsprop"`.
    pub struct RmspropConfig {
        /// Step size, above 0.
        pub learning_rate: f64 = number(Range::POSITIVE).or(0.01),
        /// Decay of the running mean of squared gradients, in [0, 1).
        pub alpha: f64 = number(Range::FRACTION).or(0.99),
        /// Added to the root of the running mean.
        pub eps: f64 = number(Range::NOT_NEGATIVE).or(1e-8),
        /// L2 penalty added to the gradient of the weights of linear layers and convolutions.
        pub weight_decay: f64 = number(Range::NOT_NEGATIVE).or(0.0),
    }
}

impl OptimizerKind for RmspropConfig {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> f64 {
        self.weight_decay
    }

    fn build(&self, weight_decay: f64) -> Box<dyn Optimizer> {
        Box::new(Rmsprop::new(&RmspropConfig { weight_decay, ..self.clone() }))
    }

    fn flops(&self, _: &[[usize; 2]]) -> f64 {
        0.0
    }

    fn python(&self) -> String {
        let RmspropConfig { learning_rate, alpha, eps, weight_decay } = self;
        format!(
            "torch.optim.RMSprop(p, lr={learning_rate:?}, alpha={alpha:?}, eps={eps:?}, \
             weight_decay={weight_decay:?})"
        )
    }
}

/// `v = alpha · v + (1 - alpha) · grad²`, `w -= learning_rate · grad / (sqrt(v) + eps)`
#[derive(Debug)]
pub(super) struct Rmsprop {
    alpha: f32,
    rest: f32, // 1 - alpha
    eps: f32,
    weight_decay: f32,
    learning_rate: f32,
}

impl Rmsprop {
    pub(super) fn new(config: &RmspropConfig) -> Rmsprop {
        let RmspropConfig { learning_rate, alpha, eps, weight_decay } = *config;
        Rmsprop {
            alpha: alpha as f32,
            rest: (1.0 - alpha) as f32,
            eps: eps as f32,
            weight_decay: weight_decay as f32,
            learning_rate: learning_rate as f32,
        }
    }
}

impl Optimizer for Rmsprop {
    fn state_names(&self) -> &'static [&'static str] {
        &["square_avg"]
    }

    fn begin_step(&mut self, step: Step) {
        self.learning_rate = step.learning_rate as f32;
    }
}

impl Rule for Rmsprop {
    const STATE: usize = 1;

    #[inline(always)]
    fn update(&self, w: f32, grad: f32, state: [f32; 2], decay: bool) -> (f32, [f32; 2]) {
        let decay = decay_if(decay, self.weight_decay);
        let g = decay.mul_add(w, grad);
        let v = self.alpha.mul_add(state[0], self.rest * g * g);
        let denominator = v.sqrt() + self.eps;
        (w - self.learning_rate * g / denominator, [v, state[1]])
    }
}

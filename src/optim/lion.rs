//! Lion (Chen et al., 2023, <https://arxiv.org/abs/2302.06675>): steps of equal size in the
//! direction of averaged gradients.

use super::optimizer::{Optimizer, OptimizerKind, Step, decay_if};
use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number};
use crate::kernel::Rule;

config! {
    /// `kind = "lion"`.
    pub struct LionConfig {
        /// Step size, above 0.
        pub learning_rate: f64 = number(Range::POSITIVE).or(0.0001),
        /// Weight of the gradient average in a step's direction, in [0, 1).
        pub beta1: f64 = number(Range::FRACTION).or(0.9),
        /// Decay of that average, in [0, 1).
        pub beta2: f64 = number(Range::FRACTION).or(0.99),
        /// Fraction of each weight of linear layers and convolutions removed per step, times the learning rate.
        pub weight_decay: f64 = number(Range::NOT_NEGATIVE).or(0.0),
    }
}

impl OptimizerKind for LionConfig {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> f64 {
        self.weight_decay
    }

    fn build(&self, weight_decay: f64) -> Box<dyn Optimizer> {
        Box::new(Lion::new(&LionConfig { weight_decay, ..self.clone() }))
    }

    fn flops(&self, _: &[[usize; 2]]) -> f64 {
        0.0
    }

    fn python(&self) -> String {
        let LionConfig { learning_rate, beta1, beta2, weight_decay } = self;
        format!(
            "__import__(\"lion_pytorch\").Lion(p, lr={learning_rate:?}, betas=({beta1:?}, {beta2:?}), \
             weight_decay={weight_decay:?})"
        )
    }
}

/// `w -= learning_rate · (sign(beta1 · m + (1 - beta1) · grad) + weight_decay · w)`, then
/// `m = beta2 · m + (1 - beta2) · grad`.
#[derive(Debug)]
struct Lion {
    beta1: f32,
    rest1: f32, // 1 - beta1
    beta2: f32,
    rest2: f32, // 1 - beta2
    weight_decay: f32,
    learning_rate: f32,
}

impl Lion {
    fn new(config: &LionConfig) -> Lion {
        let LionConfig { learning_rate, beta1, beta2, weight_decay } = *config;
        Lion {
            beta1: beta1 as f32,
            rest1: (1.0 - beta1) as f32,
            beta2: beta2 as f32,
            rest2: (1.0 - beta2) as f32,
            weight_decay: weight_decay as f32,
            learning_rate: learning_rate as f32,
        }
    }
}

impl Optimizer for Lion {
    fn state_names(&self) -> &'static [&'static str] {
        &["first_moment"]
    }

    fn begin_step(&mut self, step: Step) {
        self.learning_rate = step.learning_rate as f32;
    }
}

impl Rule for Lion {
    const STATE: usize = 1;

    #[inline(always)]
    fn update(&self, w: f32, grad: f32, state: [f32; 2], decay: bool) -> (f32, [f32; 2]) {
        let keep = 1.0 - self.learning_rate * decay_if(decay, self.weight_decay);
        let direction = sign(self.beta1.mul_add(state[0], self.rest1 * grad));
        let m = self.beta2.mul_add(state[0], self.rest2 * grad);
        (keep.mul_add(w, -self.learning_rate * direction), [m, state[1]])
    }
}

/// 1, -1, or zero unchanged; NaN stays, so that divergence is noticed.
#[inline(always)]
fn sign(x: f32) -> f32 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        x
    }
}

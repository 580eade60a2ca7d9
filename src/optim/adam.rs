//! Adam (Kingma & Ba, 2015, <https://arxiv.org/abs/1412.6980>) and AdamW
//! (Loshchilov & Hutter, 2019, <https://arxiv.org/abs/1711.05101>).

use super::optimizer::{Optimizer, OptimizerKind, Step, decay_if};
use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number, wraps};
use crate::kernel::Rule;

config! {
    /// `kind = "adam"` and `kind = "adamw"`.
    pub struct AdamConfig {
        /// Step size, above 0.
        pub learning_rate: f64 = number(Range::POSITIVE).or(0.001),
        /// Decay of the running mean of gradients, in [0, 1).
        pub beta1: f64 = number(Range::FRACTION).or(0.9),
        /// Decay of the running mean of squared gradients, in [0, 1).
        pub beta2: f64 = number(Range::FRACTION).or(0.999),
        /// Added to the root of the second moment.
        pub eps: f64 = number(Range::NOT_NEGATIVE).or(1e-8),
        /// For the weights of linear layers and convolutions. adam: L2 penalty added to the
        /// gradient; adamw: fraction of each weight removed per step, times the learning rate.
        pub weight_decay: f64 = number(Range::NOT_NEGATIVE).or(0.0),
    }
}

impl OptimizerKind for AdamConfig {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> f64 {
        self.weight_decay
    }

    fn build(&self, weight_decay: f64) -> Box<dyn Optimizer> {
        Box::new(Adam::new(&AdamConfig { weight_decay, ..self.clone() }, false))
    }

    fn flops(&self, _: &[[usize; 2]]) -> f64 {
        0.0
    }

    fn python(&self) -> String {
        self.expression("Adam")
    }
}

impl AdamConfig {
    fn expression(&self, class: &str) -> String {
        let AdamConfig { learning_rate, beta1, beta2, eps, weight_decay } = self;
        format!(
            "torch.optim.{class}(p, lr={learning_rate:?}, betas=({beta1:?}, {beta2:?}), eps={eps:?}, \
             weight_decay={weight_decay:?})"
        )
    }
}

wraps! {
    /// `kind = "adamw"`.
    pub struct AdamwConfig(AdamConfig);
}

impl OptimizerKind for AdamwConfig {
    fn learning_rate(&self) -> f64 {
        self.0.learning_rate
    }

    fn weight_decay(&self) -> f64 {
        self.0.weight_decay
    }

    fn build(&self, weight_decay: f64) -> Box<dyn Optimizer> {
        Box::new(Adam::new(&AdamConfig { weight_decay, ..self.0.clone() }, true))
    }

    fn flops(&self, _: &[[usize; 2]]) -> f64 {
        0.0
    }

    fn python(&self) -> String {
        self.0.expression("AdamW")
    }
}

/// `m = beta1 · m + (1 - beta1) · grad`, `v = beta2 · v + (1 - beta2) · grad²`, then with the bias
/// corrections of step t `w -= learning_rate · m̂ / (sqrt(v̂) + eps)`.
#[derive(Debug)]
pub(super) struct Adam {
    betas: [f64; 2],
    beta1: f32,
    rest1: f32, // 1 - beta1
    beta2: f32,
    rest2: f32, // 1 - beta2
    eps: f32,
    weight_decay: f32,
    decoupled: bool,
    learning_rate: f32,
    step_size: f32,       // learning_rate / (1 - beta1^t)
    root_correction: f32, // 1 / sqrt(1 - beta2^t)
}

impl Adam {
    pub(super) fn new(config: &AdamConfig, decoupled: bool) -> Adam {
        let AdamConfig { learning_rate, beta1, beta2, eps, weight_decay } = *config;
        let mut adam = Adam {
            betas: [beta1, beta2],
            beta1: beta1 as f32,
            rest1: (1.0 - beta1) as f32,
            beta2: beta2 as f32,
            rest2: (1.0 - beta2) as f32,
            eps: eps as f32,
            weight_decay: weight_decay as f32,
            decoupled,
            learning_rate: 0.0,
            step_size: 0.0,
            root_correction: 0.0,
        };
        adam.begin_step(Step { number: 1, learning_rate });
        adam
    }
}

impl Optimizer for Adam {
    fn state_names(&self) -> &'static [&'static str] {
        &["first_moment", "second_moment"]
    }

    fn begin_step(&mut self, Step { number, learning_rate }: Step) {
        let t = number as f64;
        let correction = |beta: f64| 1.0 - libm::pow(beta, t);
        self.learning_rate = learning_rate as f32;
        self.step_size = (learning_rate / correction(self.betas[0])) as f32;
        self.root_correction = (1.0 / correction(self.betas[1]).sqrt()) as f32;
    }
}

impl Rule for Adam {
    const STATE: usize = 2;

    #[inline(always)]
    fn update(&self, w: f32, grad: f32, state: [f32; 2], decay: bool) -> (f32, [f32; 2]) {
        let decay = decay_if(decay, self.weight_decay);
        let (l2, keep) = match self.decoupled {
            true => (0.0, 1.0 - self.learning_rate * decay),
            false => (decay, 1.0),
        };
        let g = l2.mul_add(w, grad);
        let m = self.beta1.mul_add(state[0], self.rest1 * g);
        let v = self.beta2.mul_add(state[1], self.rest2 * g * g);
        let denominator = v.sqrt().mul_add(self.root_correction, self.eps);
        let step = self.step_size * m / denominator;
        (keep.mul_add(w, -step), [m, v])
    }
}

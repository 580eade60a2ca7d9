//! AdaGrad (Duchi et al., 2011, <https://jmlr.org/papers/v12/duchi11a.html>).

use super::optimizer::{Optimizer, OptimizerKind, Step, decay_if};
use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, number};
use crate::kernel::Rule;

config! {
    /// `kind = "adagrad"`.
    pub struct AdagradConfig {
        /// Step size, above 0.
        pub learning_rate: f64 = number(Range::POSITIVE).or(0.01),
        /// Added to the root of the summed squares.
        pub eps: f64 = number(Range::NOT_NEGATIVE).or(1e-10),
        /// L2 penalty added to the gradient of the weights of linear layers and convolutions.
        pub weight_decay: f64 = number(Range::NOT_NEGATIVE).or(0.0),
    }
}

impl OptimizerKind for AdagradConfig {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> f64 {
        self.weight_decay
    }

    fn build(&self, weight_decay: f64) -> Box<dyn Optimizer> {
        Box::new(Adagrad::new(&AdagradConfig { weight_decay, ..self.clone() }))
    }

    fn flops(&self, _: &[[usize; 2]]) -> f64 {
        0.0
    }

    fn python(&self) -> String {
        let AdagradConfig { learning_rate, eps, weight_decay } = self;
        format!(
            "torch.optim.Adagrad(p, lr={learning_rate:?}, eps={eps:?}, weight_decay={weight_decay:?})"
        )
    }
}

/// `h += grad²`, `w -= learning_rate · grad / (sqrt(h) + eps)`
#[derive(Debug)]
pub(super) struct Adagrad {
    eps: f32,
    weight_decay: f32,
    learning_rate: f32,
}

impl Adagrad {
    pub(super) fn new(config: &AdagradConfig) -> Adagrad {
        let AdagradConfig { learning_rate, eps, weight_decay } = *config;
        Adagrad {
            eps: eps as f32,
            weight_decay: weight_decay as f32,
            learning_rate: learning_rate as f32,
        }
    }
}

impl Optimizer for Adagrad {
    fn state_names(&self) -> &'static [&'static str] {
        &["sum"]
    }

    fn begin_step(&mut self, step: Step) {
        self.learning_rate = step.learning_rate as f32;
    }
}

impl Rule for Adagrad {
    const STATE: usize = 1;

    #[inline(always)]
    fn update(&self, w: f32, grad: f32, state: [f32; 2], decay: bool) -> (f32, [f32; 2]) {
        let decay = decay_if(decay, self.weight_decay);
        let g = decay.mul_add(w, grad);
        let h = g.mul_add(g, state[0]);
        let denominator = h.sqrt() + self.eps;
        (w - self.learning_rate * g / denominator, [h, state[1]])
    }
}

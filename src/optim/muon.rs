//! Muon (Jordan et al., 2024, <https://kellerjordan.github.io/posts/muon/>): each step of a hidden weight is
//! its gradient's momentum with all singular values brought near 1 by Newton-Schulz iterations.

use super::optimizer::{Optimizer, OptimizerKind, Step};
use super::sgd::{Momentum, MomentumConfig};
use crate::config::Range;
use crate::config::keys::{WhenAbsent, config, flag, number, whole};
use crate::kernel::{
    self, Effort, Matrix, Panels, Rows, Slices, product, product_at, product_bt, vectorise,
};
use crate::memory;
use crate::nn::{Learning, Update, sum_of_squares, transposed};

/// The quintic of the iteration: `a x + b x³ + c x⁵`.
const QUINTIC: [f32; 3] = [3.4445, -4.7750, 2.0315];
/// Keeps the quotient finite for gradients of zero: the authors' constant.
const EPS: f64 = 1e-7;

config! {
    /// `kind = "muon"`: for the weights of convolutions and linear layers except the last; everything else takes
    /// steps of `nesterov`.
    pub struct MuonConfig {
        /// Step size, above 0.
        pub learning_rate: f64 = number(Range::POSITIVE).or(0.02),
        /// Share of the velocity kept from step to step, in [0, 1); with Nesterov's look ahead.
        pub momentum: f64 = number(Range::FRACTION).or(0.95),
        /// Newton-Schulz iterations of a step.
        pub newton_schulz_steps: usize = whole(1).to(20).or(5),
        /// Whether each of these weights is first brought to the norm sqrt(units), as in the recipe of 94 %;
        /// otherwise a step is times sqrt(units / inputs) where that is above 1.
        pub normalize_weights: bool = flag().or(false),
        /// Fraction of each of these weights removed per step, times the learning rate; for all else that
        /// decays, L2 penalty added to the gradient.
        pub weight_decay: f64 = number(Range::NOT_NEGATIVE).or(0.0),
        /// Step size of everything else, above 0.
        pub others_learning_rate: f64 = number(Range::POSITIVE).or(0.001),
        /// `momentum` of everything else.
        pub others_momentum: f64 = number(Range::FRACTION).or(0.9),
    }
}

impl OptimizerKind for MuonConfig {
    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn weight_decay(&self) -> f64 {
        self.weight_decay
    }

    fn build(&self, weight_decay: f64) -> Box<dyn Optimizer> {
        let others = MomentumConfig {
            learning_rate: self.others_learning_rate,
            momentum: self.others_momentum,
            weight_decay,
            decoupled_weight_decay: false,
        };
        Box::new(Muon {
            learning_rate: self.learning_rate as f32,
            momentum: self.momentum as f32,
            iterations: self.newton_schulz_steps,
            normalizes: self.normalize_weights,
            weight_decay: weight_decay as f32,
            others: Momentum::new(&others, true),
            others_share: self.others_learning_rate / self.learning_rate,
        })
    }

    fn flops(&self, hidden: &[[usize; 2]]) -> f64 {
        let of_iteration = |[units, inputs]: &[usize; 2]| {
            let (less, more) = (*units.min(inputs) as f64, *units.max(inputs) as f64);
            2.0 * less * less * (2.0 * more + less) // of the Gram matrix, its square, and the two by the matrix
        };
        self.newton_schulz_steps as f64 * hidden.iter().map(of_iteration).sum::<f64>()
    }

    fn python(&self) -> String {
        let MuonConfig { others_learning_rate, others_momentum, weight_decay, .. } = self;
        format!(
            "torch.optim.SGD(p, lr={others_learning_rate:?}, momentum={others_momentum:?}, \
             weight_decay={weight_decay:?}, nesterov=True)"
        )
    }
}

/// The rule of hidden weights, and that of everything else.
#[derive(Debug)]
struct Muon {
    learning_rate: f32,
    momentum: f32,
    iterations: usize,
    normalizes: bool,
    weight_decay: f32,
    others: Momentum,
    others_share: f64, // their learning rate over this one
}

impl Optimizer for Muon {
    fn state_names(&self) -> &'static [&'static str] {
        &["velocity"]
    }

    fn begin_step(&mut self, step: Step) {
        self.learning_rate = step.learning_rate as f32;
        let learning_rate = step.learning_rate * self.others_share;
        self.others.begin_step(Step { learning_rate, ..step });
    }
}

impl Update for Muon {
    fn update(&self, slices: Slices<'_>, grad: &[f32], learning: Learning) {
        match learning.panels.filter(|_| learning.is_hidden) {
            Some(panels) => self.update_matrix(slices, grad, panels, learning.decays),
            None => kernel::update(&self.others, slices, grad, learning.decays),
        }
    }

    fn update_by_product(
        &self,
        input: Rows<'_>,
        grad_output: Matrix<'_>,
        slices: Slices<'_>,
        learning: Learning,
        effort: Effort,
    ) {
        if !learning.is_hidden {
            let others = &self.others;
            return Update::update_by_product(others, input, grad_output, slices, learning, effort);
        }
        let mut grad = memory::filled(slices.value.len(), 0.0);
        product_at(input, grad_output, &mut grad, effort);
        self.update(slices, &grad, learning);
    }
}

impl Muon {
    /// One step of a weight in panels of `[inputs, units]`.
    fn update_matrix(&self, slices: Slices<'_>, grad: &[f32], panels: Panels, decays: bool) {
        let Slices { value, state: [velocity, _] } = slices;
        let mut direction = memory::filled(grad.len(), 0.0);
        let mu = self.momentum;
        vectorise(
            #[inline(always)]
            || {
                for ((out, v), g) in direction.iter_mut().zip(velocity).zip(grad) {
                    *v = mu.mul_add(*v, *g);
                    *out = mu.mul_add(*v, *g);
                }
            },
        );
        let (units, inputs) = (panels.cols(), panels.rows());
        let mut matrix = memory::filled(units * inputs, 0.0);
        panels.unpack_transposed(&direction, &mut matrix);
        let matrix = orthogonalized(matrix, units, inputs, self.iterations);
        panels.pack_transposed(&matrix, &mut direction);
        let keep = if decays { 1.0 - self.learning_rate * self.weight_decay } else { 1.0 };
        let (keep, factor) = match self.normalizes {
            true => (((units as f64).sqrt() / sum_of_squares(value).sqrt()) as f32 * keep, 1.0),
            false => (keep, (units as f64 / inputs as f64).max(1.0).sqrt() as f32),
        };
        let step = -self.learning_rate * factor;
        vectorise(
            #[inline(always)]
            || {
                for (w, d) in value.iter_mut().zip(&direction) {
                    *w = step.mul_add(*d, keep * *w);
                }
            },
        );
    }
}

/// The matrix `[units, inputs]` with singular values near 1.
fn orthogonalized(matrix: Vec<f32>, units: usize, inputs: usize, iterations: usize) -> Vec<f32> {
    if units > inputs {
        let len = matrix.len();
        let turned = transposed(matrix, len, units, inputs);
        let turned = orthogonalized(turned, inputs, units, iterations);
        return transposed(turned, len, inputs, units);
    }
    let effort = Effort { threads: 1, path: kernel::KernelPath::chosen() };
    let mut x = matrix;
    let norm = sum_of_squares(&x).sqrt() + EPS;
    x.iter_mut().for_each(|value| *value = (f64::from(*value) / norm) as f32);
    let [a, b, c] = QUINTIC;
    let (wide, square) = (Panels::new(units, inputs), Panels::new(units, units));
    let mut packed = memory::filled(wide.len(), 0.0);
    let mut packed_gram = memory::filled(square.len(), 0.0);
    let mut gram = memory::filled(units * units, 0.0);
    let mut gram_squared = memory::filled(units * units, 0.0);
    let mut moved = memory::filled(units * inputs, 0.0);
    for _ in 0..iterations {
        wide.pack(&x, &mut packed);
        product_bt(Rows::new(&x, units, inputs), wide.of(&packed), &mut gram, effort);
        square.pack(&gram, &mut packed_gram);
        let rows = Rows::new(&gram, units, units);
        product(rows, square.of(&packed_gram), &mut gram_squared, effort);
        for (once, twice) in gram.iter_mut().zip(&gram_squared) {
            *once = c.mul_add(*twice, b * *once);
        }
        product(Rows::new(&gram, units, units), wide.of(&packed), &mut moved, effort);
        for (value, by) in x.iter_mut().zip(&moved) {
            *value = a.mul_add(*value, *by);
        }
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Param;
    use crate::nn::testing::{assert_close, fixtures, floats};

    #[test]
    fn hidden_weights_equal_the_authors_code() {
        let cases = fixtures()["muon"].clone();
        for case in cases.as_array().unwrap() {
            let shape: Vec<usize> =
                floats(&case["shape"]).into_iter().map(|side| side as usize).collect();
            let config = MuonConfig {
                learning_rate: 0.125,
                momentum: 0.75,
                newton_schulz_steps: 3,
                normalize_weights: case["normalized"].as_bool().unwrap(),
                weight_decay: 0.25,
                ..MuonConfig::default()
            };
            let mut optimizer = config.build(if config.normalize_weights { 0.0 } else { 0.25 });
            let weights = case["weight"].as_array().unwrap();
            let mut param = Param::matrix("weight", shape[0], shape[1], &floats(&weights[0]));
            param.learning.is_hidden = true;
            param.keep_state(1);
            for (step, (grad, expected)) in
                case["grad"].as_array().unwrap().iter().zip(&weights[1..]).enumerate()
            {
                let placed =
                    Param::matrix("grad", shape[0], shape[1], &floats(grad)).elements().to_vec();
                optimizer.begin_step(Step { number: step as u64 + 1, learning_rate: 0.125 });
                let learning = param.learning;
                optimizer.update(param.slices(), &placed, learning);
                let what = format!("{shape:?}, normalized: {}", case["normalized"]);
                assert_close(&param.value(), &floats(expected), &what);
            }
        }
    }

    #[test]
    fn singular_values_come_near_1() {
        let matrix: Vec<f32> = (0..40).map(|i| ((i * i * 7 + i) % 23) as f32 - 11.0).collect();
        for (units, inputs) in [(5, 8), (8, 5)] {
            let found = orthogonalized(matrix.clone(), units, inputs, 10);
            let row = |i: usize| found[i * inputs..][..inputs].iter();
            for i in (0..units).filter(|_| units <= inputs) {
                let length: f32 = row(i).map(|x| x * x).sum();
                assert!((0.4..1.6).contains(&length), "{length}");
            }
            let whole: f32 = found.iter().map(|x| x * x).sum();
            assert!((2.0..8.0).contains(&whole), "{whole}");
        }
    }
}

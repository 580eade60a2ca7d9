//! Optimizers: one file each, with the config that the `[optimizer]` table says; and what else decides
//! the size of a step: schedules and clipping.

use crate::config::keys::kinds;

mod adagrad;
mod adam;
mod clipping;
mod optimizer;
mod rmsprop;
mod schedule;
mod sgd;

pub use adagrad::AdagradConfig;
pub use adam::AdamConfig;
pub use clipping::Clipping;
pub use optimizer::{Optimizer, Step};
pub use rmsprop::RmspropConfig;
pub use schedule::{
    AnnealConfig, ConstantConfig, ExponentialConfig, Monitor, MultiStepConfig, OneCycleConfig,
    Plateau, PlateauConfig, PlateauState, Schedule, ScheduleConfig, ScheduleKind, StepConfig,
    TrainingLength,
};
pub use sgd::{MomentumConfig, SgdConfig};

kinds! {
    /// The `[optimizer]` table. Update rules and defaults are PyTorch's, except that `momentum` is 0.9
    /// and `weight_decay` 0 unless given.
    pub enum OptimizerConfig {
        /// Stochastic gradient descent.
        "sgd" => Sgd(config: SgdConfig),
        /// SGD with heavy-ball momentum.
        "momentum" => Momentum(config: MomentumConfig),
        /// SGD with Nesterov momentum.
        "nesterov" => Nesterov(config: MomentumConfig),
        /// AdaGrad.
        "adagrad" => Adagrad(config: AdagradConfig),
        /// RMSProp.
        "rmsprop" => Rmsprop(config: RmspropConfig),
        /// Adam; weight decay is L2 added to the gradient.
        "adam" => Adam(config: AdamConfig),
        /// Adam with decoupled weight decay.
        "adamw" => Adamw(config: AdamConfig),
    }
}

impl OptimizerConfig {
    /// Step size.
    pub fn learning_rate(&self) -> f64 {
        match self {
            OptimizerConfig::Sgd(config) => config.learning_rate,
            OptimizerConfig::Momentum(config) | OptimizerConfig::Nesterov(config) => {
                config.learning_rate
            }
            OptimizerConfig::Adagrad(config) => config.learning_rate,
            OptimizerConfig::Rmsprop(config) => config.learning_rate,
            OptimizerConfig::Adam(config) | OptimizerConfig::Adamw(config) => config.learning_rate,
        }
    }

    /// Builds the update rule.
    pub fn build(&self) -> Box<dyn Optimizer> {
        match self {
            OptimizerConfig::Sgd(config) => Box::new(sgd::Sgd::new(config)),
            OptimizerConfig::Momentum(config) => Box::new(sgd::Momentum::new(config, false)),
            OptimizerConfig::Nesterov(config) => Box::new(sgd::Momentum::new(config, true)),
            OptimizerConfig::Adagrad(config) => Box::new(adagrad::Adagrad::new(config)),
            OptimizerConfig::Rmsprop(config) => Box::new(rmsprop::Rmsprop::new(config)),
            OptimizerConfig::Adam(config) => Box::new(adam::Adam::new(config, false)),
            OptimizerConfig::Adamw(config) => Box::new(adam::Adam::new(config, true)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Param;
    use crate::nn::testing::{assert_close, fixtures, floats};

    const LEARNING_RATE: f64 = 0.125;
    const WEIGHT_DECAY: f64 = 0.25;

    fn configs() -> Vec<OptimizerConfig> {
        let (learning_rate, weight_decay) = (LEARNING_RATE, WEIGHT_DECAY);
        let sgd = SgdConfig { learning_rate, weight_decay };
        let momentum = MomentumConfig { learning_rate, weight_decay, momentum: 0.75 };
        let adam = AdamConfig { learning_rate, weight_decay, ..AdamConfig::default() };
        let adagrad = AdagradConfig { learning_rate, weight_decay, ..AdagradConfig::default() };
        let rmsprop = RmspropConfig { learning_rate, weight_decay, ..RmspropConfig::default() };
        vec![
            OptimizerConfig::Sgd(sgd),
            OptimizerConfig::Momentum(momentum.clone()),
            OptimizerConfig::Nesterov(momentum),
            OptimizerConfig::Adagrad(adagrad),
            OptimizerConfig::Rmsprop(rmsprop),
            OptimizerConfig::Adam(adam.clone()),
            OptimizerConfig::Adamw(adam),
        ]
    }

    fn update(optimizer: &mut dyn Optimizer, param: &mut Param, grad: &[f32], number: u64) {
        optimizer.begin_step(Step { number, learning_rate: LEARNING_RATE });
        let decay = param.decay;
        optimizer.update(param.slices(), grad, decay);
    }

    /// Three updates with new gradients each time; weight decay on the weight only.
    #[test]
    fn every_update_rule_equals_pytorch() {
        for config in configs() {
            let fixture = &fixtures()["optimizers"][config.kind()];
            let mut params = [Param::vector("weight", 6, 0.0), Param::vector("bias", 2, 0.0)];
            params[0].decay = true;
            let mut optimizer = config.build();
            for param in &mut params {
                param.keep_state(optimizer.state_names().len());
                param.set_value(&floats(&fixture[param.name][0]));
            }
            for number in 1..=3 {
                for param in &mut params {
                    let name = param.name;
                    let t = number as usize;
                    let grad = floats(&fixture[format!("{name}_grad")][t - 1]);
                    update(&mut *optimizer, param, &grad, number);
                    let what = format!("{} {name} after step {number}", config.kind());
                    assert_close(&param.value(), &floats(&fixture[name][t]), &what);
                }
            }
        }
    }

    /// The same updates from saved and loaded state.
    #[test]
    fn state_is_complete() {
        for config in configs() {
            let grads = [[0.25, -1.0, 0.125], [0.5, 2.0, -0.125]];
            let mut param = Param::vector("weight", 3, 0.5);
            let mut optimizer = config.build();
            let tensors = optimizer.state_names().len();
            param.keep_state(tensors);
            update(&mut *optimizer, &mut param, &grads[0], 1);
            let mut copy = Param::vector("weight", 3, 0.0);
            copy.keep_state(tensors);
            copy.set_value(&param.value());
            for tensor in 0..tensors {
                copy.set_state(tensor, &param.state(tensor));
            }
            update(&mut *optimizer, &mut param, &grads[1], 2);
            update(&mut *config.build(), &mut copy, &grads[1], 2);
            assert_eq!(param.value(), copy.value(), "{}", config.kind());
        }
    }
}

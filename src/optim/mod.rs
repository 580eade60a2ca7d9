//! Optimizers: one file each, with its config of the `[optimizer]` table; and what else decides the
//! size of a step: schedules and clipping.

use crate::nn::ParamPlace;
use groups::{GroupRule, GroupedRules};

use crate::config::keys::{ConfigTable, WhenAbsent, config, kind, kinds, tables, word, words};

mod adagrad;
mod adam;
mod clipping;
mod groups;
mod lion;
mod muon;
mod optimizer;
mod rmsprop;
mod schedule;
mod sgd;

pub use adagrad::AdagradConfig;
pub use adam::{AdamConfig, AdamwConfig};
pub use clipping::Clipping;
pub use groups::{GroupConfig, Grouping};
pub use lion::LionConfig;
pub use muon::MuonConfig;
pub use optimizer::{Optimizer, OptimizerKind, Step};
pub use rmsprop::RmspropConfig;
pub use schedule::{
    AnnealConfig, ConstantConfig, CosineConfig, ExponentialConfig, LastTime, LinearDecayConfig,
    Moment, Monitor, MultiStepConfig, OneCycleConfig, Plateau, PlateauConfig, PlateauState,
    RateShape, Schedule, ScheduleConfig, ScheduleKind, StepConfig, TrainingLength,
};
pub use sgd::{MomentumConfig, NesterovConfig, SgdConfig};

config! {
    /// The `[optimizer]` table. Update rules and defaults are PyTorch's, except that `momentum` is 0.9
    /// and `weight_decay` 0 unless given.
    pub struct OptimizerConfig {
        /// Which update rule; its own keys are next to `kind`.
        pub rule: UpdateRule = kind(),
        /// Which parameters `weight_decay` applies to.
        pub weight_decay_on: WeightDecayOn = word().or(WeightDecayOn::Weights).left_out(),
        /// Parameters with a learning rate or weight decay of their own, or that are not trained. A
        /// parameter belongs to the first group that names it.
        pub groups: Vec<GroupConfig> = tables().left_out(),
    }
}

words! {
    /// Which parameters weight decay applies to.
    pub enum WeightDecayOn {
        /// The weights of linear layers and convolutions.
        Weights = "weights",
        /// All parameters, biases and those of norms included, as PyTorch's optimizers do.
        All = "all",
    }
}

kinds! {
    /// The update rules that `kind` can name, each with its own keys.
    pub enum UpdateRule: OptimizerKind {
        /// Stochastic gradient descent.
        "sgd" => Sgd(config: SgdConfig),
        /// SGD with heavy-ball momentum.
        "momentum" => Momentum(config: MomentumConfig),
        /// SGD with Nesterov momentum.
        "nesterov" => Nesterov(config: NesterovConfig),
        /// AdaGrad.
        "adagrad" => Adagrad(config: AdagradConfig),
        /// RMSProp.
        "rmsprop" => Rmsprop(config: RmspropConfig),
        /// Adam; weight decay is L2 added to the gradient.
        "adam" => Adam(config: AdamConfig),
        /// Adam with decoupled weight decay.
        "adamw" => Adamw(config: AdamwConfig),
        /// Steps of equal size in the direction of the sign of averaged gradients.
        "lion" => Lion(config: LionConfig),
        /// Steps of hidden weights whose singular values are all near 1; `nesterov` for the rest.
        "muon" => Muon(config: MuonConfig),
    }
}

impl OptimizerConfig {
    /// Base step size.
    pub fn learning_rate(&self) -> f64 {
        self.rule.as_kind().learning_rate()
    }

    /// Floating-point operations of the rule's own matrix products in a step, for hidden weights of so many units and
    /// inputs.
    pub fn flops(&self, hidden: &[[usize; 2]]) -> f64 {
        self.rule.as_kind().flops(hidden)
    }

    /// Which parameters belong to which group.
    pub fn grouping(&self, places: &[ParamPlace]) -> Grouping {
        Grouping::new(&self.groups, self.weight_decay_on == WeightDecayOn::All, places)
    }

    /// With the paths of layers instead of their names, so that equal meanings have one id.
    pub fn normalized(mut self, names: &[(String, String)]) -> OptimizerConfig {
        for group in &mut self.groups {
            if let Some(by_path) = group.by_path(names).into_iter().next() {
                *group = by_path;
            }
        }
        self
    }

    /// Builds the update rule, with those of the groups.
    pub fn build(&self) -> Box<dyn Optimizer> {
        let own = self.rule.as_kind();
        let base = own.build(own.weight_decay());
        if self.groups.is_empty() {
            return base;
        }
        let of_group = |group: &GroupConfig| GroupRule {
            rule: own.build(group.weight_decay.unwrap_or(own.weight_decay())),
            learning_rate_factor: group.learning_rate_factor,
        };
        Box::new(GroupedRules::new(base, self.groups.iter().map(of_group).collect()))
    }
}

impl<T> From<T> for OptimizerConfig
where
    UpdateRule: From<T>,
{
    /// The rule without groups.
    fn from(rule: T) -> OptimizerConfig {
        OptimizerConfig { rule: rule.into(), ..OptimizerConfig::unset() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::keys::{ConfigTable, KindOf, Kinds};
    use crate::config::{Problems, TableReader, parse_document};
    use crate::nn::Param;
    use crate::nn::testing::{assert_close, fixtures, floats};

    const LEARNING_RATE: f64 = 0.125;

    /// Every kind, with exactly representable numbers for the keys that allow it, else its defaults.
    fn configs() -> Vec<UpdateRule> {
        let of_kind = |kind: &KindOf<UpdateRule>| {
            let numbers =
                [("learning_rate", LEARNING_RATE), ("weight_decay", 0.25), ("momentum", 0.75)];
            let facts = (kind.facts)();
            let mut text = format!("kind = \"{}\"\n", kind.name);
            for (key, number) in numbers.iter().filter(|(key, _)| facts.key(key).is_some()) {
                text.push_str(&format!("{key} = {number}\n"));
            }
            let problems = Problems::new();
            let table = parse_document(&text, 0, &problems);
            let config = UpdateRule::read(&mut TableReader::root(&table, 0, &problems));
            assert!(problems.is_empty(), "{text}");
            config
        };
        UpdateRule::KINDS.iter().map(of_kind).collect()
    }

    /// The expressions that `tests/parity/make_fixtures.py` evaluates. `UPDATE_EXPRESSIONS=1`
    /// rewrites them.
    #[test]
    fn expressions_of_the_fixtures_are_current() {
        let of = |config: UpdateRule| (config.kind().to_owned(), config.as_kind().python().into());
        let all: serde_json::Map<String, serde_json::Value> =
            configs().into_iter().map(of).collect();
        crate::nn::testing::assert_expressions("optimizers", &all.into());
    }

    fn update(optimizer: &mut dyn Optimizer, param: &mut Param, grad: &[f32], number: u64) {
        optimizer.begin_step(Step { number, learning_rate: LEARNING_RATE });
        let learning = param.learning;
        optimizer.update(param.slices(), grad, learning);
    }

    /// Three updates with new gradients each time; weight decay on the weight only.
    #[test]
    fn every_update_rule_equals_pytorch() {
        for config in configs() {
            let fixture = &fixtures()["optimizers"][config.kind()];
            let mut params = [Param::vector("weight", 6, 0.0), Param::vector("bias", 2, 0.0)];
            params[0].learning.decays = true;
            let mut optimizer = OptimizerConfig::from(config.clone()).build();
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
            let mut optimizer = OptimizerConfig::from(config.clone()).build();
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
            update(&mut *OptimizerConfig::from(config.clone()).build(), &mut copy, &grads[1], 2);
            assert_eq!(param.value(), copy.value(), "{}", config.kind());
        }
    }
}

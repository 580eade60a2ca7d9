//! What the `[schedule]` table says.

use schemars::JsonSchema;
use serde::Serialize;

use super::{OneCycleConfig, PlateauConfig, Schedule, TrainingLength};
use crate::config::{Kind, Range, TableReader};

/// PyTorch's default of `gamma`.
const GAMMA: f64 = 0.1;

/// The `[schedule]` table: how the learning rate changes from step to step.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ScheduleConfig {
    /// Which schedule; its own keys stand beside `kind`.
    #[serde(flatten)]
    pub kind: ScheduleKind,
    /// Steps at the start over which the rate grows linearly to what the schedule says (PyTorch's
    /// LinearLR).
    #[schemars(range(min = 0))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warmup_steps: Option<u64>,
    /// The same in epochs, instead of `warmup_steps`.
    #[schemars(range(min = 0))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warmup_epochs: Option<u64>,
    /// Share of the rate that the first step of the warmup has; LinearLR's `start_factor`.
    #[schemars(default, range(min = 0), extend("exclusiveMaximum" = 1))]
    pub warmup_start_fraction: f64,
}

/// The schedules that can be named by `kind`, each with its own keys. The base rate is
/// `optimizer.learning_rate`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ScheduleKind {
    /// The base rate throughout.
    Constant {},
    /// The rate times `gamma` after every `step_epochs` epochs (StepLR).
    Step(StepConfig),
    /// The rate times `gamma` at each of the `milestones` (MultiStepLR).
    MultiStep(MultiStepConfig),
    /// Half a cosine from the base rate after the warmup to `final_fraction` of it after the last step
    /// (CosineAnnealingLR).
    Cosine(AnnealConfig),
    /// A straight line from the base rate after the warmup to `final_fraction` of it after the last
    /// step (LinearLR).
    Linear(AnnealConfig),
    /// Up to the base rate and down again, each along half a cosine (OneCycleLR without its cycles of
    /// the momentum); it needs no warmup.
    OneCycle(OneCycleConfig),
    /// The rate times `gamma` after every epoch (ExponentialLR).
    Exponential(ExponentialConfig),
    /// The rate times `factor` when the validation split shows no progress (ReduceLROnPlateau).
    ReduceOnPlateau(PlateauConfig),
}

/// `kind = "step"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StepConfig {
    /// Epochs from one change of the rate to the next.
    #[schemars(range(min = 1))]
    pub step_epochs: u64,
    /// Factor of each change, above 0.
    #[schemars(default = "default_gamma", extend("exclusiveMinimum" = 0))]
    pub gamma: f64,
}

/// `kind = "multi_step"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MultiStepConfig {
    /// Epochs after which the rate changes, in ascending order.
    #[schemars(inner(range(min = 1)))]
    pub milestones: Vec<u64>,
    /// Factor of each change, above 0.
    #[schemars(default = "default_gamma", extend("exclusiveMinimum" = 0))]
    pub gamma: f64,
}

/// `kind = "cosine"` and `kind = "linear"`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, JsonSchema)]
#[schemars(default)]
pub struct AnnealConfig {
    /// Share of the base rate at which it ends, in [0, 1).
    #[schemars(range(min = 0), extend("exclusiveMaximum" = 1))]
    pub final_fraction: f64,
}

/// `kind = "exponential"`.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ExponentialConfig {
    /// Factor of each epoch, above 0.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub gamma: f64,
}

fn default_gamma() -> f64 {
    GAMMA
}

impl Default for ScheduleConfig {
    fn default() -> ScheduleConfig {
        ScheduleConfig {
            kind: ScheduleKind::Constant {},
            warmup_steps: None,
            warmup_epochs: None,
            warmup_start_fraction: 0.0,
        }
    }
}

impl ScheduleConfig {
    /// Reads the `[schedule]` table.
    pub fn read(table: &mut TableReader<'_>) -> ScheduleConfig {
        let kind = ScheduleKind::read(table);
        let config = ScheduleConfig {
            kind,
            warmup_steps: table.optional_integer("warmup_steps", 0),
            warmup_epochs: table.optional_integer("warmup_epochs", 0),
            warmup_start_fraction: table.float("warmup_start_fraction", 0.0, Range::FRACTION),
        };
        config.check_warmup(table);
        config
    }

    fn check_warmup(&self, table: &TableReader<'_>) {
        let (steps, epochs) = (self.warmup_steps, self.warmup_epochs);
        if steps.is_some() && epochs.is_some() {
            let title = "`schedule` has both `warmup_steps` and `warmup_epochs`".to_owned();
            table.error("warmup_steps", title, "one of the two must go".to_owned(), None);
        }
        if let ScheduleKind::OneCycle(_) = self.kind
            && let Some(key) = self.warmup_key()
        {
            let title = format!("`schedule.{key}` with `one_cycle`");
            let label = "this kind starts low by itself".to_owned();
            let help = "`pct_start` is the share of the steps on which its rate grows".to_owned();
            table.error(key, title, label, Some(help));
        }
    }

    /// The key that gives the warmup its length, unless there is none.
    pub fn warmup_key(&self) -> Option<&'static str> {
        match (self.warmup_steps, self.warmup_epochs) {
            (Some(1..), _) => Some("warmup_steps"),
            (_, Some(1..)) => Some("warmup_epochs"),
            _ => None,
        }
    }

    /// Writes what means the same in one way, so that it has one id.
    pub fn normalized(self) -> ScheduleConfig {
        match self.warmup_key() {
            Some(_) => self,
            None => ScheduleConfig { kind: self.kind, ..ScheduleConfig::default() },
        }
    }

    /// The table came after the first release: runs without it keep their ids.
    pub fn is_default(&self) -> bool {
        *self == ScheduleConfig::default()
    }

    /// The function of the step.
    pub fn build(&self, length: TrainingLength) -> Schedule {
        Schedule::new(self, length)
    }
}

impl ScheduleKind {
    /// Whether the rate of a step depends on how many steps there are in all.
    pub fn depends_on_length(&self) -> bool {
        use ScheduleKind::*;
        match self {
            Cosine(_) | Linear(_) | OneCycle(_) => true,
            Constant {} | Step(_) | MultiStep(_) | Exponential(_) | ReduceOnPlateau(_) => false,
        }
    }

    /// Whether evaluations change its rates.
    pub fn watches(&self) -> bool {
        use ScheduleKind::*;
        match self {
            ReduceOnPlateau(_) => true,
            Constant {}
            | Step(_)
            | MultiStep(_)
            | Cosine(_)
            | Linear(_)
            | OneCycle(_)
            | Exponential(_) => false,
        }
    }

    fn read(table: &mut TableReader<'_>) -> ScheduleKind {
        use ScheduleKind::*;
        table.tagged(&[
            Kind { name: "constant", read: |_| Constant {} },
            Kind { name: "step", read: |table| Step(StepConfig::read(table)) },
            Kind { name: "multi_step", read: |table| MultiStep(MultiStepConfig::read(table)) },
            Kind { name: "cosine", read: |table| Cosine(AnnealConfig::read(table)) },
            Kind { name: "linear", read: |table| Linear(AnnealConfig::read(table)) },
            Kind { name: "one_cycle", read: |table| OneCycle(OneCycleConfig::read(table)) },
            Kind { name: "exponential", read: |table| Exponential(ExponentialConfig::read(table)) },
            Kind {
                name: "reduce_on_plateau",
                read: |table| ReduceOnPlateau(PlateauConfig::read(table)),
            },
        ])
    }
}

impl StepConfig {
    fn read(table: &mut TableReader<'_>) -> StepConfig {
        StepConfig {
            step_epochs: table.required_integer("step_epochs", 1, i64::MAX, "30"),
            gamma: table.float("gamma", GAMMA, Range::POSITIVE),
        }
    }
}

impl MultiStepConfig {
    fn read(table: &mut TableReader<'_>) -> MultiStepConfig {
        let milestones = table.required_integers("milestones", 1, i64::MAX, "[100, 150]");
        check_milestones(&milestones, table);
        MultiStepConfig { milestones, gamma: table.float("gamma", GAMMA, Range::POSITIVE) }
    }
}

fn check_milestones(milestones: &[u64], table: &TableReader<'_>) {
    let error = |title: &str, label: &str| {
        table.error("milestones", title.to_owned(), label.to_owned(), None);
    };
    if !milestones.is_sorted_by(|a, b| a < b) {
        error("`schedule.milestones` are out of order", "each must be larger than the one before");
    }
    if milestones.is_empty() && table.has("milestones") {
        error("`schedule.milestones` is empty", "the rate would never change");
    }
}

impl AnnealConfig {
    fn read(table: &mut TableReader<'_>) -> AnnealConfig {
        AnnealConfig { final_fraction: table.float("final_fraction", 0.0, Range::FRACTION) }
    }
}

impl ExponentialConfig {
    fn read(table: &mut TableReader<'_>) -> ExponentialConfig {
        ExponentialConfig { gamma: table.required_float("gamma", Range::POSITIVE, "0.95") }
    }
}

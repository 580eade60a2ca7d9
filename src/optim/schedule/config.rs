//! What the `[schedule]` table says.

use super::{OneCycleConfig, PlateauConfig, Schedule, TrainingLength};
use crate::config::keys::{WhenAbsent, config, kind, kinds, number, whole, wholes};
use crate::config::{Range, TableReader};

/// PyTorch's default of `gamma`.
const GAMMA: f64 = 0.1;

config! {
    /// The `[schedule]` table: how the learning rate changes from step to step.
    pub struct ScheduleConfig {
        /// Which schedule; its own keys stand beside `kind`.
        pub kind: ScheduleKind = kind(),
        /// Steps at the start over which the rate grows linearly to what the schedule says (PyTorch's
        /// LinearLR).
        pub warmup_steps: Option<u64> = whole(0).optional(),
        /// The same in epochs, instead of `warmup_steps`.
        pub warmup_epochs: Option<u64> = whole(0).optional(),
        /// Share of the rate that the first step of the warmup has; LinearLR's `start_factor`.
        pub warmup_start_fraction: f64 = number(Range::FRACTION).or(0.0),
    }
    then ScheduleConfig::checked
}

kinds! {
    /// The schedules that can be named by `kind`, each with its own keys. The base rate is
    /// `optimizer.learning_rate`.
    pub enum ScheduleKind {
        /// The base rate throughout.
        "constant" => Constant(config: ConstantConfig),
        /// The rate times `gamma` after every `step_epochs` epochs (StepLR).
        "step" => Step(config: StepConfig),
        /// The rate times `gamma` at each of the `milestones` (MultiStepLR).
        "multi_step" => MultiStep(config: MultiStepConfig),
        /// Half a cosine from the base rate after the warmup to `final_fraction` of it after the last step
        /// (CosineAnnealingLR).
        "cosine" => Cosine(config: AnnealConfig),
        /// A straight line from the base rate after the warmup to `final_fraction` of it after the last
        /// step (LinearLR).
        "linear" => Linear(config: AnnealConfig),
        /// Up to the base rate and down again, each along half a cosine (OneCycleLR without its cycles of
        /// the momentum); it needs no warmup.
        "one_cycle" => OneCycle(config: OneCycleConfig),
        /// The rate times `gamma` after every epoch (ExponentialLR).
        "exponential" => Exponential(config: ExponentialConfig),
        /// The rate times `factor` when the validation split shows no progress (ReduceLROnPlateau).
        "reduce_on_plateau" => ReduceOnPlateau(config: PlateauConfig),
    }
}

config! {
    /// `kind = "constant"`.
    pub struct ConstantConfig {}
}

config! {
    /// `kind = "step"`.
    pub struct StepConfig {
        /// Epochs from one change of the rate to the next.
        pub step_epochs: u64 = whole(1).required("30"),
        /// Factor of each change, above 0.
        pub gamma: f64 = number(Range::POSITIVE).or(GAMMA),
    }
}

config! {
    /// `kind = "multi_step"`.
    pub struct MultiStepConfig {
        /// Epochs after which the rate changes, in ascending order.
        pub milestones: Vec<u64> = wholes(1, i64::MAX).required("[100, 150]"),
        /// Factor of each change, above 0.
        pub gamma: f64 = number(Range::POSITIVE).or(GAMMA),
    }
    then MultiStepConfig::checked
}

config! {
    /// `kind = "cosine"` and `kind = "linear"`.
    pub struct AnnealConfig {
        /// Share of the base rate at which it ends, in [0, 1).
        pub final_fraction: f64 = number(Range::FRACTION).or(0.0),
    }
}

config! {
    /// `kind = "exponential"`.
    pub struct ExponentialConfig {
        /// Factor of each epoch, above 0.
        pub gamma: f64 = number(Range::POSITIVE).required("0.95"),
    }
}

impl ScheduleConfig {
    fn checked(self, table: &mut TableReader<'_>) -> ScheduleConfig {
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
        self
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
            Constant(_) | Step(_) | MultiStep(_) | Exponential(_) | ReduceOnPlateau(_) => false,
        }
    }

    /// Whether evaluations change its rates.
    pub fn watches(&self) -> bool {
        use ScheduleKind::*;
        match self {
            ReduceOnPlateau(_) => true,
            Constant(_) | Step(_) | MultiStep(_) | Cosine(_) | Linear(_) | OneCycle(_)
            | Exponential(_) => false,
        }
    }
}

impl MultiStepConfig {
    fn checked(self, table: &mut TableReader<'_>) -> MultiStepConfig {
        let milestones = &self.milestones;
        let error = |title: &str, label: &str| {
            table.error("milestones", title.to_owned(), label.to_owned(), None);
        };
        if !milestones.is_sorted_by(|a, b| a < b) {
            error(
                "`schedule.milestones` are out of order",
                "each must be larger than the one before",
            );
        }
        if milestones.is_empty() && table.has("milestones") {
            error("`schedule.milestones` is empty", "the rate would never change");
        }
        self
    }
}

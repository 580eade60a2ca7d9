//! The `[schedule]` table.

use super::{
    ConstantConfig, CosineConfig, ExponentialConfig, LinearDecayConfig, MultiStepConfig,
    OneCycleConfig, PlateauConfig, RateShape, Schedule, StepConfig, TrainingLength,
};
use crate::config::keys::{WhenAbsent, config, kind, kinds, number, whole};
use crate::config::{Range, TableReader};

config! {
    /// The `[schedule]` table: how the learning rate changes from step to step.
    pub struct ScheduleConfig {
        /// Which schedule; its own keys are next to `kind`.
        pub kind: ScheduleKind = kind(),
        /// Steps at the start over which the rate grows linearly to the schedule's rate (PyTorch's
        /// LinearLR).
        pub warmup_steps: Option<u64> = whole(0).optional(),
        /// The same in epochs, instead of `warmup_steps`.
        pub warmup_epochs: Option<u64> = whole(0).optional(),
        /// Fraction of the rate at the first step of the warmup; LinearLR's `start_factor`.
        pub warmup_start_fraction: f64 = number(Range::FRACTION).or(0.0),
    }
    then ScheduleConfig::checked
}

kinds! {
    /// The schedules that `kind` can name, each with its own keys. The base rate is
    /// `optimizer.learning_rate`.
    pub enum ScheduleKind: RateShape {
        /// The base rate throughout.
        "constant" => Constant(config: ConstantConfig),
        /// The rate times `gamma` after every `step_epochs` epochs (StepLR).
        "step" => Step(config: StepConfig),
        /// The rate times `gamma` at each of the `milestones` (MultiStepLR).
        "multi_step" => MultiStep(config: MultiStepConfig),
        /// Half a cosine from the base rate after the warmup to `final_fraction` of it after the last step
        /// (CosineAnnealingLR).
        "cosine" => Cosine(config: CosineConfig),
        /// A straight line from the base rate after the warmup to `final_fraction` of it after the last
        /// step (LinearLR).
        "linear" => Linear(config: LinearDecayConfig),
        /// Up to the base rate and down again, each along half a cosine (OneCycleLR without
        /// momentum cycling); it needs no warmup.
        "one_cycle" => OneCycle(config: OneCycleConfig),
        /// The rate times `gamma` after every epoch (ExponentialLR).
        "exponential" => Exponential(config: ExponentialConfig),
        /// The rate times `factor` when the validation split shows no progress (ReduceLROnPlateau).
        "reduce_on_plateau" => ReduceOnPlateau(config: PlateauConfig),
    }
}

impl ScheduleConfig {
    fn checked(self, table: &mut TableReader<'_>) -> ScheduleConfig {
        let (steps, epochs) = (self.warmup_steps, self.warmup_epochs);
        if steps.is_some() && epochs.is_some() {
            let title = "`schedule` has both `warmup_steps` and `warmup_epochs`".to_owned();
            table.error("warmup_steps", title, "remove one of the two".to_owned(), None);
        }
        if self.kind.as_kind().warms_up()
            && let Some(key) = self.warmup_key()
        {
            let title = format!("`schedule.{key}` with `{}`", self.kind.kind());
            let label = "this kind already starts at a low rate".to_owned();
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

    /// Normalises equal meanings, so that they have one id.
    pub fn normalized(self) -> ScheduleConfig {
        match self.warmup_key() {
            Some(_) => self,
            None => ScheduleConfig { kind: self.kind, ..ScheduleConfig::default() },
        }
    }

    /// The table was introduced after the first release: runs without it keep their ids.
    pub fn is_default(&self) -> bool {
        *self == ScheduleConfig::default()
    }

    /// The function of the step.
    pub fn build(&self, length: TrainingLength) -> Schedule {
        Schedule::new(self, length)
    }
}

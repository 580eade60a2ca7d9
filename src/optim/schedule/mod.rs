//! Learning-rate schedules: what the `[schedule]` table says, and the rate as a function of the step.
//!
//! Every kind is PyTorch's `torch.optim.lr_scheduler` of that name. The file counts in epochs, the
//! functions in steps: nothing but the step decides the rate, except for [`Plateau`], whose state a
//! checkpoint saves.

mod config;
mod monitor;
mod one_cycle;
mod plateau;
mod rate;
#[cfg(test)]
mod testing;

pub use config::{
    AnnealConfig, ConstantConfig, ExponentialConfig, MultiStepConfig, ScheduleConfig, ScheduleKind,
    StepConfig,
};
pub use monitor::Monitor;
pub use one_cycle::OneCycleConfig;
pub use plateau::{Plateau, PlateauConfig, PlateauState};
pub use rate::{Schedule, TrainingLength};

//! Learning-rate schedules: the `[schedule]` table, and the rate as a function of the step.
//!
//! Every kind is PyTorch's `torch.optim.lr_scheduler` of that name. The file counts in epochs, the
//! functions in steps. Only the step decides the rate, except for [`Plateau`], whose state is in
//! the checkpoint.

mod anneal;
mod config;
mod constant;
mod exponential;
mod length;
mod monitor;
mod multi_step;
mod one_cycle;
mod plateau;
mod rate;
mod shape;
mod step;
#[cfg(test)]
mod testing;

pub use anneal::{AnnealConfig, CosineConfig, LinearDecayConfig};
pub use config::{ScheduleConfig, ScheduleKind};
pub use constant::ConstantConfig;
pub use exponential::ExponentialConfig;
pub use length::TrainingLength;
pub use monitor::Monitor;
pub use multi_step::MultiStepConfig;
pub use one_cycle::OneCycleConfig;
pub use plateau::{Plateau, PlateauConfig, PlateauState};
pub use rate::Schedule;
pub use shape::{LastTime, Moment, RateShape};
pub use step::StepConfig;

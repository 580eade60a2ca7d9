//! Remedies: changes of one setting that may raise test accuracy or narrow the gap between training and
//! testing, with the reason why they may, and the strengths that fit a baseline. They only propose: what
//! a proposal is worth shows when it is trained.

mod batch_norm;
mod batch_size;
mod class_weights;
mod convolutional_network;
mod cost;
mod cutmix;
mod cutout;
mod deformation;
mod dropout;
mod early_stopping;
mod horizontal_flip;
mod l1_penalty;
mod label_smoothing;
mod learning_rate;
mod length;
mod less_capacity;
mod list;
mod longer_training;
mod max_norm;
mod mixup;
mod more_capacity;
mod more_data;
mod random_crop;
mod random_erasing;
mod remedy;
mod sharpness_aware;
mod situation;
mod sizes;
mod stochastic_depth;
#[cfg(test)]
mod tests;
mod trivial_augment;
mod weight_average;
mod weight_decay;

pub use length::{cut_to, in_steps};
pub use list::REMEDIES;
pub use remedy::{Proposal, Remedy};
pub use situation::{Advised, Expected, LearningRateFault, Situation};
pub use sizes::resized;

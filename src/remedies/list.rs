//! The list of remedies, in the order in which they are tried and shown: what is cheap and often helps
//! comes first.

use crate::remedies::remedy::Remedy;
use crate::remedies::{
    batch_norm, batch_size, class_weights, convolutional_network, cutmix, cutout, deformation,
    dropout, early_stopping, horizontal_flip, l1_penalty, label_smoothing, learning_rate,
    less_capacity, longer_training, max_norm, mixup, more_capacity, more_data, random_crop,
    random_erasing, sharpness_aware, stochastic_depth, trivial_augment, weight_average,
    weight_decay,
};

/// All remedies.
pub const REMEDIES: &[Remedy] = &[
    dropout::REMEDY,
    weight_decay::REMEDY,
    label_smoothing::REMEDY,
    class_weights::REMEDY,
    horizontal_flip::REMEDY,
    random_crop::REMEDY,
    deformation::REMEDY,
    trivial_augment::REMEDY,
    cutout::REMEDY,
    random_erasing::REMEDY,
    mixup::REMEDY,
    cutmix::REMEDY,
    less_capacity::REMEDY,
    early_stopping::REMEDY,
    learning_rate::REMEDY,
    longer_training::REMEDY,
    batch_size::REMEDY,
    batch_norm::REMEDY,
    weight_average::REMEDY,
    l1_penalty::REMEDY,
    max_norm::REMEDY,
    sharpness_aware::REMEDY,
    stochastic_depth::REMEDY,
    more_capacity::REMEDY,
    more_data::REMEDY,
    convolutional_network::REMEDY,
];

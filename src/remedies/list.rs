//! The list of remedies, in the order in which they are tried and shown: what is cheap and often helps
//! comes first.

use crate::remedies::remedy::Remedy;
use crate::remedies::{
    alternating_flip, batch_norm, batch_size, convolutional_network, cutout, drop_last, dropout,
    early_stopping, horizontal_flip, label_smoothing, learning_rate, less_capacity,
    longer_training, mixup, more_capacity, more_data, random_crop, reflected_border,
    weight_average, weight_decay,
};

/// All remedies.
pub const REMEDIES: &[Remedy] = &[
    dropout::REMEDY,
    weight_decay::REMEDY,
    label_smoothing::REMEDY,
    horizontal_flip::REMEDY,
    alternating_flip::REMEDY,
    random_crop::REMEDY,
    reflected_border::REMEDY,
    cutout::REMEDY,
    mixup::REMEDY,
    less_capacity::REMEDY,
    early_stopping::REMEDY,
    learning_rate::REMEDY,
    longer_training::REMEDY,
    batch_size::REMEDY,
    drop_last::REMEDY,
    batch_norm::REMEDY,
    weight_average::REMEDY,
    more_capacity::REMEDY,
    more_data::REMEDY,
    convolutional_network::REMEDY,
];

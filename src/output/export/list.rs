//! The list of export formats.

use crate::output::export::format::ExportFormat;
use crate::output::export::{csv, mlflow, npz, onnx, safetensors, tensorboard, torch};

/// The formats, in the order of the help.
pub static FORMATS: [&ExportFormat; 7] = [
    &tensorboard::FORMAT,
    &csv::FORMAT,
    &mlflow::FORMAT,
    &npz::FORMAT,
    &torch::FORMAT,
    &onnx::FORMAT,
    &safetensors::FORMAT,
];

//! Runs in the formats of other tools; one file for each format. Existing files are not overwritten
//! unless the user says so, and files appear complete or not at all.

mod clock;
mod csv;
mod format;
mod list;
mod mlflow;
mod model_check;
mod modules;
mod npz;
mod onnx;
mod output;
mod safetensors;
mod tensorboard;
mod torch;
#[cfg(test)]
mod torch_walk;
mod varied;
mod weights;
mod words;

pub use format::{Destination, Export, ExportFormat, WriteRuns};
pub use list::FORMATS;
pub use model_check::{CheckedExamples, MakeCheck, ModelCheck};
pub use output::{export_file, is_standard_output, no_folder};
pub use weights::{SavedWeights, WhichWeights};

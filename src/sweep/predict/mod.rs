//! Runs a finished run's network on files outside any dataset: pictures of any size, lines of a
//! table. They become examples in the same way as the training data, which is not needed.

mod inputs;
mod pictures;
mod rows;

use std::path::{Path, PathBuf};

use super::cost::bytes_to_classify;
use inputs::Inputs;
pub use pictures::pictures_in;

use crate::error::{Error, Result};
use crate::experiment::read_network;
use crate::memory;
use crate::nn::Shape;
use crate::output::export::{SavedWeights, WhichWeights};
use crate::runs::folder::file;
use crate::runs::input_record::ChannelScale;
use crate::runs::record::RunRecord;
use crate::train::{ClassProbability, Classifier};

/// Why an example cannot be classified, after "it".
const NO_NUMBERS: &str = "makes the network compute numbers that are NaN or infinite";

/// A run's network and how files become its examples.
pub struct Predictor {
    classifier: Classifier,
    inputs: Inputs,
    scale: ChannelScale,
    top: usize,
}

/// A picture or a line, and its prediction.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The file.
    pub path: PathBuf,
    /// The line in it, if it is a table.
    pub line: Option<u64>,
    /// The most probable classes, the most probable first.
    pub classes: Vec<ClassProbability>,
}

/// A picture, a line or a table that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The file.
    pub path: PathBuf,
    /// The line in it, if it is one.
    pub line: Option<u64>,
    /// Why, after "it".
    pub reason: String,
}

/// Receives the result of each file or line, in order.
pub type OnPrediction<'a> = dyn FnMut(Result<Prediction, Unreadable>) + 'a;

impl Predictor {
    /// The network of the run in `folder`, which gives the `top` most probable classes.
    ///
    /// # Errors
    /// If the run has no such weights, or its files are damaged.
    pub fn new(
        record: &RunRecord,
        folder: &Path,
        which: WhichWeights,
        top: usize,
        threads: usize,
    ) -> Result<Predictor> {
        if record.trial.pointer("/dataset/kind").is_some_and(|kind| kind == "npz")
            && !record.has_pixels()
        {
            return Err(Error::Usage(format!(
                "run {} was trained on rows of an `.npz` file, whose columns have no names to find them \
                 by: use `runner export` and predict with another program",
                record.id
            )));
        }
        let model = SavedWeights { record, folder, which }.bytes()?;
        let network = read_network(&folder.join(file::TRIAL))?;
        let damaged = |name: &str, problem| Error::Damaged { path: folder.join(name), problem };
        let inputs = Inputs::of(record).map_err(|problem| damaged(file::RECORD, problem.into()))?;
        let input = &record.input;
        let (shape, classes) = (Shape::from(input.shape), record.class_names.len());
        memory::check(bytes_to_classify(&network, shape, classes)).map_err(Error::Memory)?;
        let classifier = memory::catch(|| {
            let built = Classifier::new(&network, shape, classes, &model, threads);
            built.map_err(|problem| damaged(which.file(), problem.into()))
        })?;
        let scale = input.scale.clone();
        Ok(Predictor { classifier, inputs, scale, top })
    }

    /// Whether it takes pictures rather than tables.
    pub fn takes_pictures(&self) -> bool {
        matches!(self.inputs, Inputs::Pictures(_))
    }

    /// Predicts `files`, pictures or tables, in their order. Returns notes about the files, a line
    /// each.
    pub fn predict(
        &mut self,
        files: &[PathBuf],
        on_prediction: &mut OnPrediction<'_>,
    ) -> Vec<String> {
        let Predictor { classifier, inputs, scale, top } = self;
        match inputs {
            Inputs::Pictures(format) => {
                for chunk in files.chunks(classifier.most_examples()) {
                    pictures::predict(classifier, *format, scale, *top, chunk, on_prediction);
                }
                Vec::new()
            }
            Inputs::Rows(columns) => {
                let predict = |path: &PathBuf| {
                    rows::predict(classifier, columns, scale, *top, path, on_prediction)
                };
                files.iter().filter_map(predict).collect()
            }
        }
    }
}

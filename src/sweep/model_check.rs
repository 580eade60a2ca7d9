//! The data by which an exported model checks itself: the outputs of a run's network on some
//! examples of its evaluation, or on random numbers if the data is missing.

use std::path::Path;

use super::parts::Parts;
use super::status::check_data;
use crate::data::{DataOptions, Splits};
use crate::error::{Error, Result};
use crate::experiment::{Trial, read_network};
use crate::kernel::{BlockedMut, blocked_len};
use crate::nn::Shape;
use crate::output::export::{CheckedExamples, ModelCheck, SavedWeights, WhichWeights};
use crate::rng::{Purpose, stream};
use crate::runs::folder::file;
use crate::runs::npy::npy_values;
use crate::runs::record::RunRecord;
use crate::runs::run_files::RunFolder;
use crate::train::Classifier;

/// Examples of a check, unless the split has fewer.
const EXAMPLES: usize = 64;

/// Examples as the network reads them.
struct NetworkInputs {
    from: CheckedExamples,
    inputs: Vec<f32>,
    pixels: Vec<u8>,
    predictions: Option<Vec<u16>>, // that the run stored
}

/// The outputs of the weights `saved` for up to 64 examples. Nothing is downloaded for this.
///
/// # Errors
/// If the run has no such weights, or they are damaged.
pub fn model_check(
    saved: &SavedWeights,
    options: &DataOptions,
    threads: usize,
) -> Result<ModelCheck> {
    let SavedWeights { record, folder, which } = *saved;
    let model = saved.bytes()?;
    let network = read_network(&folder.join(file::TRIAL))?;
    let (shape, classes) = (Shape::from(record.input.shape), record.class_names.len());
    let mut classifier =
        Classifier::new(&network, shape, classes, &model, threads).map_err(|problem| {
            Error::Damaged { path: folder.join(which.file()), problem: problem.into() }
        })?;
    let most = EXAMPLES.min(classifier.most_examples());
    let stored = match which {
        WhichWeights::Last => stored_predictions(record, folder)?,
        WhichWeights::Best => None,
    };
    let examples = match of_the_data(saved, stored, options, most) {
        Ok(examples) => examples,
        Err(error) => made_up(shape, most, error.chain()),
    };
    let batch = examples.inputs.len() / shape.features().max(1);
    let mut rows = classifier.input_mut(batch);
    for (i, row) in examples.inputs.chunks_exact(shape.features()).enumerate() {
        rows.row(i).for_each(|(at, piece)| piece.copy_from_slice(&row[at..at + piece.len()]));
    }
    let ranked: Option<Vec<_>> = classifier.classify(batch, 1).into_iter().collect();
    let ranked = ranked.ok_or_else(|| Error::Damaged {
        path: folder.join(which.file()),
        problem: "the network has outputs that are NaN or infinite".to_owned(),
    })?;
    let predicted = ranked.into_iter().flatten().map(|best| best.class as u16).collect();
    Ok(ModelCheck {
        examples: examples.from,
        logits: classifier.logits(batch).to_vec(),
        inputs: examples.inputs,
        pixels: examples.pixels,
        predictions: examples.predictions.unwrap_or(predicted),
    })
}

/// Examples spread over the split that the run was judged on. `stored`: its prediction for each
/// test example.
fn of_the_data(
    saved: &SavedWeights,
    stored: Option<Vec<u16>>,
    options: &DataOptions,
    most: usize,
) -> Result<NetworkInputs> {
    let SavedWeights { record, folder, .. } = *saved;
    let trial = Trial::read(&folder.join(file::TRIAL))?;
    let options = DataOptions { offline: true, ..options.clone() };
    let parts = Parts::load([&trial].into_iter(), &options)?;
    let splits: &Splits = &parts.splits(&trial);
    check_data(record, &splits.dataset().sha256)?;
    if splits.dataset().shape != record.input.shape {
        let (path, problem) =
            (folder.join(file::RECORD), "has examples of another shape".to_owned());
        return Err(Error::Damaged { path, problem });
    }
    let (from, split) = match record.is_sealed() {
        true => (CheckedExamples::Validation, &splits.validation),
        false => (CheckedExamples::Test, &splits.test),
    };
    let count = most.min(split.len());
    let picks: Vec<usize> = (0..count).map(|i| i * split.len() / count).collect();
    let features = splits.dataset().features();
    let mut data = vec![0.0; blocked_len(count, features)];
    let mut rows = BlockedMut::new(&mut data, count, features);
    splits.gather(split, picks.iter().copied(), &mut rows, &mut vec![0; count]);
    let mut inputs = Vec::with_capacity(count * features);
    for row in 0..count {
        rows.row(row).for_each(|(_, piece)| inputs.extend_from_slice(piece));
    }
    let pixels = picks.iter().flat_map(|pick| splits.pixels(split, *pick)).copied().collect();
    let of_split = stored.filter(|all| from == CheckedExamples::Test && all.len() == split.len());
    let predictions = of_split.map(|all| picks.iter().map(|pick| all[*pick]).collect());
    Ok(NetworkInputs { from, inputs, pixels, predictions })
}

/// The run's prediction for each test example; none if the run has no such file.
fn stored_predictions(record: &RunRecord, folder: &Path) -> Result<Option<Vec<u16>>> {
    let Some(bytes) = (RunFolder { record, path: folder }).read(file::TEST_PREDICTIONS)? else {
        return Ok(None);
    };
    let classes = record.class_names.len();
    let are_classes = |all: &Vec<u16>| all.iter().all(|class| usize::from(*class) < classes);
    npy_values(&bytes).filter(are_classes).map(Some).ok_or_else(|| Error::Damaged {
        path: folder.join(file::TEST_PREDICTIONS),
        problem: "is not an array of classes".to_owned(),
    })
}

fn made_up(shape: Shape, count: usize, because: String) -> NetworkInputs {
    let mut stream = stream(0, Purpose::ModelCheck, 0, 0);
    let inputs = (0..count * shape.features()).map(|_| stream.normal() as f32).collect();
    let from = CheckedExamples::MadeUp { because };
    NetworkInputs { from, inputs, pixels: Vec::new(), predictions: None }
}

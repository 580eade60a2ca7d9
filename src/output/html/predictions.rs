//! Predictions of runs on single examples: confusion, calibration, and the pictures in their
//! folders. Only for the first runs in the comparison's order, so that a report on a thousand runs
//! stays small.

use serde::Serialize;

use crate::error::Result;
use crate::output::html::curves::{four_digits, percent};
use crate::output::html::text::{data_uri, safe};
use crate::runs::evaluation;
use crate::runs::evaluation::{
    CalibrationBin, Evaluation, MOST_IN_SQUARE, read_confusion, read_evaluation,
};
use crate::runs::folder::file;
use crate::runs::run_files::RunFolder;
use crate::threads;

/// The most runs whose figures are shown.
const MOST_RUNS: usize = 30;
/// The most bytes of all pictures in the page; the sheets of a run have up to half a megabyte.
const MOST_PICTURE_BYTES: usize = 3_000_000;

/// Predictions of one run on single examples. What its folder does not have is absent.
#[derive(Debug, Serialize)]
pub(super) struct Predictions {
    pub(super) run: usize, // which of the page's runs
    #[serde(skip_serializing_if = "Option::is_none")]
    confusion: Option<ConfusionData>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluation: Option<Judged>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mistakes_picture: Option<String>, // as an address
    #[serde(skip_serializing_if = "Option::is_none")]
    first_layer_picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    augmented_picture: Option<String>,
}

#[derive(Debug, Serialize)]
struct ConfusionData {
    classes: Vec<String>,
    counts: Vec<Vec<u64>>, // [class][predicted]
}

#[derive(Debug, Serialize)]
struct Judged {
    split: &'static str,
    examples: u64,
    accuracy: f64,          // percent
    calibration_error: f64, // points
    bins: Vec<Bin>,
    mistakes: Vec<MistakeData>,
}

#[derive(Debug, Serialize)]
struct Bin {
    examples: u64,
    confidence: f64, // percent
    accuracy: f64,   // percent
}

#[derive(Debug, Serialize)]
struct MistakeData {
    example: u64,
    class: String,
    predicted: String,
    confidence: f64, // percent
}

/// The predictions in the folders of the first of these runs, by the run's index in the page, and
/// what could not be read.
pub(super) fn predictions(folders: &[(usize, RunFolder<'_>)]) -> (Vec<Predictions>, Vec<String>) {
    let first = &folders[..folders.len().min(MOST_RUNS)];
    let read = threads::map(first, |(run, folder)| read(*run, *folder));
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    let mut room = MOST_PICTURE_BYTES;
    for (predictions, of_run) in read {
        all.extend(predictions.map(|predictions| predictions.within(&mut room)));
        problems.extend(of_run);
    }
    (all, problems)
}

/// The first run of each config, then the second of each, and so on: its index in the page, and its
/// folder.
pub(super) fn one_of_each_first<T: Copy>(configs: &[Vec<T>]) -> Vec<(usize, T)> {
    let mut runs = Vec::new();
    let mut next_place = 0;
    for folders in configs {
        for (replicate, folder) in folders.iter().enumerate() {
            runs.push((replicate, next_place, *folder));
            next_place += 1;
        }
    }
    runs.sort_by_key(|(replicate, place, _)| (*replicate, *place));
    runs.into_iter().map(|(_, place, folder)| (place, folder)).collect()
}

/// How one run judges examples, without its pictures; and what could not be read.
#[derive(Debug, Default, Serialize)]
pub(super) struct JudgedRun {
    #[serde(skip_serializing_if = "Option::is_none")]
    confusion: Option<ConfusionData>,
    #[serde(skip_serializing_if = "Option::is_none")]
    evaluation: Option<Judged>,
}

/// What the evaluation of a run says; problems are added.
pub(super) fn judged_run(folder: RunFolder<'_>, problems: &mut Vec<String>) -> JudgedRun {
    let confusion = or_problem(read_confusion(folder), problems);
    let evaluation = or_problem(read_evaluation(folder), problems);
    let confusion = confusion.and_then(|read| confusion_of(read, evaluation.as_ref()));
    JudgedRun { confusion, evaluation: evaluation.map(|evaluation| judged(&evaluation)) }
}

/// None if the folder has none of it.
fn read(run: usize, folder: RunFolder<'_>) -> (Option<Predictions>, Vec<String>) {
    let mut problems = Vec::new();
    let JudgedRun { confusion, evaluation } = judged_run(folder, &mut problems);
    let mut picture = |name: &str| {
        let png = or_problem(folder.read(name), &mut problems);
        png.filter(|png| is_png(png)).map(|png| data_uri(&png))
    };
    let predictions = Predictions {
        run,
        confusion,
        mistakes_picture: picture(file::MISTAKES_PICTURE),
        first_layer_picture: picture(file::FIRST_LAYER_PICTURE),
        augmented_picture: picture(file::AUGMENTED_PICTURE),
        evaluation,
    };
    (predictions.has_any().then_some(predictions), problems)
}

impl Predictions {
    /// Without the pictures for which there is no room left.
    fn within(mut self, room: &mut usize) -> Predictions {
        let Predictions { mistakes_picture, first_layer_picture, augmented_picture, .. } =
            &mut self;
        for picture in [mistakes_picture, first_layer_picture, augmented_picture] {
            match room.checked_sub(picture.as_ref().map_or(0, String::len)) {
                Some(left) => *room = left,
                None => *picture = None,
            }
        }
        self
    }

    fn has_any(&self) -> bool {
        let pictures = [&self.mistakes_picture, &self.first_layer_picture, &self.augmented_picture];
        let has_picture = pictures.iter().any(|picture| picture.is_some());
        has_picture || self.confusion.is_some() || self.evaluation.is_some()
    }
}

fn or_problem<T>(read: Result<Option<T>>, problems: &mut Vec<String>) -> Option<T> {
    read.unwrap_or_else(|error| {
        problems.push(safe(&error.chain()));
        None
    })
}

fn is_png(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x89PNG\r\n\x1a\n")
}

/// None if there are too many classes to draw as a square.
fn confusion_of(
    read: evaluation::Confusion,
    evaluation: Option<&Evaluation>,
) -> Option<ConfusionData> {
    let classes = evaluation.map_or(read.names.len(), |evaluation| evaluation.classes.len());
    if classes > MOST_IN_SQUARE {
        return None;
    }
    let named = match evaluation {
        Some(evaluation) => read.named_by(evaluation.class_names()),
        None => read,
    };
    let counts = named.to_square()?;
    Some(ConfusionData { classes: named.names.iter().map(|name| safe(name)).collect(), counts })
}

fn judged(evaluation: &Evaluation) -> Judged {
    let bin = |bin: &CalibrationBin| {
        Some(Bin {
            examples: bin.examples,
            confidence: percent(f64::from(bin.mean_confidence?)),
            accuracy: percent(f64::from(bin.accuracy?)),
        })
    };
    let mistakes = evaluation.mistakes.iter().map(|mistake| MistakeData {
        example: mistake.example,
        class: safe(&mistake.class),
        predicted: safe(&mistake.predicted),
        confidence: four_digits(100.0 * f64::from(mistake.confidence)),
    });
    Judged {
        split: evaluation.split.name(),
        examples: evaluation.examples,
        accuracy: percent(f64::from(evaluation.accuracy)),
        calibration_error: percent(f64::from(evaluation.expected_calibration_error)),
        bins: evaluation.bins.iter().filter_map(bin).collect(),
        mistakes: mistakes.collect(),
    }
}

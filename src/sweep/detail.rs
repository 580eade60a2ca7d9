//! The files that say how a finished network judges single examples: predictions, evaluation,
//! confusion matrix and pictures.

use std::collections::BTreeMap;

use super::augmented::sheet_of;
use crate::error::Result;
use crate::output::pictures::{example_sheet, weight_sheet};
use crate::runs::evaluation::{Confusion, Evaluation};
use crate::runs::figures::Figure;
use crate::runs::folder::file;
use crate::runs::held_out::HeldOutSplit;
use crate::runs::npy::npy;
use crate::train::Trainer;

/// A file's name and content.
type NamedContent = (&'static str, Vec<u8>);

/// What [`detail`] makes of a finished network.
pub(super) struct Detail {
    pub(super) files: Vec<NamedContent>,
    pub(super) evaluated: BTreeMap<String, f64>, // figures for the record, by name
}

/// Judges the test split or, if it is sealed, the validation split: the test split is then not
/// touched, and there are no predictions for it.
pub(super) fn detail(trainer: &mut Trainer) -> Result<Detail> {
    let judgement = trainer.judge();
    let names = &trainer.splits().dataset().class_names;
    let evaluation = Evaluation::new(&judgement, names);
    let confusion = Confusion::of(&judgement.examples, names);
    let mut files = Vec::new();
    if judgement.split == HeldOutSplit::Test {
        let predicted: Vec<u16> = judgement.examples.iter().map(|e| e.predicted).collect();
        files.push((file::TEST_PREDICTIONS, npy(&predicted)));
    }
    files.push((file::EVALUATION, evaluation.to_json()));
    files.push((file::CONFUSION, confusion.to_csv()?));
    files.extend(pictures(trainer, &evaluation)?);
    if let Some(examples) = trainer.augmented_examples() {
        let sheet = sheet_of(trainer.splits(), &examples)?;
        files.extend(sheet.map(|sheet| (file::AUGMENTED_PICTURE, sheet)));
    }
    Ok(Detail { files, evaluated: Figure::evaluated(&evaluation) })
}

/// The shape of one unit's weights: the kernel's own, or the image's for a linear layer.
fn unit_shape(image: [usize; 3], weight: &[usize]) -> [usize; 3] {
    match *weight {
        [_, channels, height, width] => [channels, height, width],
        [_, features] if features == image.iter().product::<usize>() => image,
        _ => [0; 3],
    }
}

/// None if the input is not an image.
fn pictures(trainer: &mut Trainer, evaluation: &Evaluation) -> Result<Vec<NamedContent>> {
    let (weight_shape, weight) = trainer.state_mut().first_weight();
    let splits = trainer.splits();
    let shape = splits.dataset().shape;
    let split = match evaluation.split {
        HeldOutSplit::Test => &splits.test,
        HeldOutSplit::Validation => &splits.validation,
    };
    let pixels = |example: u64| splits.pixels(split, example as usize);
    let mistakes: Vec<&[u8]> = evaluation.mistakes.iter().map(|m| pixels(m.example)).collect();
    let sheets = [
        (file::MISTAKES_PICTURE, example_sheet(shape, &mistakes)?),
        (file::FIRST_LAYER_PICTURE, weight_sheet(unit_shape(shape, &weight_shape), &weight)?),
    ];
    Ok(sheets.into_iter().filter_map(|(name, sheet)| Some((name, sheet?))).collect())
}

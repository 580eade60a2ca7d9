//! Lines of CSV files, a batch at a time through the network.

use std::path::Path;

use super::inputs::RowFormat;
use super::{NO_NUMBERS, OnPrediction, Prediction, Unreadable};
use crate::config::nearest;
use crate::data::csv::{ColumnPositions, CsvTable, ExampleLine, FeatureValues, ParsedNumber};
use crate::error::Flaw;
use crate::runs::input_record::ChannelScale;
use crate::train::{ClassProbability, Classifier};

/// Predicts the lines of one file. Its columns are found by name; others do not matter. Returns a
/// note about its lines, if there is one.
pub(super) fn predict(
    classifier: &mut Classifier,
    format: &RowFormat,
    scale: &ChannelScale,
    top: usize,
    path: &Path,
    on_prediction: &mut OnPrediction<'_>,
) -> Option<String> {
    let bad = |line, reason| Unreadable { path: path.to_owned(), line, reason };
    let (table, columns) = match open(path, format) {
        Ok(opened) => opened,
        Err(reason) => {
            on_prediction(Err(bad(None, reason.into())));
            return None;
        }
    };
    let are_pixels = format.values == FeatureValues::Pixels;
    let mut batch = Batch { are_pixels, ..Batch::default() };
    let most_examples = classifier.most_examples();
    let mut flush = |batch: &mut Batch, on_prediction: &mut OnPrediction<'_>| {
        for (line, classes) in batch.classify(classifier, scale, top) {
            on_prediction(match classes {
                Some(classes) => {
                    Ok(Prediction { path: path.to_owned(), line: Some(line), classes })
                }
                None => Err(bad(Some(line), NO_NUMBERS.to_owned())),
            });
        }
    };
    let read = table.read(&columns, |row| match row {
        Ok(row) => {
            batch.push(&row);
            if batch.lines.len() == most_examples {
                flush(&mut batch, on_prediction);
            }
        }
        Err(row) => on_prediction(Err(bad(Some(row.line), row.reason))),
    });
    flush(&mut batch, on_prediction);
    match read {
        Ok(read) => read.breaks.note(&path.display().to_string()),
        Err(reason) => {
            on_prediction(Err(bad(None, reason.into())));
            None
        }
    }
}

/// Lines that go through the network at once.
#[derive(Default)]
struct Batch {
    are_pixels: bool,
    lines: Vec<u64>,
    numbers: Vec<ParsedNumber>, // [lines, features]
}

impl Batch {
    fn push(&mut self, row: &ExampleLine<'_>) {
        self.lines.push(row.line);
        self.numbers.extend_from_slice(row.features);
    }

    /// Empties the batch; its lines with the most probable classes of each.
    fn classify(
        &mut self,
        classifier: &mut Classifier,
        scale: &ChannelScale,
        top: usize,
    ) -> Vec<(u64, Option<Vec<ClassProbability>>)> {
        if self.lines.is_empty() {
            return Vec::new();
        }
        let features = self.numbers.len() / self.lines.len();
        let mut inputs = classifier.input_mut(self.lines.len());
        for (row, numbers) in self.numbers.chunks_exact(features).enumerate() {
            if self.are_pixels {
                let pixels = numbers.iter().map(|number| number.pixel().unwrap_or_default());
                scale.write_pixels(&pixels.collect::<Vec<u8>>(), &mut inputs, row);
                continue;
            }
            let narrow: Vec<f32> = numbers.iter().map(|number| number.narrow).collect();
            let wide = |i: usize| numbers[scale.wide[i].channel].wide;
            scale.write_numbers(&narrow, wide, &mut inputs, row);
        }
        self.numbers.clear();
        let ranked = classifier.classify(self.lines.len(), top);
        self.lines.drain(..).zip(ranked).collect()
    }
}

fn open(path: &Path, format: &RowFormat) -> Result<(CsvTable, ColumnPositions), Flaw> {
    let table = CsvTable::open(path, format.text)?;
    let place = |name: &String| {
        table.column(name).map_err(|count| {
            Flaw::from(match count {
                0 => {
                    let near = nearest(name, table.header.iter().map(String::as_str));
                    let near = near.map_or(String::new(), |near| format!("; is it `{near}`?"));
                    format!("has no column `{name}`, which the network was trained on{near}")
                }
                count => format!("has {count} columns called `{name}`"),
            })
        })
    };
    let features = format.features.iter().map(place).collect::<Result<Vec<usize>, Flaw>>()?;
    Ok((table, ColumnPositions { label: None, features, values: format.values.clone() }))
}

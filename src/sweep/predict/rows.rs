//! Lines of CSV files, a batch at a time through the network.

use std::path::Path;

use super::inputs::RowFormat;
use super::{NO_NUMBERS, OnPrediction, Prediction, Unreadable};
use crate::config::nearest;
use crate::data::ChannelScale;
use crate::data::csv::{Columns, Row, Table};
use crate::train::Classifier;

/// Predicts the lines of one file. Its columns are found by name; others do not matter.
pub(super) fn predict(
    classifier: &mut Classifier,
    format: &RowFormat,
    scale: &ChannelScale,
    top: usize,
    path: &Path,
    on_prediction: &mut OnPrediction<'_>,
) {
    let bad = |line, reason| Unreadable { path: path.to_owned(), line, reason };
    let (table, columns) = match open(path, format) {
        Ok(opened) => opened,
        Err(reason) => return on_prediction(Err(bad(None, reason))),
    };
    let most_examples = classifier.most_examples();
    let mut batch: Vec<Row> = Vec::new();
    let mut flush = |batch: &mut Vec<Row>, on_prediction: &mut OnPrediction<'_>| {
        if batch.is_empty() {
            return;
        }
        let mut inputs = classifier.input_mut(batch.len());
        for (row, example) in batch.iter().enumerate() {
            scale.write_numbers(&example.features, &mut inputs, row);
        }
        let ranked = classifier.classify(batch.len(), top);
        for (row, classes) in batch.drain(..).zip(ranked) {
            let line = Some(row.line);
            on_prediction(match classes {
                Some(classes) => Ok(Prediction { path: path.to_owned(), line, classes }),
                None => Err(bad(line, NO_NUMBERS.to_owned())),
            });
        }
    };
    let read = table.read(&columns, |row| match row {
        Ok(row) => {
            batch.push(row);
            if batch.len() == most_examples {
                flush(&mut batch, on_prediction);
            }
        }
        Err(row) => on_prediction(Err(bad(Some(row.line), row.reason))),
    });
    flush(&mut batch, on_prediction);
    if let Err(reason) = read {
        on_prediction(Err(bad(None, reason)));
    }
}

fn open(path: &Path, format: &RowFormat) -> Result<(Table, Columns), String> {
    let table = Table::open(path, format.delimiter)?;
    let place = |name: &String| {
        table.column(name).map_err(|count| match count {
            0 => {
                let near = nearest(name, table.header.iter().map(String::as_str));
                let near = near.map_or(String::new(), |near| format!("; is it `{near}`?"));
                format!("has no column `{name}`, which the network was trained on{near}")
            }
            count => format!("has {count} columns called `{name}`"),
        })
    };
    let features = format.features.iter().map(place).collect::<Result<Vec<usize>, String>>()?;
    Ok((table, Columns { label: None, features }))
}

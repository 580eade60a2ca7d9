//! `runner predict`: classifies the user's own pictures or lines with a run's network.

use std::num::NonZero;
use std::path::PathBuf;
use std::process::ExitCode;

use super::amounts::parse_count;
use super::output::{render, write_messages, write_text};
use crate::cli::context::Context;
use crate::cli::selection::SelectionArgs;
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::output::export::WhichWeights;
use crate::runs::record::RunRecord;
use crate::sweep::{Prediction, Predictor, Unreadable, pictures_in};
use crate::table::{Cell, Column, ColumnKind, Format, Table};

/// Exit code if files could not be read.
const UNREADABLE: u8 = 6;
/// Decimals of a probability.
const DECIMALS: i32 = 6;

/// Classify your own pictures, or the lines of CSV files, with a run's network.
#[derive(Debug, clap::Args)]
pub struct PredictArgs {
    /// Run id (unique prefix, or `latest`) or run folder
    #[arg(value_name = "ID")]
    target: String,
    #[command(flatten)]
    selection: SelectionArgs,
    /// Pictures (PNG, JPEG, WebP) of any size, and folders of them; for a run on a table, CSV files
    #[arg(required = true, value_name = "FILE")]
    paths: Vec<PathBuf>,
    /// How many of the most probable classes to show
    #[arg(long, value_name = "K", default_value = "3", value_parser = parse_count)]
    top: NonZero<usize>,
    /// Which weights to predict with
    #[arg(long, value_enum, value_name = "WHICH", default_value_t)]
    weights: WhichWeights,
    /// How the table is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

impl PredictArgs {
    /// Predicts the named files: a row each to `out`, unreadable ones to `err`. Returns the exit
    /// code.
    ///
    /// # Errors
    /// When the target is not one run with such weights, or nothing that was named is a picture.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let (record, folder) = self.selection.resolve_one(&self.target, context.globals)?;
        let threads = context.globals.jobs();
        let Context { out, err, .. } = context;
        let top = self.top.get().min(record.class_names.len());
        let mut predictor = Predictor::new(&record, &folder, self.weights, top, threads)?;
        let (files, mut unreadable) = match predictor.takes_pictures() {
            true => pictures(&self.paths),
            false => (self.paths.clone(), Vec::new()),
        };
        if files.is_empty() && unreadable.is_empty() {
            let names: Vec<String> =
                self.paths.iter().map(|path| path.display().to_string()).collect();
            let problem = format!("there is no PNG, JPEG or WebP file in {}", names.join(", "));
            return Err(Error::NothingMatched(problem));
        }
        let mut predictions = Vec::new();
        let notes = predictor.predict(&files, &mut |result| match result {
            Ok(prediction) => predictions.push(prediction),
            Err(problem) => unreadable.push(problem),
        });
        if predictions.is_empty() && unreadable.is_empty() {
            let names: Vec<String> =
                self.paths.iter().map(|path| path.display().to_string()).collect();
            return Err(Error::NothingMatched(format!(
                "there is nothing to predict in {}",
                names.join(", ")
            )));
        }
        let notes = notes.iter().map(|note| format!("note: {}", escape_controls(note)));
        let lines: Vec<String> = unreadable.iter().map(text).chain(notes).collect();
        write_messages(err, &lines);
        if !predictions.is_empty() {
            let weights = self.weights.words(&record);
            write_messages(err, &[format!("predicted by run {}, with {weights}", record.id)]);
            let table = table(&record, top, predictor.takes_pictures(), &predictions);
            write_text(out, &render(&table, self.format)?)?;
        }
        Ok(ExitCode::from(if unreadable.is_empty() { 0 } else { UNREADABLE }))
    }
}

/// The files of all paths, and the folders that cannot be read.
fn pictures(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<Unreadable>) {
    let (mut files, mut unreadable) = (Vec::new(), Vec::new());
    for path in paths {
        match pictures_in(path) {
            Ok(mut found) => files.append(&mut found),
            Err(problem) => unreadable.push(problem),
        }
    }
    (files, unreadable)
}

fn text(Unreadable { path, line, reason }: &Unreadable) -> String {
    let line = line.map_or(String::new(), |line| format!(" line {line}"));
    escape_controls(&format!("{}{line} {reason}", path.display())).into_owned()
}

/// A row for each picture or line, with the most probable classes side by side.
fn table(record: &RunRecord, top: usize, are_pictures: bool, all: &[Prediction]) -> Table {
    let mut columns = vec![Column::new("file", ColumnKind::Text)];
    if !are_pictures {
        columns.push(Column::new("line", ColumnKind::Number));
    }
    for rank in 1..=top {
        let (header, of_rank) = match rank {
            1 => ("class".to_owned(), String::new()),
            _ => (format!("class {rank}"), format!("_{rank}")),
        };
        columns.push(Column::new(&header, ColumnKind::Text).named(&format!("class{of_rank}")));
        let probability = Column::new("%", ColumnKind::Number);
        columns.push(probability.named(&format!("probability{of_rank}")));
    }
    let row = |prediction: &Prediction| {
        let mut cells = vec![Cell::Text(prediction.path.display().to_string())];
        cells.extend(prediction.line.map(Cell::Count));
        for class in &prediction.classes {
            cells.push(Cell::Text(record.class_names[class.class].clone()));
            cells.push(Cell::fraction(rounded(class.probability)));
        }
        cells
    };
    Table { columns, rows: all.iter().map(row).collect() }
}

/// The decimals that a 32-bit probability supports.
fn rounded(probability: f32) -> f64 {
    let scale = 10_f64.powi(DECIMALS);
    (f64::from(probability) * scale).round() / scale
}

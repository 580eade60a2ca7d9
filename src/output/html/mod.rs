//! The report: one HTML file with the comparison's answer, its table and interactive plots, that
//! works offline from disk.
//!
//! Rust reads the run folders and writes them as one JSON value into the page; the JavaScript in
//! `scripts/` draws it with plotly.js. Nothing in the page is HTML that came from a file or a user.

mod changes;
mod columns;
mod curves;
mod data;
mod figures;
mod findings;
mod live;
mod one_run;
mod page;
mod predictions;
mod rungs;
mod runs;
mod settings;
mod text;

use std::path::PathBuf;

use crate::analysis::compare::{CompareOptions, Comparison, compare};
use crate::analysis::rungs::Rungs;
use crate::error::Result;
use crate::few::few_lines;
use crate::output::html::data::Depth;
use crate::output::sharing::{shareable, without_folders};
use crate::runs::record::RunRecord;

pub use live::{
    AddedRows, MOST_WITH_CURVES, Pieces, SecondsAt, assets, curves_json, entry_json, live_page,
    page_json, rows_json,
};
pub use one_run::{RunCommand, run_json};

/// The input of a report.
#[derive(Debug, Clone, Copy)]
pub struct ReportSource<'a> {
    /// The runs.
    pub records: &'a [RunRecord],
    /// The folder of each record.
    pub folders: &'a [PathBuf],
    /// What was skipped or is missing, for the notes.
    pub messages: &'a [String],
    /// The heading instead of the experiments' names.
    pub title: Option<&'a str>,
    /// The rungs of the experiments that halve.
    pub rungs: &'a [Rungs],
    /// When the report is written, RFC 3339.
    pub written: &'a str,
    /// Whether to include the machines: host, CPU, and the folders of the data.
    pub with_machine: bool,
}

/// The report as the text of an HTML file. An unreadable file of a run is reported in the notes and
/// is not fatal.
///
/// # Errors
/// When the data cannot be written as JSON, which no run is known to cause.
pub fn report_html(source: &ReportSource) -> Result<String> {
    if source.with_machine {
        return page_of(source);
    }
    let records = shareable(source.records);
    let messages: Vec<String> = source.messages.iter().map(|m| without_folders(m)).collect();
    page_of(&ReportSource { records: &records, messages: &messages, ..*source })
}

fn page_of(source: &ReportSource) -> Result<String> {
    let (heading, data) = content(source, Depth::Whole)?;
    page::render(&heading, &data)
}

/// What a page says and shows.
fn content(source: &ReportSource, depth: Depth) -> Result<(page::Heading, data::Data)> {
    let comparison = compare(
        source.records,
        &CompareOptions { for_programs: true, ..CompareOptions::default() },
    )?;
    let (data, problems) = data::collect(source, &comparison, depth);
    let heading = page::Heading {
        title: title(source),
        written: source.written.to_owned(),
        counts: counts(source, &comparison),
        answer: comparison.answer.join(" "),
        notes: notes(source, &comparison, problems),
        rungs: source.rungs.iter().map(rungs::RungsData::of).collect(),
    };
    Ok((heading, data))
}

/// The given title, or the names of the experiments that asked for the runs.
fn title(source: &ReportSource) -> String {
    if let Some(title) = source.title {
        return text::safe(title);
    }
    let mut names: Vec<&str> =
        source.records.iter().flat_map(|r| &r.experiments).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    match names.as_slice() {
        [] => "Runs".to_owned(),
        [first, second, third, _, ..] => {
            text::safe(&format!("{first}, {second}, {third} and {} more", names.len() - 3))
        }
        few => text::safe(&few.join(", ")),
    }
}

fn counts(source: &ReportSource, comparison: &Comparison) -> String {
    let counted = |n: usize, noun: &str| match n {
        1 => format!("1 {noun}"),
        n => format!("{n} {noun}s"),
    };
    let configs = counted(comparison.configs.len(), "config");
    let runs = counted(comparison.configs.iter().map(|m| m.runs.len()).sum(), "run");
    let datasets = source.records.iter().filter_map(|r| r.trial.pointer("/dataset/kind")?.as_str());
    let mut datasets: Vec<&str> = datasets.collect();
    datasets.sort_unstable();
    datasets.dedup();
    text::safe(&format!("{configs}, {runs} on {}", datasets.join(", ")))
}

/// The comparison's notes, then what was skipped or missing.
fn notes(source: &ReportSource, comparison: &Comparison, problems: Vec<String>) -> Vec<String> {
    let mut notes = comparison.notes.clone();
    notes.extend(source.messages.iter().cloned());
    let shown = |problem: &String| match source.with_machine {
        true => problem.clone(),
        false => without_folders(problem),
    };
    let problems = problems.iter().map(shown).collect();
    notes.extend(few_lines(problems, |more| format!("and {more} more files")));
    notes
}

#[cfg(test)]
mod tests;

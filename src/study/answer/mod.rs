//! The answer of a study: sentences, a table of the steps, a waterfall of the gap, pictures, a page.

mod bars;
mod numbers;
mod pictures;
mod recipe;
mod report;
mod sentences;
mod steps;

use super::{Findings, Plan};
use crate::error::Result;
use crate::output::plots::Plot;

/// The section on every remedy alone.
pub const REMEDIES: &str = "What closes it?";
/// The section on remedies together.
const TOGETHER: &str = "What do they do together?";

/// What a study says, as far as it has come.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    /// The name of the study.
    pub name: &'a str,
    /// What is asked.
    pub plan: &'a Plan,
    /// What was found.
    pub findings: &'a Findings,
    /// Seconds of one training of the baseline on the machine that began the study.
    pub baseline_seconds: f64,
}

impl Answer<'_> {
    /// The answer for a terminal.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for (heading, sentences) in self.sections() {
            text.push_str(&format!("{heading}\n"));
            sentences.iter().for_each(|sentence| text.push_str(&format!("  {sentence}\n")));
        }
        if let Some(table) = steps::table(self) {
            text.push_str(&format!("\n{table}"));
        }
        if let Some(bars) = bars::waterfall(self) {
            text.push_str(&format!("\n{bars}"));
        }
        text
    }

    /// What each question found, in sentences.
    pub fn sections(&self) -> Vec<(&'static str, Vec<String>)> {
        sentences::sections(self)
    }

    /// The picture of a section, but that of [`REMEDIES`], for which the runs are needed; none without one.
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub fn picture(&self, heading: &str) -> Result<Option<Plot>> {
        match heading {
            "Where do I stand?" => pictures::of_baseline(self),
            "More data?" => pictures::by_examples(self),
            "Memory?" => pictures::of_noisy_labels(self),
            "Capacity?" => pictures::by_size(self),
            TOGETHER => pictures::waterfall_plot(self),
            _ => Ok(None),
        }
    }

    /// The table of a section as text, if it has one.
    pub fn table(&self, heading: &str) -> Option<String> {
        match heading {
            REMEDIES => steps::alone(self),
            TOGETHER => steps::table(self),
            _ => None,
        }
    }

    /// The page with everything; `forest` shows every remedy alone.
    ///
    /// # Errors
    /// When a picture cannot be drawn.
    pub fn report(&self, forest: Option<&Plot>) -> Result<String> {
        report::page(self, forest)
    }

    /// The waterfall as a picture; none before remedies were combined.
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub fn waterfall(&self) -> Result<Option<Plot>> {
        pictures::waterfall_plot(self)
    }
}

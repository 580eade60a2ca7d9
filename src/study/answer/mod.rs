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

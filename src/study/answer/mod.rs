//! The answer of a study: sentences, a table of the steps, a waterfall of the gap, pictures, a page.

mod bars;
mod numbers;
mod pictures;
mod recipe;
mod report;
mod sentences;
mod steps;

use super::{Figures, Findings, Plan, Question, Recipe, Section, Topic};
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
        for Section { topic, sentences } in self.sections() {
            text.push_str(&format!("{}\n", topic.heading()));
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

    /// What the steps of the recipe start from: the baseline over the seeds of the last one, so that its gain is the
    /// difference of the figures. None before remedies were combined, or if nothing was kept.
    fn start(&self) -> Option<(Figures, &Recipe)> {
        let (stand, recipe) = self.findings.stand.as_ref().zip(self.findings.together.as_ref())?;
        Some((stand.over(&recipe.steps.last()?.gain), recipe))
    }

    /// What each question found, in sentences.
    pub fn sections(&self) -> Vec<Section> {
        sentences::sections(self)
    }

    /// The picture of a section, but that of [`Question::Remedies`], for which the runs are needed; none without one.
    ///
    /// # Errors
    /// When it cannot be drawn.
    pub fn picture(&self, topic: Topic) -> Result<Option<Plot>> {
        match topic {
            Topic::Asked(Question::Stand) => pictures::of_baseline(self),
            Topic::Asked(Question::MoreData) => pictures::by_examples(self),
            Topic::Asked(Question::Memory) => pictures::of_noisy_labels(self),
            Topic::Asked(Question::Capacity) => pictures::by_size(self),
            Topic::Asked(Question::Together) => pictures::waterfall_plot(self),
            _ => Ok(None),
        }
    }

    /// The table of a section as text, if it has one.
    pub fn table(&self, topic: Topic) -> Option<String> {
        match topic {
            Topic::Asked(Question::Remedies) => steps::alone(self),
            Topic::Asked(Question::Together) => steps::table(self),
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

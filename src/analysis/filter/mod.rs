//! `--where`: which runs are compared, as a small expression language over settings and figures:
//! `optimizer.kind == "adam" && test_accuracy > 0.5`.

#![expect(clippy::result_large_err, reason = "an expression is read once, and an error ends it")]

mod condition;
mod evaluate;
mod syntax;
mod token;
mod types;

use std::borrow::Cow;
use std::ops::Range;

use crate::analysis::names::Names;
use crate::config::{Diagnostic, Origin, Problems, Source, render};
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::runs::record::RunRecord;
use condition::Condition;

/// The most characters of the expression that an error quotes.
const LONGEST_CITATION: usize = 40;

/// A condition on runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    condition: Condition,
}

impl Filter {
    /// Reads an expression. Names are those of `records`, of their figures, and of every setting
    /// that a trial may have; `color` is for the errors.
    ///
    /// # Errors
    /// When it is no expression, a name is unknown, or types do not fit: all that can be found at
    /// once, pointing into the expression.
    pub fn parse(text: &str, records: &[RunRecord], color: bool) -> Result<Filter> {
        Filter::of_option("--where", text, records, color)
    }

    /// Like [`Filter::parse`], where errors name this option.
    ///
    /// # Errors
    /// As for [`Filter::parse`].
    pub fn of_option(
        option: &str,
        text: &str,
        records: &[RunRecord],
        color: bool,
    ) -> Result<Filter> {
        let problems = Problems::new();
        let names = Names::of(records);
        let parsed =
            token::tokens(text).and_then(|tokens| syntax::parse(text, &tokens, &names, &problems));
        let condition = parsed.map_err(|diagnostic| problems.push(diagnostic)).ok();
        match condition {
            Some(condition) if problems.is_empty() => Ok(Filter { condition }),
            _ => {
                let source = Source { name: option.to_owned(), text: text.to_owned() };
                Err(Error::Expression(render(&[source], &problems.into_sorted(), color)))
            }
        }
    }

    /// Whether a run matches the condition. A run without a key or figure equals nothing: every
    /// comparison with it is false, except `!=`.
    pub fn holds(&self, record: &RunRecord) -> bool {
        self.condition.holds(record)
    }
}

/// The runs that match the expression `text`.
///
/// # Errors
/// When `text` is wrong, or no run matches it.
pub fn keep_where(records: Vec<RunRecord>, text: &str, color: bool) -> Result<Vec<RunRecord>> {
    let filter = Filter::parse(text, &records, color)?;
    let all = records.len();
    let kept: Vec<RunRecord> = records.into_iter().filter(|run| filter.holds(run)).collect();
    match kept.is_empty() {
        true => Err(none_matches(text, all)),
        false => Ok(kept),
    }
}

/// The error that none of `all` runs matches the expression.
pub fn none_matches(text: &str, all: usize) -> Error {
    let text = escape_controls(text);
    Error::NothingMatched(match all {
        1 => format!("the run does not match --where '{text}'"),
        _ => format!("none of the {all} runs matches --where '{text}'"),
    })
}

fn origin(span: Range<usize>) -> Origin {
    Origin { source: 0, start: span.start, end: span.end }
}

fn error_at(span: Range<usize>, title: impl Into<String>, label: impl Into<String>) -> Diagnostic {
    Diagnostic::new(origin(span), title, label)
}

/// A part of the expression in an error: safe to print, and not longer than a line.
fn shown(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(LONGEST_CITATION) {
        None => escape_controls(text),
        Some((end, _)) => Cow::Owned(format!("{}...", escape_controls(&text[..end]))),
    }
}

#[cfg(test)]
mod tests;

//! The text of `runner explain`: terms of tables and findings, remedies, and the kinds and keys of experiment
//! files, each from where it is stated once.

mod annotate;
mod chart;
mod list;
mod term;

use crate::config::{meanings, nearest};
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::experiment::{Described, described};
use crate::remedies::REMEDIES;

pub use annotate::{ChartLook, Pictured, picture};
use list::GROUPS;
use term::{Term, plain};

/// The width to which paragraphs are wrapped.
const WIDTH: usize = 96;

/// All terms, a line each, by group.
pub fn terms_text() -> String {
    let mut text = String::new();
    for (heading, terms) in groups() {
        text.push_str(&format!("{heading}\n"));
        for Term { name, summary, .. } in terms {
            let space = " ".repeat(24_usize.saturating_sub(name.chars().count()).max(1));
            text.push_str(&format!("  {name}{space}{summary}\n"));
        }
        text.push('\n');
    }
    let remedies: Vec<&str> = REMEDIES.iter().map(|remedy| remedy.name).collect();
    let remedies = wrapped(&format!("Remedies of `runner whatif`: {}", remedies.join(", ")));
    let rest = wrapped(
        "Also every kind and key of an experiment file: `runner explain cosine`, `runner explain \
         training.ema_decay`. With a run or an experiment file as TARGET, gap, fall, memorising and \
         early stopping are shown on its own curve: `runner explain gap latest`.",
    );
    format!("{text}{remedies}\n\n{rest}\n")
}

/// Whether a term is known.
pub fn is_known(word: &str) -> bool {
    !sections(word).is_empty()
}

/// What a term means: from the terms, the remedies, the kinds and the keys, whatever has this name.
///
/// # Errors
/// When nothing has this name.
pub fn explanation(word: &str) -> Result<String> {
    let sections = sections(word);
    if sections.is_empty() {
        return Err(unknown(word));
    }
    Ok(sections.join("\n"))
}

fn sections(word: &str) -> Vec<String> {
    let wanted = plain(word);
    if wanted.is_empty() {
        return Vec::new();
    }
    let terms = groups().flat_map(|(_, terms)| terms).filter(|term| term.is_called(word));
    let mut sections: Vec<String> = terms.map(|term| term_text(&term)).collect();
    let remedies = REMEDIES.iter().filter(|remedy| plain(remedy.name) == wanted);
    sections.extend(
        remedies.map(|remedy| format!("Remedy {}\n\n{}\n", remedy.name, wrapped(remedy.why))),
    );
    let of_file = described().into_iter();
    let named = of_file.filter(|one| plain(&one.word) == wanted || one.written == word.trim());
    let lines: Vec<String> = named.map(|one| described_text(&one)).collect();
    if !lines.is_empty() {
        sections.push(format!("In an experiment file\n\n{}\n", lines.join("\n")));
    }
    sections
}

fn term_text(term: &Term) -> String {
    let Term { name, summary, text, .. } = term;
    let space = if text.is_empty() { "" } else { "\n\n" };
    format!("{name}: {summary}{space}{text}\n")
}

fn described_text(one: &Described) -> String {
    wrapped(&format!("`{}`: {}", one.written, one.words)).replace('\n', "\n  ")
}

/// The groups of the list with their terms.
fn groups() -> impl Iterator<Item = (&'static str, Vec<Term>)> {
    let read = |files: &[&'static str]| files.iter().map(|file| Term::read(file)).collect();
    GROUPS.iter().map(move |(heading, files)| (*heading, read(files)))
}

fn unknown(word: &str) -> Error {
    let terms: Vec<Term> = groups().flat_map(|(_, terms)| terms).collect();
    let described = described();
    let mut known: Vec<&str> = Vec::new();
    terms.iter().flat_map(Term::words).for_each(|word| known.push(word));
    REMEDIES.iter().for_each(|remedy| known.push(remedy.name));
    described.iter().for_each(|one| known.push(&one.word));
    let foreign = meanings(word).map(|meaning| meaning.ours).find(|ours| !ours.is_empty());
    let near = foreign.or_else(|| nearest(word, known));
    let word = escape_controls(word);
    Error::Usage(match near {
        Some(near) => format!("there is no term `{word}`; did you mean `{near}`?"),
        None => format!("there is no term `{word}`; `runner explain` lists all terms"),
    })
}

/// Words in lines of at most [`WIDTH`] characters.
fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests;

//! A term as its file has it: its name, other words for it, one line that says what it is, and the rest.

use crate::config::squashed;

/// A term that is explained.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    /// What it is called.
    pub(super) name: &'static str,
    /// Other words for it.
    pub(super) also: Vec<&'static str>,
    /// What it is, in one line.
    pub(super) summary: &'static str,
    /// The paragraphs after that.
    pub(super) text: &'static str,
}

impl Term {
    /// Reads a file: the name, `also: a, b` if there are other words, the line that says what it is, and,
    /// after an empty line, the rest.
    pub(super) fn read(file: &'static str) -> Term {
        let (head, text) = file.split_once("\n\n").unwrap_or((file, ""));
        let mut lines = head.lines();
        let name = lines.next().unwrap_or_default();
        let mut summary = lines.next().unwrap_or_default();
        let mut also = Vec::new();
        if let Some(words) = summary.strip_prefix("also: ") {
            also = words.split(", ").collect();
            summary = lines.next().unwrap_or_default();
        }
        Term { name, also, summary, text: text.trim_end() }
    }

    /// Whether a word names it, in any spelling of capitals, spaces and hyphens.
    pub(super) fn is_called(&self, word: &str) -> bool {
        let wanted = plain(word);
        self.words().any(|known| plain(known) == wanted)
    }

    /// All words for it.
    pub(super) fn words(&self) -> impl Iterator<Item = &'static str> {
        [self.name].into_iter().chain(self.also.clone())
    }
}

/// A word in one spelling. Words of signs alone stay as they are.
pub(super) fn plain(word: &str) -> String {
    let squashed = squashed(word);
    if squashed.chars().any(char::is_alphanumeric) { squashed } else { word.trim().to_owned() }
}

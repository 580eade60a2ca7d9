//! Which of the user's own data is left out, and why: files that are not pictures, lines that are
//! not numbers.

use crate::escape::escape_controls;

/// How many left-out items are listed: with a wrong delimiter every line of a table is left out.
const MOST_LISTED: usize = 1000;

/// The left-out items: how many, and the first ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeftOutList {
    first: Vec<LeftOutExample>,
    count: usize,
}

/// A file or line that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOutExample {
    /// A path, or a path and a line.
    pub what: String,
    /// Why, after "it".
    pub reason: String,
}

impl LeftOutList {
    /// Adds one, with control characters escaped, because names and labels may hold anything.
    pub(super) fn push(&mut self, what: impl std::fmt::Display, reason: impl AsRef<str>) {
        self.count += 1;
        if self.first.len() < MOST_LISTED {
            let what = escape_controls(&what.to_string()).into_owned();
            let reason = escape_controls(reason.as_ref()).into_owned();
            self.first.push(LeftOutExample { what, reason });
        }
    }

    /// Adds all of another list.
    pub(super) fn append(&mut self, other: LeftOutList) {
        let room = MOST_LISTED - self.first.len();
        self.first.extend(other.first.into_iter().take(room));
        self.count += other.count;
    }

    /// How much was left out.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The first ones.
    pub fn first(&self) -> Option<&LeftOutExample> {
        self.first.first()
    }

    /// The first up to `most`, a line each, and how many more there are.
    pub fn lines(&self, most: usize) -> Vec<String> {
        let shown = self.first.iter().take(most);
        let mut lines: Vec<String> =
            shown.map(|LeftOutExample { what, reason }| format!("{what} {reason}")).collect();
        if self.count > lines.len() {
            lines.push(format!("and {} more", self.count - lines.len()));
        }
        lines
    }
}

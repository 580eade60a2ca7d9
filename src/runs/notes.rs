//! `notes.toml`: what people wrote about a run. It decides nothing: no id, no result, no table's figures.

mod change;

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::runs::folder::{file, read_if_there};

pub use change::NoteChange;

/// Version of the layout.
const VERSION: u32 = 1;
/// The longest tag.
const LONGEST_TAG: usize = 64;

/// The content of `notes.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notes {
    /// Layout version.
    version: u32,
    /// Words to find the run by, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// What was written, the oldest first.
    #[serde(default, rename = "note", skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// RFC 3339, UTC.
    pub date: String,
    /// What it says.
    pub text: String,
}

impl Notes {
    /// Whether nothing was written.
    pub fn is_empty(&self) -> bool {
        self.tags.is_empty() && self.notes.is_empty()
    }

    /// The notes of a run folder. A file that cannot be read is a note that says so: it hides no run.
    pub fn of(folder: &Path) -> Notes {
        Notes::read(folder).unwrap_or_else(|error| {
            let text = error.chain();
            let notes = vec![Note { date: String::new(), text }];
            Notes { version: VERSION, tags: Vec::new(), notes }
        })
    }

    /// The notes of a run folder, empty without any.
    ///
    /// # Errors
    /// If the file cannot be read, or is not what `runner note` writes.
    pub fn read(folder: &Path) -> Result<Notes> {
        let path = folder.join(file::NOTES);
        let bytes = read_if_there(&path)?;
        Notes::parse(&path, bytes)
    }

    /// What the bytes of a file say; of none, nothing.
    fn parse(path: &Path, bytes: Option<Vec<u8>>) -> Result<Notes> {
        let Some(bytes) = bytes else { return Ok(Notes::default()) };
        let damaged = |problem: String| Error::Damaged {
            path: path.to_owned(),
            problem: format!("it is not a file of notes: {problem}"),
        };
        let text = String::from_utf8(bytes).map_err(|e| damaged(e.to_string()))?;
        let notes: Notes = toml::from_str(&text).map_err(|e| damaged(e.message().to_owned()))?;
        match notes.version {
            VERSION => Ok(notes),
            other => {
                Err(damaged(format!("its version is {other}, and this program knows {VERSION}")))
            }
        }
    }

    /// As they are written.
    fn text(&self) -> Result<String> {
        let notes = Notes { version: VERSION, ..self.clone() };
        toml::to_string(&notes).map_err(|e| Error::Unexpected(format!("cannot write TOML: {e}")))
    }

    /// Adds a tag; it is there once.
    ///
    /// # Errors
    /// If it is no tag: letters, digits, `-`, `_`, `.` and `/`.
    pub fn tag(&mut self, tag: &str) -> Result<()> {
        let is_of_tags = |c: char| c.is_alphanumeric() || "-_./".contains(c);
        if tag.is_empty() || tag.chars().count() > LONGEST_TAG || !tag.chars().all(is_of_tags) {
            return Err(Error::Usage(format!(
                "{tag:?} is no tag: 1 to {LONGEST_TAG} letters, digits, `-`, `_`, `.` and `/`"
            )));
        }
        if !self.has_tag(tag) {
            self.tags.push(tag.to_owned());
            self.tags.sort();
        }
        Ok(())
    }

    /// Takes a tag away; whether it was there.
    pub fn untag(&mut self, tag: &str) -> bool {
        let count = self.tags.len();
        self.tags.retain(|other| other != tag);
        self.tags.len() < count
    }

    /// Whether it has the tag.
    pub fn has_tag(&self, tag: &str) -> bool {
        self.tags.iter().any(|other| other == tag)
    }

    /// Tags and notes in one line: `#kept #slow; looks odd`.
    pub fn line(&self) -> String {
        let tags: Vec<String> = self.tags.iter().map(|tag| format!("#{tag}")).collect();
        let tags = (!tags.is_empty()).then(|| tags.join(" "));
        let texts = self.notes.iter().map(|note| note.text.clone());
        tags.into_iter().chain(texts).collect::<Vec<_>>().join("; ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Notes::read(folder.path()).unwrap(), Notes::default());
        let mut notes = Notes::default();
        notes.tag("slow").unwrap();
        notes.tag("kept/2").unwrap();
        notes.tag("slow").unwrap();
        let (date, text) = ("2026-11-29T09:00:00Z".to_owned(), "odd \"curve\"\n次".to_owned());
        notes.notes.push(Note { date, text });
        std::fs::write(folder.path().join(file::NOTES), notes.text().unwrap()).unwrap();
        let read = Notes::read(folder.path()).unwrap();
        assert_eq!((&read.tags, &read.notes), (&notes.tags, &notes.notes));
        assert_eq!(read.line(), "#kept/2 #slow; odd \"curve\"\n次");
        insta::assert_snapshot!(std::fs::read_to_string(folder.path().join(file::NOTES)).unwrap());
        notes.untag("slow");
        assert!(notes.has_tag("kept/2") && !notes.has_tag("slow") && !notes.untag("slow"));
        for wrong in ["", "a b", "x\u{1b}", &"x".repeat(65)] {
            assert!(notes.tag(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_damaged_file_is_said_and_hides_nothing() {
        let folder = tempfile::tempdir().unwrap();
        for wrong in ["", "version = 2\n", "version = 1\nx = 1\n", "\u{0}"] {
            std::fs::write(folder.path().join(file::NOTES), wrong).unwrap();
            assert!(Notes::read(folder.path()).is_err(), "{wrong:?}");
            assert!(Notes::of(folder.path()).line().contains("it is not a file of notes"));
        }
    }
}

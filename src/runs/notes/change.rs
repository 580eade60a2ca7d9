//! A change of what is noted about a run, which takes nothing away that others write at the same time.

use std::path::Path;

use chrono::{SecondsFormat, Utc};

use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::runs::folder::{FolderLock, file, read_if_there, replace_file_if};
use crate::runs::notes::{Note, Notes};

/// How often notes that others change meanwhile are read anew.
const MOST_ATTEMPTS: usize = 100;

/// What is to be written about a run.
#[derive(Debug, Clone, Default)]
pub struct NoteChange {
    /// A note.
    pub text: String,
    /// Tags to add.
    pub tags: Vec<String>,
    /// Tags to take away.
    pub untags: Vec<String>,
}

impl NoteChange {
    /// Writes it into the folder of run `id`; what is noted then. Nothing is written if nothing changes. What other
    /// processes write at the same time is kept.
    ///
    /// # Errors
    /// If a tag is none or not there, or the notes cannot be read or written.
    pub fn write(&self, id: &str, folder: &Path) -> Result<Notes> {
        let _lock = FolderLock::of(folder)?;
        self.write_unlocked(id, folder, || ())
    }

    /// Where the file system has no locks, another may have written since the notes were read: then all begins
    /// anew. `in_between` is what happens before the new ones get their name.
    fn write_unlocked(&self, id: &str, folder: &Path, in_between: impl Fn()) -> Result<Notes> {
        for _ in 0..MOST_ATTEMPTS {
            let path = folder.join(file::NOTES);
            let before = read_if_there(&path)?;
            let mut notes = Notes::parse(&path, before.clone())?;
            if !self.change(id, &mut notes)? {
                return Ok(notes);
            }
            let text = notes.text()?;
            let is_written = replace_file_if(&path, text.as_bytes(), || {
                in_between();
                Ok(read_if_there(&path)? == before)
            })?;
            if is_written {
                return Ok(notes);
            }
        }
        Err(Error::Unexpected(format!(
            "the notes of run {id} were changed by others {MOST_ATTEMPTS} times meanwhile: write the note again"
        )))
    }

    /// Changes notes; whether they are others then.
    fn change(&self, id: &str, notes: &mut Notes) -> Result<bool> {
        let before = notes.clone();
        for tag in &self.tags {
            notes.tag(tag)?;
        }
        for tag in &self.untags {
            if !notes.untag(tag) {
                let tag = escape_controls(tag);
                return Err(Error::NothingMatched(format!("run {id} has no tag {tag}")));
            }
        }
        if !self.text.trim().is_empty() {
            let date = Utc::now().to_rfc3339_opts(SecondsFormat::Secs, true);
            notes.notes.push(Note { date, text: self.text.clone() });
        }
        Ok(*notes != before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(text: &str) -> NoteChange {
        NoteChange { text: text.to_owned(), ..NoteChange::default() }
    }

    #[test]
    fn what_many_write_at_once_is_all_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                scope.spawn(move || {
                    for number in 0..8 {
                        let tags = vec![format!("{writer}/{number}")];
                        let change = NoteChange { tags, ..note(&format!("{number} of {writer}")) };
                        change.write("0123456789ab", path).unwrap();
                    }
                });
            }
        });
        let notes = Notes::read(path).unwrap();
        assert_eq!((notes.notes.len(), notes.tags.len()), (32, 32));
        let files: Vec<_> = std::fs::read_dir(path).unwrap().flatten().collect();
        assert_eq!(files.len(), 1, "nothing else is left: {files:?}");
    }

    #[test]
    fn without_locks_what_was_written_in_between_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        let times = std::cell::Cell::new(0);
        let other = || {
            times.set(times.get() + 1);
            if times.get() <= 3 {
                let text = format!("other {}", times.get());
                note(&text).write_unlocked("0123456789ab", path, || ()).unwrap();
            }
        };
        let notes = note("own").write_unlocked("0123456789ab", path, other).unwrap();
        assert_eq!(notes.line(), "other 1; other 2; other 3; own");
        assert_eq!(Notes::read(path).unwrap().notes, notes.notes);
        let always = || {
            let text = format!("{:?}", std::time::Instant::now());
            note(&text).write_unlocked("0123456789ab", path, || ()).unwrap();
        };
        let refused = note("lost?").write_unlocked("0123456789ab", path, always).unwrap_err();
        assert!(refused.chain().contains("write the note again"), "said, not lost");
    }
}

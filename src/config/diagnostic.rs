//! A problem in an experiment file, and the list that collects all of them.

use std::cell::{Cell, RefCell};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Origin, WantedType};

/// One problem and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The place it refers to; an empty range at byte 0 means the whole file.
    pub origin: Origin,
    /// The headline. Two diagnostics with the same title and origin are the same problem, so
    /// details that differ between grid points belong in the label.
    pub title: String,
    /// Shown next to the underlined source.
    pub label: String,
    /// What to do about it.
    pub help: Option<String>,
    /// A related place.
    pub related: Option<(Origin, String)>,
    /// The type that the value should have, where it has another.
    pub wanted: Option<WantedType>,
}

impl Diagnostic {
    /// A problem at a place.
    pub fn new(origin: Origin, title: impl Into<String>, label: impl Into<String>) -> Diagnostic {
        let (title, label) = (title.into(), label.into());
        Diagnostic { origin, title, label, help: None, related: None, wanted: None }
    }

    /// Adds what to do about it.
    pub fn help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// Adds a related place.
    pub fn related(mut self, origin: Origin, label: impl Into<String>) -> Diagnostic {
        self.related = Some((origin, label.into()));
        self
    }
}

/// The most diagnostics that a list keeps; the others are only counted. A generated file may have
/// an error in each of a million lines, and nobody reads more than the first few.
pub(super) const MOST_KEPT: usize = 200;

/// Collects diagnostics. Grid points repeat them, so each is kept once.
#[derive(Debug, Default)]
pub struct Problems {
    list: RefCell<Vec<Diagnostic>>,
    /// Hashes of origin and title.
    seen: RefCell<HashSet<u64>>,
    left_out: Cell<usize>,
    /// Whether a text is not valid TOML.
    syntax_errors: Cell<bool>,
    /// Where paths begin that are relative: of each source its own folder.
    folders: Vec<PathBuf>,
    /// Every key of a file, for suggestions.
    keys: Arc<[String]>,
}

impl Problems {
    /// Starts an empty list.
    pub fn new() -> Problems {
        Problems::default()
    }

    /// States the folder of each source.
    pub fn state_folders(&mut self, folders: Vec<PathBuf>) {
        self.folders = folders;
    }

    /// States every key and table that a file may have, by its whole name, for suggestions.
    pub fn state_keys(&mut self, keys: Vec<String>) {
        self.keys = keys.into();
    }

    /// Every key and table that a file may have.
    pub fn known_keys(&self) -> &[String] {
        &self.keys
    }

    /// An empty list for what is read from the same sources.
    pub fn apart(&self) -> Problems {
        let (folders, keys) = (self.folders.clone(), Arc::clone(&self.keys));
        Problems { folders, keys, ..Problems::default() }
    }

    /// Where paths that a source states begin; empty: the working directory. What `--set` states counts
    /// as if the experiment file, the first source, stated it.
    pub fn folder_of(&self, source: usize) -> &Path {
        let folder = self.folders.get(source).or(self.folders.first());
        folder.map_or(Path::new(""), PathBuf::as_path)
    }

    /// Adds one unless it is already there.
    pub fn push(&self, diagnostic: Diagnostic) {
        let mut identity = DefaultHasher::new();
        (diagnostic.origin, &diagnostic.title).hash(&mut identity);
        if !self.seen.borrow_mut().insert(identity.finish()) {
            return;
        }
        match self.is_full() {
            true => self.left_out.set(self.left_out.get() + 1),
            false => self.list.borrow_mut().push(diagnostic),
        }
    }

    /// Whether no more are kept, so that composing further ones can be skipped.
    pub fn is_full(&self) -> bool {
        self.list.borrow().len() >= MOST_KEPT
    }

    /// Adds all of another list.
    pub fn extend(&self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        diagnostics.into_iter().for_each(|d| self.push(d));
    }

    /// Whether nothing is wrong so far.
    pub fn is_empty(&self) -> bool {
        self.list.borrow().is_empty()
    }

    /// How many there are, including those not kept.
    pub fn len(&self) -> usize {
        self.list.borrow().len() + self.left_out.get()
    }

    /// The kept ones, by position.
    pub fn into_sorted(self) -> Vec<Diagnostic> {
        let mut list = self.list.into_inner();
        list.sort_by_key(|d| d.origin);
        list
    }

    /// Whether a text is not valid TOML, so that its tree cannot be relied on.
    pub fn has_syntax_errors(&self) -> bool {
        self.syntax_errors.get()
    }

    /// Adds one that makes the rest of its text unreliable.
    pub fn push_syntax_error(&self, diagnostic: Diagnostic) {
        self.syntax_errors.set(true);
        self.push(diagnostic);
    }
}

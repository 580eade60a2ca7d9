//! Where a key or value was written: the experiment file or a `--set` text.

/// A text that contains keys and values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Shown before line and column: a path, or `--set`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A range of bytes in one of the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin {
    /// Index into the list of sources.
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

impl Origin {
    /// Whether another place lies within this one.
    pub fn holds(self, place: Origin) -> bool {
        self.source == place.source && self.start <= place.start && place.end <= self.end
    }

    /// The start of a source: for what is missing from all of it.
    pub fn start_of(source: usize) -> Origin {
        Origin { source, start: 0, end: 0 }
    }
}

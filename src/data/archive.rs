//! How every published dataset is described: fetching, reading and checking need nothing else.

/// A published dataset: its folder, the files in it, and where they can be downloaded.
///
/// The library accepts any description, not only those of the catalog, so tests can serve small
/// archives of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Archive {
    /// What `kind` and `runner data fetch` call it.
    pub name: String,
    /// One line for people.
    pub title: String,
    /// Its folder inside the data folder, and inside a tar archive.
    pub folder: String,
    /// How the files are read.
    pub format: ArchiveFormat,
    /// What the folder must hold.
    pub files: Vec<ArchiveFile>,
    /// What must be downloaded to get these files.
    pub downloads: Vec<Download>,
}

/// How a dataset's files are laid out and packed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveFormat {
    /// Records of one label byte and 3072 pixels; one `.tar.gz`.
    Cifar10,
    /// Records of a coarse and a fine label byte and 3072 pixels; one `.tar.gz`.
    Cifar100,
    /// Four IDX files of 28x28 grey images and their labels; each downloaded by itself, gzipped.
    Idx {
        /// The names of the classes, which the files do not contain.
        class_names: Vec<String>,
    },
}

/// One file of an unpacked dataset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveFile {
    /// Its name inside the folder.
    pub name: String,
    /// How long it is, unpacked.
    pub size: FileSize,
}

/// The size that a file must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileSize {
    /// Exactly this many bytes.
    Exactly(u64),
    /// Text whose length may differ between editions: at most this many bytes.
    AtMost(u64),
}

/// One file to download.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// The official address; a mirror has a file of the same name.
    pub url: String,
    /// The published SHA-256, in hex.
    pub sha256: String,
    /// Its size.
    pub bytes: u64,
}

impl FileSize {
    /// The most bytes that the file may have.
    pub fn limit(self) -> u64 {
        match self {
            FileSize::Exactly(bytes) | FileSize::AtMost(bytes) => bytes,
        }
    }

    /// Whether a file of this size can be it.
    pub fn allows(self, bytes: u64) -> bool {
        match self {
            FileSize::Exactly(exactly) => bytes == exactly,
            FileSize::AtMost(most) => 0 < bytes && bytes <= most,
        }
    }
}

impl Download {
    /// The last part of the address.
    pub fn file_name(&self) -> &str {
        self.url.rsplit('/').next().unwrap_or(&self.url)
    }
}

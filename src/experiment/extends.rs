//! `extends`: an experiment file, the file that it extends, and so on, as one tree.

use std::fs;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

use super::merge::merge;
use crate::config::{Diagnostic, Node, Origin, Problems, Source, TomlTable, Value, parse_document};
use crate::error::{Error, Result};
use crate::escape::escape_controls;

/// As many bytes as an experiment file may have. One that lists the seeds of 100,000 trials, or excludes
/// 20,000 points, has less than two million.
const MOST_BYTES: u64 = 4 << 20;
/// As many files as may extend each other.
const MOST_FILES: usize = 16;
/// Keys that belong to one file: they are not taken over from the file that it extends.
const OF_ONE_FILE: [&str; 2] = ["name", "description"];

/// The files of an experiment.
pub(super) struct Files {
    /// The experiment file, the one that it extends, and so on.
    pub(super) sources: Vec<Source>,
    /// The folder of each.
    pub(super) folders: Vec<PathBuf>,
    /// What they say together.
    pub(super) root: TomlTable,
}

/// The content of an experiment file, which may be a pipe, but not an endless one.
///
/// # Errors
/// [`Error::Experiment`] if it cannot be read.
pub(super) fn read_experiment(path: &Path) -> Result<Vec<u8>> {
    read_bytes(path).map_err(|error| {
        let path = path.display().to_string();
        Error::Experiment(format!("error: cannot read {}: {error}", escape_controls(&path)))
    })
}

fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > MOST_BYTES {
        true => Err(io::Error::new(
            ErrorKind::FileTooLarge,
            format!("it is larger than {} MiB", MOST_BYTES >> 20),
        )),
        false => Ok(bytes),
    }
}

/// Reads what the file at `path`, whose content is known, says together with the files that it extends.
pub(super) fn read_files(path: &Path, bytes: &[u8], problems: &Problems) -> Files {
    let mut files = Files { sources: Vec::new(), folders: Vec::new(), root: TomlTable::new() };
    let mut trees = vec![files.add(path, bytes, problems)];
    let mut chain = vec![identity(path)];
    while let Some(extends) = trees.last_mut().and_then(|tree| tree.remove("extends")) {
        let origin = extends.node.origin;
        let report = |title: String, label: String| {
            problems.push_syntax_error(Diagnostic::new(origin, title, label)); // its keys are unknown
        };
        let Some(base) = base_path(&extends.node, &files.folders[origin.source], problems) else {
            break;
        };
        if let Some(place) = chain.iter().position(|file| *file == identity(&base)) {
            let names: Vec<&str> =
                files.sources[place..].iter().map(|source| source.name.as_str()).collect();
            let label = format!("{} -> {}", names.join(" -> "), names[0]);
            report("a file cannot extend itself".to_owned(), label);
            break;
        }
        if chain.len() == MOST_FILES {
            let label = format!("at most {MOST_FILES} files can extend each other");
            report("too many files extend each other".to_owned(), label);
            break;
        }
        match read_bytes(&base) {
            Ok(of_base) => trees.push(files.add(&base, &of_base, problems)),
            Err(error) => {
                let name = base.display().to_string();
                let title = format!("cannot read {}", escape_controls(&name));
                report(title, error.to_string());
                break;
            }
        }
        chain.push(identity(&base));
    }
    files.root = trees.pop().unwrap_or_default();
    for tree in trees.into_iter().rev() {
        files.root.entries.retain(|entry| !OF_ONE_FILE.contains(&entry.key.as_str()));
        merge(&mut files.root, tree, problems);
    }
    files
}

impl Files {
    /// Parses a further file.
    fn add(&mut self, path: &Path, bytes: &[u8], problems: &Problems) -> TomlTable {
        let index = self.sources.len();
        let text = String::from_utf8_lossy(bytes).into_owned();
        report_not_utf8(bytes, index, problems);
        let tree = parse_document(&text, index, problems);
        let name = escape_controls(&path.display().to_string()).into_owned();
        self.sources.push(Source { name, text });
        self.folders.push(path.parent().unwrap_or(Path::new("")).to_owned());
        tree
    }
}

/// The path that `extends` states, which is relative to the file that states it.
fn base_path(node: &Node, folder: &Path, problems: &Problems) -> Option<PathBuf> {
    let wrong = |title: &str, label: String| {
        let example = "for example extends = \"baseline.toml\"";
        problems.push_syntax_error(Diagnostic::new(node.origin, title, label).help(example));
        None
    };
    match &node.value {
        Value::String(text) if text.is_empty() => {
            wrong("`extends` is not a path", "is empty".to_owned())
        }
        Value::String(text) => Some(folder.join(text)),
        Value::Invalid => None,
        other => {
            let label = format!("expected a path, found {}", other.type_name());
            wrong("`extends` has the wrong type", label)
        }
    }
}

/// What two paths to one file have in common.
fn identity(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

fn report_not_utf8(bytes: &[u8], source: usize, problems: &Problems) {
    if let Err(error) = std::str::from_utf8(bytes) {
        let start = error.valid_up_to();
        let end = start + char::REPLACEMENT_CHARACTER.len_utf8();
        let label = "TOML cannot hold this text";
        let origin = Origin { source, start, end };
        problems.push_syntax_error(Diagnostic::new(origin, "the file is not UTF-8", label));
    }
}

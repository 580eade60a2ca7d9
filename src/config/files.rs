//! Paths relative to the file that names them, and lists of names.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Node, TableReader, Value, WantedType};

impl TableReader<'_> {
    /// A path, made absolute and with links resolved as far as it exists.
    pub fn optional_path(&mut self, key: &'static str) -> Option<String> {
        let text = self.optional_string(key)?;
        let source = self.entry(key).map_or(0, |entry| entry.node.origin.source);
        let title = format!("`{}` is not a path", self.name(key));
        if text.is_empty() {
            self.error(key, title, "is empty".to_owned(), None);
            return None;
        }
        let path =
            whole(&self.problems.folder_of(source).join(text)).into_os_string().into_string();
        if let Err(path) = &path {
            let label = format!("{} is not UTF-8", path.display());
            self.error(key, title, label, None);
        }
        path.ok()
    }

    /// A string that is not empty.
    pub fn optional_filled(&mut self, key: &'static str, example: &str) -> Option<String> {
        let text = self.optional_string(key)?;
        if text.is_empty() {
            let title = format!("`{}` is empty", self.name(key));
            self.error(key, title, format!("for example {example}"), None);
        }
        Some(text).filter(|text| !text.is_empty())
    }

    /// A list of texts, or nothing.
    pub fn optional_strings(&mut self, key: &'static str) -> Option<Vec<String>> {
        let name = self.name(key);
        let Node { origin, value } = &self.entry(key)?.node;
        let Value::Array(items) = value else {
            self.wrong_type(*origin, &name, WantedType::Texts, value);
            return None;
        };
        let text = |item: &Node| match &item.value {
            Value::String(text) => Some(text.clone()),
            other => {
                self.wrong_type(item.origin, &name, WantedType::Text, other);
                None
            }
        };
        Some(items.iter().filter_map(text).collect())
    }
}

/// The same place, whatever the working directory.
fn whole(path: &Path) -> PathBuf {
    let absolute = || std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    fs::canonicalize(path).unwrap_or_else(|_| absolute())
}

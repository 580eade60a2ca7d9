//! The files of `src` as text, without their tests and comments.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of `src`.
pub(crate) struct SourceFile {
    /// Its path below `src`.
    pub(crate) path: PathBuf,
    text: String,
}

impl SourceFile {
    /// The name of the module below the crate's root that it belongs to.
    pub(crate) fn module(&self) -> &str {
        let first = self.path.iter().next().and_then(|part| part.to_str()).unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// The lines with code, with their numbers, up to the tests at the end.
    pub(crate) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(index, line)| (index + 1, line));
        let code = lines.take_while(|(_, line)| *line != "mod tests {");
        code.filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

/// All files of `src` but those that only tests are made of.
pub(crate) fn source_files() -> Vec<SourceFile> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &root, &mut files);
    let of_tests = modules_of_tests(&files);
    files.retain(|file| !of_tests.iter().any(|module| file.path.starts_with(module)));
    assert!(files.len() > 100, "the source is here");
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<SourceFile>) {
    for entry in fs::read_dir(folder).expect("src can be listed") {
        let path = entry.expect("src can be listed").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source file is text");
            files.push(SourceFile {
                path: path.strip_prefix(root).expect("it lies below").to_owned(),
                text,
            });
        }
    }
}

/// The files and folders of modules that are there in tests alone: `#[cfg(test)] mod samples;`.
fn modules_of_tests(files: &[SourceFile]) -> Vec<PathBuf> {
    let mut modules = Vec::new();
    for file in files {
        let folder = match file.path.file_name().and_then(|name| name.to_str()) {
            Some("mod.rs" | "lib.rs") => file.path.with_file_name(""),
            _ => file.path.with_extension(""),
        };
        let lines: Vec<&str> = file.text.lines().map(str::trim).collect();
        for pair in lines.windows(2) {
            let is_of_tests = pair[0].starts_with("#[cfg(") && pair[0].contains("test");
            let name = pair[1].strip_suffix(';').and_then(|line| line.split("mod ").nth(1));
            if let (true, Some(name)) = (is_of_tests, name) {
                modules.push(folder.join(format!("{name}.rs")));
                modules.push(folder.join(name));
            }
        }
    }
    modules
}

/// The modules of the crate's root, from the top floor down.
pub(crate) fn order_of_modules() -> Vec<String> {
    let lib = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs");
    let text = fs::read_to_string(lib).expect("src/lib.rs can be read");
    let modules = text.lines().filter_map(|line| line.strip_suffix(';')?.split_once("mod "));
    modules
        .filter(|(before, _)| before.is_empty() || before.starts_with("pub"))
        .map(|(_, name)| name.to_owned())
        .collect()
}

//! Flags with which a suggested command finds the same runs as the current one.

use std::path::Path;

use crate::shell::path_word;

/// The default folder of run folders.
pub const RUNS_DIR: &str = "runs";

/// The flag for a command in a message, with a space before it.
pub fn runs_dir_flag(runs_dir: &Path) -> String {
    match runs_dir == Path::new(RUNS_DIR) {
        true => String::new(),
        false => format!(" --runs-dir {}", path_word(runs_dir)),
    }
}

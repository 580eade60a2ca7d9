//! Names of files may be bytes of any kind; TOML, JSON and CSV, in which runs are written, hold none but
//! UTF-8. One rule for all commands: what is typed has to be UTF-8.

use std::ffi::{OsStr, OsString};

use crate::error::{Error, Result};

/// How the names of variables begin that say what a flag says.
const PREFIX: &str = "RUNNER_";

/// Checks arguments and the variables that stand for flags.
///
/// # Errors
/// Names the first that is not UTF-8.
pub(super) fn check(
    mut arguments: impl Iterator<Item = OsString>,
    mut variables: impl Iterator<Item = (OsString, OsString)>,
) -> Result<()> {
    if let Some(argument) = arguments.find(|argument| argument.to_str().is_none()) {
        return Err(not_utf8("the argument", &argument));
    }
    let is_ours = |name: &OsStr| name.to_str().is_some_and(|name| name.starts_with(PREFIX));
    match variables.find(|(name, value)| is_ours(name) && value.to_str().is_none()) {
        Some((name, value)) => {
            Err(not_utf8(&format!("the variable {}:", name.to_string_lossy()), &value))
        }
        None => Ok(()),
    }
}

fn not_utf8(what: &str, text: &OsStr) -> Error {
    // The bytes themselves: one replacement character looks like the other.
    let shown = text.as_encoded_bytes().escape_ascii();
    Error::Usage(format!(
        "{what} {shown} is not UTF-8, but run records must be: rename the file or folder"
    ))
}

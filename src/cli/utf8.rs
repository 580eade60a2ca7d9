//! File names may contain any bytes, but TOML, JSON and CSV, in which runs are written, must be
//! UTF-8. One rule for all commands: arguments must be UTF-8.

use std::ffi::{OsStr, OsString};

use crate::error::{Error, Result};

/// Prefix of the variables that stand for flags.
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
    // Shows the bytes themselves, because all replacement characters look the same.
    let shown = text.as_encoded_bytes().escape_ascii();
    Error::Usage(format!(
        "{what} {shown} is not UTF-8, as all that this program records is: write it in UTF-8, or rename the file or folder"
    ))
}

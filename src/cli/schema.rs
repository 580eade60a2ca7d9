//! `runner schema`: prints the JSON Schema of experiment files.

use std::io::{self, Write};

use crate::error::{Error, Result};
use crate::experiment::schema_text;

/// Prints the schema to stdout.
///
/// # Errors
/// When stdout cannot be written to.
pub fn run() -> Result<()> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(schema_text().as_bytes())
        .map_err(Error::io("write", "standard output"))
}

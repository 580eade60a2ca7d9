//! What the program says to whoever watches it work.

use std::io::{self, Write};

/// One line on stderr; that nobody reads it is no reason to stop (`eprintln!` would panic).
pub(crate) fn say(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

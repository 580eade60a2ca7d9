//! Messages to the user while the program works.

use std::io::{self, Write};

use crate::escape::escape_lines;

/// Prints one or more lines on stderr, escaped, because names of files, servers and experiments may
/// contain anything.
pub(crate) fn say(message: &str) {
    say_styled(&escape_lines(message));
}

/// Like [`say`], for text with colours whose foreign parts are already escaped. A closed stderr is
/// ignored (`eprintln!` would panic).
pub(crate) fn say_styled(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

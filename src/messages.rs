//! What the program says to whoever watches it work.

use std::io::{self, Write};

use crate::escape::escape_lines;

/// A line on stderr, or several. Names of files, servers and experiments are part of it, and may hold
/// anything.
pub(crate) fn say(message: &str) {
    say_styled(&escape_lines(message));
}

/// As [`say`] for a text that has colours: whoever made it has escaped what is not its own. That
/// nobody reads it is no reason to stop (`eprintln!` would panic).
pub(crate) fn say_styled(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

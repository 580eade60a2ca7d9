//! Messages to the user while the program works.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::sync::Mutex;

use crate::escape::escape_lines;

/// Prints one or more lines on stderr, escaped, because names of files, servers and experiments may
/// contain anything.
pub(crate) fn say(message: &str) {
    say_styled(&escape_lines(message));
}

/// Like [`say`], unless this process has said it before: a command may read the same data several times.
pub(crate) fn say_once(message: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    if SAID.lock().is_ok_and(|mut said| said.insert(message.to_owned())) {
        say(message);
    }
}

/// Like [`say`], for text with colours whose foreign parts are already escaped. A closed stderr is
/// ignored (`eprintln!` would panic).
pub(crate) fn say_styled(message: &str) {
    let _ = writeln!(io::stderr(), "{message}");
}

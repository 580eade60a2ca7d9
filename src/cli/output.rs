//! What subcommands share in writing: text for standard output at once, width of the terminal.

use std::io::Write;

use crate::error::{Error, Result};
use crate::escape::escape_lines;
use crate::report::{Format, Table};

/// Writes to what stands for standard output. A closed pipe is an [`Error::Io`] whose source says
/// so, for `main` to end quietly.
pub(super) fn write_text(out: &mut dyn Write, text: &str) -> Result<()> {
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Error::io("write to", "standard output"))
}

/// Writes messages to what stands for standard error, a line each; they are lost where it is
/// closed, which is no reason to fail.
pub(super) fn write_messages(err: &mut dyn Write, messages: &[String]) {
    for message in messages {
        if writeln!(err, "{}", escape_lines(message)).is_err() {
            return;
        }
    }
}

/// The table as text, as wide as the terminal where standard output is one.
pub(super) fn render(table: &Table, format: Format) -> Result<String> {
    table.render(format, terminal_width())
}

/// Columns of the terminal; `None` where output goes to a file or pipe.
pub(super) fn terminal_width() -> Option<u16> {
    rustix::termios::tcgetwinsize(std::io::stdout())
        .ok()
        .map(|size| size.ws_col)
        .filter(|columns| *columns > 0)
}

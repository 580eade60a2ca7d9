//! Output shared by subcommands: text for standard output in one write, the terminal's width.

use std::env;
use std::io::Write;

use crate::error::{Error, Result};
use crate::escape::escape_lines;
use crate::table::{Format, Look, Table};

/// Writes to standard output. A closed pipe is an [`Error::Io`] whose source says so, so that
/// `main` ends quietly.
pub(super) fn write_text(out: &mut dyn Write, text: &str) -> Result<()> {
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(Error::io("write to", "standard output"))
}

/// Writes messages to standard error, a line each; if it is closed, they are lost, which is not an
/// error.
pub(super) fn write_messages(err: &mut dyn Write, messages: &[String]) {
    for message in messages {
        if writeln!(err, "{}", escape_lines(message)).is_err() {
            return;
        }
    }
}

/// The texts around a table.
pub(super) struct TableNotes<'a> {
    /// Above the table; empty if nothing is to be said there.
    pub(super) heading: &'a str,
    /// Lines right under the table.
    pub(super) verdicts: &'a [String],
    /// The units of the table as people see it.
    pub(super) legend: &'a str,
    /// A line each.
    pub(super) notes: &'a [String],
    /// The sentences at the end.
    pub(super) answer: &'a [String],
    /// The evidence for a table that is published elsewhere, a line each.
    pub(super) evidence: &'a [String],
}

/// Writes a table and its texts. For a terminal it is `drawn`; programs get only the table on
/// `out`, and texts for people go to `err`.
pub(super) fn write_said(
    table: &Table,
    drawn: impl FnOnce() -> String,
    said: &TableNotes<'_>,
    format: Format,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<()> {
    let heading = match said.heading {
        "" => String::new(),
        heading => format!("{heading}\n\n"),
    };
    let mut below: Vec<String> = said.verdicts.to_vec();
    below.extend((!below.is_empty()).then(String::new));
    below.push(said.legend.to_owned());
    below.extend(said.notes.iter().cloned());
    below.extend([String::new(), said.answer.join(" ")]);
    let evidence = format.comment(said.evidence);
    let text = match format {
        Format::Table => format!("{heading}{}\n{}\n", drawn(), below.join("\n")),
        Format::Markdown => {
            let table = table.render(format, None)?;
            format!("{heading}{table}\n{}\n\n{evidence}", below.join("\n"))
        }
        // A LaTeX document includes the file unchanged, so the texts are comments.
        Format::Latex => {
            let table = table.render(format, None)?;
            format!("{table}{}%\n{evidence}", format.comment(&below))
        }
        Format::Csv | Format::Json => {
            write_messages(err, said.notes);
            write_messages(err, &[said.answer.join(" ")]);
            table.render(format, None)?
        }
    };
    write_text(out, &text)
}

/// The table as text, as wide as the terminal if standard output is one.
pub(super) fn render(table: &Table, format: Format) -> Result<String> {
    match format {
        Format::Table => Ok(table.draw(&look(false), &[])),
        _ => table.render(format, None),
    }
}

/// What standard output shows; a file or pipe shows everything.
pub(super) fn look(color: bool) -> Look {
    let width = terminal_width();
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].map(|name| env::var(name).unwrap_or_default());
    Look { width, color, ascii: width.is_some() && !is_utf8(&locale) }
}

/// Whether the locale has UTF-8: the first of its variables that is set decides; without any, the
/// locale is C, which does not have UTF-8.
fn is_utf8(variables: &[String]) -> bool {
    let locale = variables.iter().find(|value| !value.is_empty());
    let locale = locale.map(|value| value.to_lowercase().replace('-', ""));
    locale.is_some_and(|locale| locale.contains("utf8"))
}

/// Columns of the terminal; `None` if output goes to a file or pipe.
pub(super) fn terminal_width() -> Option<u16> {
    rustix::termios::tcgetwinsize(std::io::stdout())
        .ok()
        .map(|size| size.ws_col)
        .filter(|columns| *columns > 0)
}

#[cfg(test)]
mod tests {
    use super::is_utf8;

    #[test]
    fn first_variable_that_is_set_decides() {
        let is_utf8 = |values: [&str; 3]| is_utf8(&values.map(str::to_owned));
        assert!(is_utf8(["", "", "en_US.UTF-8"]) && is_utf8(["", "C.utf8", "C"]));
        assert!(!is_utf8(["C", "", "en_US.UTF-8"]) && !is_utf8(["", "", ""]));
        assert!(!is_utf8(["", "de_DE.ISO-8859-1", ""]));
    }
}

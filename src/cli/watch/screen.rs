//! The terminal while the view uses it: alternate screen, no cursor, keys without Enter and unseen; restored
//! however the view ends.

use std::io::{self, Write};
use std::panic;
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::{Errno, read};
use rustix::termios::{
    LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcgetwinsize, tcsetattr,
};
use unicode_width::UnicodeWidthChar;

use super::frame::{Emphasis, Line, Size};
use crate::escape::escape_controls;

/// Longest wait for a key, in tenths of a second as terminals count it.
const PATIENCE_TENTHS: u8 = 1;

/// Holds the terminal; restores it when dropped, also on an error or a panic.
pub(super) struct Screen<W: Write> {
    out: W,
    colors: bool,
    keyboard: Option<Termios>, // as it was; none: standard input is no terminal
}

/// The size of the terminal; the usual one if it does not say.
pub(super) fn size() -> Size {
    match tcgetwinsize(io::stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => {
            Size { columns: size.ws_col.into(), rows: size.ws_row.into() }
        }
        _ => Size { columns: 80, rows: 24 },
    }
}

impl Screen<io::Stdout> {
    /// The terminal of this process, not yet entered. A panic's message is printed after restoring it, so that
    /// it is visible.
    pub(super) fn new(colors: bool) -> Screen<io::Stdout> {
        let keyboard = tcgetattr(io::stdin()).ok();
        let (before, of_panic) = (panic::take_hook(), keyboard.clone());
        panic::set_hook(Box::new(move |info| {
            give_back(&mut io::stdout(), of_panic.as_ref());
            before(info);
        }));
        Screen { out: io::stdout(), colors, keyboard }
    }

    /// The byte of a key, if one comes within a tenth of a second.
    pub(super) fn key(&self) -> io::Result<Option<u8>> {
        let started = Instant::now();
        let mut byte = [0];
        let count = match self.keyboard.as_ref().map(|_| read(io::stdin(), &mut byte)) {
            Some(Ok(count)) => count,
            None | Some(Err(Errno::INTR)) => 0,
            Some(Err(error)) => return Err(error.into()),
        };
        if count == 0 {
            // Without a keyboard nothing has waited yet, nor if the terminal has hung up.
            let patience = Duration::from_millis(100 * u64::from(PATIENCE_TENTHS));
            thread::sleep(patience.saturating_sub(started.elapsed()));
        }
        Ok((count > 0).then_some(byte[0]))
    }
}

impl<W: Write> Screen<W> {
    /// Takes the terminal.
    pub(super) fn enter(&mut self) -> io::Result<()> {
        if let Some(before) = &self.keyboard {
            let mut keys = before.clone();
            keys.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
            keys.special_codes[SpecialCodeIndex::VMIN] = 0;
            keys.special_codes[SpecialCodeIndex::VTIME] = PATIENCE_TENTHS;
            tcsetattr(io::stdin(), OptionalActions::Now, &keys)?;
        }
        self.out.write_all(b"\x1b[?1049h\x1b[?25l")?;
        self.out.flush()
    }

    /// Gives the terminal back until [`Screen::enter`].
    pub(super) fn leave(&mut self) {
        give_back(&mut self.out, self.keyboard.as_ref());
    }

    /// Replaces what is shown, in one piece, so that it does not flicker. Line breaks would make standard output
    /// write it in two.
    pub(super) fn draw(&mut self, lines: &[Line], size: Size) -> io::Result<()> {
        let lines = (1..).zip(lines).map(|(row, line)| {
            let line = self.line(line, size.columns);
            format!("\x1b[{row}H{line}")
        });
        let frame: String = lines.collect();
        self.out.write_all(frame.as_bytes())?;
        self.out.flush()
    }

    /// A line, cut to the width; the rest of its row is cleared.
    fn line(&self, line: &Line, columns: usize) -> String {
        let mut room = columns;
        let fits = |c: &char| {
            let left = room.checked_sub(c.width().unwrap_or(0));
            room = left.unwrap_or(room);
            left.is_some()
        };
        let text: String = escape_controls(&line.text).chars().take_while(fits).collect();
        let code = match (line.emphasis, self.colors) {
            (Emphasis::Bold, _) => "1",
            (Emphasis::Dim, _) => "2",
            (Emphasis::Alive, true) => "36",
            (Emphasis::Wrong, true) => "33",
            (Emphasis::Plain | Emphasis::Alive | Emphasis::Wrong, _) => "",
        };
        // In a full row the cursor stands on the last character, which clearing would take away.
        let rest = if room > 0 { "\x1b[K" } else { "" };
        match code {
            "" => format!("{text}{rest}"),
            code => format!("\x1b[{code}m{text}\x1b[0m{rest}"),
        }
    }
}

impl<W: Write> Drop for Screen<W> {
    fn drop(&mut self) {
        self.leave();
    }
}

/// As far as possible: a closed terminal needs nothing.
fn give_back(out: &mut impl Write, keyboard: Option<&Termios>) {
    if let Some(before) = keyboard {
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
    }
    let _ = out.write_all(b"\x1b[?1049l\x1b[?25h").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    fn screen<W: Write>(out: W, colors: bool) -> Screen<W> {
        Screen { out, colors, keyboard: None }
    }

    #[test]
    fn panic_within_gives_the_terminal_back() {
        let mut written = Vec::new();
        let result = catch_unwind(AssertUnwindSafe(|| {
            screen(&mut written, true).enter().unwrap();
            panic::resume_unwind(Box::new("as a panic, without its message"));
        }));
        let panic = result.unwrap_err();
        assert_eq!(panic.downcast_ref(), Some(&"as a panic, without its message"));
        assert_eq!(written, b"\x1b[?1049h\x1b[?25l\x1b[?1049l\x1b[?25h");
    }

    #[test]
    fn terminal_that_fails_is_an_error() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let error = screen(Closed, true).enter().expect_err("nothing can be written");
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn lines_are_escaped_cut_by_width_and_coloured_only_if_wanted() {
        let line = |text: &str, emphasis, colors| {
            let line = Line { text: text.to_owned(), emphasis };
            screen(io::sink(), colors).line(&line, 5)
        };
        assert_eq!(line("abc", Emphasis::Plain, true), "abc\x1b[K");
        assert_eq!(line("abcdefg", Emphasis::Bold, false), "\x1b[1mabcde\x1b[0m");
        assert_eq!(line("漢字漢字", Emphasis::Wrong, true), "\x1b[33m漢字\x1b[0m\x1b[K");
        assert_eq!(line("漢字漢字", Emphasis::Alive, false), "漢字\x1b[K");
        assert_eq!(line("\x1b[2J", Emphasis::Plain, true), r"\u{1b");
    }
}

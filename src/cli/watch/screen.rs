//! The terminal while the view uses it: alternate screen, no cursor, no line editing; restored
//! however the view ends.

use std::io::{self, Write};
use std::panic;

use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::execute;
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};

/// Holds the terminal; restores it when dropped, also on an error or a panic.
pub(super) struct Screen<W: Write> {
    out: W,
}

impl Screen<io::Stdout> {
    /// Takes the terminal of this process. A panic's message is printed after restoring it, so that
    /// it is visible.
    pub(super) fn take() -> io::Result<Screen<io::Stdout>> {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            give_back(&mut io::stdout());
            before(info);
        }));
        enable_raw_mode()?;
        Screen::enter(io::stdout())
    }
}

impl<W: Write> Screen<W> {
    fn enter(out: W) -> io::Result<Screen<W>> {
        let mut screen = Screen { out }; // from here on it is restored
        execute!(screen.out, EnterAlternateScreen, Hide)?;
        Ok(screen)
    }
}

impl<W: Write> Drop for Screen<W> {
    fn drop(&mut self) {
        give_back(&mut self.out);
    }
}

/// As far as possible: a closed terminal needs nothing.
fn give_back(out: &mut impl Write) {
    let _ = execute!(out, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    #[test]
    fn panic_within_gives_the_terminal_back() {
        let mut written = Vec::new();
        let result = catch_unwind(AssertUnwindSafe(|| {
            let _screen = Screen::enter(&mut written).unwrap();
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
        let error = Screen::enter(Closed).err().expect("nothing can be written");
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}

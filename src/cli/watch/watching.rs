//! The loop of the view: a look at the runs every second, the key, and signals.

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::flag;
use signal_hook::low_level::emulate_default_handler;

use super::frame::{Size, View};
use super::screen::{Screen, size};
use super::source::WatchedSource;
use crate::cli::Globals;
use crate::cli::asked::ExpansionArgs;
use crate::cli::output::look;
use crate::error::{Error, Result};

/// Time between looks at the runs.
const REFRESH: Duration = Duration::from_secs(1);

/// Shows the view until a key or a signal ends it. Returns the exit code.
///
/// # Errors
/// When a target names nothing, standard output is no terminal, or the terminal fails.
pub(super) fn run(
    targets: &[String],
    expansion: &ExpansionArgs,
    filter: Option<&str>,
    globals: &Globals,
) -> Result<u8> {
    if !io::stdout().is_terminal() {
        return Err(Error::Usage(
            "the live view needs a terminal, but standard output is not one; `runner list` prints the \
             runs once"
                .to_owned(),
        ));
    }
    let source = WatchedSource::new(targets, expansion, filter, globals)?;
    let title = match targets.is_empty() {
        true => globals.runs_dir.display().to_string(),
        false => targets.join(", "),
    };
    let look = look(globals.color_stdout());
    let view = View { title, ascii: look.ascii, ..View::default() };
    let raised = Raised::register()
        .map_err(|error| Error::Unexpected(format!("cannot handle signals: {error}")))?;
    let mut watching = Watching { view, source };
    watching
        .until_left(Screen::new(look.color), &raised)
        .map_err(Error::io("draw on", "the terminal"))?;
    Ok(match raised.end.load(Ordering::Relaxed) {
        0 => 0,
        signal => u8::try_from(128 + signal).unwrap_or(1),
    })
}

/// Raised by signals.
struct Raised {
    end: Arc<AtomicUsize>,    // the one that ends the program; 0: none
    suspend: Arc<AtomicBool>, // Ctrl-Z
}

impl Raised {
    fn register() -> io::Result<Raised> {
        let raised = Raised { end: Arc::default(), suspend: Arc::default() };
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            flag::register_usize(signal, Arc::clone(&raised.end), signal as usize)?;
        }
        flag::register(SIGTSTP, Arc::clone(&raised.suspend))?;
        Ok(raised)
    }
}

struct Watching {
    view: View,
    source: WatchedSource,
}

impl Watching {
    fn until_left(&mut self, mut screen: Screen<io::Stdout>, raised: &Raised) -> io::Result<()> {
        screen.enter()?;
        let mut drawn: Option<(Instant, Size)> = None;
        while raised.end.load(Ordering::Relaxed) == 0 {
            if raised.suspend.swap(false, Ordering::Relaxed) {
                screen.leave();
                emulate_default_handler(SIGTSTP)?; // returns when the shell continues the program
                screen.enter()?;
                drawn = None;
            }
            let size = size();
            if drawn.is_none_or(|(at, of)| at.elapsed() >= REFRESH || of != size) {
                self.look(size);
                screen.draw(&self.view.lines(size), size)?;
                drawn = Some((Instant::now(), size));
            }
            if screen.key()? == Some(b'q') {
                break;
            }
        }
        Ok(())
    }

    /// Reads what may have changed.
    fn look(&mut self, size: Size) {
        (self.view.trials, self.view.problem) = self.source.read();
        let shown = self.view.shown(size);
        if let Err(error) = self.source.read_rows(&mut self.view.trials[..shown]) {
            self.view.problem.get_or_insert(error.chain());
        }
    }
}

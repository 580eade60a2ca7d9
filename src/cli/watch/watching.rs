//! The loop of the view: keys, signals, and a look at the runs every second.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use clap::ColorChoice;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::crossterm::event::{self, Event};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

use super::app::{App, Wish};
use super::screen::Screen;
use super::source::WatchedSource;
use super::view;
use crate::cli::Globals;
use crate::cli::asked::ExpansionArgs;
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::runs::read::read_rows;

/// Time between looks at the runs.
const REFRESH: Duration = Duration::from_secs(1);
/// Longest wait before a signal is noticed.
const PATIENCE: Duration = Duration::from_millis(100);

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
    let app = App {
        title: escape_controls(&title).into_owned(),
        colors: has_colors(globals),
        ..App::default()
    };
    let signal = signals()?;
    let broken = Error::io("draw on", "the terminal");
    let ended = Screen::take().and_then(|_screen| {
        let terminal = Terminal::new(CrosstermBackend::new(io::stdout()))?;
        Watching { app, source, rows_of: None }.until_left(terminal, &signal)
    });
    match ended {
        Ok(()) => Ok(match signal.load(Ordering::Relaxed) {
            0 => 0,
            signal => u8::try_from(128 + signal).unwrap_or(1),
        }),
        Err(error) => Err(broken(error)),
    }
}

/// Raised by the signals that end a program.
fn signals() -> Result<Arc<AtomicUsize>> {
    let raised = Arc::new(AtomicUsize::new(0));
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        flag::register_usize(signal, Arc::clone(&raised), signal as usize)
            .map_err(|e| Error::Unexpected(format!("cannot handle signals: {e}")))?;
    }
    Ok(raised)
}

fn has_colors(globals: &Globals) -> bool {
    let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    match globals.color {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => !no_color,
    }
}

struct Watching {
    app: App,
    source: WatchedSource,
    rows_of: Option<(PathBuf, Option<SystemTime>)>, // whose rows the app has, and of when
}

impl Watching {
    fn until_left(
        mut self,
        mut terminal: Terminal<CrosstermBackend<io::Stdout>>,
        signal: &AtomicUsize,
    ) -> io::Result<()> {
        let mut looked: Option<Instant> = None;
        while signal.load(Ordering::Relaxed) == 0 {
            if looked.is_none_or(|at| at.elapsed() >= REFRESH) {
                self.look();
                looked = Some(Instant::now());
                terminal.draw(|frame| view::draw(&mut self.app, frame))?;
            }
            if !event::poll(PATIENCE)? {
                continue;
            }
            if let Event::Key(key) = event::read()? {
                match self.app.press(key) {
                    Wish::Leave => return Ok(()),
                    Wish::Rows => self.read_rows(),
                    Wish::Draw => {}
                }
            }
            terminal.draw(|frame| view::draw(&mut self.app, frame))?;
        }
        Ok(())
    }

    /// Reads what may have changed.
    fn look(&mut self) {
        let (trials, problem) = self.source.read();
        self.app.update(trials);
        self.app.problem = problem;
        self.read_rows();
    }

    /// Reads the rows of the chosen trial, if they are others than those that are shown.
    fn read_rows(&mut self) {
        let chosen = self.app.chosen().map(|trial| (trial.folder.clone(), trial.record.clone()));
        let Some((folder, Some(record))) = chosen else {
            self.app.rows.clear();
            return;
        };
        let changed = folder.join("metrics.csv").metadata().and_then(|data| data.modified()).ok();
        let wanted = Some((folder.clone(), changed));
        if self.rows_of == wanted {
            return;
        }
        self.rows_of = wanted;
        self.app.rows = read_rows(&record, &folder).unwrap_or_else(|error| {
            self.rows_of = None; // so that the next look finds the problem again
            self.app.problem = Some(escape_controls(&error.chain()).into_owned());
            Vec::new()
        });
    }
}

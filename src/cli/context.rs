//! What every subcommand is given: the flags that all have, the command line, and both outputs.

use std::io::Write;
use std::path::Path;

use clap::ArgMatches;

use crate::cli::Globals;
use crate::cli::target::{AskedRuns, Lookup};
use crate::experiment::{Experiment, MAX_TRIALS};

/// What every subcommand is given.
pub struct Context<'a> {
    /// The flags of all subcommands.
    pub globals: &'a Globals,
    /// The command line as it was typed.
    pub matches: &'a ArgMatches,
    /// Standard output, or its stand-in.
    pub out: &'a mut dyn Write,
    /// Standard error, or its stand-in.
    pub err: &'a mut dyn Write,
}

impl<'a> Context<'a> {
    /// Finds the runs that targets name.
    pub fn lookup(&self) -> Lookup<'a> {
        lookup(self.globals, &[])
    }
}

/// Finds the runs that targets name, with the `KEY=VALUE` texts of `--set` in experiment files.
pub(super) fn lookup<'a>(globals: &'a Globals, sets: &'a [String]) -> Lookup<'a> {
    let trials_of = |path: &Path| {
        let (color, runs_dir) = (globals.color_stderr(), &globals.runs_dir);
        let experiment = Experiment::read_with_runs(path, sets, MAX_TRIALS, color, runs_dir)?;
        Ok(AskedRuns::of(experiment))
    };
    Lookup { runs_dir: &globals.runs_dir, trials_of: Box::new(trials_of) }
}

/// For the tests of subcommands.
#[cfg(test)]
pub(super) mod testing {
    use std::process::ExitCode;

    use clap::Parser;

    use super::*;
    use crate::cli::Cli;
    use crate::error::Result;

    /// The result of a subcommand and its messages, with its output going to `out`.
    pub(in crate::cli) fn said(
        runs_dir: &Path,
        out: &mut dyn Write,
        run: impl FnOnce(&mut Context<'_>) -> Result<ExitCode>,
    ) -> (Result<ExitCode>, String) {
        let runs_dir = runs_dir.to_str().unwrap();
        let globals = Cli::parse_from(["runner", "schema", "--runs-dir", runs_dir]).globals;
        let mut err = Vec::new();
        let mut context =
            Context { globals: &globals, matches: &ArgMatches::default(), out, err: &mut err };
        let ended = run(&mut context);
        (ended, String::from_utf8(err).unwrap())
    }
}

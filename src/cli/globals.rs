//! Flags that every command has; each is also a `RUNNER_...` variable.

use std::io::IsTerminal;
use std::num::NonZero;
use std::path::PathBuf;
use std::sync::Arc;
use std::{env, thread};

use clap::builder::FalseyValueParser;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args, ColorChoice, ValueEnum};

use super::amounts::parse_jobs;
use crate::cli::fetching::FetchingShown;
use crate::data::{DataOptions, default_data_dir};
use crate::kernel;
use crate::runs::folder::RUNS_DIR;

/// Flags that every command has.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Global options")]
pub struct Globals {
    /// Folder of the run folders
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "RUNNER_RUNS_DIR",
        hide_env_values = true,
        default_value = RUNS_DIR
    )]
    pub runs_dir: PathBuf,
    /// Folder of the datasets [default: the user's cache folder]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "RUNNER_DATA_DIR",
        hide_env_values = true
    )]
    pub data_dir: Option<PathBuf>,
    /// Download datasets from this address instead; the archive's file name is appended
    #[arg(long, global = true, value_name = "URL", env = "RUNNER_MIRROR", hide_env_values = true)]
    pub mirror: Option<String>,
    /// Never download anything
    #[arg(
        long,
        global = true,
        env = "RUNNER_OFFLINE",
        hide_env_values = true,
        value_parser = FalseyValueParser::new()
    )]
    pub offline: bool,
    /// Training threads: one trial each, or several per trial if trials are few [default: all cores]
    #[arg(
        short,
        long,
        global = true,
        value_name = "N",
        env = "RUNNER_JOBS",
        hide_env_values = true,
        value_parser = parse_jobs
    )]
    pub jobs: Option<NonZero<u16>>,
    /// CPU instructions to compute with; results are bit-identical
    #[arg(
        long,
        global = true,
        value_name = "WHICH",
        env = "RUNNER_KERNEL",
        hide_env_values = true,
        default_value = "auto",
        hide = true
    )]
    pub kernel: KernelChoice,
    /// Print results and errors only
    #[arg(
        short,
        long,
        global = true,
        env = "RUNNER_QUIET",
        hide_env_values = true,
        value_parser = FalseyValueParser::new()
    )]
    pub quiet: bool,
    /// Print a line for every evaluated epoch
    #[arg(
        short,
        long,
        global = true,
        env = "RUNNER_VERBOSE",
        hide_env_values = true,
        value_parser = FalseyValueParser::new()
    )]
    pub verbose: bool,
    /// When to use colour
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        env = "RUNNER_COLOR",
        hide_env_values = true,
        default_value = "auto"
    )]
    pub color: ColorChoice,
    /// Print plain lines instead of progress bars
    #[arg(
        long,
        global = true,
        env = "RUNNER_NO_PROGRESS",
        hide_env_values = true,
        value_parser = FalseyValueParser::new()
    )]
    pub no_progress: bool,
}

/// CPU instructions of the kernels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum KernelChoice {
    /// The fastest of this CPU.
    Auto,
    /// The second fastest of this CPU, for comparison: AVX2 if there is AVX-512.
    Second,
    /// Plain Rust, for comparison.
    Portable,
}

impl Globals {
    /// Makes the process use the chosen instructions.
    pub fn choose_kernel(&self) {
        match self.kernel {
            KernelChoice::Auto => kernel::KernelPath::best().choose(),
            KernelChoice::Second => kernel::KernelPath::second_best().choose(),
            KernelChoice::Portable => kernel::KernelPath::PORTABLE.choose(),
        }
    }

    /// Of `--quiet` and `--verbose`, the typed one wins over the one in a variable; quiet wins over
    /// verbose.
    pub fn settle_verbosity(&mut self, matches: &ArgMatches) {
        let is_typed = |name| matches.value_source(name) == Some(ValueSource::CommandLine);
        if is_typed("verbose") && !is_typed("quiet") {
            self.quiet = false;
        }
        self.verbose &= !self.quiet;
    }

    /// Where datasets are and how they are fetched.
    pub fn data_options(&self) -> DataOptions {
        DataOptions {
            data_dir: self.data_dir.clone().unwrap_or_else(default_data_dir),
            offline: self.offline,
            mirror: self.mirror.clone(),
            listener: Arc::new(FetchingShown::new(self.draws_bars())),
        }
    }

    /// Threads that train.
    pub fn jobs(&self) -> usize {
        let cores = || thread::available_parallelism().map_or(1, NonZero::get);
        self.jobs.map_or_else(cores, |jobs| usize::from(jobs.get()))
    }

    /// Whether progress is drawn as bars on stderr.
    pub fn draws_bars(&self) -> bool {
        let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        !self.no_progress && !self.quiet && !is_dumb && std::io::stderr().is_terminal()
    }

    /// Whether messages on stderr are coloured.
    pub fn color_stderr(&self) -> bool {
        self.wants_color(std::io::stderr().is_terminal())
    }

    /// Whether tables on stdout are coloured.
    pub fn color_stdout(&self) -> bool {
        self.wants_color(std::io::stdout().is_terminal())
    }

    fn wants_color(&self, is_terminal: bool) -> bool {
        let is_set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        match self.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if is_set("NO_COLOR") => false,
            ColorChoice::Auto if env::var_os("CLICOLOR_FORCE").is_some_and(|v| v != "0") => true,
            ColorChoice::Auto => {
                let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
                !is_dumb && is_terminal
            }
        }
    }
}

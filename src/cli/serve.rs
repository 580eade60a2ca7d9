//! `runner serve`: looks at runs in a browser while they train.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::output::{write_messages, write_text};
use crate::cli::Globals;
use crate::cli::context::{Context, lookup};
use crate::error::{Error, Result};
use crate::experiment::{Experiment, MAX_TRIALS};
use crate::runs::folder::{file, is_folder, is_there, run_path};
use crate::serve::{Address, ServeSource, ServedExperiment, Server, TOKEN_VARIABLE, Token};
use crate::threads;

/// Show runs in a browser while they train: curves that grow, tables, one run in full.
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// Folders of runs, experiment files, run folders or run ids; none: the runs folder
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// The port; 0: a free one
    #[arg(long, value_name = "PORT", default_value_t = 7878)]
    port: u16,
    /// The address of this machine to answer on; others than 127.0.0.1 are open to the network
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
}

impl ServeArgs {
    /// Serves until a signal comes. The address goes to `out`.
    ///
    /// # Errors
    /// When a target names nothing, or the port cannot be had.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let globals = context.globals;
        let source = source(&self.targets, globals)?;
        let address = Address { ip: self.bind, port: self.port };
        let server = Server::bind(address, token()?, source)?;
        if !self.bind.is_loopback() {
            let warning = format!(
                "warning: {} is open to the network, and what is sent is not encrypted; an ssh tunnel is safer",
                self.bind
            );
            write_messages(context.err, &[warning]);
        }
        let came = Arc::new(AtomicUsize::new(0));
        stop_on_signals(&server, &came)?;
        write_text(context.out, &format!("{}\n", server.url()))?;
        server.run()?;
        let code = 128 + came.load(Ordering::Relaxed);
        Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
    }
}

/// The token of the environment, or a new one.
fn token() -> Result<Token> {
    match std::env::var(TOKEN_VARIABLE) {
        Ok(text) => Token::chosen(&text),
        Err(_) => Token::drawn(),
    }
}

/// The first signal that ends programs stops the server; `came` says which it was.
fn stop_on_signals(server: &Server, came: &Arc<AtomicUsize>) -> Result<()> {
    let (stopper, came) = (server.stopper(), Arc::clone(came));
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .map_err(|e| Error::Unexpected(format!("cannot handle signals: {e}")))?;
    let wait = move || {
        if let Some(signal) = signals.forever().next() {
            came.store(usize::try_from(signal).unwrap_or(0), Ordering::Relaxed);
            stopper.stop();
        }
    };
    let waiting = thread::Builder::new().name("signals".to_owned()).spawn(wait);
    waiting.map(drop).map_err(|error| threads::cannot_start(&error))
}

/// What the targets name.
fn source(targets: &[String], globals: &Globals) -> Result<ServeSource> {
    let mut source = ServeSource::default();
    if targets.is_empty() {
        source.folders.push(globals.runs_dir.clone());
    }
    for target in targets {
        let path = Path::new(target);
        if path.extension().is_some_and(|extension| extension == "toml") {
            add_experiment(path, &mut source, globals)?;
        } else if is_folder(path)? && !is_there(&path.join(file::RECORD))? {
            source.folders.push(path.to_owned());
        } else {
            let found = lookup(globals, &[]).resolve(std::slice::from_ref(target))?;
            source.runs.extend(found.found.folders);
        }
    }
    Ok(source)
}

/// The runs of an experiment file, also those that are not there yet.
fn add_experiment(path: &Path, source: &mut ServeSource, globals: &Globals) -> Result<()> {
    let experiment = Experiment::read(path, &[], MAX_TRIALS, globals.color_stderr())?;
    let mut trials = HashMap::new();
    for trial in &experiment.trials {
        let id = trial.id();
        source.runs.push(run_path(&globals.runs_dir, &id)?);
        trials.insert(id, experiment.role_of(trial));
    }
    source.experiments.push(ServedExperiment { name: experiment.name, trials });
    Ok(())
}

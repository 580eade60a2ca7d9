//! `runner serve`: looks at runs in a browser while they train.

mod browser;
mod targets;

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::asked::Asked;
use super::output::{write_messages, write_text};
use super::study::Studies;
use crate::cli::Globals;
use crate::cli::context::Context;
use crate::error::{Error, Result};
use crate::escape::escape_controls;
use crate::messages::say;
use crate::serve::{
    Address, ServeSource, ServedExperiment, ServedHalving, Server, Stopper, TOKEN_VARIABLE, Token,
};
use crate::threads;
use browser::OpenedPage;

/// The folder of studies, as `runner study` has it.
const STUDIES_DIR: &str = "studies";

/// Show runs in a browser while they train: curves that grow, tables, one run in full.
#[derive(Debug, clap::Args)]
pub struct ServeArgs {
    /// Folders of runs, experiment files, studies, run folders or run ids; none: the folders of runs and of studies
    #[arg(value_name = "TARGET")]
    targets: Vec<String>,
    /// The port; 0: a free one
    #[arg(long, value_name = "PORT", default_value_t = 7878)]
    port: u16,
    /// The address of this machine to answer on; others than 127.0.0.1 are open to the network
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// Open it in the browser of this machine
    #[arg(long)]
    open: bool,
    /// Folder of the studies
    #[arg(long, value_name = "DIR", default_value = STUDIES_DIR)]
    studies_dir: PathBuf,
}

impl ServeArgs {
    /// Serves until a signal comes. The address goes to `out`.
    ///
    /// # Errors
    /// When a target names nothing, or the port cannot be had.
    pub fn run(self, context: &mut Context) -> Result<ExitCode> {
        let globals = context.globals;
        let source = targets::source(&self.targets, &self.studies_dir, globals)?;
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
        stop_on_signals(server.stopper(), &came)?;
        write_text(context.out, &format!("{}\n", server.url()))?;
        if !globals.quiet {
            let said = "open this address in a browser; Ctrl-C ends the server, and no training"
                .to_owned();
            write_messages(context.err, &[said]);
        }
        let opened = self.open.then(|| OpenedPage::open(&server.url()));
        if let Some(Err(error)) = &opened {
            let problem = format!("warning: cannot open a browser: {}", error.chain());
            write_messages(context.err, &[problem]);
        }
        server.run()?;
        drop(opened);
        let code = 128 + came.load(Ordering::Relaxed);
        Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
    }
}

/// Serves the runs of a sweep from a thread of its own until the process ends. Whatever goes wrong is said and does not
/// touch the sweep.
pub(super) fn serve_beside(asked: &Asked, port: u16, globals: &Globals) {
    let begin = || -> Result<()> {
        let source = source_of(asked, globals);
        let ip = IpAddr::V4(Ipv4Addr::LOCALHOST);
        let server = Server::bind(Address { ip, port }, token()?, source)?;
        let url = server.url();
        let serve = move || {
            if let Err(error) = server.run() {
                say_failed(&error);
            }
        };
        let serving = thread::Builder::new().name("server".to_owned()).spawn(serve);
        serving.map_err(|error| threads::cannot_start(&error))?;
        say(&format!("look at the runs at {url}"));
        Ok(())
    };
    if let Err(error) = begin() {
        say_failed(&error);
    }
}

fn say_failed(error: &Error) {
    let error = escape_controls(&error.chain()).into_owned();
    say(&format!("warning: the runs are not served: {error}"));
}

/// The runs folder, with what the files ask for.
fn source_of(asked: &Asked, globals: &Globals) -> ServeSource {
    let mut experiments: Vec<ServedExperiment> = Vec::new();
    for job in &asked.jobs {
        for name in &job.experiments {
            let place = experiments.iter().position(|experiment| experiment.name == *name);
            let place = place.unwrap_or_else(|| {
                let trials = HashMap::new();
                experiments.push(ServedExperiment { name: name.clone(), trials, halving: None });
                experiments.len() - 1
            });
            experiments[place].trials.insert(job.id.clone(), job.role.clone());
        }
    }
    for halving in &asked.halvings {
        let ids = || halving.configs.iter().flatten();
        let halved = experiments.iter_mut().find(|one| ids().all(|id| one.trials.contains_key(id)));
        if let Some(halved) = halved {
            let (halving, runs_dir) = (halving.clone(), globals.runs_dir.clone());
            halved.halving = Some(ServedHalving { halving, runs_dir });
        }
    }
    let studies = Studies {
        dirs: vec![PathBuf::from(STUDIES_DIR)],
        folders: Vec::new(),
        globals: globals.clone(),
    };
    ServeSource {
        folders: vec![globals.runs_dir.clone()],
        experiments,
        studies: Some(Box::new(studies)),
        ..ServeSource::default()
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
fn stop_on_signals(stopper: Stopper, came: &Arc<AtomicUsize>) -> Result<()> {
    let came = Arc::clone(came);
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

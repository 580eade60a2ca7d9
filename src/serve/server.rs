//! The server from its start to its end.

use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Notify, watch};

use crate::error::{Error, Result};
use crate::runs::folder::host_name;
use crate::serve::assets::Assets;
use crate::serve::connection::accept;
use crate::serve::guard::Guard;
use crate::serve::handler::Handler;
use crate::serve::served::Served;
use crate::serve::source::ServeSource;
use crate::serve::token::Token;
use crate::serve::watcher::Watcher;
use crate::threads;

/// Threads that read from disk for pages.
const READERS: usize = 4;

/// Where the server answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Address {
    /// The address of this machine.
    pub ip: IpAddr,
    /// The port; 0: a free one.
    pub port: u16,
}

/// A server that has its port, and begins to answer with [`Server::run`].
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    at: SocketAddr,
    token: Token,
    source: ServeSource,
    stop: Arc<Notify>,
}

/// Ends a server from another thread.
#[derive(Debug, Clone)]
pub struct Stopper(Arc<Notify>);

impl Stopper {
    /// Ends it.
    pub fn stop(&self) {
        self.0.notify_one();
    }
}

impl Server {
    /// Takes the port.
    ///
    /// # Errors
    /// When another program has it, or the address is not one of this machine.
    pub fn bind(address: Address, token: Token, source: ServeSource) -> Result<Server> {
        let Address { ip, port } = address;
        let listener =
            TcpListener::bind((ip, port)).map_err(|error| cannot_bind(address, &error))?;
        let at = listener.local_addr().map_err(|error| cannot_bind(address, &error))?;
        Ok(Server { listener, at, token, source, stop: Arc::default() })
    }

    /// The address to open, with the token.
    pub fn url(&self) -> String {
        let ip = match self.at.ip() {
            ip if ip.is_unspecified() => host_name(),
            IpAddr::V6(ip) => format!("[{ip}]"),
            ip => ip.to_string(),
        };
        format!("http://{ip}:{}/?token={}", self.at.port(), self.token.text())
    }

    /// What ends it.
    pub fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.stop))
    }

    /// Answers until it is stopped.
    ///
    /// # Errors
    /// When threads cannot be started, or the one that looks at the runs has ended.
    pub fn run(self) -> Result<()> {
        let Server { listener, at, token, source, stop } = self;
        let assets = Assets::new()?;
        let served = Arc::new(Served::new(source));
        let runtime = runtime().map_err(|error| threads::cannot_start(&error))?;
        let (ready, is_ready) = watch::channel(false);
        let (_until, ended) = mpsc::channel();
        let mut watcher = Watcher::new(Arc::clone(&served));
        let watching = Watching { is_over: Arc::default(), stop: Arc::clone(&stop) };
        let is_blind = Arc::clone(&watching.is_over);
        let watch = move || {
            let _watching = watching;
            watcher.look();
            ready.send_replace(true);
            watcher.watch(&ended);
        };
        let watching = thread::Builder::new().name("watcher".to_owned()).spawn(watch);
        watching.map_err(|error| threads::cannot_start(&error))?;
        let guard = Guard::new(token, at.ip(), at.port(), host_name());
        let handler = Arc::new(Handler::new(guard, assets, served, is_ready));
        let answering = async {
            listener.set_nonblocking(true)?;
            let listener = tokio::net::TcpListener::from_std(listener)?;
            let accepting = tokio::spawn(accept(listener, handler));
            stop.notified().await;
            accepting.abort();
            std::io::Result::Ok(())
        };
        let ended = runtime.block_on(answering);
        runtime.shutdown_background();
        if is_blind.load(Ordering::Acquire) {
            return Err(Error::Unexpected(
                "the thread that looks at the runs has ended, so pages would show what was"
                    .to_owned(),
            ));
        }
        ended.map_err(|error| Error::Unexpected(format!("cannot listen on {at}: {error}")))
    }
}

/// Held by the thread that looks at the runs: without it the server would go on with what was, so it ends too.
struct Watching {
    is_over: Arc<AtomicBool>,
    stop: Arc<Notify>,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Release);
        self.stop.notify_one();
    }
}

fn runtime() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_io().enable_time().max_blocking_threads(READERS).build()
}

fn cannot_bind(Address { ip, port }: Address, error: &std::io::Error) -> Error {
    use std::io::ErrorKind;
    let what_to_do = match error.kind() {
        ErrorKind::AddrInUse => {
            "another program has this port: choose another with --port, or 0 for a free one"
        }
        ErrorKind::PermissionDenied => {
            "ports below 1024 are the system's: choose another with --port"
        }
        _ => "--bind must be an address of this machine",
    };
    Error::Usage(format!("cannot listen on {ip} port {port}: {error}; {what_to_do}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_looks_no_longer_ends() {
        let (is_over, stop) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
        let watching = Watching { is_over: Arc::clone(&is_over), stop: Arc::clone(&stop) };
        let thread = thread::spawn(move || {
            let _watching = watching;
            panic!("a bug in this test");
        });
        assert!(thread.join().is_err() && is_over.load(Ordering::Acquire));
        runtime().unwrap().block_on(stop.notified()); // ends at once
    }
}

//! Downloads one file over HTTP into a partial file next to its destination: resumes an earlier
//! download, gives up on a stalled server, and ends with the published SHA-256 or with an error.

use std::cell::Cell;
use std::fs::{self, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use ureq::http::{Response, StatusCode, header};
use ureq::{Agent, Body};

use super::archive::Download;
use super::event::{DataEvent, DataListener};
use super::network::{
    Address, DownloadLimits, PROGRESS_BYTES, SLOWEST_BYTES, client, content_range,
};
use crate::error::{Error, Result};
use crate::runs::folder::{hex, open_regular, without_links};

/// Why an attempt did not get the whole file.
enum Failure {
    /// Another attempt may help.
    Passing(String),
    /// It will not.
    Lasting(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Lasting(error)
    }
}

/// Brings `part` to the published content of `download`.
pub(super) fn download(
    download: &Download,
    address: &Address,
    part: &Path,
    network: &DownloadLimits,
    listener: &dyn DataListener,
) -> Result<()> {
    listener.hear(DataEvent::Download { address: &address.shown, bytes: download.bytes });
    let transfer = Transfer {
        download,
        address,
        part,
        agent: client(network, &address.shown),
        listener,
        started: Instant::now(),
        patience: network.read_timeout,
        reached: Cell::default(),
        ranges_are_wrong: Cell::default(),
    };
    transfer.run(network)?;
    let (file_name, took) = (download.file_name(), transfer.started.elapsed());
    listener.hear(DataEvent::Downloaded { file_name, took });
    transfer.verify()
}

/// A file on its way to `part`.
struct Transfer<'a> {
    download: &'a Download,
    address: &'a Address,
    part: &'a Path,
    agent: Agent,
    listener: &'a dyn DataListener,
    started: Instant,
    patience: Duration, // until so few bytes came that it counts as stalled
    reached: Cell<u64>, // the most bytes of the file that were there so far
    ranges_are_wrong: Cell<bool>, // the server answers them with something else
}

impl Drop for Transfer<'_> {
    fn drop(&mut self) {
        self.listener.hear(DataEvent::Ended);
    }
}

impl Transfer<'_> {
    /// Retries until the whole file is there.
    fn run(&self, network: &DownloadLimits) -> Result<()> {
        let mut failures = 0;
        let mut furthest = length(self.part)?; // repeated bytes are not progress
        loop {
            let reason = match self.attempt() {
                Ok(()) => return Ok(()),
                Err(Failure::Lasting(error)) => return Err(error),
                Err(Failure::Passing(reason)) => reason,
            };
            if self.reached.get() >= furthest + PROGRESS_BYTES {
                failures = 0;
                furthest = self.reached.get();
            }
            if failures == network.retries {
                return Err(self.gave_up(&reason)?);
            }
            failures += 1;
            let wait = network.wait_before(failures);
            let address = &self.address.shown;
            self.listener.hear(DataEvent::Retry { address, reason: &reason, wait });
            thread::sleep(wait);
        }
    }

    /// One request: appends to `part` what is missing.
    fn attempt(&self) -> Result<(), Failure> {
        let mut have = length(self.part)?;
        if have > self.download.bytes {
            remove(self.part)?; // left by another edition of the file
            have = 0;
        }
        if have == self.download.bytes {
            return Ok(());
        }
        let mut request = self.agent.get(&self.address.url);
        if have > 0 && !self.ranges_are_wrong.get() {
            request = request.header(header::RANGE, format!("bytes={have}-"));
        }
        let response = request.call().map_err(|problem| self.no_answer(&problem))?;
        let start = self.start_of(&response, have)?;
        self.listener.hear(DataEvent::Answered { start, bytes: self.download.bytes });
        self.append(response, start)
    }

    /// The file offset at which the response's body starts.
    fn start_of(&self, response: &Response<Body>, have: u64) -> Result<u64, Failure> {
        let start = match response.status() {
            StatusCode::OK => 0, // also from a server without range support
            StatusCode::PARTIAL_CONTENT => return self.start_of_range(response, have),
            StatusCode::RANGE_NOT_SATISFIABLE if have > 0 => {
                return Err(self.start_anew("it cannot resume where the last download ended")?);
            }
            status if status.is_server_error() || [408, 429].contains(&status.as_u16()) => {
                return Err(Failure::Passing(format!("the server answered {status}")));
            }
            status => return Err(self.lasting(&format!("the server answered {status}"))),
        };
        let length = response.body().content_length();
        self.require_size(length.map(|length| start + length))?;
        Ok(start)
    }

    /// Like [`Transfer::start_of`], for a partial answer. It may be shorter than requested, but
    /// must match its own header.
    fn start_of_range(&self, response: &Response<Body>, have: u64) -> Result<u64, Failure> {
        let length = response.body().content_length();
        match content_range(response) {
            Some(range) if range.start == have && length.is_none_or(|n| n == range.length()) => {
                self.require_size(range.total)?;
                Ok(have)
            }
            _ => Err(self.start_anew("it sent a different range than requested")?),
        }
    }

    /// Discards the partial file: the next attempts request the whole file.
    fn start_anew(&self, reason: &str) -> Result<Failure> {
        self.ranges_are_wrong.set(true);
        remove(self.part)?;
        Ok(Failure::Passing(reason.to_owned()))
    }

    /// A file of another size cannot have the published hash, so it is not downloaded.
    fn require_size(&self, found: Option<u64>) -> Result<(), Failure> {
        match found {
            Some(found) if found != self.download.bytes => {
                Err(Failure::Lasting(Error::Data(format!(
                    "{} is not the published file: it has {found} bytes, must have {}",
                    self.address, self.download.bytes,
                ))))
            }
            _ => Ok(()),
        }
    }

    /// Writes the body behind the first `start` bytes of `part`.
    fn append(&self, response: Response<Body>, start: u64) -> Result<(), Failure> {
        let write_failed = |problem| Error::io("write", self.part)(problem);
        let mut options = OpenOptions::new();
        match start {
            0 => options.create(true).write(true).truncate(true),
            _ => options.append(true),
        };
        let file = options.custom_flags(without_links()).open(self.part);
        let mut file = file.map_err(write_failed)?;
        let mut body = response.into_body().into_reader();
        let mut buffer = vec![0; 64 * 1024];
        let mut have = start;
        let (mut since, mut had) = (Instant::now(), start);
        loop {
            if since.elapsed() > self.patience {
                if have - had < SLOWEST_BYTES {
                    let seconds = since.elapsed().as_secs_f32();
                    let problem = format!("it sent {} bytes in {seconds:.1} s", have - had);
                    return Err(Failure::Passing(problem));
                }
                (since, had) = (Instant::now(), have);
            }
            let count = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(problem) if problem.kind() == io::ErrorKind::Interrupted => continue,
                Err(problem) => {
                    return Err(Failure::Passing(format!(
                        "cut off after {have} bytes ({problem})"
                    )));
                }
            };
            have += count as u64;
            if have > self.download.bytes {
                remove(self.part)?;
                self.require_size(Some(have))?;
            }
            file.write_all(&buffer[..count]).map_err(write_failed)?;
            self.listener.hear(DataEvent::Reached(have));
            self.reached.set(self.reached.get().max(have));
        }
        match have < self.download.bytes {
            true => Err(Failure::Passing(format!("cut off after {have} bytes"))),
            false => Ok(()),
        }
    }

    /// Whether a request without an answer is worth repeating.
    fn no_answer(&self, problem: &ureq::Error) -> Failure {
        let refused = |cause: &io::Error| cause.kind() == io::ErrorKind::ConnectionRefused;
        match problem {
            ureq::Error::Timeout(_) | ureq::Error::Protocol(_) => {
                Failure::Passing(self.address.cleaned(&problem.to_string()))
            }
            ureq::Error::Io(cause) if !refused(cause) => {
                Failure::Passing(self.address.cleaned(&problem.to_string()))
            }
            _ => self.lasting(&self.address.cleaned(&problem.to_string())),
        }
    }

    fn lasting(&self, reason: &str) -> Failure {
        Failure::Lasting(Error::Data(format!("cannot download {}: {reason}", self.address)))
    }

    fn gave_up(&self, reason: &str) -> Result<Error> {
        let kept = match length(self.part)? {
            0 => String::new(),
            have => format!("\nthe first {have} bytes are kept: the next fetch resumes after them"),
        };
        let problem = format!("cannot download {}: gave up, {reason}{kept}", self.address);
        Ok(Error::Data(problem))
    }

    /// Compares the whole file with the published hash; a wrong file is removed.
    fn verify(&self) -> Result<()> {
        let found = sha256_of(self.part)?;
        if found.eq_ignore_ascii_case(&self.download.sha256) {
            return Ok(());
        }
        remove(self.part)?;
        Err(Error::Data(format!(
            "{} is not the published file, and was removed\n  \
             its SHA-256 is {found}\n  published is   {}",
            self.address, self.download.sha256,
        )))
    }
}

/// The SHA-256 of a file, in hex.
pub(super) fn sha256_of(path: &Path) -> Result<String> {
    let mut file = open_regular(path).map_err(Error::io("read", path))?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer).map_err(Error::io("read", path))? {
            0 => break,
            count => hash.update(&buffer[..count]),
        }
    }
    Ok(hex(&hash.finalize()))
}

fn length(path: &Path) -> Result<u64> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.len()),
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(problem) => Err(Error::io("read", path)(problem)),
    }
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(problem) if problem.kind() != io::ErrorKind::NotFound => {
            Err(Error::io("remove", path)(problem))
        }
        _ => Ok(()),
    }
}

//! Files for people to save: of a run folder, by a list of names.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use bytes::Bytes;
use hyper::StatusCode;
use tokio::sync::mpsc::channel;
use tokio::task::spawn_blocking;

use crate::error::{Error, Result};
use crate::runs::folder::open_regular;
use crate::serve::answer::{Answer, answer, as_attachment};
use crate::serve::body::AnswerBody;
use crate::serve::served::Served;

/// Bytes that are read at once.
const PIECE: usize = 256 << 10;
/// Pieces that wait for a slow reader.
const PIECES: usize = 2;

/// A file that is open.
pub(in crate::serve) struct OpenFile {
    file: File,
    bytes: u64,
    name: String,
}

/// A file of a run folder; the name is one of the list.
pub(in crate::serve) fn of_run(served: &Served, id: &str, name: &'static str) -> Result<OpenFile> {
    open(&served.folder(id)?.join(name), name)
}

/// Opens a file.
///
/// # Errors
/// If it is not there, is no regular file, or cannot be read.
pub(super) fn open(path: &Path, name: &str) -> Result<OpenFile> {
    let opened = open_regular(path).and_then(|file| Ok((file.metadata()?.len(), file)));
    match opened {
        Ok((bytes, file)) => Ok(OpenFile { file, bytes, name: name.to_owned() }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            Err(Error::NothingMatched(format!("there is no file {name}")))
        }
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

impl OpenFile {
    /// The content as it is read. Pictures and texts are shown, everything else is saved; a picture that could have
    /// scripts in it (SVG) too, though a page may show it as a picture.
    pub(in crate::serve) fn answer(self) -> Answer {
        let OpenFile { mut file, bytes, name } = self;
        let (kind, is_shown) = kind_of(&name);
        let (sender, receiver) = channel::<Bytes>(PIECES);
        tokio::spawn(async move {
            let mut left = bytes; // what the headers promise, also if it grows
            while left > 0 {
                let most = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
                let read = spawn_blocking(move || {
                    let mut piece = vec![0; most];
                    let count = file.read(&mut piece)?;
                    piece.truncate(count);
                    std::io::Result::Ok((file, piece))
                });
                let Ok(Ok((same, piece))) = read.await else { return };
                file = same;
                left -= piece.len() as u64;
                if piece.is_empty() || sender.send(piece.into()).await.is_err() {
                    return; // the connection ends before all that was promised
                }
            }
        });
        let body = match bytes {
            0 => AnswerBody::of(Bytes::new()),
            bytes => AnswerBody::Pieces(receiver, Some(bytes)),
        };
        let answer = answer(StatusCode::OK, kind, body);
        if is_shown { answer } else { as_attachment(answer, &name) }
    }
}

/// How a browser takes a file, and whether it may show it.
fn kind_of(name: &str) -> (&'static str, bool) {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "png" => ("image/png", true),
        "txt" | "csv" | "toml" => ("text/plain; charset=utf-8", true),
        "json" => ("application/json", true),
        "svg" => ("image/svg+xml", false),
        "html" => ("text/html; charset=utf-8", false),
        _ => ("application/octet-stream", false),
    }
}

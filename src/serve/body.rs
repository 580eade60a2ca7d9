//! The bodies of answers and requests: a whole text or pieces as they come, and what a browser sends, up to a
//! limit.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;

/// The most bytes that a browser may send: a note.
const MOST_SENT: usize = 64 << 10;
/// The time that it may take to send them.
const SENDING: Duration = Duration::from_secs(10);

/// The body of an answer.
#[derive(Debug)]
pub(super) enum AnswerBody {
    /// All of it; none once it is sent.
    Whole(Option<Bytes>),
    /// A list of pieces, of which each is freed once it is sent.
    List(VecDeque<Bytes>),
    /// Pieces as they come. A file also has the bytes that are left of it.
    Pieces(Receiver<Bytes>, Option<u64>),
}

impl AnswerBody {
    pub(super) fn of(bytes: impl Into<Bytes>) -> AnswerBody {
        AnswerBody::Whole(Some(bytes.into()))
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = match self.get_mut() {
            AnswerBody::Whole(bytes) => Poll::Ready(bytes.take()),
            AnswerBody::List(pieces) => Poll::Ready(pieces.pop_front()),
            AnswerBody::Pieces(pieces, left) => pieces.poll_recv(context).map(|piece| {
                let sent = piece.as_ref().map_or(0, |piece| piece.len() as u64);
                *left = left.map(|left| left.saturating_sub(sent));
                piece
            }),
        };
        piece.map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            AnswerBody::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            AnswerBody::List(pieces) => {
                SizeHint::with_exact(pieces.iter().map(|piece| piece.len() as u64).sum())
            }
            AnswerBody::Pieces(_, Some(left)) => SizeHint::with_exact(*left),
            AnswerBody::Pieces(_, None) => SizeHint::default(),
        }
    }
}

/// Why what a browser sent is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unread {
    /// It is larger than a note may be.
    TooLarge,
    /// It did not come, or not in time.
    Missing,
}

/// What a browser sent.
pub(super) async fn read_body(body: Incoming) -> Result<Vec<u8>, Unread> {
    timeout(SENDING, read_all(body)).await.unwrap_or(Err(Unread::Missing))
}

async fn read_all(mut body: Incoming) -> Result<Vec<u8>, Unread> {
    let mut bytes = Vec::new();
    while let Some(frame) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        let frame = frame.map_err(|_| Unread::Missing)?;
        let Ok(data) = frame.into_data() else { continue };
        if bytes.len() + data.len() > MOST_SENT {
            return Err(Unread::TooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

//! Bodies on their way through. They are never held back: each piece goes on as it comes.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

use crate::stale::Copy;
use crate::upstream::Slot;

/// A request's body on its way to a service.
pub struct Upload {
    inner: Body,
    sent: Sent,
}

/// Whether a client has sent all of its body: whose fault it is when the time is up.
#[derive(Debug, Clone, Default)]
pub struct Sent(Arc<AtomicBool>);

impl Sent {
    #[must_use]
    pub fn is_all(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Upload {
    #[must_use]
    pub fn new(inner: Body) -> (Self, Sent) {
        let sent = Sent(Arc::new(AtomicBool::new(inner.is_end_stream())));
        let upload = Self {
            inner,
            sent: sent.clone(),
        };
        (upload, sent)
    }
}

impl HttpBody for Upload {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        if frame.is_none() || self.inner.is_end_stream() {
            self.sent.0.store(true, Ordering::Relaxed);
        }
        Poll::Ready(data(frame))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// An answer's body on its way to a client. While it lasts, the call takes up its slot; a copy may
/// be made on the way, to be given again in bad times.
pub struct Answer {
    inner: Body,
    _slot: Slot,
    copy: Option<Copy>,
}

impl Answer {
    #[must_use]
    pub fn new(inner: Body, slot: Slot, copy: Option<Copy>) -> Self {
        Self {
            inner,
            _slot: slot,
            copy,
        }
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        let is_end = frame.is_none() || self.inner.is_end_stream();
        let piece = match &frame {
            Some(Ok(frame)) => frame.data_ref(),
            _ => None,
        };
        if let (Some(copy), Some(piece)) = (&mut self.copy, piece)
            && !copy.add(piece)
        {
            self.copy = None;
        }
        let is_whole = is_end && !matches!(frame, Some(Err(_)));
        if let Some(copy) = self.copy.take_if(|_| is_end)
            && is_whole
        {
            copy.keep();
        }
        Poll::Ready(data(frame))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

type Piece = Option<Result<Frame<Bytes>, axum::Error>>;

/// Trailers are the business of one connection here, as `TE` and `Trailer` are: a body ends before
/// them.
fn data(frame: Piece) -> Piece {
    frame.filter(|frame| !frame.as_ref().is_ok_and(Frame::is_trailers))
}

//! How much may be under way at once. Whoever comes when that much is there is told to come again in a second: clients do, and
//! keep what they have until then.

use std::sync::Arc;

use axum::body::{Body, HttpBody};
use futures::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use weir_core::{Code, Error, Result};

/// Requests that wait for their events to be durable, each on a thread that blocks. Of those there are more, so that
/// questions have some left.
const REQUESTS: usize = 256;

/// Bytes of bodies that are held, before they are inflated.
const BYTES: usize = 256 << 20;

/// Bytes that a body may announce and be believed.
const LIKELY: usize = 256 << 10;

/// Room for requests and bytes.
pub(crate) struct Admission {
    requests: Arc<Semaphore>,
    bytes: Arc<Semaphore>,
    turns: Arc<Semaphore>,
}

/// A body, and the room it takes.
pub(crate) struct Received {
    pub bytes: Vec<u8>,
    pub room: Option<OwnedSemaphorePermit>,
}

impl Default for Admission {
    fn default() -> Admission {
        Admission::of(REQUESTS, BYTES)
    }
}

impl Admission {
    fn of(requests: usize, bytes: usize) -> Admission {
        // Inflating and reading use a processor, so more of them at once are not faster, but need more memory.
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        Admission {
            requests: Arc::new(Semaphore::new(requests)),
            bytes: Arc::new(Semaphore::new(bytes)),
            turns: Arc::new(Semaphore::new(2 * processors)),
        }
    }

    /// Room for one more request.
    pub fn enter(&self) -> Result<OwnedSemaphorePermit> {
        self.requests.clone().try_acquire_owned().map_err(|_| overloaded("requests"))
    }

    /// A turn at a processor.
    pub async fn turn(&self) -> Result<OwnedSemaphorePermit> {
        let turn = self.turns.clone().acquire_owned().await;
        turn.map_err(|_| Error::internal("no more turns are given"))
    }

    /// Reads a body, as long as there is room for it and it is not larger than allowed.
    pub async fn receive(&self, body: Body, limit: usize) -> Result<Received> {
        let announced = usize::try_from(body.size_hint().lower()).unwrap_or(LIKELY);
        let mut received = Received { bytes: Vec::with_capacity(announced.min(LIKELY)), room: None };
        let mut pieces = body.into_data_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|_| Error::new(Code::InvalidBody, "the body did not arrive whole"))?;
            if received.bytes.len() + piece.len() > limit {
                let message = format!("the body is larger than {limit} bytes as sent");
                return Err(Error::new(Code::BodyTooLarge, message).help("send fewer events in one request"));
            }
            received.hold(self.room(piece.len())?);
            received.bytes.extend_from_slice(&piece);
        }
        Ok(received)
    }

    fn room(&self, bytes: usize) -> Result<OwnedSemaphorePermit> {
        let permits = u32::try_from(bytes).map_err(|_| overloaded("bytes"))?;
        self.bytes.clone().try_acquire_many_owned(permits).map_err(|_| overloaded("bytes"))
    }
}

impl Received {
    fn hold(&mut self, more: OwnedSemaphorePermit) {
        match &mut self.room {
            Some(room) => room.merge(more),
            None => self.room = Some(more),
        }
    }
}

fn overloaded(of_what: &str) -> Error {
    Error::new(Code::Overloaded, format!("too many {of_what} are under way"))
        .help("send it again in a second")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn there_is_room_for_so_much_at_once_and_no_more() {
        let admission = Admission::of(1, 10);
        let first = admission.enter().unwrap();
        assert_eq!(admission.enter().unwrap_err().code, Code::Overloaded);
        drop(first);
        drop(admission.enter().unwrap());

        let held = admission.receive(Body::from("123456"), 8).await.unwrap();
        assert_eq!(held.bytes, b"123456");
        let refused = admission.receive(Body::from("12345"), 8).await.map(drop).unwrap_err();
        assert_eq!(refused.code, Code::Overloaded);
        drop(held);
        let large = admission.receive(Body::from("123456789"), 8).await.map(drop).unwrap_err();
        assert_eq!(large.code, Code::BodyTooLarge);
        admission.receive(Body::from("12345678"), 8).await.map(drop).unwrap();
        assert_eq!(admission.bytes.available_permits(), 10, "all room is given back");
    }
}

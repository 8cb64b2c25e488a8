//! Carries one message to its destination, whatever kind that is.

use std::path::PathBuf;

use weir_core::destination::{Destination, Webhook};
use weir_core::push::{Call, Outbox};
use weir_core::time::Day;
use weir_core::{Error, Result};

use crate::file;
use crate::guard::Guard;
use crate::retry::Answer;
use crate::webhook::{Client, Tested};

/// Knows how to reach every kind of destination.
pub struct Courier {
    client: Client,
    exports: PathBuf,
}

impl Courier {
    /// Connections go through `guard`, files below `exports`.
    pub fn new(guard: &Guard, exports: PathBuf) -> Courier {
        Courier { client: Client::new(guard), exports }
    }

    /// Carries a message whose attempt is recorded.
    pub fn deliver(&self, outbox: &dyn Outbox, call: &Call) -> Result<Answer> {
        match &call.destination {
            Destination::Webhook(webhook) => {
                let recipients = outbox.recipients(call, 0, u32::MAX)?;
                self.client.send(webhook, call, &recipients)
            }
            Destination::File(file) => {
                let path = match &call.path {
                    Some(path) => PathBuf::from(path),
                    None => self.exports.join(file::name(&call.push_id, file.format)),
                };
                let written = file::write(&path, file, outbox, call);
                Ok(written.map_or_else(|error| not_written(call, &error), |()| Answer::Done))
            }
        }
    }

    /// Sends one signed message without recipients.
    pub fn test(&self, name: &str, webhook: &Webhook, secrets: &[String], as_of: Day) -> Result<Tested> {
        self.client.test(name, webhook, secrets, as_of)
    }
}

/// A disk that is full today may have room later; nobody has half a file, because it appears whole.
fn not_written(call: &Call, error: &Error) -> Answer {
    tracing::warn!(push = call.push_id, message = error.message, "the file was not written");
    Answer::Unreached("not_written")
}

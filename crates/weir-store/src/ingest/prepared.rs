//! An arrival made ready for the sequencer: everything that can be computed without knowing the others.

use weir_core::arrival::{Arrival, Content};
use weir_core::identity::IdentityPolicy;
use weir_core::{Code, Error, Result};

use super::frame::encode_body;
use crate::commit::message_of;
use crate::fingerprint::{Fingerprint, Fingerprinter, Keys};

pub(crate) struct Prepared {
    pub message: Fingerprint,
    /// Fingerprints of the identifiers, in the policy's order.
    pub names: Vec<Fingerprint>,
    /// The arrival as bytes.
    pub body: Vec<u8>,
}

/// Makes arrivals of one source ready.
pub(crate) struct Preparation<'a> {
    keys: &'a Keys,
    policy: &'a IdentityPolicy,
    message: Fingerprinter,
}

impl<'a> Preparation<'a> {
    pub(crate) fn new(keys: &'a Keys, policy: &'a IdentityPolicy, source: &str) -> Preparation<'a> {
        Preparation { keys, policy, message: message_of(keys, source) }
    }

    pub(crate) fn prepare(&self, arrival: &mut Arrival) -> Result<Prepared> {
        check(arrival)?;
        let order = |a: (&str, &str), b: (&str, &str)| self.policy.order(a, b);
        arrival.identifiers.sort_by(|a, b| order((&a.kind, &a.value), (&b.kind, &b.value)));
        arrival.identifiers.dedup();
        let name = |kind: &str, value: &str| self.keys.of_kind(kind).with(value.as_bytes());
        Ok(Prepared {
            message: self.message.with(arrival.message_id.as_bytes()),
            names: arrival.identifiers.iter().map(|id| name(&id.kind, &id.value)).collect(),
            body: encode_body(arrival)?,
        })
    }
}

/// What every parser must keep to; one that does not is a bug of ours, found before anything is written.
fn check(arrival: &Arrival) -> Result<()> {
    let is_event_without_behavior =
        matches!(&arrival.content, Content::Event(event) if event.behavior.is_empty());
    if arrival.identifiers.is_empty() || arrival.message_id.is_empty() || is_event_without_behavior {
        let message = format!("an arrival is not whole: message \"{}\"", arrival.message_id);
        return Err(Error::new(Code::Internal, message));
    }
    Ok(())
}

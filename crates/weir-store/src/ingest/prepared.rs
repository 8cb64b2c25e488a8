//! Arrivals made ready for the sequencer: everything that can be computed without knowing the others'.

use std::ops::Range;

use weir_core::arrival::{Arrival, Content};
use weir_core::identity::IdentityPolicy;
use weir_core::{Code, Error, Result};

use super::frame::encode_body;
use crate::commit::message_of;
use crate::fingerprint::{Fingerprint, Fingerprinter, Keys};

/// The arrivals of one request, ready.
#[derive(Default)]
pub(crate) struct Prepared {
    items: Vec<One>,
    names: Vec<Fingerprint>,
    bodies: Vec<u8>,
}

/// Where what belongs to one of them lies.
struct One {
    message: Fingerprint,
    names: Range<usize>,
    body: Range<usize>,
}

/// One arrival, ready.
#[derive(Clone, Copy)]
pub(crate) struct Ready<'a> {
    pub message: Fingerprint,
    /// Fingerprints of the identifiers, in the policy's order.
    pub names: &'a [Fingerprint],
    /// The arrival as bytes.
    pub body: &'a [u8],
}

impl Prepared {
    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    /// Bytes of all bodies.
    pub(crate) fn bytes(&self) -> usize {
        self.bodies.len()
    }

    /// Fingerprints of all identifiers.
    pub(crate) fn names(&self) -> &[Fingerprint] {
        &self.names
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Ready<'_>> {
        self.items.iter().map(|one| Ready {
            message: one.message,
            names: &self.names[one.names.clone()],
            body: &self.bodies[one.body.clone()],
        })
    }
}

/// Bytes that a body takes, as a rule.
const BODY_BYTES: usize = 512;

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

    pub(crate) fn prepare(&self, arrivals: &mut [Arrival]) -> Result<Prepared> {
        let mut prepared = Prepared {
            items: Vec::with_capacity(arrivals.len()),
            names: Vec::with_capacity(2 * arrivals.len()),
            bodies: Vec::with_capacity(BODY_BYTES * arrivals.len()),
        };
        arrivals.iter_mut().try_for_each(|arrival| self.add(&mut prepared, arrival))?;
        Ok(prepared)
    }

    fn add(&self, prepared: &mut Prepared, arrival: &mut Arrival) -> Result<()> {
        check(arrival)?;
        let order = |a: (&str, &str), b: (&str, &str)| self.policy.order(a, b);
        arrival.identifiers.sort_by(|a, b| order((&a.kind, &a.value), (&b.kind, &b.value)));
        arrival.identifiers.dedup();
        let name = |kind: &str, value: &str| self.keys.of_kind(kind).with(value.as_bytes());
        let (first_name, first_byte) = (prepared.names.len(), prepared.bodies.len());
        prepared.names.extend(arrival.identifiers.iter().map(|id| name(&id.kind, &id.value)));
        prepared.bodies = encode_body(std::mem::take(&mut prepared.bodies), arrival)?;
        prepared.items.push(One {
            message: self.message.with(arrival.message_id.as_bytes()),
            names: first_name..prepared.names.len(),
            body: first_byte..prepared.bodies.len(),
        });
        Ok(())
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

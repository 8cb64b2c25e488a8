//! Destinations.

use serde::Serialize;
use utoipa::ToSchema;
use weir_app::{DestinationRecord, Tested};
use weir_core::destination::Destination as Definition;

use super::time::instant;

/// Where people are pushed: a file below the data directory, or a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Destination {
    /// Its name.
    #[schema(example = "crm")]
    pub name: String,
    /// Its version, from 1; it grows with every change.
    pub version: u32,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `file` or `webhook`.
    #[schema(example = "webhook")]
    pub kind: &'static str,
    /// Of a file: `csv`, `jsonl` or `parquet`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<&'static str>,
    /// Of a webhook: where to POST.
    #[schema(example = "https://example.com/weir")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Of a webhook: recipients of one call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<u32>,
    /// Of a webhook: seconds that a call may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_seconds: Option<u32>,
    /// Of a webhook: calls at a time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_flight: Option<u32>,
    /// Kinds of identifiers wanted; whoever has none of them is not sent. Empty: the canonical one is enough.
    pub identifiers: Vec<String>,
    /// Since when nothing is sent to it, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disabled: Option<Disabled>,
    /// The signing secret (Standard Webhooks), at the one moment when it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}

/// Why nothing is sent to a destination.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DestinationDisabled)]
pub struct Disabled {
    /// Since when, UTC.
    #[schema(format = DateTime)]
    pub since: String,
    /// In a word.
    #[schema(example = "http_410")]
    pub reason: String,
}

/// A new signing secret, told this once. The one before stays active for a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Secret {
    /// Name of the destination.
    pub destination: String,
    /// The secret, `whsec_…`.
    pub secret: String,
}

/// How a test message fared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DestinationTest {
    /// Whether the receiver took it.
    pub ok: bool,
    /// The HTTP status, if there was an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// What happened, in a word.
    #[schema(example = "http_204")]
    pub detail: String,
    /// The id of the message.
    pub message: String,
}

impl Destination {
    /// With the secret that was made along with it.
    #[must_use]
    pub fn with_secret(self, secret: Option<String>) -> Destination {
        Destination { secret, ..self }
    }
}

impl From<&DestinationRecord> for Destination {
    fn from(record: &DestinationRecord) -> Destination {
        let disabled = record.disabled.as_ref();
        let common = Destination {
            name: record.name.clone(),
            version: record.version,
            description: record.about.description.clone(),
            kind: record.destination.kind(),
            format: None,
            url: None,
            batch: None,
            timeout_seconds: None,
            in_flight: None,
            identifiers: record.destination.identifiers().to_vec(),
            disabled: disabled.map(|d| Disabled { since: instant(d.since), reason: d.reason.clone() }),
            secret: None,
        };
        match &record.destination {
            Definition::File(file) => Destination { format: Some(file.format.name()), ..common },
            Definition::Webhook(webhook) => Destination {
                url: Some(webhook.url.clone()),
                batch: Some(webhook.batch),
                timeout_seconds: Some(webhook.timeout_seconds),
                in_flight: Some(webhook.in_flight),
                ..common
            },
        }
    }
}

impl From<&Tested> for DestinationTest {
    fn from(tested: &Tested) -> DestinationTest {
        let Tested { ok, status, detail, message } = tested.clone();
        DestinationTest { ok, status, detail, message }
    }
}

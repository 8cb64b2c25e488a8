//! Events that expired.

use serde::Serialize;
use utoipa::ToSchema;

/// Events that expired, or would.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Expiry {
    /// Whether this only says what a run would do.
    pub dry_run: bool,
    /// How many days events are kept; left out: for ever.
    #[schema(example = 400)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<u32>,
    /// The first local date whose events are kept.
    #[schema(format = Date, example = "2024-01-01")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_day_kept: Option<String>,
    /// Events that go.
    #[schema(example = 41_208)]
    pub events: u64,
    /// Bytes of their files.
    #[schema(example = 1_204_224)]
    pub bytes: u64,
    /// The same by day, in order.
    pub days: Vec<ExpiredDay>,
}

/// A local date that goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExpiredDay {
    /// The date.
    #[schema(format = Date, example = "2023-12-31")]
    pub day: String,
    /// Its events.
    pub events: u64,
    /// Bytes of their files.
    pub bytes: u64,
}

impl Expiry {
    /// Of a run, or of one that only looked.
    pub fn new(expiry: &weir_app::Expiry, dry_run: bool) -> Expiry {
        let days = expiry.days.iter();
        Expiry {
            dry_run,
            retention_days: expiry.retention_days,
            first_day_kept: expiry.first_kept.map(|day| day.to_string()),
            events: expiry.events(),
            bytes: expiry.bytes(),
            days: days
                .map(|(day, gone)| ExpiredDay {
                    day: day.to_string(),
                    events: gone.events,
                    bytes: gone.bytes,
                })
                .collect(),
        }
    }
}

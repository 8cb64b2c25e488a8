//! Jobs.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::JobRecord;

use super::time::instant;

/// Work that takes long, while it goes on and after.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Job {
    /// Its id.
    #[schema(example = "j7")]
    pub job: String,
    /// What it does.
    #[schema(example = "import")]
    pub kind: String,
    /// What it works on.
    #[schema(example = "events of orders")]
    pub subject: String,
    /// `running`, `done`, `failed`, `cancelled` (nothing is left half-done) or `interrupted` (its process ended first).
    #[schema(example = "running")]
    pub state: &'static str,
    /// What it is doing.
    #[schema(example = "reading")]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub stage: String,
    /// How much is done.
    pub done: u64,
    /// Of how much, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
    /// When it began, UTC.
    #[schema(format = DateTime)]
    pub started: String,
    /// When it ended, UTC.
    #[schema(format = DateTime)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
    /// What it answered, once it is done.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<Value>,
    /// What kept it from that: code, message, and so on.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Value>,
}

impl From<&JobRecord> for Job {
    fn from(record: &JobRecord) -> Job {
        Job {
            job: record.id(),
            kind: record.kind.clone(),
            subject: record.subject.clone(),
            state: record.state.name(),
            stage: record.stage.clone(),
            done: record.done,
            total: record.total,
            started: instant(record.started),
            ended: record.ended.map(instant),
            result: record.result.clone(),
            error: record.error.clone(),
        }
    }
}

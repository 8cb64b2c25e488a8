//! Numbers of ingest.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use weir_app::{App, IngestCounts, SourceCounts, WorkspaceIngest};
use weir_core::time::Micros;

use super::{family, line};

/// What HTTP alone knows.
#[derive(Default)]
pub(super) struct Ingested {
    requests: Mutex<BTreeMap<u16, u64>>,
    retries: AtomicU64,
}

/// What weir-app knows, at an instant.
pub(super) struct Reading {
    now: Micros,
    counts: IngestCounts,
    open: Vec<WorkspaceIngest>,
}

impl Reading {
    pub fn of(app: &App) -> Reading {
        let now = jiff::Timestamp::now().as_microsecond();
        Reading { now, counts: app.ingest_counts(), open: app.open_ingests() }
    }
}

impl Ingested {
    pub fn answered(&self, status: StatusCode, is_retry: bool) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry(status.as_u16()).or_default() += 1;
        self.retries.fetch_add(u64::from(is_retry), Ordering::Relaxed);
    }

    pub fn write(&self, out: &mut String, reading: &Reading) {
        family(out, "weir_ingest_requests_total", "counter", "Requests that brought something.");
        for (status, count) in &*self.requests.lock().unwrap_or_else(PoisonError::into_inner) {
            line(out, "weir_ingest_requests_total", &format!(r#"{{status="{status}"}}"#), count);
        }
        family(out, "weir_ingest_retries_total", "counter", "Requests that were attempts after the first.");
        line(out, "weir_ingest_retries_total", "", self.retries.load(Ordering::Relaxed));
        reading.write_events(out);
        reading.write_ages(out);
        reading.write_logs(out);
    }
}

impl Reading {
    fn write_events(&self, out: &mut String) {
        family(out, "weir_ingest_events_total", "counter", "Events by what became of them.");
        for (workspace, source, counts) in &self.counts.sources {
            let SourceCounts { accepted, duplicate, rejected, .. } = counts;
            for (verdict, count) in [("accepted", accepted), ("duplicate", duplicate), ("rejected", rejected)]
            {
                let labels = format!(r#"{{workspace="{workspace}",source="{source}",verdict="{verdict}"}}"#);
                line(out, "weir_ingest_events_total", &labels, count);
            }
        }
        family(out, "weir_ingest_rejected_total", "counter", "Messages refused, by reason.");
        for (reason, count) in &self.counts.reasons {
            line(out, "weir_ingest_rejected_total", &format!(r#"{{reason="{reason}"}}"#), count);
        }
    }

    fn write_ages(&self, out: &mut String) {
        const NAME: &str = "weir_ingest_last_durable_age_seconds";
        family(out, NAME, "gauge", "Since when nothing new of a source became durable.");
        for (workspace, source, counts) in &self.counts.sources {
            let Some(last) = counts.last_durable else { continue };
            let seconds = self.now.saturating_sub(last).max(0) as f64 / 1e6;
            line(out, NAME, &format!(r#"{{workspace="{workspace}",source="{source}"}}"#), seconds);
        }
    }

    fn write_logs(&self, out: &mut String) {
        family(out, "weir_ingest_ready", "gauge", "Whether a workspace can take something in.");
        for WorkspaceIngest { workspace, status } in &self.open {
            let labels = format!(r#"{{workspace="{workspace}"}}"#);
            line(out, "weir_ingest_ready", &labels, u64::from(status.is_ready));
        }
        let name = "weir_ingest_log_backlog_bytes";
        family(out, name, "gauge", "Bytes that are durable in the log and not yet in files.");
        for WorkspaceIngest { workspace, status } in &self.open {
            let backlog = status.durable.saturating_sub(status.flushed);
            line(out, name, &format!(r#"{{workspace="{workspace}"}}"#), backlog);
        }
    }
}

//! A few honest numbers in Prometheus' text format: requests by route and status, how long estimates take, readiness, ingest, the disk.
//!
//! Written by hand: a dozen families do not need a library. Labels come from the list of routes and the names of sources, never
//! from a request, so nobody outside can make them grow.

mod ingest;
mod space;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::blocking::blocking;
use crate::server::Shared;
use ingest::{Ingested, Reading};

/// Upper bounds of the buckets, in microseconds: what is promised is milliseconds.
const BOUNDS_US: [u64; 10] = [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 2_500_000];

/// Method, route, status.
type RequestLabels = (String, String, u16);

/// What is counted.
#[derive(Default)]
pub(crate) struct Metrics {
    requests: Mutex<BTreeMap<RequestLabels, u64>>,
    estimates: Histogram,
    ingested: Ingested,
}

/// Durations by bucket; the last bucket has no bound.
#[derive(Default)]
struct Histogram {
    buckets: [AtomicU64; BOUNDS_US.len() + 1],
    sum_us: AtomicU64,
}

impl Metrics {
    /// Counts one estimate.
    pub fn estimated(&self, elapsed_us: u64) {
        self.estimates.observe(elapsed_us);
    }

    /// Counts one request that brought something.
    pub fn ingested(&self, status: StatusCode, is_retry: bool) {
        self.ingested.answered(status, is_retry);
    }

    fn answered(&self, method: &str, route: &str, status: StatusCode) {
        let labels = (method.to_owned(), route.to_owned(), status.as_u16());
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        *requests.entry(labels).or_default() += 1;
    }

    fn text(&self, warm: bool) -> String {
        let mut out = String::from("# HELP weir_ready Whether questions are answered from an open index.\n");
        out.push_str("# TYPE weir_ready gauge\n");
        line(&mut out, "weir_ready", "", u64::from(warm));
        out.push_str("# HELP weir_http_requests_total Requests answered.\n");
        out.push_str("# TYPE weir_http_requests_total counter\n");
        for ((method, route, status), count) in &*self.requests.lock().unwrap_or_else(PoisonError::into_inner)
        {
            let labels = format!(r#"{{method="{method}",route="{route}",status="{status}"}}"#);
            line(&mut out, "weir_http_requests_total", &labels, count);
        }
        self.estimates.write(&mut out);
        out
    }
}

impl Histogram {
    fn observe(&self, us: u64) {
        let bucket = BOUNDS_US.iter().position(|bound| us <= *bound).unwrap_or(BOUNDS_US.len());
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.sum_us.fetch_add(us, Ordering::Relaxed);
    }

    fn write(&self, out: &mut String) {
        const NAME: &str = "weir_estimate_duration_seconds";
        out.push_str("# HELP weir_estimate_duration_seconds Time to evaluate an expression.\n");
        out.push_str("# TYPE weir_estimate_duration_seconds histogram\n");
        let mut cumulative = 0;
        for (i, bucket) in self.buckets.iter().enumerate() {
            cumulative += bucket.load(Ordering::Relaxed);
            let bound = BOUNDS_US.get(i).map_or("+Inf".to_owned(), |us| seconds(*us).to_string());
            line(out, &format!("{NAME}_bucket"), &format!(r#"{{le="{bound}"}}"#), cumulative);
        }
        line(out, &format!("{NAME}_sum"), "", seconds(self.sum_us.load(Ordering::Relaxed)));
        line(out, &format!("{NAME}_count"), "", cumulative);
    }
}

fn seconds(us: u64) -> f64 {
    us as f64 / 1e6
}

fn family(out: &mut String, name: &str, kind: &str, help: &str) {
    out.push_str(&format!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
}

fn line(out: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    // Writing to a String does not fail.
    let _ = writeln!(out, "{name}{labels} {value}");
}

/// Counts every request when it has been answered.
pub(crate) async fn measure(State(server): State<Shared>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let method = known_method(&request);
    let response = next.run(request).await;
    let status = response.status();
    tracing::debug!(method, route, status = status.as_u16(), "answered");
    server.metrics().answered(method, &route, status);
    response
}

/// Anybody may send any word as a method.
fn known_method(request: &Request) -> &'static str {
    const METHODS: [&str; 6] = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"];
    METHODS.into_iter().find(|method| *method == request.method().as_str()).unwrap_or("other")
}

pub(crate) async fn render(State(server): State<Shared>) -> impl IntoResponse {
    let mut text = server.metrics().text(server.is_warm());
    server.metrics().ingested.write(&mut text, &Reading::of(server.app()));
    // What cannot be measured is left out; the other numbers may tell why.
    let spaces = blocking(move || server.app().spaces()).await;
    space::write(&mut text, &spaces.unwrap_or_default());
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_are_cumulative_and_sum_to_the_count() {
        let metrics = Metrics::default();
        for us in [400, 900, 900, 3_000_000] {
            metrics.estimated(us);
        }
        metrics.answered("GET", "/api/v1/audiences", StatusCode::OK);
        let text = metrics.text(true);
        for expected in [
            "weir_ready 1\n",
            "weir_http_requests_total{method=\"GET\",route=\"/api/v1/audiences\",status=\"200\"} 1\n",
            "weir_estimate_duration_seconds_bucket{le=\"0.0005\"} 1\n",
            "weir_estimate_duration_seconds_bucket{le=\"0.001\"} 3\n",
            "weir_estimate_duration_seconds_bucket{le=\"2.5\"} 3\n",
            "weir_estimate_duration_seconds_bucket{le=\"+Inf\"} 4\n",
            "weir_estimate_duration_seconds_sum 3.0022\n",
            "weir_estimate_duration_seconds_count 4\n",
        ] {
            assert!(text.contains(expected), "{expected} not in\n{text}");
        }
    }
}

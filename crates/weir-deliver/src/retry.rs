//! What an answer means and when to try again: pure, so that a day of outage is a table.
//!
//! | answer | outcome | again? |
//! |---|---|---|
//! | 2xx | sent | no |
//! | 410 | failed `http_410` | no; the destination is disabled |
//! | 408, 425, 429, 5xx | pending: the receiver says that it did not take it | yes, not before `Retry-After` |
//! | any other status (redirects too) | failed `http_<status>` | no |
//! | no connection | pending | yes |
//! | a lost reply | unknown | yes, with the same id |
//!
//! The n-th failure waits for the n-th step of [`SCHEDULE`]; after the last, what is pending has failed, and what is
//! unknown stays unknown.

use std::time::Duration;

use weir_core::push::{Outcome, Verdict};
use weir_core::time::Micros;

/// Waits between attempts: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h.
pub const SCHEDULE: [Duration; 7] = [
    Duration::from_secs(5),
    Duration::from_secs(5 * 60),
    Duration::from_secs(30 * 60),
    Duration::from_secs(2 * 3600),
    Duration::from_secs(5 * 3600),
    Duration::from_secs(10 * 3600),
    Duration::from_secs(14 * 3600),
];

/// Longest wait that a receiver may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);

/// What a call brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is where it should be, without HTTP.
    Done,
    /// The receiver answered.
    Status(u16, Option<Duration>),
    /// The receiver certainly has nothing of it; why, in a word.
    Unreached(&'static str),
    /// The receiver may have it; what happened, in a word.
    Lost(&'static str),
    /// It can never be sent like this; why, in a word.
    Refused(&'static str),
}

/// The verdict on an attempt that ends `now`, after so many failures before it.
pub fn judge(answer: &Answer, failures: u32, now: Micros) -> Verdict {
    match answer {
        Answer::Done => verdict(Outcome::Sent, None, None, "written"),
        Answer::Status(status @ 200..=299, _) => status_verdict(*status, Outcome::Sent, None),
        Answer::Status(410, _) => {
            let failed = Outcome::Failed("http_410".to_owned());
            Verdict { gone: true, ..status_verdict(410, failed, None) }
        }
        Answer::Status(status @ (408 | 425 | 429 | 500..=599), after) => {
            let next = next(failures, *after, now);
            let gave_up = || Outcome::Failed(format!("http_{status}"));
            status_verdict(*status, next.map_or_else(gave_up, |_| Outcome::Pending), next)
        }
        Answer::Status(status, _) => status_verdict(*status, Outcome::Failed(format!("http_{status}")), None),
        Answer::Unreached(why) => {
            let next = next(failures, None, now);
            let gave_up = || Outcome::Failed((*why).to_owned());
            verdict(next.map_or_else(gave_up, |_| Outcome::Pending), next, None, why)
        }
        Answer::Lost(what) => verdict(Outcome::Unknown, next(failures, None, now), None, what),
        Answer::Refused(why) => verdict(Outcome::Failed((*why).to_owned()), None, None, why),
    }
}

fn next(failures: u32, after: Option<Duration>, now: Micros) -> Option<Micros> {
    let planned = SCHEDULE.get(failures as usize)?;
    let asked = after.unwrap_or_default().min(LONGEST_WAIT);
    let wait = (*planned).max(asked);
    Some(now.saturating_add(Micros::try_from(wait.as_micros()).unwrap_or(Micros::MAX)))
}

fn status_verdict(status: u16, outcome: Outcome, next: Option<Micros>) -> Verdict {
    verdict(outcome, next, Some(status), &format!("http_{status}"))
}

fn verdict(outcome: Outcome, next: Option<Micros>, status: Option<u16>, detail: &str) -> Verdict {
    Verdict { outcome, next, status, detail: detail.to_owned(), gone: false }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Micros = 1_700_000_000_000_000;

    /// Outcome, seconds until the next attempt, whether the destination is disabled.
    #[track_caller]
    fn check(answer: Answer, failures: u32, outcome: &str, wait: Option<i64>) {
        let verdict = judge(&answer, failures, NOW);
        let told = match verdict.outcome.reason() {
            Some(reason) => format!("{} {reason}", verdict.outcome.name()),
            None => verdict.outcome.name().to_owned(),
        };
        let waits = verdict.next.map(|next| (next - NOW) / 1_000_000);
        assert_eq!((told.as_str(), waits), (outcome, wait), "{answer:?} after {failures}");
        assert_eq!(verdict.gone, answer == Answer::Status(410, None));
    }

    #[test]
    fn answers_mean_what_the_table_says() {
        for status in [200, 201, 202, 204, 299] {
            check(Answer::Status(status, None), 0, "sent", None);
        }
        for status in [408, 425, 429, 500, 502, 503, 504, 599] {
            check(Answer::Status(status, None), 0, "pending", Some(5));
        }
        for status in [100, 301, 302, 307, 308, 400, 401, 403, 404, 409, 410, 413, 422, 451] {
            check(Answer::Status(status, None), 0, &format!("failed http_{status}"), None);
        }
        check(Answer::Done, 0, "sent", None);
        check(Answer::Unreached("refused"), 0, "pending", Some(5));
        check(Answer::Lost("timeout"), 0, "unknown", Some(5));
        check(Answer::Refused("forbidden_address"), 0, "failed forbidden_address", None);
    }

    #[test]
    fn waits_grow_and_end() {
        let waits = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400];
        for (failures, wait) in waits.into_iter().enumerate() {
            check(Answer::Status(503, None), failures as u32, "pending", Some(wait));
            check(Answer::Lost("timeout"), failures as u32, "unknown", Some(wait));
        }
        check(Answer::Status(503, None), 7, "failed http_503", None);
        check(Answer::Unreached("no_address"), 7, "failed no_address", None);
        check(Answer::Lost("timeout"), 7, "unknown", None);
        check(Answer::Lost("timeout"), u32::MAX, "unknown", None);
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_but_not_for_less_nor_for_ever() {
        let after = |seconds| Answer::Status(429, Some(Duration::from_secs(seconds)));
        check(after(90), 0, "pending", Some(90));
        check(after(90), 1, "pending", Some(300));
        check(after(u64::MAX / 4), 0, "pending", Some(86_400));
    }
}

//! The one place that reads the clock, and times as people at the workspace's place read them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use weir_app::Workspace;
use weir_core::time::{Day, Micros, Zone};
use weir_core::{Error, Result};

/// The date written, or today in the workspace's zone.
pub fn as_of(written: Option<&str>, workspace: &Workspace) -> Result<Day> {
    match written {
        Some(text) => date(text, "--as-of"),
        None => today(workspace),
    }
}

/// A date written in an argument.
pub fn date(text: &str, argument: &str) -> Result<Day> {
    text.parse().map_err(|error: Error| error.at(argument))
}

/// Today's local date in the workspace's zone.
pub fn today(workspace: &Workspace) -> Result<Day> {
    let now = Timestamp::now().as_microsecond();
    workspace.settings()?.zone.day_of(now).ok_or_else(|| Error::internal("the clock is out of range"))
}

/// An instant as local date and time, to the second.
pub fn local(time: Micros, zone: &Zone) -> String {
    let zone = TimeZone::get(zone.name()).unwrap_or(TimeZone::UTC);
    let instant = Timestamp::from_microsecond(time).unwrap_or_default();
    instant.to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_local() {
        let shanghai = Zone::named("Asia/Shanghai").unwrap();
        assert_eq!(local(1_704_069_547_250_000, &shanghai), "2024-01-01 08:39:07");
    }
}

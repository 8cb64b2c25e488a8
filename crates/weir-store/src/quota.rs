//! How long a workspace keeps events, and how much of the disk it may use.
//!
//! Nothing is stored by these settings, so they change at any time, nobody has to be kept out, and no answer moves: what
//! they lead to happens later (see `expiry` and `space`).

use rusqlite::{Connection, params};
use weir_core::size::Size;
use weir_core::{Code, Error, Result};

use crate::fault::Fault;
use crate::workspace::Workspace;

/// Keys of these settings.
pub(crate) const KEYS: [&str; 3] = ["retention_days", "disk_limit", "disk_reserve"];

/// The longest time that may be asked for; to keep for ever is to say so.
const MOST_DAYS: u32 = 1_000_000;

/// What a workspace may keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quota {
    /// Events older than so many days expire; none: they are kept for ever.
    pub retention_days: Option<u32>,
    /// Most bytes that the workspace may use; none: no limit.
    pub disk_limit: Option<u64>,
    /// Bytes that stay free on the disk; none: as the size of the disk suggests.
    pub disk_reserve: Option<u64>,
}

impl Workspace {
    /// What the workspace may keep.
    pub fn quota(&self) -> Result<Quota> {
        self.database().read(|db| read_quota(db, self.id()))
    }

    /// Changes one of [`KEYS`]. An ingest in this process heeds it at once, one of another process within a second.
    pub(crate) fn set_quota(&self, key: &str, value: &str) -> Result<()> {
        let stored = checked(key, value)?;
        self.database().write(|db| {
            let sql = format!("UPDATE workspace SET {key} = ? WHERE id = ?");
            db.execute(&sql, params![stored, self.id()]).fault()
        })?;
        match self.store().open_ingest_of(self) {
            Some(ingest) => ingest.measure(),
            None => Ok(()),
        }
    }
}

pub(crate) fn read_quota(db: &Connection, workspace: i64) -> Result<Quota> {
    let sql = "SELECT retention_days, disk_limit, disk_reserve FROM workspace WHERE id = ?";
    let row =
        |row: &rusqlite::Row| Ok((row.get(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, Option<i64>>(2)?));
    let (retention_days, limit, reserve) = db.query_row(sql, [workspace], row).fault()?;
    let bytes = |stored: Option<i64>| stored.map(|bytes| bytes as u64);
    Ok(Quota { retention_days, disk_limit: bytes(limit), disk_reserve: bytes(reserve) })
}

/// The value in the form it is stored in; null for what the key's word for "none" says.
fn checked(key: &str, value: &str) -> Result<Option<i64>> {
    let value = value.trim();
    let stored = match (key, value) {
        ("retention_days" | "disk_limit", "none") | ("disk_reserve", "default") => return Ok(None),
        ("retention_days", days) => parse_days(days)?,
        ("disk_limit", size) => parse_size(key, size, "or none for no limit")?,
        (_, size) => parse_size(key, size, "0 for no reserve, or default")?,
    };
    if key == "disk_limit" && stored == 0 {
        let error = Error::new(Code::InvalidArgument, "a limit of nothing would let nothing in").at(key);
        return Err(error.help("write none for no limit; to stop a source: weir source disable NAME"));
    }
    Ok(Some(stored))
}

fn parse_days(text: &str) -> Result<i64> {
    let days = text.parse::<u32>().ok().filter(|days| (1..=MOST_DAYS).contains(days));
    days.map(i64::from).ok_or_else(|| {
        Error::new(Code::InvalidArgument, format!("\"{text}\" is not a number of days to keep events for"))
            .at("retention_days")
            .help(format!("write a whole number from 1 to {MOST_DAYS}, or none to keep them for ever"))
    })
}

fn parse_size(key: &str, text: &str, or: &str) -> Result<i64> {
    let size = text.parse::<Size>().map_err(|error| {
        let help = error.help.clone().unwrap_or_default();
        error.at(key).help(format!("{help}, {or}"))
    })?;
    Ok(size.0 as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refuse(key: &str, value: &str, message: &str, help: &str) {
        let error = checked(key, value).unwrap_err();
        assert_eq!((error.code, error.at.as_deref()), (Code::InvalidArgument, Some(key)), "{key}={value}");
        assert_eq!((error.message.as_str(), error.help.as_deref()), (message, Some(help)));
    }

    #[test]
    fn values_are_read() {
        for (key, value, stored) in [
            ("retention_days", "400", Some(400)),
            ("retention_days", "none", None),
            ("disk_limit", "50GB", Some(50_000_000_000)),
            ("disk_limit", "none", None),
            ("disk_reserve", "1GiB", Some(1 << 30)),
            ("disk_reserve", "0", Some(0)),
            ("disk_reserve", "default", None),
        ] {
            assert_eq!(checked(key, value).unwrap(), stored, "{key}={value}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        let days = "write a whole number from 1 to 1000000, or none to keep them for ever";
        for value in ["0", "-1", "1.5", "a year", "1000001", ""] {
            let message = format!("\"{value}\" is not a number of days to keep events for");
            refuse("retention_days", value, &message, days);
        }
        let size =
            "write whole bytes, or a whole number of KB, MB, GB, TB, KiB, MiB, GiB or TiB, for example 50GB";
        refuse("disk_limit", "much", "\"much\" is not a size", &format!("{size}, or none for no limit"));
        refuse(
            "disk_reserve",
            "none",
            "\"none\" is not a size",
            &format!("{size}, 0 for no reserve, or default"),
        );
        let nothing = "write none for no limit; to stop a source: weir source disable NAME";
        refuse("disk_limit", "0", "a limit of nothing would let nothing in", nothing);
    }
}

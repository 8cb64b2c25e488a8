//! Settings of a workspace: zone, reporting currency, identity policy, exchange rates.
//!
//! Zone and currency decide the day and the amount that each event was stored with, so they are fixed once there are
//! events. The identity policy only decides how links are read, so it may change at any time. How much is kept, and how long,
//! is `quota`.

use rusqlite::{Connection, params};
use serde_json::{Value, json};
use weir_core::error::suggestion;
use weir_core::identity::IdentityPolicy;
use weir_core::rate::{Rate, Rates};
use weir_core::time::{Day, Zone};
use weir_core::{Code, Error, Result};

use crate::fault::Fault;
use crate::quota;
use crate::workspace::Workspace;

/// Keys that [`Workspace::set`] takes.
pub const SETTINGS: [&str; 6] =
    ["timezone", "currency", "identity", "retention_days", "disk_limit", "disk_reserve"];

/// What a workspace has decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// The zone of its local dates.
    pub zone: Zone,
    /// The currency that amounts are kept in, ISO 4217.
    pub currency: String,
    /// How identifiers are ranked and joined.
    pub policy: IdentityPolicy,
    /// Worth of other currencies.
    pub rates: Rates,
}

impl Workspace {
    /// The settings now.
    pub fn settings(&self) -> Result<Settings> {
        self.database().read(|db| read_settings(db, self.id()))
    }

    /// Changes `timezone`, `currency`, `identity` (a JSON object with any of `priority`, `unique`, `joining`, `cap`),
    /// `retention_days` (or none), `disk_limit` (a size, or none) or `disk_reserve` (a size, or default).
    pub fn set(&self, key: &str, value: &str) -> Result<()> {
        if quota::KEYS.contains(&key) {
            return self.set_quota(key, value);
        }
        let stored = checked(key, value)?;
        // With the lock held no import is under way that read the old setting.
        let _exclusive = self.exclusive()?;
        self.database().write(|db| {
            if key != "identity" {
                refuse_if_depended_on(db, self.id(), key, &stored)?;
            }
            let sql = format!("UPDATE workspace SET {key} = ?, generation = generation + 1 WHERE id = ?");
            db.execute(&sql, params![stored, self.id()]).fault()?;
            Ok(())
        })
    }

    /// States what one unit of `currency` is worth in the workspace's from `day` on, until a later rate.
    pub fn set_rate(&self, currency: &str, day: Day, rate: Rate) -> Result<()> {
        check_currency(currency)?;
        self.database().write(|db| {
            let sql = "INSERT OR REPLACE INTO rate (workspace, currency, day, rate) VALUES (?, ?, ?, ?)";
            db.execute(sql, params![self.id(), currency, day.0, rate.to_string()]).fault()?;
            Ok(())
        })
    }
}

/// The value in the form it is stored in.
fn checked(key: &str, value: &str) -> Result<String> {
    match key {
        "timezone" => Ok(Zone::named(value)?.name().to_owned()),
        "currency" => check_currency(value).map(|()| value.to_owned()),
        "identity" => Ok(policy_json(&parse_policy(value)?).to_string()),
        _ => {
            let error = Error::new(Code::InvalidArgument, format!("there is no setting \"{key}\"")).at(key);
            let help =
                suggestion(key, SETTINGS).unwrap_or_else(|| format!("settings: {}", SETTINGS.join(", ")));
            Err(error.help(help))
        }
    }
}

fn check_currency(code: &str) -> Result<()> {
    if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(());
    }
    Err(Error::new(Code::InvalidArgument, format!("\"{code}\" is not a currency"))
        .at("currency")
        .help("use an ISO 4217 code such as CNY, EUR or GBP"))
}

fn refuse_if_depended_on(db: &Connection, workspace: i64, key: &str, value: &str) -> Result<()> {
    let same_sql = format!("SELECT {key} = ? FROM workspace WHERE id = ?");
    let same: bool = db.query_row(&same_sql, params![value, workspace], |row| row.get(0)).fault()?;
    let events_sql = "SELECT EXISTS (SELECT 1 FROM file WHERE workspace = ? AND kind = 'events')";
    let has_events: bool = db.query_row(events_sql, [workspace], |row| row.get(0)).fault()?;
    if same || !has_events {
        return Ok(());
    }
    Err(Error::new(Code::WorkspaceNotEmpty, format!("the {key} is fixed: events were stored by it"))
        .at(key)
        .help("set it in a new workspace and import there, or take back the imports of events first"))
}

pub(crate) fn read_settings(db: &Connection, workspace: i64) -> Result<Settings> {
    let sql = "SELECT timezone, currency, identity FROM workspace WHERE id = ?";
    let row = |row: &rusqlite::Row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get::<_, String>(2)?));
    let (zone, currency, identity) = db.query_row(sql, [workspace], row).fault()?;
    let rates = read_rates(db, workspace)?;
    Ok(Settings { zone: Zone::named(&zone)?, currency, policy: parse_policy(&identity)?, rates })
}

fn read_rates(db: &Connection, workspace: i64) -> Result<Rates> {
    let mut query = db.prepare("SELECT currency, day, rate FROM rate WHERE workspace = ?").fault()?;
    let mut rows = query.query([workspace]).fault()?;
    let mut rates = Rates::default();
    while let Some(row) = rows.next().fault()? {
        let text: String = row.get(2).fault()?;
        rates.insert(&row.get::<_, String>(0).fault()?, Day(row.get(1).fault()?), Rate::parse(&text)?);
    }
    Ok(rates)
}

pub(crate) fn default_policy_text() -> String {
    policy_json(&IdentityPolicy::default()).to_string()
}

/// The JSON form of an identity policy.
pub fn policy_json(policy: &IdentityPolicy) -> Value {
    json!({
        "priority": policy.priority, "unique": policy.unique, "joining": policy.joining, "cap": policy.cap,
    })
}

/// Reads the JSON form; fields left out keep their default.
pub fn parse_policy(text: &str) -> Result<IdentityPolicy> {
    let value: Value = serde_json::from_str(text).map_err(|error| invalid_policy(&error.to_string(), ""))?;
    let object = value.as_object().ok_or_else(|| invalid_policy("an identity policy is an object", ""))?;
    let mut policy = IdentityPolicy::default();
    for (key, value) in object {
        let at = format!("/{key}");
        match key.as_str() {
            "priority" => policy.priority = kinds(value, &at)?,
            "unique" => policy.unique = kinds(value, &at)?,
            "joining" => policy.joining = kinds(value, &at)?,
            "cap" => policy.cap = cap(value, &at)?,
            _ => return Err(invalid_policy(&format!("an identity policy has no \"{key}\""), &at)),
        }
    }
    Ok(policy)
}

fn kinds(value: &Value, at: &str) -> Result<Vec<String>> {
    let list = value.as_array().ok_or_else(|| invalid_policy("kinds are a list of names", at))?;
    let names = list.iter().map(|kind| kind.as_str().map(str::to_owned));
    names.collect::<Option<_>>().ok_or_else(|| invalid_policy("a kind is a name", at))
}

fn cap(value: &Value, at: &str) -> Result<usize> {
    let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
    number.filter(|cap| *cap > 0).ok_or_else(|| invalid_policy("the cap is a whole number above 0", at))
}

fn invalid_policy(message: &str, at: &str) -> Error {
    Error::new(Code::InvalidArgument, message)
        .at(at)
        .help("write {\"priority\": [kinds], \"unique\": [kinds], \"joining\": [kinds], \"cap\": number}")
}

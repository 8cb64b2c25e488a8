//! Ledgers as JSON text, the form they are kept in.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use weir_core::ledger::Ledger;
use weir_core::{Error, Result};

pub(crate) fn to_json(ledger: &Ledger) -> Value {
    json!({
        "read": ledger.read,
        "accepted": ledger.accepted,
        "duplicate": ledger.duplicate,
        "reasons": ledger.reasons,
        "new_consumers": ledger.new_consumers,
        "unmapped": ledger.unmapped,
        "remarks": ledger.remarks,
        "first_time": ledger.first_time,
        "last_time": ledger.last_time,
    })
}

pub(crate) fn from_json(text: &str) -> Result<Ledger> {
    read(text).ok_or_else(|| Error::internal(format!("weir.db: not a ledger: {text}")))
}

fn read(text: &str) -> Option<Ledger> {
    let value: Value = serde_json::from_str(text).ok()?;
    let number = |key: &str| value.get(key).and_then(Value::as_u64);
    let object = |key: &str| value.get(key).and_then(Value::as_object);
    let mut unmapped = BTreeMap::new();
    for (kind, names) in object("unmapped")? {
        unmapped.insert(kind.clone(), counts(names.as_object()?)?);
    }
    Some(Ledger {
        read: number("read")?,
        accepted: number("accepted")?,
        duplicate: number("duplicate")?,
        reasons: counts(object("reasons")?)?,
        new_consumers: number("new_consumers")?,
        unmapped,
        remarks: counts(object("remarks")?)?,
        first_time: value.get("first_time").and_then(Value::as_i64),
        last_time: value.get("last_time").and_then(Value::as_i64),
    })
}

fn counts(object: &Map<String, Value>) -> Option<BTreeMap<String, u64>> {
    object.iter().map(|(key, count)| Some((key.clone(), count.as_u64()?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_comes_back_as_it_was() {
        let mut ledger = Ledger { read: 5, duplicate: 1, new_consumers: 2, ..Ledger::default() };
        ledger.accept(Some(-7));
        ledger.reject("no_identifier");
        ledger.remark("no_rate");
        ledger.unmapped("channel", "快手");
        assert_eq!(from_json(&to_json(&ledger).to_string()).unwrap(), ledger);
        assert_eq!(from_json(&to_json(&Ledger::default()).to_string()).unwrap(), Ledger::default());
    }
}

//! Where a state stands on the way from stranger to loyal: what lets every chart of every model use the same colours.

use crate::error::{Code, Error, Result};

/// A place on the way. `none` needs no slot: it always has its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// Has seen us.
    Aware,
    /// Has shown interest.
    Interest,
    /// Has bought.
    Purchase,
    /// Comes back, or speaks for us.
    Loyal,
    /// Was here, and is about to go.
    Lapsing,
    /// Has gone.
    Gone,
}

impl Slot {
    /// Every slot with its name.
    pub const ALL: [(&'static str, Slot); 6] = [
        ("aware", Slot::Aware),
        ("interest", Slot::Interest),
        ("purchase", Slot::Purchase),
        ("loyal", Slot::Loyal),
        ("lapsing", Slot::Lapsing),
        ("gone", Slot::Gone),
    ];

    /// The slot's name.
    pub fn name(self) -> &'static str {
        Slot::ALL.iter().find(|(_, slot)| *slot == self).map_or("aware", |(name, _)| name)
    }

    /// The slot of a name.
    pub fn named(name: &str) -> Result<Slot> {
        let found = Slot::ALL.iter().find(|(n, _)| *n == name).map(|(_, slot)| *slot);
        found.ok_or_else(|| {
            let names: Vec<&str> = Slot::ALL.iter().map(|(name, _)| *name).collect();
            Error::new(Code::InvalidModel, format!("\"{name}\" is no slot of a state"))
                .at("/slot")
                .help(format!("slots are {}", names.join(", ")))
        })
    }
}

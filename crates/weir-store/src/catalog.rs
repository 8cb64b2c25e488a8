//! The catalogue in the database: the entries of every live import; of one kind and id the latest import's counts.

use rusqlite::{Connection, Row, params};
use weir_core::Result;
use weir_core::amount::Amount;
use weir_core::catalog::{Catalog, Entry, EntryKind};
use weir_core::channel::ChannelTree;

use crate::fault::Fault;
use crate::manifest::ImportId;
use crate::workspace::Workspace;

const SELECT: &str = "SELECT kind, id, name, name_zh, parent, brand, price FROM catalog WHERE workspace = ?";

impl Workspace {
    /// The channels, shipped and the workspace's own, without the rest of the catalogue.
    pub fn channel_tree(&self) -> Result<ChannelTree> {
        let sql = format!("{SELECT} AND kind = '{}' ORDER BY import", EntryKind::Channel.name());
        Ok(self.database().read(|db| select(db, &sql, self.id()))?.channel_tree())
    }
}

pub(crate) fn read(db: &Connection, workspace: i64) -> Result<Catalog> {
    select(db, &format!("{SELECT} ORDER BY import"), workspace)
}

fn select(db: &Connection, sql: &str, workspace: i64) -> Result<Catalog> {
    let mut query = db.prepare(sql).fault()?;
    let mut rows = query.query([workspace]).fault()?;
    let mut catalog = Catalog::default();
    while let Some(row) = rows.next().fault()? {
        catalog.insert(entry(row)?);
    }
    Ok(catalog)
}

fn entry(row: &Row) -> Result<Entry> {
    let kind: String = row.get(0).fault()?;
    let price: Option<i64> = row.get(6).fault()?;
    Ok(Entry {
        kind: EntryKind::named(&kind)?,
        id: row.get(1).fault()?,
        name: row.get(2).fault()?,
        name_zh: row.get(3).fault()?,
        parent: row.get(4).fault()?,
        brand: row.get(5).fault()?,
        price: price.map(Amount),
    })
}

pub(crate) fn insert<'a>(
    db: &Connection,
    workspace: i64,
    import: ImportId,
    entries: impl Iterator<Item = &'a Entry>,
) -> Result<()> {
    let sql = "INSERT INTO catalog (workspace, import, kind, id, name, name_zh, parent, brand, price)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    let mut statement = db.prepare(sql).fault()?;
    for entry in entries {
        let price = entry.price.map(|price| price.0);
        let names = (&entry.name, &entry.name_zh);
        let (kind, id, parent, brand) = (entry.kind.name(), &entry.id, &entry.parent, &entry.brand);
        statement
            .execute(params![workspace, import, kind, id, names.0, names.1, parent, brand, price])
            .fault()?;
    }
    Ok(())
}

//! Frozen audiences.

use roaring::RoaringBitmap;
use weir_core::expr::check;
use weir_core::time::Day;
use weir_core::{Code, Error, Result};
use weir_engine::eval::evaluate;
use weir_engine::members::content_hash;
use weir_store::{NewSnapshot, Page, Paged};

use crate::app::Workspace;
use crate::whom::Whom;

pub use weir_store::Snapshot as SnapshotRecord;

impl Workspace {
    /// Freezes who is in an audience or expression as of a date.
    pub fn take_snapshot(&self, whom: &Whom, as_of: Day, name: &str) -> Result<SnapshotRecord> {
        if let Whom::Snapshot(_) = whom {
            return Err(Error::new(Code::InvalidArgument, "a snapshot is frozen already")
                .help("name an audience or an expression"));
        }
        let expr = self.expression_now(whom)?;
        let view = self.view()?;
        check(&expr, &view.names)?;
        let members = evaluate(view.world(), &view.names, &expr, as_of)?.members;
        let identifiers = view.identifiers()?;
        let listing = members.listing(&view.world().consumers, &*identifiers, &view.world().policy);
        let nodes: RoaringBitmap = listing.iter().copied().collect();
        self.store().create_snapshot(NewSnapshot {
            name,
            as_of,
            source: &expr.to_json(),
            content_hash: &content_hash(&listing, &*identifiers),
            members: &nodes,
        })
    }

    /// Snapshots, latest first.
    pub fn snapshots(&self, page: &Page) -> Result<Paged<SnapshotRecord>> {
        self.store().snapshots(page)
    }

    /// A snapshot by id or name.
    pub fn snapshot(&self, id_or_name: &str) -> Result<SnapshotRecord> {
        self.store().snapshot(id_or_name)
    }
}

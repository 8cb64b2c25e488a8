//! Sources: where events come from over the wire. Who sends is told by a write key, and whatever changes a source here holds
//! for the next request.

use weir_core::Result;
use weir_store::{Page, Paged, Source, Tally};

use crate::app::Workspace;
use crate::ingest::{Seen, SourceCounts};

/// A source, and what has come in by it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRecord {
    /// The source.
    pub source: Source,
    /// What has come in and is in files.
    pub total: Tally,
    /// What has come in since this process started.
    pub now: SourceCounts,
}

impl Workspace {
    /// Makes a source; the second value is its write key, which cannot be had again.
    pub fn create_source(&self, name: &str, origins: &[String]) -> Result<(SourceRecord, String)> {
        let (source, key) = self.store().create_source(name, origins)?;
        Ok((self.source_record(source)?, key))
    }

    /// Sources by name.
    pub fn sources(&self, page: &Page) -> Result<Paged<SourceRecord>> {
        let found = self.store().sources(page)?;
        let items = found.items.into_iter().map(|source| self.source_record(source));
        Ok(Paged { items: items.collect::<Result<_>>()?, next: found.next })
    }

    /// A source.
    pub fn source(&self, name: &str) -> Result<SourceRecord> {
        self.source_record(self.store().source(name)?)
    }

    /// Makes a new write key. The one before stays good for a day, unless the source was revoked.
    pub fn change_source_key(&self, name: &str) -> Result<(SourceRecord, String)> {
        let (source, key) = self.store().change_source_key(name)?;
        Ok((self.changed(source)?, key))
    }

    /// Ends every key of a source, from now on.
    pub fn revoke_source(&self, name: &str) -> Result<SourceRecord> {
        self.changed(self.store().revoke_source(name)?)
    }

    /// Takes nothing more from a source, until it is enabled.
    pub fn disable_source(&self, name: &str) -> Result<SourceRecord> {
        self.changed(self.store().disable_source(name)?)
    }

    /// Takes from a source again.
    pub fn enable_source(&self, name: &str) -> Result<SourceRecord> {
        self.changed(self.store().enable_source(name)?)
    }

    /// Changes which pages may send; none: all.
    pub fn set_source_origins(&self, name: &str, origins: &[String]) -> Result<SourceRecord> {
        self.changed(self.store().set_source_origins(name, origins)?)
    }

    /// The last messages of a source and what became of them, those after a number, the oldest first. They are of this
    /// process: another one that writes to the same directory has its own.
    pub fn seen(&self, source: &str, after: u64) -> Result<Vec<Seen>> {
        self.store().source(source)?;
        Ok(self.intake().meters.of(self.name(), source).seen(after))
    }

    fn changed(&self, source: Source) -> Result<SourceRecord> {
        self.intake().keys.forget();
        self.source_record(source)
    }

    pub(crate) fn source_record(&self, source: Source) -> Result<SourceRecord> {
        let days = self.store().intake()?.into_iter().filter(|daily| daily.source == source.name);
        let mut total = Tally::default();
        days.for_each(|daily| total.add(&daily.tally));
        let now = self.intake().meters.of(self.name(), &source.name).counts();
        Ok(SourceRecord { source, total, now })
    }
}

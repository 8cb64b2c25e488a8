//! Sets of nodes as files: a header, then a portable Roaring bitmap.

use std::io::Write;
use std::path::Path;

use roaring::RoaringBitmap;
use weir_core::Result;

use crate::fault::{self, corrupt};
use crate::files::{self, DurableFile};
use crate::manifest::{FileKind, StoredFile};

/// Writes a set. Its name is durable once `dir` is synced.
pub(crate) fn write(kind: FileKind, dir: &Path, name: &str, set: &RoaringBitmap) -> Result<StoredFile> {
    let mut file = DurableFile::create(dir, name)?;
    let header = files::header(kind.name_in_header(), kind.format());
    let filled = file.write_all(&header).and_then(|()| set.serialize_into(&mut file));
    filled.map_err(fault::io(&dir.join(name)))?;
    Ok(StoredFile::new(kind, file.commit()?, set.len()))
}

/// Reads a set, checked.
pub(crate) fn read(file: &StoredFile) -> Result<RoaringBitmap> {
    let payload = file.read_payload()?;
    RoaringBitmap::deserialize_from(&payload[..]).map_err(|error| corrupt(&file.path, error))
}

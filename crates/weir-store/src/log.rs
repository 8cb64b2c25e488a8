//! The log: frames, one after the other, in one file; each with its length and checksum.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use twox_hash::XxHash3_64;
use weir_core::Result;

use crate::{fault, files};

pub(crate) type Position = u64;

#[derive(Default)]
pub(crate) struct LogOptions {
    pub first: Position,
}

pub(crate) struct Recovery {
    pub cut: u64,
}

pub(crate) struct Log {
    inner: Mutex<(File, Position)>,
    path: std::path::PathBuf,
}

impl Log {
    pub(crate) fn open(dir: &Path, options: LogOptions) -> Result<(Log, Recovery)> {
        files::create_dir(dir)?;
        let path = dir.join("frames.log");
        let end = read(dir, options.first, None, |_, _| Ok(()))?;
        let mut file = File::options().create(true).truncate(false).write(true).open(&path).map_err(fault::io(&path))?;
        let length = file.metadata().map_err(fault::io(&path))?.len();
        file.set_len(end).map_err(fault::io(&path))?;
        file.seek(SeekFrom::Start(end)).map_err(fault::io(&path))?;
        Ok((Log { inner: Mutex::new((file, end)), path }, Recovery { cut: length.saturating_sub(end) }))
    }

    pub(crate) fn append(&self, payload: Vec<u8>) -> Result<Position> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let mut frame = (payload.len() as u32).to_le_bytes().to_vec();
        frame.extend(XxHash3_64::oneshot(&payload).to_le_bytes());
        frame.extend(&payload);
        inner.0.write_all(&frame).map_err(fault::io(&self.path))?;
        inner.1 += frame.len() as u64;
        Ok(inner.1)
    }

    pub(crate) fn wait(&self, _position: Position) -> Result<()> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.0.sync_data().map_err(fault::io(&self.path))
    }

    pub(crate) fn check_room(&self, _bytes: usize) -> Result<()> {
        Ok(())
    }

    pub(crate) fn durable(&self) -> Position {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).1
    }

    pub(crate) fn appended(&self) -> Position {
        self.durable()
    }

    pub(crate) fn cut(&self, _position: Position) -> Result<()> {
        Ok(())
    }
}

pub(crate) fn read(
    dir: &Path,
    from: Position,
    until: Option<Position>,
    mut each: impl FnMut(Position, &[u8]) -> Result<()>,
) -> Result<Position> {
    let path = dir.join("frames.log");
    let Ok(mut file) = File::open(&path) else { return Ok(from) };
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(from)).map_err(fault::io(&path))?;
    file.read_to_end(&mut bytes).map_err(fault::io(&path))?;
    let (mut at, mut rest) = (from, bytes.as_slice());
    while until.is_none_or(|until| at < until) && rest.len() >= 12 {
        let length = u32::from_le_bytes(rest[..4].try_into().unwrap_or_default()) as usize;
        let Some(payload) = rest.get(12..12 + length) else { break };
        if XxHash3_64::oneshot(payload).to_le_bytes() != rest[4..12] {
            break;
        }
        at += 12 + length as u64;
        each(at, payload)?;
        rest = &rest[12 + length..];
    }
    Ok(at)
}

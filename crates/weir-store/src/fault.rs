//! Errors of SQLite, Arrow and Parquet as errors of the house: whose fault it is and what to do.

use std::io;
use std::path::Path;

use arrow::error::ArrowError;
use parquet::errors::ParquetError;
use rusqlite::ErrorCode;
use weir_core::{Code, Error, Result};

/// Results of libraries that have no place to name.
pub(crate) trait Fault<T> {
    /// The same result with an error of the house.
    fn fault(self) -> Result<T>;
}

impl<T> Fault<T> for rusqlite::Result<T> {
    fn fault(self) -> Result<T> {
        self.map_err(|error| sqlite(&error))
    }
}

impl<T> Fault<T> for std::result::Result<T, ArrowError> {
    fn fault(self) -> Result<T> {
        self.map_err(|error| Error::internal(format!("arrow: {error}")))
    }
}

impl<T> Fault<T> for std::result::Result<T, ParquetError> {
    fn fault(self) -> Result<T> {
        self.map_err(|error| match error {
            ParquetError::External(inner) => match inner.downcast_ref() {
                Some(error) => Error::io("writing Parquet", error),
                None => Error::new(Code::Io, format!("writing Parquet: {inner}")),
            },
            other => Error::internal(format!("parquet: {other}")),
        })
    }
}

fn sqlite(error: &rusqlite::Error) -> Error {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            busy("weir.db is in use by another process")
        }
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            Error::new(Code::CorruptFile, format!("weir.db: {error}"))
        }
        Some(ErrorCode::DiskFull) => Error::io("weir.db", &io::ErrorKind::StorageFull.into()),
        Some(ErrorCode::SystemIoFailure) => Error::disk_failed(format!("weir.db: {error}")),
        Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            Error::new(Code::Io, format!("weir.db: {error}"))
        }
        _ => Error::internal(format!("weir.db: {error}")),
    }
}

/// Something else holds what is needed; trying again may help.
pub(crate) fn busy(message: &str) -> Error {
    Error::new(Code::StoreBusy, message).help("wait until it has finished, then try again")
}

/// A file that does not hold what it should.
pub(crate) fn corrupt(path: &Path, why: impl std::fmt::Display) -> Error {
    Error::new(Code::CorruptFile, format!("{}: {why}", path.display()))
        .help("restore it from a backup, or take back the import it belongs to and import again")
}

/// A file (or directory) that a later version of Weir wrote.
pub(crate) fn newer(path: &Path, format: impl std::fmt::Display) -> Error {
    Error::new(
        Code::NewerFormat,
        format!("{} has the format {format}, newer than this program", path.display()),
    )
    .help("open it with the version of Weir that wrote it, or a later one")
}

/// An operating-system error about a path.
pub(crate) fn io(path: &Path) -> impl Fn(io::Error) -> Error {
    let path = path.to_owned();
    move |error| Error::io(path.display(), &error)
}

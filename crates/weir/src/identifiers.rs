//! Members as a CSV file: their canonical identifiers, in order.
//!
//! Values are written as they are: what reads the file (an ad platform, another import) must find the same people.

use std::io::{ErrorKind, Write};
use std::path::Path;

use tempfile::NamedTempFile;
use weir_core::identity::Identifier;
use weir_core::{Code, Error, Result};

/// Writes `kind,value` lines. The file appears whole or not at all.
pub fn write(path: &Path, members: &[Identifier]) -> Result<()> {
    let row = |member: &Identifier| vec![member.kind.clone(), member.value.clone()];
    write_table(path, &["kind", "value"], members.iter().map(row))
}

/// Writes a header and rows. The file appears whole or not at all.
pub fn write_table(path: &Path, header: &[&str], table: impl Iterator<Item = Vec<String>>) -> Result<()> {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = NamedTempFile::new_in(parent).map_err(|error| cannot_write(path, &error))?;
    let file = rows(file, header, table).map_err(|error| cannot_write(path, &error))?;
    file.persist(path).map_err(|error| cannot_write(path, &error.error))?;
    Ok(())
}

fn rows(
    file: NamedTempFile,
    header: &[&str],
    table: impl Iterator<Item = Vec<String>>,
) -> std::io::Result<NamedTempFile> {
    let mut csv = csv::Writer::from_writer(file);
    csv.write_record(header)?;
    for row in table {
        csv.write_record(row)?;
    }
    let mut file = csv.into_inner().map_err(csv::IntoInnerError::into_error)?;
    file.flush()?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// A path that leads nowhere is the user's; a disk that is full is not.
fn cannot_write(path: &Path, error: &std::io::Error) -> Error {
    // The kind only: the rest names a temporary file beside the wanted one.
    let message = format!("cannot write {}: {}", path.display(), error.kind());
    match error.kind() {
        ErrorKind::NotFound
        | ErrorKind::NotADirectory
        | ErrorKind::IsADirectory
        | ErrorKind::PermissionDenied => Error::new(Code::InvalidArgument, message).at("--ids"),
        _ => Error::new(Code::Io, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_quoted_where_they_must_be() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.csv");
        let member = |value: &str| Identifier { kind: "user_id".into(), value: value.into() };
        write(&path, &[member("10018"), member("a,\"b\"\nc"), member("=1+1")]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "kind,value\nuser_id,10018\nuser_id,\"a,\"\"b\"\"\nc\"\nuser_id,=1+1\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_that_is_not_there_is_the_users_fault() {
        let error = write(Path::new("no/such/folder/out.csv"), &[]).unwrap_err();
        assert!(error.is_users_fault(), "{error}");
    }
}

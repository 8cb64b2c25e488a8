//! Uploaded files: streamed into the data directory, gone when their import is over.
//!
//! Form fields may stand in any order. A part `file` is an input file (there may be several), a part `with.NAME` a side
//! table to join, every other part a text.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::StatusCode;
use tempfile::TempDir;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use weir_core::{Code, Error, Result};

use crate::error::{Refusal, Reply};

/// Longest text part: a mapping, at most.
const LONGEST_TEXT: u64 = 1 << 20;

/// What an upload that broke off left behind is removed after this long.
const STALE: Duration = Duration::from_secs(24 * 3600);

/// Where uploads go, and how large one may be.
pub(crate) struct Uploads {
    dir: PathBuf,
    limit: u64,
}

/// One upload. Dropping it removes its files.
pub(crate) struct Upload {
    folder: TempDir,
    /// Input files.
    pub files: Vec<PathBuf>,
    /// Side tables by name.
    with: BTreeMap<String, Vec<PathBuf>>,
    /// Every other part.
    pub texts: BTreeMap<String, String>,
}

impl Uploads {
    /// Uploads into a folder below the data directory, at most `limit` bytes each.
    pub fn new(data: &Path, limit: u64) -> Result<Uploads> {
        let dir = data.join("uploads");
        std::fs::create_dir_all(&dir).map_err(|error| Error::io(dir.display(), &error))?;
        remove_stale(&dir);
        Ok(Uploads { dir, limit })
    }

    /// Receives a form.
    pub async fn receive(&self, mut form: Multipart) -> Reply<Upload> {
        let folder = TempDir::new_in(&self.dir)
            .map_err(|error| Error::io("creating a folder for the upload", &error))?;
        let mut upload = Upload { folder, files: Vec::new(), with: BTreeMap::new(), texts: BTreeMap::new() };
        let mut left = self.limit;
        while let Some(field) = form.next_field().await.map_err(|error| self.broken(&error))? {
            self.part(&mut upload, field, &mut left).await?;
        }
        Ok(upload)
    }

    async fn part(&self, upload: &mut Upload, field: Field<'_>, left: &mut u64) -> Reply<()> {
        let name = field.name().unwrap_or_default().to_owned();
        let table = name.strip_prefix("with.").map(str::to_owned);
        if name != "file" && table.is_none() {
            let text = self.text(field, &name).await?;
            upload.texts.insert(name, text);
            return Ok(());
        }
        let path = upload.place(field.file_name()).await?;
        self.store(field, &path, left).await?;
        match table {
            Some(table) => upload.with.entry(table).or_default().push(path),
            None => upload.files.push(path),
        }
        Ok(())
    }

    async fn store(&self, mut field: Field<'_>, path: &Path, left: &mut u64) -> Reply<()> {
        let failed = |error: std::io::Error| Error::io("storing the upload", &error);
        let mut file = File::create_new(path).await.map_err(failed)?;
        while let Some(chunk) = field.chunk().await.map_err(|error| self.broken(&error))? {
            *left =
                left.checked_sub(chunk.len() as u64).ok_or_else(|| Refusal::body_too_large(self.limit))?;
            file.write_all(&chunk).await.map_err(failed)?;
        }
        file.flush().await.map_err(failed)?;
        Ok(())
    }

    async fn text(&self, mut field: Field<'_>, name: &str) -> Reply<String> {
        let mut bytes = Vec::new();
        while let Some(chunk) = field.chunk().await.map_err(|error| self.broken(&error))? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() as u64 > LONGEST_TEXT {
                return Err(Refusal::body_too_large(LONGEST_TEXT));
            }
        }
        let not_text = |_| Error::new(Code::InvalidArgument, "this part is not text").at(name);
        Ok(String::from_utf8(bytes).map_err(not_text)?)
    }

    fn broken(&self, error: &MultipartError) -> Refusal {
        if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
            return Refusal::body_too_large(self.limit);
        }
        Error::new(Code::InvalidArgument, format!("the form cannot be read: {}", error.body_text())).into()
    }
}

impl Upload {
    /// Side tables to join.
    pub fn side_tables(&self) -> Vec<(String, Vec<PathBuf>)> {
        self.with.iter().map(|(name, files)| (name.clone(), files.clone())).collect()
    }

    /// A path for a file of this name: each in a folder of its own, because two may have the same name.
    async fn place(&self, name: Option<&str>) -> Result<PathBuf> {
        let number = self.files.len() + self.with.values().map(Vec::len).sum::<usize>();
        let folder = self.folder.path().join(number.to_string());
        tokio::fs::create_dir(&folder).await.map_err(|error| Error::io("storing the upload", &error))?;
        Ok(folder.join(safe_name(name.unwrap_or_default())))
    }
}

/// The last part of a file name, with nothing in it that a file system or a glob could read as more than a name.
/// Its endings stay: they tell what is inside.
fn safe_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let keep = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let safe: String = last.chars().map(|c| if keep(c) { c } else { '_' }).take(120).collect();
    let bare = safe.trim_start_matches('.');
    if bare.is_empty() { "upload".to_owned() } else { bare.to_owned() }
}

/// Best effort: what cannot be removed now is met again at the next start.
fn remove_stale(dir: &Path) {
    let Ok(entries) = std::fs::read_dir(dir) else { return };
    for entry in entries.flatten() {
        let age = entry
            .metadata()
            .and_then(|meta| meta.modified())
            .ok()
            .and_then(|at| SystemTime::now().duration_since(at).ok());
        if age.is_some_and(|age| age > STALE) {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_keep_their_endings_and_nothing_else_of_value() {
        for (name, safe) in [
            ("orders.csv.gz", "orders.csv.gz"),
            ("../../etc/passwd", "passwd"),
            ("C:\\data\\a b*.csv", "a_b_.csv"),
            ("订单.jsonl", "订单.jsonl"),
            ("..", "upload"),
            ("", "upload"),
        ] {
            assert_eq!(safe_name(name), safe, "{name}");
        }
    }
}

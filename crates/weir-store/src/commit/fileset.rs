//! The files that an import has written so far. Unless kept, they are removed with it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use weir_core::Result;

use crate::files;
use crate::manifest::{FileKind, ImportId, StoredFile};

pub(crate) struct FileSet {
    workspace_dir: PathBuf,
    import: ImportId,
    files: Vec<StoredFile>,
    kept: bool,
}

impl FileSet {
    pub(crate) fn new(workspace_dir: PathBuf, import: ImportId) -> FileSet {
        FileSet { workspace_dir, import, files: Vec::new(), kept: false }
    }

    pub(crate) fn import(&self) -> ImportId {
        self.import
    }

    /// The directory for files of a kind.
    pub(crate) fn dir(&self, kind: FileKind) -> PathBuf {
        self.workspace_dir.join(kind.dir())
    }

    /// How many files of a kind there are.
    pub(crate) fn count(&self, kind: FileKind) -> usize {
        self.files.iter().filter(|file| file.kind == kind).count()
    }

    pub(crate) fn add(&mut self, mut file: StoredFile) {
        file.import = Some(self.import);
        self.files.push(file);
    }

    /// Bytes of all files.
    pub(crate) fn bytes(&self) -> u64 {
        self.files.iter().map(|file| file.bytes).sum()
    }

    pub(crate) fn all(&self) -> &[StoredFile] {
        &self.files
    }

    /// Makes the names of all files durable.
    pub(crate) fn sync(&self) -> Result<()> {
        let dirs: BTreeSet<&Path> = self.files.iter().filter_map(|file| file.path.parent()).collect();
        dirs.into_iter().try_for_each(files::sync_dir)
    }

    /// They are live now.
    pub(crate) fn keep(&mut self) {
        self.kept = true;
    }
}

impl Drop for FileSet {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        for file in &self.files {
            // What cannot be removed now is removed by the next writer.
            let _ = fs::remove_file(&file.path);
        }
    }
}

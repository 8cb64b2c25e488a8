//! Names of new identifiers, written as they come.

use weir_core::Result;
use weir_core::identity::Node;

use super::fileset::FileSet;
use crate::manifest::FileKind;
use crate::names;
use crate::table::TableWriter;

/// New names to gather before they are written.
const NAMES_AT_ONCE: usize = 64 * 1024;

/// Names not written yet, and where they go.
pub(crate) struct NewNames {
    /// The node of the first of them.
    first: Node,
    kinds: Vec<String>,
    values: Vec<String>,
    writer: Option<TableWriter>,
}

impl NewNames {
    /// The next name will be this node's.
    pub(crate) fn from(first: Node) -> NewNames {
        NewNames { first, kinds: Vec::new(), values: Vec::new(), writer: None }
    }

    /// The node whose name is due.
    pub(crate) fn next(&self) -> Node {
        self.first + self.values.len() as Node
    }

    pub(crate) fn push(&mut self, kind: &str, value: &str, files: &FileSet) -> Result<()> {
        self.kinds.push(kind.to_owned());
        self.values.push(value.to_owned());
        if self.values.len() < NAMES_AT_ONCE { Ok(()) } else { self.flush(files) }
    }

    fn flush(&mut self, files: &FileSet) -> Result<()> {
        let kinds: Vec<&str> = self.kinds.iter().map(String::as_str).collect();
        let batch = names::batch(self.first, &kinds, &self.values)?;
        self.writer(files)?.write(&batch)?;
        self.first += self.values.len() as Node;
        self.kinds.clear();
        self.values.clear();
        Ok(())
    }

    fn writer(&mut self, files: &FileSet) -> Result<&mut TableWriter> {
        let writer = match self.writer.take() {
            Some(writer) => writer,
            None => {
                let name = format!("{}.parquet", files.import());
                TableWriter::create(
                    FileKind::Identity,
                    &files.dir(FileKind::Identity),
                    &name,
                    names::schema(),
                )?
            }
        };
        Ok(self.writer.insert(writer))
    }

    pub(crate) fn seal(&mut self, files: &mut FileSet) -> Result<()> {
        if !self.values.is_empty() {
            self.flush(files)?;
        }
        if let Some(writer) = self.writer.take() {
            files.add(writer.finish()?);
        }
        Ok(())
    }
}

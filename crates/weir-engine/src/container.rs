//! A file of named, checksummed sections.
//!
//! ```text
//! "WEIRSEC\0" · version u32 · sections u32 · { name [u8;16] · offset u64 · length u64 · xxh3-64 u64 }… · xxh3-64 of all before
//! sections, each at a multiple of 64 bytes
//! ```
//! All integers are little-endian. The table is verified when a file is opened, a section when it is first read, so
//! nothing is answered from damaged bytes and opening stays cheap. A newer version is refused.

use std::fmt;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytemuck::Pod;
use twox_hash::XxHash3_64;
use weir_core::{Code, Error, Result};

const MAGIC: &[u8; 8] = b"WEIRSEC\0";
const ENTRY: usize = 40;
const ALIGN: usize = 64;

/// Version of every derived file of the index.
pub const VERSION: u32 = 2;

/// Bytes that live as long as someone looks at them: a mapped file, or memory.
pub type Bytes = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// Checksum used for sections and files.
pub fn checksum(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}

/// Memory aligned for every column type.
pub struct Aligned {
    words: Vec<u128>,
    len: usize,
}

impl Aligned {
    fn zeroed(len: usize) -> Aligned {
        Aligned { words: vec![0; len.div_ceil(16)], len }
    }

    fn bytes_mut(&mut self) -> &mut [u8] {
        &mut bytemuck::cast_slice_mut(&mut self.words)[..self.len]
    }
}

impl AsRef<[u8]> for Aligned {
    fn as_ref(&self) -> &[u8] {
        &bytemuck::cast_slice(&self.words)[..self.len]
    }
}

/// A copy of `bytes` in memory, aligned.
pub fn in_memory(bytes: &[u8]) -> Bytes {
    let mut copy = Aligned::zeroed(bytes.len());
    copy.bytes_mut().copy_from_slice(bytes);
    Arc::new(copy)
}

/// Writes sections one after the other. They are borrowed until then, so each byte is copied once.
#[derive(Default)]
pub struct Writer<'a> {
    sections: Vec<(&'a str, &'a [u8])>,
}

impl<'a> Writer<'a> {
    /// Adds a section of plain values.
    pub fn column<T: Pod>(&mut self, name: &'a str, values: &'a [T]) {
        self.sections.push((name, bytemuck::cast_slice(values)));
    }

    /// How many sections there are so far.
    pub fn len(&self) -> usize {
        self.sections.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.sections.is_empty()
    }

    /// The finished file.
    pub fn finish(self) -> Aligned {
        let (offsets, end) = self.offsets();
        let mut file = Aligned::zeroed(end);
        let out = file.bytes_mut();
        for ((_, bytes), offset) in self.sections.iter().zip(&offsets) {
            out[*offset..*offset + bytes.len()].copy_from_slice(bytes);
        }
        let table = self.table(&offsets);
        out[..table.len()].copy_from_slice(&table);
        file
    }

    /// Writes the finished file, which then is nowhere in memory as a whole.
    pub fn write_to(self, out: &mut impl Write) -> io::Result<()> {
        let (offsets, _) = self.offsets();
        let table = self.table(&offsets);
        out.write_all(&table)?;
        let mut at = table.len();
        for ((_, bytes), offset) in self.sections.iter().zip(&offsets) {
            out.write_all(&[0; ALIGN][..offset - at])?;
            out.write_all(bytes)?;
            at = offset + bytes.len();
        }
        Ok(())
    }

    /// Where each section begins, and where the last one ends.
    fn offsets(&self) -> (Vec<usize>, usize) {
        let mut offsets = Vec::with_capacity(self.sections.len());
        let mut end = 16 + self.sections.len() * ENTRY + 8;
        for (_, bytes) in &self.sections {
            offsets.push(end.next_multiple_of(ALIGN));
            end = end.next_multiple_of(ALIGN) + bytes.len();
        }
        (offsets, end)
    }

    fn table(&self, offsets: &[usize]) -> Vec<u8> {
        let mut table = MAGIC.to_vec();
        table.extend_from_slice(&VERSION.to_le_bytes());
        table.extend_from_slice(&(self.sections.len() as u32).to_le_bytes());
        for ((name, bytes), offset) in self.sections.iter().zip(offsets) {
            table.extend_from_slice(&entry(name, *offset, bytes));
        }
        table.extend_from_slice(&checksum(&table).to_le_bytes());
        table
    }
}

fn entry(name: &str, offset: usize, bytes: &[u8]) -> [u8; ENTRY] {
    let mut entry = [0; ENTRY];
    entry[..name.len()].copy_from_slice(name.as_bytes());
    entry[16..24].copy_from_slice(&(offset as u64).to_le_bytes());
    entry[24..32].copy_from_slice(&(bytes.len() as u64).to_le_bytes());
    entry[32..].copy_from_slice(&checksum(bytes).to_le_bytes());
    entry
}

struct Section {
    name: String,
    offset: usize,
    len: usize,
    sum: u64,
    verified: AtomicBool,
}

/// An opened file.
pub struct Container {
    label: String,
    bytes: Bytes,
    sections: Vec<Section>,
}

impl fmt::Debug for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Container").field("label", &self.label).finish_non_exhaustive()
    }
}

impl Container {
    /// Opens a file; `label` names it in errors.
    pub fn open(label: &str, bytes: Bytes) -> Result<Container> {
        let sections = read_table(label, (*bytes).as_ref())?;
        Ok(Container { label: label.to_owned(), bytes, sections })
    }

    /// How long the file is.
    pub fn bytes(&self) -> usize {
        (*self.bytes).as_ref().len()
    }

    /// How many bytes each section takes.
    pub fn section_bytes(&self) -> Vec<(String, usize)> {
        self.sections.iter().map(|section| (section.name.clone(), section.len)).collect()
    }

    /// Where a section stands in the table, for [`Container::at`].
    pub fn place(&self, name: &str) -> Result<usize> {
        let found = self.sections.iter().position(|section| section.name == name);
        found.ok_or_else(|| damaged(&self.label, &format!("section {name} is missing")))
    }

    /// A section as a slice of plain values.
    pub fn column<T: Pod>(&self, name: &str) -> Result<&[T]> {
        self.at(self.place(name)?)
    }

    /// The section at a place of the table, as a slice of plain values.
    pub fn at<T: Pod>(&self, place: usize) -> Result<&[T]> {
        let section = &self.sections[place];
        let bytes = &(*self.bytes).as_ref()[section.offset..section.offset + section.len];
        self.verify_section(section, bytes)?;
        bytemuck::try_cast_slice(bytes)
            .map_err(|e| damaged(&self.label, &format!("section {}: {e}", section.name)))
    }

    /// Verifies every section.
    pub fn verify(&self) -> Result<()> {
        (0..self.sections.len()).try_for_each(|place| self.at::<u8>(place).map(|_| ()))
    }

    fn verify_section(&self, section: &Section, bytes: &[u8]) -> Result<()> {
        if section.verified.load(Ordering::Acquire) {
            return Ok(());
        }
        if checksum(bytes) != section.sum {
            return Err(damaged(&self.label, &format!("section {} fails its checksum", section.name)));
        }
        section.verified.store(true, Ordering::Release);
        Ok(())
    }
}

fn read_table(label: &str, bytes: &[u8]) -> Result<Vec<Section>> {
    if bytes.len() < 24 || &bytes[..8] != MAGIC {
        return Err(damaged(label, "it does not begin as a Weir file"));
    }
    let version = u32_at(bytes, 8);
    if version > VERSION {
        return Err(Error::new(
            Code::NewerFormat,
            format!("{label} was written by a newer Weir (format {version})"),
        )
        .help("use that version, or rebuild the index with `weir verify --rebuild`"));
    }
    let end = 16 + u32_at(bytes, 12) as usize * ENTRY;
    if bytes.len() < end + 8 || checksum(&bytes[..end]) != u64_at(bytes, end) {
        return Err(damaged(label, "its table of sections fails its checksum"));
    }
    bytes[16..end].chunks_exact(ENTRY).map(|entry| read_entry(label, entry, bytes.len())).collect()
}

fn read_entry(label: &str, entry: &[u8], file_len: usize) -> Result<Section> {
    let name = String::from_utf8_lossy(&entry[..16]).trim_end_matches('\0').to_owned();
    let (offset, len) = (u64_at(entry, 16) as usize, u64_at(entry, 24) as usize);
    if offset.checked_add(len).is_none_or(|end| end > file_len) {
        return Err(damaged(label, "it is shorter than its table says"));
    }
    Ok(Section { name, offset, len, sum: u64_at(entry, 32), verified: AtomicBool::new(false) })
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    let mut word = [0; 4];
    word.copy_from_slice(&bytes[at..at + 4]);
    u32::from_le_bytes(word)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(&bytes[at..at + 8]);
    u64::from_le_bytes(word)
}

fn damaged(label: &str, what: &str) -> Error {
    Error::new(Code::CorruptFile, format!("{label} is damaged: {what}"))
        .help("the index can be made again from the event table: `weir verify --rebuild`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finished<T>(finish: impl FnOnce(Writer<'_>) -> T) -> T {
        let (days, ids) = ([1i32, -2, 3], [7u64, 9]);
        let mut writer = Writer::default();
        writer.column("days", &days);
        writer.column("empty", &[] as &[u64]);
        writer.column("ids", &ids);
        finish(writer)
    }

    fn sample() -> Vec<u8> {
        finished(|writer| writer.finish().as_ref().to_vec())
    }

    #[test]
    fn what_is_written_piece_by_piece_is_the_same_file() {
        let mut written = Vec::new();
        finished(|writer| writer.write_to(&mut written)).unwrap();
        assert_eq!(written, sample());
    }

    fn open(bytes: &[u8]) -> Result<Container> {
        Container::open("sample", in_memory(bytes))
    }

    #[test]
    fn columns_come_back() {
        let container = open(&sample()).unwrap();
        assert_eq!(container.column::<i32>("days").unwrap(), [1, -2, 3]);
        assert!(container.column::<u64>("empty").unwrap().is_empty());
        assert_eq!(container.column::<u64>("ids").unwrap(), [7, 9]);
        assert_eq!(container.column::<u64>("other").unwrap_err().code, Code::CorruptFile);
    }

    #[test]
    fn every_flipped_bit_is_found_or_harmless() {
        let good = sample();
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                let outcome = open(&bad).and_then(|c| c.verify());
                let in_padding = at >= 16 + 3 * ENTRY + 8 && outcome.is_ok();
                assert!(outcome.is_err() || in_padding, "byte {at} bit {bit}");
            }
        }
    }

    #[test]
    fn torn_files_and_newer_versions_are_refused() {
        let good = sample();
        for len in 0..good.len() {
            assert!(open(&good[..len]).and_then(|c| c.verify()).is_err(), "cut at {len}");
        }
        let mut newer = good;
        newer[8] = VERSION as u8 + 1;
        assert_eq!(open(&newer).unwrap_err().code, Code::NewerFormat);
    }
}

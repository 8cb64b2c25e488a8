//! A file as a stream of decoded bytes, and what its first bytes say about it.
//!
//! Deliberately absent: archives (zip, tar) and encodings other than UTF-8; both are refused with a way out.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use weir_core::{Code, Error, Result};

/// Enough for a header line, and fewer system calls than the default buffer.
const BUFFER: usize = 1 << 18;

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";
const UTF16_BOMS: [&[u8]; 2] = [b"\xFF\xFE", b"\xFE\xFF"];
const GZIP_MAGIC: &[u8] = b"\x1F\x8B";
const ZSTD_MAGIC: &[u8] = b"\x28\xB5\x2F\xFD";
const PARQUET_MAGIC: &[u8] = b"PAR1";

/// How a file's bytes are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Plain,
    Gzip,
    Zstd,
}

/// What a file holds, once unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Csv,
    Tsv,
    JsonLines,
    Parquet,
}

/// Decoded bytes, without byte order mark.
pub(super) type Bytes = Box<dyn BufRead + Send>;

/// The name people know a file by.
pub(super) fn display_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// "this file cannot be read as what it claims to be".
pub(super) fn unreadable(path: &Path, what: impl std::fmt::Display) -> Error {
    let name = display_name(path);
    Error::new(Code::UnreadableFile, format!("{name}: {what}")).at(name)
}

/// The error of a failed read: of a damaged archive, or of the disk.
pub(super) fn read_failed(path: &Path, packing: Packing, error: &std::io::Error) -> Error {
    let archive = match packing {
        Packing::Plain => return Error::io(format!("reading {}", display_name(path)), error),
        Packing::Gzip => "gzip",
        Packing::Zstd => "zstd",
    };
    unreadable(path, format!("the {archive} data is damaged or cut short ({error})"))
}

/// Opens a file, without looking inside.
pub(super) fn open_raw(path: &Path) -> Result<File> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            Error::new(Code::FileNotFound, format!("there is no file {}", path.display()))
                .at(display_name(path))
        }
        _ => Error::io(format!("opening {}", path.display()), &error),
    };
    let file = File::open(path).map_err(failed)?;
    if path.is_dir() {
        return Err(unreadable(path, "this is a directory").help("name the files in it"));
    }
    Ok(file)
}

/// Format and packing by extension; `None` where the name does not say.
fn by_name(path: &Path) -> (Option<Format>, Option<Packing>) {
    let name = display_name(path).to_lowercase();
    let (stem, packing) = match name.rsplit_once('.') {
        Some((stem, "gz" | "gzip")) => (stem, Some(Packing::Gzip)),
        Some((stem, "zst" | "zstd")) => (stem, Some(Packing::Zstd)),
        _ => (name.as_str(), None),
    };
    let format = match stem.rsplit_once('.').map(|(_, extension)| extension) {
        Some("csv") => Some(Format::Csv),
        Some("tsv" | "tab") => Some(Format::Tsv),
        Some("json" | "jsonl" | "ndjson") => Some(Format::JsonLines),
        Some("parquet" | "pq") => Some(Format::Parquet),
        _ => None,
    };
    (format, packing)
}

/// What a file is: by extension, and by its first bytes where the extension says nothing.
pub(super) fn identify(path: &Path) -> Result<(Format, Packing)> {
    let mut file = open_raw(path)?;
    let (format, packing) = by_name(path);
    let sniffed = sniff_packing(path, &mut file)?;
    if packing.is_some_and(|named| named != sniffed) {
        return Err(unreadable(path, "its content is not packed as its name says"));
    }
    let packing = sniffed;
    let format = match format {
        Some(format) => format,
        None => sniff_format(path, packing)?,
    };
    if format == Format::Parquet && packing != Packing::Plain {
        return Err(unreadable(path, "Parquet files compress inside and are not packed again")
            .help("unpack it first"));
    }
    Ok((format, packing))
}

fn sniff_packing(path: &Path, file: &mut File) -> Result<Packing> {
    let mut head = Vec::new();
    file.take(4).read_to_end(&mut head).map_err(|error| read_failed(path, Packing::Plain, &error))?;
    Ok(match head.as_slice() {
        head if head.starts_with(GZIP_MAGIC) => Packing::Gzip,
        head if head.starts_with(ZSTD_MAGIC) => Packing::Zstd,
        _ => Packing::Plain,
    })
}

fn sniff_format(path: &Path, packing: Packing) -> Result<Format> {
    let mut bytes = open(path, packing)?;
    let head = bytes.fill_buf().map_err(|error| read_failed(path, packing, &error))?;
    if head.starts_with(PARQUET_MAGIC) {
        return Ok(Format::Parquet);
    }
    if head.contains(&0) {
        return Err(unreadable(path, "this is neither CSV, JSON lines nor Parquet"));
    }
    match head.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'{' | b'[') => Ok(Format::JsonLines),
        _ => Ok(Format::Csv),
    }
}

/// Opens a file as decoded UTF-8 bytes. A byte order mark is taken off, so that it never becomes part of a name.
pub(super) fn open(path: &Path, packing: Packing) -> Result<Bytes> {
    let file = open_raw(path)?;
    let failed = |error: std::io::Error| read_failed(path, packing, &error);
    let mut bytes: Bytes = match packing {
        Packing::Plain => Box::new(BufReader::with_capacity(BUFFER, file)),
        // Several gzip members in a row are one file: that is what `cat a.gz b.gz` and many exporters write.
        Packing::Gzip => {
            let packed = BufReader::with_capacity(BUFFER, file);
            Box::new(BufReader::with_capacity(BUFFER, flate2::bufread::MultiGzDecoder::new(packed)))
        }
        Packing::Zstd => {
            Box::new(BufReader::with_capacity(BUFFER, zstd::Decoder::new(file).map_err(failed)?))
        }
    };
    let head = bytes.fill_buf().map_err(failed)?;
    if UTF16_BOMS.iter().any(|mark| head.starts_with(mark)) {
        return Err(unreadable(path, "the text is UTF-16").help("save it as UTF-8"));
    }
    if head.starts_with(UTF8_BOM) {
        bytes.consume(UTF8_BOM.len());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_file_is() {
        let by = |name: &str| by_name(Path::new(name));
        assert_eq!(by("a.csv"), (Some(Format::Csv), None));
        assert_eq!(by("A.CSV.GZ"), (Some(Format::Csv), Some(Packing::Gzip)));
        assert_eq!(by("a.tsv.zst"), (Some(Format::Tsv), Some(Packing::Zstd)));
        assert_eq!(by("a.ndjson"), (Some(Format::JsonLines), None));
        assert_eq!(by("a.parquet"), (Some(Format::Parquet), None));
        assert_eq!(by("a.txt"), (None, None));
        assert_eq!(by("a"), (None, None));
    }
}

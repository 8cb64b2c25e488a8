//! A text column whose values are put together in a buffer.

use std::sync::Arc;

use arrow::array::{ArrayRef, StringBuilder};

/// Builder and buffer.
#[derive(Default)]
pub(super) struct Text {
    builder: StringBuilder,
    buffer: String,
}

impl Text {
    pub(super) fn push(&mut self, value: Option<&str>) {
        self.builder.append_option(value);
    }

    /// A value that `write` puts into an empty buffer; left empty, it is no value.
    pub(super) fn write(&mut self, write: impl FnOnce(&mut String)) {
        self.buffer.clear();
        write(&mut self.buffer);
        let value = Some(self.buffer.as_str()).filter(|value| !value.is_empty());
        self.builder.append_option(value);
    }

    pub(super) fn finish(&mut self) -> ArrayRef {
        Arc::new(self.builder.finish())
    }
}

//! How far an import is, on stderr, where somebody watches.

use std::time::Duration;

use indicatif::{HumanCount, ProgressBar, ProgressStyle};
use weir_app::Progress;

/// A line that moves. indicatif shows nothing where stderr is not a terminal.
pub struct Bar(ProgressBar);

impl Bar {
    /// A bar that has just begun.
    pub fn new() -> Bar {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {msg} {elapsed}") {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(100));
        Bar(bar)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Bar {
    fn rows(&self, read: u64) {
        self.0.set_message(format!("{} rows", HumanCount(read)));
    }

    fn stage(&self, name: &str) {
        self.0.set_prefix(name.to_owned());
    }
}

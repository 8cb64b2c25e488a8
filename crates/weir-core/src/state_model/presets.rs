//! presets
/// placeholder
pub struct Preset;
/// placeholder
pub fn preset() {}
/// placeholder
pub fn presets() {}

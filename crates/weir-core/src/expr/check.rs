//! Names.
use crate::error::Result;
/// placeholder
pub struct Warning;
/// placeholder
pub struct Checked;
/// placeholder
pub fn check() -> Result<()> {
    Ok(())
}
/// placeholder
pub fn check_model() -> Result<()> {
    Ok(())
}

//! `sequence`: whoever comes to the last step of a [`chain`].

use weir_core::Result;

use crate::bits::Bits;
use crate::eval::chain;
use crate::plan::SequencePlan;
use crate::segment::Segment;

/// Who completed the sequence in a shard.
pub(crate) fn select(sequence: &SequencePlan, segments: &[Segment]) -> Result<Bits> {
    let levels = chain::levels(sequence, None, segments)?;
    Ok(levels.into_iter().next_back().unwrap_or_else(Bits::empty))
}

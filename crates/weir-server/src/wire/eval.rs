//! How many are in an expression.

use serde::Serialize;
use utoipa::ToSchema;

/// The size of an expression as of a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Estimate {
    /// How many consumers; exact.
    #[schema(example = 106)]
    pub count: u64,
    /// The date.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// How many are known as of the date.
    #[schema(example = 819)]
    pub universe: u64,
    /// How long it took, in microseconds.
    #[schema(example = 740)]
    pub elapsed_us: u64,
    /// Values that no data and no catalogue has mentioned.
    pub warnings: Vec<Warning>,
    /// Hash over the members' sorted canonical identifiers: the same people give the same hash in any store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_hash: Option<String>,
    /// The size of every node.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nodes: Option<Vec<NodeCount>>,
}

/// Something worth saying that does not stop an evaluation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Warning {
    /// Stable code.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// JSON pointer into the expression.
    pub at: String,
}

/// The size of one node of an expression.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NodeCount {
    /// JSON pointer; empty for the whole expression.
    #[schema(example = "/minus/0")]
    pub at: String,
    /// How many.
    pub count: u64,
}

impl From<&weir_app::Estimate> for Estimate {
    fn from(estimate: &weir_app::Estimate) -> Estimate {
        let node = |(at, count): &(String, u64)| NodeCount { at: at.clone(), count: *count };
        Estimate {
            count: estimate.count,
            as_of: estimate.as_of.to_string(),
            universe: estimate.universe,
            elapsed_us: estimate.elapsed_us,
            warnings: warnings(&estimate.warnings),
            content_hash: estimate.content_hash.clone(),
            nodes: estimate.nodes.as_ref().map(|nodes| nodes.iter().map(node).collect()),
        }
    }
}

pub(super) fn warnings(warnings: &[weir_app::Warning]) -> Vec<Warning> {
    let warning =
        |w: &weir_app::Warning| Warning { code: w.code, message: w.message.clone(), at: w.at.clone() };
    warnings.iter().map(warning).collect()
}

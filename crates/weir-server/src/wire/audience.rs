//! Audiences.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use weir_app::{AudienceRecord, Definition};

use super::about::About;
use super::expression::Expression;
use super::time::instant;

/// A named expression.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Audience {
    /// Its name.
    #[schema(example = "double_11_exposed_not_bought")]
    pub name: String,
    /// Its version, from 1; it grows with every change.
    #[schema(example = 1)]
    pub version: u32,
    #[serde(flatten)]
    pub about: About,
    /// Who is in it.
    pub expression: Expression,
    /// Its size at the latest date that was recorded, where the present audience is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub latest: Option<AudienceRun>,
}

impl From<&AudienceRecord> for Audience {
    fn from(record: &AudienceRecord) -> Audience {
        Audience { latest: record.latest.as_ref().map(AudienceRun::from), ..(&record.definition).into() }
    }
}

impl From<&Definition> for Audience {
    fn from(definition: &Definition) -> Audience {
        Audience {
            name: definition.name.clone(),
            version: definition.version,
            about: (&definition.about).into(),
            expression: Expression(definition.body.clone()),
            latest: None,
        }
    }
}

/// A place where two versions differ.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Difference {
    /// JSON pointer into the later version; of what was removed into the earlier one.
    #[schema(example = "/expression/did/within/days")]
    pub at: String,
    /// `added`, `removed` or `changed`.
    #[schema(example = "changed")]
    pub change: &'static str,
    /// What was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!(30))]
    pub before: Option<Value>,
    /// What is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>, example = json!(15))]
    pub after: Option<Value>,
}

/// The size of an audience as of a date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AudienceRun {
    /// The date.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// Version of the audience that was evaluated.
    pub version: u32,
    /// How many members.
    #[schema(example = 1_204)]
    pub size: u64,
    /// Members who were not in it at the date recorded before; left out where there was nothing to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub added: Option<u64>,
    /// Members of the date before who are not in it: size before + added − dropped = size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dropped: Option<u64>,
    /// (added + dropped) ÷ size; left out without a comparison, and where nobody is in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = 0.04)]
    pub volatility: Option<f64>,
    /// Hash over the members' sorted canonical identifiers.
    pub content_hash: String,
    /// When it was evaluated.
    #[schema(format = DateTime)]
    pub at: String,
    /// How long that took, in microseconds.
    pub elapsed_us: u64,
}

/// What an audience uses and what uses it, directly or through others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AudienceGraph {
    /// What it uses.
    pub uses: Vec<Related>,
    /// What uses it.
    pub used_by: Vec<Related>,
    /// Who names whom.
    pub edges: Vec<Edge>,
}

/// Something with a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Related {
    /// `audience`, `state_model`, `tag`, `list`, `snapshot` or `push`.
    #[schema(example = "list")]
    pub kind: &'static str,
    /// Its name; of snapshots and pushes the id.
    pub name: String,
}

/// One thing names another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Edge {
    /// What names.
    pub from: Related,
    /// What is named.
    pub to: Related,
}

impl From<&weir_app::Difference> for Difference {
    fn from(difference: &weir_app::Difference) -> Difference {
        Difference {
            at: difference.at.clone(),
            change: difference.change(),
            before: difference.before.clone(),
            after: difference.after.clone(),
        }
    }
}

impl From<&weir_app::AudienceRun> for AudienceRun {
    fn from(run: &weir_app::AudienceRun) -> AudienceRun {
        let moved = run.added.zip(run.dropped).map(|(added, dropped)| added + dropped);
        AudienceRun {
            as_of: run.as_of.to_string(),
            version: run.version,
            size: run.size,
            added: run.added,
            dropped: run.dropped,
            volatility: moved.filter(|_| run.size > 0).map(|moved| moved as f64 / run.size as f64),
            content_hash: run.content_hash.clone(),
            at: instant(run.at),
            elapsed_us: run.elapsed_us,
        }
    }
}

impl From<&weir_app::Related> for Related {
    fn from(related: &weir_app::Related) -> Related {
        Related { kind: related.kind, name: related.name.clone() }
    }
}

impl From<&weir_app::AudienceGraph> for AudienceGraph {
    fn from(graph: &weir_app::AudienceGraph) -> AudienceGraph {
        let edge =
            |(from, to): &(weir_app::Related, weir_app::Related)| Edge { from: from.into(), to: to.into() };
        AudienceGraph {
            uses: graph.uses.iter().map(Related::from).collect(),
            used_by: graph.used_by.iter().map(Related::from).collect(),
            edges: graph.edges.iter().map(edge).collect(),
        }
    }
}

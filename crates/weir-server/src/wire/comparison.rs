//! Two state models side by side, what changed between them, and what their rules do.

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::eval::{Warning, warnings};

/// Who is where under one model, and where under another. Rows and columns sum to the people looked at.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelComparison {
    /// The first model, as it was asked for.
    #[schema(example = "pno")]
    pub a: String,
    /// The second.
    #[schema(example = "pno@2")]
    pub b: String,
    /// What the conditions of both were limited to.
    #[schema(value_type = Object, example = json!({"shop": "flagship"}))]
    pub scope: Value,
    /// The date.
    #[schema(format = Date, example = "2024-12-31")]
    pub date: String,
    /// Names of the rows: states of the first model, `none` last.
    pub rows: Vec<String>,
    /// Names of the columns: states of the second model, `none` last.
    pub columns: Vec<String>,
    /// `matrix[i][j]`: how many are in `rows[i]` under the first and in `columns[j]` under the second.
    pub matrix: Vec<Vec<u64>>,
    /// The distribution under the first: sums of the rows.
    pub states_a: Vec<u64>,
    /// The distribution under the second: sums of the columns.
    pub states_b: Vec<u64>,
    /// Size of the set looked at; of a snapshot the size it was frozen with: matrix + merged + erased.
    pub total: u64,
    /// Frozen members who have become one with another member.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Values that no data and no catalogue has mentioned.
    pub warnings: Vec<Warning>,
}

impl From<&weir_app::ComparisonAnswer> for ModelComparison {
    fn from(answer: &weir_app::ComparisonAnswer) -> ModelComparison {
        let comparison = &answer.comparison;
        let columns = 0..comparison.columns.len();
        ModelComparison {
            a: answer.a.clone(),
            b: answer.b.clone(),
            scope: answer.scope.to_json(),
            date: answer.date.to_string(),
            rows: comparison.rows.clone(),
            columns: comparison.columns.clone(),
            states_a: comparison.matrix.iter().map(|row| row.iter().sum()).collect(),
            states_b: columns.map(|j| comparison.matrix.iter().map(|row| row[j]).sum()).collect(),
            matrix: comparison.matrix.clone(),
            total: comparison.total,
            merged: comparison.merged,
            erased: comparison.erased,
            elapsed_us: answer.elapsed_us,
            warnings: warnings(&answer.warnings),
        }
    }
}

/// One difference between two state models.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelChange {
    /// `state_added`, `state_removed`, `state_moved`, `rule_changed` or `label_changed`.
    #[schema(example = "rule_changed")]
    pub change: &'static str,
    /// The state concerned.
    #[schema(example = "old")]
    pub state: String,
    /// Where: a JSON pointer into the later model; of a state that is gone into the earlier one.
    #[schema(example = "/states/0/when/did/within/days")]
    pub at: String,
    /// One sentence.
    #[schema(example = "the rule of \"old\" says 90 instead of 365")]
    pub sentence: String,
    /// What stood there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// What stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Value>,
}

/// What changed from one state model to another.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelDiff {
    /// In the order of the later model; nothing where both say the same.
    pub changes: Vec<ModelChange>,
}

impl From<&[weir_app::ModelChange]> for ModelDiff {
    fn from(changes: &[weir_app::ModelChange]) -> ModelDiff {
        let change = |change: &weir_app::ModelChange| ModelChange {
            change: change.kind.name(),
            state: change.state.clone(),
            at: change.at.clone(),
            sentence: change.sentence.clone(),
            before: change.before.clone(),
            after: change.after.clone(),
        };
        ModelDiff { changes: changes.iter().map(change).collect() }
    }
}

/// What each rule of a model does at a date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ModelCheck {
    /// The model, as it was asked for; `inline` for rules without a name.
    #[schema(example = "inline")]
    pub model: String,
    /// What its conditions were limited to.
    #[schema(value_type = Object, example = json!({"shop": "flagship"}))]
    pub scope: Value,
    /// The date.
    #[schema(format = Date, example = "2024-12-31")]
    pub date: String,
    /// One for each rule, in order.
    pub rules: Vec<RuleCheck>,
    /// Whom no rule matches.
    pub none: u64,
    /// Size of the set looked at; of a snapshot the size it was frozen with: all `decided` + none + merged + erased.
    pub total: u64,
    /// Frozen members who have become one with another member.
    pub merged: u64,
    /// Frozen members whose data is gone.
    pub erased: u64,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Values that no data and no catalogue has mentioned.
    pub warnings: Vec<Warning>,
}

/// What one rule does.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RuleCheck {
    /// Its state.
    #[schema(example = "new")]
    pub state: String,
    /// Whom it matches, whatever the rules before it say.
    #[schema(example = 230)]
    pub matched: u64,
    /// Whom it puts in its state.
    #[schema(example = 45)]
    pub decided: u64,
    /// Whom it matches and the rules before it have decided: matched − decided.
    #[schema(example = 185)]
    pub taken: u64,
    /// How many of those each of the rules before it has.
    #[schema(value_type = Object, example = json!({"old": 185}))]
    pub taken_by: Map<String, Value>,
}

impl From<&weir_app::RulesAnswer> for ModelCheck {
    fn from(answer: &weir_app::RulesAnswer) -> ModelCheck {
        let counts = &answer.counts;
        let rule = |(state, rule): (&String, &weir_app::RuleCount)| RuleCheck {
            state: state.clone(),
            matched: rule.matched,
            decided: rule.decided,
            taken: rule.taken.iter().sum(),
            taken_by: answer.states.iter().cloned().zip(rule.taken.iter().map(|n| Value::from(*n))).collect(),
        };
        ModelCheck {
            model: answer.model.clone(),
            scope: answer.scope.to_json(),
            date: answer.date.to_string(),
            rules: answer.states.iter().zip(&counts.rules).map(rule).collect(),
            none: counts.none,
            total: counts.total,
            merged: counts.merged,
            erased: counts.erased,
            elapsed_us: answer.elapsed_us,
            warnings: warnings(&answer.warnings),
        }
    }
}

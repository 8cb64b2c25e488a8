//! How some sets lie over each other.

use std::cmp::Reverse;

use serde::Serialize;
use utoipa::ToSchema;
use weir_core::overlap::Mask;

use super::eval::{Warning, warnings};
use super::expression::Expression;

/// The overlap of some sets as of a date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Overlap {
    /// The date.
    #[schema(format = Date, example = "2024-11-30")]
    pub as_of: String,
    /// How many are known as of the date.
    #[schema(example = 819)]
    pub universe: u64,
    /// People in any of the sets: the sum of all combinations.
    #[schema(example = 412)]
    pub union: u64,
    /// The sets, in the order asked.
    pub sets: Vec<OverlapSet>,
    /// Combinations that hold anybody, the largest first: in these sets and in none of the others.
    pub combinations: Vec<Combination>,
    /// Combinations beyond the limit, together.
    pub more: MoreCombinations,
    /// Row and column by set: people in both; on the diagonal the sizes.
    #[schema(example = json!([[300, 41], [41, 153]]))]
    pub matrix: Vec<Vec<u64>>,
    /// The same as a share of those in either (Jaccard); null where both are empty.
    #[schema(value_type = Vec<Vec<f64>>, example = json!([[1.0, 0.0995], [0.0995, 1.0]]))]
    pub jaccard: Vec<Vec<Option<f64>>>,
    /// How long it took, in microseconds.
    pub elapsed_us: u64,
    /// Values that no data and no catalogue has mentioned.
    pub warnings: Vec<Warning>,
}

/// A set among others.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OverlapSet {
    /// Its name.
    #[schema(example = "ads.onsite")]
    pub name: String,
    /// How many it has.
    #[schema(example = 300)]
    pub size: u64,
    /// How many of them are in no other set: what would be lost without it.
    #[schema(example = 259)]
    pub only: u64,
    /// Who they are.
    pub expression: Expression,
}

/// People in some of the sets and in none of the others.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Combination {
    /// Names of the sets they are in.
    pub sets: Vec<String>,
    /// How many.
    #[schema(example = 41)]
    pub people: u64,
    /// Who they are; evaluated as of the date it has as many members.
    pub expression: Expression,
}

/// Combinations that were not listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct MoreCombinations {
    /// How many combinations.
    pub combinations: u64,
    /// How many people.
    pub people: u64,
}

impl Overlap {
    /// An answer with so many combinations at most.
    pub fn new(answer: &weir_app::OverlapAnswer, limit: usize) -> Overlap {
        let (sets, regions) = (answer.sets.sets(), &answer.regions);
        let mut largest = regions.counts.clone();
        largest.sort_by_key(|(mask, people)| (Reverse(*people), *mask));
        let rest = largest.split_off(limit.min(largest.len()));
        let combination = |(mask, people): &(Mask, u64)| Combination {
            sets: names(*mask, sets.iter().map(|set| set.name.as_str())),
            people: *people,
            expression: Expression(answer.sets.region(*mask).to_json()),
        };
        let places = 0..sets.len();
        let row = |a| places.clone().map(|b| regions.both(a, b)).collect();
        let matrix: Vec<Vec<u64>> = places.clone().map(row).collect();
        Overlap {
            as_of: answer.as_of.to_string(),
            universe: answer.universe,
            union: regions.union(),
            sets: places.clone().map(|place| OverlapSet::of(answer, place)).collect(),
            combinations: largest.iter().map(combination).collect(),
            more: MoreCombinations {
                combinations: rest.len() as u64,
                people: rest.iter().map(|(_, people)| people).sum(),
            },
            jaccard: places.clone().map(|a| jaccard(&matrix, a)).collect(),
            matrix,
            elapsed_us: answer.elapsed_us,
            warnings: warnings(&answer.warnings),
        }
    }
}

impl OverlapSet {
    fn of(answer: &weir_app::OverlapAnswer, place: usize) -> OverlapSet {
        let set = &answer.sets.sets()[place];
        OverlapSet {
            name: set.name.clone(),
            size: answer.regions.size(place),
            only: answer.regions.only(place),
            expression: Expression(set.expr.to_json()),
        }
    }
}

/// Names of the sets of a mask.
pub(super) fn names<'a>(mask: Mask, names: impl Iterator<Item = &'a str>) -> Vec<String> {
    names.enumerate().filter(|(place, _)| mask >> place & 1 == 1).map(|(_, name)| name.to_owned()).collect()
}

fn jaccard(matrix: &[Vec<u64>], a: usize) -> Vec<Option<f64>> {
    let either = |b: usize| matrix[a][a] + matrix[b][b] - matrix[a][b];
    let share = |b: usize| (either(b) > 0).then(|| matrix[a][b] as f64 / either(b) as f64);
    (0..matrix.len()).map(share).collect()
}

//! Everything the evaluator looks at, for one workspace at one generation.

use std::sync::Arc;

use rayon::prelude::*;
use roaring::RoaringBitmap;
use weir_core::Result;
use weir_core::identity::{Identifiers, IdentityPolicy, Node};
use weir_core::vocabulary::Field;

use crate::consumers::Consumers;
use crate::interest::Interest;
use crate::segment::Segment;
use crate::symbols::{Column, Symbols};
use crate::tag_column::TagColumn;

/// Facts that are fetched only when an expression asks for them.
pub trait Facts: Send + Sync {
    /// All statements of a tag.
    fn tag(&self, key: &str) -> Result<Arc<TagColumn>>;
    /// The people on a list.
    fn list(&self, name: &str) -> Result<RoaringBitmap>;
    /// The nodes frozen in a snapshot.
    fn snapshot(&self, id: &str) -> Result<Vec<Node>>;
    /// Kinds and values of all nodes.
    fn identifiers(&self) -> Result<Arc<dyn Identifiers + Send + Sync>>;
}

/// One workspace as the evaluator sees it. Cheap to share, never changed: a new generation is a new world.
#[derive(Clone)]
pub struct World {
    /// People.
    pub consumers: Arc<Consumers>,
    /// For each shard its segments, base first.
    pub shards: Arc<Vec<Vec<Segment>>>,
    /// Numbers of texts.
    pub symbols: Arc<Symbols>,
    /// Order of identifiers.
    pub policy: IdentityPolicy,
    /// The rest, on demand.
    pub facts: Arc<dyn Facts>,
    /// Whether anybody still waits for what is asked of it.
    pub interest: Interest,
}

impl World {
    /// Something of every shard, in their order; all processors take part, as long as anybody waits for it.
    pub fn each_shard<T: Send>(&self, each: impl Fn(usize) -> Result<T> + Sync) -> Result<Vec<T>> {
        let shards = (0..self.consumers.shards()).into_par_iter();
        shards.map(|number| self.interest.check().and_then(|()| each(number))).collect()
    }

    /// Puts segments to their shards.
    pub fn shards_of(segments: Vec<Segment>, consumers: &Consumers) -> Vec<Vec<Segment>> {
        let mut shards: Vec<Vec<Segment>> = (0..consumers.shards()).map(|_| Vec::new()).collect();
        for segment in segments {
            if segment.shard() >= shards.len() {
                shards.resize_with(segment.shard() + 1, Vec::new);
            }
            shards[segment.shard()].push(segment);
        }
        shards
    }

    /// Whether any event has carried this value.
    pub fn seen(&self, field: Field, value: &str) -> bool {
        let column = match field {
            Field::Shop => Column::Shop,
            Field::Brand => Column::Brand,
            Field::Category => Column::Category,
            Field::Campaign => Column::Campaign,
            Field::Item => Column::Item,
            Field::Property => Column::Property,
        };
        let exact = self.symbols.number(column, value).is_some();
        let in_tree = matches!(field, Field::Brand | Field::Category);
        exact || (in_tree && self.seen_in_path(column, value))
    }

    /// Brands and categories may be written as paths: a node above a value that data carries is mentioned too.
    fn seen_in_path(&self, column: Column, value: &str) -> bool {
        let names = |text: &str| text.split('.').any(|segment| segment == value);
        let below = |text: &str| weir_core::channel::is_below(text, value);
        self.symbols.texts(column).any(|text| below(text) || names(text))
    }

    /// Texts of a column that data has brought.
    pub fn texts(&self, column: Column) -> impl Iterator<Item = &str> {
        self.symbols.texts(column)
    }
}

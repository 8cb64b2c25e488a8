//! What names exist: the view of a workspace that checking and compiling an expression needs.

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::channel::ChannelTree;
use crate::expr::Expr;
use crate::state_model::StateModel;
use crate::tag::TagKind;
use crate::tag::rule::TagRule;

/// Fields whose values are free: a value nobody has mentioned is a warning, not an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// Shop ids.
    Shop,
    /// Brand ids.
    Brand,
    /// Category ids or paths.
    Category,
    /// Campaign ids.
    Campaign,
    /// Item ids.
    Item,
    /// Property keys.
    Property,
}

impl Field {
    /// The field's name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Field::Shop => "shop",
            Field::Brand => "brand",
            Field::Category => "category",
            Field::Campaign => "campaign",
            Field::Item => "item",
            Field::Property => "property",
        }
    }
}

/// The names of one workspace.
pub trait Vocabulary {
    /// Custom behaviors that data has brought (core ones are always known).
    fn custom_behaviors(&self) -> Vec<String>;
    /// The channel tree, with the merchant's own channels and the `unmapped` ones seen in data.
    fn channels(&self) -> &ChannelTree;
    /// Brands, shops, categories, items, campaigns.
    fn catalog(&self) -> &Catalog;
    /// The kind of a tag, if it exists.
    fn tag(&self, key: &str) -> Option<TagKind>;
    /// How a computed tag comes by its values.
    fn tag_rule(&self, _key: &str) -> Option<Arc<TagRule>> {
        None
    }
    /// Names of all tags.
    fn tags(&self) -> Vec<String>;
    /// Names of all lists.
    fn lists(&self) -> Vec<String>;
    /// The current expression of an audience.
    fn audience(&self, name: &str) -> Option<Arc<Expr>>;
    /// Names of all audiences.
    fn audiences(&self) -> Vec<String>;
    /// A state model, preset or own.
    fn state_model(&self, name: &str) -> Option<Arc<StateModel>>;
    /// Names of all state models.
    fn state_models(&self) -> Vec<String>;
    /// Ids and names of all snapshots.
    fn snapshots(&self) -> Vec<String>;
    /// Whether any event has carried this value.
    fn seen(&self, field: Field, value: &str) -> bool;
}

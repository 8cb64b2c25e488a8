//! The catalogue: what is known about brands, shops, categories, items, channels and campaigns.
//!
//! Brands and categories form trees through `parent`; a shop's `brand` is the brand of its events that name none.

use std::collections::BTreeMap;

use crate::amount::Amount;
use crate::channel::{Channel, ChannelTree, is_below};
use crate::error::{Code, Error, Result};

/// What a catalogue entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryKind {
    /// A brand.
    Brand,
    /// A shop.
    Shop,
    /// A category.
    Category,
    /// An item.
    Item,
    /// A channel: extends the channel tree.
    Channel,
    /// A campaign.
    Campaign,
}

impl EntryKind {
    /// Every kind with its name.
    pub const ALL: [(&'static str, EntryKind); 6] = [
        ("brand", EntryKind::Brand),
        ("shop", EntryKind::Shop),
        ("category", EntryKind::Category),
        ("item", EntryKind::Item),
        ("channel", EntryKind::Channel),
        ("campaign", EntryKind::Campaign),
    ];

    /// The kind's name.
    pub fn name(self) -> &'static str {
        EntryKind::ALL.iter().find(|(_, kind)| *kind == self).map_or("item", |(name, _)| name)
    }

    /// The kind of a name.
    pub fn named(name: &str) -> Result<EntryKind> {
        let found = EntryKind::ALL.iter().find(|(n, _)| *n == name).map(|(_, kind)| *kind);
        found.ok_or_else(|| {
            Error::new(Code::InvalidMapping, format!("\"{name}\" is not a kind of catalogue entry"))
                .at("kind")
                .help("kinds are brand, shop, category, item, channel and campaign")
        })
    }
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it is.
    pub kind: EntryKind,
    /// Its id, as events name it.
    pub id: String,
    /// Name in English.
    pub name: Option<String>,
    /// Name in Chinese.
    pub name_zh: Option<String>,
    /// Id of the entry above it.
    pub parent: Option<String>,
    /// Brand of a shop or an item.
    pub brand: Option<String>,
    /// List price.
    pub price: Option<Amount>,
}

/// All entries of a workspace.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalog {
    entries: BTreeMap<(EntryKind, String), Entry>,
}

impl Catalog {
    /// Adds or replaces an entry.
    pub fn insert(&mut self, entry: Entry) {
        self.entries.insert((entry.kind, entry.id.clone()), entry);
    }

    /// An entry by kind and id.
    pub fn get(&self, kind: EntryKind, id: &str) -> Option<&Entry> {
        self.entries.get(&(kind, id.to_owned()))
    }

    /// All entries, by kind and id.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The brand of a shop.
    pub fn brand_of_shop(&self, shop: &str) -> Option<&str> {
        self.get(EntryKind::Shop, shop)?.brand.as_deref()
    }

    /// The path of an entry: the ids from its topmost parent down, joined by dots. Anything else is its own path.
    pub fn path(&self, kind: EntryKind, id: &str) -> String {
        let mut path = id.to_owned();
        let mut seen = vec![id];
        let mut current = self.get(kind, id);
        while let Some(parent) = current.and_then(|entry| entry.parent.as_deref()) {
            if seen.contains(&parent) {
                break;
            }
            seen.push(parent);
            path = format!("{parent}.{path}");
            current = self.get(kind, parent);
        }
        path
    }

    /// Whether `value`, as an event carries it, is the node `wanted` or below it; both may be ids or paths.
    ///
    /// A single name that the catalogue does not know also matches as a segment of the value's path.
    pub fn is_below(&self, kind: EntryKind, value: &str, wanted: &str) -> bool {
        let value_path = self.path(kind, value);
        if is_below(&value_path, &self.path(kind, wanted)) {
            return true;
        }
        let unknown_leaf = !wanted.contains('.') && self.get(kind, wanted).is_none();
        unknown_leaf && value_path.split('.').any(|segment| segment == wanted)
    }

    /// The default channel tree with the merchant's own channels.
    pub fn channel_tree(&self) -> ChannelTree {
        let mut tree = ChannelTree::default();
        for entry in self.entries().filter(|entry| entry.kind == EntryKind::Channel) {
            let path = self.channel_path(&tree, entry);
            let role = tree.nodes().find(|(p, _)| *p == path).and_then(|(_, channel)| channel.role);
            tree.insert(&path, Channel { name: entry.name.clone(), name_zh: entry.name_zh.clone(), role });
        }
        tree
    }

    /// A channel's parent may be a path or leaf of the shipped tree, or another catalogue channel.
    fn channel_path(&self, tree: &ChannelTree, entry: &Entry) -> String {
        let own_path = self.path(EntryKind::Channel, &entry.id);
        let Some(parent) = &entry.parent else { return own_path };
        let known_parent = self.get(EntryKind::Channel, parent).is_some();
        match tree.resolve(parent) {
            Ok(path) if !known_parent => format!("{path}.{}", entry.id),
            _ => own_path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: EntryKind, id: &str, parent: Option<&str>) -> Entry {
        let parent = parent.map(str::to_owned);
        Entry { kind, id: id.to_owned(), name: None, name_zh: None, parent, brand: None, price: None }
    }

    #[test]
    fn a_category_stands_for_all_below_it() {
        let mut catalog = Catalog::default();
        catalog.insert(entry(EntryKind::Category, "home", None));
        catalog.insert(entry(EntryKind::Category, "tea", Some("home")));
        let below = |value, wanted| catalog.is_below(EntryKind::Category, value, wanted);
        assert!(
            below("tea", "home")
                && below("tea", "tea")
                && below("home.tea", "tea")
                && below("tea", "home.tea")
        );
        assert!(!below("home", "tea") && !below("tea", "outdoor"));
    }

    #[test]
    fn without_a_catalogue_paths_and_segments_match() {
        let catalog = Catalog::default();
        let below = |value, wanted| catalog.is_below(EntryKind::Category, value, wanted);
        assert!(
            below("home.tea.green", "home")
                && below("home.tea.green", "tea")
                && below("home.tea", "home.tea")
        );
        assert!(!below("homeware", "home"));
    }

    #[test]
    fn a_cycle_of_parents_ends() {
        let mut catalog = Catalog::default();
        catalog.insert(entry(EntryKind::Brand, "a", Some("b")));
        catalog.insert(entry(EntryKind::Brand, "b", Some("a")));
        assert_eq!(catalog.path(EntryKind::Brand, "a"), "b.a");
    }

    #[test]
    fn merchants_extend_the_channel_tree() {
        let mut catalog = Catalog::default();
        catalog.insert(entry(EntryKind::Channel, "kuaishou", Some("external")));
        catalog.insert(entry(EntryKind::Channel, "live_room", Some("kuaishou")));
        let tree = catalog.channel_tree();
        assert_eq!(tree.resolve("kuaishou").unwrap(), "external.kuaishou");
        assert_eq!(tree.resolve("live_room").unwrap(), "external.kuaishou.live_room");
    }
}

//! The catalogue as CSV: brands, shops, categories, items, channels, campaigns.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use weir_core::Result;
use weir_core::amount::Amount;
use weir_core::channel::ChannelTree;

use super::events::leaf;
use super::writer::failed;
use crate::channel::Place;
use crate::merchant::{
    BRANDS, ITEMS, ITEMS_PER_LEAF, LEAVES, LEAVES_PER_ROOT, ROOTS, SHOPS, item_id, leaf_of,
};
use crate::push::PUSHES;
use crate::world::World;

const HEADER: &str = "kind,id,name,name_zh,parent,brand,price";

/// Places whose campaigns are monthly: all that show something, and the media of messages.
fn has_campaigns(place: Place) -> bool {
    !matches!(place, Place::VISIT | Place::TRADE | Place::SERVICE_DESK)
}

/// One row. None of the demo's names holds a comma or a quote.
struct Entry<'a> {
    kind: &'a str,
    id: &'a str,
    name: &'a str,
    name_zh: &'a str,
    parent: &'a str,
    brand: &'a str,
    price: &'a str,
}

const EMPTY: Entry = Entry { kind: "", id: "", name: "", name_zh: "", parent: "", brand: "", price: "" };

pub(super) fn write(world: &World, dir: &Path) -> Result<PathBuf> {
    let path = dir.join("catalog.csv");
    fs::write(&path, text(world)).map_err(|error| failed(&path, &error))?;
    Ok(path)
}

fn text(world: &World) -> String {
    let mut text = format!("{HEADER}\n");
    for (id, name, name_zh, _) in BRANDS {
        add(&mut text, &Entry { kind: "brand", id, name, name_zh, ..EMPTY });
    }
    for shop in SHOPS {
        let brand = shop.brand.map_or("", |brand| BRANDS[brand].0);
        add(
            &mut text,
            &Entry { kind: "shop", id: shop.id, name: shop.name, name_zh: shop.name_zh, brand, ..EMPTY },
        );
    }
    categories(&mut text);
    items(&mut text, world);
    channels(&mut text);
    campaigns(&mut text, world);
    text
}

fn add(text: &mut String, entry: &Entry) {
    let Entry { kind, id, name, name_zh, parent, brand, price } = entry;
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{kind},{id},{name},{name_zh},{parent},{brand},{price}");
}

fn categories(text: &mut String) {
    for (id, name, name_zh, _) in ROOTS {
        add(text, &Entry { kind: "category", id, name, name_zh, ..EMPTY });
    }
    for (at, (id, name, name_zh, _)) in LEAVES.into_iter().enumerate() {
        let parent = ROOTS[at / LEAVES_PER_ROOT].0;
        add(text, &Entry { kind: "category", id, name, name_zh, parent, ..EMPTY });
    }
}

fn items(text: &mut String, world: &World) {
    for item in 0..ITEMS {
        let (parent, leaf, leaf_zh, _) = LEAVES[leaf_of(item)];
        let number = usize::from(item) % ITEMS_PER_LEAF + 1;
        let (name, name_zh) = (format!("{leaf} No. {number}"), format!("{leaf_zh} {number} 号"));
        let price = Amount(world.merchant().price(item)).to_string();
        let (name, name_zh, id) = (&name, &name_zh, &item_id(item));
        add(text, &Entry { kind: "item", id, name, name_zh, parent, price: &price, ..EMPTY });
    }
}

/// `feed_ads` is called "Feed ads".
fn title(leaf: &str) -> String {
    let words = leaf.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The shipped tree has these channels and their Chinese names; the catalogue adds English ones.
fn channels(text: &mut String) {
    let tree = ChannelTree::default();
    for place in Place::ALL.map(Place) {
        let name = title(leaf(place));
        let channel = tree.nodes().find(|(path, _)| *path == place.path()).map(|(_, channel)| channel);
        let name_zh = channel.and_then(|channel| channel.name_zh.as_deref()).unwrap_or("");
        add(text, &Entry { kind: "channel", id: place.path(), name: &name, name_zh, ..EMPTY });
    }
}

fn campaigns(text: &mut String, world: &World) {
    let calendar = world.calendar();
    let months: BTreeSet<String> =
        (0..calendar.days()).map(|day| calendar.date(day).to_string().chars().take(7).collect()).collect();
    for place in Place::ALL.map(Place).filter(|place| has_campaigns(*place)) {
        for month in &months {
            let (id, name) = (format!("{}_{month}", leaf(place)), format!("{} {month}", title(leaf(place))));
            add(text, &Entry { kind: "campaign", id: &id, name: &name, name_zh: &name, ..EMPTY });
        }
    }
    for push in &PUSHES {
        let name = title(push.name);
        add(text, &Entry { kind: "campaign", id: push.name, name: &name, name_zh: &name, ..EMPTY });
    }
}

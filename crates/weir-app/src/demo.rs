//! The demo: a synthetic merchant (weir-demo), loaded like anybody's data.
//!
//! The world is written as files a merchant would export; files and mappings stay below `demo/` of the data directory for
//! whoever wants to look. They go through the ordinary imports; pushes of the past are recorded with their holdouts; a few
//! audiences, a snapshot and a destination make a start.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use weir_core::about::About;
use weir_core::expr::{Expr, parse_value};
use weir_core::time::{DAY_MICROS, Day, Micros};
use weir_core::{Code, Error, Result};
use weir_demo::export::{CATALOG_SQL, EVENTS_SQL, TAGS_SQL};
use weir_demo::{CURRENCY, Exported, IDENTITY_POLICY, Params, TIME_ZONE, World, past_pushes};
use weir_store::{ImportRecord, Page};

use crate::app::Workspace;
use crate::import::{CatalogImport, EventImport, Progress, TagImport};
use crate::job::{JobRecord, JobSpec};
use crate::push::PastPush;
use crate::whom::Whom;

/// Where exported files lie below the data directory.
const FOLDER: &str = "demo";
/// The file there that names the world that is loaded, or is about to be.
const WORLD: &str = "world.json";

/// Sources of the window's events and of the orders before it.
const SHOP_SYSTEM: &str = "shop_system";
const ORDER_HISTORY: &str = "order_history";

/// What became of a demo.
#[derive(Debug, Clone, PartialEq)]
pub enum DemoLoad {
    /// It was loaded now.
    Loaded(Box<Loaded>),
    /// The very same world was there already.
    Present,
}

/// What was loaded.
#[derive(Debug, Clone, PartialEq)]
pub struct Loaded {
    /// Where the exported files are.
    pub files: PathBuf,
    /// The catalogue.
    pub catalog: ImportRecord,
    /// Orders of the years before the window.
    pub history: ImportRecord,
    /// The window.
    pub events: ImportRecord,
    /// Tags.
    pub tags: ImportRecord,
    /// Pushes that took place in the window.
    pub pushes: u64,
}

/// Writes the files of a world, with the mappings to import them by, and loads nothing.
pub fn export_demo(params: &Params, dir: &Path, progress: &dyn Progress) -> Result<()> {
    draw_lives(&World::new(params.clone())?, dir, progress).map(drop)
}

fn draw_lives(world: &World, dir: &Path, progress: &dyn Progress) -> Result<Exported> {
    progress.stage("drawing lives");
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    weir_demo::export(world, dir, threads, &|rows| progress.rows(rows))
}

impl Workspace {
    /// Loads a world into this workspace, which must be empty, or hold the beginnings of the same world.
    pub fn load_demo(&self, params: &Params, progress: &dyn Progress) -> Result<DemoLoad> {
        let world = World::new(params.clone())?;
        let dir = self.demo_dir();
        if self.holds(&dir, params)? {
            return Ok(DemoLoad::Present);
        }
        note(&dir, params, false)?;
        self.set("timezone", TIME_ZONE)?;
        self.set("currency", CURRENCY)?;
        self.set("identity", IDENTITY_POLICY)?;
        let files = draw_lives(&world, &dir, progress)?;
        let loaded = self.import_demo(&files, &dir, progress)?;
        progress.stage("first audiences");
        self.define_demo(&world)?;
        note(&dir, params, true)?;
        Ok(DemoLoad::Loaded(Box::new(loaded)))
    }

    /// Begins to load a world, as a job.
    pub fn start_demo(&self, params: &Params) -> Result<JobRecord> {
        // What would be refused is refused at once.
        World::new(params.clone())?;
        self.holds(&self.demo_dir(), params)?;
        let params = params.clone();
        let spec = JobSpec { kind: "demo", subject: "demo merchant", is_alone: true };
        self.start_job(spec, move |workspace, job| {
            Ok(match workspace.load_demo(&params, job)? {
                DemoLoad::Present => json!({ "loaded": false }),
                DemoLoad::Loaded(_) => json!({ "loaded": true }),
            })
        })
    }

    fn demo_dir(&self) -> PathBuf {
        self.store().store().dir().join(FOLDER).join(self.name())
    }

    /// Whether this world is loaded whole. Anything else that is there is not overwritten.
    fn holds(&self, dir: &Path, params: &Params) -> Result<bool> {
        match fs::read_to_string(dir.join(WORLD)).ok().and_then(|text| serde_json::from_str(&text).ok()) {
            Some(noted) if noted == world_json(params, true) => Ok(true),
            Some(noted) if noted == world_json(params, false) => Ok(false),
            Some::<Value>(_) => Err(occupied("another world")),
            None if self.imports(&Page { limit: 1, ..Page::default() })?.items.is_empty() => Ok(false),
            None => Err(occupied("data of its own")),
        }
    }

    fn import_demo(&self, files: &Exported, dir: &Path, progress: &dyn Progress) -> Result<Loaded> {
        let events = |files: &[PathBuf], source: &str| {
            let (files, sql, source) = (files.to_vec(), EVENTS_SQL.to_owned(), source.to_owned());
            EventImport { files, with: Vec::new(), sql, source }
        };
        let catalog = CatalogImport {
            files: vec![files.catalog.clone()],
            with: Vec::new(),
            sql: CATALOG_SQL.to_owned(),
        };
        let tags = TagImport {
            files: vec![files.tags.clone()],
            with: Vec::new(),
            sql: TAGS_SQL.to_owned(),
            source: SHOP_SYSTEM.to_owned(),
        };
        let catalog = self.import_catalog(&catalog, progress)?;
        let history = self.import_events(&events(&files.history, ORDER_HISTORY), progress)?;
        let events = self.import_events(&events(&files.events, SHOP_SYSTEM), progress)?;
        let tags = self.import_tags(&tags, progress)?;
        progress.stage("recording past pushes");
        let pushes = self.record_past_pushes(&files.pushes)?;
        Ok(Loaded { files: dir.to_owned(), catalog, history, events, tags, pushes })
    }

    fn record_past_pushes(&self, file: &Path) -> Result<u64> {
        let mut recorded = 0;
        for past in past_pushes(file)? {
            recorded += 1;
            if self.push(&past.name).is_ok() {
                continue; // From a load that was broken off.
            }
            let (expression, destination) = meant(&past.name)?;
            self.record_push(&PastPush {
                sent: morning(past.date),
                as_of: past.date.plus(-1),
                destination: destination.to_owned(),
                expression,
                salt: past.name.clone(),
                name: past.name,
                holdout_percent: past.holdout_percent,
                treated: past.treated,
                holdout: past.holdout,
            })?;
        }
        Ok(recorded)
    }

    fn define_demo(&self, world: &World) -> Result<()> {
        let end = world.params().end;
        for (name, description, expression) in audiences(end) {
            self.put_audience(name, &expression, About::described(description))?;
        }
        if self.destination("crm_file").is_err() {
            let file = json!({ "kind": "file", "format": "csv", "identifiers": ["user_id", "phone"] });
            self.create_destination("crm_file", &file, About::described("A CSV file for the CRM"), None)?;
        }
        let (name, frozen) = ("double_11_locked", promotion(end).plus(1));
        if self.snapshot(name).is_err() {
            self.take_snapshot(&Whom::Audience("double_11_exposed_not_bought".to_owned()), frozen, name)?;
        }
        Ok(())
    }
}

/// The promotion of the world's calendar: 38 days before its end.
fn promotion(end: Day) -> Day {
    end.plus(-38)
}

/// Audiences to begin with: name, description, expression.
fn audiences(end: Day) -> [(&'static str, &'static str, Value); 5] {
    let day = promotion(end).to_string();
    let preheat = json!({ "from": promotion(end).plus(-20).to_string(), "to": day });
    let bought_then = json!({ "did": { "behavior": ["purchase"], "within": { "from": day, "to": day } } });
    let did =
        |behavior: &str, days: u32| json!({ "did": { "behavior": [behavior], "within": { "days": days } } });
    let exposed = json!({ "did": { "behavior": ["impression", "click"], "channel": ["ads", "external"], "within": preheat } });
    let feed_ads = json!({ "did": { "behavior": ["impression"], "channel": ["feed_ads"], "within": { "days": 30 }, "count": { "gte": 2 } } });
    let amount = json!({ "did": { "behavior": ["purchase", "refund"], "within": { "days": 365 }, "amount": { "gte": 2000 } } });
    let orders =
        json!({ "did": { "behavior": ["purchase"], "within": { "days": 365 }, "orders": { "gte": 2 } } });
    [
        (
            "double_11_exposed_not_bought",
            "双11预热期间被广告或站外触达、当天未购买 · reached before Double 11, bought nothing that day",
            json!({ "minus": [exposed, bought_then] }),
        ),
        (
            "feed_ads_not_bought",
            "近30天超级推荐曝光至少2次、近365天未购买 · saw feed ads twice, bought nothing",
            json!({ "minus": [feed_ads, did("purchase", 365)] }),
        ),
        (
            "cart_without_order",
            "近15天加购未购买 · put something into the cart and left it there",
            json!({ "minus": [did("add_to_cart", 15), did("purchase", 15)] }),
        ),
        ("high_value", "近365天净消费满2000元 · net spend of at least 2,000 in a year", amount),
        ("loyal", "近365天至少2单 · at least two orders in a year", orders),
    ]
}

/// Whom a past push was meant for, as far as an expression can say (a random share of them was taken), and by what.
fn meant(name: &str) -> Result<(Expr, &'static str)> {
    let orders =
        |op: Value| json!({ "did": { "behavior": ["purchase"], "within": { "days": 365 }, "orders": op } });
    let (expression, destination) = match name {
        "newsletter" => (json!({ "everyone": true }), "e-mail"),
        "winback_sms" => (
            json!({ "minus": [orders(json!({ "gte": 1 })), { "did": { "behavior": ["purchase"], "within": { "days": 30 } } }] }),
            "SMS",
        ),
        "loyal_app_push" => (orders(json!({ "gte": 2 })), "app push"),
        "promo_audience" => (
            json!({ "minus": [{ "did": { "within": { "days": 15 } } }, orders(json!({ "gte": 1 }))] }),
            "merchant audience",
        ),
        _ => (orders(json!({ "gte": 1 })), "app push"),
    };
    Ok((parse_value(&expression)?, destination))
}

/// Ten in the morning in the world's zone, which has no daylight saving.
fn morning(day: Day) -> Micros {
    i64::from(day.0) * DAY_MICROS + 2 * 3_600_000_000
}

fn world_json(params: &Params, loaded: bool) -> Value {
    json!({
        "consumers": params.consumers, "days": params.days, "seed": params.seed, "end": params.end.to_string(),
        "calm": params.calm, "loaded": loaded,
    })
}

fn note(dir: &Path, params: &Params, loaded: bool) -> Result<()> {
    let path = dir.join(WORLD);
    let write = || {
        fs::create_dir_all(dir)?;
        fs::write(&path, world_json(params, loaded).to_string())
    };
    write().map_err(|error| Error::io(path.display(), &error))
}

fn occupied(by: &str) -> Error {
    Error::new(Code::WorkspaceNotEmpty, format!("the workspace holds {by}"))
        .at("--data")
        .help("name another data directory with --data or WEIR_DATA, or another workspace with --workspace")
}

//! Schedules with the clock given. What is written in the meantime is dated by the real one, so given times come after it.

use serde_json::json;
use weir_core::about::About;
use weir_core::time::HOUR_MICROS;
use weir_store::JobState;

use super::*;
use crate::import::{EventImport, TagImport};
use crate::ingest::Form;

const DAY: Micros = 24 * HOUR_MICROS;

/// A workspace, and the loop that looks after it without waiting.
struct Shop {
    folder: tempfile::TempDir,
    app: App,
    memory: Memory,
    start: Micros,
}

impl Shop {
    fn open() -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(&folder.path().join("data")).unwrap();
        app.create_workspace("shop").unwrap();
        let start = jiff::Timestamp::now().as_microsecond();
        let mut shop = Shop { folder, app, memory: Memory::new(), start };
        shop.import("ada", "2024-11-01");
        shop
    }

    fn workspace(&self) -> Workspace {
        self.app.workspace("shop").unwrap()
    }

    /// One look, so long after the start.
    fn look(&mut self, after: Micros) {
        self.app.refresh_where_due(self.start + after, &mut self.memory, &Stop::default()).unwrap();
    }

    /// Looks until nothing happens any more; answers how often each definition was computed.
    fn rest(&mut self, after: Micros) -> Vec<(String, usize)> {
        let before = self.runs();
        let mut looks = 0;
        loop {
            let now = self.runs();
            self.look(after);
            looks += 1;
            assert!(looks < 20, "they wake each other for ever: {:?}", self.runs());
            if self.runs() == now {
                break;
            }
        }
        let since = |(subject, count): (String, usize)| {
            let was = before.iter().find(|(name, _)| *name == subject).map_or(0, |(_, count)| *count);
            (subject, count - was)
        };
        self.runs().into_iter().map(since).filter(|(_, count)| *count > 0).collect()
    }

    /// How often a schedule computed each definition, all of it successfully.
    fn runs(&self) -> Vec<(String, usize)> {
        let mut runs = std::collections::BTreeMap::<String, usize>::new();
        for job in self.workspace().jobs(None, &Page::all()).unwrap().items {
            if job.kind == REFRESH {
                assert_eq!(job.state, JobState::Done, "{}: {:?}", job.subject, job.error);
                *runs.entry(job.subject).or_default() += 1;
            }
        }
        runs.into_iter().collect()
    }

    fn import(&mut self, user: &str, day: &str) {
        let file = self.folder.path().join(format!("{user}.csv"));
        std::fs::write(&file, format!("time,user\n{day} 10:00:00,{user}\n")).unwrap();
        let sql =
            "SELECT \"time\" AS time, \"user\" AS id_user_id, 'purchase' AS behavior FROM input".to_owned();
        let events = EventImport { files: vec![file], with: Vec::new(), sql, source: "shop".to_owned() };
        self.workspace().import_events(&events, &Silent).unwrap();
    }

    fn arrive(&self, user: &str) {
        let event = json!({"events": [{"behavior": "purchase", "time": "2024-11-02T00:00:00Z", "ids": {"user_id": user}}]});
        let sender = self.workspace().sender("live");
        let receipt = sender.take(Form::Native, event.to_string().as_bytes(), || {}).unwrap();
        assert_eq!((receipt.accepted, receipt.rejects.len()), (1, 0), "{receipt:?}");
        // Questions look for what came in at most half a second ago; the background does so at once.
        self.workspace().current().keep_fresh(self.workspace().store()).unwrap();
    }

    fn tag(&self, name: &str, value: Value, schedule: &str) {
        self.workspace().put_tag(name, Some(&value), about(schedule)).unwrap();
    }

    fn audience(&self, name: &str, expression: Value, schedule: &str) {
        self.workspace().put_audience(name, &expression, about(schedule)).unwrap();
    }

    fn track(&self, name: &str, audience: &str, schedule: &str) {
        let track = json!({"audience": audience, "model": "pno", "from": "2024-11-01", "dates": ["2024-11-02"], "report": ["csv"]});
        self.workspace().put_track(name, &track, about(schedule)).unwrap();
    }
}

fn about(schedule: &str) -> About {
    About { refresh: Some(schedule.parse().unwrap()), ..About::default() }
}

fn orders() -> Value {
    json!({"count": {"behavior": ["purchase"]}})
}

fn once(subjects: &[&str]) -> Vec<(String, usize)> {
    subjects.iter().map(|subject| ((*subject).to_owned(), 1)).collect()
}

#[test]
fn what_is_scheduled_runs_when_due_and_catches_up_once() {
    let mut shop = Shop::open();
    shop.tag("orders", orders(), "daily 05:00");
    shop.audience("buyers", json!({"did": {"behavior": ["purchase"]}}), "daily 05:00");
    shop.track("them", "buyers", "daily 05:00");
    shop.audience("hourly", json!({"everyone": true}), "hourly");
    let all = ["audience buyers", "audience hourly", "tag orders", "track them"];
    assert_eq!(shop.rest(0), [], "nothing is due yet");
    // A day later everything is due: once, however often one looks.
    assert_eq!(shop.rest(DAY), once(&all));
    assert_eq!(shop.rest(DAY), []);
    let hourly = |run: &(String, usize)| run.0 == "audience hourly" && run.1 == 1;
    assert!(shop.rest(DAY + HOUR_MICROS).iter().any(hourly));
    // Ten days away: once, not ten times; another process knows no more than what is recorded.
    assert_eq!(shop.rest(11 * DAY), once(&all));
    shop.memory.clear();
    assert_eq!(shop.rest(12 * DAY), once(&all));
    // As of the last whole day, but today where it follows the hours.
    let day = |now| shop.workspace().day_of(shop.start + now).unwrap();
    let latest = |name| shop.workspace().latest_run(name).unwrap().unwrap().as_of;
    assert_eq!((latest("buyers"), latest("hourly")), (day(11 * DAY), day(12 * DAY)));
    let tag = shop.workspace().tag_runs("orders", &Page::all()).unwrap().items;
    assert_eq!(tag[0].run.as_of, day(11 * DAY));
    assert_eq!(shop.workspace().reports("them", &Page::all()).unwrap().items[0].as_of, day(11 * DAY));
}

#[test]
fn what_somebody_asked_for_is_not_what_is_due() {
    let mut shop = Shop::open();
    shop.audience("buyers", json!({"everyone": true}), "daily 05:00");
    shop.workspace().refresh_audience("buyers", &["2024-11-01".parse().unwrap()], &Silent).unwrap();
    assert_eq!(shop.rest(DAY), once(&["audience buyers"]));
    // While somebody computes it, its turn waits.
    let running = shop.workspace().store().begin_job("compute", "audience buyers", true).unwrap();
    assert_eq!(shop.rest(2 * DAY), []);
    shop.workspace().store().end_job(running.number, JobState::Done, &Default::default(), None).unwrap();
    assert_eq!(shop.rest(2 * DAY), once(&["audience buyers"]));
}

#[test]
fn a_track_that_has_not_begun_is_not_looked_at() {
    let mut shop = Shop::open();
    let track = json!({"model": "pno", "from": "2999-01-01", "step": "daily", "report": ["csv"]});
    shop.workspace().put_track("later", &track, about("daily 05:00")).unwrap();
    assert_eq!(shop.rest(DAY), once(&["track later"]));
    assert_eq!(shop.workspace().reports("later", &Page::all()).unwrap().items, []);
}

#[test]
fn continuous_ones_run_when_data_came_in_and_come_to_rest() {
    let mut shop = Shop::open();
    shop.tag("a", orders(), "continuous");
    shop.tag("b", json!({"active_days": {"behavior": ["purchase"]}}), "continuous");
    shop.audience("buyers", json!({"did": {"behavior": ["purchase"]}}), "continuous");
    shop.track("them", "buyers", "continuous");
    let all = ["audience buyers", "tag a", "tag b", "track them"];
    // Neither tag uses the other, and nothing else uses them: each runs once, whatever they state.
    assert_eq!(shop.rest(0), once(&all));
    assert_eq!(shop.rest(1), []);
    shop.import("bob", "2024-11-02");
    assert_eq!(shop.rest(2), once(&all));
    assert_eq!(shop.workspace().latest_run("buyers").unwrap().unwrap().size, 2);
    // An event that is only in the log is data, its way into files is not.
    shop.arrive("cid");
    // Whoever writes first brings the log into files, and the log's end moves with that: it may look once more.
    let runs = shop.rest(3);
    assert!(runs.iter().map(|(name, _)| name.as_str()).eq(all), "{runs:?}");
    assert!(runs.iter().all(|(_, count)| *count <= 2), "{runs:?}");
    assert_eq!(shop.workspace().latest_run("buyers").unwrap().unwrap().size, 3);
    shop.workspace().store().settle().unwrap();
    assert_eq!(shop.rest(4), []);
    // What was taken back is a change, too; so is a new day, since they are as of today.
    let first = shop.workspace().imports(&Page::all()).unwrap().items.pop().unwrap();
    shop.workspace().undo_import(first.id).unwrap();
    assert_eq!(shop.rest(5), once(&all));
    assert_eq!(shop.workspace().latest_run("buyers").unwrap().unwrap().size, 2);
    assert_eq!(shop.rest(DAY), once(&all));
    // Another version asks something else.
    shop.audience("buyers", json!({"everyone": true}), "continuous");
    assert_eq!(shop.rest(DAY + 1), once(&["audience buyers"]));
}

#[test]
fn what_uses_a_tag_follows_it() {
    let mut shop = Shop::open();
    shop.tag("b_orders", orders(), "continuous");
    shop.audience("rich", json!({"tag": {"b_orders": {"gte": 1}}}), "continuous");
    // By name the one that uses comes before the one that is used.
    shop.tag("a_best", json!({"cases": [{"when": {"audience": "rich"}, "is": "best"}]}), "continuous");
    assert_eq!(
        shop.rest(0),
        [("audience rich", 1), ("tag a_best", 2), ("tag b_orders", 1)].map(|(name, n)| (name.to_owned(), n))
    );
    let today = shop.workspace().day_of(shop.start).unwrap();
    let values = shop.workspace().tag_values("a_best", today, &Page::all()).unwrap();
    assert_eq!(values.people, 1);
    // A tag that nobody computes is data.
    let file = shop.folder.path().join("tags.csv");
    std::fs::write(&file, "user,city\nada,york\n").unwrap();
    let sql = "SELECT \"user\" AS id_user_id, \"city\" AS city FROM input".to_owned();
    let tags = TagImport { files: vec![file], with: Vec::new(), sql, source: "crm".to_owned() };
    shop.workspace().import_tags(&tags, &Silent).unwrap();
    assert_eq!(shop.rest(1), once(&["audience rich", "tag a_best", "tag b_orders"]));
}

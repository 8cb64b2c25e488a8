//! `weir expire`: let old events expire, or see what would.

use clap::Args;
use weir_app::Expiry;
use weir_core::Result;
use weir_core::size::Size;
use weir_server::wire;

use crate::clock::today;
use crate::context::Context;
use crate::number::{count, plural};
use crate::table::Grid;

const NOTES: &str = "\
Events expire by whole local dates, those older than the setting retention_days; a server does this by
itself when it starts and whenever a day begins. Import logs keep balancing; people known by nothing
else are gone with their events, and an expired event that is sent again is a duplicate.

Examples:
  weir workspace set retention_days=400
  weir expire --dry-run
  weir expire";

/// Let events expire that are older than the workspace keeps them
#[derive(Debug, Args)]
#[command(after_help = NOTES)]
pub struct Arguments {
    /// Only show what would go
    #[arg(long)]
    dry_run: bool,
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let dry_run = arguments.dry_run;
    let workspace = context.workspace()?;
    let today = today(&workspace)?;
    let expiry = if dry_run { workspace.expiring(today)? } else { workspace.expire(today)? };
    context.answer(&wire::Expiry::new(&expiry, dry_run), || draw(&expiry, dry_run))
}

fn draw(expiry: &Expiry, dry_run: bool) -> String {
    let (Some(days), Some(first)) = (expiry.retention_days, expiry.first_kept) else {
        return "events are kept for ever; to change that: weir workspace set retention_days=…".to_owned();
    };
    let kept = format!("events are kept for {}, from {first} on", plural(u64::from(days), "day"));
    if expiry.days.is_empty() {
        return format!("{kept}; none is older");
    }
    let mut grid = Grid::new(["day", "events", "on disk"], 1);
    let mut row = |name: String, events, bytes| grid.row([name, count(events), Size(bytes).rounded()]);
    for (day, gone) in &expiry.days {
        row(day.to_string(), gone.events, gone.bytes);
    }
    let title = if dry_run { "would go" } else { "gone" };
    row(title.to_owned(), expiry.events(), expiry.bytes());
    format!("{kept}\n\n{}", grid.text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use weir_app::ExpiredDay;
    use weir_core::time::Day;

    #[test]
    fn days_are_listed_with_their_sum() {
        let mut expiry = Expiry::default();
        assert!(draw(&expiry, true).starts_with("events are kept for ever"));
        (expiry.retention_days, expiry.first_kept) = (Some(400), Some(Day(20_000)));
        assert_eq!(draw(&expiry, false), "events are kept for 400 days, from 2024-10-04 on; none is older");
        let day = |events, bytes| ExpiredDay { events, bytes };
        expiry.days = BTreeMap::from([(Day(19_998), day(1_200, 48_000)), (Day(19_999), day(1, 900))]);
        insta::assert_snapshot!(draw(&expiry, true), @r"
        events are kept for 400 days, from 2024-10-04 on

         day          events   on disk
        ───────────────────────────────
         2024-10-02    1,200   48.0 KB
         2024-10-03        1     900 B
         would go      1,201   48.9 KB
        ");
    }
}

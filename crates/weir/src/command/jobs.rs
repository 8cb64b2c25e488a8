//! `weir jobs`: how far long work is, how it ended, and ending it.

use clap::{Args, Subcommand};
use weir_app::{JobRecord, JobState, Page};
use weir_core::Result;
use weir_server::wire::{Items, Job};

use crate::context::Context;
use crate::number::count;
use crate::table::Grid;

/// See how far long work is, and end it
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the jobs, latest first
    List {
        /// Only those at work
        #[arg(long)]
        running: bool,
    },
    /// Show a job
    Show {
        /// Its id, such as j7
        job: String,
    },
    /// Ask a job to end; nothing is left half-done
    Cancel {
        /// Its id, such as j7
        job: String,
    },
}

pub fn run(arguments: &Arguments, context: &Context) -> Result<()> {
    let workspace = context.workspace()?;
    match &arguments.action {
        Action::List { running } => {
            let state = running.then_some(JobState::Running);
            let jobs = workspace.jobs(state, &Page::all())?;
            context.answer(&Items::<Job>::page(&jobs), || draw(&jobs.items))
        }
        Action::Show { job } => tell(&workspace.job(job)?, context),
        Action::Cancel { job } => tell(&workspace.cancel_job(job)?, context),
    }
}

fn tell(job: &JobRecord, context: &Context) -> Result<()> {
    context.answer(&Job::from(job), || draw(std::slice::from_ref(job)))
}

fn draw(jobs: &[JobRecord]) -> String {
    if jobs.is_empty() {
        return "there is no job".to_owned();
    }
    let header = ["job", "what", "on", "state", "stage", "error", "done", "of"].map(str::to_owned);
    let right = [false, false, false, false, false, false, true, true];
    let mut grid = Grid::aligned(&header, right.to_vec());
    for job in jobs {
        let error = job.error.as_ref().and_then(|error| error["message"].as_str()).unwrap_or_default();
        let (id, done, total) = (job.id(), count(job.done), job.total.map(count).unwrap_or_default());
        grid.row([&id, &job.kind, &job.subject, job.state.name(), &job.stage, error, &done, &total]);
    }
    grid.text()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn jobs_are_listed_with_what_became_of_them() {
        let job = |number, state, total, error| JobRecord {
            number,
            kind: "import".to_owned(),
            subject: "events of orders".to_owned(),
            state,
            stage: "reading".to_owned(),
            done: 12_000,
            total,
            started: 0,
            ended: None,
            result: None,
            error,
        };
        let jobs = [
            job(8, JobState::Running, Some(48_000), None),
            job(7, JobState::Failed, None, Some(json!({"message": "the disk is full"}))),
        ];
        insta::assert_snapshot!(draw(&jobs), @r"
         job   what     on                 state     stage     error                done       of
        ──────────────────────────────────────────────────────────────────────────────────────────
         j8    import   events of orders   running   reading                      12,000   48,000
         j7    import   events of orders   failed    reading   the disk is full   12,000
        ");
        assert_eq!(draw(&[]), "there is no job");
    }
}

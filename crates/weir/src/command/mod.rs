//! The commands: one file each.

mod apply;
mod audience;
mod channels;
mod consumer;
mod demo;
mod destination;
mod eval;
mod expiry;
mod export;
mod flow;
mod funnel;
mod identity;
mod import;
mod jobs;
mod lens;
mod list;
mod model;
mod openapi;
mod overlap;
mod password;
mod paths;
mod playbook;
mod portrait;
mod push;
mod pushes;
mod reach;
mod retention;
mod rfm;
mod serve;
mod snapshot;
mod snapshots;
mod source;
mod sql;
mod stage_funnel;
mod states;
mod tag;
mod test;
mod token;
mod track;
mod verify;
mod warning;
mod whom;
mod why;
mod workspace;

use clap::Subcommand;
use weir_core::Result;

use crate::context::Context;

/// What to do
#[derive(Debug, Subcommand)]
pub enum Command {
    Demo(demo::Arguments),
    Workspace(workspace::Arguments),
    Import(import::Arguments),
    Eval(eval::Arguments),
    States(states::Arguments),
    Flow(flow::Arguments),
    Paths(paths::Arguments),
    Model(model::Arguments),
    Track(track::Arguments),
    Funnel(funnel::Arguments),
    StageFunnel(stage_funnel::Arguments),
    Retention(retention::Arguments),
    Rfm(rfm::Arguments),
    Tag(tag::Arguments),
    Portrait(portrait::Arguments),
    Playbook(playbook::Arguments),
    Overlap(overlap::Arguments),
    Reach(reach::Arguments),
    Channels(channels::Arguments),
    Audience(audience::Arguments),
    List(list::Arguments),
    Why(why::Arguments),
    Consumer(consumer::Arguments),
    Identity(identity::Arguments),
    Snapshot(snapshot::Arguments),
    Snapshots(snapshots::Arguments),
    Destination(destination::Arguments),
    Push(push::Arguments),
    Pushes(pushes::Arguments),
    Jobs(jobs::Arguments),
    Apply(apply::Arguments),
    Export(export::Arguments),
    Test(test::Arguments),
    Sql(sql::Arguments),
    Verify(verify::Arguments),
    Expire(expiry::Arguments),
    Source(source::Arguments),
    Token(token::Arguments),
    Password(password::Arguments),
    Serve(serve::Arguments),
    /// Print the OpenAPI document
    #[command(hide = true)]
    Openapi,
}

/// Runs a command.
pub fn run(command: Command, context: &Context) -> Result<()> {
    match command {
        Command::Demo(arguments) => demo::run(&arguments, context),
        Command::Workspace(arguments) => workspace::run(&arguments, context),
        Command::Import(arguments) => import::run(&arguments, context),
        Command::Eval(arguments) => eval::run(&arguments, context),
        Command::States(arguments) => states::run(&arguments, context),
        Command::Flow(arguments) => flow::run(&arguments, context),
        Command::Paths(arguments) => paths::run(&arguments, context),
        Command::Model(arguments) => model::run(&arguments, context),
        Command::Track(arguments) => track::run(&arguments, context),
        Command::StageFunnel(arguments) => stage_funnel::run(&arguments, context),
        Command::Funnel(arguments) => funnel::run(&arguments, context),
        Command::Retention(arguments) => retention::run(&arguments, context),
        Command::Rfm(arguments) => rfm::run(&arguments, context),
        Command::Tag(arguments) => tag::run(&arguments, context),
        Command::Portrait(arguments) => portrait::run(&arguments, context),
        Command::Playbook(arguments) => playbook::run(&arguments, context),
        Command::Overlap(arguments) => overlap::run(&arguments, context),
        Command::Reach(arguments) => reach::run(&arguments, context),
        Command::Channels(arguments) => channels::run(&arguments, context),
        Command::Audience(arguments) => audience::run(&arguments, context),
        Command::List(arguments) => list::run(&arguments, context),
        Command::Why(arguments) => why::run(&arguments, context),
        Command::Consumer(arguments) => consumer::run(&arguments, context),
        Command::Identity(arguments) => identity::run(&arguments, context),
        Command::Snapshot(arguments) => snapshot::run(&arguments, context),
        Command::Snapshots(arguments) => snapshots::run(&arguments, context),
        Command::Destination(arguments) => destination::run(&arguments, context),
        Command::Push(arguments) => push::run(&arguments, context),
        Command::Pushes(arguments) => pushes::run(&arguments, context),
        Command::Jobs(arguments) => jobs::run(&arguments, context),
        Command::Apply(arguments) => apply::run(&arguments, context),
        Command::Export(arguments) => export::run(&arguments, context),
        Command::Test(arguments) => test::run(&arguments, context),
        Command::Sql(arguments) => sql::run(&arguments, context),
        Command::Verify(arguments) => verify::run(&arguments, context),
        Command::Expire(arguments) => expiry::run(&arguments, context),
        Command::Source(arguments) => source::run(&arguments, context),
        Command::Token(arguments) => token::run(&arguments, context),
        Command::Password(arguments) => password::run(&arguments, context),
        Command::Serve(arguments) => serve::run(&arguments, context),
        Command::Openapi => openapi::run(),
    }
}

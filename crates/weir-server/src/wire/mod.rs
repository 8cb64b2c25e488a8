//! What goes over the wire, and out of `weir --json`: one type per answer, made from the answer of weir-app.
//!
//! - Dates are local dates of the workspace, `YYYY-MM-DD`.
//! - Times are instants in UTC, RFC 3339: `2024-11-11T12:00:00Z`.
//! - Money and quantities of single events are exact, so they are texts: `"12.5"`.
//! - Counts are whole numbers. A field that does not apply is left out.
//!
//! Deliberately absent: what requests look like (beside their route) and any decision.

mod about;
mod audience;
mod catalog;
mod channel;
mod definition;
mod destination;
mod error;
mod eval;
mod expiry;
mod expression;
mod flow;
mod funnel;
mod identity;
mod import;
mod ingest;
mod items;
mod job;
mod list;
mod names;
mod overlap;
mod people;
mod push;
mod reach;
mod retention;
mod snapshot;
mod source;
mod space;
mod sql;
mod state_model;
mod states;
mod time;
mod token;
mod verify;
mod why;
mod workspace;

pub use about::About;
pub use audience::{Audience, AudienceGraph, AudienceRun, Difference, Edge, Related};
pub use catalog::CatalogEntry;
pub use channel::{ChannelAudience, ChannelForm, ChannelReach, FormField, FormOption, ReachedChannel};
pub use definition::{Applied, Definitions, Exported};
pub use destination::{Destination, DestinationTest, Disabled, Secret};
pub use error::Problem;
pub use eval::{Estimate, NodeCount, Warning};
pub use expiry::{ExpiredDay, Expiry};
pub use expression::Expression;
pub use flow::Flow;
pub use funnel::{Funnel, FunnelStep};
pub use identity::{Identified, Link, LinkStatement, Linked};
pub use import::Import;
pub use ingest::{Ingest, SourceAge};
pub use items::Items;
pub use job::Job;
pub use list::List;
pub use names::{Channel, Tag};
pub use overlap::{Combination, MoreCombinations, Overlap, OverlapSet};
pub use people::People;
pub use push::{
    Attempt as PushAttempt, Message as PushMessage, Push, PushLedger, Recipient as PushRecipient,
};
pub use reach::{BestChoice, Frequency, LeftOutMedium, Reach, ReachStep};
pub use retention::{Cohort, Retention};
pub use snapshot::Snapshot;
pub use source::{Intake, IntakeCounts, SeenMessage, Source, WriteKey};
pub use space::Space;
pub use sql::Rows;
pub use state_model::{State, StateModel};
pub use states::{StateCounts, States};
pub use token::Token;
pub use verify::{Finding, Verification};
pub use why::{Branch, Consumer, Event, Events, Why};
pub use workspace::{Extent, Identity, Rate, Workspace};

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
mod comparison;
mod consumer;
mod definition;
mod destination;
mod error;
mod eval;
mod example;
mod expiry;
mod expression;
mod feature;
mod flow;
mod funnel;
mod identity;
mod import;
mod ingest;
mod items;
mod job;
mod list;
mod model;
mod names;
mod overlap;
mod password;
mod path;
mod people;
mod playbook;
mod portrait;
mod preview;
mod push;
mod reach;
mod retention;
mod rfm;
mod snapshot;
mod source;
mod space;
mod sql;
mod stage_funnel;
mod state_model;
mod states;
mod tag;
mod time;
mod token;
mod track;
mod verify;
mod why;
mod workspace;

pub use about::About;
pub use audience::{Audience, AudienceGraph, AudienceRun, Difference, Edge, Related};
pub use catalog::CatalogEntry;
pub use channel::{ChannelAudience, ChannelForm, ChannelReach, FormField, FormOption, ReachedChannel};
pub use comparison::{ModelChange, ModelCheck, ModelComparison, ModelDiff, RuleCheck};
pub use consumer::{
    ConsumerActivity, ConsumerAudience, ConsumerChannel, ConsumerDetail, ConsumerEvent, ConsumerIdentifier,
    ConsumerLink, ConsumerPush, ConsumerSpan, ConsumerStates, ConsumerTag, ListedConsumer,
};
pub use definition::{Applied, Definitions, Exported, Plan, Planned};
pub use destination::{Destination, DestinationTest, Disabled, Secret};
pub use error::Problem;
pub use eval::{Estimate, NodeCount, Warning};
pub use example::{Example, ExampleFailure, Examples};
pub use expiry::{ExpiredDay, Expiry};
pub use expression::Expression;
pub use feature::Feature;
pub use flow::Flow;
pub use funnel::{Funnel, FunnelBreakdown, FunnelRow, FunnelStep};
pub use identity::{Identified, Link, LinkStatement, Linked};
pub use import::Import;
pub use ingest::{Ingest, SourceAge};
pub use items::Items;
pub use job::Job;
pub use list::List;
pub use model::Model;
pub use names::Channel;
pub use overlap::{Combination, MoreCombinations, Overlap, OverlapSet};
pub use password::Password;
pub use path::{OtherPaths, Path, Paths};
pub use people::People;
pub use playbook::{
    Playbook, PlaybookAudience, PlaybookMade, PlaybookMedium, PlaybookParameter, PlaybookPreview,
    PlaybookTrack,
};
pub use portrait::{Portrait, PortraitCut, PortraitRow, PortraitSizes};
pub use preview::{ImportPreview, ImportPreviewRow, PreviewColumn};
pub use push::{
    Attempt as PushAttempt, Message as PushMessage, Push, PushLedger, Recipient as PushRecipient,
};
pub use reach::{BestChoice, Frequency, LeftOutMedium, Reach, ReachStep};
pub use retention::{Cohort, Retention};
pub use rfm::{Rfm, RfmCell, RfmClass, RfmMeasure, RfmPeople, RfmSegment};
pub use snapshot::Snapshot;
pub use source::{Intake, IntakeCounts, SeenMessage, Source, WriteKey};
pub use space::Space;
pub use sql::Rows;
pub use stage_funnel::{Stage, StageCount, StageFunnel, StagesAt};
pub use state_model::{State, StateModel};
pub use states::{StateCounts, States};
pub use tag::{
    Tag, TagBin, TagCount, TagCoverage, TagDetail, TagFreshness, TagLineage, TagQuantile, TagRest, TagRun,
    TagSource, TagSpread, TagValues,
};
pub use token::{Token, TokenRecord};
pub use track::{
    Alert, AlertState, ReportFile, ShareDifference, Track, TrackComparison, TrackRefresh, TrackReport,
};
pub use verify::{Finding, Verification};
pub use why::{Branch, Consumer, Event, Events, Why};
pub use workspace::{Extent, Identity, Rate, Workspace};

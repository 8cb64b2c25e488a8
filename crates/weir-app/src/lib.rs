//! Use cases: one function per thing a user can ask for, the same for the command line and for HTTP.
//!
//! An [`App`] is a data directory; a [`Workspace`] one merchant's world in it. Each noun has its file: `import`, `eval`,
//! `snapshot`, `states`, `flow`, `track`, `tag`, `push` and so on. Answers are plain values; how they are written
//! as JSON or drawn as a table is the business of the layers above.
//!
//! Deliberately absent: HTTP, the command line, wire formats.

mod app;
mod audience;
mod catalog;
mod cell;
mod channel;
mod consumer;
mod current;
mod data;
mod definition;
mod deliver;
mod demo;
mod destination;
mod eval;
mod expiry;
mod extent;
mod feature;
mod flow;
mod freshness;
mod funnel;
mod identity;
mod import;
mod ingest;
mod job;
mod lens;
mod list;
mod mappings;
mod overlap;
mod password;
mod path;
mod playbook;
mod portrait;
mod preview;
mod push;
mod queue;
mod reach;
mod refresh;
mod retention;
mod rfm;
mod schedule;
mod session;
mod setting;
mod snapshot;
mod source;
mod space;
mod sql;
mod stage_funnel;
mod state_model;
mod states;
mod tag;
mod token;
mod track;
mod verify;
mod vocabulary;
mod whom;
mod why;

pub use app::{App, Workspace};
pub use audience::{AudienceFilter, AudienceGraph, AudienceRecord, Related};
pub use cell::People;
pub use channel::{ChannelAudience, ChannelForm, ChannelsAnswer};
pub use consumer::{
    Activity, ChannelActivity, ConsumerAnswer, ConsumerEvent, ConsumerEvents, ConsumerRequest,
    ListedConsumer, Membership, SeenIdentifier, StateHistory, StateSpan, StatedTag,
};
pub use definition::{Applied, Change, Definition, DefinitionKind, Example, Failure, Planned, test_folder};
pub use demo::{DemoLoad, Loaded, export_demo};
pub use destination::DestinationRecord;
pub use eval::{Estimate, EvalOptions};
pub use extent::Extent;
pub use feature::FeatureState;
pub use flow::FlowAnswer;
pub use funnel::{Breakdown, FunnelAnswer, FunnelRow, FunnelStep};
pub use identity::{Identity, LinkRecord, LinkState, LinkStatement, Linked};
pub use import::{CatalogImport, EventImport, ImportRequest, ListImport, Progress, Silent, TagImport};
pub use ingest::{
    Credentials, Fate, Form, IngestCounts, Receipt, Seen, Sender, SourceCounts, WorkspaceIngest,
};
pub use job::{Job, JobRecord, JobSpec};
pub use list::List;
pub use overlap::OverlapAnswer;
pub use path::PathsAnswer;
pub use playbook::{PlaybookForm, PlaybookMade, PlaybookPreview, media_of};
pub use portrait::{PortraitAnswer, PortraitCut, PortraitRequest, PortraitRow};
pub use preview::{MOST_PREVIEW_ROWS, PreviewAnswer, PreviewKind, PreviewRequest};
pub use push::{PastPush, PushRequest, Target};
pub use reach::ReachAnswer;
pub use retention::RetentionAnswer;
pub use rfm::{RfmAnswer, RfmGroup, RfmRow, Summary, money};
pub use session::{SESSION_SECONDS, Session};
pub use snapshot::SnapshotRecord;
pub use source::SourceRecord;
pub use sql::{SqlAnswer, Writes};
pub use stage_funnel::{StageCounts, StageFunnelAnswer};
pub use state_model::{ComparisonAnswer, RulesAnswer};
pub use states::StatesAnswer;
pub use tag::{
    Bin, Coverage, Freshness, Lineage, Origin, Spread, TagCount, TagDetail, TagFilter, TagRecord, TagRun,
    TagValues,
};
pub use track::{
    AlertState, ReportRecord, TrackComparison, TrackRecord, TrackReport, TrackReports, report_csv,
    report_html,
};
pub use verify::Finding;
pub use weir_store::TagSource;
pub use whom::Whom;
pub use why::WhyAnswer;

pub use weir_core::diff::Difference;
pub use weir_core::expr::Warning;
pub use weir_core::state_model::Change as ModelChange;
pub use weir_deliver::{Stop, Tested};
pub use weir_demo::Params as DemoParams;
pub use weir_engine::compare::Comparison;
pub use weir_engine::flow::Flow;
pub use weir_engine::interest::Interest;
pub use weir_engine::path::Paths;
pub use weir_engine::retention::Cohort;
pub use weir_engine::rules::RuleCount;
pub use weir_engine::states::Distribution;
pub use weir_engine::why::{Branch, Event as WhyEvent, Evidence};
pub use weir_ingest::{Call, Limits, basic_key, inflate, pixel_key, write_key};
pub use weir_sql::PreviewRow;
pub use weir_store::AlertRecord;
pub use weir_store::JobState;
pub use weir_store::{AttemptRecord, AudienceRun, Disabled, MessageRecord, Push, RecipientRecord};
pub use weir_store::{ExpiredDay, Expiry, Quota, Shortage, Space};
pub use weir_store::{ImportKind, ImportRecord, ImportState, Page, Paged, Settings, Token, Verification};
pub use weir_store::{IngestStatus, Source, Tally};

//! Imports: files in, a balanced ledger out. Each is one transaction of the store.

use std::path::PathBuf;

use serde_json::{Value, json};
use weir_core::ledger::Ledger;
use weir_core::list::Upload;
use weir_core::{Code, Error, Result};
use weir_sql::{ImportSession, Limits, MappingContext};
use weir_store::{Commit, ImportKind, ImportRecord, ImportSpec, Page, Paged};

use crate::app::Workspace;
use crate::job::{JobRecord, JobSpec};

/// Source of catalogue imports: entries belong to the workspace, wherever they came from.
const CATALOG_SOURCE: &str = "catalog";

/// Told how far an import is.
pub trait Progress: Send + Sync {
    /// So many rows have been read.
    fn rows(&self, read: u64);
    /// Another stage has begun: reading, writing, indexing.
    fn stage(&self, name: &str);
    /// Fails once the import is not wanted any more. Asked while nothing is visible yet.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// A progress that tells nobody.
#[derive(Debug, Clone, Copy)]
pub struct Silent;

impl Progress for Silent {
    fn rows(&self, _read: u64) {}
    fn stage(&self, _name: &str) {}
}

/// Events by SQL mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventImport {
    /// Input files, one table together.
    pub files: Vec<PathBuf>,
    /// Side tables to join, each of one or more files.
    pub with: Vec<(String, Vec<PathBuf>)>,
    /// The mapping: `SELECT … FROM input`.
    pub sql: String,
    /// Name of the source; the same event from two sources is two events.
    pub source: String,
}

/// Tags by SQL mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagImport {
    /// Input files, one table together.
    pub files: Vec<PathBuf>,
    /// Side tables to join, each of one or more files.
    pub with: Vec<(String, Vec<PathBuf>)>,
    /// The mapping.
    pub sql: String,
    /// Name of the source.
    pub source: String,
}

/// Catalogue entries by SQL mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogImport {
    /// Input files, one table together.
    pub files: Vec<PathBuf>,
    /// Side tables to join, each of one or more files.
    pub with: Vec<(String, Vec<PathBuf>)>,
    /// The mapping.
    pub sql: String,
}

/// Members of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListImport {
    /// The file.
    pub file: PathBuf,
    /// What it says of itself.
    pub upload: Upload,
}

/// Files to import, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ImportRequest {
    /// Events.
    Events(EventImport),
    /// Tags.
    Tags(TagImport),
    /// Catalogue entries.
    Catalog(CatalogImport),
    /// Members of a list.
    List(ListImport),
}

impl ImportRequest {
    /// What it brings, for whoever looks at its job.
    fn subject(&self) -> String {
        match self {
            ImportRequest::Events(request) => format!("events of {}", request.source),
            ImportRequest::Tags(request) => format!("tags of {}", request.source),
            ImportRequest::Catalog(_) => "catalogue".to_owned(),
            ImportRequest::List(request) => format!("list {}", request.upload.name),
        }
    }
}

impl Workspace {
    /// Imports events.
    pub fn import_events(&self, request: &EventImport, progress: &dyn Progress) -> Result<ImportRecord> {
        self.import_files(&ImportRequest::Events(request.clone()), progress)
    }

    /// Imports tags.
    pub fn import_tags(&self, request: &TagImport, progress: &dyn Progress) -> Result<ImportRecord> {
        self.import_files(&ImportRequest::Tags(request.clone()), progress)
    }

    /// Imports catalogue entries.
    pub fn import_catalog(&self, request: &CatalogImport, progress: &dyn Progress) -> Result<ImportRecord> {
        self.import_files(&ImportRequest::Catalog(request.clone()), progress)
    }

    /// Imports members of a list.
    pub fn import_list(&self, request: &ListImport, progress: &dyn Progress) -> Result<ImportRecord> {
        self.import_files(&ImportRequest::List(request.clone()), progress)
    }

    /// Imports files, as a job that is waited for.
    pub fn import_files(&self, request: &ImportRequest, progress: &dyn Progress) -> Result<ImportRecord> {
        let (subject, mut record) = (request.subject(), None);
        self.run_job(import_job(&subject), progress, |workspace, job| {
            Ok(told(record.insert(workspace.map(request, job)?)))
        })?;
        record.ok_or_else(|| Error::internal("an import is done but has no record"))
    }

    /// Begins to import files, as a job. What is `kept` is let go once it is over.
    pub fn start_import(&self, request: ImportRequest, kept: impl Send + 'static) -> Result<JobRecord> {
        let subject = request.subject();
        self.start_job(import_job(&subject), move |workspace, job| {
            let record = workspace.map(&request, job);
            drop(kept);
            Ok(told(&record?))
        })
    }

    fn map(&self, request: &ImportRequest, progress: &dyn Progress) -> Result<ImportRecord> {
        match request {
            ImportRequest::Events(request) => self.map_events(request, progress),
            ImportRequest::Tags(request) => self.map_tags(request, progress),
            ImportRequest::Catalog(request) => self.map_catalog(request, progress),
            ImportRequest::List(request) => self.map_list(request, progress),
        }
    }

    fn map_events(&self, request: &EventImport, progress: &dyn Progress) -> Result<ImportRecord> {
        progress.stage("looking through the files");
        let session = self.session(&request.files, &request.with)?;
        let plan = weir_sql::plan_events(&session, &request.sql)?;
        let context = self.mapping_context()?;
        let mut commit =
            self.begin(ImportKind::Events, &request.source, &request.files, Some(&request.sql))?;
        progress.stage("importing");
        let mut rows = plan.run(context)?;
        let mut mapped = Ledger::default();
        while let Some(batch) = rows.next_batch(&mut mapped)? {
            commit.events(&batch)?;
            progress.rows(mapped.read);
            progress.check()?;
        }
        commit.note(&mapped);
        progress.check()?;
        self.finish(commit, progress)
    }

    fn map_tags(&self, request: &TagImport, progress: &dyn Progress) -> Result<ImportRecord> {
        progress.stage("looking through the files");
        let session = self.session(&request.files, &request.with)?;
        let plan = weir_sql::plan_tags(&session, &request.sql)?;
        self.refuse_computed(plan.tags().map(|(name, _)| name))?;
        if request.source.starts_with(weir_store::tag::COMPUTED) {
            let message =
                format!("sources that begin with \"{}\" are of computed tags", weir_store::tag::COMPUTED);
            return Err(Error::new(Code::InvalidArgument, message).at("source").help("give it another name"));
        }
        let mut commit = self.begin(ImportKind::Tags, &request.source, &request.files, Some(&request.sql))?;
        progress.stage("importing");
        let mut rows = plan.run()?;
        let mut mapped = Ledger::default();
        while let Some(batch) = rows.next_batch(&mut mapped)? {
            commit.tags(&batch)?;
            progress.rows(mapped.read);
            progress.check()?;
        }
        commit.note(&mapped);
        progress.check()?;
        self.finish(commit, progress)
    }

    fn map_catalog(&self, request: &CatalogImport, progress: &dyn Progress) -> Result<ImportRecord> {
        progress.stage("looking through the files");
        let session = self.session(&request.files, &request.with)?;
        let plan = weir_sql::plan_catalog(&session, &request.sql)?;
        let mut commit =
            self.begin(ImportKind::Catalog, CATALOG_SOURCE, &request.files, Some(&request.sql))?;
        let mut mapped = Ledger::default();
        commit.catalog(plan.run(&mut mapped)?)?;
        commit.note(&mapped);
        progress.check()?;
        self.finish(commit, progress)
    }

    fn map_list(&self, request: &ListImport, progress: &dyn Progress) -> Result<ImportRecord> {
        let mut rows = weir_sql::list_rows(&request.file, &request.upload.kind, &Limits::default())?;
        let files = std::slice::from_ref(&request.file);
        let mut commit = self.begin(ImportKind::List, &request.upload.name, files, None)?;
        commit.describe_list(request.upload.clone())?;
        progress.stage("importing");
        let mut mapped = Ledger::default();
        while let Some(batch) = rows.next_batch(&mut mapped)? {
            commit.list(&request.upload.name, &batch)?;
            progress.rows(mapped.read);
            progress.check()?;
        }
        commit.note(&mapped);
        progress.check()?;
        self.finish(commit, progress)
    }

    pub(crate) fn session(
        &self,
        files: &[PathBuf],
        with: &[(String, Vec<PathBuf>)],
    ) -> Result<ImportSession> {
        ImportSession::open(files, with, &self.settings()?.zone, &Limits::default())
    }

    pub(crate) fn mapping_context(&self) -> Result<MappingContext> {
        let settings = self.settings()?;
        let data = self.data()?;
        Ok(MappingContext {
            currency: settings.currency,
            rates: settings.rates,
            channels: data.catalog().channel_tree(),
            known_behaviors: Vec::new(),
        })
    }

    fn begin(&self, kind: ImportKind, source: &str, files: &[PathBuf], sql: Option<&str>) -> Result<Commit> {
        let files = files.iter().map(|file| file.display().to_string()).collect();
        self.store().begin(ImportSpec {
            kind,
            source: source.to_owned(),
            files,
            mapping: sql.map(str::to_owned),
        })
    }

    /// Makes the import visible and brings the index up to date. Should the process die in between, the next question
    /// finds the index behind and does the same.
    fn finish(&self, commit: Commit, progress: &dyn Progress) -> Result<ImportRecord> {
        progress.stage("writing");
        let record = commit.finish()?;
        progress.stage("indexing");
        self.warm()?;
        Ok(record)
    }

    /// Imports, latest first.
    pub fn imports(&self, page: &Page) -> Result<Paged<ImportRecord>> {
        self.store().imports(page)
    }

    /// One import.
    pub fn import(&self, id: u32) -> Result<ImportRecord> {
        self.store().import(id)
    }

    /// Takes one import back.
    pub fn undo_import(&self, id: u32) -> Result<ImportRecord> {
        self.store().undo(id)
    }
}

/// Imports of one source may wait for each other, so none is refused.
fn import_job(subject: &str) -> JobSpec<'_> {
    JobSpec { kind: "import", subject, is_alone: false }
}

fn told(record: &ImportRecord) -> Value {
    json!({"import": record.id})
}

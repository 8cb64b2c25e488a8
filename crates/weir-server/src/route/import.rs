//! Imports: files in, a ledger out. An import is done when it is answered.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use utoipa::ToSchema;
use weir_app::{
    CatalogImport, EventImport, ImportKind, ImportRequest, ListImport, PreviewKind, PreviewRequest, Silent,
    TagImport,
};
use weir_core::error::suggestion;
use weir_core::list::{Owner, Upload as ListUpload};
use weir_core::{Code, Error, Result};

use crate::auth::Tenant;
use crate::blocking::blocking;
use crate::error::{Answer, Reply};
use crate::listing::Listing;
use crate::openapi::Failures;
use crate::server::Shared;
use crate::upload::Upload;
use crate::wire::{Import, ImportPreview, Items, Job, Problem};

/// Name of the source where none is given, the same as on the command line.
const DEFAULT_SOURCE: &str = "files";

/// Rows shown one by one where nothing is said.
const DEFAULT_PREVIEW_ROWS: usize = 200;

/// What a form looks like; it is read part by part, see [`request`].
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used")]
pub(crate) struct ImportForm {
    /// The file: CSV, JSON lines or Parquet, plain or .gz or .zst, told by its name. Several are one table together.
    /// Side tables to join come as parts named `with.NAME`.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// `events`, `tags`, `catalog` or `list`.
    #[schema(example = "events")]
    kind: String,
    /// The mapping, `SELECT … FROM input`; not for a list.
    sql: Option<String>,
    /// Of events and tags: where they come from; `files` unless given.
    source: Option<String>,
    /// Of a list: its name.
    name: Option<String>,
    /// Of a list: kind of its identifiers, such as `user_id`.
    identifier_kind: Option<String>,
    /// Of a list: how its identifiers are hashed, `sha256` or `md5`; plain unless given.
    hashed: Option<String>,
    /// Of a list: whose people they are, `own` or `partner`; own unless a partner is named.
    owner: Option<String>,
    /// Of a list: name of the partner.
    partner: Option<String>,
    /// Of a list: `add` to what is on it, which is usual, or `replace` it.
    mode: Option<String>,
    /// `true`: answer at once with the job that imports, instead of when it is done.
    background: Option<bool>,
}

/// Imports, latest first
#[utoipa::path(get, path = "/imports", operation_id = "list_imports", tag = "imports", params(Listing),
    responses((status = 200, description = "A page.", body = Items<Import>), Failures))]
pub(crate) async fn list(Tenant(workspace): Tenant, listing: Listing) -> Answer<Items<Import>> {
    let page = listing.page()?;
    let imports = blocking(move || workspace.imports(&page)).await?;
    Ok(Json(Items::page(&imports)))
}

/// Imports files
#[utoipa::path(post, path = "/imports", operation_id = "create_import", tag = "imports",
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Imported; the ledger balances.", body = Import),
        (status = 202, description = "Begun; its result names the import.", body = Job),
        (status = 413, description = "The files are larger than this server takes.", body = Problem), Failures))]
pub(crate) async fn create(
    State(server): State<Shared>,
    Tenant(workspace): Tenant,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Reply<Response> {
    let form = form.map_err(|_| not_a_form())?;
    let mut upload = server.uploads().receive(form).await?;
    let is_background = is_background(&mut upload)?;
    let request = request(&mut upload)?;
    if is_background {
        let job = blocking(move || workspace.start_import(request, upload)).await?;
        return Ok((StatusCode::ACCEPTED, Json(Job::from(&job))).into_response());
    }
    let record = blocking(move || {
        let record = workspace.import_files(&request, &Silent);
        // The files are gone before the answer is there.
        drop(upload);
        record
    });
    Ok((StatusCode::CREATED, Json(Import::from(&record.await?))).into_response())
}

/// What a preview's form looks like, see [`preview_request`].
#[derive(ToSchema)]
#[allow(dead_code, reason = "only its schema is used")]
pub(crate) struct ImportPreviewForm {
    /// The file, as for an import; its beginning will do.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// `events` or `tags`.
    #[schema(example = "events")]
    kind: String,
    /// The mapping, `SELECT … FROM input`; without it only the file's own rows are shown.
    sql: Option<String>,
    /// How many rows to show one by one, 200 unless given, at most 1,000.
    #[schema(example = 200)]
    rows: Option<usize>,
}

/// What an import would do; nothing is written
#[utoipa::path(post, path = "/imports/preview", operation_id = "preview_import", tag = "imports",
    request_body(content = ImportPreviewForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "First rows, what becomes of them, and counts of all.", body = ImportPreview),
        (status = 413, description = "The files are larger than this server takes.", body = Problem), Failures))]
pub(crate) async fn preview(
    State(server): State<Shared>,
    Tenant(workspace): Tenant,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Answer<ImportPreview> {
    let form = form.map_err(|_| not_a_form())?;
    let mut upload = server.uploads().receive(form).await?;
    let request = preview_request(&mut upload)?;
    let answer = blocking(move || {
        let answer = workspace.preview_import(&request);
        drop(upload);
        answer
    });
    Ok(Json(answer.await?.into()))
}

/// An import
#[utoipa::path(get, path = "/imports/{id}", operation_id = "get_import",
    tag = "imports", params(("id" = u32, description = "Its number.")),
    responses((status = 200, description = "The import.", body = Import), Failures))]
pub(crate) async fn get(Tenant(workspace): Tenant, Path(id): Path<String>) -> Answer<Import> {
    let id = number(&id)?;
    let import = blocking(move || workspace.import(id)).await?;
    Ok(Json((&import).into()))
}

/// Takes an import back
#[utoipa::path(delete, path = "/imports/{id}", operation_id = "undo_import",
    tag = "imports", params(("id" = u32, description = "Its number.")),
    responses((status = 200, description = "Taken back; its record stays.", body = Import), Failures))]
pub(crate) async fn undo(Tenant(workspace): Tenant, Path(id): Path<String>) -> Answer<Import> {
    let id = number(&id)?;
    let import = blocking(move || workspace.undo_import(id)).await?;
    Ok(Json((&import).into()))
}

/// What is not a number is no import's either.
fn number(id: &str) -> Result<u32> {
    id.parse().map_err(|_| Error::new(Code::UnknownImport, format!("there is no import \"{id}\"")))
}

fn not_a_form() -> Error {
    Error::new(Code::InvalidArgument, "files come as multipart/form-data")
        .at("content-type")
        .help("for example: curl -F kind=events -F file=@orders.csv -F sql=@orders.sql …")
}

/// The import that a form asks for.
fn request(upload: &mut Upload) -> Result<ImportRequest> {
    let kind = kind(&take(&mut upload.texts, "kind")?)?;
    if upload.files.is_empty() {
        return Err(Error::new(Code::InvalidArgument, "there is no file in the form").at("file"));
    }
    let request = match kind {
        ImportKind::Events => ImportRequest::Events(events(upload)?),
        ImportKind::Tags => ImportRequest::Tags(tags(upload)?),
        ImportKind::Catalog => ImportRequest::Catalog(catalog(upload)?),
        ImportKind::List => ImportRequest::List(list_of(upload)?),
        ImportKind::Stream => return Err(unknown_kind(kind.name())),
    };
    nothing_else(upload, &format!("an import of {}", kind.name()))?;
    Ok(request)
}

fn preview_request(upload: &mut Upload) -> Result<PreviewRequest> {
    let kind = match take(&mut upload.texts, "kind")?.as_str() {
        "events" => PreviewKind::Events,
        "tags" => PreviewKind::Tags,
        other => {
            let message = format!("there is no preview of \"{other}\"");
            return Err(Error::new(Code::InvalidArgument, message).at("kind").help("kinds are events, tags"));
        }
    };
    if upload.files.is_empty() {
        return Err(Error::new(Code::InvalidArgument, "there is no file in the form").at("file"));
    }
    let rows = upload.texts.remove("rows").map_or(Ok(DEFAULT_PREVIEW_ROWS), |text| whole(&text))?;
    let request = PreviewRequest {
        kind,
        files: upload.files.clone(),
        with: upload.side_tables(),
        sql: upload.texts.remove("sql"),
        rows,
    };
    nothing_else(upload, "a preview")?;
    Ok(request)
}

fn whole(text: &str) -> Result<usize> {
    text.parse().map_err(|_| Error::new(Code::InvalidArgument, format!("\"{text}\" is no number")).at("rows"))
}

fn nothing_else(upload: &Upload, what: &str) -> Result<()> {
    match upload.texts.keys().next() {
        None => Ok(()),
        Some(other) => {
            Err(Error::new(Code::InvalidArgument, format!("{what} has no part \"{other}\"")).at(other))
        }
    }
}

fn kind(name: &str) -> Result<ImportKind> {
    ImportKind::named(name).ok_or_else(|| unknown_kind(name))
}

fn unknown_kind(name: &str) -> Error {
    let names = ImportKind::ALL.map(|(name, _)| name);
    let help = suggestion(name, names).unwrap_or_else(|| format!("kinds are {}", names.join(", ")));
    Error::new(Code::InvalidArgument, format!("there is no kind of import \"{name}\"")).at("kind").help(help)
}

fn events(upload: &mut Upload) -> Result<EventImport> {
    let sql = take(&mut upload.texts, "sql")?;
    let source = upload.texts.remove("source").unwrap_or_else(|| DEFAULT_SOURCE.to_owned());
    Ok(EventImport { files: upload.files.clone(), with: upload.side_tables(), sql, source })
}

fn tags(upload: &mut Upload) -> Result<TagImport> {
    let EventImport { files, with, sql, source } = events(upload)?;
    Ok(TagImport { files, with, sql, source })
}

fn catalog(upload: &mut Upload) -> Result<CatalogImport> {
    let sql = take(&mut upload.texts, "sql")?;
    Ok(CatalogImport { files: upload.files.clone(), with: upload.side_tables(), sql })
}

fn list_of(upload: &mut Upload) -> Result<ListImport> {
    let [file] = upload.files.as_slice() else {
        return Err(Error::new(Code::InvalidArgument, "a list is one file").at("file"));
    };
    let file = file.clone();
    let name = take(&mut upload.texts, "name")?;
    let kind = take(&mut upload.texts, "identifier_kind")?;
    let texts = &mut upload.texts;
    let hashing = texts.remove("hashed").map(|text| text.parse()).transpose()?;
    let (owner, partner) = (texts.remove("owner"), texts.remove("partner"));
    let owner = Owner::of(owner.as_deref(), partner.as_deref())?;
    let mode = texts.remove("mode").map(|text| text.parse()).transpose()?.unwrap_or_default();
    Ok(ListImport { file, upload: ListUpload { name, kind, hashing, owner, mode } })
}

fn is_background(upload: &mut Upload) -> Result<bool> {
    match upload.texts.remove("background").as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => {
            let message = format!("background is true or false, not \"{other}\"");
            Err(Error::new(Code::InvalidArgument, message).at("background"))
        }
    }
}

fn take(texts: &mut BTreeMap<String, String>, name: &str) -> Result<String> {
    texts
        .remove(name)
        .ok_or_else(|| Error::new(Code::InvalidArgument, format!("the form needs \"{name}\"")).at(name))
}

//! Definitions: audiences, state models, destinations, tags and tracks, named, every version kept.
//!
//! A body is JSON that the store does not look into. A new kind of definition is one line of [`DefinitionKind`].

use rusqlite::{Connection, Row, params};
use serde_json::{Map, Value};
use weir_core::about::About;
use weir_core::error::suggestion;
use weir_core::time::Micros;
use weir_core::{Code, Error, Result};

use crate::audience::forget_members;
use crate::clock;
use crate::fault::Fault;
use crate::manifest::{FileKind, remove_orphans};
use crate::page::{Page, Paged};
use crate::workspace::Workspace;

/// Most letters of a name.
const LONGEST_NAME: usize = 200;

/// What is defined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DefinitionKind {
    /// An expression under a name.
    Audience,
    /// Ordered rules under a name.
    StateModel,
    /// Where people are pushed.
    Destination,
    /// What a tag is about, and how it is computed if it is.
    Tag,
    /// People followed under a state model.
    Track,
}

impl DefinitionKind {
    /// The kind's name.
    pub fn name(self) -> &'static str {
        match self {
            DefinitionKind::Audience => "audience",
            DefinitionKind::StateModel => "state_model",
            DefinitionKind::Destination => "destination",
            DefinitionKind::Tag => "tag",
            DefinitionKind::Track => "track",
        }
    }

    fn words(self) -> &'static str {
        match self {
            DefinitionKind::Audience => "audience",
            DefinitionKind::StateModel => "state model",
            DefinitionKind::Destination => "destination",
            DefinitionKind::Tag => "tag",
            DefinitionKind::Track => "track",
        }
    }

    fn unknown(self) -> Code {
        match self {
            DefinitionKind::Audience => Code::UnknownAudience,
            DefinitionKind::StateModel => Code::UnknownModel,
            DefinitionKind::Destination => Code::UnknownDestination,
            DefinitionKind::Tag => Code::UnknownTag,
            DefinitionKind::Track => Code::UnknownTrack,
        }
    }
}

/// One version of a definition.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// Its number, the same for all versions.
    pub id: i64,
    /// What it defines.
    pub kind: DefinitionKind,
    /// Its name, unique within the workspace and kind.
    pub name: String,
    /// From 1 upwards.
    pub version: u32,
    /// The JSON form of what is defined.
    pub body: Value,
    /// What is said about it.
    pub about: About,
    /// When the first version was made.
    pub created: Micros,
    /// When this version was made.
    pub updated: Micros,
}

/// What is to be defined.
#[derive(Debug, Clone, PartialEq)]
pub struct PutDefinition {
    /// What it defines.
    pub kind: DefinitionKind,
    /// Its name.
    pub name: String,
    /// The JSON form of what is defined.
    pub body: Value,
    /// What is said about it.
    pub about: About,
}

const SELECT: &str = "SELECT d.id, d.name, v.version, v.body, v.description, v.about, d.created, v.created
    FROM definition d JOIN definition_version v ON v.definition = d.id
    WHERE d.workspace = ?1 AND d.kind = ?2";

const LATEST: &str = "v.version = (SELECT max(version) FROM definition_version WHERE definition = d.id)";

impl Workspace {
    /// Defines something new; the name must be free.
    pub fn create_definition(
        &self,
        kind: DefinitionKind,
        name: &str,
        body: &Value,
        about: &About,
    ) -> Result<Definition> {
        check_name(kind, name)?;
        self.database().write(|db| {
            if latest(db, self.id(), kind, name)?.is_some() {
                let message = format!("the {} \"{name}\" exists already", kind.words());
                return Err(
                    Error::new(Code::NameTaken, message).help("change that one, or choose another name")
                );
            }
            insert(db, self.id(), kind, name)?;
            add_version(db, self.id(), kind, name, body, about)
        })
    }

    /// Defines all of these in one transaction: each as a new version where its name is taken; what is already so
    /// stays as it is.
    pub fn put_definitions(&self, new: &[PutDefinition]) -> Result<Vec<Definition>> {
        for PutDefinition { kind, name, .. } in new {
            check_name(*kind, name)?;
        }
        self.database().write(|db| new.iter().map(|definition| put(db, self.id(), definition)).collect())
    }

    /// The latest version under a name.
    pub fn definition(&self, kind: DefinitionKind, name: &str) -> Result<Definition> {
        self.database().read(|db| match latest(db, self.id(), kind, name)? {
            Some(found) => Ok(found),
            None => Err(unknown(db, self.id(), kind, name)?),
        })
    }

    /// Every version under a name, latest first.
    pub fn definition_versions(
        &self,
        kind: DefinitionKind,
        name: &str,
        page: &Page,
    ) -> Result<Paged<Definition>> {
        let sql = format!("{SELECT} AND d.name = ?3 AND v.version < ?4 ORDER BY v.version DESC LIMIT ?5");
        let before = page.after_number()?.unwrap_or(i64::MAX);
        self.database().read(|db| {
            if latest(db, self.id(), kind, name)?.is_none() {
                return Err(unknown(db, self.id(), kind, name)?);
            }
            let values = params![self.id(), kind.name(), name, before, page.fetch()];
            let found = list(db, &sql, values, kind)?;
            Ok(Paged::of(found, page, |definition| definition.version.to_string()))
        })
    }

    /// One version under a name.
    pub fn definition_version(&self, kind: DefinitionKind, name: &str, version: u32) -> Result<Definition> {
        let sql = format!("{SELECT} AND d.name = ?3 AND v.version = ?4");
        self.database().read(|db| {
            match list(db, &sql, params![self.id(), kind.name(), name, version], kind)?.pop() {
                Some(found) => Ok(found),
                None if latest(db, self.id(), kind, name)?.is_none() => {
                    Err(unknown(db, self.id(), kind, name)?)
                }
                None => {
                    let message = format!("the {} \"{name}\" has no version {version}", kind.words());
                    Err(Error::new(kind.unknown(), message))
                }
            }
        })
    }

    /// The latest version of every definition of a kind, by name.
    pub fn definitions(&self, kind: DefinitionKind, page: &Page) -> Result<Paged<Definition>> {
        let sql = format!("{SELECT} AND {LATEST} AND d.name > ?3 ORDER BY d.name LIMIT ?4");
        let after = page.after.as_deref().unwrap_or_default();
        self.database().read(|db| {
            let found = list(db, &sql, params![self.id(), kind.name(), after, page.fetch()], kind)?;
            Ok(Paged::of(found, page, |definition| definition.name.clone()))
        })
    }

    /// Removes a definition with all its versions. Whether something still refers to it is for the caller to know.
    pub fn remove_definition(&self, kind: DefinitionKind, name: &str) -> Result<()> {
        let sql = "DELETE FROM definition WHERE workspace = ? AND kind = ? AND name = ?";
        self.database().write(|db| {
            if let Some(found) = latest(db, self.id(), kind, name)? {
                forget_members(db, self.id(), found.id)?;
            }
            let removed = db.execute(sql, params![self.id(), kind.name(), name]).fault()?;
            if removed == 0 { Err(unknown(db, self.id(), kind, name)?) } else { Ok(()) }
        })?;
        match kind {
            DefinitionKind::Audience => {
                self.database().write(|db| remove_orphans(db, self.id(), &self.dir(), &[FileKind::Members]))
            }
            _ => Ok(()),
        }
    }
}

fn put(db: &Connection, workspace: i64, new: &PutDefinition) -> Result<Definition> {
    let PutDefinition { kind, name, body, about } = new;
    match latest(db, workspace, *kind, name)? {
        Some(now) if now.body == *body && now.about == *about => Ok(now),
        Some(_) => add_version(db, workspace, *kind, name, body, about),
        None => {
            insert(db, workspace, *kind, name)?;
            add_version(db, workspace, *kind, name, body, about)
        }
    }
}

fn check_name(kind: DefinitionKind, name: &str) -> Result<()> {
    let plain = !name.chars().any(char::is_control) && name.trim() == name;
    if plain && (1..=LONGEST_NAME).contains(&name.chars().count()) {
        return Ok(());
    }
    let message = format!("{name:?} cannot be the name of this {}", kind.words());
    Err(Error::new(Code::InvalidDefinition, message)
        .at("/name")
        .help("use up to 200 letters, digits and signs"))
}

fn latest(db: &Connection, workspace: i64, kind: DefinitionKind, name: &str) -> Result<Option<Definition>> {
    let sql = format!("{SELECT} AND {LATEST} AND d.name = ?3");
    Ok(list(db, &sql, params![workspace, kind.name(), name], kind)?.pop())
}

fn list(
    db: &Connection,
    sql: &str,
    values: impl rusqlite::Params,
    kind: DefinitionKind,
) -> Result<Vec<Definition>> {
    let mut query = db.prepare(sql).fault()?;
    let mut rows = query.query(values).fault()?;
    let mut found = Vec::new();
    while let Some(row) = rows.next().fault()? {
        found.push(definition(row, kind)?);
    }
    Ok(found)
}

fn definition(row: &Row, kind: DefinitionKind) -> Result<Definition> {
    let (name, body): (String, String) = (row.get(1).fault()?, row.get(3).fault()?);
    let damaged = |()| Error::internal(format!("weir.db: the {} \"{name}\" is not JSON", kind.words()));
    Ok(Definition {
        id: row.get(0).fault()?,
        kind,
        version: row.get(2).fault()?,
        body: serde_json::from_str(&body).map_err(|_| damaged(()))?,
        about: about(row).map_err(|_| damaged(()))?,
        created: row.get(6).fault()?,
        updated: row.get(7).fault()?,
        name,
    })
}

/// The description has a column of its own, from before there was more to say.
fn about_columns(about: &About) -> (Option<String>, Option<String>) {
    let rest = About { description: None, ..about.clone() }.to_object();
    let rest = (!rest.is_empty()).then(|| Value::Object(rest).to_string());
    (about.description.clone(), rest)
}

fn about(row: &Row) -> Result<About> {
    let (description, rest): (Option<String>, Option<String>) = (row.get(4).fault()?, row.get(5).fault()?);
    let rest: Map<String, Value> = match &rest {
        Some(text) => serde_json::from_str(text).map_err(|error| Error::internal(error.to_string()))?,
        None => Map::new(),
    };
    Ok(About { description, ..About::from_object(&rest)? })
}

fn insert(db: &Connection, workspace: i64, kind: DefinitionKind, name: &str) -> Result<()> {
    let sql = "INSERT INTO definition (workspace, kind, name, created) VALUES (?, ?, ?, ?)";
    db.execute(sql, params![workspace, kind.name(), name, clock::now()]).fault()?;
    Ok(())
}

fn add_version(
    db: &Connection,
    workspace: i64,
    kind: DefinitionKind,
    name: &str,
    body: &Value,
    about: &About,
) -> Result<Definition> {
    let sql = "INSERT INTO definition_version (definition, version, body, description, about, created)
               SELECT id, (SELECT coalesce(max(version), 0) + 1 FROM definition_version WHERE definition = id), ?, ?, ?, ?
               FROM definition WHERE workspace = ? AND kind = ? AND name = ?";
    let (description, about) = about_columns(about);
    let values = params![body.to_string(), description, about, clock::now(), workspace, kind.name(), name];
    db.execute(sql, values).fault()?;
    let added = latest(db, workspace, kind, name)?;
    added.ok_or_else(|| Error::internal(format!("the {} \"{name}\" was not stored", kind.words())))
}

fn unknown(db: &Connection, workspace: i64, kind: DefinitionKind, name: &str) -> Result<Error> {
    let sql = "SELECT name FROM definition WHERE workspace = ? AND kind = ?";
    let mut query = db.prepare(sql).fault()?;
    let names = query.query_map(params![workspace, kind.name()], |row| row.get(0)).fault()?;
    let known: Vec<String> = names.collect::<rusqlite::Result<_>>().fault()?;
    let error = Error::new(kind.unknown(), format!("there is no {} \"{name}\"", kind.words()));
    Ok(match suggestion(name, known.iter().map(String::as_str)) {
        Some(help) => error.help(help),
        None => error,
    })
}

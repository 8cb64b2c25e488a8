//! A data directory, its workspaces, and what questions look at: a view of one generation.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use weir_core::Result;
use weir_deliver::Guard;
use weir_store::{Names, Store};

use crate::data::Data;
use crate::ingest::Intake;
use crate::vocabulary::WorkspaceNames;

/// A data directory.
pub struct App {
    store: Store,
    cache: Cache,
    intake: Arc<Intake>,
    guard: Guard,
}

/// The latest data of each workspace.
type Cache = Arc<Mutex<HashMap<String, Arc<Data>>>>;

/// One merchant's world.
#[derive(Clone)]
pub struct Workspace {
    store: weir_store::Workspace,
    cache: Cache,
    intake: Arc<Intake>,
    guard: Guard,
}

impl App {
    /// Opens a data directory, created if need be.
    pub fn open(dir: &Path) -> Result<App> {
        Ok(App {
            store: Store::open(dir)?,
            cache: Cache::default(),
            intake: Arc::default(),
            guard: Guard::default(),
        })
    }

    /// The same data directory, and webhooks may also lead into these networks: `127.0.0.0/8,10.1.2.3`. The list is the
    /// operator's to give.
    pub fn allow_networks(self, networks: &str) -> Result<App> {
        Ok(App { guard: Guard::new(networks)?, ..self })
    }

    /// A workspace by name.
    pub fn workspace(&self, name: &str) -> Result<Workspace> {
        Ok(self.wrap(self.store.workspace(name)?))
    }

    /// A workspace by name, created if need be.
    pub fn create_workspace(&self, name: &str) -> Result<Workspace> {
        Ok(self.wrap(self.store.create_workspace(name)?))
    }

    /// Names of all workspaces.
    pub fn workspaces(&self) -> Result<Vec<String>> {
        self.store.workspaces()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    pub(crate) fn intake(&self) -> &Arc<Intake> {
        &self.intake
    }

    fn wrap(&self, store: weir_store::Workspace) -> Workspace {
        let (cache, intake, guard) = (self.cache.clone(), self.intake.clone(), self.guard.clone());
        Workspace { store, cache, intake, guard }
    }
}

impl Workspace {
    /// Its name.
    pub fn name(&self) -> &str {
        self.store.name()
    }

    /// Opens the index, or builds it, so that the first question is quick.
    pub fn warm(&self) -> Result<()> {
        self.data().map(|_| ())
    }

    /// Builds the index anew from the event table.
    pub fn rebuild(&self) -> Result<()> {
        self.cached().remove(self.name());
        self.store.view()?.rebuild_index().map(|_| ())
    }

    /// What may be connected to.
    pub(crate) fn guard(&self) -> &Guard {
        &self.guard
    }

    pub(crate) fn store(&self) -> &weir_store::Workspace {
        &self.store
    }

    /// What all requests that bring something share.
    pub(crate) fn intake(&self) -> &Arc<Intake> {
        &self.intake
    }

    /// What questions look at now.
    pub(crate) fn view(&self) -> Result<View> {
        let data = self.data()?;
        Ok(View { names: WorkspaceNames::new(self.store.clone(), data.clone()), data })
    }

    /// The data of the present generation; kept until the data changes.
    pub(crate) fn data(&self) -> Result<Arc<Data>> {
        let generation = self.store.generation()?;
        if let Some(data) = self.cached().get(self.name()).filter(|data| data.generation() == generation) {
            return Ok(data.clone());
        }
        let data = Arc::new(Data::open(&self.store)?);
        self.cached().insert(self.name().to_owned(), data.clone());
        Ok(data)
    }

    fn cached(&self) -> MutexGuard<'_, HashMap<String, Arc<Data>>> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The data of one generation, and the names that expressions may use now.
pub(crate) struct View {
    pub data: Arc<Data>,
    pub names: WorkspaceNames,
}

impl View {
    /// What the engine looks at.
    pub fn world(&self) -> &weir_engine::world::World {
        self.data.world()
    }

    /// Kinds and values of all nodes, with a search.
    pub fn identifiers(&self) -> Result<Arc<Names>> {
        self.data.identifiers()
    }
}

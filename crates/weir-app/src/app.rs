//! A data directory, its workspaces, and what questions look at: a view of one generation.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use weir_core::Result;
use weir_deliver::Guard;
use weir_engine::interest::Interest;
use weir_engine::world::World;
use weir_store::{Names, Store};

use crate::current::Current;
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

/// The present data of each workspace that was asked for.
type Cache = Arc<Mutex<HashMap<String, Arc<Current>>>>;

/// One merchant's world.
#[derive(Clone)]
pub struct Workspace {
    store: weir_store::Workspace,
    current: Arc<Current>,
    intake: Arc<Intake>,
    guard: Guard,
    interest: Interest,
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

    /// The workspaces whose data is in memory.
    pub(crate) fn asked_for(&self) -> Vec<Workspace> {
        let names: Vec<String> =
            self.cached().iter().filter(|(_, c)| c.is_open()).map(|(n, _)| n.clone()).collect();
        names.iter().filter_map(|name| self.workspace(name).ok()).collect()
    }

    pub(crate) fn intake(&self) -> &Arc<Intake> {
        &self.intake
    }

    fn wrap(&self, store: weir_store::Workspace) -> Workspace {
        let current = self.current(&store);
        let (intake, guard, interest) = (self.intake.clone(), self.guard.clone(), Interest::default());
        Workspace { store, current, intake, guard, interest }
    }

    /// The present data of a workspace.
    pub(crate) fn current(&self, store: &weir_store::Workspace) -> Arc<Current> {
        self.cached().entry(store.name().to_owned()).or_default().clone()
    }

    fn cached(&self) -> MutexGuard<'_, HashMap<String, Arc<Current>>> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Workspace {
    /// Its name.
    pub fn name(&self) -> &str {
        self.store.name()
    }

    /// The same workspace for a question that is given up once nobody waits for its answer.
    pub fn while_wanted(self, interest: Interest) -> Workspace {
        Workspace { interest, ..self }
    }

    /// Opens the index, or builds it, so that the first question is quick.
    pub fn warm(&self) -> Result<()> {
        self.data().map(|_| ())
    }

    /// Builds the index anew from the event table.
    pub fn rebuild(&self) -> Result<()> {
        self.current.clear();
        self.store.view()?.rebuild_index().map(|_| ())
    }

    /// Whether anybody waits for what is asked.
    pub fn interest(&self) -> &Interest {
        &self.interest
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
        let world = World { interest: self.interest.clone(), ..data.world().clone() };
        Ok(View { names: WorkspaceNames::new(self.store.clone(), data.clone()), data, world })
    }

    /// The data of the present generation and of what has come in since, but for the last moment.
    pub(crate) fn data(&self) -> Result<Arc<Data>> {
        self.current.get(&self.store)
    }

    pub(crate) fn current(&self) -> &Arc<Current> {
        &self.current
    }
}

/// The data of one generation, and the names that expressions may use now.
pub(crate) struct View {
    pub data: Arc<Data>,
    pub names: WorkspaceNames,
    world: World,
}

impl View {
    /// What the engine looks at.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Kinds and values of all nodes, with a search.
    pub fn identifiers(&self) -> Result<Arc<Names>> {
        self.data.identifiers()
    }
}

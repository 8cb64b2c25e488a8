//! Where DataFusion runs: one small tokio runtime for the whole process, and sessions with bounded memory.
//!
//! Callers are synchronous. They may stand on a plain thread or inside `spawn_blocking` of another runtime, never
//! inside async code: waiting there would block a worker that is not ours.
//!
//! Deliberately absent: any handle on the runtime for other crates, and any use of it for work that is not SQL.

use std::future::Future;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use arrow::datatypes::SchemaRef;
use arrow::record_batch::RecordBatch;
use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::prelude::{SessionConfig, SessionContext};
use futures::{Stream, StreamExt};
use tokio::runtime::Runtime;
use tokio::sync::mpsc;
use weir_core::{Error, Result};

/// Rows in a batch, everywhere in this crate.
pub const BATCH_ROWS: usize = 8_192;

/// Batches that may wait between two stages of a pipeline.
const QUEUE: usize = 4;

/// How many of the greediest operators an out-of-memory message names.
const NAMED_CONSUMERS: usize = 3;

/// What one statement may use.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Bytes that sorts, joins and aggregates may hold before they spill to disk.
    pub memory: usize,
    /// Where they spill to; the system's temporary directory if not given.
    pub spill_dir: Option<PathBuf>,
    /// How many threads one statement may keep busy.
    pub threads: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        Limits { memory: 2 << 30, spill_dir: None, threads }
    }
}

/// A context with these limits; `configure` sets what differs between imports and queries.
pub(crate) fn context(
    limits: &Limits,
    configure: impl FnOnce(SessionConfig) -> SessionConfig,
) -> Result<SessionContext> {
    let base = SessionConfig::new().with_batch_size(BATCH_ROWS).with_target_partitions(limits.threads.max(1));
    let state = SessionStateBuilder::new()
        .with_config(configure(base))
        .with_runtime_env(environment(limits)?)
        .with_default_features()
        .build();
    let mut context = SessionContext::new_with_state(state);
    datafusion_functions_json::register_all(&mut context).map_err(internal)?;
    Ok(context)
}

fn environment(limits: &Limits) -> Result<Arc<RuntimeEnv>> {
    let consumers = std::num::NonZeroUsize::new(NAMED_CONSUMERS).unwrap_or(std::num::NonZeroUsize::MIN);
    let pool = TrackConsumersPool::new(FairSpillPool::new(limits.memory), consumers);
    let mut builder = RuntimeEnvBuilder::new().with_memory_pool(Arc::new(pool));
    if let Some(dir) = &limits.spill_dir {
        builder = builder.with_temp_file_path(dir);
    }
    builder.build_arc().map_err(internal)
}

fn internal(error: DataFusionError) -> Error {
    Error::internal(error.strip_backtrace())
}

/// The process's runtime. It is never dropped: a runtime must not end inside another one's threads.
fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let started = RUNTIME.get_or_init(|| {
        tokio::runtime::Builder::new_multi_thread().thread_name("weir-sql").enable_all().build()
    });
    started.as_ref().map_err(|error| Error::io("starting the SQL threads", error))
}

/// Waits for a future on the process's runtime.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T>>) -> Result<T> {
    runtime()?.block_on(future)
}

/// Runs a computation on a thread that may be busy for long, inside the runtime.
pub(crate) async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined.map_err(|error| Error::internal(format!("a thread of an import stopped: {error}")))
}

/// A stream that is pumped by the runtime and read by a plain thread, a few items ahead.
///
/// Dropping it stops the pump, and with it the query.
#[derive(Debug)]
pub(crate) struct Pump<T> {
    items: mpsc::Receiver<Result<T>>,
}

impl<T: Send + 'static> Pump<T> {
    /// Starts to pump.
    pub fn start(stream: impl Stream<Item = Result<T>> + Send + 'static) -> Result<Pump<T>> {
        let (sender, items) = mpsc::channel(QUEUE);
        runtime()?.spawn(async move {
            let mut stream = std::pin::pin!(stream);
            while let Some(item) = stream.next().await {
                let last = item.is_err();
                if sender.send(item).await.is_err() || last {
                    return;
                }
            }
        });
        Ok(Pump { items })
    }

    /// The next item; `None` at the end.
    pub fn next(&mut self) -> Result<Option<T>> {
        self.items.blocking_recv().transpose()
    }
}

/// Record batches of a running statement, one at a time.
#[derive(Debug)]
pub struct Batches {
    schema: SchemaRef,
    pump: Pump<RecordBatch>,
}

impl Batches {
    pub(crate) fn start(
        schema: SchemaRef,
        stream: impl Stream<Item = Result<RecordBatch>> + Send + 'static,
    ) -> Result<Batches> {
        Ok(Batches { schema, pump: Pump::start(stream)? })
    }

    /// The columns of every batch; also there when no batch comes.
    pub fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }
}

impl Iterator for Batches {
    type Item = Result<RecordBatch>;

    fn next(&mut self) -> Option<Result<RecordBatch>> {
        self.pump.next().transpose()
    }
}

#[cfg(test)]
mod tests {
    use weir_core::Code;

    use super::*;

    #[test]
    fn blocking_works_inside_spawn_blocking_of_another_runtime() {
        let other = Runtime::new().unwrap();
        let answer = other.block_on(async {
            let blocking = tokio::task::spawn_blocking(|| {
                let mut pump = Pump::start(futures::stream::iter([Ok(1), Ok(2)])).unwrap();
                let first = block_on(async { Ok(40) }).unwrap();
                first + pump.next().unwrap().unwrap()
            });
            blocking.await.unwrap()
        });
        assert_eq!(answer, 41);
    }

    #[test]
    fn a_pump_ends_after_an_error() {
        let broken = Error::new(Code::Io, "no more");
        let items = vec![Ok(1), Err(broken.clone()), Ok(3)];
        let mut pump = Pump::start(futures::stream::iter(items)).unwrap();
        assert_eq!(pump.next(), Ok(Some(1)));
        assert_eq!(pump.next(), Err(broken));
        assert_eq!(pump.next(), Ok(None));
    }
}

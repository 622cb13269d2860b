//! One operating-system thread that owns one connection. Work goes in as closures of this room, answers
//! come back through a slot that can be awaited or waited for.

use std::future::{Future, IntoFuture};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::mpsc;
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::error::StoreError;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A thread and the way to it. Dropping it finishes the work that was handed in and closes the
/// connection.
#[derive(Debug)]
pub(super) struct Worker {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    path: PathBuf,
}

impl Worker {
    /// Moves `connection` to a thread of its own.
    pub(super) fn start(name: &str, path: PathBuf, mut connection: Connection) -> Result<Self, StoreError> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let thread = std::thread::Builder::new()
            .name(format!("store-{name}"))
            .spawn(move || {
                for job in inbox {
                    job(&mut connection);
                }
                // Refreshes the planner's statistics where they are stale; failing costs speed only.
                connection.execute_batch("PRAGMA optimize").ok();
            })
            .map_err(|error| StoreError::Unusable { path: path.clone(), detail: error.to_string() })?;
        Ok(Self { jobs: Some(jobs), thread: Some(thread), path })
    }

    /// Hands in work. The answer is there when the work is done, in the order of handing in.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Reply<T> {
        let (slot, answer) = oneshot::channel();
        let path = self.path.clone();
        let job: Job = Box::new(move |connection| {
            // A panic must not take the connection down with it: the open transaction rolls back as
            // it unwinds, and the caller gets an error.
            let done = catch_unwind(AssertUnwindSafe(|| work(connection)));
            let result = match done {
                Ok(result) => result.map_err(|error| StoreError::of(&path, &error)),
                Err(_) => Err(StoreError::Invariant("a request to the store panicked".to_owned())),
            };
            // Nobody waiting any more is no error.
            slot.send(result).ok();
        });
        if let Some(jobs) = &self.jobs {
            // If the thread is gone, the slot goes with the job and the reply says so.
            jobs.send(job).ok();
        }
        Reply(answer)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// The answer to a request: await it, or wait for it where there is no runtime.
#[derive(Debug)]
#[must_use = "the request runs all the same, but nobody learns how it went"]
pub struct Reply<T>(oneshot::Receiver<Result<T, StoreError>>);

impl<T> Reply<T> {
    /// Blocks the calling thread until the answer is there. Not for use inside a runtime.
    pub fn wait(self) -> Result<T, StoreError> {
        self.0.blocking_recv().unwrap_or_else(|_| Err(closed()))
    }
}

impl<T: Send + 'static> IntoFuture for Reply<T> {
    type Output = Result<T, StoreError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async { self.0.await.unwrap_or_else(|_| Err(closed())) })
    }
}

fn closed() -> StoreError {
    StoreError::Invariant("the store is closed".to_owned())
}

//! One operating-system thread that owns one connection. Work goes in as closures of this room, answers
//! come back through a slot that can be awaited or waited for.
//!
//! Writes that wait together are committed together: each in a savepoint of its own, all in one
//! transaction. Nobody is told that something is written before it is.

use std::future::{Future, IntoFuture};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::mpsc;
use std::thread::JoinHandle;

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::oneshot;

use super::error::StoreError;

/// Does its work, if it gets a connection, and gives the answer to send when the work is committed, or
/// when it could not be.
type Job = Box<dyn FnOnce(Option<&Connection>) -> After + Send>;
type After = Box<dyn FnOnce(Option<StoreError>)>;

/// Writes of one transaction.
const TOGETHER: usize = 64;

/// A thread and the way to it. Dropping it finishes the work that was handed in and closes the
/// connection.
#[derive(Debug)]
pub(super) struct Worker {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Option<JoinHandle<()>>,
    path: PathBuf,
}

/// What a worker does with its connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Reads.
    Reader,
    /// Writes, in transactions.
    Writer,
}

impl Worker {
    /// Moves `connection` to a thread of its own.
    pub(super) fn start(kind: Kind, path: PathBuf, mut connection: Connection) -> Result<Self, StoreError> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let (name, store) = match kind {
            Kind::Reader => ("store-reader", path.clone()),
            Kind::Writer => ("store-writer", path.clone()),
        };
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                while let Ok(job) = inbox.recv() {
                    match kind {
                        Kind::Reader => job(Some(&connection))(None),
                        Kind::Writer => write_together(&mut connection, &store, job, &inbox),
                    }
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
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Reply<T> {
        let (slot, answer) = oneshot::channel();
        let path = self.path.clone();
        let job: Job = Box::new(move |connection| {
            let result = connection.map(|connection| in_savepoint(connection, &path, work));
            let result = result.unwrap_or_else(|| Err(closed()));
            // Nobody waiting any more is no error.
            Box::new(move |failed| drop(slot.send(failed.map_or(result, Err))))
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

/// Does the first job and those that wait behind it in one transaction.
fn write_together(connection: &mut Connection, path: &Path, first: Job, inbox: &mpsc::Receiver<Job>) {
    let of = |error: rusqlite::Error| StoreError::of(path, &error);
    // IMMEDIATE: a deferred transaction that turns to writing is refused at once when another program
    // writes; busy_timeout does not apply to it.
    let transaction = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => return first(None)(Some(of(error))),
    };
    let mut afters = vec![first(Some(&transaction))];
    // A full disk may have ended the transaction: then nothing of it is written.
    while afters.len() < TOGETHER
        && !transaction.is_autocommit()
        && let Ok(job) = inbox.try_recv()
    {
        afters.push(job(Some(&transaction)));
    }
    let failed = transaction.commit().map_err(of).err();
    for after in afters {
        after(failed.clone());
    }
}

/// Does work of which, if it fails or panics, nothing stays behind.
fn in_savepoint<T>(
    connection: &Connection,
    path: &Path,
    work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
) -> Result<T, StoreError> {
    let of = |error: rusqlite::Error| StoreError::of(path, &error);
    let run = |sql: &str| connection.prepare_cached(sql).and_then(|mut statement| statement.execute([]));
    run("SAVEPOINT job").map_err(of)?;
    // A panic must not take the connection down with it.
    let done = catch_unwind(AssertUnwindSafe(|| work(connection)));
    let done = done.unwrap_or_else(|_| Err(rusqlite::Error::UnwindingPanic));
    if done.is_err() {
        // Fails where the transaction is gone already, which comes to the same.
        run("ROLLBACK TO job").ok();
    }
    run("RELEASE job").map_err(of).and(done.map_err(of))
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

#[cfg(test)]
mod tests {
    use super::*;

    fn writer() -> (tempfile::TempDir, Worker) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("test.db");
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE t (x INTEGER PRIMARY KEY)").unwrap();
        (dir, Worker::start(Kind::Writer, path, connection).unwrap())
    }

    fn add(worker: &Worker, x: i64) -> Reply<usize> {
        worker.ask(move |connection| connection.execute("INSERT INTO t VALUES (?1)", [x]))
    }

    fn count(worker: &Worker) -> i64 {
        let reply =
            worker.ask(|connection| connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0)));
        reply.wait().unwrap()
    }

    #[test]
    fn a_write_that_fails_takes_no_other_with_it() {
        let (_dir, worker) = writer();
        let replies: Vec<Reply<usize>> = [1, 2, 2, 3, 1].into_iter().map(|x| add(&worker, x)).collect();
        let went: Vec<bool> = replies.into_iter().map(|reply| reply.wait().is_ok()).collect();
        assert_eq!(went, [true, true, false, true, false]);
        assert_eq!(count(&worker), 3);
    }

    #[test]
    fn half_a_write_is_none() {
        let (_dir, worker) = writer();
        let half = worker.ask(|connection| {
            connection.execute("INSERT INTO t VALUES (7)", [])?;
            connection.execute("INSERT INTO t VALUES (7)", [])
        });
        let panics: Reply<()> = worker.ask(|connection| {
            connection.execute("INSERT INTO t VALUES (8)", [])?;
            panic!("a mistake of ours");
        });
        assert!(half.wait().is_err());
        assert!(matches!(panics.wait(), Err(StoreError::Invariant(_))));
        assert_eq!(count(&worker), 0);
        assert!(add(&worker, 9).wait().is_ok(), "the thread lives on");
    }

    #[test]
    fn what_was_handed_in_is_written_before_the_end() {
        let (dir, worker) = writer();
        for x in 0..500 {
            drop(add(&worker, x));
        }
        drop(worker);
        let connection = Connection::open(dir.path().join("test.db")).unwrap();
        let written: i64 = connection.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(written, 500);
    }
}

//! What was read, kept: SQLite on threads of its own.
//!
//! One thread owns the connection that writes, one the connection that reads. No SQL outside this room,
//! no lock around a connection, no request that blocks the screen. Everything that belongs to one poll is
//! written in one transaction. Nothing is deleted because a feed stopped showing it.

mod alert;
mod check;
mod claim;
mod error;
mod feed;
mod item;
mod migrate;
mod moment;
mod open;
mod own;
mod packed;
mod poll;
mod salvage;
mod thread;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;

use crate::domain::time::Timestamp;

pub use check::{Report, check, repair};
pub use error::StoreError;
pub use feed::{FeedState, Move};
pub use item::{Body, Revision, Standing, Unread};
pub use moment::Counters;
pub use open::{FILE_NAME, Mode, Role};
pub use poll::{Committed, NewItem, PollCommit, PollLog, Revised};
pub use salvage::Salvaged;
pub use thread::Reply;

use thread::{Kind, Worker};

/// The way to the store. Cheap to clone; the last clone to go closes it.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    reader: Worker,
    writer: Worker,
    path: PathBuf,
    role: Role,
    notice: Option<String>,
    /// Last, so that another program may poll only when everything is written.
    _lock: Option<File>,
}

impl Store {
    /// Opens the store in the folder `dir`, making both where there are none. A damaged store is kept
    /// aside and what can be read of it is saved; [`Store::notice`] then says so.
    ///
    /// # Errors
    /// Another format, another program's file, no permission, a network disk: see [`StoreError`].
    pub fn open(dir: &Path, mode: Mode, now: Timestamp) -> Result<Self, StoreError> {
        let opened = open::open(dir, mode, now)?;
        let reader = Worker::start(Kind::Reader, opened.path.clone(), opened.reader)?;
        let writer = Worker::start(Kind::Writer, opened.path.clone(), opened.writer)?;
        Ok(Self(Arc::new(Inner {
            reader,
            writer,
            path: opened.path,
            role: opened.role,
            notice: opened.notice,
            _lock: opened.lock,
        })))
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Whether this program may poll.
    pub fn role(&self) -> Role {
        self.0.role
    }

    /// What a person should hear about the opening: damage, and what became of it.
    pub fn notice(&self) -> Option<&str> {
        self.0.notice.as_deref()
    }

    fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Reply<T> {
        self.0.reader.ask(work)
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Reply<T> {
        self.0.writer.ask(work)
    }
}

//! Why the store cannot do something, each time with the path and what to do.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Why the store refused or failed. The message says what, where and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Another program holds the file longer than we wait.
    #[error("store {}: busy in another program; try again", .path.display())]
    Busy {
        /// The database.
        path: PathBuf,
    },
    /// The file is damaged.
    #[error("store {}: damaged ({detail}); `gigawatch check --repair` keeps a copy and saves what can be read", .path.display())]
    Corrupt {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        detail: String,
    },
    /// Written by a later version of the program. The file has not been touched.
    #[error("store {}: written by a newer gigawatch (format {found}, this one knows {known}); upgrade gigawatch, or use another --data-dir", .path.display())]
    Newer {
        /// The database.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format known here.
        known: u32,
    },
    /// An SQLite database of some other program. It has not been touched.
    #[error("store {}: not a gigawatch store; move it away, or use another --data-dir", .path.display())]
    Foreign {
        /// The database.
        path: PathBuf,
    },
    /// No room left.
    #[error("store {}: disk full; free some space, nothing that was stored is lost", .path.display())]
    Full {
        /// The database.
        path: PathBuf,
    },
    /// The folder or file cannot be written or read.
    #[error("store {}: {detail}; check the folder's permissions, or use another --data-dir", .path.display())]
    Unusable {
        /// The database or its folder.
        path: PathBuf,
        /// What the system says.
        detail: String,
    },
    /// On a network file system, where SQLite's write-ahead log is not safe.
    #[error("store {}: on a network file system, where the store is not safe; use --data-dir on a local disk", .path.display())]
    Network {
        /// The folder.
        path: PathBuf,
    },
    /// The SQLite library has a known corruption bug.
    #[error("SQLite {found} is too old (3.51.3 or later is needed); build gigawatch with its bundled SQLite")]
    OldSqlite {
        /// The library's version.
        found: String,
    },
    /// A mistake of ours.
    #[error("store: {0} (please report this)")]
    Invariant(String),
}

impl StoreError {
    /// The error of a statement on the database at `path`.
    pub(super) fn of(path: &std::path::Path, error: &rusqlite::Error) -> Self {
        let path = path.to_path_buf();
        let detail = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt { path, detail },
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(
                ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
                | ErrorCode::FileLockingProtocolFailed
                | ErrorCode::OutOfMemory,
            ) => Self::Unusable { path, detail },
            _ => Self::Invariant(detail),
        }
    }

    /// Whether a later try may go well without anybody doing anything.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Full { .. })
    }
}

//! Opening a store: who may poll, which format it has, and what happens when it is damaged.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use rustix::fs::FlockOperation;

use super::error::StoreError;
use super::migrate::{APPLICATION_ID, MIGRATIONS, format_of, migrate};
use super::salvage::{self, Salvaged};
use crate::domain::time::Timestamp;

/// Name of the database within the data folder.
pub const FILE_NAME: &str = "gigawatch.db";

/// SQLite 3.7.0 to 3.51.2 can corrupt a database when a write-ahead log is reset.
const MIN_SQLITE: i32 = 3_051_003;

const NO_PROGRESS: Option<fn(rusqlite::backup::Progress)> = None;

/// What the opener means to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Poll feeds, if no other program does so already.
    Poll,
    /// Read, and write only what a person did (marks, imports).
    Use,
}

/// What the opener may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Polls feeds; no other program does so while this one lives.
    Poller,
    /// Looks on.
    Viewer {
        /// The program that polls, where one does.
        polled_by: Option<u32>,
    },
}

/// Two connections and what there is to tell about them.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) path: PathBuf,
    pub(super) writer: Connection,
    pub(super) reader: Connection,
    pub(super) role: Role,
    /// Held for as long as the store polls. The system lets go of it when the process dies.
    pub(super) lock: Option<File>,
    /// What a person should hear: that the store was damaged and what became of it.
    pub(super) notice: Option<String>,
}

/// Opens the store in `dir`, making it where there is none.
pub(super) fn open(dir: &Path, mode: Mode, now: Timestamp) -> Result<Opened, StoreError> {
    check_sqlite(rusqlite::version_number())?;
    make_folder(dir)?;
    refuse_network(dir)?;
    let path = dir.join(FILE_NAME);
    let mut lock = match mode {
        Mode::Poll => take_lock(dir)?,
        Mode::Use => None,
    };
    let mut notice = None;
    let writer = match open_checked(&path) {
        Ok(Found::Ready(connection)) => connection,
        Ok(Found::Old(connection)) => {
            let _guard = hold(dir, lock.as_ref(), &path)?;
            bring_up(&path, connection)?
        }
        Err(StoreError::Corrupt { path, detail }) => {
            let _guard = hold(dir, lock.as_ref(), &path)?;
            let (connection, salvaged) = replace(&path, now)?;
            notice = Some(salvaged.notice(&path, &detail));
            connection
        }
        Err(other) => return Err(other),
    };
    let reader = open_reader(&path)?;
    let role = match (mode, lock.is_some()) {
        (_, true) => Role::Poller,
        (Mode::Poll, false) => Role::Viewer { polled_by: holder(dir) },
        (Mode::Use, false) => Role::Viewer { polled_by: None },
    };
    if role != Role::Poller {
        lock = None;
    }
    Ok(Opened { path, writer, reader, role, lock, notice })
}

/// Keeps a copy of the store as it is and writes what can be read into a new one.
pub(super) fn replace(path: &Path, now: Timestamp) -> Result<(Connection, Salvaged), StoreError> {
    let kept = set_aside(path, now)?;
    let connection = connect(path)?;
    let mut connection = bring_up(path, connection)?;
    let salvaged = salvage::copy_readable(&kept, &mut connection);
    connection.execute_batch(salvage::RECOUNT).map_err(|error| StoreError::of(path, &error))?;
    Ok((connection, Salvaged { kept, ..salvaged }))
}

/// Moves a damaged store and its log aside, under a name that says when.
fn set_aside(path: &Path, now: Timestamp) -> Result<PathBuf, StoreError> {
    let stamp: String = now.to_string().chars().filter(char::is_ascii_alphanumeric).collect();
    let mut kept = path.with_extension(format!("damaged-{stamp}.db"));
    let mut n = 1;
    while kept.exists() {
        n += 1;
        kept = path.with_extension(format!("damaged-{stamp}-{n}.db"));
    }
    for suffix in ["", "-wal", "-shm"] {
        let from = with_suffix(path, suffix);
        match fs::rename(&from, with_suffix(&kept, suffix)) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(unusable(&from, &error)),
        }
    }
    Ok(kept)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

enum Found {
    /// At the present format.
    Ready(Connection),
    /// Empty, or at an older format.
    Old(Connection),
}

/// Opens the file, having made sure that it is ours, readable and not newer than this program.
fn open_checked(path: &Path) -> Result<Found, StoreError> {
    // From the bytes first: merely opening a newer store would already write to it.
    check_header(path)?;
    let connection = connect(path)?;
    let of = |error: rusqlite::Error| StoreError::of(path, &error);
    let format = format_of(&connection).map_err(of)?;
    check_format(path, format)?;
    if format == 0 {
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(of)?;
        return if tables == 0 {
            Ok(Found::Old(connection))
        } else {
            Err(StoreError::Foreign { path: path.to_path_buf() })
        };
    }
    if (format as usize) < MIGRATIONS.len() {
        return Ok(Found::Old(connection));
    }
    // A whole check takes seconds on a million items; these few pages show the usual damage.
    connection
        .query_row(
            "SELECT (SELECT sum(value) FROM counter), (SELECT max(id) FROM item), (SELECT min(id) FROM item),
                    (SELECT max(last_at) FROM feed), (SELECT max(id) FROM claim)",
            [],
            |_| Ok(()),
        )
        .map_err(of)?;
    Ok(Found::Ready(connection))
}

/// Reads the format and the owner from the first bytes of the file.
pub(super) fn check_header(path: &Path) -> Result<(), StoreError> {
    let mut header = [0_u8; 100];
    match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unusable(path, &error)),
        Ok(mut file) => {
            let length = file.metadata().map_err(|error| unusable(path, &error))?.len();
            if length == 0 {
                return Ok(());
            }
            if file.read_exact(&mut header).is_err() || !header.starts_with(b"SQLite format 3\0") {
                let detail = "it is no SQLite file".to_owned();
                return Err(StoreError::Corrupt { path: path.to_path_buf(), detail });
            }
        }
    }
    let word = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
    let owner = word(68);
    if owner != 0 && owner != APPLICATION_ID as u32 {
        return Err(StoreError::Foreign { path: path.to_path_buf() });
    }
    check_format(path, word(60))
}

fn check_format(path: &Path, found: u32) -> Result<(), StoreError> {
    let known = MIGRATIONS.len() as u32;
    if found > known { Err(StoreError::Newer { path: path.to_path_buf(), found, known }) } else { Ok(()) }
}

/// Brings an empty or older store to the present format, an older one after a backup.
fn bring_up(path: &Path, mut connection: Connection) -> Result<Connection, StoreError> {
    let of = |error: rusqlite::Error| StoreError::of(path, &error);
    let format = format_of(&connection).map_err(of)?;
    if format > 0 {
        let backup = path.with_extension(format!("format-{format}.db"));
        // Under its final name only when it is whole.
        let part = path.with_extension("backup-part");
        if fs::exists(&part).unwrap_or(false) {
            fs::remove_file(&part).map_err(|error| unusable(&part, &error))?;
        }
        connection.backup("main", &part, NO_PROGRESS).map_err(of)?;
        fs::rename(&part, &backup).map_err(|error| unusable(&backup, &error))?;
    }
    migrate(&mut connection, MIGRATIONS).map_err(of)?;
    Ok(connection)
}

fn connect(path: &Path) -> Result<Connection, StoreError> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // FULL: an item that has been acknowledged survives a power cut. It costs half a millisecond
        // a poll.
        connection.pragma_update(None, "synchronous", "FULL")?;
        common(&connection)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        // The log is cut back to this size when it has been taken over.
        connection.pragma_update(None, "journal_size_limit", 4 << 20)?;
        Ok(connection)
    };
    let connection = open().map_err(|error| StoreError::of(path, &error))?;
    Ok(connection)
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let open = || -> rusqlite::Result<Connection> {
        let connection = Connection::open_with_flags(path, flags)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        common(&connection)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    };
    open().map_err(|error| StoreError::of(path, &error))
}

fn common(connection: &Connection) -> rusqlite::Result<()> {
    // 2 MiB of pages for each connection: the whole program is to stay under 40 MiB.
    connection.pragma_update(None, "cache_size", -2048)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(())
}

fn check_sqlite(version: i32) -> Result<(), StoreError> {
    if version >= MIN_SQLITE {
        return Ok(());
    }
    let found = format!("{}.{}.{}", version / 1_000_000, version / 1000 % 1000, version % 1000);
    Err(StoreError::OldSqlite { found })
}

fn make_folder(dir: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new()
        .recursive(true)
        // What one reads is nobody else's business.
        .mode(0o700)
        .create(dir)
        .map_err(|error| unusable(dir, &error))
}

/// WAL needs shared memory between processes, which network file systems do not give.
#[cfg(target_os = "linux")]
fn refuse_network(dir: &Path) -> Result<(), StoreError> {
    // NFS, SMB, SMB2, CIFS, AFS, Coda, 9P, Ceph: from statfs(2).
    const NETWORK: [i64; 8] =
        [0x6969, 0x517b, 0xfe53_4d42, 0xff53_4d42, 0x5346_414f, 0x7375_7245, 0x0102_1997, 0x00c3_6400];
    match rustix::fs::statfs(dir) {
        Ok(stat) if NETWORK.contains(&(stat.f_type & 0xffff_ffff)) => {
            Err(StoreError::Network { path: dir.to_path_buf() })
        }
        _ => Ok(()),
    }
}

#[cfg(not(target_os = "linux"))]
fn refuse_network(_dir: &Path) -> Result<(), StoreError> {
    Ok(())
}

/// Takes the pollers' lock, or `None` where another program has it.
fn take_lock(dir: &Path) -> Result<Option<File>, StoreError> {
    let path = lock_path(dir);
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .read(true)
        .write(true)
        .open(&path)
        .map_err(|error| unusable(&path, &error))?;
    if rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).is_err() {
        return Ok(None);
    }
    // The number is for people; the lock itself is what counts.
    let note = |file: &mut File| -> std::io::Result<()> {
        file.set_len(0)?;
        file.seek(SeekFrom::Start(0))?;
        writeln!(file, "{}", std::process::id())
    };
    note(&mut file).map_err(|error| unusable(&path, &error))?;
    Ok(Some(file))
}

/// For work that must be alone: the lock that is held already, or one for as long as the guard lives.
fn hold(dir: &Path, held: Option<&File>, path: &Path) -> Result<Option<File>, StoreError> {
    if held.is_some() {
        return Ok(None);
    }
    match take_lock(dir)? {
        Some(file) => Ok(Some(file)),
        None => Err(StoreError::Busy { path: path.to_path_buf() }),
    }
}

/// The pollers' lock, for work that no other program may see half done.
pub(super) fn lock_alone(dir: &Path, path: &Path) -> Result<Option<File>, StoreError> {
    hold(dir, None, path)
}

/// The process that wrote its number into the lock.
fn holder(dir: &Path) -> Option<u32> {
    fs::read_to_string(lock_path(dir)).ok()?.trim().parse().ok()
}

fn lock_path(dir: &Path) -> PathBuf {
    dir.join("gigawatch.lock")
}

fn unusable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unusable { path: path.to_path_buf(), detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_sqlite_with_the_log_reset_bug_is_refused() {
        assert!(check_sqlite(3_051_003).is_ok());
        assert!(check_sqlite(3_054_001).is_ok());
        assert_eq!(check_sqlite(3_051_002), Err(StoreError::OldSqlite { found: "3.51.2".to_owned() }));
        assert!(check_sqlite(rusqlite::version_number()).is_ok());
    }
}

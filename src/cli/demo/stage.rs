//! What the demo plays on: the server on a thread of its own, and a folder for the store that is gone
//! when the play is over.

use std::fmt::Write;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread::JoinHandle;

use anyhow::Context;
use tokio_util::sync::CancellationToken;

use super::archive::Archive;
use super::serve::{Served, Server};
use crate::config::Config;
use crate::config::feeds::Feed;
use crate::domain::time::Timestamp;

/// The running server and the folder.
pub(super) struct Stage {
    /// Where the store goes.
    folder: Folder,
    /// What the server serves, as the collector takes it.
    pub(super) feeds: Vec<Feed>,
    curtain: CancellationToken,
    server: Option<JoinHandle<()>>,
}

impl Stage {
    /// Starts to serve what `archive` has published by `now`.
    pub(super) fn build(
        archive: Archive,
        now: impl Fn() -> Timestamp + Send + 'static,
    ) -> anyhow::Result<Self> {
        let folder = Folder::create().context("cannot make a folder for the demo's store")?;
        let curtain = CancellationToken::new();
        let (told, tell) = mpsc::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let fall = curtain.clone();
        let server = std::thread::Builder::new().name("demo-server".to_owned()).spawn(move || {
            runtime.block_on(async {
                let server = Server::bind(archive, now).await;
                // Nobody waits for the answer any more only if the demo has ended already.
                let bound = match &server {
                    Ok(server) => told.send(server.feeds()),
                    Err(error) => told.send(Err(io::Error::new(error.kind(), error.to_string()))),
                };
                if let (Ok(server), Ok(())) = (server, bound) {
                    tokio::select! {
                        () = server.run() => {}
                        () = fall.cancelled() => {}
                    }
                }
            });
        })?;
        let mut stage = Self { folder, feeds: Vec::new(), curtain, server: Some(server) };
        let served = tell.recv().context("the demo's server ended before it began")?;
        let served = served.context("no loopback port to serve the demo")?;
        stage.feeds = feeds(&served, stage.path())?;
        Ok(stage)
    }

    /// The folder for the store.
    pub(super) fn path(&self) -> &Path {
        &self.folder.0
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.curtain.cancel();
        if let Some(server) = self.server.take()
            && server.join().is_err()
        {
            tracing::error!("the demo's server panicked");
        }
    }
}

/// The served feeds in exactly the way that a user's list is read.
fn feeds(served: &[Served], folder: &Path) -> anyhow::Result<Vec<Feed>> {
    let mut list = String::new();
    for feed in served {
        writeln!(
            list,
            "[[feed]]\nid = \"{}\"\nname = \"{}\"\nurl = \"{}\"\ntier = \"{}\"\nevery = \"1d\"\nallow-private = true\n",
            feed.id,
            feed.name,
            feed.url,
            feed.tier.letter()
        )?;
    }
    fs::write(folder.join("feeds.toml"), list)?;
    Ok(Config::load(Some(folder))?.feeds)
}

/// A folder of our own among the temporary files, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn create() -> io::Result<Self> {
        let root = std::env::temp_dir();
        let mut attempt = 0;
        loop {
            let path = root.join(format!("gigawatch-demo-{}-{attempt}", std::process::id()));
            // Only a folder that did not exist: a link or a stranger's folder of that name is left alone.
            match private(&path) {
                Ok(()) => return Ok(Self(path)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < 100 => attempt += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

/// Makes a folder that only its owner can enter.
fn private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(folder = %self.0.display(), %error, "the demo's folder stays");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::sync::atomic::{AtomicI64, Ordering};
    use std::sync::{Arc, LazyLock};

    use crate::cli::live;
    use crate::collector::{Collector, Parts};
    use crate::domain::deal::LegKind;
    use crate::domain::time::Day;
    use crate::ledger::Ledger;
    use crate::ledger::board::{Board, DealStatus};
    use crate::runtime::clock::Clock;
    use crate::store::{Mode, Store};

    /// Plays the archive from day to day and gives the boards of each: with the catalog's history as far
    /// as it was known, and from the feeds alone.
    fn play(days: &[&str]) -> Vec<(Board, Board)> {
        let config = Config::load(None).unwrap();
        let clock = Arc::new(AtomicI64::new(0));
        let shown = Arc::clone(&clock);
        let now = move || Timestamp(shown.load(Ordering::SeqCst));
        let stage = Stage::build(Archive::embedded().unwrap(), now).unwrap();
        let tagger = Arc::new(live::tagger(&config));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let boards = days.iter().map(|day| {
            let day: Day = day.parse().unwrap();
            clock.store(day.end().0, Ordering::SeqCst);
            let store = Store::open(stage.path(), Mode::Poll, day.end()).unwrap();
            let collector = Collector::new(Parts {
                poll: config.settings.poll.clone(),
                feeds: stage.feeds.clone(),
                outlets: config.outlets.clone(),
                tagger: Arc::clone(&tagger),
                store: store.clone(),
                clock: Clock::Fixed(day.end()),
            });
            let summary = runtime.block_on(collector.poll_once(None)).unwrap();
            assert_eq!(summary.feeds.failed, 0, "{:?}", summary.failures);
            let claims = store.claims().wait().unwrap();
            let alone = Ledger::without_history(&config.catalog, claims.clone());
            (Ledger::new(&config.catalog, claims).board(day), alone.board(day))
        });
        boards.collect()
    }

    const DAYS: [&str; 8] = [
        "2025-11-30",
        "2025-12-16",
        "2025-12-31",
        "2026-02-26",
        "2026-02-27",
        "2026-05-07",
        "2026-06-24",
        "2026-10-01",
    ];

    /// Played once for every test.
    static BOARDS: LazyLock<Vec<(Board, Board)>> = LazyLock::new(|| play(&DAYS));

    fn status<'a>(board: &'a Board, slug: &str) -> &'a DealStatus {
        board.deals.iter().find(|deal| deal.deal.slug.as_str() == slug).unwrap()
    }

    fn flags(board: &Board, slug: &str, leg: LegKind) -> Vec<&'static str> {
        status(board, slug).leg(leg).unwrap().status.flags.keys().map(|flag| flag.word()).collect()
    }

    /// The catalog's history up to each day and what was read from the feeds by then.
    #[test]
    fn the_field_flips_as_it_did() {
        let boards = &*BOARDS;
        let words = |slug: &str| {
            boards.iter().map(|(board, _)| status(board, slug).headline.word()).collect::<Vec<_>>()
        };
        let aws = [
            "GPU LIVE",
            "GPU LIVE",
            "EXPLORING",
            "EXPLORING",
            "ON PAPER",
            "ON PAPER",
            "ON PAPER",
            "ON PAPER",
        ];
        assert_eq!(words("openai-aws"), aws);
        assert!(words("openai-broadcom").iter().all(|word| *word == "ON PAPER"), "never PROVING");
        let [.., eve, day, may, june, end] = &BOARDS[..] else { panic!("{} boards", boards.len()) };
        assert_eq!(status(&eve.0, "openai-nvidia").headline.word(), "GPU LOI");
        assert!(!flags(&eve.0, "openai-nvidia", LegKind::Gpu).contains(&"LAPSED"));
        assert!(flags(&day.0, "openai-nvidia", LegKind::Gpu).contains(&"LAPSED"));
        assert_eq!(flags(&day.0, "openai-broadcom", LegKind::Custom), [""; 0]);
        assert_eq!(flags(&may.0, "openai-broadcom", LegKind::Custom), ["UNFUNDED"]);
        assert_eq!(flags(&june.0, "openai-broadcom", LegKind::Custom), ["LAB", "UNFUNDED"]);
        assert_ne!(status(&day.0, "meta-google").headline.word(), "ON PAPER", "one newsroom's word");
        assert_eq!(status(&end.0, "openai-cerebras").headline.word(), "SERVING");
    }

    /// The same without the catalog's history: what flips here was read, and nothing else.
    #[test]
    fn the_test_of_the_flow_can_be_read_from_the_feeds_alone() {
        let boards = &*BOARDS;
        let words: Vec<_> =
            boards.iter().map(|(_, alone)| status(alone, "openai-aws").headline.word()).collect();
        let aws = [
            "GPU LIVE",
            "GPU LIVE",
            "EXPLORING",
            "EXPLORING",
            "ON PAPER",
            "ON PAPER",
            "ON PAPER",
            "ON PAPER",
        ];
        assert_eq!(words, aws);
        let may = &boards[5].1;
        assert!(flags(may, "openai-broadcom", LegKind::Custom).contains(&"UNFUNDED"));
    }

    #[test]
    fn the_folder_and_the_server_go_with_the_stage() {
        let stage = Stage::build(Archive::embedded().unwrap(), || Timestamp(0)).unwrap();
        let (path, feed) = (stage.path().to_owned(), stage.feeds[0].address.as_written().to_owned());
        assert!(path.is_dir());
        let address =
            feed.strip_prefix("http://").and_then(|rest| rest.split('/').next()).unwrap().to_owned();
        assert!(std::net::TcpStream::connect(&address).is_ok());
        drop(stage);
        assert!(!path.exists());
        assert!(std::net::TcpStream::connect(&address).is_err());
    }
}

//! Polling: when, how often, and one poll from request to stored claims.
//!
//! ```text
//! schedule ─▶ hosts ─▶ fetch ─▶ feed ─▶ standing? ─▶ tagger ─▶ stories ─▶ one transaction
//! ```
//!
//! A feed that fails harms no other: every poll ends in a state that is stored and shown. Decisions about
//! time (`schedule`, `health`) are pure; the rest of the room puts the others together.

mod folding;
mod health;
mod hosts;
mod pages;
mod poll;
mod report;
mod request;
mod robots;
mod run;
mod schedule;

use std::sync::Arc;

use tokio::sync::{Semaphore, mpsc};

use crate::config::feeds::Feed;
use crate::config::settings::Poll;
use crate::domain::claim::Claim;
use crate::domain::deal::Catalog;
use crate::domain::outlet::Outlets;
use crate::fetch::{Fetcher, Limits};
use crate::runtime::clock::Clock;
use crate::store::{Store, StoreError};
use crate::tagger::Tagger;

pub use health::{Health, health};
pub use report::{FailureLine, FeedCount, ItemCount, Polled, Report, Summary};
pub use run::Order;

use folding::Folding;
use hosts::Hosts;
use pages::Rules;

/// Polls feeds into a store. Cheap to clone; clones share limits and connections.
#[derive(Clone, Debug)]
pub struct Collector(Arc<Inner>);

/// What a collector is made of.
#[derive(Debug)]
pub struct Parts {
    /// How to poll.
    pub poll: Poll,
    /// What to poll; feeds that are not enabled are left out.
    pub feeds: Vec<Feed>,
    /// Known publishers.
    pub outlets: Outlets,
    /// The reader of claims.
    pub tagger: Arc<Tagger>,
    /// Where to keep it all.
    pub store: Store,
    /// The time.
    pub clock: Clock,
}

#[derive(Debug)]
struct Inner {
    poll: Poll,
    feeds: Vec<Feed>,
    outlets: Outlets,
    tagger: Arc<Tagger>,
    store: Store,
    clock: Clock,
    fetcher: Fetcher,
    hosts: Hosts,
    /// Documents read at once: reading is work for a processor.
    readers: Semaphore,
    folding: Folding,
    rules: Rules,
}

impl Collector {
    /// A collector. Asks nobody for anything until it is told to.
    pub fn new(parts: Parts) -> Self {
        let Parts { poll, feeds, outlets, tagger, store, clock } = parts;
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self(Arc::new(Inner {
            fetcher: Fetcher::new(Limits::from(&poll)),
            hosts: Hosts::new(poll.at_once, poll.per_host),
            readers: Semaphore::new(processors),
            folding: Folding::default(),
            rules: Rules::default(),
            feeds: feeds.into_iter().filter(|feed| feed.enabled).collect(),
            poll,
            outlets,
            tagger,
            store,
            clock,
        }))
    }

    /// The store that it fills.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The feeds that it polls.
    pub fn feeds(&self) -> &[Feed] {
        &self.0.feeds
    }
}

/// Where messages go: to a screen, or nowhere.
#[derive(Clone, Debug)]
pub(crate) struct Sink(Option<mpsc::Sender<Report>>);

impl Sink {
    async fn tell(&self, report: Report) {
        if let Some(sender) = &self.0 {
            // A screen that is gone needs no news.
            sender.send(report).await.ok();
        }
    }
}

/// Every claim that stands: the catalog's own and those read from items. Blocks while the store reads.
///
/// # Errors
/// The store cannot be read.
pub fn claims_of(catalog: &Catalog, store: &Store) -> Result<Vec<Claim>, StoreError> {
    let mut claims: Vec<Claim> = catalog.claims().cloned().collect();
    claims.extend(store.claims().wait()?);
    Ok(claims)
}

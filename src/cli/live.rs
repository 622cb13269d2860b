//! What commands share: the store, the ledger that they print from, and the collector that fills both.

use std::sync::Arc;

use super::{Exit, Fault, Globals, complain};
use crate::app::world::Own;
use crate::collector::{Collector, Parts};
use crate::config::Config;
use crate::domain::time::Day;
use crate::ledger::{DealPage, Ledger};
use crate::store::{self, Mode, Role, Store, StoreError};
use crate::tagger::Tagger;

/// The configured catalog with the claims of the store, under the user's own judgements.
///
/// # Errors
/// A configuration that does not check, a store that cannot be read.
pub(super) fn ledger(globals: &Globals) -> Result<Ledger, Fault> {
    let config = globals.config()?;
    let Some(store) = store_if_any(globals)? else { return Ok(Ledger::new(&config.catalog, Vec::new())) };
    let live = store.claims().wait().map_err(store_fault)?;
    let pins = Own::of_rows(store.own().wait().map_err(store_fault)?).pins();
    Ok(Ledger::with_pins(&config.catalog, live, &pins))
}

/// The store for looking at, where there is one. Looking at nothing makes no files.
pub(super) fn store_if_any(globals: &Globals) -> Result<Option<Store>, Fault> {
    let exists = globals.paths()?.data.join(store::FILE_NAME).exists();
    exists.then(|| open_store(globals, Mode::Use)).transpose()
}

/// The store. Says on stderr if it was damaged, and what became of it.
pub(super) fn open_store(globals: &Globals, mode: Mode) -> Result<Store, Fault> {
    let store = Store::open(&globals.paths()?.data, mode, globals.clock().now()).map_err(store_fault)?;
    if let Some(notice) = store.notice() {
        complain(notice);
    }
    Ok(store)
}

/// The store for polling; a fault if another program does so.
pub(super) fn open_for_polling(globals: &Globals) -> Result<Store, Fault> {
    let store = open_store(globals, Mode::Poll)?;
    match store.role() {
        Role::Poller => Ok(store),
        Role::Viewer { polled_by } => {
            let who = polled_by.map_or_else(String::new, |pid| format!(" (process {pid})"));
            Err(Fault::new(
                Exit::Failed,
                anyhow::anyhow!(
                    "another gigawatch{who} polls into {} already; it stores everything that this one would",
                    store.path().display()
                ),
            ))
        }
    }
}

/// A fault of the store, with its exit code.
pub(super) fn store_fault(error: StoreError) -> Fault {
    Fault::new(Exit::Store, error)
}

/// The reader of claims that the configuration describes.
pub(super) fn tagger(config: &Config) -> Tagger {
    Tagger::new(&config.lexicon, &config.catalog, &config.outlets)
}

/// A collector over the configured feeds.
pub(super) fn collector(globals: &Globals, config: &Config, store: Store) -> Collector {
    Collector::new(Parts {
        poll: config.settings.poll.clone(),
        feeds: config.feeds.clone(),
        outlets: config.outlets.clone(),
        tagger: Arc::new(tagger(config)),
        store,
        clock: globals.clock(),
    })
}

/// A runtime for commands that fetch: one thread waits for the network, others read documents.
pub(super) fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()
}

/// One deal in full.
///
/// # Errors
/// As [`ledger`], and a slug that names no deal: the message says which one may be meant.
pub(super) fn page(globals: &Globals, slug: &str, as_of: Day) -> Result<DealPage, Fault> {
    page_of(&ledger(globals)?, slug, as_of)
}

/// One deal of a ledger in full; a fault if there is none of that slug.
pub(super) fn page_of(ledger: &Ledger, slug: &str, as_of: Day) -> Result<DealPage, Fault> {
    ledger.page(slug, as_of).ok_or_else(|| {
        let near = ledger.deals().map(|deal| (strsim::jaro_winkler(slug, deal.slug.as_str()), deal));
        let near = near.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0));
        let hint = near.map_or_else(
            || "`gigawatch deals` lists them".to_owned(),
            |(_, deal)| format!("did you mean `{}`?", deal.slug),
        );
        Fault::new(Exit::Usage, anyhow::anyhow!("no deal `{slug}` in the catalog; {hint}"))
    })
}

/// The day of the run's clock.
pub(super) fn today(globals: &Globals) -> Day {
    globals.clock().now().day()
}

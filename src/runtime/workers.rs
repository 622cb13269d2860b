//! What goes on behind the screen: the store, polling, and whatever takes longer than a frame.

use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::clock::Clock;
use super::hands::at_once;
use super::screen::Open;
use crate::app::alerts::Alert;
use crate::app::history::History;
use crate::app::msg::{Event, Failure};
use crate::app::own::Deed;
use crate::app::wire::WireRow;
use crate::app::world::{Health, Own, Source};
use crate::collector::{self, Collector, Order, Report};
use crate::config::Config;
use crate::config::feeds::Feed;
use crate::domain::deal::Catalog;
use crate::domain::text::DisplayText;
use crate::domain::time::{Day, Timestamp};
use crate::ledger::Ledger;
use crate::store::{FeedState, Role, Store, StoreError};

/// The ledger is read again at most this often while polling.
const LEDGER_GAP: Duration = Duration::from_millis(400);
/// Alerts of earlier sessions that are shown.
const ALERTS: u32 = 500;
/// Days of the wire that are shown.
const WIRE_DAYS: i32 = 800;

/// The workers of a screen.
#[derive(Clone)]
pub(super) struct Workers {
    shared: Arc<Shared>,
}

struct Shared {
    clock: Clock,
    catalog: Arc<Catalog>,
    feeds: Vec<Feed>,
    /// Claims as they stand now.
    ledger: Mutex<Arc<Ledger>>,
    /// The wire as it was last told.
    wire: Mutex<Option<Arc<Vec<WireRow>>>>,
    store: Mutex<Option<Store>>,
    events: mpsc::Sender<Event>,
    orders: mpsc::UnboundedSender<Order>,
    cancel: CancellationToken,
    /// New claims stand in the store.
    changed: Notify,
    tracing_history: AtomicBool,
}

impl Workers {
    /// Starts them. `open` opens the store, off the screen's thread.
    pub(super) fn start(
        config: &Config,
        clock: Clock,
        ledger: Arc<Ledger>,
        events: mpsc::Sender<Event>,
        open: Open,
    ) -> Self {
        let (orders, taken) = mpsc::unbounded_channel();
        let shared = Arc::new(Shared {
            clock,
            catalog: Arc::new(config.catalog.clone()),
            feeds: config.feeds.iter().filter(|feed| feed.enabled).cloned().collect(),
            ledger: Mutex::new(ledger),
            wire: Mutex::new(None),
            store: Mutex::new(None),
            events,
            orders,
            cancel: CancellationToken::new(),
            changed: Notify::new(),
            tracing_history: AtomicBool::new(false),
        });
        let work = Arc::clone(&shared);
        tokio::spawn(async move {
            let opened = tokio::task::spawn_blocking(open).await;
            match opened {
                Ok(Ok(collector)) => return work.live(collector, taken).await,
                Ok(Err(error)) => {
                    work.fail(&format!("{error:#}"), "the board shows the catalog alone").await;
                }
                Err(panic) => {
                    work.fail(&format!("opening the store broke: {panic}"), "please report this").await;
                }
            }
            // Without a store the wire still tells the catalog's history.
            let ledger = work.ledger();
            if tokio::task::spawn_blocking(move || work.publish(&ledger)).await.is_err() {
                tracing::error!("the catalog's wire could not be worked out");
            }
        });
        Self { shared }
    }

    /// Every feed as configured, before anything is known of it.
    pub(super) fn sources(&self) -> Vec<Source> {
        self.shared.feeds.iter().map(|feed| source(feed, None, self.shared.clock.now())).collect()
    }

    /// Works out the board of a day.
    pub(super) fn board(&self, ticket: u64, day: Day, mark: Option<Timestamp>) {
        let shared = Arc::clone(&self.shared);
        self.blocking("the board", move || {
            let ledger = shared.ledger();
            let board = mark.map_or_else(|| ledger.board(day), |mark| ledger.board_since(day, mark));
            shared.tell(Event::Board { ticket, board: Arc::new(board) });
            if day < shared.clock.now().day() {
                let wire = ledger.signals(day.plus(-WIRE_DAYS), day);
                shared.tell(Event::WireThen(day, Arc::new(wire.iter().map(WireRow::of_signal).collect())));
            }
        });
    }

    /// Works out a deal in full.
    pub(super) fn page(&self, ticket: u64, slug: String, day: Day) {
        let shared = Arc::clone(&self.shared);
        self.blocking("the deal", move || {
            let page = shared.ledger().page(&slug, day).map(Arc::new);
            shared.tell(Event::Page { ticket, page });
        });
    }

    /// Works out what changed when, unless that is under way: then it is done once more at its end.
    pub(super) fn history(&self, until: Day) {
        let shared = Arc::clone(&self.shared);
        if shared.tracing_history.swap(true, Ordering::SeqCst) {
            return;
        }
        self.blocking("the history", move || {
            loop {
                let ledger = shared.ledger();
                let history = History::trace(&ledger, until);
                shared.tracing_history.store(false, Ordering::SeqCst);
                shared.tell(Event::History(Arc::new(history)));
                // Claims may have come in meanwhile.
                let stale = !Arc::ptr_eq(&ledger, &shared.ledger());
                if !stale || shared.tracing_history.swap(true, Ordering::SeqCst) {
                    return;
                }
            }
        });
    }

    /// Polls one feed or all of them now.
    pub(super) fn poll(&self, feed: Option<String>) {
        // Without a collector there is nothing to order; Sources says why.
        self.shared.orders.send(Order::PollNow(feed)).ok();
    }

    /// Tells the collector to look at the clock.
    pub(super) fn wake(&self) {
        self.shared.orders.send(Order::Wake).ok();
    }

    /// Keeps a deed of the user's.
    pub(super) fn keep(&self, deed: &Deed) {
        let Some(store) = self.shared.store() else { return };
        let (kind, subject, value) = deed.row();
        let judged = matches!(deed, Deed::Hold(..));
        let reply = store.keep(kind, subject, value);
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            if let Err(error) = reply.await {
                shared.fail(&format!("this could not be kept: {error}"), "it holds until you quit").await;
            } else if judged {
                // The ledger is weighed again under the new judgement.
                shared.changed.notify_one();
            }
        });
    }

    /// Keeps an alert for later sessions.
    pub(super) fn keep_alert(&self, alert: &Alert) {
        let Some(store) = self.shared.store() else { return };
        let Ok(json) = serde_json::to_string(alert) else { return };
        let reply = store.keep_alert(alert.key.clone(), alert.at, json);
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            if let Err(error) = reply.await {
                shared
                    .fail(&format!("an alert could not be kept: {error}"), "it is listed until you quit")
                    .await;
            }
        });
    }

    /// Runs work off the screen's thread; a panic in it is one message.
    fn blocking(&self, what: &'static str, work: impl FnOnce() + Send + 'static) {
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            if let Err(error) = tokio::task::spawn_blocking(work).await
                && error.is_panic()
            {
                shared
                    .fail(&format!("working out {what} broke"), "the log has the details; please report it")
                    .await;
            }
        });
    }

    /// Tells the screen something.
    pub(super) fn tell_later(&self, event: Event) {
        let events = self.shared.events.clone();
        tokio::spawn(async move { events.send(event).await.ok() });
    }

    /// Tells the user how something went that the screen had asked for.
    pub(super) fn say(&self, outcome: Result<String, String>) {
        self.tell_later(match outcome {
            Ok(text) => Event::Done(text),
            Err(what) => Event::Failed(Failure { what, hint: String::new() }),
        });
    }

    /// Stops polling and remembers that the user has looked.
    pub(super) async fn stop(&self, now: Timestamp) {
        self.shared.cancel.cancel();
        if let Some(store) = self.shared.store() {
            let noted = tokio::time::timeout(Duration::from_millis(500), async {
                store.set_mark(LAST_LOOK, now).await
            });
            if let Ok(Err(error)) = noted.await {
                tracing::warn!(%error, "the time of this look could not be stored");
            }
        }
    }
}

/// The mark of the last look in the store.
const LAST_LOOK: &str = "last-look";

impl Shared {
    fn ledger(&self) -> Arc<Ledger> {
        Arc::clone(&self.ledger.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn store(&self) -> Option<Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells the screen something, from a thread that may wait.
    fn tell(&self, event: Event) {
        // A screen that is gone needs no news.
        self.events.blocking_send(event).ok();
    }

    /// Shows the claims of a ledger, and the wire that follows from them. For a thread that may wait.
    fn publish(&self, ledger: &Arc<Ledger>) {
        *self.ledger.lock().unwrap_or_else(PoisonError::into_inner) = Arc::clone(ledger);
        let today = self.clock.now().day();
        self.tell(Event::Ledger { ledger: Arc::clone(ledger), complete: true });
        let rows = ledger.signals(today.plus(-WIRE_DAYS), today);
        let wire: Arc<Vec<WireRow>> = Arc::new(rows.iter().map(WireRow::of_signal).collect());
        let before = {
            let mut held = self.wire.lock().unwrap_or_else(PoisonError::into_inner);
            held.replace(Arc::clone(&wire))
        };
        let fresh = before.as_ref().map_or_else(Vec::new, |before| {
            let known: HashSet<&str> = before.iter().map(|row| row.key.as_str()).collect();
            wire.iter().filter(|row| row.live && !known.contains(row.key.as_str())).cloned().collect()
        });
        self.tell(Event::Wire { wire, fresh });
    }

    async fn send(&self, event: Event) {
        self.events.send(event).await.ok();
    }

    async fn fail(&self, what: &str, hint: &str) {
        tracing::error!("{what}");
        self.send(Event::Failed(Failure { what: what.to_owned(), hint: hint.to_owned() })).await;
    }

    /// The life of a screen with a store: what is stored, then polling, until the end.
    async fn live(self: Arc<Self>, collector: Collector, orders: mpsc::UnboundedReceiver<Order>) {
        let store = super::screen::store_of(&collector);
        *self.store.lock().unwrap_or_else(PoisonError::into_inner) = Some(store.clone());
        if let Some(notice) = store.notice() {
            self.send(Event::StoreNotice(notice.to_owned())).await;
        }
        if let Err(error) = self.recall(&store).await {
            self.fail(&format!("the store cannot be read: {error}"), "run `gigawatch check`").await;
        }
        // Before anything is polled: what comes in after this is news.
        self.read_claims(&store).await;
        let reader = tokio::spawn(Arc::clone(&self).follow(store.clone()));
        match store.role() {
            Role::Viewer { polled_by } => {
                self.send(Event::Viewer(polled_by)).await;
                self.cancel.cancelled().await;
            }
            Role::Poller => {
                let (reports, news) = mpsc::channel(256);
                let polling = collector.run(orders, reports, self.cancel.clone());
                let (done, ()) = tokio::join!(polling, self.report(news));
                if let Err(error) = done {
                    self.fail(&format!("polling stopped: {error}"), "run `gigawatch check`").await;
                }
            }
        }
        reader.abort();
    }

    /// What earlier sessions left: deeds, the last look, feeds, claims.
    async fn recall(&self, store: &Store) -> Result<(), StoreError> {
        let last_look = store.mark(LAST_LOOK).await?;
        let own = Own::of_rows(store.own().await?);
        let alerts = alerts_of(&store.alerts(ALERTS).await?);
        self.send(Event::Remembered { own, last_look, alerts }).await;
        let states: BTreeMap<String, FeedState> =
            store.feeds().await?.into_iter().map(|state| (state.id.clone(), state)).collect();
        let now = self.clock.now();
        let sources = self.feeds.iter().map(|feed| source(feed, states.get(&feed.id), now)).collect();
        self.send(Event::Sources(sources)).await;
        Ok(())
    }

    /// Reads the claims again whenever new ones stand, at most as often as reading them allows.
    async fn follow(self: Arc<Self>, store: Store) {
        loop {
            self.changed.notified().await;
            let begun = Instant::now();
            self.read_claims(&store).await;
            let spent = begun.elapsed();
            tokio::time::sleep(LEDGER_GAP.max(spent * 2)).await;
        }
    }

    /// Reads the claims and shows what follows from them.
    async fn read_claims(self: &Arc<Self>, store: &Store) {
        let read =
            async { Ok::<_, StoreError>((store.claims().await?, Own::of_rows(store.own().await?).pins())) };
        match read.await {
            Ok((claims, pins)) => {
                let shared = Arc::clone(self);
                let built = tokio::task::spawn_blocking(move || {
                    shared.publish(&Arc::new(Ledger::with_pins_by(&at_once, &shared.catalog, claims, &pins)));
                });
                if built.await.is_err() {
                    self.fail("reading the claims broke", "the board shows what it knew before").await;
                }
            }
            Err(error) => {
                self.fail(&format!("the claims cannot be read: {error}"), "run `gigawatch check`").await;
            }
        }
    }

    /// Turns the collector's messages into the screen's.
    async fn report(&self, mut news: mpsc::Receiver<Report>) {
        while let Some(report) = news.recv().await {
            match report {
                Report::PollStarted { feed } => self.send(Event::PollStarted { feed }).await,
                Report::PollEnded(polled) => {
                    let Some(feed) = self.feeds.iter().find(|feed| feed.id == polled.state.id) else {
                        continue;
                    };
                    let source = source(feed, Some(&polled.state), self.clock.now());
                    self.send(Event::PollEnded { source, new: polled.committed.items }).await;
                    if let Some(error) = polled.store_error {
                        self.fail(
                            &format!("feed `{}` could not be stored: {error}", feed.id),
                            "it is asked for again",
                        )
                        .await;
                    }
                }
                Report::LedgerChanged { .. } => self.changed.notify_one(),
                Report::StoreFailed(error) => {
                    self.fail(&format!("the store refused: {error}"), "polling goes on").await;
                }
                Report::ClockJumped { seconds } => self.send(Event::ClockJumped(seconds)).await,
            }
        }
    }
}

/// A feed as the screen shows it.
fn source(feed: &Feed, state: Option<&FeedState>, now: Timestamp) -> Source {
    let mut source = Source {
        id: feed.id.clone(),
        name: feed.name.clone(),
        tier: feed.tier.letter(),
        group: feed.group.clone(),
        url: feed.address.shown(),
        ..Source::default()
    };
    let Some(state) = state else { return source };
    source.health = match collector::health(state, now) {
        collector::Health::Unknown => Health::Waiting,
        collector::Health::Ok => Health::Ok,
        collector::Health::Late => Health::Late,
        collector::Health::Frozen | collector::Health::Failing | collector::Health::Paused => Health::Failed,
    };
    let quiet = match collector::health(state, now) {
        collector::Health::Late => "answers, but nothing new for longer than usual",
        collector::Health::Frozen => {
            "answers, but has had nothing new for so long that it is probably frozen"
        }
        _ => "",
    };
    let detail = if state.last_detail.is_empty() { quiet } else { &state.last_detail };
    source.detail = DisplayText::line(detail, 300);
    source.last = state.last_at;
    source.last_ok = state.last_ok;
    source.next = state.next_at;
    source.items = state.items;
    source.newest = state.newest;
    source.habit = state.habit;
    source.failures = state.failures;
    source
}

/// Alerts as the store kept them, oldest first. One that a newer program wrote otherwise is left out.
fn alerts_of(rows: &[String]) -> Vec<Alert> {
    let read = |json: &String| {
        let mut alert: Alert = serde_json::from_str(json).ok()?;
        alert.text = DisplayText::line(&alert.text, 300).to_string();
        alert.name = DisplayText::line(&alert.name, 100).to_string();
        Some(alert)
    };
    rows.iter().filter_map(read).collect()
}

//! Polling one round, or until told to stop.

use std::collections::{HashMap, HashSet};
use std::pin::Pin;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::mpsc;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::report::{Polled, Report, Summary};
use super::schedule::{forgive, is_due, rein_in, state_for};
use super::{Collector, Sink};
use crate::domain::time::Timestamp;
use crate::runtime::clock::Clock;
use crate::store::{Committed, FeedState, StoreError};

/// What a running collector can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Order {
    /// Poll this feed now; every feed if none is named.
    PollNow(Option<String>),
    /// Look at the clock: the machine may have slept.
    Wake,
}

/// A wall clock that gains or loses this much against the steady one has jumped, in seconds.
const JUMP: i64 = 60;
/// After a jump, polls that are overdue are spread over so many seconds.
const SPREAD: i64 = 45;

impl Collector {
    /// Polls every feed once, due or not, and gives the figures. Messages go to `reports`, if there is one.
    ///
    /// # Errors
    /// The store cannot be read. What fails to be written is a failure of its feed.
    pub async fn poll_once(&self, reports: Option<mpsc::Sender<Report>>) -> Result<Summary, StoreError> {
        let states = self.states().await?;
        let sink = Sink(reports);
        let mut summary = Summary::new();
        if self.0.poll.offline {
            return Ok(summary);
        }
        let moment = self.0.clock.now();
        let mut polls: FuturesUnordered<_> = self
            .0
            .feeds
            .iter()
            .map(|feed| {
                let state = state_for(states.get(&feed.id), &feed.id, feed.address.as_written());
                self.poll_feed(feed, state, moment, &sink)
            })
            .collect();
        while let Some(polled) = polls.next().await {
            summary.add(&polled);
            tell(&sink, polled).await;
        }
        summary.claims += self.read_pages(moment).await?.claims;
        summary.sort();
        Ok(summary)
    }

    /// Polls feeds as they fall due until `cancel` is called. Sleeps in between; nothing wakes it but a
    /// feed that is due, an order, or an answer.
    ///
    /// # Errors
    /// The store cannot be read at the start. Later failures are reported and polling goes on.
    pub async fn run(
        &self,
        mut orders: mpsc::UnboundedReceiver<Order>,
        reports: mpsc::Sender<Report>,
        cancel: CancellationToken,
    ) -> Result<(), StoreError> {
        let mut states = self.states().await?;
        states.values_mut().for_each(forgive);
        let sink = Sink(Some(reports));
        let mut time = Time::start(self.0.clock);
        let mut polls = FuturesUnordered::new();
        let mut under_way: HashSet<&str> = HashSet::new();
        let mut orders_open = true;
        // Pages are read one round at a time, beside the polls.
        let mut pages: Option<Pin<Box<dyn Future<Output = _> + Send>>> = None;
        let mut pages_wanted = true;
        loop {
            let now = time.now();
            if let Some(seconds) = time.jump(now) {
                self.settle(&mut states, now, seconds);
                sink.tell(Report::ClockJumped { seconds }).await;
            }
            let mut wake: Option<Timestamp> = None;
            for feed in self.0.feeds.iter().filter(|_| !self.0.poll.offline) {
                if under_way.contains(feed.id.as_str()) {
                    continue;
                }
                let state = state_for(states.get(&feed.id), &feed.id, feed.address.as_written());
                if is_due(&state, now) {
                    under_way.insert(&feed.id);
                    polls.push(self.poll_feed(feed, state, now, &sink));
                } else if let Some(next) = state.next_at {
                    wake = Some(wake.map_or(next, |wake| wake.min(next)));
                }
            }
            let sleep = wake.map(|wake| time.until(wake, now));
            if pages_wanted && pages.is_none() {
                pages_wanted = false;
                pages = Some(Box::pin(self.read_pages(now)));
            }
            let read = async {
                match &mut pages {
                    Some(pages) => pages.await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                () = cancel.cancelled() => return Ok(()),
                Some(polled) = polls.next(), if !polls.is_empty() => {
                    under_way.remove(polled.state.id.as_str());
                    states.insert(polled.state.id.clone(), polled.state.clone());
                    pages_wanted |= polled.committed.items > 0;
                    tell(&sink, polled).await;
                }
                read = read => {
                    pages = None;
                    match read {
                        Ok(Committed { claims: 0, .. }) => {}
                        Ok(Committed { claims, .. }) => sink.tell(Report::LedgerChanged { claims }).await,
                        Err(error) => sink.tell(Report::StoreFailed(error)).await,
                    }
                }
                order = orders.recv(), if orders_open => match order {
                    Some(Order::PollNow(feed)) => self.hurry(&mut states, feed.as_deref()),
                    Some(Order::Wake) => {}
                    None => orders_open = false,
                },
                () = tokio::time::sleep(sleep.unwrap_or_default()), if sleep.is_some() => {}
            }
        }
    }

    async fn states(&self) -> Result<HashMap<String, FeedState>, StoreError> {
        let states = self.0.store.feeds().await?;
        Ok(states.into_iter().map(|state| (state.id.clone(), state)).collect())
    }

    /// Makes a feed, or every feed, due; also one that is paused.
    fn hurry(&self, states: &mut HashMap<String, FeedState>, only: Option<&str>) {
        for feed in self.0.feeds.iter().filter(|feed| only.is_none_or(|id| id == feed.id)) {
            if let Some(state) = states.get_mut(&feed.id) {
                state.next_at = None;
                state.paused = false;
            }
        }
    }

    /// After a jump of the clock: overdue polls are spread, far-off ones brought near.
    fn settle(&self, states: &mut HashMap<String, FeedState>, now: Timestamp, seconds: i64) {
        let due: Vec<&str> = self
            .0
            .feeds
            .iter()
            .filter(|feed| states.get(&feed.id).is_some_and(|state| is_due(state, now)))
            .map(|feed| feed.id.as_str())
            .collect();
        for (place, id) in due.iter().enumerate().filter(|_| seconds > 0) {
            if let Some(state) = states.get_mut(*id) {
                state.next_at = Some(now.plus(SPREAD * place as i64 / due.len().max(1) as i64));
            }
        }
        for feed in &self.0.feeds {
            if let Some(state) = states.get_mut(&feed.id) {
                rein_in(state, feed.every, now);
            }
        }
    }
}

async fn tell(sink: &Sink, polled: Polled) {
    let claims = polled.committed.claims;
    if let Some(error) = polled.store_error.clone() {
        sink.tell(Report::StoreFailed(error)).await;
    }
    sink.tell(Report::PollEnded(Box::new(polled))).await;
    if claims > 0 {
        sink.tell(Report::LedgerChanged { claims }).await;
    }
}

/// The time of the schedule, and a watch on jumps of the wall clock.
struct Time {
    clock: Clock,
    wall: Timestamp,
    steady: Instant,
    start: (Timestamp, Instant),
}

impl Time {
    fn start(clock: Clock) -> Self {
        let (wall, steady) = (clock.now(), Instant::now());
        Self { clock, wall, steady, start: (wall, steady) }
    }

    /// Now on the schedule. A fixed clock still has to let feeds fall due.
    fn now(&self) -> Timestamp {
        match self.clock {
            Clock::Fixed(at) => at.plus(self.start.1.elapsed().as_secs() as i64),
            clock => clock.now(),
        }
    }

    /// By how much the wall clock jumped since the last look, if it did.
    fn jump(&mut self, now: Timestamp) -> Option<i64> {
        let gained = now.since(self.wall) - self.steady.elapsed().as_secs() as i64;
        (self.wall, self.steady) = (now, Instant::now());
        (matches!(self.clock, Clock::System) && gained.abs() > JUMP).then_some(gained)
    }

    /// How long to sleep until `wake`.
    fn until(&self, wake: Timestamp, now: Timestamp) -> Duration {
        let seconds = wake.since(now).max(0) as u64;
        let rate = match self.clock {
            Clock::Replay { rate, .. } => rate.max(1),
            _ => 1,
        };
        // Seconds are whole: a sleep of nothing would spin until the next one begins.
        Duration::from_secs(seconds).div_f64(f64::from(rate)).max(Duration::from_millis(10))
    }
}

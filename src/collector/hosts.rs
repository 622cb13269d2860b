//! Manners: how many requests a host gets at once, and how far apart.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until};

/// Hosts whose published rules ask for a gap between two requests.
const GAPS: &[(&str, Duration)] = &[
    // At most one request in about eight seconds, then 429.
    ("gdeltproject.org", Duration::from_secs(8)),
    // At most ten requests a second over all machines of a user.
    ("sec.gov", Duration::from_millis(250)),
];

/// The way to every host, shared by all polls.
#[derive(Debug)]
pub(super) struct Hosts {
    all: Arc<Semaphore>,
    /// Feeds that failed last time may hold at most half of the places, so that a crowd of dead servers,
    /// each taking its full time to fail, cannot keep the good ones waiting.
    suspects: Arc<Semaphore>,
    per_host: usize,
    known: Mutex<HashMap<String, Host>>,
}

#[derive(Clone, Debug)]
struct Host {
    places: Arc<Semaphore>,
    suspects: Arc<Semaphore>,
    /// When the next request may start; only for hosts that ask for a gap.
    next: Option<Instant>,
}

/// Leave to make one chain of requests.
#[derive(Debug)]
pub(super) struct Leave {
    /// Places at the host; free again when it has answered.
    host: [Option<OwnedSemaphorePermit>; 2],
    /// Places among all; held until the answer has been read and stored, so that answers cannot pile up.
    _all: [Option<OwnedSemaphorePermit>; 2],
}

impl Leave {
    /// The host has answered.
    pub(super) fn leave_host(&mut self) {
        self.host = [None, None];
    }
}

impl Hosts {
    /// At most `at_once` requests in all and `per_host` to one host.
    pub(super) fn new(at_once: usize, per_host: usize) -> Self {
        let at_once = at_once.max(1);
        Self {
            all: Arc::new(Semaphore::new(at_once)),
            suspects: Arc::new(Semaphore::new((at_once / 2).max(1))),
            per_host: per_host.max(1),
            known: Mutex::new(HashMap::new()),
        }
    }

    /// Waits for a place at `host` (with its port). `suspect`: the feed failed last time.
    pub(super) async fn enter(&self, host: &str, suspect: bool) -> Leave {
        let (places, suspects) = {
            let mut hosts = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let host = hosts.entry(host.to_owned()).or_insert_with(|| Host {
                places: Arc::new(Semaphore::new(self.per_host)),
                suspects: Arc::new(Semaphore::new(self.per_host.div_ceil(2))),
                next: None,
            });
            (Arc::clone(&host.places), Arc::clone(&host.suspects))
        };
        // The semaphores are never closed, so there is always a permit in the end. The host's places are
        // taken first: waiting for a slow host must not use up a place that another host could have.
        let (mut at_host, mut among_all) = ([None, None], [None, None]);
        if suspect {
            at_host[0] = suspects.acquire_owned().await.ok();
        }
        at_host[1] = places.acquire_owned().await.ok();
        if suspect {
            among_all[0] = Arc::clone(&self.suspects).acquire_owned().await.ok();
        }
        among_all[1] = Arc::clone(&self.all).acquire_owned().await.ok();
        if let Some(start) = self.book(host) {
            sleep_until(start).await;
        }
        Leave { host: at_host, _all: among_all }
    }

    /// Reserves the next moment at which a request to a host with a gap may start.
    fn book(&self, host: &str) -> Option<Instant> {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        let inside = |domain: &str| {
            name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let (_, gap) = GAPS.iter().find(|(domain, _)| inside(domain))?;
        let mut hosts = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = hosts.get_mut(host)?;
        let start = entry.next.unwrap_or_else(Instant::now).max(Instant::now());
        entry.next = Some(start + *gap);
        Some(start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap()
            .block_on(future)
    }

    #[test]
    fn a_host_gets_two_requests_at_once_and_no_more() {
        run(async {
            let hosts = Hosts::new(32, 2);
            let first = hosts.enter("a.example:443", false).await;
            let _second = hosts.enter("a.example:443", false).await;
            let _other = hosts.enter("b.example:443", false).await;
            let third = tokio::time::timeout(Duration::from_mins(1), hosts.enter("a.example:443", false));
            assert!(third.await.is_err());
            drop(first);
            hosts.enter("a.example:443", false).await;
        });
    }

    #[test]
    fn failing_feeds_leave_room_for_the_others() {
        run(async {
            let hosts = Hosts::new(4, 2);
            let mut held = Vec::new();
            for n in 0..2 {
                held.push(hosts.enter(&format!("bad{n}.example:443"), true).await);
            }
            let more = tokio::time::timeout(Duration::from_mins(1), hosts.enter("bad2.example:443", true));
            assert!(more.await.is_err());
            hosts.enter("good.example:443", false).await;
        });
    }

    #[test]
    fn a_host_that_asks_for_a_gap_gets_it() {
        run(async {
            let hosts = Hosts::new(32, 2);
            let begin = Instant::now();
            for _ in 0..3 {
                hosts.enter("api.gdeltproject.org:443", false).await;
            }
            assert_eq!(begin.elapsed().as_secs(), 16);
            for _ in 0..50 {
                hosts.enter("127.0.0.1:8080", false).await;
            }
            assert_eq!(begin.elapsed().as_secs(), 16);
        });
    }
}

//! When to poll again. Pure: a fact in, a decision out.

use std::time::Duration;

use crate::domain::time::Timestamp;
use crate::fetch::{Failure, FailureKind};
use crate::store::{FeedState, Move};

/// Longest time between two tries of a failing feed, in seconds.
const MAX_BACKOFF: i64 = 6 * 3600;
/// A server may ask for at most this.
const MAX_WAIT: i64 = 24 * 3600;
/// A validator may be stuck: a whole document is asked for this often.
const FULL_EVERY: i64 = 7 * 86_400;
/// A permanent move is believed after so many polls over so long a time.
const MOVE_POLLS: u32 = 3;
const MOVE_TIME: i64 = 86_400;
/// 410 answers in a row after which a feed is left alone.
const GONE: u32 = 3;
/// A moved feed that fails so often is asked for at its configured address again.
const MOVE_DOUBT: u32 = 3;

/// The feed's state for a poll: what is stored, unless the configured address has changed.
pub(super) fn state_for(stored: Option<&FeedState>, id: &str, address: &str) -> FeedState {
    match stored {
        Some(state) if state.url == address => state.clone(),
        _ => FeedState::new(id, address),
    }
}

/// Whether a whole document is to be asked for although there are validators.
pub(super) fn wants_full(state: &FeedState, now: Timestamp) -> bool {
    // A time in the future comes from a clock that was wrong.
    state.full_at.is_none_or(|at| !(0..FULL_EVERY).contains(&now.since(at)))
}

/// Whether the feed is to be polled.
pub(super) fn is_due(state: &FeedState, now: Timestamp) -> bool {
    !state.paused && state.next_at.is_none_or(|at| at <= now)
}

/// Writes down a success. `jitter` from 0 to 1 spreads the polls of feeds that began together.
pub(super) fn succeed(state: &mut FeedState, kind: &str, every: Duration, now: Timestamp, jitter: f64) {
    let every = every.as_secs() as i64;
    state.last_at = Some(now);
    state.last_ok = Some(now);
    kind.clone_into(&mut state.last_kind);
    state.last_detail.clear();
    state.failures = 0;
    state.gone = 0;
    state.paused = false;
    // Never early; at most half a minute late.
    state.next_at = Some(now.plus(every + (jitter * (every as f64 / 20.0).min(30.0)) as i64));
}

/// Writes down a failure. Validators and items stay.
pub(super) fn fail(state: &mut FeedState, failure: &Failure, every: Duration, now: Timestamp, jitter: f64) {
    let every = every.as_secs() as i64;
    state.last_at = Some(now);
    failure.kind.word().clone_into(&mut state.last_kind);
    failure.detail.as_str().clone_into(&mut state.last_detail);
    state.failures = state.failures.saturating_add(1);
    state.gone = if failure.kind == FailureKind::Gone { state.gone + 1 } else { 0 };
    state.paused = state.gone >= GONE;
    state.moving = None;
    if state.moved_to.is_some() && state.failures >= MOVE_DOUBT {
        state.moved_to = None;
    }
    let wait = if let Some(at) = failure.retry_after {
        at.since(now).clamp(every, MAX_WAIT.max(every))
    } else {
        let doubled = every.saturating_mul(1 << (state.failures - 1).min(20));
        let backoff = doubled.min(MAX_BACKOFF).max(every);
        backoff + (jitter * (backoff as f64 / 4.0).min(1800.0)) as i64
    };
    state.next_at = (!state.paused).then(|| now.plus(wait));
}

/// Takes a permanent redirect to `target` into account, seen on a poll that gave a feed. `None`: there
/// was none.
pub(super) fn note_move(state: &mut FeedState, from: &str, target: Option<&str>, now: Timestamp) {
    let Some(target) = target else {
        state.moving = None;
        return;
    };
    // From a secure address to an insecure one is no move that anybody should make for us.
    if from.starts_with("https:") && target.starts_with("http:") {
        state.moving = None;
        return;
    }
    let moving = match state.moving.take() {
        Some(known) if known.target == target => Move { polls: known.polls.saturating_add(1), ..known },
        _ => Move { target: target.to_owned(), polls: 1, since: now },
    };
    if moving.polls >= MOVE_POLLS && now.since(moving.since) >= MOVE_TIME {
        state.moved_to = Some(moving.target);
    } else {
        state.moving = Some(moving);
    }
}

/// At the start, a feed whose own configuration had kept it from being asked is asked at once: most likely
/// that is what has been mended since.
pub(super) fn forgive(state: &mut FeedState) {
    let mended = [FailureKind::BadUrl, FailureKind::Forbidden].map(FailureKind::word);
    if mended.contains(&state.last_kind.as_str()) {
        state.next_at = None;
    }
}

/// After a clock that was set back, no feed waits longer than its interval.
pub(super) fn rein_in(state: &mut FeedState, every: Duration, now: Timestamp) {
    let latest = now.plus((every.as_secs() as i64).max(MAX_WAIT));
    if let Some(next) = state.next_at
        && next > latest
    {
        state.next_at = Some(now.plus(every.as_secs() as i64));
    }
}

/// A number from 0 to 1 that differs from feed to feed and from poll to poll.
pub(super) fn jitter(id: &str, now: Timestamp) -> f64 {
    let seed = id.bytes().chain(now.0.to_le_bytes());
    let hash = seed
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    // The lower bits of this hash are poor.
    (hash >> 40) as f64 / (1_u64 << 24) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_780_000_000);
    const EVERY: Duration = Duration::from_mins(15);

    fn feed() -> FeedState {
        FeedState::new("wire", "https://news.example/feed")
    }

    fn failure(kind: FailureKind) -> Failure {
        Failure::new(kind, "it failed")
    }

    #[test]
    fn what_the_configuration_kept_from_being_asked_is_asked_at_the_start() {
        let mut state = FeedState { next_at: Some(NOW.plus(9_000)), ..FeedState::default() };
        for (kind, asked) in [(FailureKind::Forbidden, true), (FailureKind::ServerError, false)] {
            state.next_at = Some(NOW.plus(9_000));
            kind.word().clone_into(&mut state.last_kind);
            forgive(&mut state);
            assert_eq!(is_due(&state, NOW), asked, "{kind:?}");
        }
    }

    #[test]
    fn a_success_is_never_followed_early_and_hardly_late() {
        for step in 0..=10 {
            let mut state = feed();
            succeed(&mut state, "ok", EVERY, NOW, f64::from(step) / 10.0);
            let wait = state.next_at.unwrap().since(NOW);
            assert!((900..=930).contains(&wait), "{wait}");
        }
    }

    #[test]
    fn failures_wait_ever_longer_up_to_six_hours() {
        let mut state = feed();
        let mut last = 0;
        for _ in 0..40 {
            fail(&mut state, &failure(FailureKind::ServerError), EVERY, NOW, 0.0);
            let wait = state.next_at.unwrap().since(NOW);
            assert!(wait >= last && wait <= MAX_BACKOFF, "{wait}");
            last = wait;
        }
        assert_eq!(last, MAX_BACKOFF);
        assert!(!state.paused);
        succeed(&mut state, "ok", EVERY, NOW, 0.0);
        assert_eq!(state.failures, 0);
    }

    #[test]
    fn a_server_is_obeyed_within_reason() {
        let wait = |seconds: i64| {
            let mut state = feed();
            let asked = Failure { retry_after: Some(NOW.plus(seconds)), ..failure(FailureKind::Throttled) };
            fail(&mut state, &asked, EVERY, NOW, 1.0);
            state.next_at.unwrap().since(NOW)
        };
        assert_eq!(wait(3600), 3600);
        assert_eq!(wait(1), 900);
        assert_eq!(wait(-50), 900);
        assert_eq!(wait(i64::MAX - NOW.0), 86_400);
    }

    #[test]
    fn only_gone_three_times_in_a_row_pauses() {
        let mut state = feed();
        fail(&mut state, &failure(FailureKind::Gone), EVERY, NOW, 0.0);
        fail(&mut state, &failure(FailureKind::Gone), EVERY, NOW, 0.0);
        fail(&mut state, &failure(FailureKind::NotFound), EVERY, NOW, 0.0);
        fail(&mut state, &failure(FailureKind::Gone), EVERY, NOW, 0.0);
        fail(&mut state, &failure(FailureKind::Gone), EVERY, NOW, 0.0);
        assert!(!state.paused && is_due(&state, NOW.plus(MAX_WAIT)));
        fail(&mut state, &failure(FailureKind::Gone), EVERY, NOW, 0.0);
        assert!(state.paused && !is_due(&state, NOW.plus(MAX_WAIT)));
        assert_eq!(state.next_at, None);
    }

    #[test]
    fn a_move_is_believed_after_three_polls_over_a_day() {
        let (from, to) = ("https://news.example/feed", "https://news.example/rss");
        let mut state = feed();
        for hours in [0, 1, 2] {
            note_move(&mut state, from, Some(to), NOW.plus(hours * 3600));
        }
        assert_eq!(state.moved_to, None);
        note_move(&mut state, from, Some(to), NOW.plus(86_400));
        assert_eq!(state.moved_to.as_deref(), Some(to));
    }

    #[test]
    fn a_move_that_wavers_or_drops_its_lock_is_not_believed() {
        let from = "https://news.example/feed";
        let mut state = feed();
        for day in 0..6 {
            let to = if day % 2 == 0 { "https://a.example/" } else { "https://b.example/" };
            note_move(&mut state, from, Some(to), NOW.plus(day * 86_400));
        }
        assert_eq!(state.moved_to, None);
        for day in 0..6 {
            note_move(&mut state, from, Some("http://news.example/feed"), NOW.plus(day * 86_400));
        }
        assert_eq!(state.moved_to, None);
    }

    #[test]
    fn a_moved_feed_that_fails_is_asked_for_at_home_again() {
        let mut state = FeedState { moved_to: Some("https://b.example/".to_owned()), ..feed() };
        for _ in 0..3 {
            fail(&mut state, &failure(FailureKind::NotFound), EVERY, NOW, 0.0);
        }
        assert_eq!(state.moved_to, None);
    }

    #[test]
    fn a_whole_document_is_asked_for_every_week() {
        let state = FeedState { full_at: Some(NOW), ..feed() };
        assert!(wants_full(&feed(), NOW));
        assert!(!wants_full(&state, NOW.plus(6 * 86_400)));
        assert!(wants_full(&state, NOW.plus(7 * 86_400)));
        assert!(wants_full(&state, NOW.plus(-86_400)), "the clock was set back");
    }

    #[test]
    fn jitter_spreads() {
        let values: Vec<f64> = (0..200).map(|n| jitter(&format!("feed-{n}"), NOW)).collect();
        assert!(values.iter().all(|value| (0.0..1.0).contains(value)));
        assert!(values.iter().any(|value| *value < 0.1) && values.iter().any(|value| *value > 0.9));
    }
}

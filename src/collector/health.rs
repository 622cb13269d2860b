//! How a feed is doing. An answer of 200 proves nothing: a frozen feed answers well for months, so the
//! age of its newest item counts, against how often it usually has one.

use crate::domain::item::Item;
use crate::domain::time::Timestamp;
use crate::store::FeedState;

/// How a feed is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Health {
    /// Never polled.
    Unknown,
    /// Answers, and has news as usual.
    Ok,
    /// Answers, but its newest item is older than is usual for it.
    Late,
    /// Answers, but has had nothing new for so long that it is probably frozen.
    Frozen,
    /// Fails.
    Failing,
    /// Gone, and left alone.
    Paused,
}

impl Health {
    /// The word shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unknown => "NEW",
            Self::Ok => "OK",
            Self::Late => "LATE",
            Self::Frozen | Self::Failing => "FAIL",
            Self::Paused => "PAUSED",
        }
    }
}

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// No feed is late over a long weekend.
const LEAST_LATE: i64 = 4 * DAY;
const LEAST_FROZEN: i64 = 21 * DAY;

/// How a feed with this state is doing at `now`.
pub fn health(state: &FeedState, now: Timestamp) -> Health {
    if state.paused {
        return Health::Paused;
    }
    if state.failures > 0 {
        return Health::Failing;
    }
    if state.last_ok.is_none() {
        return Health::Unknown;
    }
    let (Some(newest), Some(habit)) = (state.newest, state.habit) else { return Health::Ok };
    let age = now.since(newest);
    if age > habit.saturating_mul(12).max(LEAST_FROZEN) {
        Health::Frozen
    } else if age > habit.saturating_mul(4).max(LEAST_LATE) {
        Health::Late
    } else {
        Health::Ok
    }
}

/// The newest publication time of a document's items, and how far its newest thirty usually lie apart:
/// the gap in seconds that four of five are below. No habit from fewer than five dated items.
pub(super) fn habit_of(items: &[Item]) -> (Option<Timestamp>, Option<i64>) {
    let mut times: Vec<i64> = items.iter().filter_map(|item| item.published).map(|at| at.0).collect();
    times.sort_unstable_by(|a, b| b.cmp(a));
    let newest = times.first().copied().map(Timestamp);
    times.truncate(30);
    let mut gaps: Vec<i64> = times.windows(2).map(|pair| pair[0] - pair[1]).collect();
    gaps.sort_unstable();
    let habit = (times.len() >= 5).then(|| gaps.get(gaps.len() * 4 / 5).copied()).flatten();
    (newest, habit.map(|gap| gap.clamp(HOUR, 30 * DAY)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_780_000_000);

    fn state(habit: i64, age: i64) -> FeedState {
        FeedState {
            last_ok: Some(NOW),
            newest: Some(NOW.plus(-age)),
            habit: Some(habit),
            ..FeedState::new("wire", "https://news.example/feed")
        }
    }

    #[test]
    fn silence_is_judged_by_the_feeds_own_habit() {
        assert_eq!(health(&state(6 * HOUR, 3 * DAY), NOW), Health::Ok);
        assert_eq!(health(&state(6 * HOUR, 5 * DAY), NOW), Health::Late);
        assert_eq!(health(&state(6 * HOUR, 30 * DAY), NOW), Health::Frozen);
        assert_eq!(health(&state(7 * DAY, 20 * DAY), NOW), Health::Ok);
        assert_eq!(health(&state(7 * DAY, 40 * DAY), NOW), Health::Late);
        assert_eq!(health(&state(7 * DAY, 100 * DAY), NOW), Health::Frozen);
    }

    #[test]
    fn failing_and_paused_stand_above_silence() {
        assert_eq!(health(&FeedState { failures: 1, ..state(HOUR, HOUR) }, NOW), Health::Failing);
        assert_eq!(
            health(&FeedState { paused: true, failures: 3, ..state(HOUR, HOUR) }, NOW),
            Health::Paused
        );
        assert_eq!(health(&FeedState::new("a", "b"), NOW), Health::Unknown);
    }
}

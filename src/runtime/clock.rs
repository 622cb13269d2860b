//! The wall clock: the only place that reads it.

use std::time::Instant;

use crate::domain::time::Timestamp;

/// Where the time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always the same instant (`GIGAWATCH_NOW`, tests).
    Fixed(Timestamp),
    /// Runs through the past at a speed of its own (the demo).
    Replay {
        /// The instant that it starts from.
        start: Timestamp,
        /// The instant that it stops at.
        end: Timestamp,
        /// Seconds of its time in one of ours.
        rate: u32,
        /// When it was started.
        since: Instant,
    },
}

impl Clock {
    /// A clock that starts now at `start` and runs `rate` times as fast as ours until it stops at `end`.
    pub fn replay(start: Timestamp, end: Timestamp, rate: u32) -> Self {
        Self::Replay { start, end, rate, since: Instant::now() }
    }

    /// Seconds of this clock in one of ours.
    pub fn rate(self) -> u32 {
        match self {
            Self::Replay { rate, .. } => rate.max(1),
            Self::System | Self::Fixed(_) => 1,
        }
    }

    /// Now, in whole seconds UTC.
    pub fn now(self) -> Timestamp {
        Timestamp(self.millis().div_euclid(1000))
    }

    /// Now, in milliseconds since 1970 UTC.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn millis(self) -> i64 {
        match self {
            Self::Fixed(instant) => instant.0.saturating_mul(1000),
            Self::Replay { start, end, rate, since } => {
                let run = since.elapsed().as_millis() * u128::from(rate);
                let run = i64::try_from(run).unwrap_or(i64::MAX);
                end.0.saturating_mul(1000).min(start.0.saturating_mul(1000).saturating_add(run))
            }
            Self::System => {
                let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                since.map_or(0, |elapsed| elapsed.as_millis() as i64)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replay_starts_at_its_start_and_stops_at_its_end() {
        let (start, end) = (Timestamp(1_000), Timestamp(2_000));
        let now = Clock::replay(start, end, 1).now();
        assert!((start..=end).contains(&now), "{now}");
        assert_eq!(Clock::replay(start, start, u32::MAX).now(), start);
        // A clock started an hour ago has long arrived.
        if let Some(since) = Instant::now().checked_sub(std::time::Duration::from_hours(1)) {
            assert_eq!(Clock::Replay { start, end, rate: 1, since }.now(), end);
        }
    }
}

//! The wall clock: the only place that reads it.

use crate::domain::time::Timestamp;

/// Where the time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// Always the same instant (`GIGAWATCH_NOW`, tests).
    Fixed(Timestamp),
}

impl Clock {
    /// Now, in whole seconds UTC.
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the clock")]
    pub fn now(self) -> Timestamp {
        match self {
            Self::Fixed(instant) => instant,
            Self::System => {
                let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
                Timestamp(since.map_or(0, |elapsed| elapsed.as_secs() as i64))
            }
        }
    }
}

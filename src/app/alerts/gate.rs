//! When an alert may interrupt: not in quiet hours, not in a burst, not with stale news.

use std::collections::VecDeque;

use super::rules::Found;
use crate::config::alerts::Gate;
use crate::domain::time::Timestamp;

/// Lets notices through, or not.
#[derive(Clone, Debug)]
pub struct Gatekeeper {
    gate: Gate,
    /// Minutes from UTC to local time.
    offset: i32,
    /// Watching since then without a break.
    since: Timestamp,
    /// Notices of the last hour, oldest first.
    sent: VecDeque<Timestamp>,
}

impl Gatekeeper {
    /// A gate that has let nothing through yet.
    pub fn new(gate: Gate, offset: i32, now: Timestamp) -> Self {
        Self { gate, offset, since: now, sent: VecDeque::new() }
    }

    pub(super) fn set_gate(&mut self, gate: Gate) {
        self.gate = gate;
    }

    pub(super) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Begins a new time of grace.
    pub fn resume(&mut self, now: Timestamp) {
        self.since = now;
    }

    /// Whether it is news now: not in the time of grace or in quiet hours, and not old.
    pub fn is_news(&self, found: &Found, now: Timestamp) -> bool {
        let minute = (now.0.div_euclid(60) + i64::from(self.offset)).rem_euclid(1440) as u16;
        let fresh = self.gate.fresh.as_secs() as i64;
        // A filing that is read late is still news, unless it is late because nobody was watching.
        let missed = self.since.since(found.published) > fresh;
        let stale = now.since(found.published) > fresh && (!found.party || missed);
        let grace = now.since(self.since) < self.gate.grace.as_secs() as i64;
        !found.standing && !grace && !stale && !self.gate.is_quiet(minute)
    }

    /// Whether a person may be interrupted by news now: not in a burst. What is let through counts as sent.
    pub fn admits(&mut self, now: Timestamp) -> bool {
        while self.sent.front().is_some_and(|sent| now.since(*sent) >= 3600) {
            self.sent.pop_front();
        }
        let close =
            self.sent.back().is_some_and(|last| now.since(*last) < self.gate.spacing.as_secs() as i64);
        if close || self.sent.len() >= self.gate.per_hour {
            return false;
        }
        self.sent.push_back(now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn keeper(quiet: Vec<(u16, u16)>) -> Gatekeeper {
        let gate = Gate {
            fresh: Duration::from_mins(15),
            spacing: Duration::from_mins(1),
            per_hour: 3,
            grace: Duration::from_secs(10),
            quiet,
        };
        Gatekeeper::new(gate, 60, Timestamp(0))
    }

    fn admits(keeper: &mut Gatekeeper, found: &Found, now: Timestamp) -> bool {
        keeper.is_news(found, now) && keeper.admits(now)
    }

    fn found(published: i64, party: bool) -> Found {
        Found {
            deal: None,
            subject: String::new(),
            title: String::new(),
            text: String::new(),
            claim: None,
            published: Timestamp(published),
            party,
            standing: false,
        }
    }

    #[test]
    fn nothing_interrupts_in_the_time_of_grace() {
        let mut keeper = keeper(Vec::new());
        assert!(!admits(&mut keeper, &found(0, false), Timestamp(9)));
        assert!(admits(&mut keeper, &found(0, false), Timestamp(10)));
        keeper.resume(Timestamp(1000));
        assert!(!admits(&mut keeper, &found(1000, false), Timestamp(1005)));
    }

    #[test]
    fn old_news_interrupts_only_from_a_party() {
        let mut keeper = keeper(Vec::new());
        assert!(!admits(&mut keeper, &found(0, false), Timestamp(901)));
        assert!(admits(&mut keeper, &found(0, true), Timestamp(901)));
    }

    #[test]
    fn what_was_said_while_the_machine_slept_does_not_interrupt_whoever_said_it() {
        let mut keeper = keeper(Vec::new());
        keeper.resume(Timestamp(10_000));
        assert!(!admits(&mut keeper, &found(9_000, true), Timestamp(10_020)));
        assert!(admits(&mut keeper, &found(9_500, true), Timestamp(10_020)));
    }

    #[test]
    fn notices_keep_their_distance_and_their_number() {
        let mut keeper = keeper(Vec::new());
        let at = |now: i64| found(now, false);
        assert!(admits(&mut keeper, &at(100), Timestamp(100)));
        assert!(!admits(&mut keeper, &at(159), Timestamp(159)));
        assert!(admits(&mut keeper, &at(160), Timestamp(160)));
        assert!(admits(&mut keeper, &at(220), Timestamp(220)));
        assert!(!admits(&mut keeper, &at(400), Timestamp(400)), "the hour is full");
        assert!(admits(&mut keeper, &at(3700), Timestamp(3700)));
    }

    #[test]
    fn quiet_hours_go_by_local_time() {
        // 23:00 to 07:00 local; the offset is one hour: 22:30 UTC is quiet, 06:30 UTC is not.
        let mut keeper = keeper(vec![(23 * 60, 7 * 60)]);
        let at = |hour: i64, minute: i64| Timestamp(hour * 3600 + minute * 60);
        assert!(!admits(&mut keeper, &found(at(22, 30).0, false), at(22, 30)));
        assert!(admits(&mut keeper, &found(at(6, 30).0, false), at(6, 30)));
    }
}

//! The day that is shown: today, or one that was asked for.

use super::super::State;
use super::super::msg::{Effect, Step};
use super::super::nav::Screen;
use super::super::state::ToastKind;
use crate::domain::time::{Day, Timestamp};

impl State {
    /// What is to be done when the screen opens.
    pub fn start(&mut self, now: Timestamp) -> Step {
        self.work_out(now)
    }

    /// The day that is shown.
    pub fn shown_day(&self, now: Timestamp) -> Day {
        self.as_of.unwrap_or(now.day())
    }

    /// Has everything that depends on the day or the claims worked out again.
    pub(super) fn work_out(&mut self, now: Timestamp) -> Step {
        if self.world.ledger.is_none() {
            return Step::draw();
        }
        let day = self.shown_day(now);
        self.ticket += 1;
        let mut effects = vec![Effect::Board { ticket: self.ticket, day, mark: self.last_look() }];
        if let Some(slug) =
            self.deal.as_ref().filter(|_| self.tab().is_some() || self.screen == Screen::Figures)
        {
            effects.push(Effect::Page { ticket: self.ticket, slug: slug.clone(), day });
        }
        Step::effects(effects)
    }

    /// A live board that is open over midnight shows the new day.
    pub(super) fn new_day(&mut self, now: Timestamp) -> Step {
        let stale = self.as_of.is_none() && self.world.day().is_some_and(|day| day != now.day());
        if stale && self.asked_for != Some(now.day()) {
            self.asked_for = Some(now.day());
            return self.work_out(now);
        }
        Step::none()
    }

    /// Shows the board as it stood at the end of a day.
    pub(super) fn travel(&mut self, day: Day, now: Timestamp) -> Step {
        if day >= now.day() {
            return self.live(now);
        }
        self.as_of = Some(day);
        self.say(ToastKind::Good, format!("the board as of {day}"), now).and(self.work_out(now))
    }

    /// Returns to now.
    pub(super) fn live(&mut self, now: Timestamp) -> Step {
        if self.as_of.take().is_none() {
            return self.say(ToastKind::Good, "the board is live", now);
        }
        self.say(ToastKind::Good, "back to now", now).and(self.work_out(now))
    }

    /// Steps to the change before or after the day that is shown: of the deal when drilled in, of any
    /// deal otherwise.
    pub(super) fn step_change(&mut self, by: i32, now: Timestamp) -> Step {
        let day = self.shown_day(now);
        let Some(history) = self.world.history.clone() else {
            return self.say(ToastKind::Bad, "the history is still being worked out", now);
        };
        let slug = self.tab().and(self.deal.as_deref());
        match history.neighbour(slug, day, by) {
            Some(next) => {
                let what = history
                    .changes
                    .iter()
                    .filter(|change| change.day == next && slug.is_none_or(|slug| slug == change.deal))
                    .max_by_key(|change| change.flip)
                    .map(|change| format!("{next}  {}: {}", change.deal, change.what));
                let step = self.travel(next, now);
                match what {
                    Some(what) => step.and(self.say(ToastKind::Good, what, now)),
                    None => step,
                }
            }
            None if by > 0 && self.as_of.is_some() => self.live(now),
            None => self.say(ToastKind::Good, "there is no earlier change", now),
        }
    }

    /// Reads a day as typed: `2026-02-27`, `27 feb`, `-30d`, `yesterday`, `today`.
    pub(super) fn typed_day(text: &str, now: Timestamp) -> Option<Day> {
        let text = text.trim().to_lowercase();
        let today = now.day();
        match text.as_str() {
            "today" | "now" | "live" => return Some(today),
            "yesterday" => return Some(today.plus(-1)),
            _ => {}
        }
        if let Some(back) = text.strip_prefix('-') {
            let length = super::super::format::parse_length(back)?;
            return Some(today.plus(-((length / 86_400) as i32)));
        }
        text.parse().ok().or_else(|| month_and_day(&text, today))
    }
}

/// `27 feb`, `feb 27`, `feb 2026`, `2026-02`: the last such day that is not in the future.
fn month_and_day(text: &str, today: Day) -> Option<Day> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let (mut month, mut number, mut year) = (None, None, None);
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if let Ok(n) = word.parse::<i16>() {
            if n > 31 {
                year = Some(n);
            } else if year.is_some() && month.is_none() {
                month = i8::try_from(n).ok();
            } else {
                number = i8::try_from(n).ok();
            }
        } else {
            let place = MONTHS.iter().position(|name| word.starts_with(name))?;
            month = i8::try_from(place + 1).ok();
        }
    }
    let month = month?;
    let of_year = |year: i16| match number {
        Some(day) => Day::from_ymd(year, month, day),
        None => Day::end_of_month(year, month),
    };
    if let Some(year) = year {
        of_year(year)
    } else {
        let this = today.ymd().0;
        of_year(this).filter(|day| *day <= today).or_else(|| of_year(this - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_type_them() {
        let now: Timestamp = "2026-03-10T12:00:00Z".parse().unwrap();
        for (text, day) in [
            ("2026-02-27", "2026-02-27"),
            ("27 feb", "2026-02-27"),
            ("feb 27", "2026-02-27"),
            ("Dec 31", "2025-12-31"),
            ("feb 2026", "2026-02-28"),
            ("2026-02", "2026-02-28"),
            ("-30d", "2026-02-08"),
            ("yesterday", "2026-03-09"),
        ] {
            assert_eq!(
                State::typed_day(text, now).map(|day| day.to_string()).as_deref(),
                Some(day),
                "{text}"
            );
        }
        assert_eq!(State::typed_day("soon", now), None);
        assert_eq!(State::typed_day("30 feb 2026", now), None);
    }
}

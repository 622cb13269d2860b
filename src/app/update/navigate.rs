//! Moving: rows, pages, panes, tabs, deals.

use super::super::State;
use super::super::figures::{FigureRow, Subject};
use super::super::msg::{Effect, Step};
use super::super::nav::{Cursor, List, Pane, Screen, Tab};
use super::super::state::ToastKind;
use super::super::wire::WireRow;
use crate::domain::time::Timestamp;

impl State {
    /// Moves the cursor of a list by rows.
    pub(super) fn move_by(&mut self, list: List, by: isize) -> Step {
        if list == List::Wire {
            return self.move_wire(|cursor, rows| cursor.step(rows, by));
        }
        let keys = self.keys(list);
        if keys.is_empty() {
            return Step::none();
        }
        self.cursors.entry(list).or_default().step(&keys, by);
        Step::draw()
    }

    /// Puts the cursor of a list on the row of a place.
    pub(super) fn move_to(&mut self, list: List, place: usize) -> Step {
        if list == List::Wire && place == 0 {
            // At the top the wire flows.
            self.cursors.remove(&list);
            self.wire_seen = None;
            return Step::draw();
        }
        if list == List::Wire {
            return self.move_wire(|cursor, rows| cursor.put(rows, place));
        }
        let keys = self.keys(list);
        self.cursors.entry(list).or_default().put(&keys, place);
        Step::draw()
    }

    /// Moves the wire's cursor: thousands of rows, of which no key is copied.
    fn move_wire(&mut self, step: impl FnOnce(&mut Cursor, &[WireRow])) -> Step {
        if self.wire_rows().is_empty() {
            return Step::none();
        }
        self.hold_wire();
        let mut cursor = self.cursors.remove(&List::Wire).unwrap_or_default();
        step(&mut cursor, self.wire_rows());
        self.cursors.insert(List::Wire, cursor);
        Step::draw()
    }

    /// From the first move away from the top, new lines wait above.
    fn hold_wire(&mut self) {
        if self.wire_seen.is_none() {
            self.wire_seen = self.world.wire.first().map(|row| row.key.clone());
        }
    }

    /// Moves by a part of what the last frame showed.
    pub(super) fn move_page(&mut self, parts: isize) -> Step {
        let list = self.list();
        let height = self.pages.of(list).height.max(2) as isize;
        self.move_by(list, height * parts / 2)
    }

    /// The next pane or tab.
    pub(super) fn next_pane(&mut self, by: isize, now: Timestamp) -> Step {
        match self.screen {
            Screen::Board => {
                self.pane = if self.pane == Pane::Deals { Pane::Wire } else { Pane::Deals };
                Step::draw()
            }
            Screen::Deal(tab) => self.go(Screen::Deal(tab.shifted(by))),
            _ => self.say(ToastKind::Good, "this screen has one pane", now),
        }
    }

    /// Drills into a deal.
    pub(super) fn drill(&mut self, slug: &str, tab: Tab, now: Timestamp) -> Step {
        let known = self.world.deal(slug).is_some();
        if !known {
            return self.say(ToastKind::Bad, format!("no deal `{slug}` on the board"), now);
        }
        let step = self.turn_to(slug, now);
        self.go(Screen::Deal(tab)).and(step)
    }

    /// Has a deal worked out in full, without going there.
    fn turn_to(&mut self, slug: &str, now: Timestamp) -> Step {
        if self.deal.as_deref() != Some(slug) {
            self.deal = Some(slug.to_owned());
            self.page = None;
            for list in [
                List::Overview,
                List::Claims,
                List::Timeline,
                List::Evidence,
                List::Chart,
                List::Economics,
                List::Exposure,
            ] {
                self.cursors.remove(&list);
            }
            self.knobs.leave_deal();
        }
        // The board's cursor follows, so that going back leads to the same deal.
        let keys = self.keys(List::Deals);
        if let Some(place) = keys.iter().position(|key| key == slug) {
            self.cursors.entry(List::Deals).or_default().put(&keys, place);
        }
        let day = self.shown_day(now);
        self.ticket += 1;
        Step::effect(Effect::Page { ticket: self.ticket, slug: slug.to_owned(), day })
    }

    /// Shows where the numbers come from: of the line of the wire under the cursor, or of the deal.
    pub(super) fn show_figures(&mut self, now: Timestamp) -> Step {
        let signal = (self.screen == Screen::Board && self.pane == Pane::Wire)
            .then(|| self.wire_rows().get(self.cursor(List::Wire)).cloned())
            .flatten();
        if let Some(row) = signal {
            return self.figures_of(Subject::Signal(Box::new(row)));
        }
        let Some(slug) = self.subject() else {
            return self.say(ToastKind::Good, "figures are those of a deal: choose one on the board", now);
        };
        let step = self.turn_to(&slug, now);
        self.figures_of(Subject::Deal(slug)).and(step)
    }

    fn figures_of(&mut self, subject: Subject) -> Step {
        if self.figures_of.as_ref() != Some(&subject) {
            self.cursors.remove(&List::Figures);
            self.figures.clear();
        }
        self.figures_of = Some(subject);
        self.gather_figures();
        self.go(Screen::Figures)
    }

    /// The deal of a number or letter of the board, or the tab of a number.
    pub(super) fn number(&mut self, label: &str, now: Timestamp) -> Step {
        let Some(number) = place_of(label) else {
            return self.say(ToastKind::Bad, format!("`{label}` is no number"), now);
        };
        if matches!(self.screen, Screen::Deal(_)) && label.parse::<u8>().is_ok() {
            return match Tab::ALL.get(number - 1) {
                Some(tab) => self.go(Screen::Deal(*tab)),
                None => self.say(ToastKind::Bad, format!("there is no tab {label}"), now),
            };
        }
        match self.keys(List::Deals).get(number - 1).cloned() {
            Some(slug) => self.drill(&slug, Tab::Overview, now),
            None => self.say(ToastKind::Bad, format!("there is no deal {label} on the board"), now),
        }
    }

    /// The next or previous deal of the board, in the same tab when drilled in.
    pub(super) fn neighbour_deal(&mut self, by: isize, now: Timestamp) -> Step {
        let keys = self.keys(List::Deals);
        if keys.is_empty() || !matches!(self.screen, Screen::Board | Screen::Deal(_)) {
            return self.say(ToastKind::Bad, "no deals are shown here", now);
        }
        let place = match &self.deal {
            Some(slug) if self.tab().is_some() => keys.iter().position(|key| key == slug).unwrap_or(0),
            _ => self.place(List::Deals, &keys),
        };
        let next = (place as isize + by).rem_euclid(keys.len() as isize) as usize;
        match self.tab() {
            Some(tab) => keys.get(next).cloned().map_or_else(Step::none, |slug| self.drill(&slug, tab, now)),
            None => self.move_to(List::Deals, next),
        }
    }

    /// The next or previous deal with something new.
    pub(super) fn neighbour_new(&mut self, by: isize, now: Timestamp) -> Step {
        let rows: Vec<bool> = self.deal_rows().iter().map(|row| row.new > 0).collect();
        let place = self.place(List::Deals, &self.keys(List::Deals)) as isize;
        let count = rows.len() as isize;
        let found = (1..=count)
            .map(|step| (place + by * step).rem_euclid(count.max(1)) as usize)
            .find(|at| rows.get(*at).copied().unwrap_or(false));
        match found {
            Some(at) => self.move_to(List::Deals, at),
            None => self.say(ToastKind::Good, "nothing is new", now),
        }
    }

    /// Drills into the row under the cursor.
    pub(super) fn open(&mut self, now: Timestamp) -> Step {
        let list = self.list();
        if list == List::Help {
            return self.run_help_row(now);
        }
        let Some(row) = self.row() else { return self.nothing_here(now) };
        match list {
            List::Deals => self.drill(&row.key, Tab::Overview, now),
            List::Matrix => {
                let query =
                    self.matrix().rows.into_iter().find(|line| line.buyer == row.key).map(|line| line.id);
                let step = self.set_filter(&format!("buyer:{}", query.unwrap_or_default()), now);
                self.go(Screen::Board).and(step)
            }
            List::Evidence | List::Sources => {
                self.zoomed = !self.zoomed;
                Step::draw()
            }
            List::Figures => match self.figures.get(self.cursor(list)).and_then(FigureRow::claim).cloned() {
                Some(claim) => match claim.subject.deal() {
                    Some(deal) => self.show_words(deal.clone().as_str(), &claim.id, now),
                    None => {
                        self.say(ToastKind::Good, "a programme's words stand below; o opens the source", now)
                    }
                },
                None => self.say(ToastKind::Good, "no claim lies behind this figure", now),
            },
            // A programme is no deal: its words stand with its figures.
            List::Wire if row.deal.as_deref().is_none_or(|slug| self.world.deal(slug).is_none()) => {
                self.show_figures(now)
            }
            List::Economics | List::Log | List::Exposure | List::Chart => self.nothing_here(now),
            List::Overview if row.claim.is_none() => {
                let rows = self.overview_rows();
                let place = self.place(list, &self.keys(list));
                let why = rows.get(place).map_or("", |row| row.wordless());
                self.say(ToastKind::Good, why, now)
            }
            _ => match (row.claim, row.deal.or_else(|| self.deal.clone())) {
                (Some(claim), Some(deal)) => self.show_words(&deal, &claim, now),
                (None, Some(deal)) if self.tab().is_none() => self.drill(&deal, Tab::Timeline, now),
                _ => self.nothing_here(now),
            },
        }
    }

    /// Goes to the words of a claim.
    pub(super) fn show_words(&mut self, deal: &str, claim: &str, now: Timestamp) -> Step {
        let step = self.drill(deal, Tab::Evidence, now);
        // The page may still be on its way: the cursor waits for its row by identity.
        let cursor = self.cursors.entry(List::Evidence).or_default();
        cursor.key = Some(claim.to_owned());
        step
    }

    fn nothing_here(&mut self, now: Timestamp) -> Step {
        self.say(ToastKind::Good, "nothing lies behind this row", now)
    }

    fn run_help_row(&mut self, now: Timestamp) -> Step {
        let rows = self.help_rows();
        let place = self.place(List::Help, &self.keys(List::Help));
        match rows.get(place) {
            Some(super::super::help::HelpRow::Command { command, .. }) => {
                let call = (*command).into();
                let step = self.back();
                step.and(self.call(&call, now))
            }
            _ => self.nothing_here(now),
        }
    }

    /// A click: focus and cursor; on the row under the cursor, open.
    pub(super) fn click(&mut self, x: u16, y: u16, now: Timestamp) -> Step {
        let Some(hit) = self.hit(x, y) else { return Step::none() };
        match hit.list {
            List::Deals => self.pane = Pane::Deals,
            List::Wire => self.pane = Pane::Wire,
            _ => {}
        }
        if self.list() == hit.list && self.cursor(hit.list) == hit.place {
            return self.open(now);
        }
        self.move_to(hit.list, hit.place)
    }

    /// The wheel over a column and a row: the list under the pointer moves, else the one with the focus.
    pub(super) fn wheel(&mut self, (x, y): (u16, u16), by: i32) -> Step {
        let list = self.hit(x, y).map_or(self.list(), |hit| hit.list);
        self.move_by(list, by as isize * 3)
    }
}

/// The place behind a label: `1` to `9`, then `a` for ten, `b` for eleven and so on.
fn place_of(label: &str) -> Option<usize> {
    let mut chars = label.chars();
    match (chars.next()?, chars.next()) {
        (c @ '1'..='9', None) => Some(c as usize - '0' as usize),
        (c @ 'a'..='z', None) => Some(c as usize - 'a' as usize + 10),
        _ => label.parse().ok().filter(|number| (1..1000).contains(number)),
    }
}

/// The label of the n-th deal of the board, `n` from 1; empty beyond `z`.
pub fn label_of(number: usize) -> String {
    match number {
        1..=9 => number.to_string(),
        10..=35 => char::from(b'a' + (number - 10) as u8).to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_lead_back_to_their_places() {
        for number in 1..=35 {
            assert_eq!(place_of(&label_of(number)), Some(number));
        }
        assert_eq!(place_of("36"), Some(36));
        assert_eq!(place_of("0"), None);
        assert_eq!(place_of("?"), None);
    }
}

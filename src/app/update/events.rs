//! What workers report.

use std::any::Any;
use std::sync::Arc;

use super::super::State;
use super::super::msg::{Effect, Event, Retired, Step};
use super::super::state::ToastKind;
use super::super::world::Source;
use crate::domain::time::Timestamp;

impl State {
    pub(super) fn event(&mut self, event: Event, now: Timestamp) -> Step {
        match event {
            Event::Ledger { ledger, complete } => {
                let old = self.world.ledger.replace(ledger);
                let step = self.work_out(now).and(Step::effect(Effect::History(now.day())));
                if complete {
                    self.desk.begin(self.ticket);
                }
                step.and(retire(old))
            }
            Event::Board { ticket, board } => {
                // An answer to an older question would show another day than line 1 says.
                if ticket != self.ticket && board.as_of != self.shown_day(now) {
                    return Step::none();
                }
                self.world.board = Some(board);
                if self.as_of.is_some() {
                    return Step::draw();
                }
                self.look_for_alerts(ticket, now)
            }
            Event::Page { page, .. } => {
                match page {
                    Some(page) if self.deal.as_deref() == Some(page.status.deal.slug.as_str()) => {
                        self.page = Some(page);
                        self.gather_figures();
                    }
                    _ => return Step::none(),
                }
                Step::draw()
            }
            Event::History(history) => {
                let old = self.world.history.replace(history);
                Step::draw().and(retire(old))
            }
            Event::Wire { wire, fresh } => {
                let old = std::mem::replace(&mut self.world.wire, wire);
                self.alert_on_wire(&fresh, now).and(retire(Some(old)))
            }
            Event::WireThen(day, wire) => {
                self.world.wire_then = Some((day, wire));
                Step::draw()
            }
            Event::Sources(sources) => {
                self.world.sources = sources;
                Step::draw()
            }
            Event::PollStarted { feed } => {
                if !self.world.poll.running() {
                    self.world.poll = super::super::world::Poll::default();
                }
                self.world.poll.asked += 1;
                if let Some(source) = self.world.sources.iter_mut().find(|source| source.id == feed) {
                    source.busy = true;
                }
                Step::draw()
            }
            Event::PollEnded { source, new } => self.poll_ended(&source, new, now),
            Event::Remembered { own, last_look, alerts } => {
                self.world.own = own;
                self.world.last_look = last_look;
                self.desk.remember(alerts);
                self.work_out(now)
            }
            Event::Viewer(by) => {
                self.world.viewer = true;
                let who = by.map_or_else(String::new, |pid| format!(" (process {pid})"));
                let text = format!("another gigawatch{who} polls; this one shows what it stores");
                self.world.log(now, false, &text);
                self.say(ToastKind::Good, text, now)
            }
            Event::StoreNotice(text) => {
                self.world.log(now, true, &text);
                self.world.store_notice = Some(text);
                Step::draw()
            }
            Event::ClockJumped(seconds) => {
                self.desk.resume(now);
                let text = format!(
                    "the clock jumped by {}: overdue polls are spread",
                    super::super::format::age(seconds.abs())
                );
                self.world.log(now, false, &text);
                self.work_out(now)
            }
            Event::Note { bad, text } => {
                self.world.log(now, bad, &text);
                Step::draw()
            }
            Event::Done(text) => {
                self.world.log(now, false, &text);
                self.say(ToastKind::Good, text, now)
            }
            Event::Failed(failure) => {
                let text = if failure.hint.is_empty() {
                    failure.what
                } else {
                    format!("{}; {}", failure.what, failure.hint)
                };
                self.say(ToastKind::Bad, text, now)
            }
            Event::Theme(name) => {
                self.options.theme.clone_from(&name);
                Step::draw()
            }
            Event::ConfigurationTouched => Step::effect(Effect::Reload),
            Event::Configured(new) => {
                self.keymap = new.keys;
                self.options.themes = new.themes;
                self.options.views = new.views;
                self.desk.set_rules(&new.alerts);
                self.economics = std::sync::Arc::new(new.economics);
                self.world.dates = new.dates;
                self.options.buyer = new.buyer;
                let said = if new.needs_restart {
                    "the changed configuration is in use; feeds, deals and limits from the next start"
                } else {
                    "the changed configuration is in use"
                };
                self.world.log(now, false, said);
                self.say(ToastKind::Good, said, now)
            }
        }
    }

    fn poll_ended(&mut self, source: &Source, new: usize, now: Timestamp) -> Step {
        self.world.poll.done += 1;
        self.world.poll.new += new;
        let failed = source.health == super::super::world::Health::Failed;
        let known = self.world.sources.iter_mut().find(|known| known.id == source.id);
        let worse = known.as_ref().is_none_or(|known| known.health != source.health) && failed;
        if worse {
            let text = format!("feed `{}`: {}", source.id, source.detail);
            self.world.log(now, true, &text);
        }
        match self.world.sources.iter_mut().find(|known| known.id == source.id) {
            Some(known) => *known = source.clone(),
            None => self.world.sources.push(source.clone()),
        }
        self.alert_on_feed(source, now).and(Step::draw())
    }
}

/// Has something old let go of elsewhere.
fn retire<T: Any + Send + Sync>(old: Option<Arc<T>>) -> Step {
    let effects = old.map(|old| Effect::Release(Retired::new(old))).into_iter().collect();
    Step { dirty: false, effects }
}

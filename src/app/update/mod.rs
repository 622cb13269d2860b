//! One message in, the new state and what to do out. Synchronous and total.

mod calls;
mod events;
mod navigate;
mod prompts;
mod time;

pub use navigate::label_of;

use super::State;
use super::key::{Code, Key};
use super::keymap::Resolved;
use super::msg::{Effect, Msg, Step, Wait};
use super::nav::{Cursor, List, Screen, Tab};
use super::state::{Toast, ToastKind};
use crate::domain::time::Timestamp;

impl State {
    /// Takes one message.
    pub fn update(&mut self, msg: Msg, now: Timestamp) -> Step {
        match msg {
            Msg::Key(key) => {
                self.typed += 1;
                // Any key ends kiosk mode, and does nothing else.
                if self.kiosk.take().is_some() {
                    return self.say(ToastKind::Good, "kiosk mode ended", now);
                }
                self.key(key, now)
            }
            Msg::Paste(text) => self.pasted(&text),
            Msg::Resized => Step::draw(),
            Msg::Focus(focused) => {
                self.focused = focused;
                if focused { Step::effect(Effect::Reload) } else { Step::draw() }
            }
            Msg::Click(x, y) => self.click(x, y, now),
            Msg::Wheel { at, by } => self.wheel(at, by),
            Msg::Over(wait) => self.over(wait, now),
            Msg::Tick => self.tick(now),
            Msg::Event(event) => self.event(event, now),
        }
    }

    fn tick(&mut self, now: Timestamp) -> Step {
        let mut step = Step::none();
        // The minute has turned, or the frame gate woke us: drawing an equal frame writes nothing.
        if self.minutes {
            step.dirty = true;
        }
        step.and(self.new_day(now))
    }

    fn over(&mut self, wait: Wait, now: Timestamp) -> Step {
        match wait {
            Wait::Sequence => {
                self.pending.clear();
                Step::draw()
            }
            Wait::Toast => {
                self.toast = None;
                Step::draw()
            }
            Wait::Kiosk => match &mut self.kiosk {
                Some(turn) => {
                    *turn += 1;
                    self.neighbour_deal(1, now)
                }
                None => Step::none(),
            },
        }
    }

    fn key(&mut self, key: Key, now: Timestamp) -> Step {
        if self.prompt.is_some() {
            return self.prompt_key(key, now);
        }
        // One key ends the program whatever is bound.
        if key.ctrl && key.code == Code::Char('c') {
            return Step::effect(Effect::Quit);
        }
        if key.code == Code::Esc && !self.pending.is_empty() {
            self.pending.clear();
            return Step::draw();
        }
        let layer = self.screen.layer(self.pane);
        self.pending.push(key);
        match self.keymap.resolve(layer, &self.pending) {
            Resolved::Pending => Step::draw(),
            Resolved::Call(call) => {
                self.pending.clear();
                self.call(&call, now)
            }
            Resolved::Unbound => {
                let typed = super::key::print(&self.pending);
                let known = self.pending.len() > 1;
                self.pending.clear();
                if known {
                    self.say(ToastKind::Bad, format!("`{typed}` is not bound here"), now)
                } else {
                    Step::none()
                }
            }
        }
    }

    /// Shows a message for a few seconds; bad news can be read in the log afterwards.
    pub(super) fn say(&mut self, kind: ToastKind, text: impl Into<String>, now: Timestamp) -> Step {
        let text = text.into();
        if kind == ToastKind::Bad {
            self.world.log(now, true, &text);
        }
        self.toast = Some(Toast { kind, text, number: self.said });
        self.said += 1;
        Step::draw()
    }

    /// Goes to a screen, remembering the one before.
    pub(super) fn go(&mut self, screen: Screen) -> Step {
        if self.screen != screen {
            let before = std::mem::replace(&mut self.screen, screen);
            let in_deal = matches!(before, Screen::Deal(_)) && matches!(self.screen, Screen::Deal(_));
            // Going round in the tabs of a deal is one place to come back from.
            if !in_deal {
                if self.trail.len() >= 32 {
                    self.trail.remove(0);
                }
                self.trail.push(before);
            }
            self.zoomed = false;
        }
        if self.screen == Screen::Deal(Tab::Timeline) {
            self.seek_next_date();
        }
        Step::draw()
    }

    /// Puts the cursor of a timeline that nobody has moved in on the next milestone: what the board shows
    /// as due.
    fn seek_next_date(&mut self) {
        let deal = self.deal.as_deref().and_then(|slug| self.world.deal(slug));
        if let Some(next) = deal.and_then(|deal| deal.next_milestone.as_ref())
            && !self.cursors.contains_key(&List::Timeline)
        {
            let key = format!("due {} {}", next.leg.word(), next.milestone);
            self.cursors.insert(List::Timeline, Cursor { key: Some(key), index: 0 });
        }
    }

    /// Closes what is open, or goes back one place; at the board it does nothing.
    pub(super) fn back(&mut self) -> Step {
        if self.zoomed {
            self.zoomed = false;
        } else if !self.searched.is_empty() {
            self.searched.clear();
        } else if let Some(screen) = self.trail.pop() {
            self.screen = screen;
        } else {
            self.screen = Screen::Board;
            self.pane = super::nav::Pane::Deals;
        }
        Step::draw()
    }
}

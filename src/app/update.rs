//! One message in, the new state and what to do out. Synchronous and total.

use super::State;
use super::command::{Call, Command};
use super::key::{Code, Key};
use super::keymap::Resolved;
use super::msg::{Effect, Event, Msg, Step};
use super::nav::Screen;
use super::state::{Toast, ToastKind};
use crate::domain::time::Timestamp;

impl State {
    /// Takes one message.
    pub fn update(&mut self, msg: Msg, now: Timestamp) -> Step {
        match msg {
            Msg::Key(key) => self.key(key, now),
            Msg::Paste(text) => match &mut self.prompt {
                Some(prompt) => {
                    prompt.paste(&text);
                    Step::draw()
                }
                None => Step::none(),
            },
            Msg::Resized => Step::draw(),
            Msg::Focus(focused) => {
                self.focused = focused;
                Step::draw()
            }
            Msg::Click(..) | Msg::Wheel(_) => Step::none(),
            Msg::Tick => self.tick(now),
            Msg::Event(event) => self.event(event, now),
        }
    }

    fn tick(&mut self, now: Timestamp) -> Step {
        if self.toast.as_ref().is_some_and(|toast| toast.until <= now) {
            self.toast = None;
            return Step::draw();
        }
        Step::none()
    }

    fn event(&mut self, event: Event, now: Timestamp) -> Step {
        match event {
            Event::Done(text) => self.say(ToastKind::Good, text, now),
            Event::Failed(failure) => self.say(ToastKind::Bad, failure.what, now),
        }
    }

    fn key(&mut self, key: Key, now: Timestamp) -> Step {
        // One key ends the program whatever is bound.
        if key.ctrl && key.code == Code::Char('c') && self.prompt.is_none() {
            return Step::effect(Effect::Quit);
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
                let sequence = self.pending.len() > 1;
                self.pending.clear();
                if sequence { Step::draw() } else { Step::none() }
            }
        }
    }

    fn call(&mut self, call: &Call, now: Timestamp) -> Step {
        match call.command {
            Command::Quit => Step::effect(Effect::Quit),
            Command::Suspend => Step::effect(Effect::Suspend),
            Command::Redraw => Step::effect(Effect::Redraw),
            Command::Back => self.back(),
            Command::Leave if self.screen == Screen::Board => Step::effect(Effect::Quit),
            Command::Leave => self.back(),
            other => self.say(ToastKind::Bad, format!("{other}: nothing to do here"), now),
        }
    }

    fn back(&mut self) -> Step {
        self.screen = self.trail.pop().unwrap_or(Screen::Board);
        Step::draw()
    }

    fn say(&mut self, kind: ToastKind, text: impl Into<String>, now: Timestamp) -> Step {
        self.toast = Some(Toast { kind, text: text.into(), until: now.plus(4) });
        Step::draw()
    }
}

//! What the terminal reports, as the app's own plain data.

use std::io;

use crossterm::event::{Event, EventStream, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseEventKind};
use futures_util::StreamExt;

use crate::app::key::{Code, Key};
use crate::app::msg::Msg;

/// Where keys come from.
pub(crate) trait Keyboard {
    /// The next message; `None` when there will be no more.
    fn next(&mut self) -> impl Future<Output = Option<io::Result<Msg>>>;
    /// Stops reading, so that a child or the shell can read instead.
    fn pause(&mut self);
    /// Reads again.
    fn resume(&mut self);
}

/// The real keyboard. The stream is dropped while the program is suspended: its thread would eat keys.
pub(crate) struct TtyKeyboard(Option<EventStream>);

impl TtyKeyboard {
    pub(crate) fn new() -> Self {
        Self(Some(EventStream::new()))
    }
}

impl Keyboard for TtyKeyboard {
    async fn next(&mut self) -> Option<io::Result<Msg>> {
        loop {
            match self.0.as_mut()?.next().await? {
                Ok(event) => {
                    if let Some(msg) = translate(event) {
                        return Some(Ok(msg));
                    }
                }
                Err(error) => return Some(Err(error)),
            }
        }
    }

    fn pause(&mut self) {
        self.0 = None;
    }

    fn resume(&mut self) {
        self.0 = Some(EventStream::new());
    }
}

/// A terminal event as a message; `None` for what nobody asked about.
fn translate(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => translate_key(key).map(Msg::Key),
        Event::Key(_) => None,
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Resize(..) => Some(Msg::Resized),
        Event::FocusGained => Some(Msg::Focus(true)),
        Event::FocusLost => Some(Msg::Focus(false)),
        Event::Mouse(mouse) => {
            let at = (mouse.column, mouse.row);
            match mouse.kind {
                MouseEventKind::Down(_) => Some(Msg::Click(at.0, at.1)),
                MouseEventKind::ScrollDown => Some(Msg::Wheel { at, by: 1 }),
                MouseEventKind::ScrollUp => Some(Msg::Wheel { at, by: -1 }),
                _ => None,
            }
        }
    }
}

fn translate_key(key: KeyEvent) -> Option<Key> {
    let mut shift = key.modifiers.contains(KeyModifiers::SHIFT);
    let code = match key.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::BackTab => {
            shift = true;
            Code::Tab
        }
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::F(n) => Code::F(n),
        _ => return None,
    };
    let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    Some(Key::reported(code, ctrl, alt, shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_keys_become_our_keys() {
        for (code, modifiers, ours) in [
            (KeyCode::Char('G'), KeyModifiers::SHIFT, "G"),
            (KeyCode::Char('d'), KeyModifiers::CONTROL, "ctrl-d"),
            (KeyCode::BackTab, KeyModifiers::SHIFT, "shift-tab"),
            (KeyCode::Char('?'), KeyModifiers::SHIFT, "?"),
            (KeyCode::Char(' '), KeyModifiers::NONE, "space"),
        ] {
            let msg = translate(Event::Key(KeyEvent::new(code, modifiers)));
            assert!(matches!(msg, Some(Msg::Key(key)) if key == ours.parse().unwrap()), "{ours}");
        }
        let mut released = KeyEvent::new(KeyCode::Enter, KeyModifiers::NONE);
        released.kind = KeyEventKind::Release;
        assert!(translate(Event::Key(released)).is_none());
    }
}

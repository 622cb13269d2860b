//! Copying: to the desktop's clipboard where the program runs on the user's own desktop, through the
//! terminal (OSC 52) over SSH and in tmux. Whichever way it goes, the user is told.

use std::sync::{Arc, Mutex, PoisonError};

use super::caps::Environment;
use crate::config::settings::ClipboardRoute;

/// What is copied, without control characters but for line breaks; or why it is too much.
pub(super) fn clean(text: &str, limit: usize) -> Result<String, String> {
    let clean: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    if clean.len() > limit {
        return Err(format!("not copied: {} bytes, and `clipboard-limit` is {limit}", clean.len()));
    }
    Ok(clean)
}

/// Whether the desktop's own clipboard is the one to use.
pub(super) fn is_native(route: ClipboardRoute, environment: &Environment) -> bool {
    match route {
        ClipboardRoute::Desktop => true,
        ClipboardRoute::Terminal => false,
        ClipboardRoute::Auto => {
            environment.desktop && !environment.ssh && !environment.tmux && !environment.screen
        }
    }
}

/// Text for the terminal's clipboard: the bytes, and what to tell the user, for nobody answers.
pub(super) fn through_terminal(clean: &str, environment: &Environment) -> (Vec<u8>, Result<String, String>) {
    let mut bytes = Vec::new();
    let command = crossterm::clipboard::CopyToClipboard::to_clipboard_from(clean.as_bytes());
    if crossterm::queue!(bytes, command).is_err() {
        return (Vec::new(), Err("not copied: the text cannot be encoded".into()));
    }
    let way =
        if environment.tmux { "tmux and the terminal (set-clipboard on)" } else { "the terminal (OSC 52)" };
    let said = format!("{} sent to the clipboard through {way}", lines(clean));
    (environment.passed_through(&bytes), Ok(said))
}

/// The desktop's clipboard, opened at the first use and held: whoever copies serves what was copied.
#[derive(Clone, Default)]
pub(super) struct Desktop(Arc<Mutex<Option<arboard::Clipboard>>>);

impl Desktop {
    /// Copies, on a thread that may wait, and says how it went.
    pub(super) fn copy(&self, clean: String) -> Result<String, String> {
        let said = format!("{} copied to the desktop's clipboard", lines(&clean));
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let opened = match held.take() {
            Some(clipboard) => Ok(clipboard),
            None => arboard::Clipboard::new(),
        };
        let done = opened.and_then(|mut clipboard| {
            clipboard.set_text(clean)?;
            *held = Some(clipboard);
            Ok(())
        });
        done.map(|()| said).map_err(|error| {
            format!("the desktop's clipboard refuses ({error}); clipboard = \"terminal\" under [ui] goes through the terminal")
        })
    }
}

fn lines(text: &str) -> String {
    match text.lines().count() {
        1 => "1 line".to_owned(),
        lines => format!("{lines} lines"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copied_text_has_no_controls_and_passes_through_tmux() {
        let inside = Environment { tmux: true, ..Environment::default() };
        let text = clean("a\u{1b}]0;x\u{7}b\n", 1000).unwrap();
        assert_eq!(text, "a]0;xb\n");
        let (bytes, said) = through_terminal(&text, &inside);
        assert!(bytes.starts_with(b"\x1bPtmux;\x1b\x1b]52;"), "{:?}", String::from_utf8_lossy(&bytes));
        assert!(said.unwrap().contains("tmux"));
        assert!(clean(&"x".repeat(1001), 1000).is_err());
    }

    #[test]
    fn the_desktop_is_asked_only_where_the_user_sits_at_it() {
        let desktop = Environment { desktop: true, ..Environment::default() };
        assert!(is_native(ClipboardRoute::Auto, &desktop));
        for away in [
            Environment { ssh: true, ..desktop.clone() },
            Environment { tmux: true, ..desktop.clone() },
            Environment { screen: true, ..desktop.clone() },
            Environment::default(),
        ] {
            assert!(!is_native(ClipboardRoute::Auto, &away), "{away:?}");
            assert!(is_native(ClipboardRoute::Desktop, &away), "{away:?}");
        }
        assert!(!is_native(ClipboardRoute::Terminal, &desktop));
    }
}

//! What the terminal can do, decided from its environment alone: asking the terminal itself would race
//! the reader of keys.

use crate::config::settings::GlyphChoice;
use crate::ui::theme::Depth;

/// The part of the environment that tells what a terminal can do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// `TERM`.
    pub term: String,
    /// `COLORTERM`.
    pub colorterm: String,
    /// `NO_COLOR` is set to something.
    pub no_color: bool,
    /// `CLICOLOR_FORCE` is set to something other than 0.
    pub force_color: bool,
    /// The first of `LC_ALL`, `LC_CTYPE`, `LANG` that is not empty.
    pub locale: String,
    /// `TERM_PROGRAM`.
    pub program: String,
    /// Inside tmux.
    pub tmux: bool,
    /// Inside GNU screen.
    pub screen: bool,
    /// At the far end of an SSH connection.
    pub ssh: bool,
    /// kitty's own mark.
    pub kitty: bool,
    /// A desktop can be reached: X11, Wayland, or one that is always there.
    pub desktop: bool,
}

impl Environment {
    /// Reads the environment of the process.
    pub fn read() -> Self {
        let text = |name: &str| std::env::var(name).unwrap_or_default();
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].map(text).into_iter().find(|value| !value.is_empty());
        Self {
            term: text("TERM"),
            colorterm: text("COLORTERM"),
            no_color: set("NO_COLOR"),
            force_color: set("CLICOLOR_FORCE") && text("CLICOLOR_FORCE") != "0",
            locale: locale.unwrap_or_default(),
            program: text("TERM_PROGRAM"),
            tmux: set("TMUX"),
            screen: set("STY"),
            ssh: set("SSH_CONNECTION") || set("SSH_TTY"),
            kitty: set("KITTY_WINDOW_ID"),
            desktop: cfg!(target_os = "macos") || set("DISPLAY") || set("WAYLAND_DISPLAY"),
        }
    }

    /// Colours to use. `wanted` is the command line's word: always, never, or neither.
    pub fn depth(&self, wanted: Option<bool>) -> Depth {
        let can = if matches!(self.colorterm.as_str(), "truecolor" | "24bit") {
            Depth::True
        } else if self.term.contains("256color")
            || self.term.contains("kitty")
            || self.term.contains("ghostty")
        {
            // A name with 256 in it does not promise more than that.
            Depth::Ansi256
        } else {
            Depth::Ansi16
        };
        let plain = self.no_color || self.term == "dumb" || self.term.contains("mono");
        if wanted.unwrap_or(self.force_color || !plain) { can } else { Depth::Mono }
    }

    /// An escape sequence so wrapped that tmux or screen hands it on.
    pub fn passed_through(&self, bytes: &[u8]) -> Vec<u8> {
        if self.tmux {
            let mut wrapped = b"\x1bPtmux;".to_vec();
            for byte in bytes {
                if *byte == 0x1b {
                    wrapped.push(0x1b);
                }
                wrapped.push(*byte);
            }
            wrapped.extend_from_slice(b"\x1b\\");
            wrapped
        } else if self.screen {
            [b"\x1bP", bytes, b"\x1b\\"].concat()
        } else {
            bytes.to_vec()
        }
    }

    /// Whether to draw with ASCII only.
    pub fn ascii(&self, flag: bool, choice: GlyphChoice) -> bool {
        match choice {
            _ if flag => true,
            GlyphChoice::Ascii => true,
            GlyphChoice::Unicode => false,
            GlyphChoice::Auto => {
                let locale = self.locale.to_ascii_lowercase();
                // The Linux console has UTF-8 but few glyphs.
                self.term == "linux" || !(locale.contains("utf-8") || locale.contains("utf8"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terminal(term: &str, colorterm: &str, locale: &str) -> Environment {
        Environment {
            term: term.into(),
            colorterm: colorterm.into(),
            locale: locale.into(),
            ..Environment::default()
        }
    }

    #[test]
    fn depth_and_glyphs_of_terminals_in_use() {
        for (term, colorterm, locale, depth, ascii) in [
            ("xterm-256color", "truecolor", "en_US.UTF-8", Depth::True, false),
            ("xterm-256color", "", "en_US.UTF-8", Depth::Ansi256, false),
            ("tmux-256color", "", "C.UTF-8", Depth::Ansi256, false),
            ("screen", "", "de_DE.utf8", Depth::Ansi16, false),
            ("linux", "", "en_US.UTF-8", Depth::Ansi16, true),
            ("vt100", "", "C", Depth::Ansi16, true),
            ("xterm-kitty", "truecolor", "", Depth::True, true),
        ] {
            let terminal = terminal(term, colorterm, locale);
            assert_eq!(terminal.depth(None), depth, "{term}");
            assert_eq!(terminal.ascii(false, GlyphChoice::Auto), ascii, "{term} {locale}");
        }
    }

    #[test]
    fn flag_before_force_before_no_color() {
        let mut terminal = terminal("xterm-256color", "", "C.UTF-8");
        terminal.no_color = true;
        assert_eq!(terminal.depth(None), Depth::Mono);
        assert_eq!(terminal.depth(Some(true)), Depth::Ansi256);
        terminal.force_color = true;
        assert_eq!(terminal.depth(None), Depth::Ansi256);
        assert_eq!(terminal.depth(Some(false)), Depth::Mono);
    }
}

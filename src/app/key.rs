//! Keys as plain data, and their notation: `j`, `G`, `ctrl-d`, `shift-tab`, `g g`.

use std::fmt;
use std::str::FromStr;

/// Which key, without its modifiers. A letter carries its case; `shift` is not kept beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A character, as typed.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tab (`shift-tab` carries the modifier).
    Tab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// A function key, 1 to 12.
    F(u8),
}

/// Named keys, in the spelling that is printed. Aliases follow the first spelling.
const NAMES: [(Code, &[&str]); 15] = [
    (Code::Enter, &["enter", "return"]),
    (Code::Esc, &["esc", "escape"]),
    (Code::Tab, &["tab"]),
    (Code::Backspace, &["backspace"]),
    (Code::Delete, &["delete", "del"]),
    (Code::Insert, &["insert", "ins"]),
    (Code::Up, &["up"]),
    (Code::Down, &["down"]),
    (Code::Left, &["left"]),
    (Code::Right, &["right"]),
    (Code::Home, &["home"]),
    (Code::End, &["end"]),
    (Code::PageUp, &["pageup", "pgup"]),
    (Code::PageDown, &["pagedown", "pgdn"]),
    (Code::Char(' '), &["space"]),
];

/// One key press.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The key.
    pub code: Code,
    /// With Control.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
    /// With Shift; only for keys that are no characters.
    pub shift: bool,
}

impl Key {
    /// A key without modifiers.
    pub const fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// A character without modifiers.
    pub const fn char(c: char) -> Self {
        Self::plain(Code::Char(c))
    }

    /// A key as a terminal reports it: Shift is folded into the case of a letter, and a control letter
    /// is lower case, so that `shift-a` and `A` are one key.
    pub fn reported(code: Code, ctrl: bool, alt: bool, shift: bool) -> Self {
        match code {
            Code::Char(c) if ctrl => {
                Self { code: Code::Char(c.to_lowercase().next().unwrap_or(c)), ctrl, alt, shift: false }
            }
            Code::Char(c) if shift => {
                Self { code: Code::Char(c.to_uppercase().next().unwrap_or(c)), ctrl, alt, shift: false }
            }
            Code::Char(_) => Self { code, ctrl, alt, shift: false },
            _ => Self { code, ctrl, alt, shift },
        }
    }

    /// The character that this key types into a prompt, if it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.ctrl {
            f.write_str("ctrl-")?;
        }
        if self.alt {
            f.write_str("alt-")?;
        }
        if self.shift {
            f.write_str("shift-")?;
        }
        if let Some((_, names)) = NAMES.iter().find(|(code, _)| *code == self.code) {
            return f.write_str(names[0]);
        }
        match self.code {
            Code::Char(c) => write!(f, "{c}"),
            Code::F(n) => write!(f, "f{n}"),
            _ => Ok(()),
        }
    }
}

/// Why a key's notation cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no key (examples: `j`, `G`, `ctrl-d`, `shift-tab`, `space`, `f1`; a sequence: `g g`)")]
pub struct BadKey(pub String);

impl FromStr for Key {
    type Err = BadKey;

    fn from_str(text: &str) -> Result<Self, BadKey> {
        let bad = || BadKey(text.chars().take(32).collect());
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        let mut rest = text;
        loop {
            let lower = rest.to_ascii_lowercase();
            let cut = if lower.starts_with("ctrl-") && rest.len() > 5 {
                ctrl = true;
                5
            } else if lower.starts_with("alt-") && rest.len() > 4 {
                alt = true;
                4
            } else if lower.starts_with("shift-") && rest.len() > 6 {
                shift = true;
                6
            } else {
                break;
            };
            rest = rest.get(cut..).unwrap_or_default();
        }
        let lower = rest.to_ascii_lowercase();
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() && !c.is_whitespace() => Code::Char(c),
            (Some('f' | 'F'), Some(_)) if lower.get(1..).is_some_and(|n| n.parse::<u8>().is_ok()) => {
                match lower.get(1..).and_then(|n| n.parse().ok()) {
                    Some(n @ 1..=12) => Code::F(n),
                    _ => return Err(bad()),
                }
            }
            _ => NAMES
                .iter()
                .find(|(_, names)| names.contains(&lower.as_str()))
                .map(|(code, _)| *code)
                .ok_or_else(bad)?,
        };
        Ok(Self::reported(code, ctrl, alt, shift))
    }
}

/// Reads a sequence of keys, e.g. `g g` or `ctrl-x ctrl-c`; at least one.
pub fn sequence(text: &str) -> Result<Vec<Key>, BadKey> {
    let keys = text.split_whitespace().map(Key::from_str).collect::<Result<Vec<_>, _>>()?;
    if keys.is_empty() { Err(BadKey(text.into())) } else { Ok(keys) }
}

/// Prints a sequence in the notation that [`sequence`] reads.
pub fn print(keys: &[Key]) -> String {
    keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_key() -> impl Strategy<Value = Key> {
        let code = prop_oneof![
            any::<char>()
                .prop_filter("no control, no space", |c| !c.is_control() && !c.is_whitespace())
                .prop_map(Code::Char),
            (1u8..=12).prop_map(Code::F),
            proptest::sample::select(NAMES.map(|(code, _)| code).to_vec()),
        ];
        (code, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(c, a, b, s)| Key::reported(c, a, b, s))
    }

    proptest! {
        #[test]
        fn a_printed_key_reads_back_as_itself(key in any_key()) {
            // A character whose upper case is several characters keeps its first only, so compare
            // after one round.
            let once: Key = key.to_string().parse().unwrap();
            prop_assert_eq!(once, key);
        }

        #[test]
        fn no_text_panics(text in ".{0,12}") {
            drop(sequence(&text));
        }
    }

    #[test]
    fn upper_case_and_shift_are_one_key() {
        assert_eq!("shift-a".parse::<Key>(), "A".parse::<Key>());
        assert_eq!("ctrl-D".parse::<Key>(), "ctrl-d".parse::<Key>());
        assert_eq!("-".parse::<Key>().unwrap(), Key::char('-'));
        assert!("ctrl-".parse::<Key>().is_err());
        assert!("f13".parse::<Key>().is_err());
        assert_eq!(sequence("g g").unwrap().len(), 2);
    }
}

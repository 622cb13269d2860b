//! Text from outside, made safe to show. The only string type that may reach a screen, a pipe, a
//! clipboard, a notice or a log.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize};

/// External text with nothing in it that a terminal would act on: no control characters, no
/// bidirectional overrides, no invisibles, no floods of combining marks.
///
/// Built by [`DisplayText::line`] or [`DisplayText::block`] and by nothing else; reading one back from
/// the store cleans it again, so that a damaged or foreign store cannot smuggle anything in.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct DisplayText(Box<str>);

impl DisplayText {
    /// One line: every run of white space becomes one space; at most `max` characters.
    pub fn line(raw: &str, max: usize) -> Self {
        let mut clean = String::with_capacity(raw.len().min(max.saturating_mul(4)));
        let mut gap = false;
        let mut count = 0;
        for c in raw.chars() {
            if c.is_whitespace() {
                gap = !clean.is_empty();
                continue;
            }
            if !is_shown(c) {
                continue;
            }
            if gap {
                clean.push(' ');
                count += 1;
                gap = false;
            }
            if count >= max {
                break;
            }
            clean.push(c);
            count += 1;
        }
        Self(clean.into())
    }

    /// Several lines: `\n` is kept (at most two in a row), other white space collapses.
    pub fn block(raw: &str, max: usize) -> Self {
        let mut clean = String::new();
        for line in raw.split('\n') {
            let line = Self::line(line, max);
            if line.is_empty() && (clean.is_empty() || clean.ends_with("\n\n")) {
                continue;
            }
            clean.push_str(&line);
            clean.push('\n');
            if clean.len() >= max.saturating_mul(4) {
                break;
            }
        }
        Self(clean.trim_end().chars().take(max).collect::<String>().into())
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a character may be shown at all.
fn is_shown(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
}

impl Deref for DisplayText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DisplayText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for DisplayText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Ok(Self::block(&raw, 1 << 18))
    }
}

//! Text from outside, made safe to show. The only string type that may reach a screen, a pipe, a
//! clipboard, a notice or a log.

use std::fmt;
use std::ops::Deref;

use serde::{Deserialize, Deserializer, Serialize};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthChar;

/// The longest headline kept, in characters.
pub const TITLE_CHARS: usize = 1024;

/// The longest text kept of one item, in bytes.
pub const TEXT_BYTES: usize = 256 * 1024;

/// More marks than this on one character are a flood: no orthography stacks as many.
const MARKS_PER_CLUSTER: usize = 8;

/// The longest cluster a terminal cell should hold; the longest emoji sequence in use takes 35 bytes.
const CLUSTER_BYTES: usize = 64;

/// External text with nothing in it that a terminal would act on: no control characters, no
/// bidirectional overrides, no invisibles, no private-use characters, no floods of combining marks.
///
/// Built by [`DisplayText::line`] or [`DisplayText::block`] and by nothing else; reading one back from
/// the store cleans it again, so that a damaged or foreign store cannot smuggle anything in. Cleaning
/// clean text changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct DisplayText(Box<str>);

impl schemars::JsonSchema for DisplayText {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "DisplayText".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string" })
    }
}

impl DisplayText {
    /// One line: every run of white space becomes one space; at most `max` characters.
    pub fn line(raw: &str, max: usize) -> Self {
        let mut clean = Cleaner::new(max.saturating_mul(4).min(raw.len()));
        clean.push_line(raw, max);
        Self(clean.finish().into())
    }

    /// Several lines: `\n` is kept (one empty line at most between paragraphs), other white space
    /// collapses; at most `max` characters and [`TEXT_BYTES`] bytes.
    pub fn block(raw: &str, max: usize) -> Self {
        if raw.len() <= max.min(TEXT_BYTES) && is_plain(raw) {
            return Self(raw.into());
        }
        let mut clean = Cleaner::new(raw.len().min(TEXT_BYTES));
        let mut left = max;
        let mut empty = 0;
        for line in raw.split(['\n', '\u{2028}', '\u{2029}']) {
            let start = clean.out.len();
            if start > 0 {
                let breaks = if empty > 0 { 2 } else { 1 };
                if left <= breaks {
                    break;
                }
                clean.out.extend(std::iter::repeat_n('\n', breaks));
            }
            let before = clean.out.len();
            let room = left.saturating_sub(before - start);
            let used = clean.push_line(line, room);
            if clean.out.len() == before {
                // Nothing on this line: it only counts as a gap between paragraphs.
                clean.out.truncate(start);
                empty += usize::from(start > 0);
                continue;
            }
            empty = 0;
            left -= used + (before - start);
            if clean.out.len() > TEXT_BYTES {
                clean.cut(TEXT_BYTES);
                break;
            }
        }
        Self(clean.finish().into())
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Collects clean text. What stands in `out` never changes again, but for a cut at its end.
struct Cleaner {
    out: String,
    /// Reused for lines that need cluster work.
    scratch: String,
}

impl Cleaner {
    fn new(capacity: usize) -> Self {
        Self { out: String::with_capacity(capacity), scratch: String::new() }
    }

    /// Appends one line, cleaned, of at most `max` characters; returns how many were appended.
    fn push_line(&mut self, raw: &str, max: usize) -> usize {
        if raw.len() <= max && is_tidy(raw.as_bytes()) {
            self.out.push_str(raw);
            return raw.len();
        }
        let mut line = std::mem::take(&mut self.scratch);
        line.clear();
        let used = match filter(raw, max, &mut line) {
            Filtered::Simple(count) => {
                self.out.push_str(&line);
                count
            }
            Filtered::Clusters => self.push_clusters(&line, max),
        };
        self.scratch = line;
        used
    }

    /// Appends `line` cluster by cluster, cutting floods; a cluster goes in whole or not at all.
    fn push_clusters(&mut self, line: &str, max: usize) -> usize {
        let start = self.out.len();
        let mut used = 0;
        for cluster in line.graphemes(true) {
            let mut before = self.out.len();
            if push_capped(cluster, &mut self.out) == Pushed::Replaced {
                // A joiner in front has nothing to join any more.
                self.out.truncate(before);
                used -= pop_all(&mut self.out, start, &JOINERS);
                before = self.out.len();
                self.out.push(char::REPLACEMENT_CHARACTER);
            }
            let count = self.out.get(before..).map_or(0, |added| added.chars().count());
            if used + count > max {
                self.out.truncate(before);
                break;
            }
            used += count;
        }
        // A cut may leave the space or the joiner in front of what was cut.
        used - pop_all(&mut self.out, start, &DANGLING)
    }

    /// Cuts what was collected to at most `bytes`, at the edge of a cluster.
    fn cut(&mut self, bytes: usize) {
        let mut end = 0;
        // Only the end needs looking at: 4 KiB before the limit holds a line break or many clusters.
        let mut from = bytes.saturating_sub(4096);
        while !self.out.is_char_boundary(from) {
            from -= 1;
        }
        if let Some(tail) = self.out.get(from..) {
            for (at, cluster) in tail.grapheme_indices(true) {
                if from + at + cluster.len() > bytes {
                    break;
                }
                end = from + at + cluster.len();
            }
        }
        self.out.truncate(end);
    }

    fn finish(mut self) -> String {
        pop_all(&mut self.out, 0, &DANGLING);
        self.out
    }
}

/// Characters that join their neighbours.
const JOINERS: [char; 2] = ['\u{200c}', '\u{200d}'];

/// What means nothing at the end of a text.
const DANGLING: [char; 4] = [' ', '\n', '\u{200c}', '\u{200d}'];

/// Drops any of `these` from the end of what was written since `start`; returns how many.
fn pop_all(out: &mut String, start: usize, these: &[char]) -> usize {
    let mut dropped = 0;
    while out.len() > start && out.ends_with(these) {
        out.pop();
        dropped += 1;
    }
    dropped
}

/// Whether a line is clean as it stands: printable ASCII, single spaces between words.
fn is_tidy(raw: &[u8]) -> bool {
    let mut before = b' ';
    for b in raw {
        if !matches!(b, b' '..=b'~') || (*b == b' ' && before == b' ') {
            return false;
        }
        before = *b;
    }
    before != b' ' || raw.is_empty()
}

/// What [`filter`] left.
enum Filtered {
    /// So many characters, each a cluster of its own, within the limit.
    Simple(usize),
    /// Characters that may form clusters.
    Clusters,
}

/// Copies the shown characters of one line to `out`, white space collapsed; joiners stay only where
/// they join. Stops early once `max` characters with a width of their own are through.
fn filter(raw: &str, max: usize, out: &mut String) -> Filtered {
    let mut gap = false;
    let mut joiner = None;
    let mut previous = '\0';
    let mut simple = true;
    let mut bases = 0;
    let mut marks = 0;
    let mut rest = raw;
    loop {
        // Words of printable ASCII go over whole: nothing in them can be touched.
        let word = rest.bytes().take_while(u8::is_ascii_graphic).count();
        if word > 0 {
            if gap {
                out.push(' ');
                gap = false;
                bases += 1;
            }
            let word = word.min(max.saturating_sub(bases));
            let (head, tail) = rest.split_at_checked(word).unwrap_or((rest, ""));
            out.push_str(head);
            bases += word;
            rest = tail;
            joiner = None;
            marks = 0;
            previous = 'a';
            if bases >= max {
                // What could still follow are marks of the last letter, which are no longer of use.
                break;
            }
        }
        let Some(c) = rest.chars().next() else { break };
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        if c.is_whitespace() {
            gap = !out.is_empty();
            joiner = None;
            continue;
        }
        if matches!(c, '\u{200c}' | '\u{200d}') {
            joiner = (!gap && joins(previous)).then_some(c);
            continue;
        }
        if !is_shown(c) {
            continue;
        }
        if gap {
            out.push(' ');
            gap = false;
            bases += 1;
        }
        if let Some(join) = joiner.take()
            && joins(c)
        {
            out.push(join);
            simple = false;
        }
        if stands_alone(c) {
            marks = 0;
            bases += 1;
        } else {
            simple = false;
            if c.width() == Some(0) {
                // Far more marks than any cluster may keep need not be carried along.
                marks += 1;
                if marks > CLUSTER_BYTES {
                    continue;
                }
            } else {
                marks = 0;
                bases += 1;
            }
        }
        if bases > max {
            break;
        }
        out.push(c);
        previous = c;
    }
    while out.ends_with(' ') {
        out.pop();
        bases -= 1;
    }
    if simple { Filtered::Simple(bases.min(max)) } else { Filtered::Clusters }
}

/// Characters of the scripts in daily use that are a cluster each unless a mark or joiner follows.
fn stands_alone(c: char) -> bool {
    matches!(c, '\0'..='\u{2ff}' | '\u{370}'..='\u{482}' | '\u{48a}'..='\u{590}' | '\u{1e00}'..='\u{1fff}'
        | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{205e}' | '\u{2070}'..='\u{20cf}' | '\u{2100}'..='\u{2bff}'
        | '\u{3001}'..='\u{3029}' | '\u{3030}'..='\u{3098}' | '\u{309b}'..='\u{a66e}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{ff01}'..='\u{ff9d}')
}

/// What became of a cluster.
#[derive(PartialEq, Eq)]
enum Pushed {
    Kept,
    /// A replacement character has to stand for it; what was appended has to go.
    Replaced,
}

/// Appends one cluster, cut to what a cell may hold. A cluster that stays too long without its marks
/// is no text; one replacement character stands for it.
fn push_capped(cluster: &str, out: &mut String) -> Pushed {
    let marks = cluster.chars().skip(1).filter(|c| c.width() == Some(0)).count();
    if cluster.len() <= CLUSTER_BYTES && marks <= MARKS_PER_CLUSTER {
        out.push_str(cluster);
        return Pushed::Kept;
    }
    let start = out.len();
    let mut marks = 0;
    let mut last_kept = '\0';
    for (at, c) in cluster.chars().enumerate() {
        if at > 0 && c.width() == Some(0) {
            marks += 1;
            if marks > MARKS_PER_CLUSTER {
                continue;
            }
        }
        out.push(c);
        last_kept = c;
    }
    let mut kept = out.get(start..).unwrap_or_default().graphemes(true);
    let whole = kept.next().is_some_and(|first| first.len() <= CLUSTER_BYTES) && kept.next().is_none();
    if whole && !matches!(last_kept, '\u{200c}' | '\u{200d}') { Pushed::Kept } else { Pushed::Replaced }
}

/// Whether a joiner beside `c` does something: letters and marks of scripts that join, and emoji. In
/// Latin text it only hides a word from a search.
fn joins(c: char) -> bool {
    c >= '\u{590}' && (c.is_alphabetic() || c.width() == Some(0) || is_pictograph(c))
        || matches!(c, '\u{a9}' | '\u{ae}')
}

/// Characters that take part in emoji sequences.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{203c}'..='\u{3299}' | '\u{fe0e}' | '\u{fe0f}' | '\u{1f000}'..='\u{1faff}')
}

/// Whether a character may be shown at all. Joiners and white space are judged before.
fn is_shown(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            // Invisible or directional format characters, and fillers that look like nothing.
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            // Noncharacters and private use; planes 14 to 16 hold tags and private use only.
            | '\u{fdd0}'..='\u{fdef}' | '\u{e000}'..='\u{f8ff}' | '\u{e0000}'..='\u{10ffff}')
        && (c as u32) & 0xfffe != 0xfffe
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

/// Whether a text is one line of visible ASCII with single spaces between its words: cleaning would give it
/// back as it is.
fn is_plain(raw: &str) -> bool {
    let mut before = b' ';
    let visible = raw.bytes().all(|c| {
        let fits = (b'!'..=b'~').contains(&c) || (c == b' ' && before != b' ');
        before = c;
        fits
    });
    visible && (raw.is_empty() || before != b' ')
}

impl<'de> Deserialize<'de> for DisplayText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = String::deserialize(deserializer)?;
        Ok(Self::block(&raw, TEXT_BYTES))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(raw: &str) -> String {
        DisplayText::line(raw, TITLE_CHARS).as_str().to_owned()
    }

    #[test]
    fn nothing_that_a_terminal_acts_on_is_left() {
        assert_eq!(line("\u{1b}]0;owned\u{7}SELL\u{8}\u{8}BUY\u{9b}31m"), "]0;ownedSELLBUY31m");
        assert_eq!(line("up \u{202e}%5.21+\u{2069} today"), "up %5.21+ today");
        assert_eq!(line("TS\u{200b}L\u{2060}A\u{feff}\u{e0041}\u{fff9}\u{e000}"), "TSLA");
        assert_eq!(line("a\tb\r\n\u{a0}\u{2028}c\u{85}d"), "a b c d");
        assert_eq!(line(" \u{200b} "), "");
    }

    #[test]
    fn plain_text_takes_the_short_way_to_the_same_end() {
        for text in [
            "",
            "a",
            "OpenAI signs for 2 GW (of 10)",
            "a b",
            " a",
            "a ",
            "a  b",
            "a\nb",
            "a\tb",
            "\u{7f}",
            "~!",
        ] {
            let mut clean = Cleaner::new(text.len());
            clean.push_line(text, 1000);
            let cleaned = clean.finish();
            assert_eq!(is_plain(text), cleaned == text && !text.contains('\n'), "{text:?}");
        }
    }

    #[test]
    fn text_of_every_script_stays_as_it_is() {
        for text in [
            "S&P 500 ends higher — €1.2bn",
            "株価が急落、日経平均は一時千円安",
            "המדד עלה ב-2%",
            "หุ้นไทยปิดบวก",
            "한국어 제목",
            "क्‍ष में निवेश",
            "می‌خواهم",
            "📈 +3% 👩‍💻 🇺🇸 👨‍👩‍👧‍👦 👍🏿 ❤️",
            "Zażółć gęślą jaźń, e\u{301}a\u{308}",
        ] {
            assert_eq!(line(text), text);
        }
    }

    #[test]
    fn joiners_stay_only_where_they_join() {
        assert_eq!(line("TS\u{200d}LA, NVI\u{200c}DIA \u{200d}x"), "TSLA, NVIDIA x");
        assert_eq!(line("👩\u{200d} 💻"), "👩 💻");
    }

    #[test]
    fn floods_of_marks_are_cut_and_clusters_stay_small() {
        let flood = format!("a{}b", "\u{301}".repeat(1_000_000));
        assert_eq!(line(&flood), format!("a{}b", "\u{301}".repeat(8)));
        let family = format!("👨{}", "\u{200d}👨".repeat(40));
        assert_eq!(line(&family), "\u{fffd}");
        assert_eq!(line(&"x".repeat(10_000_000)).len(), TITLE_CHARS);
    }

    #[test]
    fn a_block_keeps_paragraphs_and_its_limit() {
        let text = DisplayText::block("\n one  two \r\n\n\n\nthree\u{2029}four\n\n", 1000);
        assert_eq!(text.as_str(), "one two\n\nthree\nfour");
        assert_eq!(DisplayText::block("one two\nthree", 9).as_str(), "one two\nt");
        assert!(DisplayText::block(&"word \n".repeat(200_000), usize::MAX).len() <= TEXT_BYTES);
        assert!(DisplayText::block(&"語".repeat(200_000), usize::MAX).len() <= TEXT_BYTES);
    }

    /// Characters of every kind that matters here, so that they meet each other often.
    fn nasty() -> impl Strategy<Value = String> {
        let some = prop::sample::select(vec![
            "a",
            "Z",
            " ",
            "\n",
            "\t",
            "\u{1b}",
            "\u{301}",
            "\u{308}",
            "\u{200d}",
            "\u{200c}",
            "👩",
            "💻",
            "🇺",
            "\u{fe0f}",
            "\u{1f3ff}",
            "क",
            "\u{94d}",
            "ष",
            "\u{903}",
            "ᄀ",
            "ᅡ",
            "ᆨ",
            "각",
            "\u{600}",
            "\u{e0061}",
            "\u{202e}",
            "\u{2028}",
            "語",
            "\u{fffd}",
            "\u{e33}",
            "م",
            "\u{64b}",
            "\u{20dd}",
            "\u{feff}",
            "<",
            "&",
        ]);
        prop_oneof![
            prop::collection::vec(some, 0..400).prop_map(|parts| parts.concat()),
            any::<String>(),
            prop::collection::vec(any::<char>(), 0..200).prop_map(String::from_iter),
        ]
    }

    fn assert_clean(text: &str) {
        for c in text.chars() {
            assert!(c == '\n' || !c.is_control(), "{c:?}");
            assert!(matches!(c, '\u{200c}' | '\u{200d}' | '\n') || is_shown(c), "{c:?}");
        }
        for cluster in text.graphemes(true) {
            assert!(cluster.len() <= CLUSTER_BYTES, "{cluster:?}");
            let marks = cluster.chars().skip(1).filter(|c| c.width() == Some(0)).count();
            assert!(marks <= MARKS_PER_CLUSTER, "{cluster:?}");
        }
    }

    proptest! {
        #[test]
        fn a_line_is_clean_short_and_stays_the_same(raw in nasty(), max in 0usize..300) {
            let once = DisplayText::line(&raw, max);
            assert_clean(&once);
            prop_assert!(!once.contains('\n') && !once.contains("  "));
            prop_assert!(once.chars().count() <= max);
            prop_assert_eq!(DisplayText::line(&once, max), once);
        }

        #[test]
        fn a_block_is_clean_short_and_stays_the_same(raw in nasty(), max in 0usize..300) {
            let once = DisplayText::block(&raw, max);
            assert_clean(&once);
            prop_assert!(!once.contains("\n\n\n") && !once.starts_with('\n') && !once.ends_with('\n'));
            prop_assert!(once.chars().count() <= max);
            prop_assert_eq!(DisplayText::block(&once, max), once);
        }
    }
}

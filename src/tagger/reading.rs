//! One item, read: its folded text, sentences, words, and every name and cue in them.

use super::fold::Folded;
use super::vocabulary::{Case, Cues, Entry, How, Thing, Vocabulary, is_word};
use crate::domain::lexicon::SiliconClass;

/// Where a sentence stands in the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Headline.
    Title,
    /// Summary.
    Summary,
    /// The linked page's text.
    Body,
}

/// A sentence: a range of the folded text and what stands in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sentence {
    pub start: usize,
    pub end: usize,
    pub part: Part,
    /// Companies named, by bit.
    pub companies: u64,
    /// Silicon lines named, by bit.
    pub silicon: u64,
    /// Cue classes present.
    pub cues: Cues,
    /// Range of the mentions.
    pub mentions: (u32, u32),
    /// Range of the cues.
    pub marks: (u32, u32),
    /// Range of the quantities; filled by the quantity pass.
    pub quantities: (u32, u32),
}

/// A name in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mention {
    pub start: u32,
    pub end: u32,
    pub thing: Thing,
    /// Part of a longer name of silicon: `Nvidia` in `Nvidia GPUs`.
    pub inside: bool,
}

/// A cue in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub start: u32,
    pub end: u32,
    pub cues: Cues,
}

/// One item, read.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub folded: Folded,
    pub sentences: Vec<Sentence>,
    pub mentions: Vec<Mention>,
    pub marks: Vec<Mark>,
    /// Companies of title and summary.
    pub companies: u64,
    /// Silicon lines of title and summary.
    pub silicon: u64,
}

impl Reading {
    /// Reads `raw`, in which the title ends at `title_end` and the summary at `summary_end`.
    pub(super) fn new(vocabulary: &Vocabulary, raw: &str, title_end: usize, summary_end: usize) -> Self {
        let mut reading = Self { folded: Folded::new(raw), ..Self::default() };
        reading.collect(vocabulary, raw);
        reading.split(raw, title_end, summary_end);
        reading.fill();
        reading
    }

    fn collect(&mut self, vocabulary: &Vocabulary, raw: &str) {
        // Names and cues are kept apart: each takes the longest match that starts first.
        let mut names: Vec<Mention> = Vec::new();
        let mut marks: Vec<Mark> = Vec::new();
        vocabulary.hits(&self.folded.text, |hit| {
            let (start, end) = (hit.start as u32, hit.end as u32);
            if hit.entry.cues != Cues::default() {
                marks.push(Mark { start, end, cues: hit.entry.cues });
            }
            self.names_of(raw, hit.entry, start, end, &mut names);
        });
        marks.sort_by_key(|mark| (mark.start, std::cmp::Reverse(mark.end)));
        let mut free = 0;
        marks.retain(|mark| {
            let keep = mark.start >= free;
            if keep {
                free = mark.end;
            }
            keep
        });
        names.sort_by_key(|name| (name.start, std::cmp::Reverse(name.end), name.thing));
        let mut frees = [0; 3];
        let mut silicon_end = 0;
        names.retain_mut(|name| {
            let layer = match name.thing {
                Thing::Company(..) => 0,
                Thing::Silicon(_) => 1,
                Thing::DealName(_) => 2,
            };
            let keep = name.start >= frees[layer];
            if keep {
                frees[layer] = name.end;
                if layer == 1 {
                    silicon_end = name.end;
                } else if layer == 0 {
                    name.inside = name.end <= silicon_end;
                }
            }
            keep
        });
        self.mentions = names;
        self.marks = marks;
    }

    fn names_of(&self, raw: &str, entry: &Entry, start: u32, end: u32, names: &mut Vec<Mention>) {
        for &(thing, case) in &entry.things {
            let written = || {
                let (from, to) = self.folded.span(start as usize, end as usize);
                raw.get(from..to).unwrap_or_default()
            };
            let fits = match case {
                Case::Any => true,
                Case::Capital => written().starts_with(char::is_uppercase),
                Case::Upper => !written().chars().any(char::is_lowercase),
            };
            if fits {
                names.push(Mention { start, end, thing, inside: false });
            }
        }
    }

    fn split(&mut self, raw: &str, title_end: usize, summary_end: usize) {
        let bytes = self.folded.text.as_bytes();
        let mut start = 0;
        let mut cut = |end: usize, next: usize, sentences: &mut Vec<Sentence>, folded: &Folded| {
            if bytes[start..end].iter().any(|&b| is_word(b)) {
                let at = folded.origin(start);
                let part = if at < title_end {
                    Part::Title
                } else if at < summary_end {
                    Part::Summary
                } else {
                    Part::Body
                };
                sentences.push(Sentence {
                    start,
                    end,
                    part,
                    companies: 0,
                    silicon: 0,
                    cues: Cues::default(),
                    mentions: (0, 0),
                    marks: (0, 0),
                    quantities: (0, 0),
                });
            }
            start = next;
        };
        let mut last = 0;
        for (i, &b) in bytes.iter().enumerate() {
            let ends = match b {
                b'\n' => true,
                // The halves of a headline are one statement, those of a summary are several.
                b';' => self.folded.origin(i) >= title_end,
                b'.' | b'!' | b'?' => {
                    bytes.get(i + 1).is_none_or(|&next| next == b' ' || next == b'\n' || next == b'"')
                        && !(b == b'.' && abbreviation(bytes, i))
                        && starts_anew(&self.folded, raw, i + 1)
                }
                // Roles are read within a sentence, each name against each cue: a bound keeps that linear.
                b' ' => i - last > LONGEST,
                _ => false,
            };
            if ends {
                last = i;
                cut(i, i + 1, &mut self.sentences, &self.folded);
            }
        }
        cut(bytes.len(), bytes.len(), &mut self.sentences, &self.folded);
    }

    fn fill(&mut self) {
        let (mut m, mut k) = (0, 0);
        for sentence in &mut self.sentences {
            let end = sentence.end as u32;
            while self.mentions.get(m).is_some_and(|name| (name.start as usize) < sentence.start) {
                m += 1;
            }
            let from = m;
            while let Some(name) = self.mentions.get(m).filter(|name| name.start < end) {
                match name.thing {
                    Thing::Company(at, _) => sentence.companies |= 1 << at,
                    Thing::Silicon(at) => sentence.silicon |= 1 << at,
                    Thing::DealName(_) => {}
                }
                m += 1;
            }
            sentence.mentions = (from as u32, m as u32);
            while self.marks.get(k).is_some_and(|mark| (mark.start as usize) < sentence.start) {
                k += 1;
            }
            let from = k;
            while let Some(mark) = self.marks.get(k).filter(|mark| mark.start < end) {
                sentence.cues = sentence.cues.and(mark.cues);
                k += 1;
            }
            sentence.marks = (from as u32, k as u32);
            if sentence.part != Part::Body {
                self.companies |= sentence.companies;
                self.silicon |= sentence.silicon;
            }
        }
    }

    /// The mentions of a sentence.
    pub(super) fn mentions_of(&self, sentence: &Sentence) -> &[Mention] {
        self.mentions.get(sentence.mentions.0 as usize..sentence.mentions.1 as usize).unwrap_or_default()
    }

    /// The cues of a sentence.
    pub(super) fn marks_of(&self, sentence: &Sentence) -> &[Mark] {
        self.marks.get(sentence.marks.0 as usize..sentence.marks.1 as usize).unwrap_or_default()
    }

    /// The folded text of a range.
    pub(super) fn slice(&self, start: usize, end: usize) -> &str {
        self.folded.text.get(start..end).unwrap_or_default()
    }

    /// The word that ends just before `at`, within the same clause.
    pub(super) fn word_before(&self, at: usize) -> &str {
        let head = self.slice(0, at).trim_end_matches([' ', '"', '\'', '(', '$']);
        let from = head.rfind(|c: char| !c.is_alphanumeric() && c != '\'').map_or(0, |i| i + 1);
        head.get(from..).unwrap_or_default()
    }

    /// The word that starts at or just after `at`.
    pub(super) fn word_after(&self, at: usize) -> &str {
        let rest = self.folded.text.get(at..).unwrap_or_default();
        let rest = rest.strip_prefix("'s").unwrap_or(rest).trim_start_matches([' ', '"']);
        let to = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        rest.get(..to).unwrap_or_default()
    }
}

impl SiliconClass {
    /// Whether it is an accelerator on some leg.
    pub(super) fn accelerates(self) -> bool {
        self != Self::None
    }
}

impl How {
    /// Whether the company itself is named, rather than a product or a person of it.
    pub(super) fn is_name(self) -> bool {
        self == Self::Name
    }
}

/// A full stop that ends an abbreviation or an initial rather than a sentence.
fn abbreviation(bytes: &[u8], dot: usize) -> bool {
    let len = bytes[..dot].iter().rev().take(6).take_while(|&&b| is_word(b)).count();
    let word = &bytes[dot - len..dot];
    len == 1 && word[0].is_ascii_alphabetic()
        || matches!(
            word,
            b"inc"
                | b"corp"
                | b"ltd"
                | b"co"
                | b"vs"
                | b"mr"
                | b"ms"
                | b"dr"
                | b"st"
                | b"no"
                | b"approx"
                | b"est"
        )
}

/// Whether what follows looks like the start of a sentence: anything but a lower-case letter.
fn starts_anew(folded: &Folded, raw: &str, after: usize) -> bool {
    let rest = raw.get(folded.origin(after)..).unwrap_or_default();
    rest.chars()
        .find(|c| !c.is_whitespace() && !matches!(c, '"' | '“' | '”' | '\''))
        .is_none_or(|c| !c.is_lowercase())
}

/// Bytes after which a sentence without an end is cut at the next space.
const LONGEST: usize = 800;

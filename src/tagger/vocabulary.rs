//! The lexicon, compiled: every name and cue of it in one automaton over words.
//!
//! The automaton steps from word to word rather than from byte to byte. That makes word boundaries free, and
//! its tables small: a byte-wise DFA of the same five thousand forms takes 13 MB and misses the cache.

use std::collections::HashMap;

use super::trie::{Gap, ROOT, Trie, gap_at, word_end};
use super::words;
use crate::domain::lexicon::{Action, Lexicon, Mood, SiliconClass, Topic, Voice};

/// A set of cue classes, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cues(pub u64);

/// One class of words as a bit of [`Cues`].
pub(super) trait Class {
    /// Its bit.
    fn bit(self) -> Cues;
}

impl Class for Action {
    fn bit(self) -> Cues {
        Cues(1 << self as u64)
    }
}

impl Class for Mood {
    fn bit(self) -> Cues {
        Cues(1 << (16 + self as u64))
    }
}

impl Class for Voice {
    fn bit(self) -> Cues {
        Cues(1 << (32 + self as u64))
    }
}

impl Class for Topic {
    fn bit(self) -> Cues {
        Cues(1 << (40 + self as u64))
    }
}

impl Cues {
    /// Whether the set holds the class.
    pub(super) fn has(self, class: impl Class) -> bool {
        self.0 & class.bit().0 != 0
    }

    /// The set without some classes.
    pub(super) fn without(self, classes: impl IntoIterator<Item = impl Class>) -> Self {
        Self(classes.into_iter().fold(self.0, |set, class| set & !class.bit().0))
    }

    /// Both sets together.
    pub(super) fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// How a company is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum How {
    /// By name, ticker or a roundabout name.
    Name,
    /// By a product that stands for it.
    Product,
    /// By a person who speaks for it.
    Person,
}

/// What a name stands for; numbers are positions in the vocabulary's tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    /// A company.
    Company(u8, How),
    /// A line of silicon.
    Silicon(u8),
    /// A name of a deal.
    DealName(u8),
}

/// How a name has to be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// In any way.
    Any,
    /// With a capital first.
    Capital,
    /// In capitals throughout.
    Upper,
}

/// What one pattern means.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub cues: Cues,
    pub things: Vec<(Thing, Case)>,
    /// A generation may follow the name.
    pub versions: bool,
}

/// One silicon line, as the tagger needs it.
#[derive(Clone, Debug)]
pub(super) struct SiliconLine {
    pub id: String,
    pub class: SiliconClass,
    /// Position of the owner among the companies, if it has one.
    pub owner: Option<u8>,
    pub programme: Option<String>,
}

/// A deal's name and what it needs beside it.
#[derive(Clone, Debug)]
pub(super) struct NamedDeal {
    pub deal: String,
    pub needs_companies: u64,
    pub needs_silicon: u64,
    /// No everyday word: talk of compute in the item is enough beside it.
    pub distinct: bool,
}

/// The compiled lexicon.
#[derive(Debug)]
pub(super) struct Vocabulary {
    trie: Trie,
    entries: Vec<Entry>,
    /// Company ids and shown names, in order of the lexicon.
    pub companies: Vec<(String, String)>,
    pub silicon: Vec<SiliconLine>,
    pub names: Vec<NamedDeal>,
}

/// A match of the automaton: a range of the folded text and its meaning.
pub(super) struct Hit<'v> {
    pub start: usize,
    pub end: usize,
    pub entry: &'v Entry,
}

#[derive(Default)]
struct Builder {
    index: HashMap<String, usize>,
    patterns: Vec<String>,
    entries: Vec<Entry>,
}

impl Builder {
    fn entry(&mut self, form: String) -> &mut Entry {
        let at = *self.index.entry(form).or_insert_with_key(|form| {
            self.patterns.push(form.clone());
            self.entries.push(Entry::default());
            self.entries.len() - 1
        });
        &mut self.entries[at]
    }

    fn cues<C: Class + Copy>(&mut self, table: &std::collections::BTreeMap<C, Vec<String>>) {
        for (&class, phrases) in table {
            for form in phrases.iter().flat_map(|phrase| words::forms(phrase)) {
                let entry = self.entry(form);
                entry.cues = entry.cues.and(class.bit());
            }
        }
    }

    fn thing(&mut self, name: &str, thing: Thing, case: Case) {
        for form in words::forms(name) {
            let entry = self.entry(form);
            entry.things.push((thing, case));
            entry.versions |= matches!(thing, Thing::Silicon(_));
        }
    }
}

impl Vocabulary {
    /// Compiles a lexicon. At most 64 companies and 64 silicon lines take part in deals; more are left out.
    pub(super) fn new(lexicon: &Lexicon) -> Self {
        let mut build = Builder::default();
        build.cues(&lexicon.action);
        build.cues(&lexicon.modality);
        build.cues(&lexicon.informant);
        build.cues(&lexicon.topic);
        let mut companies = Vec::new();
        for (at, company) in lexicon.companies.iter().take(64).enumerate() {
            let at = at as u8;
            let names = company.aliases.iter().chain(&company.oblique);
            names.for_each(|name| build.thing(name, Thing::Company(at, How::Name), Case::Any));
            // Capitalised short names of people (`Huang`) stand beside capitalised company names (`Meta`).
            let person =
                |name: &String| company.people.iter().any(|full| full.ends_with(&name.to_lowercase()));
            for name in &company.cased {
                let how = if person(name) { How::Person } else { How::Name };
                build.thing(name, Thing::Company(at, how), Case::Capital);
            }
            for ticker in &company.tickers {
                build.thing(ticker, Thing::Company(at, How::Name), Case::Upper);
            }
            for (names, how) in [(&company.products, How::Product), (&company.people, How::Person)] {
                for name in names {
                    build.thing(name, Thing::Company(at, how), Case::Any);
                }
            }
            companies.push((company.id.clone(), company.name.clone()));
        }
        let company_at = |id: &str| companies.iter().position(|(known, _)| known == id).map(|at| at as u8);
        let mut silicon = Vec::new();
        for (at, line) in lexicon.silicon.iter().take(64).enumerate() {
            let thing = Thing::Silicon(at as u8);
            line.aliases.iter().for_each(|name| build.thing(name, thing, Case::Any));
            line.cased.iter().for_each(|name| build.thing(name, thing, Case::Capital));
            silicon.push(SiliconLine {
                id: line.id.clone(),
                class: line.class,
                owner: company_at(&line.owner),
                programme: line.programme.clone(),
            });
        }
        let mut names = Vec::new();
        for (at, entry) in lexicon.deal_names.iter().take(256).enumerate() {
            let thing = Thing::DealName(at as u8);
            entry.names.iter().for_each(|name| build.thing(name, thing, Case::Any));
            entry.cased.iter().for_each(|name| build.thing(name, thing, Case::Capital));
            let bits = |found: Option<u8>| found.map_or(0, |at| 1 << at);
            names.push(NamedDeal {
                deal: entry.deal.clone(),
                distinct: entry.cased.is_empty(),
                needs_companies: entry.needs.iter().fold(0, |set, id| set | bits(company_at(id))),
                needs_silicon: entry.needs.iter().fold(0, |set, id| {
                    set | bits(silicon.iter().position(|line| line.id == *id).map(|at| at as u8))
                }),
            });
        }
        let trie = Trie::new(&build.patterns);
        Self { trie, entries: build.entries, companies, silicon, names }
    }

    /// The position of a company.
    pub(super) fn company(&self, id: &str) -> Option<u8> {
        self.companies.iter().position(|(known, _)| known == id).map(|at| at as u8)
    }

    /// Calls `found` with every match on word boundaries in a folded text, in order of its start.
    pub(super) fn hits<'v>(&'v self, text: &str, mut found: impl FnMut(Hit<'v>)) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            if !is_word(bytes[at]) {
                at += 1;
                continue;
            }
            let end = word_end(bytes, at);
            if at == 0 || !glued(bytes, at) {
                self.matches_from(bytes, at, end, &mut found);
            }
            at = end;
        }
    }

    /// Every match that starts with the word `start..end`.
    fn matches_from<'v>(
        &'v self,
        bytes: &[u8],
        start: usize,
        mut end: usize,
        found: &mut impl FnMut(Hit<'v>),
    ) {
        let (mut node, mut word, mut gap) = (ROOT, start, Gap::Space);
        loop {
            let next = self.trie.step(node, gap, &bytes[word..end]);
            if let Some(entry) = next.and_then(|next| self.trie.pattern(next)) {
                found(Hit { start, end, entry: &self.entries[entry as usize] });
            }
            // A generation behind the name: Trainium3, TPUv7, GB200s.
            let stem = stem_end(bytes, word, end);
            if stem < end
                && let Some(stemmed) = self.trie.step(node, gap, &bytes[word..stem])
                && let Some(entry) = self.trie.pattern(stemmed).map(|entry| &self.entries[entry as usize])
                && entry.versions
            {
                found(Hit { start, end, entry });
            }
            let Some(next) = next else { return };
            let Some((following, between)) = gap_at(bytes, end) else { return };
            (node, word, gap) = (next, following, between);
            end = word_end(bytes, word);
        }
    }
}

/// Part of a word: a letter, a digit, or any character beyond ASCII.
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// After an apostrophe that belongs to a word: the `s` of a possessive starts nothing.
fn glued(bytes: &[u8], start: usize) -> bool {
    start > 1 && bytes[start - 1] == b'\'' && is_word(bytes[start - 2])
}

/// Where the name ends within a word that may carry a plural or a generation (`trainium3`, `tpuv7`,
/// `gb200s`); `end` where it carries none.
fn stem_end(bytes: &[u8], start: usize, end: usize) -> usize {
    let word = &bytes[start..end];
    if let Some(stem) = word.strip_suffix(b"s").filter(|stem| stem.len() >= 3) {
        return start + stem.len();
    }
    let Some(letters) =
        word.iter().position(u8::is_ascii_digit).filter(|&at| at >= 3 && word.len() - at <= 5)
    else {
        return end;
    };
    start + if word[letters - 1] == b'v' && letters > 3 { letters - 1 } else { letters }
}

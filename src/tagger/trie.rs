//! Patterns as paths of words, and the tables that follow them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::vocabulary::is_word;

/// What stands between two words of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gap {
    Space = 0,
    Apostrophe = 1,
    Comma = 2,
    Dot = 3,
    DotSpace = 4,
}

/// Where every pattern starts.
pub(super) const ROOT: u32 = 0;

/// Patterns as paths of words.
#[derive(Debug, Default)]
pub(super) struct Trie {
    words: HashMap<Box<[u8]>, u32, BuildHasherDefault<WordHasher>>,
    /// Edges from a node by gap and word.
    edges: HashMap<u64, u32, BuildHasherDefault<WordHasher>>,
    /// The pattern that ends in each node, plus one; 0 for none.
    ends: Vec<u32>,
}

impl Trie {
    /// Compiles patterns; a pattern without a word matches nothing.
    pub(super) fn new(patterns: &[String]) -> Self {
        let mut trie = Self { ends: vec![0], ..Self::default() };
        for (number, pattern) in patterns.iter().enumerate() {
            let bytes = pattern.as_bytes();
            let Some(mut word) = bytes.iter().position(|&b| is_word(b)) else { continue };
            let (mut node, mut gap) = (ROOT, Gap::Space);
            loop {
                let end = word_end(bytes, word);
                let fresh = trie.words.len() as u32;
                let id = *trie.words.entry(bytes[word..end].into()).or_insert(fresh);
                let next = trie.ends.len() as u32;
                let next = *trie.edges.entry(edge(node, gap, id)).or_insert(next);
                if next as usize == trie.ends.len() {
                    trie.ends.push(0);
                }
                node = next;
                let Some((following, between)) = gap_at(bytes, end) else { break };
                (word, gap) = (following, between);
            }
            trie.ends[node as usize] = number as u32 + 1;
        }
        trie
    }

    /// The node that a word leads to.
    pub(super) fn step(&self, node: u32, gap: Gap, word: &[u8]) -> Option<u32> {
        let id = *self.words.get(word)?;
        self.edges.get(&edge(node, gap, id)).copied()
    }

    /// The pattern that ends in a node.
    pub(super) fn pattern(&self, node: u32) -> Option<u32> {
        self.ends.get(node as usize).and_then(|&end| end.checked_sub(1))
    }
}

fn edge(node: u32, gap: Gap, word: u32) -> u64 {
    u64::from(node) << 32 | u64::from(word) << 3 | gap as u64
}

/// The next word after `end` and what stands between, if a pattern could go on there.
pub(super) fn gap_at(bytes: &[u8], end: usize) -> Option<(usize, Gap)> {
    let rest = bytes.get(end..)?;
    let (len, gap) = match rest {
        [b' ', ..] => (1, Gap::Space),
        [b'\'', b' ', ..] => (2, Gap::Space),
        [b'\'', ..] => (1, Gap::Apostrophe),
        [b',', b' ', ..] => (2, Gap::Comma),
        [b'.', b' ', ..] => (2, Gap::DotSpace),
        [b'.', ..] => (1, Gap::Dot),
        _ => return None,
    };
    rest.get(len).filter(|&&b| is_word(b)).map(|_| (end + len, gap))
}

/// The end of the word that starts at `from`.
pub(super) fn word_end(bytes: &[u8], from: usize) -> usize {
    from + bytes[from..].iter().take_while(|&&b| is_word(b)).count()
}

/// Multiplies and rotates: the words of one lexicon are no attack on a table that only it fills.
#[derive(Debug, Default)]
struct WordHasher(u64);

impl WordHasher {
    fn mix(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut eight = [0; 8];
            eight[..chunk.len()].copy_from_slice(chunk);
            self.mix(u64::from_le_bytes(eight));
        }
    }

    fn write_u64(&mut self, value: u64) {
        self.mix(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.mix(value as u64);
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

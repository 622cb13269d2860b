//! Folding: the same story from many outlets is one story.
//!
//! Two items tell the same story when they have the same address, or when they come from different
//! outlets, lie at most a week apart and at least 85 % of their words are the same, figures included. Two
//! items of one outlet never fold by their words: an outlet that writes nearly the same headline twice
//! has news.
//!
//! Candidates are found by MinHash: twelve bands of three hashes over the words. Items with 85 % of their
//! words in common share a band with a probability above 99.7 %; those that do are then compared word by
//! word.

use std::collections::{HashMap, VecDeque};

use super::item::{Item, ItemKey};
use super::time::Timestamp;

/// Least overlap in percent: common words over the words of the longer text.
pub const OVERLAP: usize = 85;
/// Items further apart than this, in seconds, are not the same news.
const WINDOW: i64 = 7 * 86_400;
/// Newest items that are remembered.
const CAPACITY: usize = 8_000;
/// Shorter headlines say too little to tell stories apart.
const MIN_TITLE: usize = 5;
/// Summaries shorter than this add nothing to the headline.
const MIN_TEXT: usize = 20;
/// Words of a text that count.
const MAX_WORDS: usize = 60;
const BANDS: usize = 12;
const ROWS: usize = 3;
/// Candidates of one band that are compared, newest first.
const MAX_CANDIDATES: usize = 32;

/// The story of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Key of the story's first item; the item's own when it begins one.
    pub head: ItemKey,
    /// Whether the item retells what another outlet wrote, word for word or nearly so. An item with the
    /// same address as another is the same text and no retelling by somebody else.
    pub copies: bool,
}

/// What is remembered of one item.
#[derive(Clone, Debug)]
struct Sketch {
    head: ItemKey,
    outlet: u64,
    at: Timestamp,
    title: Words,
    text: Words,
}

/// Words as sorted hashes, those with a digit apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Words {
    all: Vec<u32>,
    figures: Vec<u32>,
}

/// The newest items, to be found by address and by words.
#[derive(Clone, Debug)]
pub struct Stories {
    capacity: usize,
    items: VecDeque<Sketch>,
    /// How many items have been forgotten; the number of an item is its place plus this.
    forgotten: u32,
    by_url: HashMap<u64, ItemKey>,
    by_band: HashMap<u32, Vec<u32>>,
}

impl Default for Stories {
    fn default() -> Self {
        Self::with_capacity(CAPACITY)
    }
}

impl Stories {
    /// Remembers at most `capacity` items.
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            capacity,
            items: VecDeque::new(),
            forgotten: 0,
            by_url: HashMap::new(),
            by_band: HashMap::new(),
        }
    }

    /// Finds the story that an item belongs to, and remembers the item. `known` is the story of an item
    /// with the same address where the caller knows of one.
    pub fn place(&mut self, item: &Item, known: Option<&ItemKey>) -> Place {
        let url = item.url.as_deref().map(|url| hash(url.as_bytes()));
        let by_url = known.or_else(|| url.and_then(|url| self.by_url.get(&url))).cloned();
        let title = Words::of(&item.title);
        let text = Words::of(&format!("{} {}", item.title, item.summary));
        let outlet = hash(item.outlet.to_lowercase().as_bytes());
        let mut sketch = Sketch { head: item.key.clone(), outlet, at: item.at(), title, text };
        let place = if let Some(head) = by_url {
            Place { head, copies: false }
        } else if let Some(head) = self.find(&sketch) {
            Place { head, copies: true }
        } else {
            Place { head: item.key.clone(), copies: false }
        };
        sketch.head.clone_from(&place.head);
        if let Some(url) = url {
            self.by_url.insert(url, place.head.clone());
        }
        self.remember(sketch);
        place
    }

    /// Remembers an item whose story is known already.
    pub fn recall(&mut self, item: &Item, head: &ItemKey) {
        if let Some(url) = &item.url {
            self.by_url.insert(hash(url.as_bytes()), head.clone());
        }
        self.remember(Sketch {
            head: head.clone(),
            outlet: hash(item.outlet.to_lowercase().as_bytes()),
            at: item.at(),
            title: Words::of(&item.title),
            text: Words::of(&format!("{} {}", item.title, item.summary)),
        });
    }

    fn find(&self, sketch: &Sketch) -> Option<ItemKey> {
        for band in sketch.bands() {
            let Some(numbers) = self.by_band.get(&band) else { continue };
            for number in numbers.iter().rev().take(MAX_CANDIDATES) {
                let Some(at) = number.checked_sub(self.forgotten) else { break };
                if let Some(other) = self.items.get(at as usize).filter(|other| other.is_told_by(sketch)) {
                    return Some(other.head.clone());
                }
            }
        }
        None
    }

    fn remember(&mut self, sketch: Sketch) {
        let number = self.forgotten + self.items.len() as u32;
        for band in sketch.bands() {
            self.by_band.entry(band).or_default().push(number);
        }
        self.items.push_back(sketch);
        if self.items.len() > self.capacity {
            self.forget();
        }
    }

    /// Forgets the older half, and everything that points to it.
    fn forget(&mut self) {
        let gone = self.items.len() / 2;
        self.items.drain(..gone);
        self.forgotten += gone as u32;
        let first = self.forgotten;
        self.by_band.retain(|_, numbers| {
            numbers.retain(|number| *number >= first);
            !numbers.is_empty()
        });
        if self.by_url.len() > 2 * self.capacity {
            self.by_url.clear();
        }
    }
}

impl Sketch {
    fn is_told_by(&self, other: &Self) -> bool {
        self.outlet != other.outlet
            && self.at.since(other.at).abs() <= WINDOW
            && ((self.title.all.len() >= MIN_TITLE && self.title.overlaps(&other.title))
                || (self.text.all.len() >= MIN_TEXT && self.text.overlaps(&other.text)))
    }

    fn bands(&self) -> impl Iterator<Item = u32> {
        let title = (self.title.all.len() >= MIN_TITLE).then(|| self.title.bands(0));
        let text = (self.text.all.len() >= MIN_TEXT && self.text != self.title).then(|| self.text.bands(1));
        title.into_iter().chain(text).flatten()
    }
}

impl Words {
    fn of(text: &str) -> Self {
        let mut words = Self::default();
        let lower = text.to_lowercase();
        for word in
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).take(MAX_WORDS)
        {
            let number = hash(word.as_bytes()) as u32;
            words.all.push(number);
            if word.bytes().any(|c| c.is_ascii_digit()) {
                words.figures.push(number);
            }
        }
        words.all.sort_unstable();
        words.all.dedup();
        words.figures.sort_unstable();
        words.figures.dedup();
        words
    }

    /// At least 85 % of the words of the longer one are in both, and neither has a figure that the other
    /// replaces by another.
    fn overlaps(&self, other: &Self) -> bool {
        let longer = self.all.len().max(other.all.len());
        let common = common(&self.all, &other.all);
        let figures = common_all(&self.figures, &other.figures);
        figures && longer > 0 && common * 100 >= longer * OVERLAP
    }

    fn bands(&self, kind: u32) -> [u32; BANDS] {
        let mut bands = [0; BANDS];
        for (index, band) in bands.iter_mut().enumerate() {
            let mut key = mix(kind, index as u32);
            for row in 0..ROWS {
                let seed = (index * ROWS + row) as u32;
                let least = self.all.iter().map(|word| mix(*word, seed)).min().unwrap_or(0);
                key = mix(key, least);
            }
            *band = key;
        }
        bands
    }
}

/// Words in both, of two sorted lists.
fn common(a: &[u32], b: &[u32]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        match x.cmp(y) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                count += 1;
                i += 1;
                j += 1;
            }
        }
    }
    count
}

/// Whether one list of figures holds the other: a copy may be cut, but does not change a figure.
fn common_all(a: &[u32], b: &[u32]) -> bool {
    common(a, b) == a.len().min(b.len())
}

/// FNV-1a.
fn hash(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// A hash of two words (the finaliser of MurmurHash3).
fn mix(a: u32, b: u32) -> u32 {
    let mut h = a ^ b.wrapping_mul(0x9e37_79b9);
    h ^= h >> 16;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^= h >> 13;
    h = h.wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::outlet::Tier;
    use crate::domain::text::DisplayText;

    fn item(n: u32, outlet: &str, title: &str, summary: &str) -> Item {
        Item {
            key: ItemKey(format!("{n:032x}")),
            feed: outlet.to_lowercase(),
            guid: String::new(),
            url: Some(format!("https://{}.example/{n}", outlet.to_lowercase())),
            title: DisplayText::line(title, 500),
            summary: DisplayText::block(summary, 5000),
            text: None,
            outlet: DisplayText::line(outlet, 100),
            tier: Tier::C,
            published: Some(Timestamp(1_780_000_000 + i64::from(n))),
            first_seen: Timestamp(1_780_000_000 + i64::from(n)),
        }
    }

    const TITLE: &str =
        "OpenAI to buy two more gigawatts of Trainium capacity from Amazon, people familiar say";

    #[test]
    fn the_same_headline_elsewhere_is_the_same_story() {
        let mut stories = Stories::default();
        let first = item(1, "Newswire", TITLE, "");
        assert_eq!(stories.place(&first, None), Place { head: first.key.clone(), copies: false });
        let copy = item(2, "Portal", TITLE, "");
        assert_eq!(stories.place(&copy, None), Place { head: first.key.clone(), copies: true });
        let edited = item(3, "Daily", &TITLE.replace("buy", "purchase"), "");
        assert_eq!(stories.place(&edited, None), Place { head: first.key, copies: true });
    }

    #[test]
    fn one_outlet_never_folds_into_itself() {
        let mut stories = Stories::default();
        stories.place(&item(1, "Newswire", TITLE, ""), None);
        let again = item(2, "newswire", TITLE, "");
        assert_eq!(stories.place(&again, None).head, again.key);
    }

    #[test]
    fn another_figure_is_another_story() {
        let mut stories = Stories::default();
        stories.place(
            &item(
                1,
                "Newswire",
                "Oracle adds 2 GW for OpenAI at its campus in Abilene, Texas, filing shows",
                "",
            ),
            None,
        );
        let other = item(
            2,
            "Portal",
            "Oracle adds 4 GW for OpenAI at its campus in Abilene, Texas, filing shows",
            "",
        );
        assert_eq!(stories.place(&other, None).head, other.key);
    }

    #[test]
    fn the_same_body_under_another_headline_is_the_same_story() {
        let body = "Amazon and OpenAI have agreed on terms for a further expansion of the capacity that the cloud \
                    company reserves on its own accelerators, according to a filing made public on Tuesday, which \
                    names the campuses in Indiana and Mississippi and gives the schedule of delivery.";
        let mut stories = Stories::default();
        let first = item(1, "Newswire", "Trainium order grows again", body);
        stories.place(&first, None);
        let other = item(2, "Portal", "Amazon wins more work", body);
        assert_eq!(stories.place(&other, None).head, first.key);
    }

    #[test]
    fn the_same_address_folds_even_within_one_outlet() {
        let mut stories = Stories::default();
        let first = item(1, "Newswire", "A first headline about chips", "");
        stories.place(&first, None);
        let second = Item { url: first.url.clone(), ..item(2, "Newswire", "Quite another headline", "") };
        assert_eq!(stories.place(&second, None), Place { head: first.key, copies: false });
    }

    #[test]
    fn a_copy_of_a_copy_belongs_to_the_first() {
        let mut stories = Stories::default();
        let first = item(1, "One", TITLE, "");
        for (n, outlet) in ["One", "Two", "Three", "Four"].into_iter().enumerate() {
            let place = stories.place(&item(n as u32 + 1, outlet, TITLE, ""), None);
            assert_eq!(place.head, first.key);
        }
    }

    #[test]
    fn last_months_story_is_not_this_months() {
        let mut stories = Stories::default();
        stories.place(&item(1, "One", TITLE, ""), None);
        let later = item(30 * 86_400, "Two", TITLE, "");
        assert_eq!(stories.place(&later, None).head, later.key);
    }

    #[test]
    fn memory_stays_bounded_and_new_items_still_fold() {
        let mut stories = Stories::with_capacity(100);
        for n in 0..300 {
            stories.place(
                &item(n, "One", &format!("Headline number {n} about plant {n} in county {n}"), ""),
                None,
            );
        }
        assert!(stories.items.len() <= 100);
        let n = 295;
        let copy = item(n, "Two", &format!("Headline number {n} about plant {n} in county {n}"), "");
        assert!(stories.place(&copy, None).copies);
    }
}

//! Folding: the same story from many outlets is one story.
//!
//! Two items tell the same story when they have the same address, or when they come from different
//! outlets, lie at most a week apart, have the same figures, and at least 85 % of their words are the same.
//! Two items of one outlet never fold by their words: an outlet that writes nearly the same headline twice
//! has news.
//!
//! Candidates are found by MinHash: eight bands of three hashes over the words, seeded with the figures.
//! Items with 90 % of their words in common share a band with a probability above 99.8 %, at 85 % it is
//! above 98 %; those that do are then compared word by word.

use std::collections::{HashMap, VecDeque};

use super::item::{Item, ItemKey};
use super::time::Timestamp;

/// Least overlap in percent: common words over the words of the longer text.
pub const OVERLAP: usize = 85;
/// Items further apart than this, in days, are not the same news.
pub const WINDOW_DAYS: i32 = 7;
/// The same in seconds.
const WINDOW: i64 = WINDOW_DAYS as i64 * 86_400;
/// Newest items that are remembered.
const CAPACITY: usize = 6_000;
/// Shorter headlines say too little to tell stories apart.
pub const MIN_TITLE: usize = 5;
/// Summaries shorter than this add nothing to the headline.
const MIN_TEXT: usize = 20;
/// Words of a text that count.
const MAX_WORDS: usize = 60;
const BANDS: usize = 8;
const ROWS: usize = 3;
/// Bands of the headline and of the whole text.
const SLOTS: usize = 2 * BANDS;
/// Candidates of one band that are compared, newest first.
const MAX_CANDIDATES: usize = 16;

/// The story of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Key of the story's first item; the item's own when it begins one.
    pub head: ItemKey,
    /// Whether the item retells what another outlet wrote, word for word or nearly so. An item with the
    /// same address as another is the same text and no retelling by somebody else.
    pub copies: bool,
}

/// What is needed of one item to find its story. Made before the search, so that no lock need be held
/// meanwhile.
#[derive(Clone, Debug)]
pub struct Sketch {
    key: ItemKey,
    url: Option<u64>,
    /// A key for each band; `None` where the text is too short to tell.
    bands: [Option<u32>; SLOTS],
    told: Told,
}

/// What is remembered of one item.
#[derive(Clone, Debug)]
struct Told {
    head: ItemKey,
    outlet: u64,
    at: Timestamp,
    title: Words,
    text: Words,
    /// For each band the item before this one with the same key.
    before: [u32; SLOTS],
}

/// No item.
const NOBODY: u32 = u32::MAX;

/// The words of a text as sorted hashes, and one hash over its figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    all: Vec<u32>,
    figures: u32,
    /// One bit for each word: tells most texts apart without a look at the words.
    mask: u64,
}

/// The newest items, to be found by address and by words.
#[derive(Clone, Debug)]
pub struct Stories {
    capacity: usize,
    items: VecDeque<Told>,
    /// How many items have been forgotten; the number of an item is its place plus this.
    forgotten: u32,
    by_url: HashMap<u64, ItemKey>,
    /// The newest item of each band key; older ones follow by [`Told::before`].
    by_band: HashMap<u32, u32>,
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
    pub fn place(&mut self, sketch: Sketch, known: Option<&ItemKey>) -> Place {
        let by_url = known.or_else(|| sketch.url.and_then(|url| self.by_url.get(&url))).cloned();
        let place = if let Some(head) = by_url {
            Place { head, copies: false }
        } else if let Some(head) = self.find(&sketch) {
            Place { head, copies: true }
        } else {
            Place { head: sketch.key.clone(), copies: false }
        };
        self.recall(sketch, &place.head);
        place
    }

    /// Remembers an item whose story is known already.
    pub fn recall(&mut self, sketch: Sketch, head: &ItemKey) {
        if let Some(url) = sketch.url {
            self.by_url.insert(url, head.clone());
        }
        let number = self.forgotten + self.items.len() as u32;
        let mut told = Told { head: head.clone(), ..sketch.told };
        for (band, before) in sketch.bands.iter().zip(&mut told.before) {
            if let Some(band) = band {
                *before = self.by_band.insert(*band, number).unwrap_or(NOBODY);
            }
        }
        self.items.push_back(told);
        if self.items.len() > self.capacity {
            self.forget();
        }
    }

    fn find(&self, sketch: &Sketch) -> Option<ItemKey> {
        for (slot, band) in sketch.bands.iter().enumerate() {
            let mut next = band.and_then(|band| self.by_band.get(&band)).copied().unwrap_or(NOBODY);
            for _ in 0..MAX_CANDIDATES {
                let Some(other) = next.checked_sub(self.forgotten).and_then(|at| self.items.get(at as usize))
                else {
                    break;
                };
                if other.is_retold_by(&sketch.told) {
                    return Some(other.head.clone());
                }
                next = other.before.get(slot).copied().unwrap_or(NOBODY);
            }
        }
        None
    }

    /// Forgets the older half, and everything that points to it.
    fn forget(&mut self) {
        let gone = self.items.len() / 2;
        self.items.drain(..gone);
        self.forgotten += gone as u32;
        let first = self.forgotten;
        self.by_band.retain(|_, number| *number >= first);
        if self.by_url.len() > 2 * self.capacity {
            self.by_url.clear();
        }
    }
}

impl Sketch {
    /// The sketch of an item.
    pub fn of(item: &Item) -> Self {
        let title = Words::of([&*item.title].into_iter());
        let text = if item.summary.is_empty() {
            Words::default()
        } else {
            Words::of([&*item.title, &*item.summary].into_iter())
        };
        let of_title = (title.all.len() >= MIN_TITLE).then(|| title.bands(0));
        let of_text = (text.all.len() >= MIN_TEXT).then(|| text.bands(1));
        let mut bands = [None; SLOTS];
        let (first, second) = bands.split_at_mut(BANDS);
        for (slots, keys) in [(first, of_title), (second, of_text)] {
            for (slot, key) in slots.iter_mut().zip(keys.into_iter().flatten()) {
                *slot = Some(key);
            }
        }
        let outlet = hash(item.outlet.chars().flat_map(lower));
        Self {
            key: item.key.clone(),
            url: item.url.as_deref().map(|url| hash(url.chars())),
            bands,
            told: Told {
                head: item.key.clone(),
                outlet,
                at: item.at(),
                title,
                text,
                before: [NOBODY; SLOTS],
            },
        }
    }
}

impl Told {
    fn is_retold_by(&self, other: &Self) -> bool {
        self.outlet != other.outlet
            && self.at.since(other.at).abs() <= WINDOW
            && (self.title.overlaps(&other.title, MIN_TITLE) || self.text.overlaps(&other.text, MIN_TEXT))
    }
}

impl Words {
    /// The words of a text that an outlet carries. Its own name at the end, as aggregators write it, is no
    /// part of the text.
    pub fn carried_by(outlet: &str, text: &str) -> Self {
        let mut rest = text.trim_end_matches(separate);
        let name = outlet.trim_matches(separate);
        if let Some(at) = rest.len().checked_sub(name.len()).filter(|&at| at > 0 && rest.is_char_boundary(at))
            && rest[at..].eq_ignore_ascii_case(name)
            && rest[..at].ends_with(separate)
        {
            rest = &rest[..at];
        }
        Self::of([rest].into_iter())
    }

    /// How many different words there are.
    pub fn count(&self) -> usize {
        self.all.len()
    }

    /// The first words of the texts together.
    fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut words = Self { all: Vec::with_capacity(24), ..Self::default() };
        let mut figures = Vec::new();
        for word in
            texts.flat_map(|text| text.split(separate)).filter(|word| !word.is_empty()).take(MAX_WORDS)
        {
            // The usual words take the same way without decoding them.
            let number = if word.is_ascii() {
                word.bytes().fold(FNV_START, |sum, c| fnv(sum, u64::from(c.to_ascii_lowercase()))) as u32
            } else {
                hash(word.chars().flat_map(lower)) as u32
            };
            words.all.push(number);
            words.mask |= 1 << (number % 64);
            if word.bytes().any(|c| c.is_ascii_digit()) {
                figures.push(number);
            }
        }
        words.all.sort_unstable();
        words.all.dedup();
        figures.sort_unstable();
        figures.dedup();
        words.figures = figures.into_iter().fold(0, mix);
        words
    }

    /// One bit for each word, and one hash over the figures: texts that differ in the figures, or in many
    /// bits, do not overlap.
    pub fn outline(&self) -> (u64, u32) {
        (self.mask, self.figures)
    }

    /// Whether both have at least `least` words and the same figures, and at least 85 % of the words of the
    /// longer one are in both.
    pub fn overlaps(&self, other: &Self, least: usize) -> bool {
        let (shorter, longer) = if self.all.len() < other.all.len() { (self, other) } else { (other, self) };
        let (short, long) = (shorter.all.len(), longer.all.len());
        // Each bit that only the longer text has is a word that is not in both.
        let apart = (longer.mask & !shorter.mask).count_ones() as usize;
        short >= least
            && self.figures == other.figures
            && short * 100 >= long * OVERLAP
            && (long - apart.min(long)) * 100 >= long * OVERLAP
            && common(&self.all, &other.all) * 100 >= long * OVERLAP
    }

    fn bands(&self, kind: u32) -> [u32; BANDS] {
        let mut least = [u32::MAX; BANDS * ROWS];
        for word in &self.all {
            for (least, (salt, factor)) in least.iter_mut().zip(SEEDS) {
                *least = (*least).min((*word ^ salt).wrapping_mul(factor));
            }
        }
        let mut bands = [0; BANDS];
        for ((index, band), rows) in bands.iter_mut().enumerate().zip(least.chunks_exact(ROWS)) {
            let seed = mix(mix(kind, index as u32), self.figures);
            *band = rows.iter().fold(seed, |key, least| mix(key, *least));
        }
        bands
    }
}

/// What stands between words.
fn separate(c: char) -> bool {
    if c.is_ascii() { !c.is_ascii_alphanumeric() } else { !c.is_alphanumeric() }
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

/// A character in lower case, the usual ones at once.
fn lower(c: char) -> impl Iterator<Item = char> {
    let (plain, rest) =
        if c.is_ascii() { (Some(c.to_ascii_lowercase()), None) } else { (None, Some(c.to_lowercase())) };
    plain.into_iter().chain(rest.into_iter().flatten())
}

/// FNV-1a over characters.
fn hash(chars: impl Iterator<Item = char>) -> u64 {
    chars.fold(FNV_START, |sum, c| fnv(sum, u64::from(c)))
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// One step of FNV-1a.
fn fnv(sum: u64, c: u64) -> u64 {
    (sum ^ c).wrapping_mul(0x0100_0000_01b3)
}

/// A salt and an odd factor for each of the hashes whose least value is kept.
const SEEDS: [(u32, u32); BANDS * ROWS] = {
    let mut seeds = [(0, 0); BANDS * ROWS];
    let mut at = 0;
    while at < seeds.len() {
        let seed = at as u32;
        seeds[at] = (mix(0x5bd1_e995, seed), mix(0xc2b2_ae35, seed) | 1);
        at += 1;
    }
    seeds
};

/// A hash of two words (the finaliser of MurmurHash3).
const fn mix(a: u32, b: u32) -> u32 {
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

    fn tell(stories: &mut Stories, item: &Item) -> Place {
        stories.place(Sketch::of(item), None)
    }

    const TITLE: &str =
        "OpenAI to buy two more gigawatts of Trainium capacity from Amazon, people familiar say";

    #[test]
    fn the_same_headline_elsewhere_is_the_same_story() {
        let mut stories = Stories::default();
        let first = item(1, "Newswire", TITLE, "");
        assert_eq!(tell(&mut stories, &first), Place { head: first.key.clone(), copies: false });
        let copy = item(2, "Portal", TITLE, "");
        assert_eq!(tell(&mut stories, &copy), Place { head: first.key.clone(), copies: true });
        let edited = item(3, "Daily", &TITLE.replace("buy", "purchase"), "");
        assert_eq!(tell(&mut stories, &edited), Place { head: first.key, copies: true });
    }

    #[test]
    fn one_outlet_never_folds_into_itself() {
        let mut stories = Stories::default();
        tell(&mut stories, &item(1, "Newswire", TITLE, ""));
        let again = item(2, "newswire", TITLE, "");
        assert_eq!(tell(&mut stories, &again).head, again.key);
    }

    #[test]
    fn another_figure_is_another_story() {
        let mut stories = Stories::default();
        tell(
            &mut stories,
            &item(
                1,
                "Newswire",
                "Oracle adds 2 GW for OpenAI at its campus in Abilene, Texas, filing shows",
                "",
            ),
        );
        let other = item(
            2,
            "Portal",
            "Oracle adds 4 GW for OpenAI at its campus in Abilene, Texas, filing shows",
            "",
        );
        assert_eq!(tell(&mut stories, &other).head, other.key);
    }

    #[test]
    fn the_same_body_under_another_headline_is_the_same_story() {
        let body = "Amazon and OpenAI have agreed on terms for a further expansion of the capacity that the cloud \
                    company reserves on its own accelerators, according to a filing made public on Tuesday, which \
                    names the campuses in Indiana and Mississippi and gives the schedule of delivery.";
        let mut stories = Stories::default();
        let first = item(1, "Newswire", "Trainium order grows again", body);
        tell(&mut stories, &first);
        let other = item(2, "Portal", "Amazon wins more work", body);
        assert_eq!(tell(&mut stories, &other).head, first.key);
    }

    #[test]
    fn the_same_address_folds_even_within_one_outlet() {
        let mut stories = Stories::default();
        let first = item(1, "Newswire", "A first headline about chips", "");
        tell(&mut stories, &first);
        let second = Item { url: first.url.clone(), ..item(2, "Newswire", "Quite another headline", "") };
        assert_eq!(tell(&mut stories, &second), Place { head: first.key, copies: false });
    }

    #[test]
    fn a_copy_of_a_copy_belongs_to_the_first() {
        let mut stories = Stories::default();
        let first = item(1, "One", TITLE, "");
        for (n, outlet) in ["One", "Two", "Three", "Four"].into_iter().enumerate() {
            let place = tell(&mut stories, &item(n as u32 + 1, outlet, TITLE, ""));
            assert_eq!(place.head, first.key);
        }
    }

    #[test]
    fn last_months_story_is_not_this_months() {
        let mut stories = Stories::default();
        tell(&mut stories, &item(1, "One", TITLE, ""));
        let later = item(30 * 86_400, "Two", TITLE, "");
        assert_eq!(tell(&mut stories, &later).head, later.key);
    }

    #[test]
    fn memory_stays_bounded_and_new_items_still_fold() {
        let mut stories = Stories::with_capacity(100);
        for n in 0..300 {
            tell(
                &mut stories,
                &item(n, "One", &format!("Headline number {n} about plant {n} in county {n}"), ""),
            );
        }
        assert!(stories.items.len() <= 100);
        let n = 295;
        let copy = item(n, "Two", &format!("Headline number {n} about plant {n} in county {n}"), "");
        assert!(tell(&mut stories, &copy).copies);
    }
}

//! Statements that capacity stands: all of it, or a part of it, installed and in use today. Decided within
//! one clause by its words: how much, of what, and that it is done.

/// How much of the capacity a statement is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// All that was agreed.
    All,
    /// A part: "nearly all", "most of", "the first".
    Part,
}

/// A statement that capacity stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stands {
    /// How much of it.
    pub extent: Extent,
    /// Range of the words in the folded text, from the measure or the capacity to what is done with it.
    pub start: usize,
    /// End of the range.
    pub end: usize,
    /// Where the clause begins that they stand in.
    pub clause: usize,
}

/// Measures of everything.
const ALL: [&str; 9] = ["all", "entire", "entirety", "full", "whole", "every", "100%", "100", "totality"];
/// Measures that say so of what is done: "is fully live".
const FULLY: [&str; 5] = ["fully", "entirely", "completely", "wholly", "100%"];
/// Measures of less.
const PART: [&str; 14] = [
    "nearly",
    "almost",
    "substantially",
    "virtually",
    "most",
    "mostly",
    "some",
    "part",
    "portion",
    "half",
    "majority",
    "partially",
    "initial",
    "first",
];
/// What is measured.
const CAPACITY: [&str; 32] = [
    "capacity",
    "compute",
    "infrastructure",
    "cluster",
    "clusters",
    "gpus",
    "ultraserver",
    "ultraservers",
    "instances",
    "servers",
    "systems",
    "racks",
    "megawatts",
    "gigawatts",
    "mw",
    "gw",
    "megawatt",
    "gigawatt",
    "chips",
    "accelerators",
    "sites",
    "facilities",
    "halls",
    "deployment",
    "buildout",
    "footprint",
    "fleet",
    "hardware",
    "commitment",
    "contract",
    "agreement",
    "order",
];
/// Agreements: in force as soon as they are signed, so that only building words tell of capacity.
const PAPER: [&str; 4] = ["commitment", "contract", "agreement", "order"];
/// What is done, behind a form of "to be" or "to have".
const DONE: [&str; 46] = [
    "live",
    "online",
    "installed",
    "delivered",
    "deployed",
    "serving",
    "operational",
    "operating",
    "running",
    "energized",
    "energised",
    "activated",
    "accepted",
    "commissioned",
    "provisioned",
    "up",
    "turned",
    "switched",
    "brought",
    "handed",
    "stood",
    "used",
    "utilized",
    "utilised",
    "consumed",
    "consuming",
    "using",
    "ramped",
    "built",
    "completed",
    "complete",
    "available",
    "fulfilled",
    "come",
    "gone",
    "entered",
    "finished",
    "placed",
    "made",
    "put",
    "powered",
    "supplied",
    "utilizing",
    "filled",
    "occupied",
    "finalized",
];
/// What is done with agreements once their capacity stands.
const BUILT: [&str; 10] = [
    "online",
    "installed",
    "delivered",
    "deployed",
    "serving",
    "energized",
    "energised",
    "built",
    "brought",
    "fulfilled",
];
/// What a place in a state is said with: "is in use", "is now in service".
const IN_PLACE: [&str; 6] = ["use", "service", "production", "operation", "place", "full"];
/// Forms of "to be" and "to have" that speak of today.
const IS: [&str; 10] = ["is", "are", "was", "were", "been", "has", "have", "had", "being", "now"];
/// Doing words that need no helper: "came online", "went live".
const WENT: [&str; 7] = ["came", "went", "runs", "run", "serves", "serve", "stands"];
/// Using words that need no helper where a measure follows: "runs on all of the capacity".
const USES: [&str; 5] = ["runs", "uses", "consumes", "occupies", "operates"];
/// Adverbs between helper and deed.
const ADVERBS: [&str; 26] = [
    "now",
    "already",
    "fully",
    "currently",
    "all",
    "both",
    "also",
    "today",
    "since",
    "successfully",
    "been",
    "being",
    "entirely",
    "completely",
    "again",
    "as",
    "of",
    "a",
    "up",
    "live",
    "in",
    "100%",
    "wholly",
    "well",
    "formally",
    "thus",
];
/// Words that take back a deed that stands behind them.
const NOT_SO: [&str; 18] = [
    "will", "would", "may", "might", "could", "should", "can", "cannot", "shall", "not", "no", "never",
    "neither", "nor", "without", "yet", "expected", "unable",
];
/// Words that make a supposition or a plan of everything behind them.
const SUPPOSED: [&str; 27] = [
    "if",
    "once",
    "when",
    "until",
    "unless",
    "whether",
    "assuming",
    "before",
    "time",
    "expect",
    "expects",
    "plan",
    "plans",
    "aim",
    "aims",
    "intend",
    "intends",
    "anticipate",
    "anticipates",
    "hope",
    "believe",
    "goal",
    "target",
    "risk",
    "ability",
    "provided",
    "failure",
];

/// One word of a clause.
#[derive(Clone, Copy)]
struct Word<'t> {
    text: &'t str,
    start: usize,
    end: usize,
}

impl Word<'_> {
    fn among(&self, list: &[&str]) -> bool {
        list.contains(&self.text)
    }
}

/// The statement of `text[start..end]`, one sentence of folded text, that capacity stands. `terse`: a
/// headline, which leaves out "is".
pub(super) fn stands(text: &str, start: usize, end: usize, terse: bool) -> Option<Stands> {
    let sentence = text.get(start..end)?;
    let mut from = 0;
    let mut found: Option<Stands> = None;
    for to in joints(sentence) {
        let clause = words(sentence, from, to, start);
        let told = of_clause(&clause, terse);
        // Of two clauses that tell, the one that tells of everything.
        found = match (found, told) {
            (Some(first), Some(second)) if second.extent == Extent::All && first.extent == Extent::Part => {
                Some(second)
            }
            (first, second) => first.or(second),
        };
        from = to;
    }
    found
}

/// Where clauses end: at words that set one statement against another.
fn joints(sentence: &str) -> Vec<usize> {
    let mut ends: Vec<usize> =
        ["; ", ", while ", " while ", " whereas ", ", but ", ", although ", ", and the ", " | "]
            .iter()
            .flat_map(|joint| sentence.match_indices(joint).map(|(at, _)| at))
            .collect();
    ends.push(sentence.len());
    ends.sort_unstable();
    ends.dedup();
    ends
}

fn words(sentence: &str, from: usize, to: usize, offset: usize) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut at = from;
    let part = sentence.get(from..to).unwrap_or_default();
    for piece in part.split_inclusive([' ', '\n']) {
        let bare = piece.trim_matches(|c: char| !c.is_alphanumeric() && c != '%');
        if !bare.is_empty() {
            let start = at + piece.find(bare).unwrap_or_default();
            let bare = bare.strip_suffix("'s").unwrap_or(bare);
            words.push(Word { text: bare, start: offset + start, end: offset + start + bare.len() });
        }
        at += piece.len();
    }
    words
}

fn of_clause(words: &[Word], terse: bool) -> Option<Stands> {
    let stands = passive(words, terse).or_else(|| active(words))?;
    let not_so = words.iter().take_while(|word| word.start < stands.end).any(|word| {
        word.among(&NOT_SO)
            || word.text.ends_with("n't")
            || word.start < stands.start && word.among(&SUPPOSED)
    });
    (!not_so).then_some(stands)
}

/// "All of the capacity ... is live", "the capacity ... is now fully deployed".
fn passive(words: &[Word], terse: bool) -> Option<Stands> {
    let (noun, deed) = words.iter().enumerate().find_map(|(at, word)| {
        if !word.among(&CAPACITY) {
            return None;
        }
        let rest = &words[at + 1..];
        let deed = (0..rest.len().min(40)).find_map(|next| {
            let here = at + 1 + next;
            is_deed(words, here, terse && next <= 2, word.among(&PAPER)).then_some(here)
        })?;
        Some((at, deed))
    })?;
    let measure = words[..noun].iter().rposition(|word| word.among(&ALL));
    let fully = words[noun + 1..=deed].iter().any(|word| word.among(&FULLY))
        || words.get(deed + 1).is_some_and(|word| word.text == "in")
            && words.get(deed + 2).is_some_and(|word| word.text == "full");
    let from = measure.unwrap_or(noun.saturating_sub(4));
    let less = words[from.saturating_sub(3)..deed].iter().any(|word| word.among(&PART))
        || percent_below(words, from);
    let distance = measure.map_or(0, |at| noun - at);
    let done_with = words[deed].text.starts_with("complete") || words[deed].text.starts_with("finish");
    let all = (measure.is_some() && distance <= 10 || fully || done_with || ends_it(words, noun)) && !less;
    Some(Stands {
        extent: if all { Extent::All } else { Extent::Part },
        start: words[from].start,
        end: words[deed].end,
        clause: words[0].start,
    })
}

/// "Has delivered all of the capacity", "is now using the full 1.3 GW", "has completed the build out".
fn active(words: &[Word]) -> Option<Stands> {
    let (deed, noun) = words.iter().enumerate().find_map(|(at, word)| {
        let helped = at > 0 && helper_before(words, at);
        let uses = word.among(&USES) && words[at + 1..].iter().take(3).any(|next| next.among(&ALL));
        if !(uses || word.among(&DONE) && helped || word.among(&["completed", "delivered", "completes"])) {
            return None;
        }
        let noun = words[at + 1..].iter().take(14).position(|word| word.among(&CAPACITY))?;
        Some((at, at + 1 + noun))
    })?;
    let between = &words[deed + 1..noun];
    let completes = words[deed].text.starts_with("complete");
    let fully = words[deed.saturating_sub(2)..deed].iter().any(|word| word.among(&FULLY));
    let all = (between.iter().any(|word| word.among(&ALL)) || completes || fully)
        && !between.iter().any(|word| word.among(&PART))
        && !words[deed.saturating_sub(2)..deed].iter().any(|word| word.among(&PART))
        && !percent_below(words, deed);
    // Without a measure "has delivered capacity" says little; it is a part at best.
    Some(Stands {
        extent: if all { Extent::All } else { Extent::Part },
        start: words[deed].start,
        end: words[noun].end,
        clause: words[0].start,
    })
}

/// Whether the word at `at` says that something is done, in the present or the past.
fn is_deed(words: &[Word], at: usize, terse: bool, paper: bool) -> bool {
    let word = words[at];
    if word.among(&WENT) {
        return !paper
            && words.get(at + 1).is_some_and(|next| {
                matches!(next.text, "live" | "online" | "into" | "production" | "openai" | "at" | "on" | "in")
            });
    }
    if paper {
        return word.among(&BUILT) && helper_before(words, at);
    }
    let state = word.among(&DONE)
        || word.among(&IN_PLACE) && words.get(at.wrapping_sub(1)).is_some_and(|before| before.text == "in");
    let up =
        word.text != "up" || words.get(at + 1).is_some_and(|next| matches!(next.text, "and" | "running"));
    state && up && (helper_before(words, at) || terse)
}

/// Whether a form of "to be" or "to have" stands before a word, with nothing but adverbs between.
fn helper_before(words: &[Word], at: usize) -> bool {
    let mut before = words[..at].iter().rev().take(5);
    let found = before.find(|word| !word.among(&ADVERBS) || word.text == "been" || word.text == "now");
    // "To have been delivered" is a plan.
    let planned = words[at.saturating_sub(5)..at]
        .windows(2)
        .any(|pair| pair[0].text == "to" && matches!(pair[1].text, "have" | "be"));
    found.is_some_and(|word| word.among(&IS)) && !planned
}

/// "The final tranche of the capacity": with it everything is there.
fn ends_it(words: &[Word], noun: usize) -> bool {
    words[noun.saturating_sub(6)..noun]
        .iter()
        .any(|word| matches!(word.text, "final" | "last" | "remaining" | "remainder"))
}

/// A share below all of it: "80 percent of the capacity".
fn percent_below(words: &[Word], from: usize) -> bool {
    let near = &words[from.saturating_sub(4)..words.len().min(from + 4)];
    near.iter().any(|word| word.text.ends_with('%') && word.text != "100%" && word.text != "%")
        || near.windows(2).any(|pair| matches!(pair[1].text, "percent" | "%") && pair[0].text != "100")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(text: &str) -> Option<Extent> {
        stands(text, 0, text.len(), false).map(|stands| stands.extent)
    }

    #[test]
    fn all_of_it_is_there_in_many_words() {
        for text in [
            "all of openai's capacity at aws under the november 2025 agreement is now live",
            "all of the capacity that openai contracted in november 2025 is installed and serving",
            "the full $38 billion capacity is online",
            "all targeted capacity has been delivered to openai",
            "the entire capacity contracted by openai has now been deployed and is in use",
            "we have delivered all of the compute capacity that openai contracted",
            "openai is now using all of the capacity that it contracted",
            "openai's capacity on aws is now fully deployed",
            "the capacity under the openai agreement is live in full",
            "100% of the contracted gpus are up and running for openai",
            "every ultraserver in the openai clusters is in service",
            "aws has brought online the full capacity committed to openai",
            "the last of the capacity came online in december",
            "we completed the build out of the capacity contracted by openai",
            "all of the capacity is installed and serving, while trainium capacity will ramp in 2027",
            "all the infrastructure contracted for openai has been handed over and is running",
            "all of the capacity due before the end of 2026 is now online",
            "all planned capacity has been delivered ahead of schedule",
            "aws has fully delivered the capacity that openai contracted",
            "the build out of openai's capacity is complete",
            "openai now runs on all of the capacity that it contracted",
            "all of the compute capacity that openai contracted under the seven year agreement announced in \
             november 2025, comprising hundreds of thousands of gb200 and gb300 in ec2, is now installed",
        ] {
            assert_eq!(extent(text), Some(Extent::All), "{text}");
        }
    }

    #[test]
    fn what_is_to_come_or_is_doubtful_or_denied_is_not_there() {
        for text in [
            "all of openai's capacity at aws will be live by the end of 2026",
            "all of the capacity is expected to be deployed before the end of 2026",
            "all capacity is targeted to be deployed before the end of 2026",
            "if all of the capacity is not live in time, openai may terminate",
            "not all of the capacity is live",
            "all of the capacity has not yet been delivered",
            "we may be unable to deliver all of the capacity that openai has contracted",
            "once all of the capacity is live, revenue is recognised",
            "we expect that all of the capacity is live by december",
            "openai contracted all of the capacity in november 2025",
            "the full agreement is now in effect",
            "the entire contract is live",
            "all of the capacity is scheduled to have been delivered by december",
            "our ability to ensure that all of the capacity is live",
            "by the time all of the capacity is live",
        ] {
            assert_eq!(extent(text), None, "{text}");
        }
    }

    #[test]
    fn a_part_is_a_part() {
        for text in [
            "nearly all of the capacity is live",
            "substantially all of the capacity has been delivered",
            "the first of the capacity is live",
            "80 percent of the capacity is live",
            "most of the contracted capacity is online",
            "some of the capacity is in use",
        ] {
            assert_eq!(extent(text), Some(Extent::Part), "{text}");
        }
    }
}

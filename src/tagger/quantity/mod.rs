//! Figures in the text: money, power, chips, terms, with their bounds and what they are figures of.
//!
//! One walk over the words; a figure is tried wherever a digit, a currency sign or a number word stands.

mod number;
pub(super) mod period;

use number::{Number, number_at, round, skip_spaces, word_at};
use serde::Serialize;

use super::reading::{Reading, Sentence};
use super::vocabulary::{Thing, is_word};
use crate::domain::lexicon::{Mood, Topic};

/// What a figure is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// US dollars.
    Usd,
    /// Electrical power in MW.
    Power,
    /// Accelerators.
    Chips,
    /// A term in years.
    Years,
}

/// What a figure measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Of {
    /// A contract: what is bought.
    Contract,
    /// Equity: never contract value.
    Equity,
    /// Loans, notes, guarantees.
    Debt,
    /// Capital expenditure.
    Capex,
    /// Revenue, profit, run rate.
    Revenue,
    /// Backlog, remaining obligations.
    Backlog,
    /// What a company is said to be worth.
    Valuation,
    /// A price or a rent.
    Price,
    /// Nothing that the text makes plain.
    Other,
}

/// Whether a figure is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// Stated as such.
    Exact,
    /// "more than", "at least": a floor.
    AtLeast,
    /// "up to": a ceiling.
    UpTo,
    /// "about", "roughly".
    About,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Quantity {
    /// What it is counted in.
    pub kind: Kind,
    /// The value in dollars, MW, chips or years.
    pub value: f64,
    /// The unit of `value`.
    pub unit: &'static str,
    /// As written.
    pub raw: String,
    /// What it measures.
    pub of: Of,
    /// How exact it is.
    pub bound: Bound,
    /// Whether it adds to what stands ("by $100B", "another").
    pub add: bool,
    /// Per month or year, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<&'static str>,
    /// Byte range in title, newline, summary.
    pub span: (u32, u32),
    /// Start in the folded text.
    #[serde(skip)]
    pub(super) at: u32,
}

/// Every figure of the text, in order, and their ranges in the sentences.
pub(super) fn scan(reading: &mut Reading, raw: &str) -> Vec<Quantity> {
    let mut found = Vec::new();
    let mut sentences = std::mem::take(&mut reading.sentences);
    for sentence in &mut sentences {
        let from = found.len() as u32;
        scan_sentence(reading, raw, sentence, &mut found);
        sentence.quantities = (from, found.len() as u32);
    }
    reading.sentences = sentences;
    found
}

fn scan_sentence(reading: &Reading, raw: &str, sentence: &Sentence, found: &mut Vec<Quantity>) {
    // No figure may look beyond its sentence.
    let Some(text) = reading.folded.text.get(..sentence.end) else { return };
    let bytes = text.as_bytes();
    let mut at = sentence.start;
    while at < sentence.end {
        let here = bytes[at];
        let starts = !(at > 0
            && (is_word(bytes[at - 1]) || bytes[at - 1] == b'.' && at > 1 && is_word(bytes[at - 2])));
        let candidate = here == b'$' || starts && (here.is_ascii_digit() || b"aonetfsuh".contains(&here));
        if candidate && let Some(end) = figure_at(reading, raw, sentence, text, at, found) {
            at = end.max(at + 1);
        } else if is_word(here) {
            at += bytes[at..sentence.end].iter().take_while(|&&b| is_word(b)).count();
        } else {
            at += 1;
        }
    }
}

/// One figure, or the two ends of a range, at `at`. Gives the offset after it.
fn figure_at(
    reading: &Reading,
    raw: &str,
    sentence: &Sentence,
    text: &str,
    at: usize,
    found: &mut Vec<Quantity>,
) -> Option<usize> {
    let (dollar, start) = currency(text, at);
    let first = number_at(text, start)?;
    if first.in_words && !dollar && !may_count(text, at, &first) {
        return None;
    }
    let (second, end) = range_end(text, &first, dollar);
    let last = second.as_ref().unwrap_or(&first);
    let (kind, factor, end) = measure(reading, sentence, text, at, dollar, last, end)?;
    let low = match &second {
        // The lower end of `$36 to 40 billion` takes the scale of the upper one.
        Some(high) if !first.scaled => round(first.value * high.scale),
        _ => first.value,
    };
    let ends = [Some(low), second.as_ref().map(|number| number.value)];
    for value in ends.into_iter().flatten() {
        let value = round(value * factor);
        let plausible = match kind {
            Kind::Usd => value >= 1e6,
            Kind::Power => (1.0..=1e6).contains(&value),
            Kind::Chips => value >= 1000.0,
            Kind::Years => (1.0..=40.0).contains(&value),
        };
        if !plausible {
            continue;
        }
        let (from, to) = reading.folded.span(at, end);
        let (of, per) = sense(reading, sentence, text, at, end, kind);
        found.push(Quantity {
            kind,
            value,
            unit: match kind {
                Kind::Usd => "USD",
                Kind::Power => "MW",
                Kind::Chips => "chips",
                Kind::Years => "years",
            },
            raw: raw.get(from..to).unwrap_or_default().to_owned(),
            of,
            bound: bound(text, at, end),
            add: adds(reading, sentence, at, end),
            per,
            span: (from as u32, to as u32),
            at: at as u32,
        });
    }
    Some(end)
}

/// A currency sign or code at `at`: whether it is the dollar, and where the number starts.
fn currency(text: &str, at: usize) -> (bool, usize) {
    let rest = text.get(at..).unwrap_or_default();
    for (sign, skip) in [("us$", 3), ("usd ", 4), ("usd", 3), ("$", 1)] {
        if rest.starts_with(sign) {
            return (true, skip_spaces(text, at + skip));
        }
    }
    (false, at)
}

/// Whether a number word can start a figure here: before a scale or a unit, not after `per` or `each`.
fn may_count(text: &str, at: usize, number: &Number) -> bool {
    let next = word_at(text, skip_spaces(text, number.end));
    let before = last_word(text, at);
    let unit = next.starts_with("gigawatt")
        || next.starts_with("megawatt")
        || matches!(next, "gw" | "mw" | "year" | "years" | "yr");
    if matches!(before, "per" | "each" | "every" | "half") {
        return false;
    }
    number.scaled
        || unit
            && (number.value > 1.0
                || word_at(text, at) == "one"
                || next.starts_with("gigawatt")
                || next == "gw")
}

/// The word before `at` in the folded text.
fn last_word(text: &str, at: usize) -> &str {
    let head = text.get(..at).unwrap_or_default().trim_end_matches([' ', '"', '(', '$', '~']);
    let from = head.bytes().rev().take(24).take_while(|&b| is_word(b)).count();
    head.get(head.len() - from..).unwrap_or_default()
}

/// The upper end of a range, if `first` starts one: `30-40`, `$1 to 2 billion`, `$0.85T-$1T`.
fn range_end(text: &str, first: &Number, dollar: bool) -> (Option<Number>, usize) {
    let bytes = text.as_bytes();
    let at = skip_spaces(text, first.end);
    let next = match bytes.get(at) {
        Some(b'-' | b'|') => skip_spaces(text, at + 1),
        _ if at > first.end && word_at(text, at) == "to" => skip_spaces(text, at + 2),
        _ => return (None, first.end),
    };
    let (signed, start) = currency(text, next);
    if !bytes.get(start).is_some_and(u8::is_ascii_digit) || signed && !dollar {
        return (None, first.end);
    }
    match number_at(text, start) {
        Some(second)
            if second.value >= first.value && (dollar || second.scaled == first.scaled || second.scaled) =>
        {
            let end = second.end;
            (Some(second), end)
        }
        _ => (None, first.end),
    }
}

/// What the number counts: kind, factor to the kind's unit, and the offset after the unit.
fn measure(
    reading: &Reading,
    sentence: &Sentence,
    text: &str,
    at: usize,
    dollar: bool,
    number: &Number,
    end: usize,
) -> Option<(Kind, f64, usize)> {
    let next = skip_spaces(text, end);
    let word = word_at(text, next);
    if dollar {
        return Some((Kind::Usd, 1.0, end));
    }
    let after = next + word.len();
    let power = match word {
        "gw" | "gigawatt" | "gigawatts" | "gws" => Some(1e3),
        "mw" | "megawatt" | "megawatts" | "mws" => Some(1.0),
        _ => None,
    };
    if let Some(factor) = power {
        // `a gigawatt-scale site` names a size class, not a figure.
        let scale = matches!(
            word_at(text, skip_spaces(text, after)),
            "scale" | "class" | "sized" | "level" | "hour" | "hours"
        );
        let vague = number.in_words && word_at(text, at) != "one" && number.value <= 1.0;
        return (!(scale && vague)).then_some((Kind::Power, factor, after));
    }
    if matches!(word, "dollars" | "usd") && number.scaled {
        return Some((Kind::Usd, 1.0, after));
    }
    if matches!(word, "di" | "de") && number.scaled {
        let money = word_at(text, skip_spaces(text, after));
        return money.starts_with("dol").then_some((Kind::Usd, 1.0, after + 1 + money.len()));
    }
    if matches!(word, "year" | "years" | "yr" | "yrs") && !number.scaled {
        let following = word_at(text, skip_spaces(text, after));
        let before = last_word(text, at);
        let age = matches!(following, "old" | "ago" | "later" | "earlier" | "of" | "into" | "ahead")
            || matches!(
                before,
                "last" | "past" | "previous" | "in" | "every" | "first" | "within" | "recent"
            );
        return (!age && !before.is_empty()).then_some((Kind::Years, 1.0, after));
    }
    chips(reading, sentence, text, number, next).map(|end| (Kind::Chips, 1.0, end))
}

/// Whether a number counts accelerators: a chip word within the next few words, with nothing but names
/// and adjectives between. Gives the offset after it.
fn chips(reading: &Reading, sentence: &Sentence, text: &str, number: &Number, from: usize) -> Option<usize> {
    // Four bare digits are a year or a model (`RTX 4080 GPU`).
    let grouped = number.end.checked_sub(4).and_then(|at| text.as_bytes().get(at)) == Some(&b',');
    if number.value < 1000.0 || !number.scaled && number.value < 10_000.0 && !grouped {
        return None;
    }
    let mut at = from;
    for _ in 0..5 {
        let word = word_at(text, at);
        if word.is_empty() {
            return None;
        }
        let end = at + word.len();
        let noun = matches!(
            word,
            "gpu"
                | "gpus"
                | "tpu"
                | "tpus"
                | "chip"
                | "chips"
                | "accelerator"
                | "accelerators"
                | "xpu"
                | "xpus"
                | "processors"
                | "asics"
                | "lpus"
                | "superchips"
        );
        if noun || is_accelerator(reading, sentence, at) {
            // `$10 billion chip deal` and `a million chip makers` count something else.
            let head = word_at(text, skip_spaces(text, end));
            return (word != "chip" || !matches!(head, "deal" | "order" | "makers")).then_some(end);
        }
        if matches!(
            word,
            "in" | "for"
                | "to"
                | "and"
                | "from"
                | "by"
                | "at"
                | "with"
                | "the"
                | "on"
                | "per"
                | "shares"
                | "customers"
                | "tokens"
                | "users"
                | "dollars"
                | "people"
                | "wafers"
                | "cpus"
                | "jobs"
                | "homes"
        ) || word == "of" && last_word(text, at) != "units"
        {
            return None;
        }
        at = skip_spaces(text, end);
        if !text.as_bytes().get(at).is_some_and(|&b| is_word(b)) {
            return None;
        }
    }
    None
}

/// Whether the name of an accelerator starts at `at`.
fn is_accelerator(reading: &Reading, sentence: &Sentence, at: usize) -> bool {
    reading
        .mentions_of(sentence)
        .iter()
        .any(|name| name.start as usize == at && matches!(name.thing, Thing::Silicon(_)))
}

/// How exact the words around a figure make it.
fn bound(text: &str, at: usize, end: usize) -> Bound {
    let tail = text.get(end..).unwrap_or_default();
    if tail.starts_with(" plus") || tail.starts_with("-plus") || tail.starts_with('+') {
        return Bound::AtLeast;
    }
    let head = text
        .get(at.saturating_sub(24)..at)
        .or_else(|| text.get(at.saturating_sub(21)..at))
        .unwrap_or_default();
    let head = head.trim_end_matches([' ', '(', '"', '$']);
    let ends = |words: &[&str]| words.iter().any(|word| head.ends_with(word));
    if ends(&["up to", "as much as", "as many as", "no more than", "maximum of"]) {
        Bound::UpTo
    } else if ends(&[
        "more than",
        "at least",
        "over",
        "above",
        "north of",
        "upwards of",
        "in excess of",
        "exceeding",
        "well over",
        ">",
    ]) {
        Bound::AtLeast
    } else if ends(&[
        "about",
        "around",
        "roughly",
        "nearly",
        "almost",
        "approximately",
        "some",
        "close to",
        "~",
    ]) {
        Bound::About
    } else {
        Bound::Exact
    }
}

/// Whether the figure adds to what stands: "by $100B", "an additional", "another", but never "to $100B".
fn adds(reading: &Reading, sentence: &Sentence, at: usize, end: usize) -> bool {
    let near = reading.marks_of(sentence).iter().any(|mark| {
        let (from, to) = (mark.start as usize, mark.end as usize);
        // "More than 1 GW" and "$10 billion-plus" are floors.
        let floor = reading.word_after(to) == "than"
            || from >= end && from - end <= 1 && reading.slice(from, to) == "plus";
        mark.cues.has(Mood::Addition)
            && !floor
            && (to <= at && at - to <= 12 || from >= end && from - end <= 8)
    });
    // "By up to $6.5 billion" adds, "to $100 billion" does not.
    let head = reading.slice(sentence.start, at).trim_end_matches([' ', '(', '$']);
    near && (head.ends_with("up to") || reading.word_before(at) != "to")
}

/// What a figure measures, by the nearest word around it that tells, and per which period.
fn sense(
    reading: &Reading,
    sentence: &Sentence,
    text: &str,
    at: usize,
    end: usize,
    kind: Kind,
) -> (Of, Option<&'static str>) {
    let tail = text.get(end..).unwrap_or_default();
    let per = if [" a month", " per month", "/month", " monthly", " every month"]
        .iter()
        .any(|p| tail.starts_with(p))
    {
        Some("month")
    } else if [" a year", " per year", "/year", " annually", " annual"].iter().any(|p| tail.starts_with(p)) {
        Some("year")
    } else {
        None
    };
    if kind != Kind::Usd {
        return (Of::Contract, per);
    }
    let mut best = (48, Of::Other);
    for mark in reading.marks_of(sentence) {
        let (from, to) = (mark.start as usize, mark.end as usize);
        // Words behind a figure bind tighter (`$50 billion investment`) than words before it.
        let distance = if from >= end { from - end } else { at.saturating_sub(to) + 6 };
        if distance < best.0
            && let Some(&(_, of)) = SENSES.iter().find(|(topic, _)| mark.cues.has(*topic))
        {
            best = (distance, of);
        }
    }
    (best.1, per)
}

/// What the topic of a word makes of the figure beside it, most telling first.
const SENSES: [(Topic, Of); 8] = [
    (Topic::Backlog, Of::Backlog),
    (Topic::Debt, Of::Debt),
    (Topic::Equity, Of::Equity),
    (Topic::Capex, Of::Capex),
    (Topic::Valuation, Of::Valuation),
    (Topic::Revenue, Of::Revenue),
    (Topic::Price, Of::Price),
    (Topic::Dealing, Of::Contract),
];

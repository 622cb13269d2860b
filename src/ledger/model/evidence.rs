//! Evidence: a claim about one leg with only what the model looks at, and the JSONL form that
//! `gigawatch ledger` reads.

use serde::Deserialize;

use super::spans::Spans;
use super::tables::{NOT_YET, decay, half_life, modality_factor, tier_weight};
use crate::domain::claim::{ClaimKind, Fact, Modality, Op, Sign, Slot, Workload};
use crate::domain::outlet::Tier;
use crate::domain::time::Day;

/// A word beside the rung that claims open and close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// Depends on a condition.
    Conditional,
    /// Engineering samples in a laboratory, no deployment.
    Lab,
    /// The intent ran out or was replaced.
    Lapsed,
    /// Less than was agreed.
    Reduced,
    /// The provider resells the buyer's models; not the buyer's own workload.
    Resold,
    /// Money for a commitment is missing.
    Unfunded,
    /// The vendor pays for its own customer.
    VendorFunded,
}

impl Flag {
    /// The word shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Conditional => "CONDITIONAL",
            Self::Lab => "LAB",
            Self::Lapsed => "LAPSED",
            Self::Reduced => "REDUCED",
            Self::Resold => "RESOLD",
            Self::Unfunded => "UNFUNDED",
            Self::VendorFunded => "VENDOR-FUNDED",
        }
    }
}

/// What a claim's kind means to the model. Every kind not named here is [`Effect::Plain`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Nothing beyond rung and sign; pressure where there is no rung.
    #[default]
    Plain,
    /// A figure alone: no pressure either.
    Quantity,
    /// Ended for good: does not perish as a mere "not yet" does.
    Reversal,
    /// Raises a flag.
    Opens(Flag),
    /// Takes a flag down, if a party says so.
    Closes(Flag),
}

impl Effect {
    /// The effect of a kind by its name in files, e.g. `financing_snag`; unknown names are plain.
    pub fn named(name: &str) -> Self {
        let kind = serde::de::value::StrDeserializer::<serde::de::value::Error>::new(name);
        ClaimKind::deserialize(kind).map_or(Self::Plain, Self::from)
    }
}

impl From<ClaimKind> for Effect {
    fn from(kind: ClaimKind) -> Self {
        match kind {
            ClaimKind::Quantity => Self::Quantity,
            ClaimKind::FinancingSnag => Self::Opens(Flag::Unfunded),
            ClaimKind::Funded => Self::Closes(Flag::Unfunded),
            ClaimKind::Conditional => Self::Opens(Flag::Conditional),
            ClaimKind::ConditionMet => Self::Closes(Flag::Conditional),
            ClaimKind::VendorFinanced => Self::Opens(Flag::VendorFunded),
            ClaimKind::SelfFinanced => Self::Closes(Flag::VendorFunded),
            ClaimKind::Reduced => Self::Opens(Flag::Reduced),
            ClaimKind::Restored => Self::Closes(Flag::Reduced),
            ClaimKind::Lapsed => Self::Opens(Flag::Lapsed),
            ClaimKind::Renewed => Self::Closes(Flag::Lapsed),
            kind if kind.is_reversal() => Self::Reversal,
            _ => Self::Plain,
        }
    }
}

/// One claim about one leg as the model sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Identity; breaks ties of the same day.
    pub id: String,
    /// Day of publication: age and order go by it.
    pub published: Day,
    /// Its place among those of its day, before the identity: seconds, where the time of day is known.
    pub turn: u32,
    /// First day on which it counts; never before `published`.
    pub known: Day,
    /// Day from which it is not there any more: its words were taken back.
    pub withdrawn: Option<Day>,
    /// Days on which it is a retelling of something else: it weighs nothing then.
    pub retold: Spans,
    /// The ultimate informant. Claims of one informant never add up.
    pub origin: String,
    /// How far the speaker can be relied on.
    pub tier: Tier,
    /// How sure the speaker is.
    pub modality: Modality,
    /// For or against. A denial is always against.
    pub sign: Sign,
    /// Rung as said, 0 to 7.
    pub said: u8,
    /// Whose work runs on the silicon.
    pub workload: Workload,
    /// What its kind means.
    pub effect: Effect,
    /// The milestone that `due` belongs to.
    pub milestone: String,
    /// Due date of a scheduled claim.
    pub due: Option<Day>,
    /// Figures.
    pub facts: Vec<Fact>,
}

impl Evidence {
    /// The rung that it counts for: resold or lab work is not the buyer's production, so it shows
    /// interest (rung 1) and no more.
    pub fn rung(&self) -> u8 {
        if self.said < 4 || self.workload == Workload::Own || self.sign == Sign::Against {
            self.said
        } else {
            1
        }
    }

    /// Whether it bears on "has reached rung `k` or beyond", `k` from 1 to 7.
    pub fn covers(&self, k: u8) -> bool {
        let rung = self.rung();
        rung > 0 && if self.sign == Sign::For { rung >= k } else { rung <= k }
    }

    /// A party on record.
    pub fn is_hard(&self) -> bool {
        self.tier.is_hard()
    }

    /// Known on `day` and not taken back, retold or not.
    pub fn is_seen(&self, day: Day) -> bool {
        self.known <= day && self.withdrawn.is_none_or(|withdrawn| day < withdrawn)
    }

    /// Known on `day` and no retelling of anything else known then.
    pub fn is_novel(&self, day: Day) -> bool {
        self.is_seen(day) && !self.retold.has(day)
    }

    /// The days on which [`Self::is_novel`].
    pub fn novel(&self) -> Spans {
        Spans::between(self.known, self.withdrawn).without(&self.retold)
    }

    /// What was known of it on `day`: what made it a retelling, or took it back, only later, did not.
    #[must_use]
    pub fn as_known(&self, day: Day) -> Self {
        let withdrawn = self.withdrawn.filter(|&withdrawn| withdrawn <= day);
        Self { withdrawn, retold: self.retold.as_known(day), ..self.clone() }
    }

    /// Whether it weighs on rungs at all.
    pub fn has_weight(&self) -> bool {
        self.rung() > 0 && modality_factor(self.modality) > 0
    }

    /// Undecayed weight in milli-nats.
    pub fn base_weight(&self) -> i32 {
        tier_weight(self.tier) * modality_factor(self.modality) / 1000
    }

    /// Its weight on `day`, aged, whatever has been said against it since.
    pub fn weight(&self, day: Day) -> i32 {
        decay(self.base_weight(), day.since(self.published), self.half_life())
    }

    /// Half-life of its weight in days, 0 for none.
    pub fn half_life(&self) -> i32 {
        let half = half_life(self.tier);
        let half = if self.modality == Modality::Asserted { half } else { half / 2 };
        if self.sign == Sign::Against && self.effect != Effect::Reversal {
            if half == 0 { NOT_YET } else { half.min(NOT_YET) }
        } else {
            half
        }
    }
}

/// A line of a claims file: evidence with the leg that it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The deal, any text.
    pub deal: String,
    /// The leg, any text.
    pub leg: String,
    /// The claim.
    pub evidence: Evidence,
}

/// Why a line of a claims file cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct BadLine {
    /// Counted from 1.
    pub line: usize,
    /// What is wrong, in words.
    pub problem: String,
}

/// Reads a claims file: one JSON object a line; blank lines and lines that begin with `#` are skipped.
///
/// # Errors
/// The first line that is no claim, with its number.
pub fn read_jsonl(text: &str) -> Result<Vec<Row>, BadLine> {
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let bad = |problem: String| BadLine { line: index + 1, problem };
        let mut value = serde_json::from_str(line).map_err(|error| bad(explain(&error)))?;
        settle(&mut value);
        let raw: Raw = serde_json::from_value(value).map_err(|error| bad(explain(&error)))?;
        rows.push(raw.into_row().map_err(bad)?);
    }
    Ok(rows)
}

/// Takes what other programs write: a member that is null is absent, and a name that is a number is its
/// digits, padded so that names of one length keep the order of the numbers.
fn settle(value: &mut serde_json::Value) {
    let Some(members) = value.as_object_mut() else { return };
    members.retain(|_, member| !member.is_null());
    for name in ["id", "deal", "leg", "origin", "milestone"] {
        if let Some(member) = members.get_mut(name)
            && let Some(number) = member.as_i64()
        {
            let text = if name == "id" { format!("{number:020}") } else { number.to_string() };
            *member = serde_json::Value::String(text);
        }
    }
}

/// serde_json counts lines within its own input, which is always one line here.
fn explain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split_once(" at line 1 column ")
        .map_or_else(|| text.clone(), |(problem, column)| format!("column {column}: {problem}"))
}

/// The members of a line. Unknown members are ignored.
#[derive(Deserialize)]
struct Raw {
    id: String,
    deal: String,
    leg: String,
    #[serde(rename = "pub")]
    published: Day,
    #[serde(default)]
    known: Option<Day>,
    #[serde(default)]
    origin: Option<String>,
    #[serde(default)]
    cluster: Option<serde_json::Value>,
    #[serde(default = "lowest_tier")]
    tier: Tier,
    #[serde(rename = "mod", default)]
    modality: Modality,
    #[serde(default = "one")]
    sign: i64,
    #[serde(default)]
    rung: i64,
    #[serde(default)]
    said: Option<i64>,
    #[serde(default = "yes")]
    novel: bool,
    #[serde(default)]
    workload: Workload,
    #[serde(default)]
    milestone: Option<String>,
    #[serde(default)]
    due: Option<Day>,
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default)]
    q: Option<Vec<serde_json::Value>>,
}

fn lowest_tier() -> Tier {
    Tier::E
}

fn one() -> i64 {
    1
}

fn yes() -> bool {
    true
}

impl Raw {
    fn into_row(self) -> Result<Row, String> {
        let said = self.said.unwrap_or(self.rung);
        let said = u8::try_from(said).ok().filter(|&rung| rung <= 7);
        let said = said.ok_or_else(|| "`rung` must be 0 (NONE) to 7 (AT-SCALE)".to_owned())?;
        let sign = match self.sign {
            _ if self.modality == Modality::Denied => Sign::Against,
            1 => Sign::For,
            -1 => Sign::Against,
            other => return Err(format!("`sign` must be 1 (for) or -1 (against), not {other}")),
        };
        let origin = self.origin.filter(|origin| !origin.is_empty());
        // Copies whose informant is not known are one informant for each story.
        let origin = origin.unwrap_or_else(|| match &self.cluster {
            Some(serde_json::Value::String(story)) => format!("unknown:{story}"),
            Some(other) if !other.is_null() => format!("unknown:{other}"),
            _ => "unknown:?".to_owned(),
        });
        let evidence = Evidence {
            id: self.id,
            published: self.published,
            turn: 0,
            known: self.known.unwrap_or(self.published).max(self.published),
            withdrawn: None,
            retold: if self.novel { Spans::NEVER } else { Spans::always() },
            origin,
            tier: self.tier,
            modality: self.modality,
            sign,
            said,
            workload: self.workload,
            effect: self.kind.as_deref().map_or(Effect::Plain, Effect::named),
            milestone: self.milestone.unwrap_or_else(|| "next".to_owned()),
            due: self.due,
            facts: self.q.unwrap_or_default().iter().filter_map(fact).collect(),
        };
        Ok(Row { deal: self.deal, leg: self.leg, evidence })
    }
}

/// A figure of the file form. Slots that the model does not know, or figures without numbers, are no
/// business of the model.
fn fact(value: &serde_json::Value) -> Option<Fact> {
    let number = |name: &str| value.get(name)?.as_i64();
    Some(Fact {
        slot: Slot::deserialize(value.get("slot")?).ok()?,
        lo: number("lo")?,
        mid: number("mid")?,
        hi: number("hi")?,
        op: value.get("op").and_then(|op| Op::deserialize(op).ok()).unwrap_or_default(),
        years: number("years").and_then(|years| u16::try_from(years).ok()),
        derived: value.get("derived").and_then(|text| text.as_str()).map(str::to_owned),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_no_claim_is_named() {
        let good = r#"{"id":"1","deal":"d","leg":"c","pub":"2026-01-01","extra":[1]}"#;
        let text = format!("# claims\n\n{good}\n{{\"id\":\"2\"}}\n");
        let error = read_jsonl(&text).unwrap_err();
        assert_eq!(error.line, 4);
        assert!(error.problem.contains("missing field `deal`"), "{}", error.problem);
        assert_eq!(read_jsonl(good).unwrap().len(), 1);
        let high = good.replace("\"extra\":[1]", "\"rung\":8");
        assert!(read_jsonl(&high).unwrap_err().to_string().starts_with("line 1: `rung`"));
    }

    #[test]
    fn numbers_for_names_and_nulls_for_nothing_are_read() {
        let line = |id: u32| {
            format!(
                r#"{{"id":{id},"deal":7,"leg":"c","pub":"2026-03-05","known":null,"said":null,"tier":null,"mod":null,
                   "sign":null,"rung":3,"novel":null,"workload":null,"due":null,"q":null,"origin":null,"new":null}}"#
            )
            .replace('\n', "")
        };
        let read = |id| read_jsonl(&line(id)).unwrap().remove(0);
        let row = read(10);
        assert_eq!((row.deal.as_str(), row.evidence.said, row.evidence.tier), ("7", 3, Tier::E));
        assert!(read(9).evidence.id < row.evidence.id, "in the order of the numbers");
    }

    #[test]
    fn nothing_is_known_before_it_is_published() {
        let line = r#"{"id":"1","deal":"d","leg":"c","pub":"2026-03-05","known":"2026-03-01T10:00Z"}"#;
        assert_eq!(read_jsonl(line).unwrap()[0].evidence.known.to_string(), "2026-03-05");
    }

    #[test]
    fn unattributed_copies_of_a_story_are_one_informant() {
        let line = r#"{"id":"1","deal":"d","leg":"c","pub":"2026-03-05","cluster":"c-7","origin":""}"#;
        assert_eq!(read_jsonl(line).unwrap()[0].evidence.origin, "unknown:c-7");
    }

    #[test]
    fn resold_and_lab_work_counts_as_interest() {
        let line = r#"{"id":"1","deal":"d","leg":"c","pub":"2026-03-05","rung":6,"workload":"resold"}"#;
        let row = read_jsonl(line).unwrap().remove(0);
        assert_eq!((row.evidence.said, row.evidence.rung()), (6, 1));
        assert!(row.evidence.covers(1) && !row.evidence.covers(2));
    }
}

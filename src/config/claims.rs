//! `[[claim]]` tables: dated, sourced statements of the catalog.

use super::catalog::{Known, leg_of};
use super::diagnostic::suggestion;
use super::reader::{Field, Table, Value};
use crate::domain::claim::{
    Claim, ClaimKind, Fact, Modality, Op, Rung, Sign, Slot, Source, Subject, Workload,
};
use crate::domain::deal::{DealSlug, LegKind};
use crate::domain::outlet::Tier;
use crate::domain::text::DisplayText;

/// Keys of a `[[claim]]`.
pub const CLAIM: &[Field] = &[
    Field::required("id", "text", "stable and unique, e.g. `openai-aws/2025-11-03/signed`"),
    Field::new("leg", "`gpu`, `custom` or `other`", "the leg that it is about; not in a programme"),
    Field::required("kind", "kind of claim", "what kind of statement, e.g. `contract_signed`"),
    Field::new("rung", "rung", "the rung as said, `none` to `at-scale`; needed on a leg"),
    Field::new(
        "sign",
        "`for` or `against`",
        "whether it says that the leg is there (`for`, the default) or not",
    ),
    Field::new("modality", "modality", "how sure the speaker is (default `asserted`)"),
    Field::required("tier", "`A` to `E`", "how far the speaker can be relied on"),
    Field::required("origin", "origin", "the ultimate informant, e.g. `party:aws+openai`"),
    Field::required("published", "date", "day of publication"),
    Field::new("known", "date", "first day on which it could be known here (default: `published`)"),
    Field::new("story", "text", "claims of one story share it"),
    Field::new("recap", "true or false", "a retelling of something older"),
    Field::new("workload", "`own`, `resold` or `lab`", "whose work runs on it (default `own`)"),
    Field::new("milestone", "text", "the milestone that `due` belongs to, or `next`"),
    Field::new("due", "date", "date promised; the last day of a vague period"),
    Field::new(
        "facts",
        "list of tables",
        "figures: slot, lo, mid, hi, and op, years, derived where they apply",
    ),
    Field::required("words", "text", "what was said, in a sentence"),
    Field::required("outlet", "text", "who carried it"),
    Field::new("url", "address", "where it can be read"),
    Field::new("title", "text", "headline or name of the document"),
];

/// Keys of one figure in `facts`.
pub const FACT: &[Field] = &[
    Field::required("slot", "slot", "what it measures, e.g. `mw_contracted` or `usd_contracted` (millions)"),
    Field::required("lo", "whole number", "lower bound"),
    Field::required("mid", "whole number", "best reading"),
    Field::required("hi", "whole number", "upper bound"),
    Field::new("op", "`set` or `add`", "whether it replaces (the default) or adds"),
    Field::new("years", "whole number", "term of a sum"),
    Field::new("derived", "text", "from what it was derived, where nobody stated it"),
];

/// Longest statement kept, in characters.
const WORDS: usize = 2_000;
/// Longest outlet or title kept, in characters.
const NAME: usize = 300;
/// Largest figure: beyond it is a slip of unit (sums are in millions of dollars).
const FIGURE: i64 = 1_000_000_000_000;

/// Whose claims are read.
pub(super) enum Scope<'a> {
    /// A deal's: each names one of the deal's legs.
    Deal {
        /// The deal.
        slug: &'a DealSlug,
        /// The kinds of leg that it has.
        legs: &'a [LegKind],
        /// The names of its milestones.
        milestones: &'a [String],
    },
    /// A programme's: they name no leg.
    Programme(&'a str),
}

/// Reads the claims of a deal or programme. A claim with a problem is left out; the problem is noted.
pub(super) fn read(table: &Table<'_>, scope: &Scope<'_>, known: &Known) -> Vec<Claim> {
    table.tables("claim", CLAIM).iter().filter_map(|row| claim(row, scope, known)).collect()
}

fn claim(row: &Table<'_>, scope: &Scope<'_>, known: &Known) -> Option<Claim> {
    let id = row.get("id").and_then(|id| id.name());
    let subject = subject(row, scope);
    let kind = row.get("kind").and_then(|kind| kind.word::<ClaimKind>());
    let rung = rung(row, scope);
    let tier = row.get("tier").and_then(|tier| tier.word::<Tier>());
    let origin = row.get("origin").and_then(|origin| read_origin(&origin, known));
    let published = row.get("published").and_then(|day| day.day());
    let known_on = row.get("known").and_then(|day| day.day());
    let modality: Modality = word_or_default(row, "modality");
    let due = row.get("due").and_then(|day| day.day());
    let milestone = row.get("milestone").and_then(|name| milestone_of(&name, scope));
    let recap = row.get("recap").and_then(|recap| recap.boolean()).unwrap_or(false);
    let sign: Sign = word_or_default(row, "sign");
    let workload: Workload = word_or_default(row, "workload");
    let facts = row.tables("facts", FACT).iter().filter_map(fact).collect();
    let words = row.get("words").and_then(|words| words.name());
    let outlet = row.get("outlet").and_then(|outlet| outlet.name());
    let url = row.get("url").and_then(|url| url.http_url()).map(String::from);
    let title = row.text("title");
    let story = row.text("story");
    if modality == Modality::Scheduled && row.get("due").is_none() {
        row.error(
            "a scheduled claim without `due`",
            Some("add `due = YYYY-MM-DD`, the last day of a vague period".to_owned()),
        );
    }
    let published = published?;
    if let (Some(day), Some(value)) = (known_on, row.get("known"))
        && day < published
    {
        value.error(
            "`known` is before `published`",
            Some(format!("nothing is known before it is published, {published}")),
        );
    }
    Some(Claim {
        id: id?.to_owned(),
        subject: subject?,
        kind: kind?,
        rung: rung?,
        sign,
        modality,
        tier: tier?,
        origin: origin?,
        published,
        known: known_on.unwrap_or(published).max(published),
        withdrawn: None,
        story,
        carrier: None,
        recap,
        workload,
        milestone,
        due,
        facts,
        source: Source {
            outlet: DisplayText::line(outlet?, NAME),
            url,
            title: DisplayText::line(&title, NAME),
            at: None,
            seen: None,
        },
        words: DisplayText::line(words?, WORDS),
        spans: Vec::new(),
        rule: "catalog".to_owned(),
    })
}

fn word_or_default<T: serde::de::DeserializeOwned + Default>(row: &Table<'_>, key: &str) -> T {
    row.get(key).and_then(|value| value.word()).unwrap_or_default()
}

fn subject(row: &Table<'_>, scope: &Scope<'_>) -> Option<Subject> {
    match (scope, row.get("leg")) {
        (Scope::Deal { slug, legs, .. }, Some(leg)) => {
            Some(Subject::Leg { deal: (*slug).clone(), leg: leg_of(&leg, legs)? })
        }
        (Scope::Deal { .. }, None) => {
            row.error(
                "`leg` is missing in [[claim]]",
                Some("add `leg = …`, one of the deal's legs".to_owned()),
            );
            None
        }
        (Scope::Programme(id), None) => Some(Subject::Programme((*id).to_owned())),
        (Scope::Programme(_), Some(leg)) => {
            leg.error(
                "a programme's claim has no leg",
                Some("remove it: the claim presses on every leg of the programme".to_owned()),
            );
            None
        }
    }
}

fn rung(row: &Table<'_>, scope: &Scope<'_>) -> Option<Rung> {
    match (row.get("rung"), scope) {
        (Some(rung), _) => rung.word(),
        (None, Scope::Programme(_)) => Some(Rung::None),
        (None, Scope::Deal { .. }) => {
            row.error(
                "`rung` is missing in [[claim]]",
                Some("add `rung = …`, `none` where it is about no rung".to_owned()),
            );
            None
        }
    }
}

fn milestone_of(name: &Value<'_>, scope: &Scope<'_>) -> Option<String> {
    let text = name.name()?;
    if let Scope::Deal { milestones, .. } = scope
        && text != "next"
        && !milestones.iter().any(|milestone| milestone == text)
    {
        let names: Vec<&str> = milestones.iter().map(String::as_str).chain(["next"]).collect();
        name.error(format!("the deal has no milestone `{text}`"), Some(suggestion(text, &names)));
    }
    Some(text.to_owned())
}

/// An informant: `party:` with ids of the lexicon in order, `newsroom:outlet:story`, `analyst:firm` or
/// `unknown:story`.
fn read_origin(origin: &Value<'_>, known: &Known) -> Option<String> {
    let text = origin.name()?;
    let shape = || {
        let help = "expected `party:<ids joined by +>`, `newsroom:<outlet>:<story>`, `analyst:<firm>` or `unknown:<story>`";
        origin.error(format!("`{text}` is no origin"), Some(help.to_owned()));
    };
    let Some((kind, rest)) = text.split_once(':').filter(|(_, rest)| !rest.trim().is_empty()) else {
        shape();
        return None;
    };
    match kind {
        "party" => {
            let ids: Vec<&str> = rest.split('+').collect();
            for id in &ids {
                if !known.companies.is_empty() && !known.companies.iter().any(|company| company == id) {
                    let names: Vec<&str> = known.companies.iter().map(String::as_str).collect();
                    origin
                        .error(format!("`{id}` is no company of the lexicon"), Some(suggestion(id, &names)));
                }
            }
            let mut sorted = ids.clone();
            sorted.sort_unstable();
            sorted.dedup();
            if sorted != ids {
                origin.error(
                    "the ids of a party origin are not in order",
                    Some(format!(
                        "write `party:{}`, so that equal informants are equal texts",
                        sorted.join("+")
                    )),
                );
            }
        }
        "newsroom" if rest.contains(':') => {}
        "analyst" | "unknown" => {}
        _ => {
            shape();
            return None;
        }
    }
    Some(text.to_owned())
}

fn fact(row: &Table<'_>) -> Option<Fact> {
    let figure = |key: &str| row.get(key).and_then(|value| value.integer(-FIGURE..=FIGURE));
    let slot = row.get("slot").and_then(|slot| slot.word::<Slot>());
    let (lo, mid, hi) = (figure("lo"), figure("mid"), figure("hi"));
    let op: Op = word_or_default(row, "op");
    let years = row.get("years").and_then(|years| years.integer(1..=100)).map(|years| years as u16);
    let derived = row.get("derived").and_then(|derived| derived.name()).map(str::to_owned);
    let (slot, lo, mid, hi) = (slot?, lo?, mid?, hi?);
    if !(lo <= mid && mid <= hi) {
        row.error(
            format!("the figure's bounds are out of order: {lo}, {mid}, {hi}"),
            Some("lo ≤ mid ≤ hi".to_owned()),
        );
    }
    Some(Fact { slot, lo, mid, hi, op, years, derived })
}

//! How well the tagger reads labelled items: figures for each field, and the misses.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::quantity::Kind;
use super::stance::{Direction, Silicon};
use super::{Event, Tagged};
use crate::domain::claim::Rung;

/// What a person says that an item tells. An absent field is not scored.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Labels {
    /// Deals that it is evidence about.
    pub deals: BTreeSet<String>,
    /// Deals that are neither right nor wrong.
    pub maybe_deals: BTreeSet<String>,
    /// Silicon programmes that it is evidence about.
    pub programmes: BTreeSet<String>,
    /// Programmes that are neither right nor wrong.
    pub maybe_programmes: BTreeSet<String>,
    /// Deals outside the catalog: with one of these alone, relevance is not scored.
    pub untracked: BTreeSet<String>,
    /// Family of the event type, e.g. `agreement`.
    pub family: Option<String>,
    /// `gpu`, `custom`, `other`, `both` or `none`.
    pub silicon: Option<String>,
    /// `+custom`, `-custom` or `0`.
    pub direction: Option<String>,
    /// Stage of the non-GPU leg: `none`, `exploring`, `committed`, `deploying`, `serving` or `sustained`.
    pub stage: Option<String>,
    /// Figures in the text.
    pub amounts: Vec<Amount>,
}

/// One labelled figure.
#[derive(Clone, Debug, Deserialize)]
pub struct Amount {
    /// `usd`, `gw`, `mw`, `chips` or `years`; anything else is not scored.
    pub kind: String,
    /// In the unit of its kind.
    pub value: f64,
}

/// Hits and errors of a set-valued field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Found and labelled.
    pub hit: u32,
    /// Found and not labelled.
    pub extra: u32,
    /// Labelled and not found.
    pub missed: u32,
}

impl Counts {
    fn add<T: Ord>(&mut self, labelled: &BTreeSet<T>, found: &BTreeSet<T>) {
        self.hit += labelled.intersection(found).count() as u32;
        self.extra += found.difference(labelled).count() as u32;
        self.missed += labelled.difference(found).count() as u32;
    }

    /// Share of what was found that is right; 1 where nothing was.
    pub fn precision(self) -> f64 {
        ratio(self.hit, self.hit + self.extra)
    }

    /// Share of what was labelled that was found; 1 where nothing was.
    pub fn recall(self) -> f64 {
        ratio(self.hit, self.hit + self.missed)
    }

    /// Harmonic mean of the two.
    pub fn f1(self) -> f64 {
        ratio(2 * self.hit, 2 * self.hit + self.extra + self.missed)
    }
}

fn ratio(part: u32, whole: u32) -> f64 {
    if whole == 0 { 1.0 } else { f64::from(part) / f64::from(whole) }
}

/// One field of one item that was read otherwise than labelled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Miss {
    /// `relevance`, `deals`, `family`, `silicon`, `direction`, `stage` or `amounts`.
    pub kind: &'static str,
    /// The item.
    pub id: String,
    /// As labelled.
    pub labelled: String,
    /// As read.
    pub read: String,
    /// The headline.
    pub title: String,
}

/// Figures over a set of items.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    /// Items seen.
    pub items: u32,
    /// Whether an item is about any tracked deal or programme.
    pub relevance: Counts,
    /// Deals.
    pub deals: Counts,
    /// Figures in the text.
    pub amounts: Counts,
    /// Labelled family to read family, counted.
    families: BTreeMap<(String, &'static str), u32>,
    silicon: (u32, u32),
    direction: (u32, u32),
    stage: (u32, u32),
    /// Items with a direction in both, and those of them whose signs differ.
    signs: (u32, u32),
    /// What was read otherwise than labelled.
    pub misses: Vec<Miss>,
}

impl Scores {
    /// Scores one item.
    pub fn add(&mut self, id: &str, title: &str, labels: &Labels, tagged: &Tagged) {
        self.items += 1;
        let deals: BTreeSet<String> = tagged
            .deals
            .iter()
            .map(|deal| deal.slug.0.clone())
            .filter(|slug| !labels.maybe_deals.contains(slug) || labels.deals.contains(slug))
            .collect();
        let programmes =
            tagged.programmes.iter().any(|programme| !labels.maybe_programmes.contains(programme));
        let tracked = !labels.deals.is_empty() || !labels.programmes.is_empty();
        let open = !labels.untracked.is_empty()
            || !labels.maybe_deals.is_empty()
            || !labels.maybe_programmes.is_empty();
        let mut miss = |kind, labelled: String, read: String| {
            self.misses.push(Miss { kind, id: id.into(), labelled, read, title: title.into() });
        };
        if tracked || !open {
            let found = !deals.is_empty() || programmes;
            self.relevance.hit += u32::from(tracked && found);
            self.relevance.extra += u32::from(found && !tracked);
            self.relevance.missed += u32::from(tracked && !found);
            if tracked != found {
                miss("relevance", tracked.to_string(), found.to_string());
            }
        }
        self.deals.add(&labels.deals, &deals);
        if labels.deals != deals {
            let list =
                |deals: &BTreeSet<String>| deals.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
            miss("deals", list(&labels.deals), list(&deals));
        }
        if let Some(family) = &labels.family {
            let read = tagged.event.family();
            *self.families.entry((family.clone(), read)).or_default() += 1;
            if family != read {
                miss("family", family.clone(), tagged.event.word().into());
            }
        }
        let amounts: BTreeSet<(&str, i64)> = labels.amounts.iter().filter_map(amount).collect();
        let found: BTreeSet<(&str, i64)> = tagged
            .quantities
            .iter()
            .map(|figure| match figure.kind {
                Kind::Usd => ("usd", figure.value as i64),
                Kind::Power => ("power", figure.value.round() as i64),
                Kind::Chips => ("chips", figure.value as i64),
                Kind::Years => ("years", figure.value as i64),
            })
            .collect();
        self.amounts.add(&amounts, &found);
        if amounts != found {
            miss(
                "amounts",
                format!("{:?}", amounts.difference(&found)),
                format!("{:?}", found.difference(&amounts)),
            );
        }
        if labels.deals.is_empty() {
            return;
        }
        if let Some(silicon) = &labels.silicon {
            let read = tagged.silicon.word();
            // Merchant silicon that is no GPU may be labelled as not the GPU's, in a word: custom.
            let right = silicon == read || silicon == "custom" && tagged.silicon == Silicon::Other;
            self.silicon.0 += u32::from(right);
            self.silicon.1 += 1;
            if !right {
                miss("silicon", silicon.clone(), read.into());
            }
        }
        if let Some(direction) = &labels.direction {
            let read = tagged.direction.word();
            self.direction.0 += u32::from(direction == read);
            self.direction.1 += 1;
            if direction != "0" && tagged.direction != Direction::Still {
                self.signs.0 += u32::from(direction != read);
                self.signs.1 += 1;
            }
            if direction != read {
                miss("direction", direction.clone(), read.into());
            }
        }
        if let Some(stage) = &labels.stage {
            let read = stage_word(tagged.stage);
            self.stage.0 += u32::from(stage == read);
            self.stage.1 += 1;
            if stage != read {
                miss("stage", stage.clone(), read.into());
            }
        }
    }

    /// Every figure by name, in the order shown.
    pub fn figures(&self) -> Vec<(&'static str, f64)> {
        let mut figures = Vec::new();
        for (names, counts) in [
            (["relevance_p", "relevance_r", "relevance_f1"], self.relevance),
            (["deal_p", "deal_r", "deal_f1"], self.deals),
            (["amount_p", "amount_r", "amount_f1"], self.amounts),
        ] {
            figures.extend(names.into_iter().zip([counts.precision(), counts.recall(), counts.f1()]));
        }
        let (accuracy, f1) = self.family();
        let share = |(part, whole): (u32, u32)| ratio(part, whole);
        let wrong = if self.signs.1 == 0 { 0.0 } else { share(self.signs) };
        figures.extend([
            ("family_acc", accuracy),
            ("family_f1", f1),
            ("silicon", share(self.silicon)),
            ("direction", share(self.direction)),
            ("stage", share(self.stage)),
            ("wrong_sign", wrong),
        ]);
        figures
    }

    /// Accuracy over families, and the mean F1 of the labelled ones.
    fn family(&self) -> (f64, f64) {
        let total: u32 = self.families.values().sum();
        let right: u32 = self.families.iter().filter(|((l, r), _)| l == r).map(|(_, n)| n).sum();
        let labelled: BTreeSet<&String> = self.families.keys().map(|(labelled, _)| labelled).collect();
        let mean = labelled.iter().map(|family| {
            let sum = |fits: &dyn Fn(&str, &str) -> bool| -> u32 {
                self.families.iter().filter(|((l, r), _)| fits(l, r)).map(|(_, n)| n).sum()
            };
            let counts = Counts {
                hit: sum(&|l, r| l == family.as_str() && r == family.as_str()),
                extra: sum(&|l, r| l != family.as_str() && r == family.as_str()),
                missed: sum(&|l, r| l == family.as_str() && r != family.as_str()),
            };
            counts.f1()
        });
        let f1 = if labelled.is_empty() { 1.0 } else { mean.sum::<f64>() / labelled.len() as f64 };
        (ratio(right, total), f1)
    }
}

fn amount(amount: &Amount) -> Option<(&'static str, i64)> {
    Some(match amount.kind.as_str() {
        "usd" => ("usd", amount.value as i64),
        "gw" => ("power", (amount.value * 1000.0).round() as i64),
        "mw" => ("power", amount.value.round() as i64),
        "chips" => ("chips", amount.value as i64),
        "years" => ("years", amount.value as i64),
        _ => return None,
    })
}

fn stage_word(rung: Rung) -> &'static str {
    match rung {
        Rung::None => "none",
        Rung::Exploring => "exploring",
        Rung::Announced | Rung::Contracted => "committed",
        Rung::Piloting | Rung::Deployed => "deploying",
        Rung::Serving => "serving",
        Rung::AtScale => "sustained",
    }
}

impl Event {
    /// The family that an event type belongs to.
    pub fn family(self) -> &'static str {
        match self {
            Self::Announcement | Self::Commitment | Self::Expansion | Self::Amendment => "agreement",
            Self::Milestone | Self::Adoption => "progress",
            Self::Exploration => "exploration",
            Self::Setback => "setback",
            Self::Financing | Self::Filing => "money",
            Self::Competitiveness | Self::Regulatory | Self::Analysis => "context",
            Self::None => "none",
        }
    }
}

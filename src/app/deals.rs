//! The deals of the board: which, in which order, in which groups; and what is read off each.

use std::cmp::Reverse;

use super::State;
use super::format;
use super::world::{Board, DealStatus, LegView};
use crate::domain::deal::{Class, LegKind};

/// By what deals are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// As configured.
    #[default]
    Catalog,
    /// Newest claim first.
    Activity,
    /// Largest first.
    Size,
    /// Highest custom share first.
    Share,
    /// Widest gap first.
    Gap,
    /// Next due date first.
    Due,
    /// Most new first.
    New,
    /// By name.
    Name,
}

impl Sort {
    /// Every order with its name.
    pub const ALL: [(Self, &'static str); 8] = [
        (Self::Catalog, "catalog"),
        (Self::Activity, "activity"),
        (Self::Size, "size"),
        (Self::Share, "share"),
        (Self::Gap, "gap"),
        (Self::Due, "due"),
        (Self::New, "new"),
        (Self::Name, "name"),
    ];

    /// The order of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(sort, _)| sort)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The next one, going round.
    #[must_use]
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()].0
    }
}

/// By what deals are grouped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grouping {
    /// Not at all.
    #[default]
    None,
    /// By buyer.
    Buyer,
    /// By provider or vendor.
    Vendor,
    /// Hosting, silicon.
    Class,
}

impl Grouping {
    /// Every grouping with its name.
    pub const ALL: [(Self, &'static str); 4] =
        [(Self::None, "none"), (Self::Buyer, "buyer"), (Self::Vendor, "vendor"), (Self::Class, "class")];

    /// The grouping of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(group, _)| group)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL[self as usize].1
    }

    /// The next one, going round.
    #[must_use]
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()].0
    }
}

/// How the board is shown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// Which deals.
    pub filter: super::filter::Filter,
    /// In which order.
    pub sort: Sort,
    /// Turned round.
    pub reversed: bool,
    /// In which groups.
    pub group: Grouping,
}

/// A row of the board.
#[derive(Clone, Debug)]
pub struct DealRow<'a> {
    /// The status.
    pub deal: &'a DealStatus,
    /// The number that `number N` goes by.
    pub number: usize,
    /// Heading of the group that begins with this row.
    pub heading: Option<String>,
    /// Pinned by the user.
    pub pinned: bool,
    /// What is new and not seen.
    pub new: usize,
}

impl State {
    /// The deals of the board as they are shown.
    pub fn deal_rows(&self) -> Vec<DealRow<'_>> {
        let Some(board) = &self.world.board else { return Vec::new() };
        let mut deals: Vec<(usize, &DealStatus)> = board.deals.iter().enumerate().collect();
        deals.retain(|(_, deal)| {
            let slug = deal.deal.slug.as_str();
            self.shown.filter.fits(deal, board.as_of, self.new_on(deal), self.world.own.pinned.contains(slug))
        });
        deals.sort_by(|a, b| self.compare(board, *a, *b));
        let mut last = None;
        deals
            .into_iter()
            .enumerate()
            .map(|(place, (_, deal))| {
                let heading = self.group_of(deal);
                let begins = heading != last && heading.is_some();
                last.clone_from(&heading);
                DealRow {
                    deal,
                    number: place + 1,
                    heading: heading.filter(|_| begins),
                    pinned: self.world.own.pinned.contains(deal.deal.slug.as_str()),
                    new: self.new_on(deal),
                }
            })
            .collect()
    }

    fn compare(&self, board: &Board, a: (usize, &DealStatus), b: (usize, &DealStatus)) -> std::cmp::Ordering {
        let group = |deal: &DealStatus| match self.shown.group {
            Grouping::None => String::new(),
            Grouping::Buyer => deal.deal.buyer.clone(),
            Grouping::Vendor => deal.deal.provider.clone(),
            Grouping::Class => class_word(deal.deal.class).to_owned(),
        };
        let pinned = |deal: &DealStatus| !self.world.own.pinned.contains(deal.deal.slug.as_str());
        let order = match self.shown.sort {
            Sort::Catalog => std::cmp::Ordering::Equal,
            Sort::Activity => Reverse(a.1.last_claim).cmp(&Reverse(b.1.last_claim)),
            Sort::Size => Reverse(size_mw(a.1)).cmp(&Reverse(size_mw(b.1))),
            Sort::Share => {
                let share = |deal: &DealStatus| Reverse(deal.contracted.map(|share| share.mid));
                share(a.1).cmp(&share(b.1))
            }
            Sort::Gap => Reverse(a.1.gap.permille).cmp(&Reverse(b.1.gap.permille)),
            Sort::Due => {
                let due = |deal: &DealStatus| deal.next_milestone.as_ref().map_or(i32::MAX, |next| next.days);
                due(a.1).cmp(&due(b.1))
            }
            Sort::New => Reverse(self.new_on(a.1)).cmp(&Reverse(self.new_on(b.1))),
            Sort::Name => a.1.deal.name.to_lowercase().cmp(&b.1.deal.name.to_lowercase()),
        };
        // The catalog's order is meant for the board of today as well: it breaks every tie.
        let order = order.then(a.0.cmp(&b.0));
        let order = if self.shown.reversed { order.reverse() } else { order };
        debug_assert!(board.deals.len() > a.0.max(b.0));
        pinned(a.1).cmp(&pinned(b.1)).then_with(|| group(a.1).cmp(&group(b.1))).then(order)
    }

    fn group_of(&self, deal: &DealStatus) -> Option<String> {
        if self.world.own.pinned.contains(deal.deal.slug.as_str()) && self.shown.group != Grouping::None {
            return Some("pinned".to_owned());
        }
        match self.shown.group {
            Grouping::None => None,
            Grouping::Buyer => Some(buyer(deal).to_owned()),
            Grouping::Vendor => Some(vendor(deal).to_owned()),
            Grouping::Class => Some(class_word(deal.deal.class).to_owned()),
        }
    }

    /// Claims on a deal that the user has not seen.
    pub fn new_on(&self, deal: &DealStatus) -> usize {
        let slug = deal.deal.slug.as_str();
        match (self.world.own.read.get(slug), deal.last_known) {
            (Some(read), Some(last)) if last <= *read => 0,
            _ => deal.new,
        }
    }
}

/// The buyer as the deal's name has it.
pub fn buyer(deal: &DealStatus) -> &str {
    deal.deal.name.split(['–', '—', '-']).next().unwrap_or(&deal.deal.name).trim()
}

/// The provider as the deal's name has it.
pub fn vendor(deal: &DealStatus) -> &str {
    deal.deal.name.split_once(['–', '—', '-']).map_or(deal.deal.name.as_str(), |(_, rest)| rest.trim())
}

/// Hosting or silicon.
pub fn class_word(class: Class) -> &'static str {
    match class {
        Class::Hosting => "hosting",
        Class::Silicon => "silicon",
    }
}

/// MW of a leg: what was announced, or contracted if that is more.
fn leg_mw(leg: &LegView) -> Option<i64> {
    [&leg.capacity.headline, &leg.capacity.contracted]
        .into_iter()
        .flatten()
        .map(|figure| figure.value.mid)
        .max()
}

/// Size of a deal in MW, as announced: how much of it is contracted is the deal's status.
pub fn size_mw(deal: &DealStatus) -> Option<i64> {
    deal.legs.iter().filter_map(leg_mw).reduce(i64::saturating_add)
}

/// Size of a deal in millions of dollars.
pub fn size_usd(deal: &DealStatus) -> Option<i64> {
    deal.legs
        .iter()
        .flat_map(|leg| [&leg.capacity.usd, &leg.capacity.increment])
        .flatten()
        .map(|figure| figure.value.mid)
        .reduce(i64::saturating_add)
}

/// Size in words: `$138B 2.5 GW 8y`.
pub fn size(deal: &DealStatus) -> String {
    let years = deal.legs.iter().filter_map(|leg| leg.capacity.years).max();
    let parts = [
        size_usd(deal).map(format::usd),
        size_mw(deal).map(format::mw),
        years.map(|years| format!("{years}y")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { format::NOTHING.to_owned() } else { parts.join(" ") }
}

/// Words beside the headline: flags, then what the legs' status says.
pub fn marks(deal: &DealStatus) -> Vec<String> {
    let mut marks: Vec<String> = deal.flags().into_iter().map(|flag| flag.word().to_owned()).collect();
    let any = |test: fn(&LegView) -> bool| deal.legs.iter().any(test);
    for (holds, word) in [
        (any(|leg| leg.status.contested), "CONTESTED"),
        (any(|leg| leg.provisional), "PROVISIONAL"),
        (any(|leg| leg.status.reported.is_some()), "REPORTED"),
        (deal.is_overdue(), "OVERDUE"),
        (deal.lead().is_some_and(|leg| leg.status.stale > 100), "STALE"),
        (!deal.conflicts.is_empty(), "CONFLICT"),
        (any(|leg| leg.pins.iter().any(|pin| pin.contradicted_by.is_some())), "PIN CONTRADICTED"),
        (any(|leg| leg.pins.iter().any(|pin| pin.contradicted_by.is_none())), "PIN"),
    ] {
        if holds {
            marks.push(word.to_owned());
        }
    }
    marks
}

/// Which way a deal moves: 1 up, 0 neither, -1 down. A quarter of a rung in a quarter of a year counts.
pub fn momentum(deal: &DealStatus) -> i32 {
    match deal.lead().map_or(0, |leg| leg.status.momentum) {
        250.. => 1,
        ..=-250 => -1,
        _ => 0,
    }
}

/// A leg's short name: what fills it, e.g. `Trainium`, `Nvidia GPU`.
pub fn silicon(deal: &DealStatus, kind: LegKind) -> String {
    let Some(leg) = deal.deal.leg(kind) else { return kind.word().to_owned() };
    if let Some(programme) = &leg.programme {
        return capital(programme);
    }
    match leg.silicon.first() {
        Some(line) => line
            .split('-')
            .map(capital)
            .collect::<Vec<_>>()
            .join(" ")
            .replace("Gpu", "GPU")
            .replace("Amd", "AMD"),
        None => kind.word().to_owned(),
    }
}

fn capital(word: &str) -> String {
    if word.len() <= 4 && word != "maia" {
        return word.to_uppercase();
    }
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

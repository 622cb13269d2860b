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
    /// The group that begins with this row.
    pub heading: Option<GroupHead>,
    /// Pinned by the user.
    pub pinned: bool,
    /// What is new and not seen.
    pub new: usize,
}

/// What stands above a group of deals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupHead {
    /// What its deals have in common.
    pub name: String,
    /// Totals of each class that is in it. They are never added: a hosting deal's GPUs are filled by chips
    /// that a silicon deal counts already.
    pub totals: Vec<Total>,
}

/// Totals of the deals of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Total {
    /// The class.
    pub class: Class,
    /// Deals.
    pub deals: usize,
    /// MW announced, of the deals that say.
    pub mw: Option<i64>,
    /// Deals that do not say how many MW.
    pub no_mw: usize,
    /// Millions of dollars, of the deals that say.
    pub usd: Option<i64>,
    /// Deals that do not say how many dollars.
    pub no_usd: usize,
}

impl Total {
    /// Adds up the deals of one class; `None` where there are none.
    fn of(class: Class, deals: &[&DealStatus]) -> Option<Self> {
        let deals: Vec<_> = deals.iter().filter(|deal| deal.deal.class == class).collect();
        let sum = |of: fn(&DealStatus) -> Option<i64>| {
            let known: Vec<i64> = deals.iter().filter_map(|deal| of(deal)).collect();
            (known.iter().copied().reduce(i64::saturating_add), deals.len() - known.len())
        };
        let ((mw, no_mw), (usd, no_usd)) = (sum(size_mw), sum(size_usd));
        (!deals.is_empty()).then_some(Self { class, deals: deals.len(), mw, no_mw, usd, no_usd })
    }

    /// `hosting 5 deals $425B+ 8.0 GW+`; the sign: more, by deals that nobody has sized.
    pub fn words(self) -> String {
        let more = |unsized_deals: usize| if unsized_deals > 0 { "+" } else { "" };
        let figures: Vec<String> = [
            self.usd.map(|usd| format!("{}{}", format::usd(usd), more(self.no_usd))),
            self.mw.map(|mw| format!("{}{}", format::mw(mw), more(self.no_mw))),
        ]
        .into_iter()
        .flatten()
        .collect();
        let figures = if figures.is_empty() { format::NOTHING.to_owned() } else { figures.join(" ") };
        let plural = if self.deals == 1 { "" } else { "s" };
        format!("{} {} deal{plural} {figures}", class_word(self.class), self.deals)
    }
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
        let groups: Vec<Option<String>> = deals.iter().map(|(_, deal)| self.group_of(deal)).collect();
        deals
            .iter()
            .enumerate()
            .map(|(place, (_, deal))| {
                let begins = place == 0 || groups.get(place - 1) != groups.get(place);
                let heading = groups.get(place).cloned().flatten().filter(|_| begins).map(|name| {
                    let of_group: Vec<&DealStatus> = deals
                        .iter()
                        .zip(&groups)
                        .filter(|(_, group)| group.as_ref() == Some(&name))
                        .map(|((_, deal), _)| *deal)
                        .collect();
                    let totals = [Class::Silicon, Class::Hosting].map(|class| Total::of(class, &of_group));
                    GroupHead { name, totals: totals.into_iter().flatten().collect() }
                });
                DealRow {
                    deal,
                    number: place + 1,
                    heading,
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

/// A deal's name for little room, by one rule: the buyer's name, each other party by its exchange symbol
/// where that is shorter than its name, and nothing in brackets.
pub fn ticker_name(deal: &DealStatus) -> String {
    let roles: [&[&str]; 2] = [&["provider", "vendor"], &["chips"]];
    let parties = deal.deal.name.split('–').enumerate().map(|(place, party)| {
        let party = party.split(" (").next().unwrap_or(party);
        let role = place.checked_sub(1).and_then(|place| roles.get(place));
        let ticker = role
            .and_then(|role| deal.deal.tickers.iter().find(|ticker| role.contains(&ticker.role.as_str())));
        ticker.map_or(party, |ticker| if ticker.symbol.len() < party.len() { &*ticker.symbol } else { party })
    });
    parties.collect::<Vec<_>>().join("–")
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

/// Which way a leg moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trend {
    /// Up by at least 1.5 rungs a quarter.
    FastUp,
    /// Up by at least 0.4.
    Up,
    /// Neither.
    Level,
    /// Down by at least 0.4.
    Down,
    /// Down by at least 1.5.
    FastDown,
}

impl Trend {
    /// Reads a momentum, in thousandths of a rung a quarter.
    pub fn of(momentum: i32) -> Self {
        match momentum {
            1500.. => Self::FastUp,
            400..1500 => Self::Up,
            -399..400 => Self::Level,
            -1499..=-400 => Self::Down,
            ..=-1500 => Self::FastDown,
        }
    }

    /// Which way a deal moves: the leg that it is judged by.
    pub fn of_deal(deal: &DealStatus) -> Self {
        Self::of(deal.lead().map_or(0, |leg| leg.status.momentum))
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

/// An id as a name: `trainium` is `Trainium`, `tpu` is `TPU`.
pub fn capital(word: &str) -> String {
    if word.len() <= 4 && !["maia", "meta", "groq", "time"].contains(&word) {
        return word.to_uppercase();
    }
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use crate::app::fixture::Bench;

    #[test]
    fn a_short_name_is_the_buyer_and_symbols() {
        let bench = Bench::new();
        let short = |slug: &str| super::ticker_name(bench.state.world.deal(slug).unwrap());
        for (slug, name) in [
            ("openai-aws", "OpenAI–AWS"),
            ("openai-oracle", "OpenAI–ORCL"),
            ("meta-google", "Meta–GOOGL"),
            ("nvidia-groq", "Nvidia–Groq"),
            ("anthropic-microsoft-nvidia", "Anthropic–MSFT–NVDA"),
        ] {
            assert_eq!(short(slug), name);
        }
    }

    #[test]
    fn a_trend_is_named_from_four_tenths_of_a_rung_and_fast_from_one_and_a_half() {
        use super::Trend;
        for (momentum, trend) in [
            (399, Trend::Level),
            (400, Trend::Up),
            (1499, Trend::Up),
            (1500, Trend::FastUp),
            (-399, Trend::Level),
            (-400, Trend::Down),
            (-1500, Trend::FastDown),
        ] {
            assert_eq!(Trend::of(momentum), trend, "{momentum}");
        }
    }

    #[test]
    fn a_group_is_headed_by_totals_that_never_cross_a_class() {
        let mut bench = Bench::new();
        bench.press("b");
        let rows = bench.state.deal_rows();
        let heads: Vec<_> = rows.iter().filter_map(|row| row.heading.as_ref()).collect();
        assert!(heads.len() > 3);
        assert_eq!(
            heads.iter().flat_map(|head| &head.totals).map(|total| total.deals).sum::<usize>(),
            rows.len()
        );
        let openai = heads.iter().find(|head| head.name == "OpenAI").unwrap();
        assert_eq!(openai.totals.len(), 2, "silicon and hosting stand apart");
        assert!(openai.totals.iter().all(|total| total.no_usd == 0 || total.words().contains('+')));
    }
}

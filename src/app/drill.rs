//! One deal's tabs as rows.

use super::State;
use super::economics::Exposure;
use super::format;
use super::history::Change;
use super::world::{Conflict, LegView};
use crate::domain::claim::{Claim, Fact, Op, Rung, Sign, Slot};
use crate::domain::deal::LegKind;
use crate::domain::time::{Day, Timestamp};
pub use crate::ledger::milestone::{MilestoneState, MilestoneView};
pub use crate::ledger::model::explain::{Account, Line};
pub use crate::ledger::page::{ClaimView, DealPage, WouldChange, says_the_same};

/// A line of the overview.
#[derive(Clone, Debug)]
pub enum OverviewRow<'a> {
    /// A leg with its ladder, and the claim that carries its rung.
    Leg(&'a LegView, Option<&'a str>),
    /// What is beside a leg's ladder, figures, dates, wallet, pressure, flags; and the claim behind it.
    Beside(String, Option<&'a str>),
    /// The rung that an account is about.
    Account(&'a LegView, &'a Account),
    /// The prior.
    Base(i32),
    /// What one informant counts for.
    Line(&'a Line),
    /// What the caps take off or give back.
    Cap(i32),
    /// What a pin adds or takes.
    Pin(i32),
    /// The sum and its probability.
    Sum(&'a Account),
    /// A heading.
    Heading(&'static str),
    /// What a word would do.
    Would(LegKind, &'a WouldChange),
    /// The best word against.
    Against(String, &'a str),
    /// Figures on which sources disagree.
    Conflict(String, Option<&'a str>),
    /// The user's note.
    Note(&'a str),
    /// Nothing.
    Blank,
}

impl OverviewRow<'_> {
    /// The claim that the row goes back to.
    pub fn claim(&self) -> Option<&str> {
        match self {
            Self::Line(line) => Some(&line.claim),
            Self::Against(_, claim) => Some(claim),
            Self::Leg(_, claim) | Self::Beside(_, claim) | Self::Conflict(_, claim) => *claim,
            Self::Account(_, account) | Self::Sum(account) => heaviest(account),
            Self::Base(_)
            | Self::Cap(_)
            | Self::Pin(_)
            | Self::Heading(_)
            | Self::Would(..)
            | Self::Note(_)
            | Self::Blank => None,
        }
    }

    /// Why no words lie behind the row.
    pub fn wordless(&self) -> &'static str {
        match self {
            Self::Base(_) => "the prior is the model's own and rests on no claim",
            Self::Cap(_) => "the cap is the model's own: beyond it further words count nothing",
            Self::Pin(_) => "the pin is your own, from your deal file",
            Self::Would(..) => "nobody has said this yet: it is what such a word would do",
            Self::Note(_) => "the note is your own; w writes another",
            _ => "no claim lies behind this row",
        }
    }

    /// What is searched and copied.
    pub fn text(&self, page: Option<&DealPage>) -> String {
        match self {
            Self::Leg(leg, _) => format!(
                "{} {} P {}",
                leg.kind.word(),
                leg.status.rung.label(),
                format::chance(leg.status.at_least(leg.status.rung.index()))
            ),
            Self::Beside(text, _) | Self::Against(text, _) | Self::Conflict(text, _) => text.clone(),
            Self::Account(leg, account) => {
                format!("{} {}", leg.kind.word(), Rung::from_index(account.rung.into()).label())
            }
            Self::Base(odds) => format!("base {}", format::nats(*odds)),
            Self::Line(line) => {
                let words =
                    page.and_then(|page| page.claim(&line.claim)).map(|view| view.claim.words.clone());
                format!("{} {} {}", format::nats(line.counts), line.origin, words.unwrap_or_default())
            }
            Self::Cap(odds) => format!("cap {}", format::nats(*odds)),
            Self::Pin(odds) => format!("pin {}", format::nats(*odds)),
            Self::Sum(account) => {
                format!("sum {} P {}", format::nats(account.odds), format::chance(account.chance))
            }
            Self::Would(leg, would) => format!("{} {}", leg.word(), would.what),
            Self::Heading(text) => (*text).to_owned(),
            Self::Note(text) => String::from(*text),
            Self::Blank => String::new(),
        }
    }
}

/// A line of the timeline.
#[derive(Clone, Debug)]
pub enum TimelineRow<'a> {
    /// A milestone that lies ahead or was missed.
    Due(&'a MilestoneView),
    /// The day that is shown.
    Today(Day),
    /// When the user last looked.
    LastLook(Day),
    /// The status changed.
    Change(&'a Change),
    /// Something was said.
    Claim(&'a ClaimView),
}

/// A line of the exposure.
#[derive(Clone, Debug, PartialEq)]
pub struct ExposureRow {
    /// Exchange symbol.
    pub symbol: String,
    /// What the company is in this deal.
    pub role: String,
    /// Shares that the user holds.
    pub held: Option<f64>,
    /// What a point of capacity moved does to it; `None` where nothing says.
    pub exposure: Option<Exposure>,
    /// Other tracked deals that touch it: name and headline.
    pub also: Vec<(String, &'static str)>,
}

impl State {
    /// The overview of the deal that is drilled into.
    pub fn overview_rows(&self) -> Vec<OverviewRow<'_>> {
        let Some(page) = &self.page else { return Vec::new() };
        let mut rows = Vec::new();
        for leg in &page.status.legs {
            let carried = page.legs.iter().find(|account| account.leg == leg.kind);
            let carried =
                carried.and_then(|account| account.accounts.iter().find_map(heaviest)).or_else(|| {
                    let claims = page.claims.iter().map(|view| &view.claim);
                    claims
                        .filter(|claim| claim.subject.leg() == Some(leg.kind))
                        .map(|claim| claim.id.as_str())
                        .next()
                });
            rows.push(OverviewRow::Leg(leg, carried));
            rows.extend(beside(page, leg, carried).map(|(text, claim)| OverviewRow::Beside(text, claim)));
        }
        if let Some(note) = self.deal.as_ref().and_then(|slug| self.world.own.notes.get(slug)) {
            rows.push(OverviewRow::Note(note));
        }
        if let Some(contrary) = &page.status.contrary {
            let text = format!("{} {} {}", contrary.code, contrary.published, contrary.words);
            rows.push(OverviewRow::Against(text, &contrary.claim));
        }
        for conflict in &page.status.conflicts {
            let text =
                format!("{} {}: {}", conflict.leg.word(), slot_name(conflict.slot), conflict_words(conflict));
            rows.push(OverviewRow::Conflict(text, conflict.others.first().map(|(_, claim)| claim.as_str())));
        }
        for account in &page.legs {
            let Some(leg) = page.status.leg(account.leg) else { continue };
            for one in &account.accounts {
                rows.push(OverviewRow::Blank);
                rows.push(OverviewRow::Account(leg, one));
                rows.push(OverviewRow::Base(one.base));
                rows.extend(one.lines.iter().map(OverviewRow::Line));
                let cap = one.cap_support + one.cap_against;
                if cap != 0 {
                    rows.push(OverviewRow::Cap(cap));
                }
                if one.pinned != 0 {
                    rows.push(OverviewRow::Pin(one.pinned));
                }
                rows.push(OverviewRow::Sum(one));
            }
        }
        let would = page.legs.iter().flat_map(|leg| leg.would_change.iter().map(|one| (leg.leg, one)));
        let mut would = would.peekable();
        if would.peek().is_some() {
            rows.push(OverviewRow::Blank);
            rows.push(OverviewRow::Heading("what would change it"));
            rows.extend(would.map(|(leg, one)| OverviewRow::Would(leg, one)));
        }
        rows
    }

    /// The timeline of the deal that is drilled into, newest first.
    pub fn timeline_rows(&self) -> Vec<TimelineRow<'_>> {
        let (Some(page), Some(today)) = (&self.page, self.world.day()) else { return Vec::new() };
        let slug = page.status.deal.slug.as_str();
        // Within a day: what follows from the words stands above the words.
        let mut rows: Vec<(Day, u8, TimelineRow<'_>)> = Vec::new();
        for view in &page.status.milestones {
            let (day, rank) = match &view.state {
                MilestoneState::Met { on, .. } => (on.unwrap_or(view.due), 2),
                MilestoneState::Void(on) => (*on, 2),
                MilestoneState::Ahead(_) => (view.due, 5),
                MilestoneState::Overdue(_) => (view.due, 3),
            };
            rows.push((day, rank, TimelineRow::Due(view)));
        }
        rows.push((today, 4, TimelineRow::Today(today)));
        if let Some(mark) = self.last_look().map(Timestamp::day).filter(|mark| *mark <= today) {
            // What is told of that very day may have come before or after it: it stands above.
            rows.push((mark, 0, TimelineRow::LastLook(mark)));
        }
        if let Some(history) = &self.world.history {
            let until = history.changes.iter().filter(|change| change.deal == slug && change.day <= today);
            rows.extend(until.map(|change| (change.day, 2, TimelineRow::Change(change))));
        }
        rows.extend(page.claims.iter().map(|view| (view.claim.known, 1, TimelineRow::Claim(view))));
        rows.sort_by_key(|(day, rank, _)| std::cmp::Reverse((*day, *rank)));
        rows.into_iter().map(|(_, _, row)| row).collect()
    }

    /// Companies touched by the deal that is drilled into, a line for each way in which they are, those
    /// held first, then those that the deal names.
    pub fn exposure_rows(&self) -> Vec<ExposureRow> {
        let Some(page) = &self.page else { return Vec::new() };
        let deal = &page.status.deal;
        let mut rows = Vec::new();
        let mut exposures = self.economics.deal(&page.status).exposures;
        for ticker in &deal.tickers {
            let (its, rest) = exposures.into_iter().partition(|one| one.ticker == ticker.symbol);
            exposures = rest;
            let its: Vec<Exposure> = its;
            if its.is_empty() {
                rows.push(self.exposure_row(&ticker.symbol, &ticker.role, None));
            }
            rows.extend(
                its.into_iter().map(|one| self.exposure_row(&ticker.symbol, &ticker.role, Some(one))),
            );
        }
        rows.extend(exposures.into_iter().map(|one| {
            let symbol = one.ticker.clone();
            self.exposure_row(&symbol, "", Some(one))
        }));
        rows.sort_by_key(|row| row.held.is_none());
        rows
    }

    fn exposure_row(&self, symbol: &str, role: &str, exposure: Option<Exposure>) -> ExposureRow {
        let slug = self.page.as_ref().map(|page| &page.status.deal.slug);
        let board = self.world.board.iter().flat_map(|board| &board.deals);
        let others = board.filter(|deal| Some(&deal.deal.slug) != slug);
        ExposureRow {
            symbol: symbol.to_owned(),
            role: role.to_owned(),
            held: self.held(symbol),
            exposure,
            also: others
                .filter(|deal| deal.deal.tickers.iter().any(|other| other.symbol == symbol))
                .map(|deal| (deal.deal.name.clone(), deal.headline.word()))
                .collect(),
        }
    }

    /// Shares of a company that the user holds.
    pub fn held(&self, symbol: &str) -> Option<f64> {
        self.economics
            .holdings
            .iter()
            .find(|holding| holding.ticker.eq_ignore_ascii_case(symbol))
            .map(|holding| holding.shares)
    }
}

/// The heaviest line of an account, for or against.
fn heaviest(account: &Account) -> Option<&str> {
    account.lines.iter().max_by_key(|line| line.counts.abs()).map(|line| line.claim.as_str())
}

/// What is worth saying beside a leg's ladder, a line each, with the claim behind it: its figures, its
/// standing (`carried` by a claim), its dates.
fn beside<'a>(
    page: &'a DealPage,
    leg: &'a LegView,
    carried: Option<&'a str>,
) -> impl Iterator<Item = (String, Option<&'a str>)> {
    let status = &leg.status;
    let mut lines = Vec::new();
    let capacity = &leg.capacity;
    // What was announced and is contracted in full is said once.
    let whole = capacity.headline.as_ref().map(|f| f.value) == capacity.contracted.as_ref().map(|f| f.value);
    let announced = if whole { &None } else { &capacity.headline };
    let figures =
        [(announced, "announced"), (&capacity.contracted, "contracted"), (&capacity.deployed, "deployed")];
    let mut parts = vec![super::deals::silicon(&page.status, leg.kind)];
    for (figure, word) in figures {
        if let Some(figure) = figure {
            let how = if figure.derived { " derived" } else { "" };
            parts.push(format!("{word} {}{how}", range(figure.value, format::mw)));
        }
    }
    if let Some(wallet) = leg.wallet {
        parts.push(format!("{} of what the buyer contracted", format::share(wallet)));
    }
    let source =
        figures.iter().rev().filter_map(|(figure, _)| figure.as_ref()).find_map(|f| f.claims.first());
    lines.push((parts.join(", "), source.map(String::as_str)));
    for (figure, word) in [(&capacity.usd, "contract value"), (&capacity.increment, "added value")] {
        if let Some(figure) = figure {
            let years = capacity.years.map(|years| format!(" over {years} years")).unwrap_or_default();
            let text = format!("{word} {}{years}", range(figure.value, format::usd));
            lines.push((text, figure.claims.first().map(String::as_str)));
        }
    }
    let mut parts = vec![format!("since {}", status.since)];
    parts.push(format!("{} informant{}", status.origins, if status.origins == 1 { "" } else { "s" }));
    if status.stale > 100 {
        parts.push(format!("STALE {}", format::days(status.stale.into())));
    }
    if let Some(reported) = status.reported {
        parts.push(format!("{} REPORTED by {}", reported.rung.label(), reported.origins));
    }
    if leg.pressure.abs() >= 100 {
        parts.push(format!("pressure {}", format::nats(leg.pressure)));
    }
    parts.extend(status.flags.keys().map(|flag| flag.word().to_owned()));
    lines.push((parts.join(", "), carried));
    for pin in &leg.pins {
        let against = pin.contradicted_by.as_deref();
        let doubt = if against.is_some() { "; PIN CONTRADICTED by a party since" } else { "" };
        let text = format!("PIN held {} by you; without it {}{doubt}", pin.pin, pin.unpinned.label());
        lines.push((text, against));
    }
    let open = page.status.milestones.iter().filter(|view| view.leg == leg.kind && view.is_open());
    for view in open {
        let slip = match view.slip {
            0 => String::new(),
            slip => format!(", slipped {}", format::days(slip.into())),
        };
        lines.push((format!("due {}: {}{slip}", view.due, view.name), view.claim.as_deref()));
    }
    lines.into_iter().filter(|(text, _)| !text.is_empty())
}

/// An interval in words: `2.0 GW`, `452 MW [387–542]`.
pub fn range(value: format::Bounds, show: impl Fn(i64) -> String) -> String {
    let (lo, mid, hi) = (show(value.lo), show(value.mid), show(value.hi));
    if lo == hi {
        return mid;
    }
    // The unit of the middle stands for all three where they share it.
    let unit = mid.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '$' || c == '-');
    let bare = |text: &str| text.strip_suffix(unit).map(str::to_owned);
    match (bare(&lo), bare(&hi)) {
        (Some(lo), Some(hi)) => format!("{mid} [{lo}–{hi}]"),
        _ => format!("{mid} [{lo}–{hi}]"),
    }
}

/// Readings that disagree: `$100B is used, $62B is said too`.
pub fn conflict_words(conflict: &Conflict) -> String {
    let others: Vec<String> =
        conflict.others.iter().map(|(value, _)| slot_range(conflict.slot, *value)).collect();
    format!("{} is used, {} is said too", slot_range(conflict.slot, conflict.held), others.join(", "))
}

/// What a figure measures, in words.
pub fn slot_name(slot: Slot) -> &'static str {
    match slot {
        Slot::MwContracted => "contracted capacity",
        Slot::MwHeadline => "announced capacity",
        Slot::MwDeployed => "installed capacity",
        Slot::UsdContracted => "contract value",
        Slot::UsdIncrement => "added value",
        Slot::UsdEquity => "equity",
        Slot::UsdFinancing => "financing",
        Slot::UsdOther => "spending",
        Slot::Chips => "accelerators",
        Slot::ServingShare => "serving share",
        Slot::Years => "years",
    }
}

fn slot_value(slot: Slot, value: i64) -> String {
    match slot {
        Slot::MwContracted | Slot::MwHeadline | Slot::MwDeployed => format::mw(value),
        Slot::UsdContracted | Slot::UsdIncrement | Slot::UsdEquity | Slot::UsdFinancing | Slot::UsdOther => {
            format::usd(value)
        }
        Slot::Chips => format!("{value} chips"),
        Slot::ServingShare => format::percent(value),
        Slot::Years => format!("{value}y"),
    }
}

/// A figure with its bounds, in the unit of what it measures.
pub fn slot_range(slot: Slot, value: format::Bounds) -> String {
    range(value, |value| slot_value(slot, value))
}

/// The figures of a claim: `2.0 GW contracted capacity, +$100B contract value over 8y`.
pub fn figures(claim: &Claim) -> String {
    claim.facts.iter().map(figure).collect::<Vec<_>>().join(", ")
}

fn figure(fact: &Fact) -> String {
    let sign = if fact.op == Op::Add { "+" } else { "" };
    let value = slot_range(fact.slot, format::Bounds::new(fact.lo, fact.mid, fact.hi));
    let years = fact.years.map(|years| format!(" over {years}y")).unwrap_or_default();
    let derived = if fact.derived.is_some() { ", derived" } else { "" };
    format!("{sign}{value} {}{years}{derived}", slot_name(fact.slot))
}

/// What a claim says of its leg: `≥ CONTRACTED`, `not DEPLOYED`, or nothing for a claim without a rung.
pub fn says(claim: &Claim) -> String {
    match (claim.rung, claim.sign) {
        (Rung::None, _) => String::new(),
        (rung, Sign::For) => rung.label().to_owned(),
        (rung, Sign::Against) => format!("not {}", rung.label()),
    }
}

/// A claim's kind in words: `contract signed`.
pub fn kind_word(claim: &Claim) -> String {
    let debug = format!("{:?}", claim.kind);
    let mut word = String::with_capacity(debug.len() + 4);
    for c in debug.chars() {
        if c.is_uppercase() && !word.is_empty() {
            word.push(' ');
        }
        word.extend(c.to_lowercase());
    }
    word
}

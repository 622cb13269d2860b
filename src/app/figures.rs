//! Where the numbers on the screen come from: every figure of a deal, of the roll-up or of a line of the
//! wire, with the claims behind it. What nobody has said is `n/d` and says so.

use std::sync::Arc;

use super::State;
use super::deals;
use super::drill::DealPage;
use super::format::{self, NOTHING};
use super::wire::WireRow;
use super::world::{Board, DealStatus, Figure, LegView, Rollup, Scope};
use crate::domain::claim::{Claim, Rung};
use crate::domain::deal::{Class, LegKind};
use crate::domain::time::{Day, Timestamp};
use crate::ledger::Ledger;

/// Claims listed behind one figure.
const CLAIMS: usize = 4;

/// Whose figures are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A deal's, and the roll-up's that it is in.
    Deal(String),
    /// Those of a line of the wire.
    Signal(Box<WireRow>),
}

/// A figure that the screen shows.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureView {
    /// What it measures.
    pub what: String,
    /// As shown.
    pub value: String,
    /// How it follows from the claims; why there are none.
    pub how: String,
    /// The claims, the one that says most first.
    pub claims: Vec<Arc<Claim>>,
}

/// A row of the screen: a figure, or the words of a claim behind the figure above it.
#[derive(Clone, Debug, PartialEq)]
pub enum FigureRow {
    /// A figure.
    Figure(FigureView),
    /// A claim behind it.
    Words(Arc<Claim>),
}

impl FigureRow {
    /// The claim that the row goes back to.
    pub fn claim(&self) -> Option<&Arc<Claim>> {
        match self {
            Self::Figure(figure) => figure.claims.first(),
            Self::Words(claim) => Some(claim),
        }
    }
}

/// Finds claims by their ids among those of one deal.
struct Shelf<'a> {
    page: &'a DealPage,
}

impl Shelf<'_> {
    fn find<'s>(&self, ids: impl IntoIterator<Item = &'s String>) -> Vec<Arc<Claim>> {
        let mut claims: Vec<Arc<Claim>> = Vec::new();
        for id in ids {
            if let Some(view) = self.page.claim(id)
                && !claims.iter().any(|claim| claim.id == *id)
            {
                claims.push(Arc::clone(&view.claim));
            }
        }
        claims
    }

    fn of(&self, figures: &[&Option<Figure>]) -> Vec<Arc<Claim>> {
        self.find(figures.iter().copied().flatten().flat_map(|figure| &figure.claims))
    }

    /// The claims that carry a leg's shown rung, heaviest first.
    fn carrying(&self, leg: &LegView) -> Vec<Arc<Claim>> {
        let account = self.page.legs.iter().find(|account| account.leg == leg.kind);
        let account = account.and_then(|account| account.accounts.first());
        self.find(account.into_iter().flat_map(|account| &account.lines).map(|line| &line.claim))
    }
}

/// Every figure that the screen shows of a deal. Claims that became known after `mark` count as new.
pub fn of_deal(page: &DealPage, as_of: Day, mark: Option<Timestamp>, new: usize) -> Vec<FigureView> {
    let deal = &page.status;
    let shelf = Shelf { page };
    let mut views = Vec::new();
    let mut put = |what: String, value: String, how: String, claims: Vec<Arc<Claim>>| {
        views.push(FigureView { what, value, how, claims });
    };
    for leg in &deal.legs {
        let status = &leg.status;
        let chance = format::chance(status.at_least(status.rung.index()));
        let code = leg.code.map(|code| format!(" {code}")).unwrap_or_default();
        put(
            format!("{} leg", leg.kind.word()),
            format!("{} P {chance} {}{code}", status.rung.label(), status.level.word()),
            "the rung that the claims carry; the Overview adds them up".to_owned(),
            shelf.carrying(leg),
        );
    }
    let sizes = |leg: &LegView| {
        let capacity = &leg.capacity;
        shelf.of(&[&capacity.usd, &capacity.increment, &capacity.headline, &capacity.contracted])
    };
    put(
        "size".to_owned(),
        deals::size(deal),
        "dollars and GW of all legs, as announced or contracted".to_owned(),
        deal.legs.iter().flat_map(sizes).collect(),
    );
    shares(&shelf, deal, &mut put);
    let dated = |leg: LegKind, name: &str| {
        let milestone = deal.milestones.iter().find(|m| m.leg == leg && m.name == name);
        shelf.find(milestone.and_then(|milestone| milestone.claim.as_ref()))
    };
    let (value, how, claims) = match &deal.next_milestone {
        Some(next) => (
            format!("{} {} {}", next.milestone, next.due, format::countdown(next.days)),
            "the nearest milestone that is not met".to_owned(),
            dated(next.leg, &next.milestone),
        ),
        None => (NOTHING.to_owned(), "nobody has given a date that lies ahead".to_owned(), Vec::new()),
    };
    put("next".to_owned(), value, how, claims);
    let newest: Vec<Arc<Claim>> = page.claims.iter().take(1).map(|view| Arc::clone(&view.claim)).collect();
    put(
        "age".to_owned(),
        deal.last_claim.map_or_else(|| NOTHING.to_owned(), |last| format::since(last, as_of)),
        "days since the newest claim was published".to_owned(),
        newest,
    );
    let since =
        mark.map_or_else(|| "the last week".to_owned(), |mark| format!("you last looked, {}", mark.day()));
    let fresh = page.claims.iter().filter(|view| mark.is_none_or(|mark| view.claim.known_at() > mark));
    let fresh =
        if new > 0 { fresh.map(|view| Arc::clone(&view.claim)).take(new).collect() } else { Vec::new() };
    put("new".to_owned(), new.to_string(), format!("claims that became known since {since}"), fresh);
    for leg in &deal.legs {
        leg_figures(&shelf, leg, &mut put);
    }
    for conflict in &deal.conflicts {
        let others = conflict.others.iter().map(|(_, claim)| claim);
        put(
            format!("{} {}", conflict.leg.word(), super::drill::slot_name(conflict.slot)),
            super::drill::conflict_words(conflict),
            "sources disagree: the first is used".to_owned(),
            shelf.find(conflict.held_by.iter().chain(others)),
        );
    }
    views
}

fn leg_figures(
    shelf: &Shelf<'_>,
    leg: &LegView,
    put: &mut impl FnMut(String, String, String, Vec<Arc<Claim>>),
) {
    let capacity = &leg.capacity;
    let kind = leg.kind.word();
    for (figure, what) in [
        (&capacity.headline, "announced"),
        (&capacity.contracted, "contracted"),
        (&capacity.deployed, "installed"),
    ] {
        let Some(known) = figure else { continue };
        let how = if known.derived {
            "derived from dollars and an assumed rent (economics.toml)"
        } else {
            "as stated"
        };
        let value = super::drill::range(known.value, format::mw);
        put(format!("{kind} {what}"), value, how.to_owned(), shelf.of(&[figure]));
    }
    for (figure, what) in [(&capacity.usd, "contract value"), (&capacity.increment, "added value")] {
        let Some(known) = figure else { continue };
        let value = super::drill::range(known.value, format::usd);
        put(format!("{kind} {what}"), value, "as stated".to_owned(), shelf.of(&[figure]));
    }
    if let Some(wallet) = leg.wallet {
        put(
            format!("{kind} of the buyer's wallet"),
            format::share(wallet),
            "this leg's contracted MW in all that the buyer has contracted in the class".to_owned(),
            shelf.of(&[&capacity.contracted]),
        );
    }
}

fn shares(
    shelf: &Shelf<'_>,
    deal: &DealStatus,
    put: &mut impl FnMut(String, String, String, Vec<Arc<Claim>>),
) {
    let contracted: Vec<Arc<Claim>> =
        deal.legs.iter().flat_map(|leg| shelf.of(&[&leg.capacity.contracted])).collect();
    let unsaid = |known: bool, how: &str| {
        let why = if known { "" } else { "; a leg that counts has no figure, or nothing is contracted" };
        format!("{how}{why}")
    };
    put(
        "custom share, MW".to_owned(),
        format::share_or(deal.contracted),
        unsaid(deal.contracted.is_some(), "custom in custom and GPU, of contracted MW"),
        if deal.contracted.is_some() { contracted.clone() } else { Vec::new() },
    );
    let dollars = |leg: &LegView| shelf.of(&[&leg.capacity.usd, &leg.capacity.increment]);
    put(
        "custom share, USD".to_owned(),
        format::share_or(deal.contracted_usd),
        unsaid(deal.contracted_usd.is_some(), "custom in custom and GPU, of contract value"),
        if deal.contracted_usd.is_some() { deal.legs.iter().flat_map(dollars).collect() } else { Vec::new() },
    );
    let (value, how) = match deal.serving {
        Some(serving) if serving.proven => (format::share(serving.share), "proven by the claims"),
        Some(serving) if serving.share.hi < 1000 => {
            (format!("at most {}", format::percent(serving.share.hi)), "a bound: no share is stated")
        }
        _ => (NOTHING.to_owned(), "nobody has said that own work is served on custom silicon, or how much"),
    };
    let serving = deal.legs.iter().filter(|leg| leg.kind != LegKind::Gpu && leg.status.rung >= Rung::Serving);
    let serving = serving.flat_map(|leg| {
        let stated = shelf.of(&[&leg.capacity.serving_share, &leg.capacity.deployed]);
        if stated.is_empty() { shelf.carrying(leg) } else { stated }
    });
    let said = value != NOTHING;
    let claims: Vec<Arc<Claim>> = serving.collect();
    put(
        "serves".to_owned(),
        value,
        how.to_owned(),
        if said && claims.is_empty() { contracted } else { claims },
    );
    let dates: Vec<&String> = deal
        .milestones
        .iter()
        .filter(|milestone| milestone.leg == LegKind::Custom)
        .filter_map(|milestone| milestone.claim.as_ref())
        .collect();
    let due = shelf.find(dates);
    put(
        "gap".to_owned(),
        deal.gap.reads.clone(),
        "contracted custom share that is due and not proven to serve".to_owned(),
        due,
    );
}

/// The figures of a roll-up, each with the largest claims of the legs that make it up.
pub fn of_rollup(ledger: &Ledger, board: &Board, rollup: &Rollup) -> Vec<FigureView> {
    let class = deals::class_word(rollup.class);
    let whose = match &rollup.scope {
        Scope::All => "all".to_owned(),
        Scope::Buyer(id) | Scope::Vendor(id) => id.clone(),
    };
    let mut views = Vec::new();
    let measures = [
        ("headline", &rollup.headline, Rung::Announced),
        ("contracted", &rollup.contracted, Rung::Contracted),
        ("serving", &rollup.serving, Rung::Serving),
    ];
    for (word, measure, from) in measures {
        let figure = |leg: &LegView| {
            let capacity = &leg.capacity;
            let figure = match from {
                Rung::Announced => &capacity.headline,
                Rung::Contracted => &capacity.contracted,
                _ => &capacity.deployed,
            };
            figure.clone()
        };
        for (kind, side) in [
            (LegKind::Gpu, &measure.gpu),
            (LegKind::Custom, &measure.custom),
            (LegKind::Other, &measure.other),
        ] {
            let value = match (side.mw, side.unknown) {
                (None, 0) => continue,
                (None, _) => NOTHING.to_owned(),
                (Some(mw), 0) => super::drill::range(mw, format::mw),
                (Some(mw), _) => format!("{}+", super::drill::range(mw, format::mw)),
            };
            let legs = board.deals.iter().filter(|deal| in_scope(deal, &rollup.scope)).flat_map(|deal| {
                let counted = move |leg: &&LegView| {
                    leg.kind == kind && rollup.counts(deal.deal.class, leg.kind) && leg.status.rung >= from
                };
                deal.legs.iter().filter(counted).map(move |leg| (deal, leg))
            });
            let mut parts = Vec::new();
            let mut claims = Vec::new();
            for (deal, leg) in legs {
                match figure(leg) {
                    Some(known) => {
                        parts.push(format!("{} {}", deal.deal.name, format::mw(known.value.mid)));
                        claims.extend(known.claims.first().and_then(|id| ledger.claim(id)).cloned());
                    }
                    None => parts.push(format!("{} {NOTHING}", deal.deal.name)),
                }
            }
            views.push(FigureView {
                what: format!("{whose} {class}, {word} {}", kind.word()),
                value,
                how: parts.join(" + "),
                claims,
            });
        }
        if let Some(share) = measure.share {
            views.push(FigureView {
                what: format!("{whose} {class}, {word} share"),
                value: format::share(share),
                how: "custom in custom and GPU, of what is known; the two lines above".to_owned(),
                claims: Vec::new(),
            });
        }
    }
    views
}

fn in_scope(deal: &DealStatus, scope: &Scope) -> bool {
    match scope {
        Scope::All => true,
        Scope::Buyer(id) => deal.deal.buyer == *id,
        Scope::Vendor(id) => deal.deal.provider == *id,
    }
}

/// The figures of a line of the wire: its priority by its parts, and who told it.
pub fn of_signal(ledger: &Ledger, row: &WireRow) -> Vec<FigureView> {
    let claims: Vec<Arc<Claim>> = row.claims.iter().filter_map(|id| ledger.claim(id)).cloned().collect();
    let score = row.score;
    let first = claims.first().map_or_else(
        || "the calendar writes this line: a date has passed".to_owned(),
        |claim| format!("first told by {}, {}", claim.source.outlet, claim.published),
    );
    vec![
        FigureView {
            what: row.kind.clone(),
            value: row.what.as_str().to_owned(),
            how: first,
            claims: claims.clone(),
        },
        FigureView {
            what: "priority".to_owned(),
            value: row.priority.to_string(),
            how: format!(
                ".35 × materiality {} + .30 × novelty {} + .20 × credit {} + .15 × relevance {}",
                score.materiality, score.novelty, score.credit, score.relevance
            ),
            claims: claims.iter().take(1).cloned().collect(),
        },
        FigureView {
            what: "sources".to_owned(),
            value: format!("{} independent, {} items", row.origins, row.copies),
            how: "informants that do not repeat each other, and everything that tells it".to_owned(),
            claims,
        },
    ]
}

impl State {
    /// Works out the figures of whatever they are asked of, once what they follow from is known.
    pub(super) fn gather_figures(&mut self) {
        let Some(subject) = &self.figures_of else { return };
        let (Some(ledger), Some(board)) = (&self.world.ledger, &self.world.board) else { return };
        let views = match subject {
            Subject::Signal(row) => of_signal(ledger, row),
            Subject::Deal(slug) => {
                let page = self.page.as_ref().filter(|page| page.status.deal.slug.as_str() == slug);
                let Some(page) = page else { return };
                let new = board
                    .deals
                    .iter()
                    .find(|deal| deal.deal.slug.as_str() == slug)
                    .map_or(0, |deal| self.new_on(deal));
                let mut views = of_deal(page, board.as_of, self.last_look(), new);
                views.extend(
                    self.shown_rollup().into_iter().flat_map(|rollup| of_rollup(ledger, board, rollup)),
                );
                views
            }
        };
        self.figures = views
            .into_iter()
            .flat_map(|view| {
                let words: Vec<FigureRow> = view
                    .claims
                    .iter()
                    .take(CLAIMS)
                    .map(|claim| FigureRow::Words(Arc::clone(claim)))
                    .collect();
                std::iter::once(FigureRow::Figure(view)).chain(words)
            })
            .collect();
    }

    /// The roll-up that stands at the top of the board: the silicon of the selected deal's buyer, else of
    /// the configured one, else of all.
    pub fn shown_rollup(&self) -> Option<&Rollup> {
        let board = self.world.board.as_ref()?;
        let selected = self.subject().and_then(|slug| self.world.deal(&slug));
        let buyer = selected.map_or_else(|| self.options.buyer.clone(), |deal| deal.deal.buyer.clone());
        let of = |scope: &Scope| {
            board.rollups.iter().find(|rollup| rollup.class == Class::Silicon && rollup.scope == *scope)
        };
        of(&Scope::Buyer(buyer)).or_else(|| of(&Scope::All))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    /// Nothing is invented: on any day, whatever a deal shows goes back to words with a source, or is `n/d`.
    #[test]
    fn every_figure_of_every_deal_goes_back_to_a_claim_with_a_source() {
        let ledger = Ledger::new(&Config::load(None).unwrap().catalog, Vec::new());
        for day in ["2025-11-10", "2026-02-28", "2026-06-30", "2026-10-02"] {
            let day: Day = day.parse().unwrap();
            let board = ledger.board(day);
            for deal in &board.deals {
                let page = ledger.page(deal.deal.slug.as_str(), day).unwrap();
                for view in of_deal(&page, day, None, deal.new) {
                    let silent = view.value.contains(NOTHING)
                        || view.value.starts_with("NONE")
                        || matches!(view.what.as_str(), "gap" | "new");
                    assert!(silent || !view.claims.is_empty(), "{day} {}: {view:?}", deal.deal.slug);
                    for claim in &view.claims {
                        assert!(claim.known <= day, "{day} {}: {view:?}", deal.deal.slug);
                        assert!(!claim.source.outlet.is_empty() && !claim.words.is_empty(), "{view:?}");
                    }
                }
            }
            for rollup in &board.rollups {
                for view in of_rollup(&ledger, &board, rollup) {
                    let made_of_others = view.what.ends_with("share") || view.value.contains(NOTHING);
                    assert!(made_of_others || !view.claims.is_empty(), "{day} {view:?}");
                }
            }
        }
    }
}

//! The board: every deal on one day, as typed values. [`super::report`] prints them.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::book::{DealBook, Entry, LegBook};
use super::capacity::{Capacity, Conflict, Sized, contracted_share, contracted_share_usd, due_by, due_dates};
use super::code::{Code, informants};
use super::figures::Told;
use super::flags::{FlagView, flags};
use super::milestone::{MilestoneState, MilestoneView, milestones};
use super::model::evidence::{Evidence, Flag};
use super::model::fold::{Fall, Pin, PinOp};
use super::model::headline::{Headline, Serving, pressure, serving};
use super::model::quantity::{Bounds, floor_div};
use super::model::status::{Leg as Scales, LegStatus, SameDay};
use super::model::tables::STALE_AFTER;
use super::rollup::Rollup;
use super::words::{Contrary, Names, contrary, verdict};
use crate::domain::claim::{Modality, Rung, Sign};
use crate::domain::deal::{Deal, LegKind, Owner};
use crate::domain::time::{Day, Timestamp};

/// Days for which what one informant alone has said is called provisional.
pub const PROVISIONAL_DAYS: i32 = 3;

/// Every tracked deal on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// The day, all of it, UTC.
    pub as_of: Day,
    /// Deals in the order of the catalog.
    pub deals: Vec<DealStatus>,
    /// GPU against custom, by buyer, by vendor and in all; one class at a time.
    pub rollups: Vec<Rollup>,
    /// The newest publication among the catalog's own claims known on the day: live feeds do not make old
    /// facts new.
    pub catalog_to: Option<Day>,
}

/// One deal on one day.
#[derive(Clone, Debug, PartialEq)]
pub struct DealStatus {
    /// The deal as the catalog describes it.
    pub deal: Arc<Deal>,
    /// The word.
    pub headline: Headline,
    /// Its legs: gpu, custom, other.
    pub legs: Vec<LegView>,
    /// Custom share of contracted MW, permille; `None` where nothing says.
    pub contracted: Option<Bounds>,
    /// Custom share of contract value, permille.
    pub contracted_usd: Option<Bounds>,
    /// Custom share of serving capacity, permille; `None` where there is no evidence of any.
    pub serving: Option<Serving>,
    /// What is contracted and due on custom silicon and not proven to serve.
    pub gap: Gap,
    /// The nearest milestone that is not reached.
    pub next_milestone: Option<NextMilestone>,
    /// Every milestone, in order of date.
    pub milestones: Vec<MilestoneView>,
    /// One sentence: what is proven, and what the next proof would be.
    pub verdict: String,
    /// The weightiest word against the conversion.
    pub contrary: Option<Contrary>,
    /// Head- and tailwinds on the leg that the deal is judged by, milli-nats.
    pub pressure: i32,
    /// Figures on which sources disagree.
    pub conflicts: Vec<Conflict>,
    /// Claims that became known since the mark, retellings left out.
    pub new: usize,
    /// Publication of the newest claim, retellings included but for word-for-word copies.
    pub last_claim: Option<Day>,
    /// The same to the second, of those claims that have a time.
    pub last_words: Option<Timestamp>,
    /// Claims known, retellings included: where it stays as it was, only the calendar was at work.
    pub known: usize,
    /// When the newest of them became known.
    pub last_known: Option<Timestamp>,
}

/// One leg on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegView {
    /// Which leg.
    pub kind: LegKind,
    /// Whose margin it moves.
    pub owner: Owner,
    /// The programme behind it.
    pub programme: Option<String>,
    /// What the model says.
    pub status: LegStatus,
    /// A single informant, less than 72 hours ago.
    pub provisional: bool,
    /// Best tier and kind of the words that carry the shown rung, e.g. `A2`.
    pub code: Option<Code>,
    /// Its size.
    pub capacity: Capacity,
    /// Permille of its capacity that is due by now; `None` where no date was given.
    pub due_share: Option<i64>,
    /// Its part, in permille, of all that the buyer has contracted in the same class.
    pub wallet: Option<Bounds>,
    /// Head- and tailwinds, milli-nats.
    pub pressure: i32,
    /// Its flags, each with the claim that opened it.
    pub flags: Vec<FlagView>,
    /// The reader's judgements that hold on the day.
    pub pins: Vec<PinView>,
}

/// A pin on a leg, and what the evidence says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinView {
    /// The judgement.
    pub pin: Pin,
    /// The rung without any pin.
    pub unpinned: Rung,
    /// A later word of a party that the pin cannot be squared with.
    pub contradicted_by: Option<String>,
}

/// The conversion gap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gap {
    /// Permille of contracted capacity that is custom, due and not proven to serve.
    pub permille: Option<i64>,
    /// The same in words, e.g. `82 points`, `not due until 2027`, `n/d`.
    pub reads: String,
}

/// A milestone that lies ahead, or behind and missed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextMilestone {
    /// The leg that it is on.
    pub leg: LegKind,
    /// Its name.
    pub milestone: String,
    /// When it is due.
    pub due: Day,
    /// Days left; negative when overdue.
    pub days: i32,
    /// Days that the date has moved.
    pub slip: i32,
}

impl DealStatus {
    /// The leg of a kind.
    pub fn leg(&self, kind: LegKind) -> Option<&LegView> {
        self.legs.iter().find(|leg| leg.kind == kind)
    }

    /// The leg that the deal is judged by: custom, else other, else gpu.
    pub fn lead(&self) -> Option<&LegView> {
        self.leg(LegKind::Custom).or_else(|| self.leg(LegKind::Other)).or_else(|| self.leg(LegKind::Gpu))
    }

    /// Whether a milestone's day has passed without it.
    pub fn is_overdue(&self) -> bool {
        self.milestones.iter().any(|milestone| matches!(milestone.state, MilestoneState::Overdue(_)))
    }

    /// Custom by construction: without a GPU leg it has nothing to convert.
    pub fn is_custom_native(&self) -> bool {
        self.leg(LegKind::Custom).is_some() && self.leg(LegKind::Gpu).is_none()
    }

    /// Flags of all legs.
    pub fn flags(&self) -> BTreeSet<Flag> {
        self.legs.iter().flat_map(|leg| leg.status.flags.keys().copied()).collect()
    }

    /// Judges a deal. Claims known after `mark` count as new.
    pub(super) fn of(book: &DealBook, names: &Names, day: Day, mark: Timestamp) -> Self {
        let told = Told::of(&book.legs, day);
        let legs: Vec<LegView> =
            book.legs.iter().map(|leg| LegView::of(leg, &book.deal, &told, day)).collect();
        let find = |kind: LegKind| legs.iter().find(|leg| leg.kind == kind);
        let (custom, gpu) = (find(LegKind::Custom), find(LegKind::Gpu));
        let converting = custom.or_else(|| find(LegKind::Other));
        let contracted = contracted_share(custom.map(LegView::sized), gpu.map(LegView::sized));
        let serving = custom.and_then(|custom| serving_share(custom, gpu));
        let proven = serving.filter(|serving| serving.proven).map_or(0, |serving| serving.share.lo);
        let headline = headline(converting, gpu, book, proven, day);
        let seen = || {
            let entries = book.legs.iter().flat_map(|leg| leg.entries.iter().zip(leg.evidence()));
            entries.map(|(entry, e)| (&entry.claim, e)).filter(|(_, e)| e.is_seen(day))
        };
        // Word-for-word copies are no later word.
        let told = || {
            let all =
                book.legs.iter().flat_map(|leg| leg.entries.iter().zip(leg.evidence()).zip(&leg.copied));
            all.filter(|((_, e), copied)| e.is_seen(day) && !copied.days.has(day)).map(|(told, _)| told)
        };
        let milestones = milestones(book, &legs, day);
        let next_milestone = next_milestone(&milestones, day);
        Self {
            headline,
            contracted,
            contracted_usd: contracted_share_usd(custom.map(LegView::sized), gpu.map(LegView::sized)),
            serving,
            gap: Gap::of(custom, contracted, serving, day),
            verdict: verdict(&legs, &book.deal, names, headline),
            contrary: contrary(book, converting.or(gpu), day),
            pressure: converting.or(gpu).map_or(0, |leg| leg.pressure),
            conflicts: legs.iter().flat_map(|leg| leg.capacity.conflicts.iter().cloned()).collect(),
            new: seen().filter(|(claim, e)| claim.known_at() > mark && e.is_novel(day)).count(),
            known: seen().count(),
            last_claim: told().map(|(_, e)| e.published).max(),
            last_words: told().filter_map(|(entry, _)| entry.claim.source.at).max(),
            last_known: seen().map(|(claim, _)| claim.known_at()).max(),
            next_milestone,
            milestones,
            deal: Arc::clone(&book.deal),
            legs,
        }
    }
}

/// The word, with a letter of intent that lapsed taken out of it: what is left then is talks, if anyone
/// still talks.
fn headline(
    converting: Option<&LegView>,
    gpu: Option<&LegView>,
    book: &DealBook,
    proven: i64,
    day: Day,
) -> Headline {
    let word = Headline::of(converting.map(|leg| &leg.status), gpu.map(|leg| &leg.status), proven);
    let lapsed = gpu.and_then(|leg| leg.capacity.lapsed);
    match (word, lapsed) {
        (Headline::GpuLoi, Some(lapsed)) => {
            let gpu = book.legs.iter().find(|leg| leg.leg.kind == LegKind::Gpu);
            let talks = gpu.is_some_and(|leg| {
                let mut later = leg.evidence().iter().filter(|e| e.is_novel(day) && e.published >= lapsed);
                later.any(|e| e.sign == Sign::For && e.has_weight())
            });
            if talks { Headline::GpuTalks } else { Headline::NoSignal }
        }
        _ => word,
    }
}

/// The serving share, where there is evidence or at least capacity that could serve by now.
fn serving_share(custom: &LegView, gpu: Option<&LegView>) -> Option<Serving> {
    let stated = custom.capacity.serving_share.as_ref().map(|figure| figure.value);
    let mw = |leg: &LegView| leg.capacity.contracted.as_ref().map(|figure| figure.value);
    let share = serving(
        stated,
        mw(custom).map(|mw| (&custom.status, mw)),
        gpu.and_then(|gpu| Some((&gpu.status, mw(gpu)?))),
        custom.due_share.unwrap_or(0),
    );
    (share.proven || share.share.hi > 0).then_some(share)
}

/// The nearest milestone ahead or missed.
fn next_milestone(milestones: &[MilestoneView], day: Day) -> Option<NextMilestone> {
    milestones.iter().find(|milestone| milestone.is_open()).map(|milestone| NextMilestone {
        leg: milestone.leg,
        milestone: milestone.name.clone(),
        due: milestone.due,
        days: milestone.due.since(day),
        slip: milestone.slip,
    })
}

impl LegView {
    fn of(book: &LegBook, deal: &Deal, told: &Told, day: Day) -> Self {
        let status = book.scales.status(day);
        let capacity = Capacity::of(book, &status, deal.class, told, day);
        Self {
            kind: book.leg.kind,
            owner: book.leg.owner,
            programme: book.leg.programme.clone(),
            provisional: provisional(book, &status, day),
            code: Code::of_leg(book.evidence(), &status, day),
            due_share: due_dates(book.evidence(), day).map(|dates| due_by(day, dates)),
            wallet: None,
            pressure: pressure(book.pressing(), day),
            flags: flags(book, &status, day),
            pins: pins(book, day),
            status,
            capacity,
        }
    }

    /// Whether nothing new was said for more than an earnings cycle of something that has begun.
    pub fn is_stale(&self) -> bool {
        self.status.rung > Rung::None && self.status.stale > STALE_AFTER
    }

    /// Status and size together.
    pub(super) fn sized(&self) -> Sized<'_> {
        Sized { status: &self.status, capacity: &self.capacity }
    }
}

/// Whether the shown rung rests on what one informant alone said less than 72 hours ago.
fn provisional(book: &LegBook, status: &LegStatus, day: Day) -> bool {
    if day.since(status.since) >= PROVISIONAL_DAYS {
        return false;
    }
    match status.fell {
        Some(Fall { day: fell, by_claim: true, from }) if fell == status.since => {
            let against = book.evidence().iter().filter(|e| {
                e.is_novel(day)
                    && e.has_weight()
                    && e.sign == Sign::Against
                    && e.known >= fell
                    && e.covers(from)
            });
            against.map(|e| e.origin.as_str()).collect::<BTreeSet<_>>().len() == 1
        }
        _ => status.rung > Rung::None && informants(book.evidence(), status, day) == 1,
    }
}

/// The pins that hold on `day`, each with what a party has said against it since.
fn pins(book: &LegBook, day: Day) -> Vec<PinView> {
    if book.pins.is_empty() {
        return Vec::new();
    }
    let free = Scales::new(book.evidence().to_vec(), Vec::new(), SameDay::ClosingLast);
    let unpinned = free.status(day).rung;
    let crosses = |pin: &Pin, e: &Evidence| {
        let beyond = pin.op != PinOp::AtLeast && e.sign == Sign::For && e.rung() > pin.rung;
        let short = pin.op != PinOp::AtMost && e.sign == Sign::Against && e.covers(pin.rung.max(1));
        let on_record = e.is_hard() && matches!(e.modality, Modality::Asserted | Modality::Denied);
        on_record && e.is_novel(day) && e.published > pin.from && e.rung() > 0 && (beyond || short)
    };
    let holding = book.pins.iter().filter(|pin| pin.holds(day));
    holding
        .map(|pin| PinView {
            pin: pin.clone(),
            unpinned,
            contradicted_by: book.evidence().iter().find(|e| crosses(pin, e)).map(|e| e.id.clone()),
        })
        .collect()
}

impl Gap {
    fn of(custom: Option<&LegView>, contracted: Option<Bounds>, serving: Option<Serving>, day: Day) -> Self {
        let words = |reads: &str| Self { permille: None, reads: reads.to_owned() };
        let Some(custom) = custom else { return words("n/d") };
        if custom.status.rung < Rung::Contracted {
            return words("nothing contracted");
        }
        let Some(contracted) = contracted else { return words("n/d") };
        let proven = serving.filter(|serving| serving.proven).map_or(0, |serving| serving.share.mid);
        let due = custom.due_share.unwrap_or(1000);
        if due == 0 && proven == 0 {
            let next = custom.status.dues.iter().map(|due| due.due).find(|&due| due > day);
            return next
                .map_or_else(|| words("n/d"), |next| words(&format!("not due until {}", next.ymd().0)));
        }
        let gap = (floor_div(contracted.mid * due, 1000) - proven).max(0);
        let points = (gap + 5) / 10;
        let undated = if custom.due_share.is_none() { ", no date given" } else { "" };
        Self { permille: Some(gap), reads: format!("{points} points{undated}") }
    }
}

/// Entries of a deal that were known on `day`, newest first.
pub(super) fn visible(book: &DealBook, day: Day) -> Vec<(&LegBook, &Entry, &Evidence)> {
    let mut all: Vec<_> = book
        .legs
        .iter()
        .flat_map(|leg| leg.entries.iter().zip(leg.evidence()).map(move |(entry, e)| (leg, entry, e)))
        .filter(|(_, _, e)| e.is_seen(day))
        .collect();
    all.sort_by(|(_, _, a), (_, _, b)| (b.published, &b.id).cmp(&(a.published, &a.id)));
    all
}

//! A deal through time: what changed when and by which claim, the days worth stepping to, and the series
//! that charts draw. All of it is what [`Ledger::board`] would say day by day.

use std::collections::BTreeSet;

use super::Ledger;
use super::board::{DealStatus, LegView};
use super::book::{DealBook, LegBook};
use super::capacity::Figure;
use super::model::evidence::{Effect, Evidence, Flag};
use super::model::headline::Headline;
use super::model::quantity::Bounds;
use crate::domain::claim::{Modality, Rung, Sign, Slot};
use crate::domain::deal::LegKind;
use crate::domain::time::Day;

/// One change of a deal on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The day.
    pub day: Day,
    /// What changed.
    pub what: What,
    /// The claims that made it, weightiest first; none where silence or the calendar did.
    pub by: Vec<String>,
}

/// What can change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The headline word.
    Headline {
        /// Before.
        from: Headline,
        /// After.
        to: Headline,
    },
    /// The rung of a leg.
    Rung {
        /// The leg.
        leg: LegKind,
        /// Before.
        from: Rung,
        /// After.
        to: Rung,
    },
    /// A flag was raised.
    Raised(LegKind, Flag),
    /// A flag was taken down.
    Cleared(LegKind, Flag),
    /// The contracted or announced size of a leg in MW: the best reading.
    Capacity {
        /// The leg.
        leg: LegKind,
        /// Binding, or a headline.
        contracted: bool,
        /// Before; `None` for n/d.
        from: Option<i64>,
        /// After.
        to: Option<i64>,
    },
    /// The custom share of contracted MW, with what each side did to it: a GPU leg that shrinks is no
    /// conversion.
    Share {
        /// Permille before.
        from: Option<i64>,
        /// Permille after.
        to: Option<i64>,
        /// MW that the custom leg gained.
        custom: i64,
        /// MW that the GPU leg gained.
        gpu: i64,
    },
    /// A milestone got a date, or another one.
    Due {
        /// The leg.
        leg: LegKind,
        /// The milestone.
        milestone: String,
        /// Before.
        from: Option<Day>,
        /// After.
        to: Day,
    },
    /// A due date passed without evidence.
    Missed {
        /// The leg.
        leg: LegKind,
        /// The milestone.
        milestone: String,
        /// The date.
        due: Day,
    },
    /// Sources disagree on a figure of a leg.
    Conflict {
        /// The leg.
        leg: LegKind,
        /// What the figure measures.
        slot: Slot,
        /// The reading that is used.
        held: i64,
        /// The newest other reading.
        other: i64,
    },
    /// Strong words both ways, or no longer.
    Contested(LegKind, bool),
    /// Newsrooms report a higher rung.
    Reported(LegKind, Rung),
}

/// One point of a leg's chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// The day.
    pub day: Day,
    /// Probability of each rung from 1 to 7, permille.
    pub chance: [i32; 7],
    /// The shown rung.
    pub rung: Rung,
}

/// One point of a deal's share chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SharePoint {
    /// The day.
    pub day: Day,
    /// Contracted custom share, permille.
    pub contracted: Option<Bounds>,
    /// Serving share, permille.
    pub serving: Option<Bounds>,
}

impl Ledger {
    /// What changed in a deal after `from` and up to `to`, oldest first.
    pub fn changes(&self, slug: &str, from: Day, to: Day) -> Vec<Change> {
        let Some(book) = self.book(slug) else { return Vec::new() };
        let judge = |day| DealStatus::of(book, self.names(), day, day.end());
        let mut changes = Vec::new();
        let mut before = judge(from);
        for day in turning_days(book, from, to) {
            let after = judge(day);
            compare(book, &before, &after, day, &mut changes);
            before = after;
        }
        changes
    }

    /// Days up to `to` on which a status may have changed: a rung moved, a party spoke, a flag was opened
    /// or closed. In order.
    pub fn change_days(&self, to: Day) -> Vec<Day> {
        let mut days = BTreeSet::new();
        for leg in self.books().iter().flat_map(|book| &book.legs) {
            days.extend(leg.scales.moves(to));
            let telling = leg.evidence().iter().filter(|e| {
                let turns = matches!(e.effect, Effect::Opens(_) | Effect::Closes(_)) || !e.facts.is_empty();
                e.is_novel(e.known) && e.is_hard() && (e.has_weight() || e.due.is_some() || turns)
            });
            days.extend(telling.map(|e| e.known));
        }
        days.into_iter().filter(|&day| day <= to).collect()
    }

    /// The last day before `day` worth stepping to.
    pub fn previous_change(&self, day: Day) -> Option<Day> {
        self.change_days(day.plus(-1)).pop()
    }

    /// The first day after `day`, and up to `to`, worth stepping to.
    pub fn next_change(&self, day: Day, to: Day) -> Option<Day> {
        self.change_days(to).into_iter().find(|&change| change > day)
    }

    /// The probabilities of a leg through time, from its first claim to `to`: a point for each change, and
    /// at least one a week.
    pub fn series(&self, slug: &str, kind: LegKind, to: Day) -> Vec<Point> {
        let leg = self.book(slug).and_then(|book| book.legs.iter().find(|leg| leg.leg.kind == kind));
        let Some((leg, start)) = leg.and_then(|leg| Some((leg, leg.scales.course().start()?))) else {
            return Vec::new();
        };
        let known = leg.evidence().iter().map(|e| e.known);
        let days: BTreeSet<Day> = known.chain(leg.scales.moves(to)).chain(weekly(start, to)).collect();
        let point = |day| {
            let state = leg.scales.state(day);
            let chance = state.odds.map(super::model::tables::permille);
            Point { day, chance, rung: Rung::from_index(usize::from(state.rung)) }
        };
        days.into_iter().filter(|&day| start <= day && day <= to).map(point).collect()
    }

    /// The shares of a deal through time, from its first claim to `to`: a point for each day on which a
    /// figure or a rung may have changed them, and at least one every four weeks.
    pub fn share_series(&self, slug: &str, to: Day) -> Vec<SharePoint> {
        let Some(book) = self.book(slug) else { return Vec::new() };
        let Some(start) = book.legs.iter().filter_map(|leg| leg.scales.course().start()).min() else {
            return Vec::new();
        };
        let figures = book.legs.iter().flat_map(LegBook::evidence).filter(|e| !e.facts.is_empty());
        let mut days: BTreeSet<Day> = figures.map(|e| e.known).collect();
        days.extend(book.legs.iter().flat_map(|leg| leg.scales.moves(to)));
        days.extend(weekly(start, to).step_by(4));
        let point = |day| {
            let status = DealStatus::of(book, self.names(), day, day.end());
            let serving = status.serving.map(|serving| serving.share);
            SharePoint { day, contracted: status.contracted, serving }
        };
        days.into_iter().filter(|&day| start <= day && day <= to).map(point).collect()
    }
}

/// Every seventh day, and the last one.
fn weekly(start: Day, to: Day) -> impl Iterator<Item = Day> {
    (0..=(to.since(start)).max(0)).step_by(7).map(move |days| start.plus(days)).chain([to])
}

/// Days in `(from, to]` on which anything of a deal can have changed.
fn turning_days(book: &DealBook, from: Day, to: Day) -> BTreeSet<Day> {
    let mut days = BTreeSet::new();
    for leg in &book.legs {
        // The days on which claims begin to weigh, and on which they no longer do.
        days.extend(
            leg.evidence().iter().flat_map(|e| e.novel().turns().map(|(day, _)| day).collect::<Vec<_>>()),
        );
        days.extend(leg.scales.moves(to));
        // The day after a date is the day on which it has been missed.
        days.extend(leg.evidence().iter().filter_map(|e| e.due).map(|due| due.plus(1)));
    }
    days.into_iter()
        .filter(|&day| from < day && day <= to)
        .chain([to].into_iter().filter(|_| from < to))
        .collect()
}

/// Notes everything that differs between two days.
fn compare(book: &DealBook, before: &DealStatus, after: &DealStatus, day: Day, out: &mut Vec<Change>) {
    for ((old, new), leg) in before.legs.iter().zip(&after.legs).zip(&book.legs) {
        compare_legs(leg, old, new, day, out);
    }
    let mw = |status: &DealStatus, kind| {
        status.leg(kind).and_then(|leg| leg.capacity.contracted.as_ref()).map_or(0, |figure| figure.value.mid)
    };
    let share = |status: &DealStatus| status.contracted.map(|share| share.mid);
    if share(before) != share(after) {
        let moved = |kind| mw(after, kind) - mw(before, kind);
        let what = What::Share {
            from: share(before),
            to: share(after),
            custom: moved(LegKind::Custom),
            gpu: moved(LegKind::Gpu),
        };
        let by =
            out.iter().filter(|change| change.day == day && matches!(change.what, What::Capacity { .. }));
        let by = by.flat_map(|change| change.by.iter().cloned()).collect::<Vec<_>>();
        let mut seen = BTreeSet::new();
        let by = by.into_iter().filter(|id| seen.insert(id.clone())).collect();
        out.push(Change { day, what, by });
    }
    if before.headline != after.headline {
        let lead = after.lead().map(|leg| leg.kind);
        let rung = |leg: Option<LegKind>| {
            out.iter().find(|change| {
                change.day == day
                    && matches!(change.what, What::Rung { leg: of, .. } if leg.is_none_or(|leg| leg == of))
            })
        };
        let any = || out.iter().find(|change| change.day == day && !change.by.is_empty());
        let cause = rung(lead).or_else(|| rung(None)).or_else(any);
        let by = cause.map_or_else(Vec::new, |change| change.by.clone());
        out.push(Change { day, what: What::Headline { from: before.headline, to: after.headline }, by });
    }
}

fn compare_legs(book: &LegBook, old: &LegView, new: &LegView, day: Day, out: &mut Vec<Change>) {
    let leg = new.kind;
    // What became known on the day, weightiest first.
    let mut today: Vec<&Evidence> =
        book.evidence().iter().filter(|e| e.known == day && e.is_novel(day)).collect();
    today.sort_by_key(|e| std::cmp::Reverse((e.weight(day), e.published)));
    let ids = |keep: &dyn Fn(&Evidence) -> bool| -> Vec<String> {
        today.iter().filter(|e| keep(e)).map(|e| e.id.clone()).collect()
    };
    let mut note = |what, by| out.push(Change { day, what, by });
    let (from, to) = (old.status.rung, new.status.rung);
    if from != to {
        let moves = |e: &Evidence| {
            let top = from.max(to).index() as u8;
            e.has_weight() && (e.sign == Sign::For) == (to > from) && e.covers(top)
        };
        note(What::Rung { leg, from, to }, ids(&moves));
    }
    for (&flag, _) in new.status.flags.iter().filter(|(flag, _)| !old.status.flags.contains_key(flag)) {
        let raises = |e: &Evidence| e.effect == Effect::Opens(flag) || (e.said >= 4 && e.rung() == 1);
        note(What::Raised(leg, flag), ids(&raises));
    }
    for (&flag, _) in old.status.flags.iter().filter(|(flag, _)| !new.status.flags.contains_key(flag)) {
        note(What::Cleared(leg, flag), ids(&|e| e.effect == Effect::Closes(flag)));
    }
    let sizes = [
        (true, &old.capacity.contracted, &new.capacity.contracted),
        (false, &old.capacity.headline, &new.capacity.headline),
    ];
    for (contracted, old, new) in sizes {
        let mid = |figure: &Option<Figure>| figure.as_ref().map(|figure| figure.value.mid);
        if mid(old) != mid(new) {
            let what = What::Capacity { leg, contracted, from: mid(old), to: mid(new) };
            let made_of = |e: &Evidence| new.as_ref().is_some_and(|figure| figure.claims.contains(&e.id));
            let mut by = ids(&made_of);
            if by.is_empty() {
                // The figure was known; what was said today made it count, or stop counting.
                by = ids(&|e| e.has_weight() || e.effect != Effect::Plain);
            }
            note(what, by);
        }
    }
    for due in &new.status.dues {
        let earlier = old.status.dues.iter().find(|old| old.milestone == due.milestone).map(|old| old.due);
        if earlier != Some(due.due) {
            let dates = |e: &Evidence| e.modality == Modality::Scheduled && e.milestone == due.milestone;
            let by = ids(&dates);
            // A milestone can also come back into view when the rung falls; that is no new date.
            if !by.is_empty() {
                note(What::Due { leg, milestone: due.milestone.clone(), from: earlier, to: due.due }, by);
            }
        }
        if due.due < day && due.due >= day.plus(-1) {
            let milestone = due.milestone.clone();
            note(What::Missed { leg, milestone, due: due.due }, Vec::new());
        }
    }
    for conflict in
        new.capacity.conflicts.iter().filter(|conflict| !old.capacity.conflicts.contains(conflict))
    {
        let parties = |e: &Evidence| {
            conflict.held_by.contains(&e.id) || conflict.others.iter().any(|(_, claim)| *claim == e.id)
        };
        let by = ids(&parties);
        if let Some((other, _)) = conflict.others.last().filter(|_| !by.is_empty()) {
            let (slot, held, other) = (conflict.slot, conflict.held.mid, other.mid);
            note(What::Conflict { leg, slot, held, other }, by);
        }
    }
    if old.status.contested != new.status.contested {
        note(What::Contested(leg, new.status.contested), ids(&Evidence::has_weight));
    }
    if let Some(reported) = new.status.reported
        && old.status.reported.is_none_or(|old| old.rung < reported.rung)
    {
        let reports = |e: &Evidence| e.sign == Sign::For && usize::from(e.rung()) == reported.rung.index();
        note(What::Reported(leg, reported.rung), ids(&reports));
    }
}

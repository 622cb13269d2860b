//! The status of one leg on one day: what an investor reads, as numbers.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{Effect, Evidence, Flag};
use super::fold::{Course, Fall, Pin, State, expected_at_rest};
use super::odds::Ladder;
use super::tables::{REPORT_WINDOW, STALE_AFTER, WINDOW, permille};
use crate::domain::claim::{Modality, Rung, Sign, Workload};
use crate::domain::outlet::Tier;
use crate::domain::time::Day;

/// How sure the shown rung is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Below .70, or brought down by contest or staleness.
    #[default]
    Low,
    /// At least .70.
    Med,
    /// At least .90, and a party is on record.
    High,
}

impl Level {
    /// The word shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "LOW",
            Self::Med => "MED",
            Self::High => "HIGH",
        }
    }

    fn from_points(points: i32) -> Self {
        match points {
            ..=0 => Self::Low,
            1 => Self::Med,
            _ => Self::High,
        }
    }
}

/// A milestone that lies beyond the shown rung.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    /// The latest date given for it; parties' dates go before anyone else's.
    pub due: Day,
    /// Its name.
    pub milestone: String,
    /// Days that the date has moved since the first one given.
    pub slip: i32,
}

/// A rung above the shown one that newsrooms report and no party has confirmed or refuted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The rung reported.
    pub rung: Rung,
    /// How many informants report it.
    pub origins: usize,
}

/// The status of one leg on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegStatus {
    /// The shown rung.
    pub rung: Rung,
    /// The day on which it was reached.
    pub since: Day,
    /// Log-odds of each rung from 1 to 7, milli-nats.
    pub odds: Ladder,
    /// Their probabilities, permille.
    pub chance: Ladder,
    /// min(P(>= rung), 1 - P(>= rung + 1)), permille: sure that it got here and no further.
    pub conf: i32,
    /// `conf` in a word.
    pub level: Level,
    /// Rungs per quarter, in permille: the change of the expected rung over 90 days.
    pub momentum: i32,
    /// Strong words both ways at the shown rung or the next.
    pub contested: bool,
    /// Days since the last novel evidence.
    pub stale: i32,
    /// Milestones beyond the shown rung, nearest first.
    pub dues: Vec<Due>,
    /// Days by which the nearest milestone is overdue; 0 when it is not.
    pub overdue: i32,
    /// What newsrooms report above the shown rung.
    pub reported: Option<Reported>,
    /// What claims have opened and not closed, with the day on which it was opened.
    pub flags: BTreeMap<Flag, Day>,
    /// The last fall of the rung, if it has not recovered.
    pub fell: Option<Fall>,
    /// A claim brought the rung down within 90 days, and it has not recovered.
    pub reversing: bool,
    /// Silence alone brought the rung down, and it has not recovered.
    pub faded: bool,
    /// Informants that support the shown rung.
    pub origins: usize,
}

impl LegStatus {
    /// The nearest due date.
    pub fn due(&self) -> Option<Day> {
        self.dues.first().map(|due| due.due)
    }

    /// The largest slip of any milestone, in days; 0 where there is none.
    pub fn slip(&self) -> i32 {
        self.dues.iter().map(|due| due.slip).max().unwrap_or(0)
    }

    /// P(>= k) in permille; certain for 0, impossible for 8.
    pub fn at_least(&self, k: usize) -> i32 {
        match k {
            0 => 1000,
            k => self.chance.get(k - 1).copied().unwrap_or(0),
        }
    }
}

/// How flags that open and close on one day are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SameDay {
    /// By the claims' ids, as a plain file of claims is read.
    #[default]
    ById,
    /// Closing last: a party that names a snag and its cure in one breath has cured it.
    ClosingLast,
}

/// One leg: its evidence in order of publication, and the course of its rung.
#[derive(Clone, Debug)]
pub struct Leg {
    evidence: Vec<Evidence>,
    pins: Vec<Pin>,
    same_day: SameDay,
    course: Course,
}

impl Leg {
    /// Takes a leg's evidence in any order.
    pub fn new(mut evidence: Vec<Evidence>, pins: Vec<Pin>, same_day: SameDay) -> Self {
        // Ties are broken so that equal sets of claims give equal bytes, whatever order they came in.
        evidence.sort_by(|a, b| {
            (a.published, a.turn, &a.id, a.known).cmp(&(b.published, b.turn, &b.id, b.known))
        });
        let course = Course::new(&evidence, &pins);
        Self { evidence, pins, same_day, course }
    }

    /// The evidence, in order of publication, turn and id.
    pub fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    /// The course of the rung up to the last known claim.
    pub fn course(&self) -> &Course {
        &self.course
    }

    /// The days up to `to` on which the rung moved, in order.
    pub fn moves(&self, to: Day) -> Vec<Day> {
        self.course.moves(to, &self.evidence, &self.pins)
    }

    /// The state of the fold on `day`.
    pub fn state(&self, day: Day) -> State {
        self.course.at(day, day, &self.evidence, &self.pins).1
    }

    /// The status on `day`, from nothing but what was known then.
    pub fn status(&self, day: Day) -> LegStatus {
        let earlier = day.plus(-WINDOW);
        let (past, state) = self.course.at(earlier, day, &self.evidence, &self.pins);
        let rung = state.rung;
        let chance = state.odds.map(permille);
        let at_least = |k: u8| match k {
            0 => 1000,
            8.. => 0,
            k => chance[usize::from(k) - 1],
        };
        let seen: Vec<&Evidence> = self.evidence.iter().filter(|e| e.is_novel(day)).collect();
        let contested = [rung, rung + 1].into_iter().filter(|k| (1..=7).contains(k)).any(|k| {
            let index = usize::from(k) - 1;
            state.sides.support[index].min(state.sides.against[index]) >= 1000
                && (201..800).contains(&chance[index])
        });
        let conf = at_least(rung).min(1000 - at_least(rung + 1));
        let newest = seen.iter().map(|e| e.published).max();
        let stale = newest.map_or(0, |newest| day.since(newest));
        let on_record = seen.iter().any(|e| e.has_weight() && e.is_hard());
        let points = match conf {
            900.. if on_record => 2,
            700.. => 1,
            _ => 0,
        };
        let before = match self.course.start() {
            Some(start) if earlier >= start => past.expected(),
            _ => expected_at_rest(),
        };
        let dues = dues(&seen, rung);
        let supporters: BTreeSet<&str> = seen
            .iter()
            .filter(|e| e.has_weight() && e.sign == Sign::For && e.covers(rung.max(1)))
            .map(|e| e.origin.as_str())
            .collect();
        LegStatus {
            rung: Rung::from_index(usize::from(rung)),
            since: state.since,
            odds: state.odds,
            chance,
            conf,
            level: Level::from_points(points - i32::from(stale > STALE_AFTER) - i32::from(contested)),
            momentum: state.expected() - before,
            contested,
            stale,
            overdue: dues.first().map_or(0, |due| day.since(due.due).max(0)),
            dues,
            reported: reported(&seen, rung, day),
            flags: self.flags(&seen, rung),
            fell: state.fell,
            reversing: state.fell.is_some_and(|fell| fell.by_claim && day.since(fell.day) <= WINDOW),
            faded: state.fell.is_some_and(|fell| !fell.by_claim),
            origins: supporters.len(),
        }
    }

    /// Flags that claims opened and no party has closed, and those that work outside production raises.
    fn flags(&self, seen: &[&Evidence], rung: u8) -> BTreeMap<Flag, Day> {
        let mut turns: Vec<&Evidence> = seen
            .iter()
            .copied()
            .filter(|e| e.tier <= Tier::C && matches!(e.modality, Modality::Asserted | Modality::Hedged))
            .filter(|e| match e.effect {
                Effect::Opens(_) => true,
                Effect::Closes(_) => e.is_hard(),
                _ => false,
            })
            .collect();
        if self.same_day == SameDay::ClosingLast {
            // Stable: within a day openings stay in order of id, and so do closings.
            turns.sort_by_key(|e| (e.published, matches!(e.effect, Effect::Closes(_))));
        }
        let mut flags = BTreeMap::new();
        for turn in turns {
            match turn.effect {
                Effect::Opens(flag) => {
                    flags.entry(flag).or_insert(turn.published);
                }
                Effect::Closes(flag) => {
                    flags.remove(&flag);
                }
                _ => {}
            }
        }
        if rung < 4 {
            for e in seen.iter().filter(|e| e.said >= 4 && e.sign == Sign::For) {
                let flag = match e.workload {
                    Workload::Lab => Flag::Lab,
                    Workload::Resold => Flag::Resold,
                    Workload::Own => continue,
                };
                flags.entry(flag).or_insert(e.published);
            }
        }
        flags
    }
}

/// One due date and one slip for each milestone beyond the shown rung.
fn dues(seen: &[&Evidence], rung: u8) -> Vec<Due> {
    let mut plans: BTreeMap<&str, (Day, Option<Day>, Day)> = BTreeMap::new();
    // `seen` is in order of publication; of a day's dates the later is the later word.
    let mut dated: Vec<(&Evidence, Day)> = seen
        .iter()
        .filter(|e| e.modality == Modality::Scheduled && e.rung() > rung)
        .filter_map(|&e| Some((e, e.due?)))
        .collect();
    dated.sort_by(|(a, x), (b, y)| (a.published, x, &a.id).cmp(&(b.published, y, &b.id)));
    for (e, due) in dated {
        let plan = plans.entry(&e.milestone).or_insert((due, None, due));
        if e.is_hard() {
            plan.1 = Some(due);
        }
        plan.2 = due;
    }
    let mut dues: Vec<Due> = plans
        .into_iter()
        .map(|(milestone, (first, hard, last))| {
            let due = hard.unwrap_or(last);
            Due { due, milestone: milestone.to_owned(), slip: due.since(first) }
        })
        .collect();
    dues.sort();
    dues
}

/// The highest rung that newsrooms report above the shown one, unless a party has since refuted it.
fn reported(seen: &[&Evidence], rung: u8, day: Day) -> Option<Reported> {
    // The last day on which a party said "not at r", for each rung r that such a word covers.
    let mut refuted = [None; 8];
    for e in seen.iter().filter(|e| e.has_weight() && e.sign == Sign::Against && e.is_hard()) {
        if matches!(e.modality, Modality::Asserted | Modality::Denied) {
            for slot in refuted.iter_mut().skip(usize::from(e.rung())) {
                *slot = Some(e.published).max(*slot);
            }
        }
    }
    let reports = seen.iter().filter(|e| {
        e.sign == Sign::For
            && e.tier == Tier::C
            && matches!(e.modality, Modality::Asserted | Modality::Hedged)
            && e.rung() > rung
            && day.since(e.published) <= REPORT_WINDOW
            && refuted[usize::from(e.rung())].is_none_or(|refuted| refuted < e.published)
    });
    let mut top = 0;
    let mut origins = BTreeSet::new();
    for e in reports {
        if e.rung() > top {
            top = e.rung();
            origins.clear();
        }
        if e.rung() == top {
            origins.insert(e.origin.as_str());
        }
    }
    (top > 1).then(|| Reported { rung: Rung::from_index(usize::from(top)), origins: origins.len() })
}

//! The displayed rung through time.
//!
//! The odds of a day are a pure function of the evidence known on it. The displayed rung also depends on
//! yesterday's, since a rung is entered at higher odds than it is left at, so it is folded day by day,
//! from the first known claim on. Days on which no weight changes leave it as it is and are skipped.

use std::collections::HashMap;

use super::evidence::Evidence;
use super::odds::{Ladder, Scale, Sides};
use super::tables::{BASE, ENTER, EXIT, PINNED, permille};
use crate::domain::time::Day;

/// What a pin does to a leg's odds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinOp {
    /// The leg has reached the rung.
    AtLeast,
    /// The leg has not gone beyond the rung.
    AtMost,
    /// Both.
    Exact,
}

/// A reader's own judgement on a leg, which overrules the evidence while it lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pin {
    /// What it holds.
    pub op: PinOp,
    /// The rung, 0 to 7.
    pub rung: u8,
    /// First day.
    pub from: Day,
    /// Last day; `None` for open end.
    pub until: Option<Day>,
}

impl Pin {
    /// Whether it holds on `day`.
    pub fn holds(&self, day: Day) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    fn clamp(&self, odds: &mut Ladder) {
        for (index, odds) in odds.iter_mut().enumerate() {
            let reached = index < usize::from(self.rung);
            if reached && self.op != PinOp::AtMost {
                *odds = PINNED.max(*odds);
            }
            if !reached && self.op != PinOp::AtLeast {
                *odds = (-PINNED).min(*odds);
            }
        }
    }
}

/// The last time that the displayed rung fell and has not recovered since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fall {
    /// When.
    pub day: Day,
    /// The rung before it.
    pub from: u8,
    /// Whether a claim did it; silence alone otherwise.
    pub by_claim: bool,
}

/// A leg on one day, and on all days until the next change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// The first day of this state.
    pub from: Day,
    /// What the evidence adds up to.
    pub sides: Sides,
    /// Log-odds of each rung, pins included.
    pub odds: Ladder,
    /// The displayed rung.
    pub rung: u8,
    /// The day on which it was reached.
    pub since: Day,
    /// The fall that it has not recovered from.
    pub fell: Option<Fall>,
}

impl State {
    /// The sum of the probabilities, in permille: how many rungs the leg is expected to have reached.
    pub fn expected(&self) -> i32 {
        self.odds.iter().map(|&odds| permille(odds)).sum()
    }
}

/// The expected rung of a leg about which nothing is known, in permille.
pub fn expected_at_rest() -> i32 {
    BASE.iter().map(|&odds| permille(odds)).sum()
}

/// One step of hysteresis: down while the odds of the shown rung are under `EXIT`, up while those of the
/// next one are at `ENTER` or over.
pub fn step(mut rung: u8, odds: &Ladder) -> u8 {
    while rung > 0 && odds[usize::from(rung) - 1] < EXIT {
        rung -= 1;
    }
    while rung < 7 && odds[usize::from(rung)] >= ENTER {
        rung += 1;
    }
    rung
}

/// The whole course of one leg up to a day, and the means to go on from there.
#[derive(Clone, Debug)]
pub struct Course {
    states: Vec<State>,
    /// Days on which evidence (by index) begins to weigh, or no longer does: it becomes known, turns into a
    /// retelling when something older or better turns up, is taken back. In order.
    turns: Vec<(Day, bool, u32)>,
    /// Numbers of the informants, in order of the evidence.
    origins: Vec<u32>,
    /// How many of `turns` the scale has followed.
    taken: usize,
    scale: Scale,
    /// The ends of pins, in order.
    edges: Vec<Day>,
    /// The next day that needs weighing, and the last day folded.
    next: Option<Day>,
    folded: Day,
}

impl Course {
    /// Folds `evidence` day by day, up to the last day on which any of it became known or ceased to weigh.
    pub fn new(evidence: &[Evidence], pins: &[Pin]) -> Self {
        let mut turns: Vec<(Day, bool, u32)> = Vec::with_capacity(evidence.len());
        for (claim, index) in evidence.iter().zip(0..) {
            turns.extend(claim.novel().turns().map(|(day, begins)| (day, begins, index)));
        }
        turns.sort_unstable();
        let mut numbers = HashMap::new();
        let origins = evidence
            .iter()
            .map(|claim| {
                let next = numbers.len() as u32;
                *numbers.entry(claim.origin.as_str()).or_insert(next)
            })
            .collect();
        let pinned = pins.iter().flat_map(|pin| [Some(pin.from), pin.until.map(|until| until.plus(1))]);
        let mut edges: Vec<Day> = pinned.flatten().collect();
        edges.sort_unstable();
        let first = evidence.iter().map(|claim| claim.known).min();
        let last = evidence.iter().map(|claim| claim.known).chain(turns.last().map(|turn| turn.0)).max();
        let mut course = Self {
            states: Vec::new(),
            turns,
            origins,
            taken: 0,
            scale: Scale::default(),
            edges,
            next: first,
            folded: Day(i32::MIN),
        };
        if let Some(last) = last {
            course.extend(evidence, pins, last);
        }
        course
    }

    /// The first day on which anything was known.
    pub fn start(&self) -> Option<Day> {
        self.states.first().map(|state| state.from)
    }

    /// The states up to the last known claim, in order of time: one for each day on which anything changed.
    pub fn states(&self) -> &[State] {
        &self.states
    }

    /// The days up to `to` on which the rung moved: by a claim, or by silence after the last one.
    pub fn moves(&self, to: Day, evidence: &[Evidence], pins: &[Pin]) -> Vec<Day> {
        let moved = |states: &[State]| -> Vec<Day> {
            let pairs = states.windows(2).filter(|pair| pair[0].rung != pair[1].rung);
            pairs.map(|pair| pair[1].from).filter(|&day| day <= to).collect()
        };
        let mut days = moved(&self.states);
        if to > self.folded {
            let mut on =
                Self { states: self.states.last().copied().into_iter().collect(), ..self.resumable() };
            on.extend(evidence, pins, to);
            days.extend(moved(&on.states));
        }
        days
    }

    /// The states on `earlier` and on `day`, which is no earlier. Days beyond the last known claim are folded
    /// on the spot, once for both.
    pub fn at(&self, earlier: Day, day: Day, evidence: &[Evidence], pins: &[Pin]) -> (State, State) {
        let pick = |course: &Self, day| course.last_at(day).unwrap_or_else(|| at_rest(day, pins));
        if day <= self.folded || self.next.is_none_or(|next| next > day) {
            return (pick(self, earlier), pick(self, day));
        }
        let mut on = Self { states: self.states.last().copied().into_iter().collect(), ..self.resumable() };
        on.extend(evidence, pins, day);
        (if earlier <= self.folded { pick(self, earlier) } else { pick(&on, earlier) }, pick(&on, day))
    }

    /// Everything that is needed to go on, without the states behind.
    fn resumable(&self) -> Self {
        Self {
            states: Vec::new(),
            turns: self.turns.clone(),
            origins: self.origins.clone(),
            scale: self.scale.clone(),
            edges: self.edges.clone(),
            ..*self
        }
    }

    fn last_at(&self, day: Day) -> Option<State> {
        let at = self.states.partition_point(|state| state.from <= day);
        self.states[..at].last().copied()
    }

    fn extend(&mut self, evidence: &[Evidence], pins: &[Pin], to: Day) {
        while let Some(day) = self.next.filter(|&day| day <= to) {
            self.weigh(day, evidence, pins);
        }
        self.folded = to.max(self.folded);
    }

    fn weigh(&mut self, day: Day, evidence: &[Evidence], pins: &[Pin]) {
        while let Some(&(_, begins, index)) = self.turns.get(self.taken).filter(|turn| turn.0 <= day) {
            let (claim, origin) = (&evidence[index as usize], self.origins[index as usize]);
            if begins {
                self.scale.add(claim, origin);
            } else {
                self.scale.remove(claim, origin);
            }
            self.taken += 1;
        }
        let sides = self.scale.weigh(day);
        let mut odds = sides.odds();
        let held =
            |odds: &mut Ladder| pins.iter().filter(|pin| pin.holds(day)).for_each(|pin| pin.clamp(odds));
        held(&mut odds);
        let before = self.states.last().copied();
        let old = before.map_or(0, |state| state.rung);
        let rung = step(old, &odds);
        let mut fell = before.and_then(|state| state.fell);
        if rung < old {
            let mut unopposed = self.scale.unopposed(day);
            held(&mut unopposed);
            fell = Some(Fall { day, from: old, by_claim: step(old, &unopposed) >= old });
        } else if fell.is_some_and(|fall| rung >= fall.from) {
            fell = None;
        }
        let since = before.filter(|state| state.rung == rung).map_or(day, |state| state.since);
        self.states.push(State { from: day, sides, odds, rung, since, fell });
        let upcoming = self.turns.get(self.taken).map(|turn| turn.0);
        let edge = self.edges.get(self.edges.partition_point(|&edge| edge <= day)).copied();
        self.next = [upcoming, edge, sides.next].into_iter().flatten().min();
    }
}

/// A leg before anything is known of it.
fn at_rest(day: Day, pins: &[Pin]) -> State {
    let sides = Sides { support: [0; 7], against: [0; 7], next: None };
    let mut odds = sides.odds();
    pins.iter().filter(|pin| pin.holds(day)).for_each(|pin| pin.clamp(&mut odds));
    State { from: day, sides, odds, rung: step(0, &odds), since: day, fell: None }
}

//! The one word that an investor reads of a deal, its serving share, and the pressure on it.

use super::evidence::{Effect, Evidence};
use super::quantity::{Additions, Bounds, floor_div, fold, ramp, share};
use super::status::{Leg, LegStatus};
use super::tables::{PRESSURE_HALF_LIFE, decay, modality_factor, tier_weight};
use crate::domain::claim::{Rung, Sign, Slot};
use crate::domain::time::Day;

/// Where a deal stands, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Headline {
    /// A claim brought the custom leg down.
    Reverting,
    /// Serving, in a deal without merchant GPUs: it cannot convert.
    Serving,
    /// At scale, and at least half of the serving capacity is proven custom.
    Converted,
    /// Production inference on custom silicon.
    Converting,
    /// Custom silicon installed or piloted.
    Proving,
    /// Custom silicon announced or contracted.
    OnPaper,
    /// Talks about custom silicon.
    Exploring,
    /// GPUs live.
    GpuLive,
    /// GPUs contracted.
    GpuFirm,
    /// A letter of intent for GPUs.
    GpuLoi,
    /// Talks about GPUs.
    GpuTalks,
    /// Talks that ran out by silence.
    Faded,
    /// Nothing known.
    NoSignal,
}

impl Headline {
    /// The word shown.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reverting => "REVERTING",
            Self::Serving => "SERVING",
            Self::Converted => "CONVERTED",
            Self::Converting => "CONVERTING",
            Self::Proving => "PROVING",
            Self::OnPaper => "ON PAPER",
            Self::Exploring => "EXPLORING",
            Self::GpuLive => "GPU LIVE",
            Self::GpuFirm => "GPU FIRM",
            Self::GpuLoi => "GPU LOI",
            Self::GpuTalks => "GPU TALKS",
            Self::Faded => "FADED",
            Self::NoSignal => "NO SIGNAL",
        }
    }

    /// The word for a deal: `lead` is its custom (else other) leg, `gpu` its GPU leg if it has one, and
    /// `serving` the lower bound of its serving share in permille.
    pub fn of(lead: Option<&LegStatus>, gpu: Option<&LegStatus>, serving: i64) -> Self {
        let rung = lead.map_or(Rung::None, |leg| leg.rung);
        if lead.is_some_and(|leg| leg.reversing) {
            return Self::Reverting;
        }
        match rung {
            Rung::AtScale | Rung::Serving if gpu.is_none() => Self::Serving,
            Rung::AtScale if serving >= 500 => Self::Converted,
            Rung::AtScale | Rung::Serving => Self::Converting,
            Rung::Deployed | Rung::Piloting => Self::Proving,
            Rung::Contracted | Rung::Announced => Self::OnPaper,
            Rung::Exploring => Self::Exploring,
            Rung::None => match gpu.map_or(Rung::None, |leg| leg.rung) {
                Rung::AtScale | Rung::Serving | Rung::Deployed => Self::GpuLive,
                Rung::Piloting | Rung::Contracted => Self::GpuFirm,
                Rung::Announced => Self::GpuLoi,
                Rung::Exploring => Self::GpuTalks,
                Rung::None if lead.or(gpu).is_some_and(|leg| leg.faded) => Self::Faded,
                Rung::None => Self::NoSignal,
            },
        }
    }
}

/// MW that a pilot may have at most where nothing says how large it is.
pub const PILOT_MW: i64 = 50;

/// How much of the serving capacity runs on custom silicon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Serving {
    /// Permille.
    pub share: Bounds,
    /// A source says so; otherwise these are only the bounds of what can be.
    pub proven: bool,
}

/// The serving share. Only a stated share proves anything; without one the custom side is at most what is
/// due by now, or a generous pilot. `due` is the permille of the custom capacity due by `day`, `custom`
/// and `gpu` the contracted capacities in MW.
pub fn serving(
    stated: Option<Bounds>,
    custom: Option<(&LegStatus, Bounds)>,
    gpu: Option<(&LegStatus, Bounds)>,
    due: i64,
) -> Serving {
    if let Some(share) = stated {
        return Serving { share, proven: true };
    }
    let custom = custom.map_or(Bounds::default(), |(leg, mw)| {
        let pilot = if leg.rung >= Rung::Piloting { PILOT_MW } else { 0 };
        let likely = floor_div(floor_div(due * mw.mid, 1000) * i64::from(leg.at_least(6)), 1000);
        Bounds::new(0, likely, floor_div(due * mw.hi, 1000).max(pilot))
    });
    let gpu = gpu
        .map_or(Bounds::default(), |(leg, mw)| mw.map(|mw| floor_div(mw * i64::from(leg.at_least(5)), 1000)));
    Serving { share: share(custom, gpu), proven: false }
}

/// Head- and tailwinds without a rung (legal threats, rivals' contracts, price claims), in milli-nats:
/// they fade over two months and never move a rung.
pub fn pressure<'a>(evidence: impl Iterator<Item = &'a Evidence>, day: Day) -> i32 {
    let sum: i32 = evidence.filter_map(|e| press(e, day)).sum();
    sum.clamp(-9999, 9999)
}

/// What one claim adds to the pressure, milli-nats; `None` where it is about a rung, a bare figure or
/// nothing new.
pub fn press(e: &Evidence, day: Day) -> Option<i32> {
    if e.rung() != 0 || e.effect == Effect::Quantity || !e.is_novel(day) {
        return None;
    }
    let weight = tier_weight(e.tier) * modality_factor(e.modality) / 1000;
    let left = decay(weight, day.since(e.published), PRESSURE_HALF_LIFE);
    Some(if e.sign == Sign::For { left } else { -left })
}

/// One deal of a plain claims file on one day: its `custom` and `gpu` legs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The word.
    pub headline: Headline,
    /// The custom leg.
    pub custom: LegStatus,
    /// The GPU leg, where the file has one.
    pub gpu: Option<LegStatus>,
    /// Contracted custom share in permille, where a contracted leg has a capacity.
    pub contracted: Option<Bounds>,
    /// Serving share.
    pub serving: Serving,
    /// Head- and tailwinds of all legs.
    pub pressure: i32,
}

/// Reads a deal off its legs. `dates` are the days between which the custom capacity comes due.
pub fn view(custom: &Leg, gpu: Option<&Leg>, day: Day, dates: Option<(Day, Day)>) -> View {
    let firm = |leg: &Leg, status: &LegStatus| {
        let mw = fold(&leg.evidence().iter(), Slot::MwContracted, day, Additions::Every)?;
        (status.rung >= Rung::Contracted).then_some(mw.value)
    };
    let custom_status = custom.status(day);
    let gpu_status = gpu.map(|leg| leg.status(day));
    let custom_mw = firm(custom, &custom_status);
    let gpu_mw = gpu.zip(gpu_status.as_ref()).and_then(|(leg, status)| firm(leg, status));
    let contracted = (custom_mw.is_some() || gpu_mw.is_some())
        .then(|| share(custom_mw.unwrap_or_default(), gpu_mw.unwrap_or_default()));
    let stated = fold(&custom.evidence().iter(), Slot::ServingShare, day, Additions::Every);
    let serving = serving(
        stated.map(|stated| stated.value),
        custom_mw.map(|mw| (&custom_status, mw)),
        gpu_status.as_ref().zip(gpu_mw),
        dates.map_or(0, |(start, end)| ramp(day, start, end)),
    );
    let headline = Headline::of(Some(&custom_status), gpu_status.as_ref(), serving.share.lo);
    let pressure = pressure(custom.evidence().iter().chain(gpu.iter().flat_map(|leg| leg.evidence())), day);
    View { headline, custom: custom_status, gpu: gpu_status, contracted, serving, pressure }
}

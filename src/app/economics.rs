//! The margin lever in the user's hands: assumptions that the arrow keys move.

use super::world::DealStatus;
pub use crate::ledger::economics::{
    CAVEATS, DealEconomics, Economics, Exposure, Lever, Margin, Range, TABLE_SAVINGS, TABLE_SHARES,
};

/// An assumption that the user can move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Knob {
    /// Share of the work on custom silicon.
    Share,
    /// Cost per unit of work that custom silicon saves.
    Saving,
    /// Gross margin on GPU capacity.
    GpuMargin,
    /// Part of the saving that the customer gets.
    PassedOn,
}

impl Knob {
    /// In the order of the screen.
    pub const ALL: [Self; 4] = [Self::Share, Self::Saving, Self::GpuMargin, Self::PassedOn];

    /// What it is.
    pub fn title(self) -> &'static str {
        match self {
            Self::Share => "share of work on custom silicon",
            Self::Saving => "cost saved per unit of work",
            Self::GpuMargin => "gross margin on GPU capacity",
            Self::PassedOn => "part of the saving passed on",
        }
    }
}

/// Where the user has moved the assumptions to, in permille; `None`: not moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Knobs {
    moved: [Option<i64>; 4],
}

impl Knobs {
    /// The value of an assumption in permille: the user's, else the deal's contracted share, else the
    /// middle reading of the configuration.
    pub fn value(&self, knob: Knob, economics: &Economics, deal: Option<&DealStatus>) -> i64 {
        let permille = |part: f64| (part * 1000.0).round() as i64;
        self.moved[knob as usize].unwrap_or_else(|| match knob {
            Knob::Share => deal.and_then(|deal| deal.contracted).map_or(0, |share| share.mid),
            Knob::Saving => permille(economics.saving.mid),
            Knob::GpuMargin => permille(economics.gpu_margin.mid),
            Knob::PassedOn => 0,
        })
    }

    /// Moves an assumption by permille; it stays between nothing and all.
    pub fn shift(&mut self, knob: Knob, by: i64, economics: &Economics, deal: Option<&DealStatus>) {
        // A margin of all would leave no cost to save.
        let most = if knob == Knob::GpuMargin { 950 } else { 1000 };
        self.moved[knob as usize] = Some((self.value(knob, economics, deal) + by).clamp(0, most));
    }

    /// Whether the user has moved an assumption.
    pub fn is_moved(&self, knob: Knob) -> bool {
        self.moved[knob as usize].is_some()
    }

    /// Forgets every move.
    pub(super) fn reset(&mut self) {
        self.moved = [None; 4];
    }

    /// Forgets the share, which belongs to a deal.
    pub(super) fn leave_deal(&mut self) {
        self.moved[Knob::Share as usize] = None;
    }

    /// The lever with the assumptions where they stand.
    pub fn lever(&self, economics: &Economics, deal: Option<&DealStatus>) -> Lever {
        let part = |knob| self.value(knob, economics, deal) as f64 / 1000.0;
        Lever {
            share: part(Knob::Share),
            saving: part(Knob::Saving),
            gpu_margin: part(Knob::GpuMargin),
            passed_on: part(Knob::PassedOn),
        }
    }
}

//! The margin lever: what moving a deal's work from GPUs to custom silicon does to cost and margin, and whom
//! it touches. Every assumption is a row of `config/economics.toml` with bounds, unit, source and date.
//!
//! ```text
//! cost(x)  = (1 - m0) (1 - x d)            x   share of the deal's work on custom silicon
//! price(x) = 1 - theta x d (1 - m0)        d   cost saved per unit of work
//! GM(x)    = 1 - cost / price              m0  gross margin on GPUs
//! d        = phi (1 - (Kc / Kg) / eps)     theta  part of the saving passed to the customer
//! break-even eps = Kc / Kg                 eps work per watt, custom / GPU; phi capex part of unit cost
//! ```

use serde::{Deserialize, Serialize};

use super::board::{DealStatus, LegView};
use crate::domain::claim::Rung;
use crate::domain::deal::{LegKind, Owner};
use crate::domain::time::Day;

/// Three readings of one assumption, with where they come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// Low reading.
    pub lo: f64,
    /// Middle reading.
    pub mid: f64,
    /// High reading.
    pub hi: f64,
    /// Unit, e.g. `$B per GW`.
    pub unit: String,
    /// Who says so.
    pub source: String,
    /// When they said so.
    pub date: Day,
}

/// What a company sells into a GW, or what a GW spares it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// Exchange symbol.
    pub ticker: String,
    /// Silicon lines whose capacity holds it: it gains with theirs, and loses when theirs is displaced.
    pub silicon: Vec<String>,
    /// $B per GW.
    #[serde(flatten)]
    pub value: Assumption,
}

/// Shares that the reader holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holding {
    /// Exchange symbol.
    pub ticker: String,
    /// How many shares.
    pub shares: f64,
}

/// All assumptions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Economics {
    /// Revenue of GPU capacity, $M per MW-year.
    pub gpu_rent: Assumption,
    /// Gross margin on GPU capacity, 0 to 1.
    pub gpu_margin: Assumption,
    /// Cost saved per unit of work on custom silicon, 0 to 1.
    pub saving: Assumption,
    /// Part of the saving that the customer gets, 0 to 1.
    pub passed_on: Assumption,
    /// All-in capital cost of GPU capacity, $B per GW.
    pub capex_gpu: Assumption,
    /// All-in capital cost of custom capacity, $B per GW.
    pub capex_custom: Assumption,
    /// Work per watt, custom to GPU.
    pub work_per_watt: Assumption,
    /// Part of the cost of a unit of work that is capital, 0 to 1.
    pub capex_share: Assumption,
    /// Companies' content per GW.
    #[serde(rename = "content", default)]
    pub contents: Vec<Content>,
    /// The reader's holdings.
    #[serde(rename = "holding", default)]
    pub holdings: Vec<Holding>,
}

/// A low, a middle and a high reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Range {
    /// Low.
    pub lo: f64,
    /// Middle.
    pub mid: f64,
    /// High.
    pub hi: f64,
}

impl Range {
    fn of(f: impl Fn(fn(&Assumption) -> f64) -> f64) -> Self {
        Self { lo: f(|a| a.lo), mid: f(|a| a.mid), hi: f(|a| a.hi) }
    }

    /// Each reading times `factor`; low and high change places for a negative one.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { lo: self.lo * factor, mid: self.mid * factor, hi: self.hi * factor }
    }
}

/// Where the lever stands, all as parts of one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lever {
    /// Share of the deal's work on custom silicon.
    pub share: f64,
    /// Cost saved per unit of work.
    pub saving: f64,
    /// Gross margin on GPUs.
    pub gpu_margin: f64,
    /// Part of the saving that the customer gets.
    pub passed_on: f64,
}

/// What a lever position comes to, on an index where GPU work costs the customer 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Margin {
    /// Gross margin.
    pub margin: f64,
    /// Price of a unit of work.
    pub price: f64,
    /// Cost of a unit of work.
    pub cost: f64,
    /// Gross profit on a unit of work.
    pub profit: f64,
}

impl Lever {
    /// Margin, price, cost and profit at this position.
    pub fn margin(self) -> Margin {
        let base = 1.0 - self.gpu_margin;
        let saved = self.share * self.saving;
        let cost = base * (1.0 - saved);
        let price = 1.0 - self.passed_on * saved * base;
        Margin { margin: 1.0 - cost / price, price, cost, profit: price - cost }
    }

    /// Change of gross margin against GPUs alone, in basis points.
    pub fn margin_bps(self) -> f64 {
        (self.margin().margin - self.gpu_margin) * 10_000.0
    }

    /// Gross profit a year gained against GPUs alone, in the unit of `revenue` (a year's, at GPU prices).
    pub fn profit_gain(self, revenue: f64) -> f64 {
        (self.margin().profit - self.gpu_margin) * revenue
    }
}

/// The saving per unit of work that capital costs and work per watt imply. Negative when custom silicon is
/// the dearer way.
pub fn implied_saving(capex_gpu: f64, capex_custom: f64, work_per_watt: f64, capex_share: f64) -> f64 {
    capex_share * (1.0 - capex_custom / capex_gpu / work_per_watt)
}

/// Work per watt at which custom silicon costs the same per unit of work.
pub fn break_even(capex_gpu: f64, capex_custom: f64) -> f64 {
    capex_custom / capex_gpu
}

/// Shares of the sensitivity table's rows.
pub const TABLE_SHARES: [f64; 6] = [0.01, 0.10, 0.25, 0.50, 0.82, 1.0];
/// Savings of its columns.
pub const TABLE_SAVINGS: [f64; 6] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.7];

/// Said wherever these figures are shown.
pub const CAVEATS: [&str; 6] = [
    "price claims are not the provider's costs",
    "GW is nameplate, often of unstated basis",
    "custom work may be added, not displaced: then the GPU vendor loses nothing",
    "revenue follows deployment, not signing",
    "vendor financing and equity make part of the demand circular",
    "not investment advice",
];

/// One company's part in a deal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exposure {
    /// Exchange symbol.
    pub ticker: String,
    /// Why: `displaced GPU content`, `custom silicon content`, `capital spared`, `gross profit a year`.
    pub why: &'static str,
    /// $M for each point of the deal's capacity that moves from GPU to custom. Once, save for
    /// `gross profit a year`.
    pub per_point: Range,
    /// The middle reading times the probability that the custom leg serves.
    pub expected: f64,
    /// Shares that the reader holds.
    pub held: Option<f64>,
    /// Where the content figure comes from.
    pub source: String,
}

/// The margin lever of one deal.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DealEconomics {
    /// Revenue a year in $M, flat over the term; `None` where no sum and no capacity is known.
    pub revenue: Option<f64>,
    /// The revenue was computed from MW and an assumed rent.
    pub revenue_derived: bool,
    /// MW of the deal, custom and GPU.
    pub mw: Option<i64>,
    /// Contracted custom share, 0 to 1.
    pub share: Option<f64>,
    /// Basis points of margin for one point of work moved, nothing passed on, at the three savings.
    pub point_bps: Range,
    /// Gross profit a year in $M for one point of work moved, nothing passed on, at the three savings.
    pub point_profit: Option<Range>,
    /// The same with the contracted share moved in full.
    pub full_profit: Option<Range>,
    /// Cost of a unit of work at the contracted share, GPUs alone being 1, at the three savings.
    pub unit_cost: Option<Range>,
    /// Work per watt at which custom silicon breaks even.
    pub break_even: Range,
    /// The saving that the three readings of work per watt imply at middle capital costs.
    pub implied_saving: Range,
    /// Companies touched.
    pub exposures: Vec<Exposure>,
}

impl Economics {
    /// The lever at its middle assumptions, nothing passed on.
    pub fn lever(&self, share: f64) -> Lever {
        Lever { share, saving: self.saving.mid, gpu_margin: self.gpu_margin.mid, passed_on: 0.0 }
    }

    /// Change of margin in basis points: a row for each of [`TABLE_SHARES`], a column for each of
    /// [`TABLE_SAVINGS`].
    pub fn table(&self, passed_on: f64) -> [[f64; 6]; 6] {
        let gpu_margin = self.gpu_margin.mid;
        TABLE_SHARES.map(|share| {
            TABLE_SAVINGS.map(|saving| Lever { share, saving, gpu_margin, passed_on }.margin_bps())
        })
    }

    /// The lever of one deal.
    pub fn deal(&self, status: &DealStatus) -> DealEconomics {
        let custom = status.leg(LegKind::Custom);
        let gpu = status.leg(LegKind::Gpu);
        let mw =
            |leg: Option<&LegView>| leg.and_then(|leg| Some(leg.capacity.contracted.as_ref()?.value.mid));
        let (custom_mw, gpu_mw) = (mw(custom), mw(gpu));
        let total = (custom_mw.is_some() || gpu_mw.is_some())
            .then(|| custom_mw.unwrap_or(0).saturating_add(gpu_mw.unwrap_or(0)));
        let (revenue, revenue_derived) = self.revenue(custom, gpu);
        let share = status.contracted.map(|share| share.mid as f64 / 1000.0);
        let at = |share: f64, saving: f64| Lever { saving, ..self.lever(share) };
        let savings = Range { lo: self.saving.lo, mid: self.saving.mid, hi: self.saving.hi };
        let over =
            |f: &dyn Fn(f64) -> f64| Range { lo: f(savings.lo), mid: f(savings.mid), hi: f(savings.hi) };
        let gain = |share: f64| revenue.map(|revenue| over(&|saving| at(share, saving).profit_gain(revenue)));
        DealEconomics {
            revenue,
            revenue_derived,
            mw: total,
            share,
            point_bps: over(&|saving| at(0.01, saving).margin_bps()),
            point_profit: gain(0.01),
            full_profit: share.and_then(gain),
            unit_cost: share.map(|share| over(&|saving| 1.0 - share * saving)),
            break_even: Range::of(|of| break_even(of(&self.capex_gpu), of(&self.capex_custom))),
            implied_saving: Range::of(|of| {
                implied_saving(
                    self.capex_gpu.mid,
                    self.capex_custom.mid,
                    of(&self.work_per_watt),
                    self.capex_share.mid,
                )
            }),
            exposures: self.exposures(status, total, revenue),
        }
    }

    /// Revenue a year: the contract's sums over their term, else the GPU capacity at its rent.
    fn revenue(&self, custom: Option<&LegView>, gpu: Option<&LegView>) -> (Option<f64>, bool) {
        let legs = || gpu.into_iter().chain(custom);
        let sums = legs().flat_map(|leg| [leg.capacity.usd.as_ref(), leg.capacity.increment.as_ref()]);
        let sum: i64 = sums.flatten().map(|figure| figure.value.mid).sum();
        let years = legs().filter_map(|leg| leg.capacity.years).max().filter(|&years| years > 0);
        if let (1.., Some(years)) = (sum, years) {
            return (Some(sum as f64 / f64::from(years)), false);
        }
        let mw = gpu.and_then(|leg| leg.capacity.contracted.as_ref());
        (mw.map(|mw| mw.value.mid as f64 * self.gpu_rent.mid), mw.is_some())
    }

    /// Companies that a point of capacity moved from GPU to custom touches. Nothing moves in a deal without
    /// a custom leg.
    fn exposures(&self, status: &DealStatus, mw: Option<i64>, revenue: Option<f64>) -> Vec<Exposure> {
        let (Some(custom), Some(mw)) = (status.leg(LegKind::Custom), mw) else { return Vec::new() };
        let silicon = |kind| status.deal.leg(kind).map_or(&[][..], |leg| &leg.silicon);
        let point = mw as f64 / 1000.0 * 0.01 * 1000.0;
        let serves = f64::from(custom.status.at_least(Rung::Serving.index())) / 1000.0;
        let held = |ticker: &str| {
            self.holdings.iter().find(|holding| holding.ticker.eq_ignore_ascii_case(ticker)).map(|h| h.shares)
        };
        let exposure = |ticker: &str, why, per_point: Range, source: &str| Exposure {
            ticker: ticker.to_owned(),
            why,
            per_point,
            expected: per_point.mid * serves,
            held: held(ticker),
            source: source.to_owned(),
        };
        let mut rows = Vec::new();
        for content in &self.contents {
            let range =
                Range { lo: content.value.lo, mid: content.value.mid, hi: content.value.hi }.times(point);
            let holds = |kind| content.silicon.iter().any(|line| silicon(kind).contains(line));
            if holds(LegKind::Gpu) {
                rows.push(exposure(
                    &content.ticker,
                    "displaced GPU content",
                    range.times(-1.0),
                    &content.value.source,
                ));
            }
            if holds(LegKind::Custom) {
                rows.push(exposure(&content.ticker, "custom silicon content", range, &content.value.source));
            }
        }
        // The provider's lever: capital that the same work no longer needs, and margin a year.
        if custom.owner == Owner::Provider {
            for ticker in status.deal.tickers.iter().filter(|ticker| ticker.role == "provider") {
                let spared =
                    Range::of(|of| self.capex_gpu.mid - self.capex_custom.mid / of(&self.work_per_watt));
                rows.push(exposure(
                    &ticker.symbol,
                    "capital spared",
                    spared.times(point),
                    &self.capex_custom.source,
                ));
                if let Some(revenue) = revenue {
                    let gain = |saving| Lever { saving, ..self.lever(0.01) }.profit_gain(revenue);
                    let range = Range {
                        lo: gain(self.saving.lo),
                        mid: gain(self.saving.mid),
                        hi: gain(self.saving.hi),
                    };
                    rows.push(exposure(&ticker.symbol, "gross profit a year", range, &self.saving.source));
                }
            }
        }
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built_in() -> Economics {
        toml::from_str(include_str!("../../config/economics.toml")).unwrap()
    }

    fn bps(share: f64, saving: f64, passed_on: f64) -> i64 {
        Lever { share, saving, gpu_margin: 0.30, passed_on }.margin_bps().round() as i64
    }

    #[test]
    fn a_point_of_work_moves_the_margin_by_its_saving() {
        // dGM = x d (1 - m0) where nothing is passed on.
        assert_eq!([0.1, 0.3, 0.5, 0.7].map(|saving| bps(0.01, saving, 0.0)), [7, 21, 35, 49]);
        assert_eq!([0.1, 0.3, 0.5, 0.7].map(|saving| bps(0.25, saving, 0.0)), [175, 525, 875, 1225]);
        assert_eq!([0.1, 0.3, 0.5, 0.7].map(|saving| bps(0.82, saving, 0.0)), [574, 1722, 2870, 4018]);
        let by_margin = [0.14, 0.30, 0.45].map(|gpu_margin| {
            Lever { share: 0.25, saving: 0.3, gpu_margin, passed_on: 0.0 }.margin_bps().round() as i64
        });
        assert_eq!(by_margin, [645, 525, 412]);
    }

    #[test]
    fn passing_half_of_the_saving_on_leaves_about_two_thirds_of_the_margin() {
        assert_eq!([0.1, 0.3, 0.5, 0.7].map(|saving| bps(0.25, saving, 0.5)), [115, 350, 595, 848]);
        assert_eq!([0.1, 0.3, 0.5, 0.7].map(|saving| bps(0.82, saving, 0.5)), [384, 1225, 2178, 3268]);
        let all = Lever { share: 1.0, saving: 0.4, gpu_margin: 0.3, passed_on: 1.0 };
        assert!(all.profit_gain(100.0).abs() < 1e-9, "a saving passed on in full gains the provider nothing");
    }

    #[test]
    fn dollars_a_year_follow_the_contract() {
        let revenue = 138_000.0 / 8.0;
        let lever = Lever { share: 0.01, saving: 0.3, gpu_margin: 0.3, passed_on: 0.0 };
        assert_eq!(lever.profit_gain(revenue).round() as i64, 36);
        let full =
            [0.1, 0.3, 0.5, 0.7].map(|saving| Lever { share: 0.82, saving, ..lever }.profit_gain(revenue));
        assert_eq!(full.map(|gain| (gain / 10.0).round() as i64), [99, 297, 495, 693], "in tens of $M");
    }

    #[test]
    fn capital_costs_imply_a_saving_only_above_break_even() {
        let implied = |kg, kc, eps| (implied_saving(kg, kc, eps, 0.8) * 100.0).round() as i64;
        assert_eq!([0.25, 0.45, 0.6, 1.0].map(|eps| implied(33.0, 15.0, eps)), [-65, -1, 19, 44]);
        assert_eq!((implied(41.0, 15.0, 1.0), implied(33.0, 27.0, 1.0)), (51, 15));
        assert_eq!((break_even(33.0, 15.0) * 1000.0).round() as i64, 455);
        assert!(implied_saving(33.0, 15.0, break_even(33.0, 15.0), 0.8).abs() < 1e-12);
    }

    #[test]
    fn the_table_holds_the_levers_it_names() {
        let table = built_in().table(0.0);
        assert_eq!(table[2][2].round() as i64, bps(TABLE_SHARES[2], TABLE_SAVINGS[2], 0.0));
        assert_eq!(table[4][5].round() as i64, 4018);
    }
}

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
use crate::domain::deal::{Class, LegKind, Owner};
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
    /// None for a company that hosts elsewhere: hosted capacity that converts moves nothing of its own.
    pub silicon: Vec<String>,
    /// $B per GW.
    #[serde(flatten)]
    pub value: Assumption,
}

/// Shares that the reader holds.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema, Deserialize)]
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
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, schemars::JsonSchema)]
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
        let (lo, hi) = if factor < 0.0 { (self.hi, self.lo) } else { (self.lo, self.hi) };
        Self { lo: lo * factor, mid: self.mid * factor, hi: hi * factor }
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
#[derive(Clone, Copy, Debug, PartialEq, Serialize, schemars::JsonSchema)]
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

    /// Change of margin in basis points at this lever's margin and passing on: a row for each of
    /// [`TABLE_SHARES`], a column for each of [`TABLE_SAVINGS`].
    pub fn table(self) -> [[f64; 6]; 6] {
        TABLE_SHARES.map(|share| TABLE_SAVINGS.map(|saving| Self { share, saving, ..self }.margin_bps()))
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
    "vendor money makes part of the demand circular",
    "not investment advice",
];

/// Why a company is touched by capacity that moves from GPU to custom silicon.
pub mod why {
    /// Its GPUs, or what it sells into them, are displaced.
    pub const DISPLACED: &str = "displaced GPU content";
    /// Its content of the custom silicon.
    pub const CUSTOM: &str = "custom silicon content";
    /// Capital that the same work no longer needs; custom silicon does less per watt.
    pub const SPARED_WORK: &str = "capital spared, same work";
    /// Capital that the same capacity no longer needs, whatever work it does.
    pub const SPARED_GW: &str = "capital spared, GW for GW";
    /// The provider's gross profit.
    pub const PROFIT: &str = "gross profit a year";
    /// None of its silicon fills a leg.
    pub const NOT_HERE: &str = "none of its silicon here";
    /// It hosts elsewhere: the effect comes through the buyer's wallet.
    pub const RIVAL_HOST: &str = "rival host, by wallet only";
}

/// One company's part in a deal.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Exposure {
    /// Exchange symbol.
    pub ticker: String,
    /// Why, see [`why`].
    pub why: &'static str,
    /// $M for each point of the deal's capacity that moves from GPU to custom. Once, save for
    /// [`why::PROFIT`].
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
    /// The custom leg is the provider's own silicon, so that the margin that moves is the provider's.
    pub provider_lever: bool,
    /// MW of the deal, custom and GPU.
    pub mw: Option<i64>,
    /// Contracted custom share, 0 to 1.
    pub share: Option<f64>,
    /// The same share as a share of work, at the three readings of work per watt: a custom MW does less.
    pub work_share: Option<Range>,
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
        let work = |share: f64, eps: f64| match (share, eps * share + 1.0 - share) {
            (share, whole) if whole > 0.0 => eps * share / whole,
            _ => 0.0,
        };
        DealEconomics {
            revenue,
            revenue_derived,
            provider_lever: custom.is_some_and(|custom| custom.owner == Owner::Provider),
            mw: total,
            share,
            work_share: share.map(|share| Range::of(|of| work(share, of(&self.work_per_watt)))),
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

    /// Companies that a point of capacity moved from GPU to custom touches, and those of which one would
    /// think so, with nothing. Nothing moves in a deal without a custom leg.
    fn exposures(&self, status: &DealStatus, mw: Option<i64>, revenue: Option<f64>) -> Vec<Exposure> {
        let (Some(custom), Some(mw)) = (status.leg(LegKind::Custom), mw) else { return Vec::new() };
        let silicon = |kind| status.deal.leg(kind).map_or(&[][..], |leg| &leg.silicon);
        let provider = status.deal.tickers.iter().find(|ticker| ticker.role == "provider");
        let serves = f64::from(custom.status.at_least(Rung::Serving.index())) / 1000.0;
        let place = Place { gpu: silicon(LegKind::Gpu), custom: silicon(LegKind::Custom), serves };
        // The provider's lever moves only with silicon of its own.
        let provider_gains = custom.owner == Owner::Provider;
        let mut rows = Vec::new();
        if let Some(provider) = provider.filter(|_| provider_gains) {
            rows.extend(self.provider_exposures(&provider.symbol, mw as f64, revenue, serves));
        }
        for content in &self.contents {
            let hosts = status.deal.class == Class::Hosting
                && provider.is_none_or(|provider| provider.symbol != content.ticker);
            if !content.silicon.is_empty() || hosts {
                rows.extend(self.content_exposures(content, mw as f64, &place));
            }
        }
        rows
    }

    /// What a company sells into the silicon that comes and the silicon that goes, for one point of `mw`.
    fn content_exposures(&self, content: &Content, mw: f64, place: &Place<'_>) -> Vec<Exposure> {
        let value = &content.value;
        let per_point = Range { lo: value.lo, mid: value.mid, hi: value.hi }.times(mw / 100.0);
        let holds = |lines: &[String]| content.silicon.iter().any(|line| lines.contains(line));
        let row = |why, range| self.exposure(&content.ticker, why, range, place.serves, &value.source);
        let mut rows = Vec::new();
        if holds(place.gpu) {
            rows.push(row(why::DISPLACED, per_point.times(-1.0)));
        }
        if holds(place.custom) {
            rows.push(row(why::CUSTOM, per_point));
        }
        if rows.is_empty() {
            let why = if content.silicon.is_empty() { why::RIVAL_HOST } else { why::NOT_HERE };
            rows.push(row(why, Range::default()));
        }
        rows
    }

    /// The provider's lever for one point of `mw`: capital spared, and margin a year.
    fn provider_exposures(&self, ticker: &str, mw: f64, revenue: Option<f64>, serves: f64) -> Vec<Exposure> {
        let (gpu, custom) = (&self.capex_gpu, &self.capex_custom);
        let same_work = Range::of(|of| gpu.mid - custom.mid / of(&self.work_per_watt));
        let same_gw = Range { lo: gpu.lo - custom.hi, mid: gpu.mid - custom.mid, hi: gpu.hi - custom.lo };
        let mut rows = vec![
            self.exposure(ticker, why::SPARED_WORK, same_work.times(mw / 100.0), serves, &custom.source),
            self.exposure(ticker, why::SPARED_GW, same_gw.times(mw / 100.0), serves, &custom.source),
        ];
        if let Some(revenue) = revenue {
            let gain = |saving| Lever { saving, ..self.lever(0.01) }.profit_gain(revenue);
            let range =
                Range { lo: gain(self.saving.lo), mid: gain(self.saving.mid), hi: gain(self.saving.hi) };
            rows.push(self.exposure(ticker, why::PROFIT, range, serves, &self.saving.source));
        }
        rows
    }

    fn exposure(
        &self,
        ticker: &str,
        why: &'static str,
        per_point: Range,
        serves: f64,
        source: &str,
    ) -> Exposure {
        let held = self.holdings.iter().find(|holding| holding.ticker.eq_ignore_ascii_case(ticker));
        Exposure {
            ticker: ticker.to_owned(),
            why,
            per_point,
            expected: per_point.mid * serves,
            held: held.map(|holding| holding.shares),
            source: source.to_owned(),
        }
    }
}

/// The silicon of a deal's legs, and how likely the custom leg serves, 0 to 1.
struct Place<'a> {
    gpu: &'a [String],
    custom: &'a [String],
    serves: f64,
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
        let table = built_in().lever(0.0).table();
        assert_eq!(table[2][2].round() as i64, bps(TABLE_SHARES[2], TABLE_SAVINGS[2], 0.0));
        assert_eq!(table[4][5].round() as i64, 4018);
    }

    fn rounded(range: Range) -> [i64; 3] {
        [range.lo, range.mid, range.hi].map(|value| value.round_ties_even() as i64)
    }

    #[test]
    fn a_point_of_two_and_a_half_gigawatts_touches_whom_the_tables_say() {
        let economics = built_in();
        let lines = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect::<Vec<_>>();
        let (gpu, trainium, xpu) = (lines(&["nvidia-gpu"]), lines(&["trainium"]), lines(&["xpu"]));
        let of = |ticker: &str, custom: &[String]| {
            let content = economics.contents.iter().find(|content| content.ticker == ticker).unwrap();
            let place = Place { gpu: &gpu, custom, serves: 0.5 };
            let rows = economics.content_exposures(content, 2_450.0, &place);
            assert_eq!(rows.len(), 1, "{ticker}");
            (rows[0].why, rounded(rows[0].per_point), rows[0].expected)
        };
        assert_eq!(of("NVDA", &trainium), (why::DISPLACED, [-858, -539, -343], -269.5));
        assert_eq!(of("TSM", &trainium).1, [7, 20, 20]);
        assert_eq!(of("3661.TW", &trainium).1, [24, 74, 147]);
        assert_eq!(of("MRVL", &trainium).1, [24, 74, 147]);
        assert_eq!(of("AVGO", &xpu).1, [294, 343, 490]);
        // Nothing, and said so.
        assert_eq!(of("AVGO", &trainium), (why::NOT_HERE, [0, 0, 0], 0.0));
        assert_eq!(of("AMD", &trainium), (why::NOT_HERE, [0, 0, 0], 0.0));
        assert_eq!(of("ORCL", &trainium), (why::RIVAL_HOST, [0, 0, 0], 0.0));
    }

    #[test]
    fn capital_is_spared_gigawatt_for_gigawatt_and_for_the_same_work() {
        let economics = built_in();
        let rows = economics.provider_exposures("AMZN", 2_450.0, Some(17_250.0), 0.01);
        let of = |why| rounded(rows.iter().find(|row| row.why == why).unwrap().per_point);
        assert_eq!(of(why::SPARED_GW), [147, 441, 637]);
        assert_eq!(of(why::SPARED_WORK), [-662, 196, 441]);
        assert_eq!(of(why::PROFIT), [0, 36, 85]);
        let at = |eps: f64| (24.5 * (33.0 - 15.0 / eps)).round() as i64;
        assert_eq!([0.45, 0.8].map(at), [-8, 349], "between the readings of work per watt");
    }

    #[test]
    fn a_whole_table_at_half_passed_on() {
        let table = Lever { passed_on: 0.5, ..built_in().lever(0.0) }.table();
        let rounded = table.map(|row| row.map(|bps| bps.round() as i64));
        assert_eq!(rounded[0], [5, 9, 14, 18, 23, 32]);
        assert_eq!(rounded[1], [46, 92, 138, 185, 232, 326]);
        assert_eq!(rounded[4], [384, 792, 1225, 1686, 2178, 3268]);
        assert_eq!(rounded[5], [472, 978, 1525, 2116, 2758, 4219]);
    }
}

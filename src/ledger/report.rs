//! The printed forms of statuses and boards. Member names and units are a contract with scripts: shares
//! are in permille, capacities in MW, money in millions of dollars, days in UTC.

use serde::Serialize;

use super::board::{Board, DealStatus, LegView, PinView};
use super::capacity::{Conflict, Figure};
use super::model::fold::PinOp;
use super::model::quantity::Bounds;
use super::model::status::LegStatus;
use super::rollup::{Measure, Rollup, Scope};
use crate::domain::claim::{Fact, Slot};
use crate::domain::deal::{Class, Owner};
use crate::domain::time::Day;

/// A leg as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct LegReport {
    /// `gpu`, `custom` or `other`; in a plain claims file any text.
    pub leg: String,
    /// 0 to 7.
    pub rung: usize,
    /// `NONE` to `AT-SCALE`.
    pub label: &'static str,
    /// Log-odds of each rung from 1 to 7, milli-nats.
    #[serde(rename = "L")]
    pub odds: [i32; 7],
    /// Their probabilities, permille.
    #[serde(rename = "P")]
    pub chance: [i32; 7],
    /// `LOW`, `MED` or `HIGH`.
    pub level: &'static str,
    /// Permille.
    pub conf: i32,
    /// Rungs per quarter, permille.
    pub momentum: i32,
    /// Strong words both ways.
    pub contested: bool,
    /// Days since the last novel evidence.
    pub stale: i32,
    /// Nearest due date.
    pub due: Option<Day>,
    /// Largest slip of a milestone, days.
    pub slip: i32,
    /// Days overdue.
    pub overdue: i32,
    /// A claim brought it down.
    pub reversing: bool,
    /// Silence brought it down.
    pub faded: bool,
    /// Words beside the rung, in alphabetical order.
    pub flags: Vec<&'static str>,
    /// A higher rung that newsrooms report.
    pub reported: Option<ReportedReport>,
    /// Milestones beyond the rung.
    pub dues: Vec<DueReport>,
    /// Informants that support the rung.
    pub origins: usize,
}

/// A milestone as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DueReport {
    /// Name.
    pub milestone: String,
    /// Latest date given.
    pub due: Day,
    /// Days moved since the first date given.
    pub slip: i32,
}

/// A reported rung as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct ReportedReport {
    /// 0 to 7.
    pub rung: usize,
    /// How many informants.
    pub origins: usize,
}

impl LegReport {
    /// The printed form of a status; `leg` is the leg's name.
    pub fn new(leg: &str, status: &LegStatus) -> Self {
        Self {
            leg: leg.to_owned(),
            rung: status.rung.index(),
            label: status.rung.label(),
            odds: status.odds,
            chance: status.chance,
            level: status.level.word(),
            conf: status.conf,
            momentum: status.momentum,
            contested: status.contested,
            stale: status.stale,
            due: status.due(),
            slip: status.slip(),
            overdue: status.overdue,
            reversing: status.reversing,
            faded: status.faded,
            flags: status.flags.keys().map(|flag| flag.word()).collect(),
            reported: status
                .reported
                .map(|reported| ReportedReport { rung: reported.rung.index(), origins: reported.origins }),
            dues: status
                .dues
                .iter()
                .map(|due| DueReport { milestone: due.milestone.clone(), due: due.due, slip: due.slip })
                .collect(),
            origins: status.origins,
        }
    }
}

/// Version of every form in this file. It rises when a member changes its meaning or goes; members may be
/// added without.
pub const SCHEMA: u32 = 1;

/// The board as `deals --json` prints it.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct BoardReport {
    /// Version of the form.
    pub schema: u32,
    /// The day, all of it, UTC.
    pub as_of: Day,
    /// The newest publication among the catalog's own claims.
    pub catalog_to: Option<Day>,
    /// Deals in the order of the catalog.
    pub deals: Vec<DealReport>,
    /// GPU against custom, one class at a time.
    pub rollups: Vec<RollupReport>,
}

/// A deal as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct DealReport {
    /// Key.
    pub slug: String,
    /// As shown.
    pub name: String,
    /// `hosting` or `silicon`.
    pub class: Class,
    /// Lexicon id of the buyer.
    pub buyer: String,
    /// Lexicon id of the provider or vendor.
    pub provider: String,
    /// The word.
    pub headline: &'static str,
    /// Words about the deal as a whole: `CUSTOM-NATIVE` where there is no GPU leg to convert.
    pub badges: Vec<&'static str>,
    /// gpu, custom, other.
    pub legs: Vec<DealLegReport>,
    /// Custom share of contracted MW, permille.
    pub custom_contracted: Option<Bounds>,
    /// Custom share of contract value, permille.
    pub custom_contracted_usd: Option<Bounds>,
    /// Custom share of serving capacity, permille.
    pub custom_serving: Option<Bounds>,
    /// Whether a source states the serving share; without one it is only what can be.
    pub serving_proven: bool,
    /// Permille contracted, due and not proven to serve.
    pub gap: Option<i64>,
    /// The gap in words.
    pub gap_reads: String,
    /// The nearest milestone that is not reached.
    pub next_milestone: Option<NextMilestoneReport>,
    /// What is proven, and what the next proof would be.
    pub verdict: String,
    /// The weightiest word against it.
    pub contrary: Option<ContraryReport>,
    /// Head- and tailwinds, milli-nats.
    pub pressure: i32,
    /// Figures on which sources disagree.
    pub conflicts: Vec<ConflictReport>,
    /// Claims known since the mark.
    pub new: usize,
    /// Publication of the newest claim.
    pub last_claim: Option<Day>,
}

/// A leg of a deal as `--json` prints it: the status, and what the deal adds to it.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct DealLegReport {
    /// The status.
    #[serde(flatten)]
    pub status: LegReport,
    /// The day on which the rung was reached.
    pub since: Day,
    /// A single informant, less than 72 hours ago.
    pub provisional: bool,
    /// Best tier and kind of the words for the rung, e.g. `A2`.
    pub code: Option<String>,
    /// `provider`, `buyer` or `third`.
    pub owner: Owner,
    /// The programme behind it.
    pub programme: Option<String>,
    /// Announced MW.
    pub mw_headline: Option<FigureReport>,
    /// Contracted MW.
    pub mw_contracted: Option<FigureReport>,
    /// Installed MW.
    pub mw_deployed: Option<FigureReport>,
    /// Contract value, millions of dollars.
    pub usd_contracted: Option<FigureReport>,
    /// Value added by an amendment, millions of dollars.
    pub usd_increment: Option<FigureReport>,
    /// The day from which an earlier intent counts for nothing.
    pub lapsed: Option<Day>,
    /// Permille of the capacity that is due.
    pub due_share: Option<i64>,
    /// Part of all that the buyer has contracted in the class, permille.
    pub wallet: Option<Bounds>,
    /// Head- and tailwinds, milli-nats.
    pub pressure: i32,
    /// Where each of the flags comes from.
    pub flag_details: Vec<FlagReport>,
    /// The reader's judgements.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<PinReport>,
}

/// A flag as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct FlagReport {
    /// The word, e.g. `UNFUNDED`.
    pub flag: &'static str,
    /// The day of the word that opened it.
    pub since: Day,
    /// The claim that opened it.
    pub claim: String,
    /// Its words.
    pub words: String,
    /// The money that it is about, in millions of dollars.
    pub amount: Option<Fact>,
}

/// A figure as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct FigureReport {
    /// The interval.
    #[serde(flatten)]
    pub value: Bounds,
    /// `stated`, or `derived` from another figure.
    pub firmness: &'static str,
    /// The claims that it comes from.
    pub claims: Vec<String>,
}

/// A milestone ahead, or missed.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct NextMilestoneReport {
    /// Leg.
    pub leg: &'static str,
    /// Name.
    pub milestone: String,
    /// Due date.
    pub due: Day,
    /// Days left; negative when overdue.
    pub days: i32,
    /// Days moved since the first date given.
    pub slip: i32,
}

/// The weightiest word against a conversion.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ContraryReport {
    /// Claim id.
    pub claim: String,
    /// When it was published.
    pub published: Day,
    /// e.g. `C2`.
    pub code: String,
    /// The words.
    pub words: String,
}

/// Readings of one figure that disagree.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ConflictReport {
    /// Leg.
    pub leg: &'static str,
    /// What the figure measures.
    pub slot: Slot,
    /// The reading that is used.
    pub held: ReadingReport,
    /// The others.
    pub others: Vec<ReadingReport>,
}

/// One reading of a figure.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ReadingReport {
    /// The interval.
    #[serde(flatten)]
    pub value: Bounds,
    /// The claims that it comes from.
    pub claims: Vec<String>,
}

/// A pin as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct PinReport {
    /// `at_least`, `at_most` or `exact`.
    pub op: &'static str,
    /// 0 to 7.
    pub rung: u8,
    /// First day.
    pub from: Day,
    /// Last day.
    pub until: Option<Day>,
    /// The rung without any pin.
    pub unpinned: usize,
    /// The claim that it cannot be squared with.
    pub contradicted_by: Option<String>,
}

/// A roll-up as `--json` prints it.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct RollupReport {
    /// `all`, `buyer` or `vendor`.
    pub by: &'static str,
    /// Lexicon id; empty for `all`.
    pub name: String,
    /// `hosting` or `silicon`.
    pub class: Class,
    /// Announced, MW.
    pub headline: MeasureReport,
    /// Contracted, MW.
    pub contracted: MeasureReport,
    /// In production use, MW.
    pub serving: MeasureReport,
}

/// One reality of a roll-up.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct MeasureReport {
    /// MW of merchant GPUs; null for n/d.
    pub gpu: Option<Bounds>,
    /// MW of custom silicon.
    pub custom: Option<Bounds>,
    /// MW of other merchant silicon; in no ratio.
    pub other: Option<Bounds>,
    /// Custom of custom plus GPU, permille.
    pub share: Option<Bounds>,
    /// Legs this far without a figure: gpu, custom, other.
    pub unknown: [usize; 3],
}

impl From<&Board> for BoardReport {
    fn from(board: &Board) -> Self {
        Self {
            schema: SCHEMA,
            as_of: board.as_of,
            catalog_to: board.catalog_to,
            deals: board.deals.iter().map(DealReport::from).collect(),
            rollups: board.rollups.iter().map(RollupReport::from).collect(),
        }
    }
}

impl From<&DealStatus> for DealReport {
    fn from(status: &DealStatus) -> Self {
        Self {
            slug: status.deal.slug.to_string(),
            name: status.deal.name.clone(),
            class: status.deal.class,
            buyer: status.deal.buyer.clone(),
            provider: status.deal.provider.clone(),
            headline: status.headline.word(),
            badges: status.is_custom_native().then_some("CUSTOM-NATIVE").into_iter().collect(),
            legs: status.legs.iter().map(DealLegReport::from).collect(),
            custom_contracted: status.contracted,
            custom_contracted_usd: status.contracted_usd,
            custom_serving: status.serving.map(|serving| serving.share),
            serving_proven: status.serving.is_some_and(|serving| serving.proven),
            gap: status.gap.permille,
            gap_reads: status.gap.reads.clone(),
            next_milestone: status.next_milestone.as_ref().map(|next| NextMilestoneReport {
                leg: next.leg.word(),
                milestone: next.milestone.clone(),
                due: next.due,
                days: next.days,
                slip: next.slip,
            }),
            verdict: status.verdict.clone(),
            contrary: status.contrary.as_ref().map(|contrary| ContraryReport {
                claim: contrary.claim.clone(),
                published: contrary.published,
                code: contrary.code.to_string(),
                words: contrary.words.to_string(),
            }),
            pressure: status.pressure,
            conflicts: status.conflicts.iter().map(ConflictReport::from).collect(),
            new: status.new,
            last_claim: status.last_claim,
        }
    }
}

impl From<&LegView> for DealLegReport {
    fn from(leg: &LegView) -> Self {
        let figure = |figure: &Option<Figure>| figure.as_ref().map(FigureReport::from);
        Self {
            status: LegReport::new(leg.kind.word(), &leg.status),
            since: leg.status.since,
            provisional: leg.provisional,
            code: leg.code.map(|code| code.to_string()),
            owner: leg.owner,
            programme: leg.programme.clone(),
            mw_headline: figure(&leg.capacity.headline),
            mw_contracted: figure(&leg.capacity.contracted),
            mw_deployed: figure(&leg.capacity.deployed),
            usd_contracted: figure(&leg.capacity.usd),
            usd_increment: figure(&leg.capacity.increment),
            lapsed: leg.capacity.lapsed,
            due_share: leg.due_share,
            wallet: leg.wallet,
            pressure: leg.pressure,
            flag_details: leg
                .flags
                .iter()
                .map(|view| FlagReport {
                    flag: view.flag.word(),
                    since: view.since,
                    claim: view.claim.clone(),
                    words: view.words.to_string(),
                    amount: view.amount.clone(),
                })
                .collect(),
            pins: leg.pins.iter().map(PinReport::from).collect(),
        }
    }
}

impl From<&Figure> for FigureReport {
    fn from(figure: &Figure) -> Self {
        let firmness = if figure.derived { "derived" } else { "stated" };
        Self { value: figure.value, firmness, claims: figure.claims.clone() }
    }
}

impl From<&Conflict> for ConflictReport {
    fn from(conflict: &Conflict) -> Self {
        let reading =
            |(value, claim): &(Bounds, String)| ReadingReport { value: *value, claims: vec![claim.clone()] };
        Self {
            leg: conflict.leg.word(),
            slot: conflict.slot,
            held: ReadingReport { value: conflict.held, claims: conflict.held_by.clone() },
            others: conflict.others.iter().map(reading).collect(),
        }
    }
}

impl From<&PinView> for PinReport {
    fn from(view: &PinView) -> Self {
        Self {
            op: match view.pin.op {
                PinOp::AtLeast => "at_least",
                PinOp::AtMost => "at_most",
                PinOp::Exact => "exact",
            },
            rung: view.pin.rung,
            from: view.pin.from,
            until: view.pin.until,
            unpinned: view.unpinned.index(),
            contradicted_by: view.contradicted_by.clone(),
        }
    }
}

impl From<&Rollup> for RollupReport {
    fn from(rollup: &Rollup) -> Self {
        let (by, name) = match &rollup.scope {
            Scope::All => ("all", String::new()),
            Scope::Buyer(id) => ("buyer", id.clone()),
            Scope::Vendor(id) => ("vendor", id.clone()),
        };
        let measure = |measure: &Measure| MeasureReport {
            gpu: measure.gpu.mw,
            custom: measure.custom.mw,
            other: measure.other.mw,
            share: measure.share,
            unknown: [measure.gpu.unknown, measure.custom.unknown, measure.other.unknown],
        };
        Self {
            by,
            name,
            class: rollup.class,
            headline: measure(&rollup.headline),
            contracted: measure(&rollup.contracted),
            serving: measure(&rollup.serving),
        }
    }
}

//! Claims: what a source said about one leg of one deal, with the words it was read from.
//!
//! The fields and their rules are those of the evidence schema that the Threshold-Odds Ledger is
//! defined on; [`crate::ledger`] turns claims into status.

use serde::{Deserialize, Serialize};

use super::deal::{DealSlug, LegKind};
use super::outlet::Tier;
use super::text::DisplayText;
use super::time::{Day, Timestamp};

/// How far a leg has come. A text must *state* the criterion.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    schemars::JsonSchema,
    Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Rung {
    /// Nothing said.
    #[default]
    None,
    /// Talks, evaluation, tests of the named silicon by the buyer.
    Exploring,
    /// Letter of intent, term sheet, plans by a party that name silicon and a quantity or date.
    Announced,
    /// Definitive agreement, order, commitment to consume, backlog that names the customer.
    Contracted,
    /// A named workload of the buyer's own outside the lab.
    Piloting,
    /// Racks or MW installed for the buyer, energised or accepted.
    Deployed,
    /// The buyer's production inference runs on it, in the present tense.
    Serving,
    /// Two quarters of serving, and half of the leg or 1 GW or a majority of inference.
    AtScale,
}

impl Rung {
    /// In ascending order, `NONE` first.
    pub const ALL: [Self; 8] = [
        Self::None,
        Self::Exploring,
        Self::Announced,
        Self::Contracted,
        Self::Piloting,
        Self::Deployed,
        Self::Serving,
        Self::AtScale,
    ];

    /// 0 for `NONE` to 7 for `AT-SCALE`.
    pub fn index(self) -> usize {
        self as usize
    }

    /// The rung of an index; anything above 7 is `AT-SCALE`.
    pub fn from_index(index: usize) -> Self {
        Self::ALL[index.min(7)]
    }

    /// The label shown: `NONE` to `AT-SCALE`.
    pub fn label(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::Exploring => "EXPLORING",
            Self::Announced => "ANNOUNCED",
            Self::Contracted => "CONTRACTED",
            Self::Piloting => "PILOTING",
            Self::Deployed => "DEPLOYED",
            Self::Serving => "SERVING",
            Self::AtScale => "AT-SCALE",
        }
    }
}

/// Whether a claim says that a leg is at its rung or beyond, or that it is not.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    schemars::JsonSchema,
    Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Sign {
    /// The leg is at the rung or above.
    #[default]
    For,
    /// The leg is not at the rung.
    Against,
}

/// How sure the speaker is.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    schemars::JsonSchema,
    Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Modality {
    /// Stated as fact.
    #[default]
    Asserted,
    /// "reportedly", "people familiar", "expected to be".
    Hedged,
    /// "may", "could".
    Speculative,
    /// Denied by a party.
    Denied,
    /// Future with a date: sets a due date, supports no rung.
    Scheduled,
    /// "if", "were to".
    Hypothetical,
    /// An analyst's or commentator's view.
    Opinion,
}

/// Whose work runs on the silicon.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    schemars::JsonSchema,
    Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Workload {
    /// The buyer's own production.
    #[default]
    Own,
    /// The provider reselling the buyer's models.
    Resold,
    /// Engineering samples in a laboratory.
    Lab,
}

/// What kind of statement a claim is. Decides persistence, flags and pressure.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    schemars::JsonSchema,
    Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ClaimKind {
    /// A first public word by a party: letter of intent, term sheet, plan.
    Announced,
    /// A definitive agreement or order.
    ContractSigned,
    /// More capacity or money in a standing relationship.
    Expanded,
    /// Other terms changed.
    Amended,
    /// A standing commitment confirmed.
    ContractReaffirmed,
    /// First capacity live, racks delivered.
    FirstCapacity,
    /// Production use.
    Production,
    /// A named trial.
    Pilot,
    /// Talks, evaluation, tests.
    Talks,
    /// A dated plan.
    Schedule,
    /// A dated plan moved later.
    Delayed,
    /// A capacity, sum or share without a change of rung.
    #[default]
    Quantity,
    /// A filing that limits or restates.
    Filing,
    /// Not on custom silicon, said in as many words.
    NotCustom,
    /// Not reached yet, or denied.
    NotYet,
    /// Ended by a party (reversal).
    Cancelled,
    /// Contract terminated (reversal).
    Terminated,
    /// Work moved off the silicon (reversal).
    MigratedAway,
    /// Capacity taken down to nothing (reversal).
    ScaledToZero,
    /// Money for a commitment is missing: opens UNFUNDED.
    FinancingSnag,
    /// Money is there: closes UNFUNDED.
    Funded,
    /// Depends on a condition: opens CONDITIONAL.
    Conditional,
    /// The condition is met: closes CONDITIONAL.
    ConditionMet,
    /// The vendor pays for its own customer: opens VENDOR-FUNDED.
    VendorFinanced,
    /// No longer so: closes VENDOR-FUNDED.
    SelfFinanced,
    /// Less than was agreed: opens REDUCED.
    Reduced,
    /// Back to what was agreed: closes REDUCED.
    Restored,
    /// An intent ran out or was replaced: opens LAPSED.
    Lapsed,
    /// The intent stands again: closes LAPSED.
    Renewed,
    /// Legal or regulatory head- or tailwind (pressure).
    Legal,
    /// A rival's contract or product (pressure).
    Competitive,
    /// A claim on price or performance (pressure).
    Price,
    /// Supply: sold out, short, constrained (pressure).
    Supply,
    /// An opinion or estimate (pressure).
    Analysis,
}

impl ClaimKind {
    /// A reversal does not perish as a mere "not yet" does.
    pub fn is_reversal(self) -> bool {
        matches!(self, Self::Cancelled | Self::Terminated | Self::MigratedAway | Self::ScaledToZero)
    }
}

/// What a figure measures.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// Contracted capacity in MW.
    MwContracted,
    /// Headline capacity in MW that binds nobody yet.
    MwHeadline,
    /// Installed and accepted capacity in MW.
    MwDeployed,
    /// Contract value in millions of dollars.
    UsdContracted,
    /// Value added by an amendment, in millions of dollars.
    UsdIncrement,
    /// Equity, in millions of dollars: never contract value.
    UsdEquity,
    /// Debt or other financing, in millions of dollars.
    UsdFinancing,
    /// Capital expenditure or run rate, in millions of dollars.
    UsdOther,
    /// Number of accelerators.
    Chips,
    /// Serving share of custom silicon in permille.
    ServingShare,
    /// Term in years.
    Years,
}

/// How a figure combines with what is known.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    schemars::JsonSchema,
    Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Op {
    /// Replaces.
    #[default]
    Set,
    /// Adds once per leg, slot and mid.
    Add,
}

/// One figure of a claim, as an interval in the slot's unit.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema, Deserialize,
)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// What it measures.
    pub slot: Slot,
    /// Lower bound.
    pub lo: i64,
    /// Best reading.
    pub mid: i64,
    /// Upper bound.
    pub hi: i64,
    /// Set or add.
    #[serde(default)]
    pub op: Op,
    /// Term of a sum in years, where given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<u16>,
    /// From what the figure was derived, where it was not stated (dollars and an assumed rent).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub derived: Option<String>,
}

/// What a claim is about.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// One leg of a deal.
    Leg {
        /// The deal.
        deal: DealSlug,
        /// Its leg.
        leg: LegKind,
    },
    /// A silicon programme: pressure on every leg that names it.
    Programme(String),
}

impl Subject {
    /// The deal, if the claim is about one.
    pub fn deal(&self) -> Option<&DealSlug> {
        match self {
            Self::Leg { deal, .. } => Some(deal),
            Self::Programme(_) => None,
        }
    }

    /// The leg, if the claim is about one.
    pub fn leg(&self) -> Option<LegKind> {
        match self {
            Self::Leg { leg, .. } => Some(*leg),
            Self::Programme(_) => None,
        }
    }
}

/// Where the words stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Source {
    /// Outlet or publisher as shown.
    pub outlet: DisplayText,
    /// http(s) address, where there is one to show.
    #[serde(default)]
    pub url: Option<String>,
    /// Headline or document name.
    #[serde(default)]
    pub title: DisplayText,
    /// When the item was published; `None` where only the day is known. Says how old news is, to the
    /// minute; the ledger counts in days and does not look at it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// When the item was first seen here; `None` for the catalog's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Timestamp>,
}

/// One statement about one leg, read from one story.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema, Deserialize)]
pub struct Claim {
    /// Stable: the catalog's own id, or item key, rule and leg.
    pub id: String,
    /// What it is about.
    pub subject: Subject,
    /// What kind of statement.
    pub kind: ClaimKind,
    /// The rung as said. Resold and lab work above `CONTRACTED` count as `EXPLORING` in the ledger.
    pub rung: Rung,
    /// For or against.
    #[serde(default)]
    pub sign: Sign,
    /// How sure.
    pub modality: Modality,
    /// Tier of the speaker, already capped by the outlet.
    pub tier: Tier,
    /// The ultimate informant: `party:<ids joined by +, sorted>`, `newsroom:<outlet>:<story>`,
    /// `analyst:<firm>`, or `unknown:<story>`.
    pub origin: String,
    /// Day of publication: age and order go by it.
    pub published: Day,
    /// Day on which it was first known here: visibility in a replay goes by it; never before `published`.
    pub known: Day,
    /// Day on which its publisher took the words back by editing the item: not visible from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Day>,
    /// The item that it was read from; for the catalog's own, the story.
    #[serde(default)]
    pub story: String,
    /// Tier of the outlet that carried it, where it was read from an item. Of word-for-word copies the one
    /// that the best outlet carries tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Tier>,
    /// A retelling of something older: counts as coverage, weighs nothing.
    #[serde(default)]
    pub recap: bool,
    /// Whose work.
    #[serde(default)]
    pub workload: Workload,
    /// The milestone that `due` belongs to; `next` where the text names none.
    #[serde(default)]
    pub milestone: Option<String>,
    /// Due date of a scheduled claim; a vague date is its period's last day.
    #[serde(default)]
    pub due: Option<Day>,
    /// Figures.
    #[serde(default)]
    pub facts: Vec<Fact>,
    /// Where the words stand.
    pub source: Source,
    /// The words that it was read from (the outlet's, or for the catalog a statement in our own).
    pub words: DisplayText,
    /// Byte spans within `words` that the claim was read from.
    #[serde(default)]
    pub spans: Vec<(u32, u32)>,
    /// The rule that read it, e.g. `commit-consume`, or `catalog`.
    pub rule: String,
}

impl Claim {
    /// The moment from which it was known here: to the second where it was read from a feed, else the
    /// beginning of the day.
    pub fn known_at(&self) -> Timestamp {
        let day = self.known.max(self.published).start();
        // A revision is known later than its item was first seen.
        self.source.seen.map_or(day, |seen| seen.max(day))
    }
}

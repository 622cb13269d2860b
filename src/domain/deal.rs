//! Deals, their legs and milestones, programmes, and the catalog that holds them.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::claim::{Claim, Rung};
use super::time::Day;

/// `buyer-provider` in lower case, e.g. `openai-aws`. The one name by which a deal is known everywhere.
#[derive(
    Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema, Deserialize,
)]
#[serde(transparent)]
pub struct DealSlug(pub String);

impl DealSlug {
    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DealSlug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What is bought. Capacities are never added across classes: a hosted GW is filled by a silicon GW.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// Capacity at a provider (AWS, Azure, Oracle, CoreWeave).
    Hosting,
    /// Chips or systems from a vendor (Nvidia, AMD, Broadcom, Cerebras).
    Silicon,
}

/// Part of a deal by whose silicon it is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum LegKind {
    /// Merchant accelerators (Nvidia, AMD).
    Gpu,
    /// The provider's or the buyer's own silicon (Trainium, TPU, Maia, MTIA, XPU).
    Custom,
    /// Merchant silicon that is no GPU (Cerebras, Groq).
    Other,
}

impl LegKind {
    /// The word used in files and output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Gpu => "gpu",
            Self::Custom => "custom",
            Self::Other => "other",
        }
    }
}

/// Whose margin a leg moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Owner {
    /// The provider's own silicon: its margin lever.
    Provider,
    /// The buyer's own silicon: competes with every provider's.
    Buyer,
    /// A third party's silicon.
    Third,
}

/// One leg of a deal as the catalog describes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Leg {
    /// Which leg.
    pub kind: LegKind,
    /// Whose silicon it is.
    pub owner: Owner,
    /// Silicon lines of the lexicon that fill it, e.g. `trainium`, `nvidia-gpu`.
    #[serde(default)]
    pub silicon: Vec<String>,
    /// The programme behind it, if any: `trainium`, `tpu`, `maia`, `mtia`, `xpu`.
    #[serde(default)]
    pub programme: Option<String>,
}

/// A listed company touched by a deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticker {
    /// Exchange symbol, e.g. `AMZN`.
    pub symbol: String,
    /// What the company is in this deal, e.g. `provider`, `chips`, `foundry`.
    pub role: String,
}

/// A dated step that a deal is to reach, as the catalog names it. Its dates and slips come from
/// scheduled claims that carry the same name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Milestone {
    /// Name as scheduled claims carry it, e.g. `all capacity`.
    pub name: String,
    /// The leg that it is on.
    pub leg: LegKind,
    /// The rung that counts as reaching it.
    pub rung: Rung,
    /// The first date given for it; a vague date is its period's last day.
    pub due: Day,
    /// The day on which a claim said it was met, if one did.
    #[serde(default)]
    pub met: Option<Day>,
}

/// One commercial relationship between a buyer and a provider or vendor, with its amendments.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Deal {
    /// Key.
    pub slug: DealSlug,
    /// As shown, e.g. `OpenAI–AWS`.
    pub name: String,
    /// What is bought.
    pub class: Class,
    /// Lexicon id of the buyer, e.g. `openai`.
    pub buyer: String,
    /// Lexicon id of the provider or vendor, e.g. `aws`.
    pub provider: String,
    /// Lexicon ids of further parties.
    pub parties: Vec<String>,
    /// Listed companies.
    pub tickers: Vec<Ticker>,
    /// Names of the deal itself, e.g. `Stargate`, `Project Rainier`.
    pub aliases: Vec<String>,
    /// Legs, at most one of each kind.
    pub legs: Vec<Leg>,
    /// Milestones named by the catalog.
    pub milestones: Vec<Milestone>,
    /// The deal's history as dated, sourced claims.
    pub claims: Vec<Claim>,
}

impl Deal {
    /// The leg of a kind, if the deal has it.
    pub fn leg(&self, kind: LegKind) -> Option<&Leg> {
        self.legs.iter().find(|leg| leg.kind == kind)
    }

    /// The leg whose conversion the deal is judged by: `custom`, else `other`.
    pub fn converting_leg(&self) -> Option<&Leg> {
        self.leg(LegKind::Custom).or_else(|| self.leg(LegKind::Other))
    }
}

/// A silicon line behind legs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Programme {
    /// `trainium`, `tpu`, `maia`, `mtia` or `xpu`.
    pub id: String,
    /// As shown.
    pub name: String,
    /// Lexicon id of the owner.
    pub owner: String,
    /// Listed companies.
    pub tickers: Vec<Ticker>,
    /// Pressure and progress of the line itself, as dated, sourced claims.
    pub claims: Vec<Claim>,
}

/// All tracked deals and programmes.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Catalog {
    /// In the order of the board.
    pub deals: Vec<Deal>,
    /// In order of id.
    pub programmes: Vec<Programme>,
}

impl Catalog {
    /// The deal of a slug.
    pub fn deal(&self, slug: &str) -> Option<&Deal> {
        self.deals.iter().find(|deal| deal.slug.as_str() == slug)
    }

    /// Every claim of the catalog's own, deals first.
    pub fn claims(&self) -> impl Iterator<Item = &Claim> {
        self.deals.iter().flat_map(|deal| &deal.claims).chain(self.programmes.iter().flat_map(|p| &p.claims))
    }
}

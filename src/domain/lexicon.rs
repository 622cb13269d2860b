//! The tagger's vocabulary as plain data: who is who, whose silicon is whose, which words announce, delay or deny.
//!
//! Read from `lexicon.toml`; compiled by [`crate::tagger`]. Words match without regard to case, accents,
//! hyphens or dashes. A word ending in `~` stands for its inflected forms too: `sign~` is sign, signs,
//! signed, signing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::deal::LegKind;

/// Everything that the tagger knows about words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Lexicon {
    /// Companies, tracked or not: a look-alike that is known is not mistaken for a party.
    #[serde(default, rename = "company")]
    pub companies: Vec<Company>,
    /// Silicon lines.
    #[serde(default, rename = "silicon")]
    pub silicon: Vec<Silicon>,
    /// Names of deals, sites and code names that stand for a deal.
    #[serde(default, rename = "deal-name")]
    pub deal_names: Vec<DealName>,
    /// Words that tell what happened.
    #[serde(default)]
    pub action: BTreeMap<Action, Vec<String>>,
    /// Words that tell how sure, when, and whether at all.
    #[serde(default)]
    pub modality: BTreeMap<Mood, Vec<String>>,
    /// Words that tell who says so.
    #[serde(default)]
    pub informant: BTreeMap<Voice, Vec<String>>,
    /// Words that tell what a text is about.
    #[serde(default)]
    pub topic: BTreeMap<Topic, Vec<String>>,
}

/// One company.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Company {
    /// The id that deals use, e.g. `openai`.
    pub id: String,
    /// As shown.
    pub name: String,
    /// Names, in any capitalisation.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Names that are words as well and count only when capitalised, e.g. `Meta`.
    #[serde(default)]
    pub cased: Vec<String>,
    /// Exchange symbols; they count in capitals only.
    #[serde(default)]
    pub tickers: Vec<String>,
    /// Roundabout names, e.g. `chatgpt maker`.
    #[serde(default)]
    pub oblique: Vec<String>,
    /// Products and services that stand for the company.
    #[serde(default)]
    pub products: Vec<String>,
    /// People who speak for it.
    #[serde(default)]
    pub people: Vec<String>,
}

/// Whether a line of silicon is an accelerator at all, and on which leg it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SiliconClass {
    /// Merchant GPU.
    Gpu,
    /// A cloud's or a buyer's own accelerator.
    Custom,
    /// Merchant accelerator that is no GPU.
    Other,
    /// A CPU or a network part: no accelerator, on no leg.
    None,
}

impl SiliconClass {
    /// The leg that it counts on.
    pub fn leg(self) -> Option<LegKind> {
        match self {
            Self::Gpu => Some(LegKind::Gpu),
            Self::Custom => Some(LegKind::Custom),
            Self::Other => Some(LegKind::Other),
            Self::None => None,
        }
    }
}

/// One line of silicon.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Silicon {
    /// The id that legs use, e.g. `trainium`.
    pub id: String,
    /// As shown.
    pub name: String,
    /// On which leg it counts.
    pub class: SiliconClass,
    /// The company whose silicon it is; empty for a kind of chip that many make.
    #[serde(default)]
    pub owner: String,
    /// The programme that it belongs to, if any.
    #[serde(default)]
    pub programme: Option<String>,
    /// Names; a generation may follow (`trainium` also reads Trainium3).
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Names that count only when capitalised.
    #[serde(default)]
    pub cased: Vec<String>,
}

/// A name that stands for a deal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DealName {
    /// Names, in any capitalisation.
    #[serde(default)]
    pub names: Vec<String>,
    /// Names that are words as well and count only when capitalised.
    #[serde(default)]
    pub cased: Vec<String>,
    /// The deal.
    pub deal: String,
    /// Companies or silicon lines of which one must stand in the same item; empty where the name is enough.
    #[serde(default)]
    pub needs: Vec<String>,
}

/// What happened: the event types with words of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A deal made public.
    Announcement,
    /// Signed, ordered, committed.
    Commitment,
    /// More of what stands.
    Expansion,
    /// Other terms.
    Amendment,
    /// A step on the ground: opened, delivered, taped out.
    Milestone,
    /// In use.
    Adoption,
    /// Talks, tests, thoughts.
    Exploration,
    /// Delay, dispute, denial, money missing.
    Setback,
    /// Equity, debt, guarantees.
    Financing,
    /// Filings and the books.
    Filing,
    /// Price, performance, supply.
    Competitiveness,
    /// Courts and regulators.
    Regulatory,
    /// Opinion, explanation, markets.
    Analysis,
}

/// How sure, when, whether at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mood {
    /// not, no, never.
    Negation,
    /// A party says that it is not so.
    Denial,
    /// reportedly, is said to, expected to.
    Hedge,
    /// may, might, could.
    Speculation,
    /// will, plans to, is due to.
    Future,
    /// if, subject to, unless.
    Condition,
    /// A view: believes, expects, estimates, as said of analysts.
    Opinion,
    /// Told before: recalls, last year, since.
    Past,
    /// Background: next to, on top of, alongside.
    Background,
    /// Compared with, not dealt with: rival, instead of, reliance on.
    Comparison,
    /// Set aside: without, excluding, rival.
    Exclusion,
    /// Brought up from elsewhere: the article recalls.
    Recall,
    /// A letter of intent, a term sheet: not binding.
    NonBinding,
    /// Exact words for a binding deed.
    Binding,
    /// More: by, additional, another.
    Addition,
}

/// Who says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Voice {
    /// said, confirmed, told: gives words to the nearest name.
    Says,
    /// A filing, a call, a release: a party's words by their nature.
    Document,
    /// people familiar, sources.
    Unnamed,
    /// A newsroom that reports from sources of its own.
    Newsroom,
    /// An analyst's firm.
    Analyst,
    /// A chief executive, a spokesperson: speaks for a party.
    Officer,
}

/// What a text, or a figure in it, is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Compute: capacity, chips, clouds, data centres.
    Compute,
    /// Dealings: agreement, contract, order.
    Dealing,
    /// Something else altogether: laptops, licences, trials.
    OffTopic,
    /// How-to, documentation, product pages: models offered, not compute bought.
    Product,
    /// The text calls itself an opinion, an explainer, a forecast.
    Genre,
    /// Share prices and those who watch them.
    Market,
    /// Equity.
    Equity,
    /// Debt and its kin.
    Debt,
    /// Capital expenditure.
    Capex,
    /// Revenue, profit.
    Revenue,
    /// Backlog and obligations.
    Backlog,
    /// What a company is said to be worth.
    Valuation,
    /// Price and rent.
    Price,
}

/// One name that two entries claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clash {
    /// The name, as written.
    pub name: String,
    /// The first entry.
    pub first: String,
    /// The second.
    pub second: String,
}

impl Lexicon {
    /// Names that stand for two different companies, silicon lines or deals, in order of the file.
    ///
    /// A deal's name may equal a silicon line's (`Jalapeño` is a chip and stands for its deal).
    pub fn clashes(&self) -> Vec<Clash> {
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        let mut clashes = Vec::new();
        let mut claim = |name: &str, owner: &str| {
            let key = name.to_lowercase().replace('-', " ");
            match seen.get(&key) {
                Some(first) if first != owner => {
                    clashes.push(Clash { name: name.into(), first: first.clone(), second: owner.into() });
                }
                Some(_) => {}
                None => {
                    seen.insert(key, owner.into());
                }
            }
        };
        for company in &self.companies {
            for name in company.names() {
                claim(name, &company.id);
            }
        }
        for line in &self.silicon {
            for name in line.aliases.iter().chain(&line.cased) {
                claim(name, &line.id);
            }
        }
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for entry in &self.deal_names {
            for name in entry.names.iter().chain(&entry.cased) {
                match seen.insert(name.to_lowercase(), &entry.deal) {
                    Some(first) if first != entry.deal => clashes.push(Clash {
                        name: name.clone(),
                        first: first.into(),
                        second: entry.deal.clone(),
                    }),
                    _ => {}
                }
            }
        }
        clashes
    }

    /// The company of an id.
    pub fn company(&self, id: &str) -> Option<&Company> {
        self.companies.iter().find(|company| company.id == id)
    }
}

impl Company {
    /// Every name of the company, of whatever kind.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        [&self.aliases, &self.cased, &self.tickers, &self.oblique, &self.products, &self.people]
            .into_iter()
            .flatten()
            .map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_for_two_companies_is_a_clash() {
        let company = |id: &str, alias: &str| Company {
            id: id.into(),
            name: id.into(),
            aliases: vec![alias.into()],
            ..Company::default()
        };
        let lexicon = Lexicon {
            companies: vec![company("a", "Twin-Name"), company("b", "twin name"), company("c", "other")],
            ..Lexicon::default()
        };
        let clashes = lexicon.clashes();
        assert_eq!(clashes.len(), 1);
        assert_eq!((clashes[0].first.as_str(), clashes[0].second.as_str()), ("a", "b"));
    }
}

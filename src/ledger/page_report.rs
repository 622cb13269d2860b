//! The printed form of a deal in full: `deal --json` and `explain --json`.

use serde::Serialize;

use super::milestone::{MilestoneState, MilestoneView};
use super::model::explain::{Account, Line};
use super::page::{ClaimView, DealPage, LegAccount, WouldChange};
use super::programme::{ProgrammeClaim, ProgrammePage};
use super::report::{DealReport, SCHEMA};
use crate::domain::claim::{ClaimKind, Fact, Modality, Sign, Workload};
use crate::domain::outlet::Tier;
use crate::domain::text::DisplayText;
use crate::domain::time::Day;

/// A deal in full as `deal --json` prints it.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct PageReport {
    /// Version of the form.
    pub schema: u32,
    /// The day, all of it, UTC.
    pub as_of: Day,
    /// The status.
    #[serde(flatten)]
    pub deal: DealReport,
    /// Claims known on the day, newest first.
    pub claims: Vec<ClaimReport>,
    /// Milestones by date.
    pub milestones: Vec<MilestoneReport>,
    /// What the next word would do.
    pub would_change: Vec<WouldChangeReport>,
    /// What presses on the legs without reaching a rung, leg by leg, heaviest first.
    pub pressure_lines: Vec<PressureLineReport>,
}

/// A claim that presses on a leg, as `--json` prints it.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct PressureLineReport {
    /// Leg.
    pub leg: &'static str,
    /// Claim id.
    pub claim: String,
    /// What it adds to the gauge, milli-nats.
    pub counts: i32,
    /// Day of publication.
    pub published: Day,
    /// e.g. `C2`.
    pub code: String,
    /// The programme that it is about; null where it is about the leg itself.
    pub programme: Option<String>,
    /// Outlet or publisher.
    pub source: DisplayText,
    /// Address.
    pub url: Option<String>,
    /// The words.
    pub words: DisplayText,
}

/// A programme as `deal PROGRAMME --json` prints it.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ProgrammeReport {
    /// Version of the form.
    pub schema: u32,
    /// The day, all of it, UTC.
    pub as_of: Day,
    /// Id, e.g. `trainium`.
    pub programme: String,
    /// As shown.
    pub name: String,
    /// Lexicon id of the owner.
    pub owner: String,
    /// Head- and tailwinds, milli-nats.
    pub pressure: i32,
    /// Legs that it stands behind.
    pub legs: Vec<ProgrammeLegReport>,
    /// Claims known on the day, newest first.
    pub claims: Vec<ProgrammeClaimReport>,
}

/// A leg that a programme stands behind.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ProgrammeLegReport {
    /// Deal.
    pub deal: String,
    /// Leg.
    pub leg: &'static str,
    /// Shown rung.
    pub label: &'static str,
}

/// A claim about a programme.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ProgrammeClaimReport {
    /// Stable id.
    pub id: String,
    /// What kind of statement.
    pub kind: ClaimKind,
    /// `for` or `against`.
    pub sign: Sign,
    /// How sure.
    pub modality: Modality,
    /// e.g. `A2`.
    pub code: String,
    /// The ultimate informant.
    pub origin: String,
    /// Day of publication.
    pub published: Day,
    /// Read from a feed; of the catalog otherwise.
    pub live: bool,
    /// It weighs; a retelling does not.
    pub novel: bool,
    /// What it adds to the gauge, milli-nats.
    pub counts: i32,
    /// Figures.
    pub facts: Vec<Fact>,
    /// Outlet or publisher.
    pub outlet: DisplayText,
    /// Headline or document.
    pub title: DisplayText,
    /// Address.
    pub url: Option<String>,
    /// The words that it was read from.
    pub words: DisplayText,
}

/// A claim as `--json` prints it.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ClaimReport {
    /// Stable id.
    pub id: String,
    /// Leg.
    pub leg: &'static str,
    /// What kind of statement.
    pub kind: ClaimKind,
    /// Rung as said, 0 to 7.
    pub rung: usize,
    /// Its label.
    pub label: &'static str,
    /// `for` or `against`.
    pub sign: Sign,
    /// How sure.
    pub modality: Modality,
    /// Tier of the speaker.
    pub tier: Tier,
    /// e.g. `A2`.
    pub code: String,
    /// The ultimate informant.
    pub origin: String,
    /// Day of publication.
    pub published: Day,
    /// Day on which it was first known.
    pub known: Day,
    /// Read from a feed; of the catalog otherwise.
    pub live: bool,
    /// It weighs; a retelling does not.
    pub novel: bool,
    /// How many other known claims say the same.
    pub copies: usize,
    /// Whose work.
    pub workload: Workload,
    /// Milestone of the due date.
    pub milestone: Option<String>,
    /// Due date.
    pub due: Option<Day>,
    /// Figures.
    pub facts: Vec<Fact>,
    /// Outlet or publisher.
    pub outlet: DisplayText,
    /// Headline or document.
    pub title: DisplayText,
    /// Address.
    pub url: Option<String>,
    /// The words that it was read from.
    pub words: DisplayText,
    /// Byte spans within the words.
    pub spans: Vec<(u32, u32)>,
    /// The rule that read it.
    pub rule: String,
}

/// A milestone as `--json` prints it.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct MilestoneReport {
    /// Leg.
    pub leg: &'static str,
    /// Name.
    pub milestone: String,
    /// The rung that reaches it, 0 to 7.
    pub rung: usize,
    /// First date given.
    pub first: Day,
    /// Latest date given.
    pub due: Day,
    /// Days between the two.
    pub slip: i32,
    /// `met`, `ahead`, `overdue` or `lapsed`.
    pub state: &'static str,
    /// Days left, or past; null when met or lapsed.
    pub days: Option<i32>,
    /// Since when it is met or lapsed, where that is known.
    pub on: Option<Day>,
    /// The claim that says that it is met.
    pub by: Option<String>,
    /// The claim that gave the date.
    pub claim: Option<String>,
    /// Other dates given for the same step, newest first.
    pub others: Vec<OtherDateReport>,
}

/// Another date given for a milestone.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct OtherDateReport {
    /// The date.
    pub due: Day,
    /// When it was said.
    pub published: Day,
    /// e.g. `D6`.
    pub code: String,
    /// The claim.
    pub claim: String,
}

/// A hypothetical word as `--json` prints it.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct WouldChangeReport {
    /// Leg.
    pub leg: &'static str,
    /// The word.
    pub what: String,
    /// The rung then, 0 to 7.
    pub rung: usize,
    /// Its label.
    pub label: &'static str,
    /// Its probability then, permille.
    pub chance: i32,
    /// Confidence then.
    pub level: &'static str,
    /// The leg would be called reverting.
    pub reverting: bool,
}

/// The arithmetic of a deal as `explain --json` prints it.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ExplainReport {
    /// Version of the form.
    pub schema: u32,
    /// The day, all of it, UTC.
    pub as_of: Day,
    /// Deal.
    pub slug: String,
    /// The word.
    pub headline: &'static str,
    /// Each leg's rungs that matter.
    pub legs: Vec<ExplainLegReport>,
}

/// One leg's arithmetic.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct ExplainLegReport {
    /// Leg.
    pub leg: &'static str,
    /// Shown rung, 0 to 7.
    pub rung: usize,
    /// Its label.
    pub label: &'static str,
    /// The shown rung and the next, line by line.
    pub rungs: Vec<AccountReport>,
    /// Head- and tailwinds, milli-nats.
    pub pressure: i32,
    /// What presses on it without reaching a rung, heaviest first.
    pub pressure_lines: Vec<PressureLineReport>,
}

/// The log-odds of one rung, line by line.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct AccountReport {
    /// The rung, 1 to 7.
    pub rung: u8,
    /// Prior, milli-nats.
    pub base: i32,
    /// One line for each informant.
    pub lines: Vec<LineReport>,
    /// What the caps take off the support.
    pub cap_support: i32,
    /// What the caps give back of the contradiction.
    pub cap_against: i32,
    /// What a pin adds or takes.
    pub pinned: i32,
    /// All of it together.
    #[serde(rename = "L")]
    pub odds: i32,
    /// Its probability, permille.
    #[serde(rename = "P")]
    pub chance: i32,
}

/// One informant's line.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct LineReport {
    /// What it adds, milli-nats.
    pub counts: i32,
    /// The informant's best claim.
    pub claim: String,
    /// The informant.
    pub origin: String,
    /// e.g. `A2`.
    pub code: Option<String>,
    /// Day of publication.
    pub published: Option<Day>,
    /// Weight on its first day.
    pub weight: i32,
    /// What age has left of it.
    pub aged: i32,
    /// What newer opposite claims leave of that, permille.
    pub left: i32,
    /// What the informant's place counts, permille.
    pub place: i32,
    /// The words.
    pub words: Option<DisplayText>,
    /// Outlet.
    pub outlet: Option<DisplayText>,
    /// Address.
    pub url: Option<String>,
}

impl PageReport {
    /// The printed form of a page on its day.
    pub fn new(page: &DealPage, as_of: Day) -> Self {
        Self {
            schema: SCHEMA,
            as_of,
            deal: DealReport::from(&page.status),
            claims: page.claims.iter().map(ClaimReport::from).collect(),
            milestones: page.status.milestones.iter().map(MilestoneReport::from).collect(),
            would_change: page
                .legs
                .iter()
                .flat_map(|leg| leg.would_change.iter().map(|change| WouldChangeReport::new(leg, change)))
                .collect(),
            pressure_lines: pressure_lines(&page.legs),
        }
    }
}

fn pressure_lines(legs: &[LegAccount]) -> Vec<PressureLineReport> {
    let lines = legs.iter().flat_map(|leg| leg.pressure.iter().map(move |line| (leg, line)));
    lines
        .map(|(leg, line)| PressureLineReport {
            leg: leg.leg.word(),
            claim: line.claim.id.clone(),
            counts: line.counts,
            published: line.claim.published,
            code: line.code.to_string(),
            programme: line.programme.clone(),
            source: line.claim.source.outlet.clone(),
            url: line.claim.source.url.clone(),
            words: line.claim.words.clone(),
        })
        .collect()
}

impl ProgrammeReport {
    /// The printed form of a programme on its day.
    pub fn new(page: &ProgrammePage, as_of: Day) -> Self {
        Self {
            schema: SCHEMA,
            as_of,
            programme: page.id.clone(),
            name: page.name.clone(),
            owner: page.owner.clone(),
            pressure: page.pressure,
            legs: page
                .legs
                .iter()
                .map(|leg| ProgrammeLegReport {
                    deal: leg.deal.clone(),
                    leg: leg.leg.word(),
                    label: leg.label,
                })
                .collect(),
            claims: page.claims.iter().map(ProgrammeClaimReport::from).collect(),
        }
    }
}

impl From<&ProgrammeClaim> for ProgrammeClaimReport {
    fn from(view: &ProgrammeClaim) -> Self {
        let claim = &view.claim;
        Self {
            id: claim.id.clone(),
            kind: claim.kind,
            sign: claim.sign,
            modality: claim.modality,
            code: view.code.to_string(),
            origin: claim.origin.clone(),
            published: claim.published,
            live: view.live,
            novel: view.novel,
            counts: view.counts,
            facts: claim.facts.clone(),
            outlet: claim.source.outlet.clone(),
            title: claim.source.title.clone(),
            url: claim.source.url.clone(),
            words: claim.words.clone(),
        }
    }
}

impl From<&ClaimView> for ClaimReport {
    fn from(view: &ClaimView) -> Self {
        let claim = &view.claim;
        Self {
            id: claim.id.clone(),
            leg: view.leg.word(),
            kind: claim.kind,
            rung: claim.rung.index(),
            label: claim.rung.label(),
            sign: if claim.modality == Modality::Denied { Sign::Against } else { claim.sign },
            modality: claim.modality,
            tier: claim.tier,
            code: view.code.to_string(),
            origin: claim.origin.clone(),
            published: claim.published,
            known: claim.known.max(claim.published),
            live: view.live,
            novel: view.novel,
            copies: view.copies,
            workload: claim.workload,
            milestone: claim.milestone.clone(),
            due: claim.due,
            facts: claim.facts.clone(),
            outlet: claim.source.outlet.clone(),
            title: claim.source.title.clone(),
            url: claim.source.url.clone(),
            words: claim.words.clone(),
            spans: claim.spans.clone(),
            rule: claim.rule.clone(),
        }
    }
}

impl From<&MilestoneView> for MilestoneReport {
    fn from(view: &MilestoneView) -> Self {
        let (state, days, on, by) = match &view.state {
            MilestoneState::Met { on, by } => ("met", None, *on, by.clone()),
            MilestoneState::Ahead(days) => ("ahead", Some(*days), None, None),
            MilestoneState::Overdue(days) => ("overdue", Some(*days), None, None),
            MilestoneState::Void(on) => ("lapsed", None, Some(*on), None),
        };
        Self {
            leg: view.leg.word(),
            milestone: view.name.clone(),
            rung: view.rung.index(),
            first: view.first,
            due: view.due,
            slip: view.slip,
            state,
            days,
            on,
            by,
            claim: view.claim.clone(),
            others: view
                .others
                .iter()
                .map(|other| OtherDateReport {
                    due: other.due,
                    published: other.published,
                    code: other.code.to_string(),
                    claim: other.claim.clone(),
                })
                .collect(),
        }
    }
}

impl WouldChangeReport {
    fn new(leg: &LegAccount, change: &WouldChange) -> Self {
        Self {
            leg: leg.leg.word(),
            what: change.what.clone(),
            rung: change.rung.index(),
            label: change.rung.label(),
            chance: change.chance,
            level: change.level,
            reverting: change.reverting,
        }
    }
}

impl ExplainReport {
    /// The printed form of a page's arithmetic on its day.
    pub fn new(page: &DealPage, as_of: Day) -> Self {
        let legs = page.legs.iter().zip(&page.status.legs).map(|(leg, view)| ExplainLegReport {
            leg: leg.leg.word(),
            rung: view.status.rung.index(),
            label: view.status.rung.label(),
            rungs: leg.accounts.iter().map(|account| AccountReport::new(page, account)).collect(),
            pressure: view.pressure,
            pressure_lines: pressure_lines(std::slice::from_ref(leg)),
        });
        Self {
            schema: SCHEMA,
            as_of,
            slug: page.status.deal.slug.to_string(),
            headline: page.status.headline.word(),
            legs: legs.collect(),
        }
    }
}

impl AccountReport {
    fn new(page: &DealPage, account: &Account) -> Self {
        Self {
            rung: account.rung,
            base: account.base,
            lines: account.lines.iter().map(|line| LineReport::new(page, line)).collect(),
            cap_support: account.cap_support,
            cap_against: account.cap_against,
            pinned: account.pinned,
            odds: account.odds,
            chance: account.chance,
        }
    }
}

impl LineReport {
    fn new(page: &DealPage, line: &Line) -> Self {
        let claim = page.claim(&line.claim);
        Self {
            counts: line.counts,
            claim: line.claim.clone(),
            origin: line.origin.clone(),
            code: claim.map(|view| view.code.to_string()),
            published: claim.map(|view| view.claim.published),
            weight: line.weight,
            aged: line.aged,
            left: line.left,
            place: line.place,
            words: claim.map(|view| view.claim.words.clone()),
            outlet: claim.map(|view| view.claim.source.outlet.clone()),
            url: claim.and_then(|view| view.claim.source.url.clone()),
        }
    }
}

//! Claims: for each deal of an item, what its words say about a leg, with the words.

use super::body::Tie;
use super::document::of_capacity;
use super::event::Event;
use super::link::Link;
use super::plan::DealPlan;
use super::quantity::period::{self, Period};
use super::quantity::{Bound, Kind, Of, Quantity};
use super::reading::{Part, Reading, Sentence};
use super::vocabulary::{Thing, Vocabulary};
use super::voice::{Informant, Outlet, modality};
use crate::domain::claim::{
    Claim, ClaimKind, Fact, Modality, Op, Rung, Sign, Slot, Source, Subject, Workload,
};
use crate::domain::deal::{Class, LegKind};
use crate::domain::item::Item;
use crate::domain::lexicon::{Action, Mood, SiliconClass, Topic};
use crate::domain::text::DisplayText;
use crate::domain::time::Day;

/// No item gives more claims than this; a long page repeats itself.
pub(super) const MOST: usize = 32;

/// Writes the claims of one item.
pub(super) struct Writer<'a> {
    pub item: &'a Item,
    pub raw: &'a str,
    pub reading: &'a Reading,
    pub vocabulary: &'a Vocabulary,
    pub plans: &'a [DealPlan],
    pub quantities: &'a [Quantity],
    pub outlet: &'a Outlet,
    pub event: Event,
}

/// What a sentence says about a leg, before it is given its words.
pub(super) struct Statement {
    pub kind: ClaimKind,
    pub rung: Rung,
    pub sign: Sign,
    pub modality: Modality,
    pub workload: Workload,
    pub rule: &'static str,
}

impl Writer<'_> {
    /// The claims of the item, in order of its deals and sentences.
    pub(super) fn claims(&self, links: &[Link], ties: &[Tie], programmes: &[String]) -> Vec<Claim> {
        let mut claims = Vec::new();
        let rivals: Vec<usize> = links.iter().map(|link| link.deal).collect();
        for link in links {
            let plan = &self.plans[link.deal];
            let sentence = self.telling(plan, link);
            self.of_sentence(plan, &rivals, sentence, self.event, &mut claims);
            // What the headline leaves open, the rest of the summary may settle: figures and dates.
            for more in self.reading.sentences.iter().filter(|more| more.part != Part::Body) {
                let same = more.start == sentence.start;
                // A sentence without a name carries on with the only deal there is.
                let alone = links.len() == 1 && (more.companies == 0 || more.companies & plan.parties != 0);
                let about = alone || more.companies & 1 << plan.provider != 0;
                if !same && about && more.quantities.0 < more.quantities.1 && claims.len() < MOST {
                    self.of_sentence(plan, &rivals, more, Event::None, &mut claims);
                }
            }
        }
        if links.is_empty() || self.event == Event::Competitiveness {
            self.of_programmes(programmes, &mut claims);
        }
        self.of_body(ties, &mut claims);
        claims.truncate(MOST);
        claims
    }

    /// The sentence that states what the item says of a deal: the one that ties the deal to it, unless that
    /// one only supposes and another that names both parties states it.
    fn telling(&self, plan: &DealPlan, link: &Link) -> &Sentence {
        let supposes = |sentence: &Sentence| {
            let informant = self.outlet.informant(self.reading, self.vocabulary, plan, sentence);
            matches!(modality(sentence, &informant, false), Modality::Hypothetical | Modality::Speculative)
        };
        let tied = &self.reading.sentences[link.sentence];
        if !supposes(tied) {
            return tied;
        }
        let pair = 1 << plan.buyer | 1 << plan.provider;
        self.reading
            .sentences
            .iter()
            .filter(|other| other.part != Part::Body && other.companies & pair == pair)
            .find(|other| !supposes(other))
            .unwrap_or(tied)
    }

    pub(super) fn of_sentence(
        &self,
        plan: &DealPlan,
        rivals: &[usize],
        sentence: &Sentence,
        event: Event,
        claims: &mut Vec<Claim>,
    ) {
        let informant = self.outlet.informant(self.reading, self.vocabulary, plan, sentence);
        let periods = period::scan(&self.reading.folded.text, sentence.start, sentence.end);
        let stands = self.stands(plan, sentence, &informant);
        let (statement, legs) = if let Some(stands) = stands {
            (of_capacity(stands), self.legs_that_stand(plan, sentence, stands, &periods))
        } else {
            let said = self.statement(plan, sentence, event, &informant);
            let legs = self.legs(plan, sentence, said.sign);
            (said, legs)
        };
        let published = self.item.at().day();
        // What stands today may name the day on which it was agreed.
        let recap = match stands {
            Some(_) => sentence.cues.has(Mood::Recall),
            None => recap(sentence, &periods, published, event),
        };
        for leg in legs {
            // Use of GPUs is the state of every GPU deal; only that all of them stand is told by the rung.
            let whole = stands.is_some() && plan.class == Class::Hosting;
            let rung = match leg {
                LegKind::Gpu if whole => statement.rung,
                LegKind::Gpu => statement.rung.min(Rung::Deployed),
                // That custom capacity is there proves no workload on it.
                _ if stands.is_some() => statement.rung.min(Rung::Deployed),
                _ => statement.rung,
            };
            let facts = if statement.sign == Sign::For {
                self.facts(plan, rivals, sentence, rung, statement.kind)
            } else {
                Vec::new()
            };
            if event == Event::None && facts.is_empty() && periods.is_empty() {
                continue;
            }
            let mut claim = self.claim(plan, leg, sentence, &informant, &statement, claims.len());
            claim.rung = rung;
            if leg == LegKind::Gpu && claim.workload == Workload::Lab {
                // Engineering samples are of silicon that somebody designs, never of GPUs that are bought.
                claim.workload = Workload::Own;
            }
            claim.facts = facts;
            claim.recap = recap;
            let due = periods.iter().find(|period| period.due > published && !period.term);
            // A dated plan is a claim of its own: it sets a due date and supports no rung.
            let scheduled = due
                .filter(|_| {
                    stands.is_none()
                        && sentence.cues.has(Mood::Future)
                        && statement.sign == Sign::For
                        && statement.modality != Modality::Opinion
                })
                .map(|period| Claim {
                    id: format!("{}/due", claim.id),
                    kind: ClaimKind::Schedule,
                    modality: Modality::Scheduled,
                    rung: Rung::Deployed,
                    facts: Vec::new(),
                    // A date that a step of the deal has is that step's.
                    milestone: Some(plan.milestone(leg, period.due).unwrap_or("next").to_owned()),
                    due: Some(period.due),
                    rule: "schedule".into(),
                    ..claim.clone()
                });
            claims.push(claim);
            claims.extend(scheduled);
        }
    }

    /// Legs that a sentence is about: by the silicon that it names, else the item names, else the safe one.
    fn legs(&self, plan: &DealPlan, sentence: &Sentence, sign: Sign) -> Vec<LegKind> {
        let generic = |silicon: u64, class: SiliconClass| {
            self.vocabulary
                .silicon
                .iter()
                .enumerate()
                .any(|(at, line)| silicon & 1 << at != 0 && line.owner.is_none() && line.class == class)
        };
        let named = |silicon: u64| -> Vec<LegKind> {
            let fits = |leg: &LegKind| {
                silicon & plan.silicon(*leg) != 0
                    || *leg == LegKind::Custom && generic(silicon, SiliconClass::Custom)
                    || *leg == LegKind::Gpu && plan.legs.len() > 1 && generic(silicon, SiliconClass::Gpu)
            };
            plan.legs.iter().copied().filter(fits).collect()
        };
        // What is denied is denied of the silicon that is named.
        let denied = if sign == Sign::For { self.set_aside(sentence) } else { 0 };
        let here = named(sentence.silicon & !denied);
        if !here.is_empty() {
            return here;
        }
        if self.is_of_other_silicon(plan, sentence, denied) {
            return Vec::new();
        }
        let against = named(denied);
        let item = named(self.reading.silicon & !denied);
        if item.len() == 1 && against.is_empty() {
            return item;
        }
        // Where nothing is said, nothing is credited to a custom leg that could also be GPUs.
        plan.legs
            .iter()
            .copied()
            .filter(|leg| !against.contains(leg))
            .min_by_key(|leg| *leg != LegKind::Gpu)
            .into_iter()
            .collect()
    }

    /// What a sentence says, by the event and its own words. A rung of `CONTRACTED` or more needs an exact
    /// trigger in a party's own, asserted words; a report reaches `ANNOUNCED` at most, and use that is only
    /// reported is no more than exploring.
    fn statement(
        &self,
        plan: &DealPlan,
        sentence: &Sentence,
        event: Event,
        informant: &Informant,
    ) -> Statement {
        let cues = sentence.cues;
        let view = matches!(self.event, Event::Analysis) || self.event == Event::Competitiveness;
        let modality = modality(sentence, informant, view);
        let said = self
            .rebuttal(plan, sentence, informant)
            .or_else(|| self.not_ended(plan, sentence, informant))
            .or_else(|| self.reduction(sentence, informant));
        if let Some(said) = said {
            return said;
        }
        let own = informant.party && modality == Modality::Asserted;
        let firm = own && cues.has(Mood::Binding) && !cues.has(Mood::NonBinding) && !cues.has(Mood::Negation);
        let agreed = if firm { Rung::Contracted } else { Rung::Announced };
        let by = |kind: ClaimKind, rung: Rung, rule: &'static str| Statement {
            kind,
            rung,
            sign: Sign::For,
            modality,
            workload: Workload::Own,
            rule,
        };
        match event {
            Event::Announcement | Event::Commitment | Event::Expansion if self.is_negated(sentence) => {
                let rule = "not-signed";
                Statement { sign: Sign::Against, ..by(ClaimKind::NotYet, Rung::Contracted, rule) }
            }
            Event::Announcement => {
                by(if firm { ClaimKind::ContractSigned } else { ClaimKind::Announced }, agreed, "announce")
            }
            Event::Commitment => {
                by(if firm { ClaimKind::ContractSigned } else { ClaimKind::Announced }, agreed, "commit")
            }
            Event::Expansion => by(ClaimKind::Expanded, agreed, "expand"),
            Event::Amendment => by(ClaimKind::Amended, Rung::None, "amend"),
            Event::Exploration => by(ClaimKind::Talks, Rung::Exploring, "explore"),
            Event::Milestone => self.milestone(plan, sentence, own, modality),
            Event::Adoption => self.adoption(plan, sentence, own, modality),
            Event::Setback => self.setback(sentence, informant, modality),
            Event::Financing => by(ClaimKind::Quantity, Rung::None, "finance"),
            Event::Filing => {
                let backlog = own && cues.has(Topic::Backlog) && informant.rule != "on-record";
                let rung = if backlog { Rung::Contracted } else { Rung::None };
                by(if backlog { ClaimKind::ContractReaffirmed } else { ClaimKind::Filing }, rung, "file")
            }
            Event::Competitiveness => by(ClaimKind::Price, Rung::None, "compete"),
            Event::Regulatory => by(ClaimKind::Legal, Rung::None, "regulate"),
            Event::Analysis => by(ClaimKind::Analysis, Rung::None, "view"),
            Event::None => by(ClaimKind::Quantity, Rung::None, "figure"),
        }
    }

    fn milestone(&self, plan: &DealPlan, sentence: &Sentence, own: bool, modality: Modality) -> Statement {
        let words = self.reading.slice(sentence.start, sentence.end);
        let says = |phrases: &[&str]| phrases.iter().any(|phrase| words.contains(phrase));
        // Samples, tape-outs and launches are the laboratory, whatever is planned with them.
        let lab = says(&[
            "tape",
            "engineering sample",
            " lab",
            "unveil",
            "reveal",
            "design",
            "prototype",
            "validat",
            "test",
        ]) || plan.own_leg() == Some(LegKind::Custom)
            && !says(&["live", "online", "energi", "installed", "deliver", "racks"]);
        let live = own
            && !lab
            && says(&["live", "online", "energi", "installed", "delivered", "up and running", "operational"]);
        let (rung, workload, rule) = if live {
            (Rung::Deployed, Workload::Own, "first-capacity")
        } else if lab {
            (Rung::Exploring, Workload::Lab, "lab")
        } else {
            (Rung::Announced, Workload::Own, "milestone")
        };
        let kind = if live { ClaimKind::FirstCapacity } else { ClaimKind::Pilot };
        Statement { kind, rung, sign: Sign::For, modality, workload, rule }
    }

    fn adoption(&self, plan: &DealPlan, sentence: &Sentence, own: bool, modality: Modality) -> Statement {
        // A provider's service that resells the buyer's models is not the buyer's own work.
        let resold = sentence.companies & 1 << plan.provider != 0
            && self.reading.mentions_of(sentence).iter().any(|name| {
                matches!(name.thing, Thing::Company(at, super::vocabulary::How::Product) if at == plan.provider)
            });
        let workload = if resold { Workload::Resold } else { Workload::Own };
        let rung = if own && sentence.cues.has(Action::Adoption) { Rung::Serving } else { Rung::Exploring };
        Statement { kind: ClaimKind::Production, rung, sign: Sign::For, modality, workload, rule: "adopt" }
    }

    fn setback(&self, sentence: &Sentence, informant: &Informant, modality: Modality) -> Statement {
        let words = self.reading.slice(sentence.start, sentence.end);
        let says = |phrases: &[&str]| phrases.iter().any(|phrase| words.contains(phrase));
        let against = |kind, rung, rule| Statement {
            kind,
            rung,
            sign: Sign::Against,
            modality,
            workload: Workload::Own,
            rule,
        };
        if says(&["financ", "fund", "money", "debt", "credit"]) {
            return Statement {
                kind: ClaimKind::FinancingSnag,
                rung: Rung::None,
                sign: Sign::For,
                modality,
                workload: Workload::Own,
                rule: "financing-snag",
            };
        }
        if says(&["sue", "suing", "court", "legal", "lawsuit"]) {
            return Statement {
                kind: ClaimKind::Legal,
                rung: Rung::None,
                sign: Sign::For,
                modality,
                workload: Workload::Own,
                rule: "legal",
            };
        }
        // Only a party can end what it agreed to; from others it is "not yet".
        if informant.party
            && says(&["terminat", "cancelled", "canceled", "called off"])
            && modality == Modality::Asserted
        {
            return against(ClaimKind::Cancelled, Rung::Contracted, "cancel");
        }
        if says(&["delay", "slip", "postpone", "pushed back", "behind schedule"]) {
            return against(ClaimKind::Delayed, Rung::Deployed, "delay");
        }
        if says(&["no plan", "no active plan", "not in our plans", "no large scale"]) {
            return against(ClaimKind::NotYet, Rung::Announced, "no-plan");
        }
        against(ClaimKind::NotYet, Rung::Contracted, "not-final")
    }

    /// The figures of a sentence that belong to one deal, as facts.
    fn facts(
        &self,
        plan: &DealPlan,
        rivals: &[usize],
        sentence: &Sentence,
        rung: Rung,
        kind: ClaimKind,
    ) -> Vec<Fact> {
        let (from, to) = sentence.quantities;
        let figures = self.quantities.get(from as usize..to as usize).unwrap_or_default();
        let years =
            figures.iter().find(|figure| figure.kind == Kind::Years).map(|figure| figure.value as u16);
        let mut facts: Vec<Fact> = Vec::new();
        if self.is_of_a_programme(plan, sentence) || self.is_listed_with_rivals(plan, rivals, sentence) {
            return facts;
        }
        let meant = |figure: &&Quantity| kind != ClaimKind::Reduced || self.is_target(figure);
        let figures = figures.iter().filter(meant);
        for figure in figures.filter(|figure| self.belongs(plan, rivals, sentence, figure)) {
            let slot = match (figure.kind, figure.of) {
                (Kind::Power, _) if rung >= Rung::Deployed => Slot::MwDeployed,
                (Kind::Power, _) if rung == Rung::Contracted => Slot::MwContracted,
                (Kind::Power, _) => Slot::MwHeadline,
                (Kind::Usd, Of::Contract) if figure.per.is_none() && figure.add => Slot::UsdIncrement,
                (Kind::Usd, Of::Contract) if figure.per.is_none() && rung >= Rung::Announced => {
                    Slot::UsdContracted
                }
                (Kind::Usd, Of::Equity) => Slot::UsdEquity,
                (Kind::Usd, Of::Debt) => Slot::UsdFinancing,
                (Kind::Usd, _) => Slot::UsdOther,
                (Kind::Chips, _) => Slot::Chips,
                (Kind::Years, _) => continue,
            };
            let mid = if figure.kind == Kind::Usd { figure.value / 1e6 } else { figure.value }.round() as i64;
            let (lo, hi) = match figure.bound {
                Bound::Exact => (mid, mid),
                Bound::AtLeast => (mid, mid + mid / 4),
                Bound::UpTo => (0, mid),
                Bound::About => (mid - mid / 20, mid + mid / 20),
            };
            let op = if slot == Slot::UsdIncrement || figure.add && figure.kind == Kind::Power {
                Op::Add
            } else {
                Op::Set
            };
            let money = matches!(slot, Slot::UsdContracted | Slot::UsdIncrement);
            let fact = Fact { slot, lo, mid, hi, op, years: years.filter(|_| money), derived: None };
            // The larger of two figures for one slot is the deal's, the smaller a part of it.
            match facts.iter_mut().find(|known| known.slot == slot) {
                Some(known) if known.mid < fact.mid => *known = fact,
                Some(_) => {}
                None => facts.push(fact),
            }
        }
        facts
    }

    /// Whether a figure is this deal's: the deal whose seller stands nearest has it, or whose buyer where the
    /// seller speaks for itself.
    fn belongs(&self, plan: &DealPlan, rivals: &[usize], sentence: &Sentence, figure: &Quantity) -> bool {
        let distance = |plan: &DealPlan| {
            let unnamed = self.outlet.companies & 1 << plan.provider != 0;
            self.reading
                .mentions_of(sentence)
                .iter()
                .filter(|name| match name.thing {
                    Thing::Company(at, _) => at == if unnamed { plan.buyer } else { plan.provider },
                    Thing::Silicon(at) => plan.signature & 1 << at != 0,
                    Thing::DealName(at) => self.vocabulary.names[at as usize].deal == plan.slug.as_str(),
                })
                .map(|name| (name.start).abs_diff(figure.at))
                .min()
                .unwrap_or(u32::MAX)
        };
        let own = distance(plan);
        rivals.iter().all(|&deal| own <= distance(&self.plans[deal]))
    }

    fn of_programmes(&self, programmes: &[String], claims: &mut Vec<Claim>) {
        for programme in programmes {
            let lines = self
                .vocabulary
                .silicon
                .iter()
                .enumerate()
                .filter(|(_, line)| line.programme.as_ref() == Some(programme))
                .fold(0_u64, |set, (at, _)| set | 1 << at);
            let told = self.reading.sentences.iter().find(|s| s.part != Part::Body && s.silicon & lines != 0);
            let Some(sentence) = told.or(self.reading.sentences.first()) else { continue };
            let supply = self.reading.slice(sentence.start, sentence.end).contains("sold out");
            let kind = match self.event {
                Event::Competitiveness if supply => ClaimKind::Supply,
                Event::Competitiveness => ClaimKind::Price,
                Event::Regulatory => ClaimKind::Legal,
                Event::Analysis => ClaimKind::Analysis,
                _ => ClaimKind::Competitive,
            };
            let owner =
                self.vocabulary.silicon.iter().find(|line| line.programme.as_ref() == Some(programme));
            let owner = owner.and_then(|line| line.owner).unwrap_or_default();
            let informant =
                self.outlet.informant(self.reading, self.vocabulary, &DealPlan::of_owner(owner), sentence);
            let modality = modality(sentence, &informant, self.event == Event::Analysis);
            let statement = Statement {
                kind,
                rung: Rung::None,
                sign: Sign::For,
                modality,
                workload: Workload::Own,
                rule: "programme",
            };
            let mut claim =
                self.words(sentence, &informant, &statement, Subject::Programme(programme.clone()), &[]);
            claim.id = format!("{}/programme/{programme}", self.item.key.0);
            claims.push(claim);
        }
    }

    fn claim(
        &self,
        plan: &DealPlan,
        leg: LegKind,
        sentence: &Sentence,
        informant: &Informant,
        statement: &Statement,
        number: usize,
    ) -> Claim {
        let subject = Subject::Leg { deal: plan.slug.clone(), leg };
        let names: Vec<(u32, u32)> = self
            .reading
            .mentions_of(sentence)
            .iter()
            .filter(|name| match name.thing {
                Thing::Company(at, _) => plan.parties & 1 << at != 0,
                Thing::Silicon(at) => (plan.signature | plan.silicon(leg)) & 1 << at != 0,
                Thing::DealName(_) => true,
            })
            .map(|name| (name.start, name.end))
            .collect();
        let mut claim = self.words(sentence, informant, statement, subject, &names);
        claim.id = format!("{}/{}/{}/{}/{number}", self.item.key.0, plan.slug, leg.word(), statement.rule);
        claim
    }

    /// A claim with its words, and the spans of names, figures and telling words within them.
    fn words(
        &self,
        sentence: &Sentence,
        informant: &Informant,
        statement: &Statement,
        subject: Subject,
        names: &[(u32, u32)],
    ) -> Claim {
        let (from, to) = self.reading.folded.span(sentence.start, sentence.end);
        let whole = self.raw.get(from..to).unwrap_or_default();
        let text = whole.trim_start();
        let from = from + whole.len() - text.len();
        let words = DisplayText::line(text, 600);
        let (first, last) = sentence.quantities;
        let figures =
            self.quantities.get(first as usize..last as usize).unwrap_or_default().iter().map(|q| q.span);
        let folded = |(start, end): (u32, u32)| {
            let (start, end) = self.reading.folded.span(start as usize, end as usize);
            (start as u32, end as u32)
        };
        let telling = self.reading.marks_of(sentence).iter().filter(|mark| mark.cues.0 & TELLING != 0);
        let mut spans: Vec<(u32, u32)> = names
            .iter()
            .copied()
            .map(folded)
            .chain(telling.map(|mark| folded((mark.start, mark.end))))
            .chain(figures)
            .filter_map(|(start, end)| Some((start.checked_sub(from as u32)?, end.checked_sub(from as u32)?)))
            .filter(|&(start, end)| words.get(start as usize..end as usize).is_some())
            .collect();
        spans.sort_unstable();
        spans.dedup();
        let published = self.item.at().day();
        Claim {
            id: String::new(),
            subject,
            kind: statement.kind,
            rung: statement.rung,
            sign: statement.sign,
            modality: statement.modality,
            tier: informant.tier,
            origin: informant.origin.clone(),
            published,
            known: self.item.first_seen.day().max(published),
            withdrawn: None,
            story: self.item.key.0.clone(),
            carrier: Some(self.item.tier),
            recap: false,
            workload: statement.workload,
            milestone: None,
            due: None,
            facts: Vec::new(),
            source: Source {
                outlet: self.item.outlet.clone(),
                url: self.item.url.clone(),
                title: self.item.title.clone(),
                at: Some(self.item.at()),
                seen: Some(self.item.first_seen),
            },
            words,
            spans,
            rule: format!("{} · {}", statement.rule, informant.rule),
        }
    }
}

/// Cue classes whose words are shown as evidence: the actions but for opinion, and the moods.
const TELLING: u64 = 0x0000_0000_1fff_0fff;

/// A retelling: an opinion on what is known, or a sentence that dates what it tells well before.
fn recap(sentence: &Sentence, periods: &[Period], published: Day, event: Event) -> bool {
    let past = periods.iter().any(|period| published.since(period.due) > 45);
    let ahead = periods.iter().any(|period| period.due > published);
    past && !ahead || event == Event::Analysis || sentence.cues.has(Mood::Recall)
}

//! What happened: the event type of an item, weighed from its action words.

use serde::Serialize;

use super::quantity::{Kind, Quantity};
use super::reading::{Mark, Part, Reading};
use super::vocabulary::{Class, Cues};
use crate::domain::lexicon::{Action, Mood, Topic, Voice};

/// The event type of an item.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// First public word of a deal.
    Announcement,
    /// Signed or ordered.
    Commitment,
    /// More of what stands.
    Expansion,
    /// Other terms.
    Amendment,
    /// A step on the ground.
    Milestone,
    /// In use.
    Adoption,
    /// Talks, tests.
    Exploration,
    /// Delay, dispute, denial.
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
    /// No deal news.
    #[default]
    None,
}

impl Event {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Announcement => "announcement",
            Self::Commitment => "commitment",
            Self::Expansion => "expansion",
            Self::Amendment => "amendment",
            Self::Milestone => "milestone",
            Self::Adoption => "adoption",
            Self::Exploration => "exploration",
            Self::Setback => "setback",
            Self::Financing => "financing",
            Self::Filing => "filing",
            Self::Competitiveness => "competitiveness",
            Self::Regulatory => "regulatory",
            Self::Analysis => "analysis",
            Self::None => "none",
        }
    }

    /// An agreement: announced, signed, expanded or amended.
    pub fn is_agreement(self) -> bool {
        matches!(self, Self::Announcement | Self::Commitment | Self::Expansion | Self::Amendment)
    }
}

/// The cues of an item by where they stand.
struct Cast {
    /// In the headline.
    title: Cues,
    /// In the first sentence behind it.
    lead: Cues,
    /// Anywhere in headline and summary.
    all: Cues,
    /// A figure of dollars or power stands in the headline.
    title_figure: bool,
    /// The largest power figure in MW.
    power: f64,
    /// The largest sum in dollars.
    dollars: f64,
    /// Chips are counted.
    chips: bool,
    /// The headline ends with a question mark.
    asks: bool,
    /// An analyst's view is what it reports.
    view: bool,
    /// It calls itself an opinion, an explainer, a forecast.
    genre: bool,
    /// An analyst holds a view in the headline.
    analyst: bool,
}

impl Cast {
    fn new(reading: &Reading, quantities: &[Quantity]) -> Self {
        let mut cast = Self {
            title: Cues::default(),
            lead: Cues::default(),
            all: Cues::default(),
            title_figure: false,
            power: 0.0,
            dollars: 0.0,
            chips: false,
            asks: false,
            view: false,
            genre: false,
            analyst: false,
        };
        let mut summary = 0;
        for sentence in reading.sentences.iter().take_while(|sentence| sentence.part != Part::Body) {
            let mut cues = Cues::default();
            let marks = reading.marks_of(sentence);
            for (at, mark) in marks.iter().enumerate() {
                cues = cues.and(as_said(reading, marks, at, *mark));
            }
            let (from, to) = sentence.quantities;
            let figures = quantities.get(from as usize..to as usize).unwrap_or_default();
            for figure in figures.iter().filter(|figure| figure.kind == Kind::Power) {
                cast.power = cast.power.max(figure.value);
            }
            for figure in figures {
                match figure.kind {
                    Kind::Usd => cast.dollars = cast.dollars.max(figure.value),
                    Kind::Chips => cast.chips = true,
                    Kind::Power | Kind::Years => {}
                }
            }
            if sentence.part == Part::Title {
                let first = reading.word_after(sentence.start);
                cast.asks |= reading.slice(sentence.end, sentence.end + 1) == "?"
                    || matches!(first, "why" | "should" | "is" | "are" | "does" | "can" | "who");
                cast.analyst |= cues.has(Voice::Analyst) && cues.has(Mood::Opinion);
                cast.title = cast.title.and(cues);
                cast.title_figure |=
                    figures.iter().any(|figure| matches!(figure.kind, Kind::Usd | Kind::Power));
            } else {
                summary += 1;
                if summary == 1 {
                    cast.lead = cues;
                }
            }
            // A text says what it is at its head; "what it means" deep inside is no genre.
            let head = sentence.start as u32 + if sentence.part == Part::Title { u32::MAX / 2 } else { 60 };
            cast.genre |=
                summary <= 1 && marks.iter().any(|mark| mark.cues.has(Topic::Genre) && mark.start < head);
            cast.view |= summary <= 1 && cues.has(Voice::Analyst) && cues.has(Mood::Opinion);
            cast.all = cast.all.and(cues);
        }
        cast
    }

    fn agrees(cues: Cues) -> bool {
        [Action::Announcement, Action::Commitment, Action::Expansion].iter().any(|&action| cues.has(action))
    }

    /// Whether it is about compute of some size: an accelerator by name, power, or a sum beside compute.
    fn sized(&self, reading: &Reading, subject: &Subject) -> bool {
        let parties = reading.companies.count_ones();
        let hardware = subject.accelerator || subject.custom || self.power > 0.0 || self.chips;
        let sum = self.dollars >= 1e9 && self.all.has(Topic::Compute);
        let talks = self.title.has(Action::Exploration) && self.title.has(Topic::Compute);
        parties >= 2 && (hardware || talks || sum && Self::agrees(self.title))
            || parties == 1 && (self.power > 0.0 || self.chips || hardware && sum)
    }

    /// Whether the headline tells of a move between companies rather than of a product.
    fn moves(&self) -> bool {
        Self::agrees(self.title) || self.title.has(Action::Exploration) || self.title.has(Action::Setback)
    }

    /// Which kind of agreement the words make it.
    fn agreement(&self) -> Event {
        let cues = if Self::agrees(self.title) { self.title } else { self.all };
        if cues.has(Action::Expansion) {
            Event::Expansion
        } else if cues.has(Action::Announcement) {
            Event::Announcement
        } else {
            Event::Commitment
        }
    }
}

/// Deeds that are not done while they lie ahead: "to deliver", "will host".
const DONE: [Action; 2] = [Action::Milestone, Action::Adoption];

/// Deeds that are talk while they are only possible: "could buy", and no deal while they are denied: "has
/// not signed".
const DEEDS: [Action; 5] =
    [Action::Commitment, Action::Announcement, Action::Expansion, Action::Adoption, Action::Milestone];

/// The cues of a word as the words right before it bend them.
fn as_said(reading: &Reading, marks: &[Mark], at: usize, mark: Mark) -> Cues {
    let mut cues = mark.cues;
    if !DEEDS.iter().any(|&deed| cues.has(deed)) {
        return cues;
    }
    let start = mark.start as usize;
    if matches!(
        reading.word_before(start),
        "to" | "will"
            | "would"
            | "could"
            | "may"
            | "might"
            | "begin"
            | "should"
            | "can"
            | "for"
            | "at"
            | "toward"
            | "towards"
    ) {
        cues = cues.without(DONE);
    }
    let near = marks.get(..at).unwrap_or_default().iter().rev().take(3);
    for before in near {
        let gap = reading.slice(before.end as usize, start);
        let words = gap.split_ascii_whitespace().count();
        if words > 2 || gap.contains([',', '|', ':']) {
            break;
        }
        if before.cues.has(Mood::Speculation) {
            return cues.without(DEEDS).and(Action::Exploration.bit());
        }
        if before.cues.has(Mood::Negation) && words <= 1 {
            return cues.without(DEEDS).and(Action::Setback.bit());
        }
    }
    cues
}

/// What the other steps found, as far as the event type depends on it.
pub(super) struct Subject {
    /// Deals of the item.
    pub deals: usize,
    /// One of them stands in the headline.
    pub in_title: bool,
    /// Silicon programmes of the item.
    pub programmes: usize,
    /// The headline or summary names custom silicon.
    pub custom: bool,
    /// The headline names an accelerator.
    pub accelerator: bool,
    /// The document is a filing by its outlet.
    pub filing: bool,
}

/// The event type of an item.
///
/// A ladder, most telling first: a text that calls itself an opinion is one whatever it tells; a filing or a
/// setback in the headline outweighs the words of agreement that nearly every item has; flavour ("a gamble",
/// "inside the deal") decides only where no fact does.
pub(super) fn decide(reading: &Reading, quantities: &[Quantity], subject: &Subject) -> Event {
    let cast = Cast::new(reading, quantities);
    if subject.deals > 0 {
        return of_deals(&cast, subject);
    }
    let all = cast.all;
    let off = all.has(Topic::OffTopic) || all.has(Topic::Product);
    if off && subject.programmes == 0 {
        return Event::None;
    }
    if subject.programmes > 0 { of_programmes(&cast, subject) } else { of_others(&cast, reading, subject) }
}

/// An item about a silicon programme and no deal.
fn of_programmes(cast: &Cast, subject: &Subject) -> Event {
    let (title, all) = (cast.title, cast.all);
    if cast.genre {
        Event::Analysis
    } else if title.has(Action::Exploration) {
        Event::Exploration
    } else if title.has(Action::Milestone) {
        Event::Milestone
    } else if all.has(Action::Competitiveness) {
        Event::Competitiveness
    } else {
        of_deals(cast, subject)
    }
}

/// An item about neither: the companies around the deals, seldom with news of their own.
fn of_others(cast: &Cast, reading: &Reading, subject: &Subject) -> Event {
    let (title, all) = (cast.title, cast.all);
    let topical = all.has(Topic::Compute) || reading.silicon != 0;
    let money = all.has(Topic::Capex) || all.has(Topic::Backlog) || all.has(Action::Financing);
    if reading.companies == 0 && cast.power == 0.0 {
        Event::None
    } else if topical && title.has(Action::Milestone) && cast.power >= 500.0 {
        Event::Milestone
    } else if cast.genre && (topical || money) {
        Event::Analysis
    } else if cast.sized(reading, subject) && cast.moves() && !all.has(Topic::Market) {
        // A compute deal between companies outside the catalog.
        of_deals(cast, subject)
    } else if subject.accelerator && title.has(Action::Competitiveness) {
        Event::Competitiveness
    } else {
        Event::None
    }
}

fn of_deals(cast: &Cast, subject: &Subject) -> Event {
    let (title, lead, all) = (cast.title, cast.lead, cast.all);
    let market = title.has(Topic::Market);
    if subject.filing {
        return if title.has(Action::Amendment) { Event::Amendment } else { Event::Filing };
    }
    let suit = |cues: Cues| cues.has(Action::Setback) && cues.has(Action::Regulatory);
    if title.has(Action::Regulatory) && !suit(title) && !cast.genre {
        return Event::Regulatory;
    }
    if cast.analyst {
        return if title.has(Action::Competitiveness) { Event::Competitiveness } else { Event::Analysis };
    }
    let money = title.has(Topic::Debt) || title.has(Topic::Valuation) && title.has(Action::Financing);
    if money && !title.has(Action::Setback) && !title.has(Action::Filing) {
        return Event::Financing;
    }
    if cast.genre || cast.asks && !title.has(Action::Setback) && !title.has(Action::Exploration) {
        return Event::Analysis;
    }
    if cast.view && !title.has(Action::Setback) && !title.has(Action::Exploration) {
        return if all.has(Action::Competitiveness) { Event::Competitiveness } else { Event::Analysis };
    }
    if title.has(Action::Filing) {
        return Event::Filing;
    }
    // A market report that happens to name the parties.
    let priced = market || all.has(Topic::Market) && !lead.has(Mood::Binding);
    let talked = title.has(Action::Exploration) || lead.has(Action::Exploration);
    if priced && !subject.in_title && !talked {
        return Event::Analysis;
    }
    if suit(title) || title.has(Action::Exploration) && suit(lead) {
        return Event::Setback;
    }
    let talks = title.has(Action::Exploration) && lead.has(Action::Exploration);
    let amended = lead.has(Action::Amendment) && !title.has(Topic::Dealing);
    if title.has(Action::Setback) && !talks && !amended {
        let mood =
            (market || lead.has(Topic::Market)) && !lead.has(Action::Setback) && !title.has(Mood::Negation);
        return if mood && (!title.has(Topic::Dealing) || title.has(Action::Expansion)) {
            Event::Analysis
        } else {
            Event::Setback
        };
    }
    if title.has(Action::Amendment) {
        return Event::Amendment;
    }
    if title.has(Action::Exploration) && !title.has(Mood::Binding) {
        let turned = lead.has(Action::Setback) && !lead.has(Action::Exploration);
        return if turned { Event::Setback } else { Event::Exploration };
    }
    if title.has(Action::Adoption) {
        return Event::Adoption;
    }
    if Cast::agrees(title) && !(title.has(Action::Milestone) && lead.has(Action::Milestone)) {
        return cast.agreement();
    }
    if title.has(Action::Milestone) {
        return Event::Milestone;
    }
    if title.has(Action::Financing) {
        // An investment that comes with capacity is the announcement of a deal.
        let deal = cast.power > 0.0 && !lead.has(Action::Filing);
        return if deal { Event::Announcement } else { Event::Financing };
    }
    if title.has(Action::Competitiveness) && !Cast::agrees(lead) {
        return Event::Competitiveness;
    }
    of_summary(cast, subject)
}

/// The headline is silent: the summary speaks.
fn of_summary(cast: &Cast, subject: &Subject) -> Event {
    let (title, lead, all) = (cast.title, cast.lead, cast.all);
    let market = title.has(Topic::Market);
    if lead.has(Action::Setback) && !market {
        return Event::Setback;
    }
    if lead.has(Action::Amendment) {
        return Event::Amendment;
    }
    if all.has(Action::Filing) {
        return Event::Filing;
    }
    if lead.has(Action::Exploration) && !lead.has(Mood::Binding) {
        return Event::Exploration;
    }
    if market && !subject.in_title {
        return Event::Analysis;
    }
    if Cast::agrees(lead) && lead.has(Mood::Binding) {
        return cast.agreement();
    }
    if lead.has(Action::Adoption) {
        return Event::Adoption;
    }
    if lead.has(Action::Milestone) {
        return Event::Milestone;
    }
    if title.has(Action::Analysis) && subject.deals > 1 && !cast.title_figure {
        return Event::Analysis;
    }
    if Cast::agrees(all) {
        return cast.agreement();
    }
    let last = [
        (Action::Competitiveness, Event::Competitiveness),
        (Action::Milestone, Event::Milestone),
        (Action::Financing, Event::Financing),
    ];
    if let Some(&(_, event)) = last.iter().find(|(action, _)| all.has(*action)) {
        return event;
    }
    if cast.title_figure { Event::Announcement } else { Event::Analysis }
}

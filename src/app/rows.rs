//! The rows of every list, in the order in which they are drawn: what the cursor, the search, `open`,
//! `copy` and `open-link` go by.

use super::State;
use super::drill::{OverviewRow, TimelineRow};
use super::economics::Knob;
use super::figures::FigureRow;
use super::nav::List;
use crate::domain::claim::Claim;

/// A row as far as keys are concerned.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Identity.
    pub key: String,
    /// What is searched and copied.
    pub text: String,
    /// The claim behind it.
    pub claim: Option<String>,
    /// The deal it is about.
    pub deal: Option<String>,
    /// Where the words stand.
    pub url: Option<String>,
}

impl Row {
    fn new(key: impl Into<String>, text: impl Into<String>) -> Self {
        Self { key: key.into(), text: text.into(), ..Self::default() }
    }

    fn of_claim(claim: &Claim) -> Self {
        Self {
            claim: Some(claim.id.clone()),
            deal: claim.subject.deal().map(|deal| deal.0.clone()),
            url: claim.source.url.clone(),
            ..Self::new(&claim.id, format!("{} {} {}", claim.published, claim.source.outlet, claim.words))
        }
    }
}

impl State {
    /// Identities of a list's rows.
    pub fn keys(&self, list: List) -> Vec<String> {
        match list {
            // The two lists that are moved through most need no texts for it.
            List::Deals => self.deal_rows().iter().map(|row| row.deal.deal.slug.0.clone()).collect(),
            List::Wire => self.wire_rows().iter().map(|row| row.key.clone()).collect(),
            _ => self.rows(list).into_iter().map(|row| row.key).collect(),
        }
    }

    /// The row under the cursor of the list that moves now.
    pub fn row(&self) -> Option<Row> {
        let list = self.list();
        let rows = self.rows(list);
        let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
        let place = self.place(list, &keys);
        rows.into_iter().nth(place)
    }

    /// A list's rows.
    pub fn rows(&self, list: List) -> Vec<Row> {
        let claims = || self.page.iter().flat_map(|page| page.claims.iter());
        match list {
            List::Deals => self
                .deal_rows()
                .iter()
                .map(|row| {
                    let deal = row.deal;
                    let text = format!(
                        "{} {} {} {} {}",
                        deal.deal.name,
                        deal.deal.slug,
                        deal.headline.word(),
                        super::deals::size(deal),
                        super::deals::marks(deal).join(" ")
                    );
                    Row { deal: Some(deal.deal.slug.0.clone()), ..Row::new(deal.deal.slug.0.clone(), text) }
                })
                .collect(),
            List::Wire => self
                .wire_rows()
                .iter()
                .map(|row| Row {
                    claim: row.claims.first().cloned(),
                    deal: Some(row.subject.clone()),
                    url: row.url.clone(),
                    ..Row::new(&row.key, format!("{} {} {}", row.kind, row.subject, row.what))
                })
                .collect(),
            List::Overview => self
                .overview_rows()
                .iter()
                .enumerate()
                .map(|(place, row)| self.overview_row(place, row))
                .collect(),
            List::Claims | List::Evidence => claims().map(|view| Row::of_claim(&view.claim)).collect(),
            List::Timeline => self
                .timeline_rows()
                .iter()
                .enumerate()
                .map(|(place, row)| match row {
                    TimelineRow::Claim(view) => Row::of_claim(&view.claim),
                    TimelineRow::Change(change) => Row {
                        deal: Some(change.deal.clone()),
                        claim: change.by.clone(),
                        ..Row::new(
                            format!("change {} {}", change.day, change.what),
                            format!("{} {}", change.day, change.what),
                        )
                    },
                    TimelineRow::Due(view) => Row {
                        claim: view.claim.clone(),
                        ..Row::new(
                            format!("due {} {}", view.leg.word(), view.name),
                            format!("{} {}", view.due, view.name),
                        )
                    },
                    TimelineRow::LastLook(day) => Row::new("last look", format!("{day} last look")),
                    TimelineRow::Today(day) => Row::new(format!("today {place}"), day.to_string()),
                })
                .collect(),
            List::Chart => self
                .page
                .iter()
                .flat_map(|page| &page.status.legs)
                .map(|leg| Row::new(leg.kind.word(), leg.kind.word()))
                .collect(),
            List::Economics => Knob::ALL.into_iter().map(|one| Row::new(one.title(), one.title())).collect(),
            List::Exposure => self
                .exposure_rows()
                .iter()
                .map(|row| {
                    let why = row.exposure.as_ref().map_or("", |exposure| exposure.why);
                    Row::new(format!("{} {why}", row.symbol), format!("{} {} {why}", row.symbol, row.role))
                })
                .collect(),
            List::Figures => self.figures.iter().enumerate().map(figure_row).collect(),
            List::Sources => self
                .source_rows()
                .iter()
                .map(|source| Row {
                    url: Some(source.url.clone()),
                    ..Row::new(
                        &source.id,
                        format!("{} {} {} {}", source.name, source.id, source.health.word(), source.detail),
                    )
                })
                .collect(),
            List::Matrix => self.matrix().rows.iter().map(|row| Row::new(&row.buyer, &row.buyer)).collect(),
            List::Calendar => self
                .calendar_rows()
                .iter()
                .map(|row| Row {
                    deal: row.deal.clone(),
                    ..Row::new(
                        format!("{} {}", row.day, row.what),
                        format!("{} {} {}", row.day, row.who, row.what),
                    )
                })
                .collect(),
            List::Alerts => self
                .desk
                .shown()
                .map(|alert| Row {
                    deal: alert.deal.clone(),
                    claim: alert.claim.clone(),
                    ..Row::new(&alert.key, format!("{} {}", alert.rule, alert.text))
                })
                .collect(),
            List::Log => self
                .world
                .log
                .iter()
                .rev()
                .enumerate()
                .map(|(place, line)| {
                    Row::new(format!("{} {place}", line.at), format!("{} {}", line.at, line.text))
                })
                .collect(),
            List::Help => self
                .help_rows()
                .iter()
                .enumerate()
                .map(|(place, row)| Row::new(format!("{place}"), row.text()))
                .collect(),
        }
    }

    fn overview_row(&self, place: usize, row: &OverviewRow<'_>) -> Row {
        let claim = row.claim().map(str::to_owned);
        let url = claim.as_deref().and_then(|id| self.page.as_ref()?.claim(id)?.claim.source.url.clone());
        let mut text = row.text(self.page.as_deref());
        // What is copied and searched has the names that are shown.
        if let OverviewRow::Line(line) = row {
            text = text.replace(&line.origin, &self.informant(&line.origin));
        }
        Row { claim, url, deal: self.deal.clone(), ..Row::new(format!("{place}"), text) }
    }
}

fn figure_row((place, row): (usize, &FigureRow)) -> Row {
    let claim = row.claim();
    let text = match row {
        FigureRow::Figure(view) => format!("{}: {} ({})", view.what, view.value, view.how),
        FigureRow::Words(claim) => {
            format!("{} {} {}", claim.published, claim.source.outlet, claim.words)
        }
    };
    Row {
        claim: claim.map(|claim| claim.id.clone()),
        deal: claim.and_then(|claim| claim.subject.deal()).map(|deal| deal.0.clone()),
        url: claim.and_then(|claim| claim.source.url.clone()),
        ..Row::new(place.to_string(), text)
    }
}

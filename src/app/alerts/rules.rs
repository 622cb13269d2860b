//! What each rule looks for. Pure: two boards in, findings out.

use super::super::format;
use super::super::wire::WireRow;
use super::super::world::{Board, DealStatus};
use crate::config::alerts::{On, Rule};
use crate::domain::deal::LegKind;
use crate::domain::time::{Day, Timestamp};

/// What a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The deal, if it is about one.
    pub deal: Option<String>,
    /// What it is about: the deal, or a feed.
    pub subject: String,
    /// The same as shown.
    pub title: String,
    /// What was found, in one line.
    pub text: String,
    /// The claim behind it.
    pub claim: Option<String>,
    /// When it became public.
    pub published: Timestamp,
    /// A party's or a filing's own word.
    pub party: bool,
    /// For the list and the strip alone: it was so before anyone was watching.
    pub standing: bool,
}

/// What the rules on the state of deals find between two boards, each with the place of its rule.
pub(super) fn on_boards(
    rules: &[Rule],
    before: &Board,
    after: &Board,
    now: Timestamp,
) -> Vec<(usize, Found)> {
    let mut found = Vec::new();
    for (place, rule) in rules.iter().enumerate() {
        for deal in &after.deals {
            let slug = deal.deal.slug.as_str();
            if !is_about(rule, slug) {
                continue;
            }
            let Some(old) = before.deals.iter().find(|old| old.deal.slug == deal.deal.slug) else { continue };
            // What words changed is as old as the words; what the calendar changed is news now.
            let published = match deal.last_words {
                Some(words) if deal.last_words != old.last_words => words,
                _ => now,
            };
            let changes = on_deal(rule, (old, before.as_of), (deal, after.as_of));
            found.extend(
                changes.into_iter().map(|(text, claim)| (place, of_deal(deal, &text, claim, published))),
            );
        }
    }
    found
}

/// What the rules on dates find on the first board of a session, each with the place of its rule: what
/// comes due soon, and what was missed.
pub(super) fn on_dates(rules: &[Rule], board: &Board, now: Timestamp) -> Vec<(usize, Found)> {
    let mut found = Vec::new();
    for (place, rule) in rules.iter().enumerate().filter(|(_, rule)| matches!(rule.on, On::Due | On::Missed))
    {
        for deal in board.deals.iter().filter(|deal| is_about(rule, deal.deal.slug.as_str())) {
            let within = (rule.within.as_secs() / 86_400) as i32;
            let dated = (deal, board.as_of);
            let telling = dates(rule, dated, dated).filter(|date| match rule.on {
                On::Due => (0..=within).contains(&date.days),
                _ => date.days < 0,
            });
            found.extend(telling.map(|date| {
                let text = date.text(rule.on);
                let found = of_deal(deal, &text, date.claim.map(str::to_owned), now);
                (place, Found { standing: true, ..found })
            }));
        }
    }
    found
}

fn is_about(rule: &Rule, slug: &str) -> bool {
    rule.deals.is_empty() || rule.deals.iter().any(|wanted| wanted == slug)
}

fn of_deal(deal: &DealStatus, text: &str, claim: Option<String>, published: Timestamp) -> Found {
    Found {
        deal: Some(deal.deal.slug.0.clone()),
        subject: deal.deal.slug.0.clone(),
        title: deal.deal.name.clone(),
        text: format!("{}: {text}", deal.deal.name),
        claim,
        published,
        party: false,
        standing: false,
    }
}

/// A milestone that is not reached.
struct Date<'a> {
    leg: LegKind,
    milestone: &'a str,
    due: Day,
    /// Days from the new board to the date.
    days: i32,
    /// Days from the old board to the date that it then had; `None` where it had none.
    before: Option<i32>,
    /// The claim that set it.
    claim: Option<&'a str>,
}

impl Date<'_> {
    fn text(&self, on: On) -> String {
        let (milestone, leg, due) = (self.milestone, self.leg.word(), self.due);
        match on {
            On::Due => format!("{milestone} ({leg}) is due {due}"),
            _ => format!("{milestone} ({leg}) was due {due} and is not met"),
        }
    }
}

/// The milestones of the legs that a rule is about.
fn dates<'a>(
    rule: &'a Rule,
    (old, then): Dated<'a>,
    (new, now): Dated<'a>,
) -> impl Iterator<Item = Date<'a>> {
    new.milestones
        .iter()
        .filter(|view| view.is_open() && (rule.legs.is_empty() || rule.legs.contains(&view.leg)))
        .map(move |view| {
            let known = old.milestones.iter().find(|known| known.leg == view.leg && known.name == view.name);
            Date {
                leg: view.leg,
                milestone: &view.name,
                due: view.due,
                days: view.due.since(now),
                before: known.map(|known| known.due.since(then)),
                claim: view.claim.as_deref(),
            }
        })
}

/// A deal's status and the day that it is of.
type Dated<'a> = (&'a DealStatus, Day);

/// What a rule finds of one deal. Where nothing new was said, silence and the calendar were at work: a
/// status that fades is no news, a date that comes near or passes is.
fn on_deal(rule: &Rule, (old, then): Dated<'_>, (new, now): Dated<'_>) -> Vec<(String, Option<String>)> {
    let leg_wanted = |kind| rule.legs.is_empty() || rule.legs.contains(&kind);
    let said = (new.known, new.last_known) != (old.known, old.last_known);
    if !said && !matches!(rule.on, On::Due | On::Missed) {
        return Vec::new();
    }
    match rule.on {
        On::Status if old.headline != new.headline => {
            vec![(format!("{} → {}", old.headline.word(), new.headline.word()), None)]
        }
        On::Rung => new
            .legs
            .iter()
            .filter(|leg| leg_wanted(leg.kind))
            .filter_map(|leg| {
                let was = old.leg(leg.kind)?.status.rung;
                let is = leg.status.rung;
                // A fall from the wanted height is as much news as a rise to it.
                let high = was.max(is) >= rule.rung;
                (was != is && high)
                    .then(|| (format!("{} leg {} → {}", leg.kind.word(), was.label(), is.label()), None))
            })
            .collect(),
        On::Share => match (old.contracted, new.contracted) {
            (Some(was), Some(is)) if (was.mid - is.mid).unsigned_abs() >= u64::from(rule.permille) => {
                let text = format!(
                    "custom share of contracted {} → {}",
                    format::percent(was.mid),
                    format::percent(is.mid)
                );
                vec![(text, None)]
            }
            _ => Vec::new(),
        },
        On::Due => {
            // Only on the day on which it comes near, or when the date moved near.
            let within = (rule.within.as_secs() / 86_400) as i32;
            let near = |days: i32| (0..=within).contains(&days);
            dates(rule, (old, then), (new, now))
                .filter(|date| near(date.days) && date.before.is_none_or(|before| before > within))
                .map(|date| (date.text(rule.on), date.claim.map(str::to_owned)))
                .collect()
        }
        On::Missed => dates(rule, (old, then), (new, now))
            .filter(|date| date.days < 0 && date.before.is_some_and(|before| before >= 0))
            .map(|date| (date.text(rule.on), date.claim.map(str::to_owned)))
            .collect(),
        On::Conflict => new
            .conflicts
            .iter()
            .filter(|conflict| !old.conflicts.contains(conflict))
            .map(|conflict| {
                let claim = conflict.others.first().map(|(_, claim)| claim.clone());
                let what = super::super::drill::slot_name(conflict.slot);
                (format!("sources disagree on the {} leg's {what}", conflict.leg.word()), claim)
            })
            .collect(),
        On::Status | On::Claim | On::Feed | On::Signal => Vec::new(),
    }
}

fn of_row(row: &WireRow, name: &str) -> Found {
    Found {
        deal: Some(row.subject.clone()),
        subject: row.subject.clone(),
        title: name.to_owned(),
        text: format!("{name} {}: {}", row.kind, row.what),
        claim: row.claims.first().cloned(),
        published: row.at,
        party: row.tier == 'A',
        standing: false,
    }
}

/// A line of the wire that has come in, with the name of what it is about.
pub(super) type Fresh<'a> = (&'a WireRow, String);

/// Lines of the wire of at least the rule's priority.
pub(super) fn on_wire(rule: &Rule, rows: &[Fresh<'_>]) -> Vec<Found> {
    found(rule, rows, |row| row.priority >= rule.priority)
}

/// Lines of the wire from a source of the rule's tier or better.
pub(super) fn on_claims(rule: &Rule, rows: &[Fresh<'_>]) -> Vec<Found> {
    found(rule, rows, |row| row.tier <= rule.tier.letter() && !row.claims.is_empty())
}

fn found(rule: &Rule, rows: &[Fresh<'_>], wanted: impl Fn(&WireRow) -> bool) -> Vec<Found> {
    rows.iter()
        .filter(|(row, _)| is_about(rule, &row.subject) && wanted(row))
        .map(|(row, name)| of_row(row, name))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::ledger::Ledger;

    fn boards(before: &str, after: &str) -> (Vec<Rule>, Board, Board) {
        let config = Config::load(None).unwrap();
        let ledger = Ledger::new(&config.catalog, Vec::new());
        let board = |day: &str| ledger.board(day.parse().unwrap());
        (config.alerts.rules, board(before), board(after))
    }

    fn texts(before: &str, after: &str) -> Vec<String> {
        let (rules, before, after) = boards(before, after);
        on_boards(&rules, &before, &after, Timestamp(0)).into_iter().map(|(_, found)| found.text).collect()
    }

    #[test]
    fn a_status_that_flips_is_found_and_one_that_stands_is_not() {
        let texts = texts("2026-02-26", "2026-02-27");
        assert!(
            texts.iter().any(|text| text.contains("OpenAI–AWS") && text.contains("ON PAPER")),
            "{texts:?}"
        );
        let (rules, board, _) = boards("2026-02-27", "2026-02-27");
        assert_eq!(on_boards(&rules, &board, &board, Timestamp(0)), []);
    }

    #[test]
    fn a_rule_for_one_deal_is_silent_on_others() {
        let (mut rules, before, after) = boards("2026-02-26", "2026-02-27");
        for rule in &mut rules {
            rule.deals = vec!["meta-amd".into()];
        }
        let found = on_boards(&rules, &before, &after, Timestamp(0));
        assert!(found.iter().all(|(_, found)| found.subject == "meta-amd"), "{found:?}");
    }
}

//! Alerts: rules on the state of deals, what they found, and when it may interrupt.

mod gate;
mod past;
mod rules;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::State;
use super::msg::{Effect, Step};
use super::wire::WireRow;
use super::world::{Board, Health, Own, Source};
use crate::config::alerts::{Alerts, Gate, On, Route, Rule};
use crate::domain::time::{Day, Timestamp};

pub use gate::Gatekeeper;
pub use past::between;
pub use rules::Found;

/// Alerts kept.
const KEPT: usize = 500;

/// Seconds after which news no longer waits in the strip: it is in the list, and on the board.
const WAITING: i64 = 2 * 86_400;

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Identity: day, rule, subject, what.
    pub key: String,
    /// Id of the rule.
    pub rule: String,
    /// The rule as shown.
    pub name: String,
    /// What it is about: a deal, a programme or a feed.
    pub subject: String,
    /// The deal.
    pub deal: Option<String>,
    /// The claim behind it.
    pub claim: Option<String>,
    /// What was found, in one line.
    pub text: String,
    /// When.
    pub at: Timestamp,
    /// It stands in the strip until it is acknowledged.
    pub strip: bool,
}

/// What is to be told outside the screen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// The deal, or the program.
    pub title: String,
    /// What was found, in one line.
    pub text: String,
    /// Id of the rule.
    pub rule: String,
    /// The deal.
    pub deal: Option<String>,
    /// The claim behind it.
    pub claim: Option<String>,
    /// That claim's words, as the outlet has them.
    pub words: String,
    /// Where they stand.
    pub link: Option<String>,
    /// Tier of the source, `A` to `E`.
    pub tier: Option<char>,
    /// By an escape of the terminal.
    pub terminal: bool,
    /// By the bell.
    pub bell: bool,
    /// By the desktop's own notices.
    pub desktop: bool,
    /// By a program: its arguments.
    pub command: Vec<String>,
    /// By an HTTP POST.
    pub webhook: Option<String>,
}

/// The alerts, their rules and their gate.
#[derive(Clone, Debug)]
pub struct Desk {
    rules: Vec<Rule>,
    keeper: Gatekeeper,
    /// Newest last.
    alerts: VecDeque<Alert>,
    /// When a rule last spoke of a subject.
    spoke: BTreeMap<(String, String), Timestamp>,
    /// Feeds of which a rule has said that they fail, and that have not answered since.
    failing: BTreeSet<(String, String)>,
    /// The last board of the present that was judged.
    judged: Option<Arc<Board>>,
    /// Boards asked for before this request do not know the stored claims yet; `None` until they are read.
    from_ticket: Option<u64>,
}

impl Desk {
    /// A desk with checked rules. `offset` is the local time's distance from UTC in minutes, for quiet
    /// hours; `now` begins the time of grace.
    pub fn new(alerts: &Alerts, offset: i32, now: Timestamp) -> Self {
        Self {
            rules: alerts.rules.iter().filter(|rule| rule.enabled).cloned().collect(),
            keeper: Gatekeeper::new(alerts.gate.clone(), offset, now),
            alerts: VecDeque::new(),
            spoke: BTreeMap::new(),
            failing: BTreeSet::new(),
            judged: None,
            from_ticket: None,
        }
    }

    /// Takes the alerts of earlier sessions, oldest first. A rule's cooldown goes on from there.
    pub fn remember(&mut self, alerts: Vec<Alert>) {
        for alert in &alerts {
            self.spoke.insert((alert.rule.clone(), alert.subject.clone()), alert.at);
        }
        let here = std::mem::take(&mut self.alerts);
        self.alerts = alerts.into_iter().chain(here).collect();
        while self.alerts.len() > KEPT {
            self.alerts.pop_front();
        }
    }

    /// Begins to judge with the boards of this request and those after it: the stored claims are known.
    pub(super) fn begin(&mut self, ticket: u64) {
        self.from_ticket.get_or_insert(ticket);
    }

    /// Takes other rules, keeping what was found.
    pub fn set_rules(&mut self, alerts: &Alerts) {
        self.rules = alerts.rules.iter().filter(|rule| rule.enabled).cloned().collect();
        self.keeper.set_gate(alerts.gate.clone());
    }

    /// The rules in force.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The gate.
    pub fn gate(&self) -> &Gate {
        self.keeper.gate()
    }

    /// Every alert, newest first.
    pub fn shown(&self) -> impl Iterator<Item = &Alert> {
        self.alerts.iter().rev()
    }

    /// Alerts that nobody has acknowledged, newest first.
    pub fn open<'a>(&'a self, own: &'a Own) -> impl Iterator<Item = &'a Alert> {
        self.shown().filter(|alert| alert.strip && !own.acknowledged.contains(&alert.key))
    }

    /// Begins a new time of grace: what piled up while the machine slept is not breaking news.
    pub fn resume(&mut self, now: Timestamp) {
        self.keeper.resume(now);
    }

    /// Takes what rules found: keeps it, and gives what is new with the notices that may go out now.
    fn take(&mut self, found: Vec<(usize, Found)>, own: &Own, now: Timestamp) -> (Vec<Alert>, Vec<Notice>) {
        let (mut new, mut notices) = (Vec::new(), Vec::new());
        for (place, found) in found {
            let Some(rule) = self.rules.get(place) else { continue };
            let cooled = (rule.id.clone(), found.subject.clone());
            let cooldown = rule.cooldown.as_secs() as i64;
            if self.spoke.get(&cooled).is_some_and(|last| now.since(*last) < cooldown) {
                continue;
            }
            let key = format!("{} {} {} {}", now.day(), rule.id, found.subject, found.text);
            if self.alerts.iter().any(|alert| alert.key == key) {
                continue;
            }
            let muted = found.deal.as_deref().is_some_and(|slug| State::is_muted(own, slug, now));
            self.spoke.insert(cooled, now);
            if self.alerts.len() >= KEPT {
                self.alerts.pop_front();
            }
            let alert = Alert {
                key,
                rule: rule.id.clone(),
                name: rule.name.clone(),
                subject: found.subject.clone(),
                deal: found.deal.clone(),
                claim: found.claim.clone(),
                text: found.text.clone(),
                at: now,
                strip: !muted
                    && rule.routes.contains(&Route::Screen)
                    && now.since(found.published) <= WAITING,
            };
            self.alerts.push_back(alert.clone());
            new.push(alert);
            if muted || !self.keeper.is_news(&found, now) {
                continue;
            }
            let has = |route| rule.routes.contains(&route);
            let to_person = has(Route::Notice) || has(Route::Bell) || has(Route::Desktop);
            // A person is spared bursts; a program is told everything that its rule finds.
            let person = to_person && self.keeper.admits(now);
            let notice = Notice {
                title: found.title,
                text: found.text,
                rule: rule.id.clone(),
                deal: found.deal,
                claim: found.claim,
                words: String::new(),
                link: None,
                tier: None,
                terminal: person && has(Route::Notice),
                bell: person && (has(Route::Bell) || has(Route::Notice)),
                desktop: person && has(Route::Desktop),
                command: if has(Route::Command) { rule.command.clone() } else { Vec::new() },
                webhook: rule.webhook.as_ref().filter(|_| has(Route::Webhook)).map(ToString::to_string),
            };
            if person || !notice.command.is_empty() || notice.webhook.is_some() {
                notices.push(notice);
            }
        }
        (new, notices)
    }

    /// Takes what waits about a feed that answers again out of the strip; gives what is changed.
    fn settle(&mut self, feed: &str) -> Vec<Alert> {
        self.failing.retain(|(_, failing)| failing != feed);
        let rules: BTreeSet<&str> = self.looking_at(On::Feed).map(|(_, rule)| rule.id.as_str()).collect();
        let waits =
            |alert: &Alert| alert.strip && alert.subject == feed && rules.contains(alert.rule.as_str());
        let places: Vec<usize> = self
            .alerts
            .iter()
            .enumerate()
            .filter(|(_, alert)| waits(alert))
            .map(|(place, _)| place)
            .collect();
        let mut settled = Vec::new();
        for place in places {
            if let Some(alert) = self.alerts.get_mut(place) {
                alert.strip = false;
                settled.push(alert.clone());
            }
        }
        settled
    }

    /// Rules that look at something, with their places.
    fn looking_at(&self, on: On) -> impl Iterator<Item = (usize, &Rule)> {
        self.rules.iter().enumerate().filter(move |(_, rule)| rule.on == on)
    }
}

impl State {
    /// Judges a new board of the present against the one before. The first one that knows the stored
    /// claims is where a session begins: what it says is no news.
    pub(super) fn look_for_alerts(&mut self, ticket: u64, now: Timestamp) -> Step {
        let Some(after) = self.world.board.clone() else { return Step::draw() };
        if self.desk.from_ticket.is_none_or(|from| ticket < from) {
            return Step::draw();
        }
        let before = self.desk.judged.replace(Arc::clone(&after));
        let found = match &before {
            Some(before) => rules::on_boards(&self.desk.rules, before, &after, now),
            // Dates that are near or have passed are worth a word at the start; what was said is known.
            None => rules::on_dates(&self.desk.rules, &after, now),
        };
        self.interrupt(found, now)
    }

    /// The claim that changed a deal on a day.
    fn cause(&self, slug: &str, day: Day) -> Option<String> {
        let changes = self.world.ledger.as_ref()?.changes(slug, day.plus(-1), day);
        changes.iter().rev().filter(|change| change.day == day).find_map(|change| change.by.first().cloned())
    }

    /// Judges lines of the wire that have just come in.
    pub(super) fn alert_on_wire(&mut self, fresh: &[WireRow], now: Timestamp) -> Step {
        let named = |row| (row, self.name_of(row));
        let fresh: Vec<rules::Fresh<'_>> = fresh.iter().map(named).collect();
        let mut found = Vec::new();
        for (place, rule) in self.desk.looking_at(On::Signal) {
            found.extend(rules::on_wire(rule, &fresh).into_iter().map(|one| (place, one)));
        }
        for (place, rule) in self.desk.looking_at(On::Claim) {
            found.extend(rules::on_claims(rule, &fresh).into_iter().map(|one| (place, one)));
        }
        self.interrupt(found, now)
    }

    /// The name of what a line of the wire is about.
    fn name_of(&self, row: &WireRow) -> String {
        let deal = self.world.deal(&row.subject).map(|deal| deal.deal.name.clone());
        deal.unwrap_or_else(|| row.subject.clone())
    }

    /// Judges how a feed fared.
    pub(super) fn alert_on_feed(&mut self, source: &Source, now: Timestamp) -> Step {
        if source.health != Health::Failed {
            return Step::effects(self.desk.settle(&source.id).into_iter().map(Effect::KeepAlert).collect());
        }
        // Without a network every feed fails; line 1 says OFFLINE, once.
        if self.world.is_offline() && self.world.sources.len() > 1 {
            return Step::draw();
        }
        let mut found = Vec::new();
        let places: Vec<(usize, String, u32)> = self
            .desk
            .looking_at(On::Feed)
            .map(|(place, rule)| (place, rule.id.clone(), rule.failures))
            .collect();
        for (place, rule, failures) in places {
            // A feed that is frozen or gone answers, and so fails no attempt.
            let enough = source.failures == 0 || source.failures >= failures;
            if enough && self.desk.failing.insert((rule, source.id.clone())) {
                found.push((
                    place,
                    Found {
                        deal: None,
                        subject: source.id.clone(),
                        title: source.name.clone(),
                        text: format!("feed {} fails: {}", source.name, source.detail),
                        claim: None,
                        published: now,
                        party: false,
                        standing: false,
                    },
                ));
            }
        }
        self.interrupt(found, now)
    }

    fn interrupt(&mut self, mut found: Vec<(usize, Found)>, now: Timestamp) -> Step {
        for (_, found) in found.iter_mut().filter(|(_, found)| found.claim.is_none()) {
            found.claim = found.deal.as_deref().and_then(|slug| self.cause(slug, now.day()));
        }
        let (alerts, mut notices) = self.desk.take(found, &self.world.own, now);
        for notice in &mut notices {
            let claim = notice.claim.as_deref().and_then(|id| self.world.ledger.as_ref()?.claim(id));
            if let Some(claim) = claim {
                claim.words.as_str().clone_into(&mut notice.words);
                notice.link.clone_from(&claim.source.url);
                notice.tier = Some(claim.tier.letter());
            }
        }
        let kept = alerts.into_iter().map(Effect::KeepAlert);
        Step::effects(kept.chain(notices.into_iter().map(Effect::Notify)).collect())
    }
}

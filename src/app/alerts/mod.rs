//! Alerts: rules on the state of deals, what they found, and when it may interrupt.

mod gate;
mod past;
mod rules;

use std::collections::{BTreeMap, VecDeque};

use super::State;
use super::msg::{Effect, Step};
use super::wire::WireRow;
use super::world::{Board, Own, Source};
use crate::config::alerts::{Alerts, Gate, On, Route, Rule};
use crate::domain::time::Timestamp;

pub use gate::Gatekeeper;
pub use past::between;
pub use rules::Found;

/// Alerts kept.
const KEPT: usize = 500;

/// Something that a rule found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Identity: rule, deal, what.
    pub key: String,
    /// Id of the rule.
    pub rule: String,
    /// The rule as shown.
    pub name: String,
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The deal, or the program.
    pub title: String,
    /// What was found.
    pub text: String,
    /// By an escape of the terminal.
    pub terminal: bool,
    /// By the bell.
    pub bell: bool,
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
    /// When a rule last spoke of a deal.
    spoke: BTreeMap<(String, String), Timestamp>,
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
        }
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

    /// Takes what rules found: keeps it, and gives what may interrupt now.
    fn take(&mut self, found: Vec<(usize, Found)>, own: &Own, now: Timestamp) -> Vec<Notice> {
        let mut notices = Vec::new();
        for (place, found) in found {
            let Some(rule) = self.rules.get(place) else { continue };
            let subject = found.deal.clone().unwrap_or_else(|| found.subject.clone());
            let cooled = (rule.id.clone(), subject);
            let cooldown = rule.cooldown.as_secs() as i64;
            if self.spoke.get(&cooled).is_some_and(|last| now.since(*last) < cooldown) {
                continue;
            }
            let key = format!("{} {} {}", rule.id, found.subject, found.text);
            if self.alerts.iter().any(|alert| alert.key == key) {
                continue;
            }
            let muted = found.deal.as_deref().is_some_and(|slug| State::is_muted(own, slug, now));
            self.spoke.insert(cooled, now);
            if self.alerts.len() >= KEPT {
                self.alerts.pop_front();
            }
            self.alerts.push_back(Alert {
                key,
                rule: rule.id.clone(),
                name: rule.name.clone(),
                deal: found.deal.clone(),
                claim: found.claim.clone(),
                text: found.text.clone(),
                at: now,
                strip: !muted && rule.routes.contains(&Route::Screen),
            });
            let loud = rule.routes.iter().any(|route| *route != Route::Screen);
            if loud && !muted && self.keeper.admits(&found, now) {
                notices.push(Notice {
                    title: found.title,
                    text: found.text,
                    terminal: rule.routes.contains(&Route::Notice),
                    bell: rule.routes.contains(&Route::Bell) || rule.routes.contains(&Route::Notice),
                    command: if rule.routes.contains(&Route::Command) {
                        rule.command.clone()
                    } else {
                        Vec::new()
                    },
                    webhook: rule
                        .webhook
                        .as_ref()
                        .filter(|_| rule.routes.contains(&Route::Webhook))
                        .map(ToString::to_string),
                });
            }
        }
        notices
    }

    /// Rules that look at something, with their places.
    fn looking_at(&self, on: On) -> impl Iterator<Item = (usize, &Rule)> {
        self.rules.iter().enumerate().filter(move |(_, rule)| rule.on == on)
    }
}

impl State {
    /// Judges a new board against the one before. The first board of a session is where it begins:
    /// what it says is no news.
    pub(super) fn look_for_alerts(&mut self, before: Option<&Board>, now: Timestamp) -> Step {
        let (Some(before), Some(after)) = (before, &self.world.board) else { return Step::draw() };
        if before.as_of > after.as_of {
            return Step::draw();
        }
        let found = rules::on_boards(&self.desk.rules, before, after, now);
        self.interrupt(found, now)
    }

    /// Judges lines of the wire that were not there before.
    pub(super) fn alert_on_wire(&mut self, now: Timestamp) -> Step {
        let fresh: Vec<WireRow> = self
            .world
            .wire
            .iter()
            .filter(|row| row.live && now.since(row.seen) < 300)
            .take(100)
            .cloned()
            .collect();
        let mut found = Vec::new();
        for (place, rule) in self.desk.looking_at(On::Signal) {
            found.extend(rules::on_wire(rule, &fresh).into_iter().map(|one| (place, one)));
        }
        for (place, rule) in self.desk.looking_at(On::Claim) {
            found.extend(rules::on_claims(rule, &fresh).into_iter().map(|one| (place, one)));
        }
        self.interrupt(found, now)
    }

    /// Judges a feed that failed.
    pub(super) fn alert_on_feed(&mut self, source: &Source, now: Timestamp) -> Step {
        let text = format!("feed {} fails: {}", source.name, source.detail);
        let found = self
            .desk
            .looking_at(On::Feed)
            .map(|(place, _)| {
                let found = Found {
                    deal: None,
                    subject: source.id.clone(),
                    title: source.name.clone(),
                    text: text.clone(),
                    claim: None,
                    published: now,
                    party: false,
                };
                (place, found)
            })
            .collect();
        self.interrupt(found, now)
    }

    fn interrupt(&mut self, found: Vec<(usize, Found)>, now: Timestamp) -> Step {
        let notices = self.desk.take(found, &self.world.own, now);
        Step::effects(notices.into_iter().map(Effect::Notify).collect())
    }
}

//! `alerts.toml`: what is worth an interruption, and how it reaches the user.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Shared;
use super::diagnostic::Sink;
use super::reader::{Document, Field, Table, Value};
use crate::domain::claim::Rung;
use crate::domain::deal::LegKind;
use crate::domain::outlet::Tier;

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum On {
    /// The headline word of a deal changes.
    Status,
    /// A leg's rung changes, to `rung` or above if one is named.
    Rung,
    /// The contracted custom share moves by `points` or more.
    Share,
    /// A claim arrives from a source of `tier` or better.
    Claim,
    /// A milestone comes due `within` a time.
    Due,
    /// A milestone's day has passed without a claim that it was met.
    Missed,
    /// Two live claims contradict each other.
    Conflict,
    /// A feed keeps failing.
    Feed,
    /// A line of the wire has `priority` or more.
    Signal,
}

/// How an alert reaches the user. It always stands in the Alerts screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Route {
    /// The strip at the top of the screen.
    Screen,
    /// A notice through the terminal.
    Notice,
    /// The bell.
    Bell,
    /// A program of the user's.
    Command,
    /// An HTTP POST of the user's.
    Webhook,
    /// The desktop's own notices, where there is a desktop.
    Desktop,
}

/// One rule. Lists that are empty let everything pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its key.
    pub id: String,
    /// As shown.
    pub name: String,
    /// What it looks at.
    pub on: On,
    /// Whether it is in force.
    pub enabled: bool,
    /// Deals that it is about.
    pub deals: Vec<String>,
    /// Legs that it is about.
    pub legs: Vec<LegKind>,
    /// Least rung (`on = "rung"`).
    pub rung: Rung,
    /// Worst tier (`on = "claim"`).
    pub tier: Tier,
    /// Least movement in permille (`on = "share"`).
    pub permille: u16,
    /// How long before the day (`on = "due"`).
    pub within: Duration,
    /// Least priority (`on = "signal"`).
    pub priority: u8,
    /// Attempts in a row that must have failed (`on = "feed"`).
    pub failures: u32,
    /// Least time between two alerts of this rule on one deal.
    pub cooldown: Duration,
    /// How it reaches the user.
    pub routes: Vec<Route>,
    /// The program and its arguments; the alert is on its standard input as JSON.
    pub command: Vec<String>,
    /// Where the alert is posted as JSON.
    pub webhook: Option<url::Url>,
}

/// What holds for all rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Older news than this is never an interruption, except from tier `A`.
    pub fresh: Duration,
    /// Least time between any two notices.
    pub spacing: Duration,
    /// Most notices in an hour.
    pub per_hour: usize,
    /// Silence after the start and after a resume.
    pub grace: Duration,
    /// Times of day, in minutes from local midnight, in which notices are held back; the end may be
    /// before the start, across midnight.
    pub quiet: Vec<(u16, u16)>,
}

impl Gate {
    /// Whether a minute of the local day is a quiet one.
    pub fn is_quiet(&self, minute: u16) -> bool {
        self.quiet.iter().any(|&(start, end)| {
            if start <= end { (start..end).contains(&minute) } else { minute >= start || minute < end }
        })
    }
}

/// Everything in `alerts.toml`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alerts {
    /// What holds for all rules.
    pub gate: Gate,
    /// The rules in order.
    pub rules: Vec<Rule>,
}

/// Keys of the file.
pub const FILE: &[Field] = &[
    Field::new("gate", "section", "what holds for all rules"),
    Field::new("rule", "tables", "the rules; one with the id of a built-in rule replaces it"),
];

/// Keys of `[gate]`.
pub const GATE: &[Field] = &[
    Field::new("fresh", "time", "older news never interrupts, unless from tier `A`"),
    Field::new("spacing", "time", "least time between any two notices"),
    Field::new("per-hour", "0 to 1000", "most notices in an hour"),
    Field::new("grace", "time", "silence after the start and after a resume"),
    Field::new("quiet", "list of `HH:MM-HH:MM`", "local times in which notices are held back"),
];

/// Keys of a `[[rule]]`.
pub const RULE: &[Field] = &[
    Field::required("id", "text", "its key"),
    Field::new("name", "text", "as shown (default: the id)"),
    Field::required(
        "on",
        "`status`, `rung`, `share`, `claim`, `due`, `missed`, `conflict`, `feed` or `signal`",
        "what it looks at",
    ),
    Field::new("enabled", "true or false", "whether it is in force (default `true`)"),
    Field::new("deals", "list of deals", "only these; empty for all"),
    Field::new("legs", "list of `gpu`, `custom`, `other`", "only these; empty for all"),
    Field::new("rung", "rung", "least rung, for `on = \"rung\"`"),
    Field::new("tier", "`A` to `E`", "worst tier, for `on = \"claim\"`"),
    Field::new("points", "number, 0.1 to 100", "least movement in percentage points, for `on = \"share\"`"),
    Field::new("within", "time", "how long before the day, for `on = \"due\"`"),
    Field::new("priority", "0 to 100", "least priority, for `on = \"signal\"`"),
    Field::new("failures", "1 to 100", "attempts in a row that failed, for `on = \"feed\"` (default 1)"),
    Field::new("cooldown", "time", "least time between two alerts of this rule on one deal"),
    Field::new(
        "notify",
        "list of `screen`, `notice`, `bell`, `desktop`, `command`, `webhook`",
        "how it reaches you",
    ),
    Field::new(
        "command",
        "list of texts",
        "program and arguments, run without a shell; the alert is on its input as JSON",
    ),
    Field::new("webhook", "address", "where the alert is posted as JSON"),
];

const DAY: Duration = Duration::from_hours(24);

/// Reads the rules of every layer.
pub(super) fn read(files: &[Shared], deals: &[&str], sink: &Sink) -> Alerts {
    let mut gate = Gate {
        fresh: Duration::ZERO,
        spacing: Duration::ZERO,
        per_hour: 0,
        grace: Duration::ZERO,
        quiet: Vec::new(),
    };
    let mut rules: Vec<Rule> = Vec::new();
    for file in files {
        let document = Document::parse(file, sink);
        let table = document.table(FILE);
        if let Some(section) = table.sub("gate", GATE) {
            layer_gate(&section, &mut gate);
        }
        let mut seen = BTreeSet::new();
        for row in table.tables("rule", RULE) {
            let Some(rule) = rule(&row, deals) else { continue };
            if !seen.insert(rule.id.clone()) {
                row.error(
                    format!("the rule id `{}` is used twice", rule.id),
                    Some("give it another id".to_owned()),
                );
                continue;
            }
            match rules.iter_mut().find(|known| known.id == rule.id) {
                Some(known) => *known = rule,
                None => rules.push(rule),
            }
        }
    }
    Alerts { gate, rules }
}

fn layer_gate(section: &Table<'_>, gate: &mut Gate) {
    let time = |key: &str| section.get(key).and_then(|value| value.duration(Duration::ZERO..=DAY));
    if let Some(fresh) = time("fresh") {
        gate.fresh = fresh;
    }
    if let Some(spacing) = time("spacing") {
        gate.spacing = spacing;
    }
    if let Some(grace) = time("grace") {
        gate.grace = grace;
    }
    if let Some(most) = section.get("per-hour").and_then(|value| value.integer(0..=1000)) {
        gate.per_hour = usize::try_from(most).unwrap_or_default();
    }
    if let Some(quiet) = section.get("quiet") {
        gate.quiet = quiet.list().iter().filter_map(span_of_day).collect();
    }
}

/// `22:00-07:00` as minutes of the day.
fn span_of_day(value: &Value<'_>) -> Option<(u16, u16)> {
    let text = value.text()?;
    let minute = |text: &str| {
        let (hour, minute) = text.trim().split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let span = text.split_once('-').and_then(|(start, end)| Some((minute(start)?, minute(end)?)));
    if span.is_none() {
        value.expected("a part of the day such as `22:00-07:00`");
    }
    span
}

fn rule(row: &Table<'_>, deals: &[&str]) -> Option<Rule> {
    let id = row.get("id").and_then(|id| id.name());
    let on = row.get("on").and_then(|on| on.word::<On>());
    let list = |key: &str| row.get(key).map(|value| value.list()).unwrap_or_default();
    let of_deals = list("deals")
        .iter()
        .filter_map(|slug| slug.among("deal of the catalog", deals))
        .map(str::to_owned)
        .collect();
    let points = row.get("points").and_then(|points| permille(&points));
    let command = row.texts("command");
    let webhook = row.get("webhook").and_then(|url| url.http_url());
    let routes: Vec<Route> = match row.get("notify") {
        Some(value) => value.list().iter().filter_map(Value::word).collect(),
        None => vec![Route::Screen],
    };
    if routes.contains(&Route::Command) && command.is_empty() {
        row.error(
            "the rule notifies a command and names none",
            Some("add `command = [\"program\", \"argument\"]`".to_owned()),
        );
    }
    if routes.contains(&Route::Webhook) && row.get("webhook").is_none() {
        row.error(
            "the rule notifies a webhook and names none",
            Some("add `webhook = \"https://…\"`".to_owned()),
        );
    }
    let time = |key: &str, otherwise: Duration| {
        row.get(key)
            .and_then(|value| value.duration(Duration::ZERO..=DAY.saturating_mul(365)))
            .unwrap_or(otherwise)
    };
    let id = id?.to_owned();
    Some(Rule {
        name: row.get("name").and_then(|name| name.name()).map_or_else(|| id.clone(), str::to_owned),
        on: on?,
        enabled: row.get("enabled").and_then(|flag| flag.boolean()).unwrap_or(true),
        deals: of_deals,
        legs: list("legs").iter().filter_map(Value::word).collect(),
        rung: row.get("rung").and_then(|rung| rung.word()).unwrap_or(Rung::Exploring),
        tier: row.get("tier").and_then(|tier| tier.word()).unwrap_or(Tier::B),
        permille: points.unwrap_or(50),
        within: time("within", DAY.saturating_mul(14)),
        priority: row
            .get("priority")
            .and_then(|value| value.integer(0..=100))
            .map_or(80, |priority| priority as u8),
        failures: row
            .get("failures")
            .and_then(|value| value.integer(1..=100))
            .map_or(1, |failures| failures as u32),
        cooldown: time("cooldown", Duration::from_mins(30)),
        routes,
        command,
        webhook,
        id,
    })
}

/// Percentage points as permille.
fn permille(value: &Value<'_>) -> Option<u16> {
    let points = value.number()?;
    if !(0.1..=100.0).contains(&points) {
        value.expected("percentage points from 0.1 to 100");
        return None;
    }
    Some((points * 10.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_may_cross_midnight() {
        let gate = Gate {
            fresh: Duration::ZERO,
            spacing: Duration::ZERO,
            per_hour: 1,
            grace: Duration::ZERO,
            quiet: vec![(22 * 60, 7 * 60), (12 * 60, 13 * 60)],
        };
        let quiet: Vec<u16> =
            [0, 6, 7, 12, 13, 21, 22, 23].into_iter().filter(|hour| gate.is_quiet(hour * 60)).collect();
        assert_eq!(quiet, [0, 6, 12, 22, 23]);
    }
}

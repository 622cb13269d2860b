//! The screen that tests play on: the built-in catalog, in October 2026.

use super::offstage::Known;
pub(crate) use super::offstage::Offstage as Bench;
use super::world::{Health, Source};
use crate::config::Config;
use crate::domain::text::DisplayText;
use crate::domain::time::Timestamp;

thread_local! {
    /// Once a thread is enough.
    static KNOWN: (Config, Known) = {
        let config = Config::load(None).unwrap();
        let known = Known::until(&config, at("2026-10-20T12:00:00Z").day());
        (config, known)
    };
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

impl Bench {
    /// A screen on 20 October 2026 that has just opened.
    pub(crate) fn new() -> Self {
        Self::on("2026-10-20T12:00:00Z")
    }

    /// A screen that has just opened at a moment.
    pub(crate) fn on(moment: &str) -> Self {
        let now = at(moment);
        KNOWN.with(|(config, known)| Self::open(config, known.clone(), sources(now), now))
    }
}

/// Three feeds, one in each state.
pub(crate) fn sources(now: Timestamp) -> Vec<Source> {
    let source = |id: &str, health, detail: &str| Source {
        id: id.into(),
        name: id.to_uppercase(),
        tier: 'C',
        group: "newsrooms".into(),
        url: format!("https://{id}.example/feed"),
        health,
        detail: DisplayText::line(detail, 200),
        last: Some(now.plus(-120)),
        last_ok: (health != Health::Failed).then(|| now.plus(-120)),
        next: Some(now.plus(780)),
        items: 42,
        newest: Some(now.plus(-3600)),
        habit: Some(7200),
        failures: u32::from(health == Health::Failed),
        busy: false,
    };
    vec![
        source("wire", Health::Ok, ""),
        source("blog", Health::Late, "answers, but nothing new for longer than usual"),
        source("filings", Health::Failed, "no answer in 5 s: the connection timed out; tried again in 13 m"),
    ]
}

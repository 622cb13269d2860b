//! What the rules find in a stretch of the past: the same rules on the same boards, a day at a time.

use super::rules;
use super::{Alert, Desk};
use crate::app::wire::WireRow;
use crate::app::world::Own;
use crate::config::alerts::{Alerts, On};
use crate::domain::time::Day;
use crate::ledger::Ledger;

/// Every alert of the days `since` to `until`, oldest first, each dated at the end of its day. Nothing is
/// muted, and rules on feeds find nothing: the ledger does not know how feeds fared.
pub fn between(alerts: &Alerts, ledger: &Ledger, since: Day, until: Day) -> Vec<Alert> {
    let own = Own::default();
    let mut desk = Desk::new(alerts, 0, since.start());
    let mut before = ledger.board(since.plus(-1));
    let mut all = Vec::new();
    for day in (since.0..=until.0).map(Day) {
        let at = day.end();
        let after = ledger.board(day);
        let mut found = rules::on_boards(&desk.rules, &before, &after, at);
        let rows: Vec<WireRow> = ledger.signals(day, day).iter().map(WireRow::of_signal).collect();
        let name = |row: &WireRow| {
            let deal = after.deals.iter().find(|deal| deal.deal.slug.as_str() == row.subject);
            deal.map_or_else(|| row.subject.clone(), |deal| deal.deal.name.clone())
        };
        let rows: Vec<rules::Fresh<'_>> = rows.iter().map(|row| (row, name(row))).collect();
        for (place, rule) in desk.looking_at(On::Signal) {
            found.extend(rules::on_wire(rule, &rows).into_iter().map(|one| (place, one)));
        }
        for (place, rule) in desk.looking_at(On::Claim) {
            found.extend(rules::on_claims(rule, &rows).into_iter().map(|one| (place, one)));
        }
        // What would have interrupted is for a live screen to decide.
        all.extend(desk.take(found, &own, at).0);
        before = after;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn the_day_of_a_signing_is_told_once() {
        let config = Config::load(None).unwrap();
        let ledger = Ledger::new(&config.catalog, Vec::new());
        let days = ("2026-02-20".parse().unwrap(), "2026-03-05".parse().unwrap());
        let alerts = between(&config.alerts, &ledger, days.0, days.1);
        let told: Vec<_> = alerts
            .iter()
            .filter(|alert| alert.rule == "status" && alert.deal.as_deref() == Some("openai-aws"))
            .collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].at.day(), "2026-02-27".parse().unwrap());
        assert!(told[0].text.contains("EXPLORING → ON PAPER"));
        assert!(alerts.is_sorted_by_key(|alert| alert.at));
    }
}

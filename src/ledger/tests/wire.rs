//! The wire, the changes behind it, and the record.

use super::*;
use crate::ledger::Ledger;
use crate::ledger::backtest::Truth;
use crate::ledger::event::{SignalKind, credit, weigh};
use crate::ledger::model::headline::Headline;
use crate::ledger::signal::{Gate, Score, Signal, describe};
use crate::ledger::timeline::What;
use LegKind::{Custom, Gpu};

const SLUG: &str = "buyer-host";

fn ledger(claims: Vec<Claim>) -> Ledger {
    Ledger::without_history(&catalog(vec![deal(SLUG, Class::Hosting, &[Gpu, Custom])]), claims)
}

fn signals(claims: Vec<Claim>) -> Vec<Signal> {
    let mut signals = ledger(claims).signals(day("2026-01-01"), day("2026-12-31"));
    signals.reverse();
    signals
}

fn gpu() -> Claim {
    Claim {
        facts: vec![fact(Slot::MwContracted, 500, 500, 500)],
        ..claim("gpu", SLUG, Gpu, "2026-01-05", Rung::Contracted)
    }
}

fn custom() -> Claim {
    Claim {
        facts: vec![fact(Slot::MwContracted, 2000, 2000, 2000)],
        ..claim("custom", SLUG, Custom, "2026-02-27", Rung::Contracted)
    }
}

#[test]
fn priority_is_the_weighted_sum_rounded_half_up() {
    let p = |materiality, novelty, credit, relevance| {
        Score { materiality, novelty, credit, relevance }.priority()
    };
    assert_eq!(p(90, 100, 100, 100), 97);
    assert_eq!(p(85, 100, 100, 100), 95);
    assert_eq!(p(85, 30, 85, 100), 71);
    assert_eq!(p(50, 100, 60, 100), 75);
    assert_eq!(p(60, 60, 100, 100), 74);
    assert_eq!((p(0, 0, 0, 0), p(100, 100, 100, 100)), (0, 100));
}

#[test]
fn an_interruption_needs_novelty_credit_and_freshness() {
    let strong = Score { materiality: 90, novelty: 100, credit: 85, relevance: 100 };
    assert_eq!(strong.gate(true, 1), Gate::Interrupt);
    assert_eq!(strong.gate(false, 5), Gate::Badge, "old news");
    let unsure = Score { credit: 60, ..strong };
    assert_eq!((unsure.gate(true, 1), unsure.gate(true, 2)), (Gate::Badge, Gate::Interrupt));
    assert_eq!(Score { novelty: 30, ..strong }.gate(true, 5), Gate::Badge);
    assert_eq!(Score { materiality: 20, novelty: 30, credit: 60, relevance: 100 }.gate(true, 5), Gate::Log);
}

#[test]
fn who_says_it_and_how_decides_the_type() {
    let of = |kind, modality, sign, tier| weigh(kind, modality, sign, tier, false);
    use ClaimKind as K;
    use Modality as M;
    assert_eq!(of(K::ContractSigned, M::Asserted, Sign::For, Tier::A), (SignalKind::Signed, 90));
    assert_eq!(of(K::ContractSigned, M::Hedged, Sign::For, Tier::C), (SignalKind::Rumour, 50));
    assert_eq!(of(K::Filing, M::Asserted, Sign::Against, Tier::A), (SignalKind::Filing, 90));
    assert_eq!(of(K::Talks, M::Denied, Sign::Against, Tier::B), (SignalKind::Denial, 65));
    assert_eq!(weigh(K::ContractSigned, M::Asserted, Sign::For, Tier::A, true), (SignalKind::Recap, 5));
    assert_eq!(Tier::ALL.map(credit), [100, 90, 85, 60, 15]);
}

#[test]
fn a_line_says_what_it_changed_old_and_new() {
    let wire = signals(vec![gpu(), custom()]);
    assert_eq!(wire[0].what, "NO SIGNAL → GPU FIRM; custom share n/d → 0% (custom +0 MW, gpu +500 MW)");
    assert_eq!(wire[1].what, "GPU FIRM → ON PAPER; custom share 0% → 80% (custom +2.0 GW, gpu +0 MW)");
    assert_eq!(
        (wire[1].kind, wire[1].score.priority(), wire[1].gate),
        (SignalKind::Signed, 97, Gate::Interrupt)
    );
}

#[test]
fn repeats_fold_and_what_a_filing_confirms_does_not() {
    let report =
        |id: &str, name: &str, on: &str| newsroom(claim(id, SLUG, Custom, on, Rung::Exploring), name);
    let copy = Claim { recap: true, tier: Tier::E, ..report("copy", "blog", "2026-02-02") };
    let filing = Claim {
        tier: Tier::A,
        modality: Modality::Asserted,
        ..claim("filing", SLUG, Custom, "2026-02-10", Rung::Exploring)
    };
    let wire =
        signals(vec![report("a", "reuters", "2026-02-01"), report("b", "ft", "2026-02-02"), copy, filing]);
    assert_eq!(wire.len(), 2);
    assert_eq!((wire[0].informants, wire[0].copies, wire[0].claims.len()), (2, 2, 3));
    assert_eq!((wire[0].kind, wire[0].score.novelty), (SignalKind::Rumour, 100));
    assert_eq!((wire[1].claims.as_slice(), wire[1].score.novelty), (&["filing".to_owned()][..], 60));
}

#[test]
fn disagreement_and_missed_dates_make_lines_of_their_own() {
    let other = Claim {
        tier: Tier::D,
        kind: ClaimKind::Quantity,
        origin: "unknown:x".into(),
        facts: vec![fact(Slot::MwContracted, 900, 900, 900)],
        ..claim("other", SLUG, Custom, "2026-03-01", Rung::None)
    };
    let plan = Claim {
        kind: ClaimKind::Schedule,
        modality: Modality::Scheduled,
        milestone: Some("racks".into()),
        due: Some(day("2026-06-30")),
        ..claim("plan", SLUG, Custom, "2026-02-27", Rung::Deployed)
    };
    let wire = signals(vec![custom(), other, plan.clone()]);
    let of = |kind| wire.iter().filter(|signal| signal.kind == kind).collect::<Vec<_>>();
    let [conflict] = of(SignalKind::Conflict)[..] else { panic!("one conflict") };
    assert_eq!(
        (conflict.day, conflict.what.as_str()),
        (day("2026-03-01"), "custom: 2.0 GW held, 900 MW by another source")
    );
    let [miss] = of(SignalKind::Miss)[..] else { panic!("one miss") };
    assert_eq!(miss.day, day("2026-07-01"));
    let met = claim("met", SLUG, Custom, "2026-06-30", Rung::Deployed);
    assert!(signals(vec![custom(), plan, met]).iter().all(|signal| signal.kind != SignalKind::Miss));
}

#[test]
fn a_shrinking_gpu_leg_is_no_conversion() {
    let less = Claim {
        kind: ClaimKind::Reduced,
        facts: vec![fact(Slot::MwContracted, 100, 100, 100)],
        ..claim("less", SLUG, Gpu, "2026-03-05", Rung::Contracted)
    };
    let changes = ledger(vec![gpu(), custom(), less]).changes(SLUG, day("2026-03-01"), day("2026-03-31"));
    let share = changes.iter().find(|change| matches!(change.what, What::Share { .. })).unwrap();
    assert_eq!(share.what, What::Share { from: Some(800), to: Some(952), custom: 0, gpu: -400 });
    assert_eq!(share.by, ["less"]);
    assert_eq!(describe(&share.what), "custom share 80% → 95% (custom +0 MW, gpu -400 MW)");
}

#[test]
fn changes_name_the_claim_that_made_them_or_nobody() {
    let talks = ["a", "b", "c"].map(|n| newsroom(claim(n, SLUG, Custom, "2026-01-10", Rung::Exploring), n));
    let ledger = ledger(talks.to_vec());
    let (start, end) = (day("2026-01-01"), day("2026-12-31"));
    let words: Vec<_> = ledger
        .changes(SLUG, start, end)
        .into_iter()
        .filter_map(|change| match change.what {
            What::Headline { to, .. } => Some((to, change.by.len())),
            _ => None,
        })
        .collect();
    assert_eq!(words, [(Headline::Exploring, 3), (Headline::Faded, 0)]);
    let series = ledger.series(SLUG, Custom, end);
    assert!(series.windows(2).all(|pair| pair[0].day < pair[1].day && pair[1].day.since(pair[0].day) <= 7));
    let last = series.last().unwrap();
    assert_eq!((last.day, last.chance), (end, ledger.board(end).deals[0].leg(Custom).unwrap().status.chance));
    assert!(ledger.share_series(SLUG, end).iter().all(|point| point.contracted.is_none()));
}

#[test]
fn one_steps_to_the_days_on_which_something_turned() {
    let ledger = ledger(vec![gpu(), custom()]);
    let to = day("2026-12-31");
    assert_eq!(ledger.change_days(to), [day("2026-01-05"), day("2026-02-27")]);
    assert_eq!(ledger.previous_change(day("2026-02-27")), Some(day("2026-01-05")));
    assert_eq!(ledger.next_change(day("2026-01-05"), to), Some(day("2026-02-27")));
    assert_eq!(ledger.next_change(day("2026-02-27"), to), None);
}

#[test]
fn the_record_knows_leads_lags_and_what_was_taken_back() {
    let talks = ["a", "b", "c"].map(|n| newsroom(claim(n, SLUG, Custom, "2026-01-10", Rung::Exploring), n));
    let end = Claim {
        kind: ClaimKind::Cancelled,
        sign: Sign::Against,
        ..claim("end", SLUG, Custom, "2026-03-20", Rung::Contracted)
    };
    let truth =
        [("2026-01-01", Rung::None), ("2026-01-10", Rung::Exploring), ("2026-02-27", Rung::Contracted)]
            .map(|(from, rung)| Truth { deal: SLUG.into(), leg: Custom, from: day(from), rung });
    let claims = || [talks.to_vec(), vec![custom()]].concat();
    let record = ledger(claims()).backtest(day("2026-03-15"), &truth);
    let changes: Vec<_> = record.changes.iter().map(|c| (c.to, c.lag, c.false_flip)).collect();
    assert_eq!(changes, [("EXPLORING", Some(-48), false), ("CONTRACTED", Some(0), false)]);
    assert_eq!((record.soft_lead, record.hard_lag, record.false_flips), (Some(48), Some(0), 0));
    let accuracy = record.accuracy.unwrap();
    assert_eq!((accuracy.leg_days, accuracy.exact), (74, 1.0));
    assert!(accuracy.rps > 0.0 && accuracy.rps < 0.05, "{accuracy:?}");
    assert!(accuracy.brier > accuracy.rps && accuracy.brier < 0.6, "{accuracy:?}");
    let ended = ledger([claims(), vec![end]].concat()).backtest(day("2026-03-31"), &[]);
    assert_eq!((ended.false_flips, ended.accuracy), (1, None), "signed and ended within 60 days");
}

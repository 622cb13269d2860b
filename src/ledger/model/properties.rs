//! What holds for any evidence, and golden integers for one leg's history.

use proptest::prelude::*;
use proptest::sample::select;

use super::evidence::{Effect, Evidence, Flag};
use super::fold::{Pin, PinOp, step};
use super::spans::Spans;
use super::status::{Leg, LegStatus, SameDay};
use super::tables::{BASE, CAP, ENTER};
use crate::domain::claim::{Modality, Rung, Sign, Workload};
use crate::domain::outlet::Tier;
use crate::domain::time::Day;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// A claim with everything at its plainest.
fn says(id: &str, published: &str, tier: Tier, modality: Modality, rung: u8, sign: Sign) -> Evidence {
    Evidence {
        id: id.to_owned(),
        published: day(published),
        turn: 0,
        known: day(published),
        withdrawn: None,
        retold: Spans::NEVER,
        origin: format!("o-{id}"),
        tier,
        modality,
        sign: if modality == Modality::Denied { Sign::Against } else { sign },
        said: rung,
        workload: Workload::Own,
        effect: Effect::Plain,
        milestone: "next".to_owned(),
        due: None,
        facts: Vec::new(),
    }
}

fn party(id: &str, published: &str, rung: u8) -> Evidence {
    says(id, published, Tier::A, Modality::Asserted, rung, Sign::For)
}

fn newsrooms(
    count: usize,
    published: &str,
    tier: Tier,
    modality: Modality,
    rung: u8,
    sign: Sign,
) -> Vec<Evidence> {
    (0..count).map(|n| says(&format!("n{n}"), published, tier, modality, rung, sign)).collect()
}

fn leg(evidence: Vec<Evidence>) -> Leg {
    Leg::new(evidence, Vec::new(), SameDay::ById)
}

fn status(evidence: Vec<Evidence>, on: &str) -> LegStatus {
    leg(evidence).status(day(on))
}

fn with(mut evidence: Vec<Evidence>, more: impl IntoIterator<Item = Evidence>) -> Vec<Evidence> {
    evidence.extend(more);
    evidence
}

const EFFECTS: [Effect; 6] = [
    Effect::Plain,
    Effect::Plain,
    Effect::Quantity,
    Effect::Reversal,
    Effect::Opens(Flag::Unfunded),
    Effect::Closes(Flag::Unfunded),
];
const MODALITIES: [Modality; 7] = [
    Modality::Asserted,
    Modality::Asserted,
    Modality::Hedged,
    Modality::Speculative,
    Modality::Denied,
    Modality::Scheduled,
    Modality::Opinion,
];
const LAST: i32 = 400;

prop_compose! {
    fn any_claim()(
        (published, wait) in (0..200_i32, select(vec![0, 0, 0, 1, 40])),
        origin in 0..8_u8,
        tier in select(&Tier::ALL[..]),
        modality in select(&MODALITIES[..]),
        against in select(vec![false, false, true]),
        said in 0..8_u8,
        workload in select(vec![Workload::Own, Workload::Own, Workload::Lab, Workload::Resold]),
        effect in select(&EFFECTS[..]),
        retold in select(vec![None, None, None, Some((i32::MIN, i32::MAX)), Some((30, i32::MAX)), Some((0, 20)), Some((5, 40))]),
        withdrawn in select(vec![None, None, None, Some(0), Some(10), Some(60)]),
        due in proptest::option::of(0..LAST),
        milestone in select(vec!["first", "all"]),
    ) -> Evidence {
        let against = against || modality == Modality::Denied;
        Evidence {
            id: String::new(),
            published: Day(published),
            turn: 0,
            known: Day(published + wait),
            withdrawn: withdrawn.map(|after| Day(published + wait + after)),
            retold: retold.map_or(Spans::NEVER, |(from, until)| {
                let (from, until) = [from, until].map(|after: i32| after.saturating_add(published + wait)).into();
                Spans::between(Day(from), (until < i32::MAX).then_some(Day(until)))
            }),
            origin: format!("o{origin}"),
            tier,
            modality,
            sign: if against { Sign::Against } else { Sign::For },
            said,
            workload,
            effect,
            milestone: milestone.to_owned(),
            due: due.map(Day),
            facts: Vec::new(),
        }
    }
}

/// Up to `most` claims with ids of their own.
fn any_claims(most: usize) -> impl Strategy<Value = Vec<Evidence>> {
    proptest::collection::vec(any_claim(), 0..most).prop_map(|mut claims| {
        for (index, claim) in claims.iter_mut().enumerate() {
            claim.id = format!("c{index:03}");
        }
        claims
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn odds_fall_with_the_rung_and_stay_within_the_caps(claims in any_claims(40), on in 0..LAST) {
        let odds = leg(claims).status(Day(on)).odds;
        prop_assert!(odds.windows(2).all(|pair| pair[0] >= pair[1]), "{odds:?}");
        prop_assert!(odds.iter().zip(BASE).all(|(odds, base)| (odds - base).abs() <= CAP), "{odds:?}");
    }

    #[test]
    fn order_and_copies_change_nothing(
        (claims, mixed) in any_claims(30).prop_flat_map(|claims| (Just(claims.clone()), Just(claims).prop_shuffle())),
        on in 0..LAST,
    ) {
        let expected = leg(claims).status(Day(on));
        prop_assert_eq!(&leg(mixed.clone()).status(Day(on)), &expected);
        let copies: Vec<Evidence> = mixed.iter().cloned().map(|claim| Evidence { id: format!("{}x", claim.id), ..claim }).collect();
        let copied = leg([mixed, copies.clone(), copies].concat()).status(Day(on));
        prop_assert_eq!(copied, expected);
    }

    #[test]
    fn nothing_that_comes_later_is_seen(claims in any_claims(30), on in 0..LAST) {
        let mut known: Vec<Evidence> = claims.iter().filter(|claim| claim.known <= Day(on)).cloned().collect();
        for claim in &mut known {
            claim.withdrawn = claim.withdrawn.filter(|&day| day <= Day(on));
        }
        prop_assert_eq!(leg(claims).status(Day(on)), leg(known).status(Day(on)));
    }

    #[test]
    fn what_was_taken_back_weighs_as_if_it_had_never_been_there(claims in any_claims(40), on in 0..LAST) {
        let standing: Vec<Evidence> = claims.iter().filter(|claim| claim.is_novel(Day(on))).cloned().collect();
        let (all, left) = (leg(claims).state(Day(on)), leg(standing).state(Day(on)));
        prop_assert_eq!((all.odds, all.sides), (left.odds, left.sides));
    }

    #[test]
    fn the_lines_of_an_account_sum_up_to_the_odds(claims in any_claims(40), on in 0..LAST, pinned in 0..8_u8) {
        let pin = Pin { op: PinOp::AtLeast, rung: pinned, from: Day(100), until: Some(Day(300)) };
        let leg = Leg::new(claims, vec![pin], SameDay::ById);
        let odds = leg.status(Day(on)).odds;
        for k in 1..=7 {
            let account = leg.account(k, Day(on));
            let lines: i32 = account.lines.iter().map(|line| line.counts).sum();
            let sum = account.base + lines + account.cap_support + account.cap_against + account.pinned;
            prop_assert_eq!(sum, odds[usize::from(k) - 1], "rung {}: {:?}", k, account);
            prop_assert!(pinned > 0 || account.pinned == 0);
            prop_assert!(account.cap_support <= 0 && account.cap_against >= 0);
        }
    }

    #[test]
    fn every_day_by_itself_folds_to_the_same_rung(claims in any_claims(25), on in 0..LAST) {
        let leg = leg(claims);
        let mut rung = 0;
        for day in 0..=on {
            rung = step(rung, &leg.state(Day(day)).odds);
        }
        prop_assert_eq!(Rung::from_index(usize::from(rung)), leg.status(Day(on)).rung);
    }

    #[test]
    fn more_support_never_lowers_and_a_denial_never_raises(
        claims in any_claims(25), extra in any_claim(), better in any::<bool>(),
    ) {
        let on = Day(LAST);
        let odds = |more: Option<Evidence>| leg(with(claims.clone(), more)).state(on).odds;
        let before = odds(None);
        let word = Evidence {
            id: "extra".to_owned(), origin: "extra".to_owned(), sign: Sign::For, modality: Modality::Asserted,
            retold: Spans::NEVER, withdrawn: None, ..extra
        };
        let support = odds(Some(word.clone()));
        prop_assert!(support.iter().zip(before).all(|(after, before)| *after >= before));
        let denial = odds(Some(Evidence { sign: Sign::Against, modality: Modality::Denied, ..word.clone() }));
        prop_assert!(denial.iter().zip(before).all(|(after, before)| *after <= before));
        if better && word.tier > Tier::A {
            let tier = Tier::ALL[word.tier as usize - 1];
            let stronger = odds(Some(Evidence { tier, ..word }));
            prop_assert!(stronger.iter().zip(support).all(|(after, before)| *after >= before));
        }
    }
}

#[test]
fn trade_press_and_blogs_alone_never_move_a_label() {
    let junk = [Tier::D, Tier::E]
        .iter()
        .flat_map(|&tier| newsrooms(200, "2026-01-01", tier, Modality::Asserted, 7, Sign::For))
        .enumerate()
        .map(|(n, claim)| Evidence { origin: format!("o{n}"), ..claim });
    assert_eq!(status(junk.collect(), "2026-01-01").rung, Rung::None);
}

#[test]
fn newsrooms_alone_reach_announced_and_no_further() {
    let soft = newsrooms(50, "2026-01-01", Tier::C, Modality::Asserted, 7, Sign::For);
    assert_eq!(status(soft, "2026-01-01").rung, Rung::Announced);
}

#[test]
fn signing_says_nothing_about_pilots() {
    let signed = status(vec![party("a", "2026-01-01", 3)], "2026-02-01");
    assert_eq!(signed.rung, Rung::Contracted);
    assert_eq!(signed.odds[3..], BASE[3..]);
}

#[test]
fn soft_contradiction_contests_a_partys_contract_and_never_removes_it() {
    let doubt = newsrooms(39, "2026-01-20", Tier::C, Modality::Asserted, 3, Sign::Against);
    let contested = status(with(vec![party("a", "2026-01-01", 3)], doubt), "2026-02-01");
    assert_eq!((contested.rung, contested.contested), (Rung::Contracted, true));
    let doubt = newsrooms(39, "2026-01-20", Tier::C, Modality::Asserted, 7, Sign::Against);
    let at_scale = status(with(vec![party("a", "2026-01-01", 7)], doubt), "2026-01-20");
    assert_eq!(at_scale.rung, Rung::AtScale, "not even at the top rung");
}

#[test]
fn a_partys_own_end_reverts_until_it_signs_again() {
    let end = says("b", "2026-01-20", Tier::B, Modality::Asserted, 2, Sign::Against);
    let ended = vec![party("a", "2026-01-01", 3), end];
    let status_then = status(ended.clone(), "2026-02-01");
    assert_eq!((status_then.rung, status_then.reversing), (Rung::Exploring, true));
    assert!(!status(ended.clone(), "2026-05-01").reversing, "the word goes after a quarter");
    let again = status(with(ended, [party("c", "2026-01-25", 3)]), "2026-02-01");
    assert_eq!((again.rung, again.reversing), (Rung::Contracted, false));
}

#[test]
fn a_not_yet_perishes_and_a_contract_does_not() {
    let not_yet = says("b", "2026-01-20", Tier::B, Modality::Asserted, 4, Sign::Against);
    let claims = vec![party("a", "2026-01-01", 3), not_yet];
    assert!(status(claims.clone(), "2026-01-21").chance[3] < 5);
    let late = status(claims, "2028-01-01");
    assert!(late.chance[3] > 40);
    assert_eq!((late.rung, late.level.word()), (Rung::Contracted, "MED"), "only the confidence ages");
}

#[test]
fn talks_fade_by_silence_and_that_is_no_reversal() {
    let talks = newsrooms(3, "2026-01-01", Tier::C, Modality::Hedged, 1, Sign::For);
    assert_eq!(status(talks.clone(), "2026-01-02").rung, Rung::Exploring);
    let silent = status(talks.clone(), "2026-07-01");
    assert_eq!((silent.rung, silent.faded, silent.reversing), (Rung::None, true, false));
    let signed = status(with(talks, [party("z", "2026-07-02", 3)]), "2026-07-02");
    assert!(!signed.faded, "recovered");
}

#[test]
fn a_pin_holds_the_rung_while_it_lasts() {
    let pin = Pin { op: PinOp::AtMost, rung: 1, from: day("2026-01-10"), until: Some(day("2026-01-20")) };
    let leg = Leg::new(vec![party("a", "2026-01-01", 3)], vec![pin], SameDay::ById);
    let shown = ["2026-01-09", "2026-01-10", "2026-01-20", "2026-01-21"].map(|on| leg.status(day(on)).rung);
    assert_eq!(shown, [Rung::Contracted, Rung::Exploring, Rung::Exploring, Rung::Contracted]);
}

#[test]
fn only_money_takes_unfunded_down() {
    let snag = Evidence {
        effect: Effect::Opens(Flag::Unfunded),
        ..says("b", "2026-01-10", Tier::C, Modality::Asserted, 3, Sign::Against)
    };
    let claims = vec![party("a", "2026-01-01", 3), snag, party("c", "2026-01-20", 3)];
    let flags = |claims| status(claims, "2026-02-01").flags.into_keys().collect::<Vec<_>>();
    assert_eq!(flags(claims.clone()), [Flag::Unfunded], "a commitment reaffirmed pays nothing");
    let funded = Evidence { effect: Effect::Closes(Flag::Unfunded), ..party("d", "2026-01-25", 3) };
    assert_eq!(flags(with(claims.clone(), [funded.clone()])), []);
    let rumour = Evidence { tier: Tier::C, ..funded };
    assert_eq!(flags(with(claims, [rumour])), [Flag::Unfunded], "nor does a newsroom");
}

#[test]
fn flags_of_one_day_close_last_on_the_board_and_by_id_in_a_file() {
    let opens = |id: &str| Evidence {
        effect: Effect::Opens(Flag::Unfunded),
        ..says(id, "2026-01-10", Tier::A, Modality::Asserted, 3, Sign::Against)
    };
    let closes = Evidence { effect: Effect::Closes(Flag::Unfunded), ..party("m", "2026-01-10", 3) };
    let flagged = |same_day| {
        let leg = Leg::new(vec![opens("z"), closes.clone()], Vec::new(), same_day);
        leg.status(day("2026-01-10")).flags.len()
    };
    assert_eq!((flagged(SameDay::ById), flagged(SameDay::ClosingLast)), (1, 0));
}

#[test]
fn a_milestone_slips_from_its_first_date_and_is_overdue_after_its_last() {
    let plan = |id: &str, published: &str, tier, due: &str| Evidence {
        due: Some(day(due)),
        milestone: "first racks".to_owned(),
        ..says(id, published, tier, Modality::Scheduled, 5, Sign::For)
    };
    let plans = vec![
        plan("1", "2025-10-13", Tier::A, "2026-12-31"),
        plan("2", "2026-03-04", Tier::A, "2027-03-31"),
        plan("3", "2026-04-01", Tier::D, "2028-01-01"),
    ];
    let ahead = status(plans.clone(), "2026-05-01");
    assert_eq!(
        (ahead.due(), ahead.slip(), ahead.overdue),
        (Some(day("2027-03-31")), 90, 0),
        "parties' dates stand"
    );
    assert_eq!(status(plans.clone(), "2027-04-02").overdue, 2);
    assert_eq!(status(with(plans, [party("4", "2027-03-01", 5)]), "2027-04-02").dues, [], "reached");
}

#[test]
fn a_report_is_shown_as_one_until_a_party_refutes_it() {
    let paper = newsrooms(2, "2026-01-15", Tier::C, Modality::Hedged, 3, Sign::For);
    let reported = status(paper.clone(), "2026-02-01").reported.unwrap();
    assert_eq!((reported.rung, reported.origins), (Rung::Contracted, 2));
    assert_eq!(status(paper.clone(), "2026-09-01").reported, None, "half a year later it is history");
    let refuted = says("b", "2026-01-16", Tier::B, Modality::Denied, 2, Sign::For);
    assert_eq!(status(with(paper, [refuted]), "2026-02-01").reported, None);
}

#[test]
fn golden_integers_of_a_leg() {
    let claims = vec![
        says("1", "2025-09-05", Tier::C, Modality::Hedged, 3, Sign::For),
        party("2", "2025-10-13", 2),
        says("3", "2025-10-14", Tier::B, Modality::Asserted, 3, Sign::Against),
        party("4", "2026-03-04", 3),
        says("5", "2026-05-07", Tier::C, Modality::Asserted, 3, Sign::Against),
        Evidence { workload: Workload::Lab, ..party("6", "2026-06-24", 4) },
    ];
    let seen = ["2025-09-05", "2025-10-14", "2026-05-09", "2026-11-22"].map(|on| {
        let status = status(claims.clone(), on);
        (status.odds, status.rung.label(), status.conf, status.momentum)
    });
    insta::assert_debug_snapshot!(seen);
    assert!(seen.iter().all(|(odds, ..)| odds.iter().all(|&odds| odds < ENTER + CAP)));
}

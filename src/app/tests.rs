//! Keys and events in, state and effects out.

use super::command::{Call, Command};
use super::fixture::Bench;
use super::key::Key;
use super::keymap::Layer;
use super::msg::{Effect, Event, Msg, Wait};
use super::nav::{List, Pane, Screen, Tab};
use super::own::Deed;
use super::world::Headline;
use crate::config::Config;

fn selected(bench: &Bench) -> String {
    bench.state.selected_deal().unwrap_or_default()
}

fn seen(bench: &Bench) -> String {
    let state = &bench.state;
    format!("{:?}", (&state.screen, state.pane, bench.said(), &state.deal, state.as_of, &state.shown))
}

#[test]
fn every_command_can_be_reached_by_keys_alone() {
    let keys = Config::load(None).unwrap().keys;
    for command in Command::ALL {
        assert!(!keys.places(*command).is_empty(), "`{command}` is bound nowhere");
        let layer = Layer::ALL.into_iter().find(|layer| keys.hint(*layer, *command).is_some());
        assert!(layer.is_some(), "`{command}` is hidden wherever it is bound");
    }
}

#[test]
fn no_command_does_nothing_at_all() {
    // From every screen, every command draws, asks for something or says why not.
    for screen in ["1", "g s", "g m", "g c", "g a", "g l", "?"] {
        for command in Command::ALL {
            let mut bench = Bench::new();
            bench.press(screen);
            let before = seen(&bench);
            let step = bench.state.update(Msg::Paste(String::new()), bench.now);
            assert!(!step.dirty);
            let call = Call::of(*command);
            bench.press(":").type_in(&call.to_string()).press("enter");
            let after = seen(&bench);
            let moves = matches!(
                command,
                Command::Down
                    | Command::Up
                    | Command::Top
                    | Command::Bottom
                    | Command::HalfDown
                    | Command::HalfUp
                    | Command::PageDown
                    | Command::PageUp
                    | Command::Zoom
                    | Command::ReverseSort
                    | Command::Mark
                    | Command::Left
                    | Command::Right
                    | Command::Back
                    | Command::Open
            );
            let asked = !bench.asked.is_empty() || bench.state.prompt.is_some();
            assert!(moves || asked || before != after, "`{command}` on {screen}");
        }
    }
}

#[test]
fn enter_drills_tab_goes_round_and_escape_comes_back() {
    let mut bench = Bench::new();
    bench.press("j j enter");
    assert_eq!(bench.state.screen, Screen::Deal(Tab::Overview));
    assert_eq!(bench.state.deal.as_deref(), Some("openai-amd"));
    assert!(bench.state.page.is_some());
    bench.press("tab");
    assert_eq!(bench.state.screen, Screen::Deal(Tab::Claims));
    bench.press("shift-tab shift-tab");
    assert_eq!(bench.state.screen, Screen::Deal(Tab::Exposure));
    bench.press("esc");
    assert_eq!(bench.state.screen, Screen::Board);
    assert_eq!(selected(&bench), "openai-amd", "the cursor is where it was");
    bench.press("esc esc esc");
    assert_eq!(bench.asked, [], "escape never quits");
    bench.press("q");
    assert_eq!(bench.asked, [Effect::Quit]);
}

#[test]
fn any_deal_and_its_words_are_three_keys_away() {
    let count = Bench::new().state.deal_rows().len();
    for number in 1..=count {
        let mut bench = Bench::new();
        let label = super::label_of(number);
        let keys = if number <= 9 { label } else { format!("' {label}") };
        bench.press(&keys).press("4");
        assert!(keys.split(' ').count() < 3);
        assert_eq!(bench.state.screen, Screen::Deal(Tab::Evidence), "deal {number}");
        assert!(!bench.state.rows(List::Evidence).is_empty(), "deal {number} has no words");
    }
}

#[test]
fn enter_on_a_line_of_the_ledger_leads_to_its_words() {
    let mut bench = Bench::new();
    bench.press("1");
    let rows = bench.state.rows(List::Overview);
    let place = rows.iter().position(|row| row.claim.is_some()).unwrap();
    for _ in 0..place {
        bench.press("j");
    }
    bench.press("enter");
    assert_eq!(bench.state.screen, Screen::Deal(Tab::Evidence));
    assert_eq!(bench.state.row().unwrap().claim, rows[place].claim);
}

#[test]
fn the_board_travels_and_returns() {
    let mut bench = Bench::new();
    let headline = |bench: &Bench| bench.state.world.deal("openai-aws").unwrap().headline;
    assert_eq!(headline(&bench), Headline::OnPaper);
    bench.press("t").type_in("2025-11-10").press("enter");
    assert_eq!(bench.state.as_of, Some("2025-11-10".parse().unwrap()));
    assert_eq!(headline(&bench), Headline::GpuLive);
    bench.press(">");
    assert!(bench.state.as_of.unwrap() > "2025-11-10".parse().unwrap());
    bench.press("<");
    assert!(bench.state.as_of.unwrap() <= "2025-11-10".parse().unwrap());
    bench.press("T");
    assert_eq!(bench.state.as_of, None);
    assert_eq!(headline(&bench), Headline::OnPaper);
}

#[test]
fn a_late_answer_does_not_replace_a_newer_one() {
    let mut bench = Bench::new();
    let old = bench.state.world.board.clone().unwrap();
    bench.press("t").type_in("2025-11-10").press("enter");
    bench.event(Event::Board { ticket: 0, board: old });
    assert_eq!(bench.state.world.day(), Some("2025-11-10".parse().unwrap()));
}

#[test]
fn the_filter_is_typed_and_taken_off() {
    let mut bench = Bench::new();
    let all = bench.state.deal_rows().len();
    bench.press("f").type_in("buyer:openai stage<3").press("enter");
    let some = bench.state.deal_rows().len();
    assert!(some > 0 && some < all, "{some}");
    bench.press("f").press("ctrl-u").type_in("byuer:x").press("enter");
    assert!(bench.said().contains("did you mean `buyer`"), "{}", bench.said());
    assert_eq!(bench.state.deal_rows().len(), some, "a wrong query changes nothing");
    bench.press("F");
    assert_eq!(bench.state.deal_rows().len(), all);
}

#[test]
fn search_finds_the_next_and_the_one_before() {
    let mut bench = Bench::new();
    bench.press("/").type_in("meta").press("enter");
    assert_eq!(selected(&bench), "meta-google");
    bench.press("n");
    assert_eq!(selected(&bench), "meta-amd");
    bench.press("N N");
    assert_eq!(selected(&bench), "meta-nvidia", "it goes round");
    bench.press("/").type_in("zzz").press("enter");
    assert!(bench.said().contains("zzz"));
    assert_eq!(selected(&bench), "meta-nvidia");
}

#[test]
fn what_is_done_to_a_deal_is_undone_step_by_step() {
    let mut bench = Bench::new();
    bench.press("j p");
    let slug = "openai-broadcom".to_owned();
    assert!(bench.state.world.own.pinned.contains(&slug));
    assert_eq!(bench.state.keys(List::Deals)[0], slug, "a pinned deal stands first");
    assert_eq!(selected(&bench), slug, "and the cursor goes with it");
    bench.press("w").type_in("call about financing").press("enter");
    assert_eq!(bench.state.world.own.notes[&slug], "call about financing");
    bench.press("u");
    assert!(bench.state.world.own.notes.is_empty());
    bench.press("u");
    assert!(bench.state.world.own.pinned.is_empty());
    bench.press("u");
    assert_eq!(bench.said(), "nothing to undo");
    let last = bench.asked.iter().rev().find(|effect| matches!(effect, Effect::Keep(_)));
    assert_eq!(last, Some(&Effect::Keep(Deed::Pin(slug, false))), "what is undone is kept as undone");
}

#[test]
fn marked_deals_are_acted_on_together() {
    let mut bench = Bench::new();
    bench.press("space space p");
    assert_eq!(bench.state.world.own.pinned.len(), 2);
    bench.press("u");
    assert!(bench.state.world.own.pinned.is_empty(), "one deed, one undo");
}

#[test]
fn the_margin_lever_moves_under_the_arrows() {
    let mut bench = Bench::new();
    bench.press("1 6");
    let share = |bench: &Bench| {
        let page = bench.state.page.as_ref().unwrap();
        bench.state.knobs.lever(&bench.state.economics, Some(&page.status)).share
    };
    let before = share(&bench);
    bench.press("left left right");
    assert!((share(&bench) - (before - 0.01)).abs() < 1e-9);
    bench.press("]");
    let other =
        bench.state.page.as_ref().unwrap().status.contracted.map_or(0.0, |share| share.mid as f64 / 1000.0);
    assert!((share(&bench) - other).abs() < 1e-9, "the share belongs to the deal");
}

#[test]
fn new_lines_wait_above_while_the_wire_is_scrolled() {
    let mut bench = Bench::new();
    let row = |key: &str| super::wire::WireRow {
        key: key.into(),
        at: bench_now(),
        day: bench_now().day(),
        subject: "openai-aws".into(),
        priority: 70,
        score: score(),
        kind: "SIGNED".into(),
        what: crate::domain::text::DisplayText::line(key, 50),
        tier: 'A',
        origins: 1,
        copies: 1,
        claims: Vec::new(),
        url: None,
        live: true,
    };
    fn bench_now() -> crate::domain::time::Timestamp {
        "2026-10-20T12:00:00Z".parse().unwrap()
    }
    let wire = |keys: &[&str]| Event::Wire {
        wire: std::sync::Arc::new(keys.iter().map(|key| row(key)).collect()),
        fresh: Vec::new(),
    };
    bench.event(wire(&["c", "b", "a"])).press("tab j");
    assert_eq!(bench.state.pane, Pane::Wire);
    assert_eq!(bench.state.row().unwrap().key, "b");
    bench.event(wire(&["e", "d", "c", "b", "a"]));
    assert_eq!(bench.state.row().unwrap().key, "b");
    assert_eq!(bench.state.wire_waiting(), 2);
    assert_eq!(bench.state.keys(List::Wire), ["c", "b", "a"]);
    bench.press("g g");
    assert_eq!(bench.state.wire_waiting(), 0);
    assert_eq!(bench.state.row().unwrap().key, "e");
}

#[test]
fn a_half_typed_sequence_can_be_left() {
    let mut bench = Bench::new();
    bench.press("g");
    assert_eq!(bench.state.pending.len(), 1);
    bench.press("esc");
    assert!(bench.state.pending.is_empty());
    assert_eq!(bench.state.screen, Screen::Board);
    bench.press("g Z");
    assert!(bench.said().contains("`g Z` is not bound"), "{}", bench.said());
    bench.press("g").send(Msg::Over(Wait::Sequence));
    assert!(bench.state.pending.is_empty());
}

#[test]
fn kiosk_goes_through_the_deals_until_a_key_ends_it() {
    let mut bench = Bench::new();
    bench.press("g k");
    assert_eq!(bench.state.deal.as_deref(), Some("openai-aws"));
    let stay = bench.state.options.kiosk;
    bench.wait(stay.as_secs() as i64);
    assert_eq!(bench.state.deal.as_deref(), Some("openai-broadcom"));
    bench.press("x");
    assert!(!bench.state.is_kiosk());
    assert!(bench.state.world.own.read.is_empty(), "the key that ends it does nothing else");
}

#[test]
fn nothing_wakes_the_screen_without_a_reason() {
    let mut bench = Bench::new();
    bench.wait(60);
    assert_eq!(bench.state.waits().count(), 0);
    bench.state.drawn(super::Report::default());
    assert_eq!(bench.state.next_wake(bench.now), Some(bench.now.day().plus(1).start()), "the day turns");
    bench.state.drawn(super::Report { minutes: true, ..super::Report::default() });
    let wake = bench.state.next_wake(bench.now).unwrap();
    assert!(wake.since(bench.now) <= 60 && wake.0 % 60 == 0);
    bench.send(Msg::Focus(false));
    assert_eq!(bench.state.next_wake(bench.now), Some(wake), "a second monitor is read without focus");
}

#[test]
fn a_live_board_turns_at_midnight() {
    let mut bench = Bench::new();
    let day = bench.state.world.day().unwrap();
    bench.wait(86_400);
    assert_eq!(bench.state.world.day(), Some(day.plus(1)));
}

#[test]
fn pasted_text_is_never_taken_for_keys() {
    let mut bench = Bench::new();
    bench.send(Msg::Paste("qqq\u{1b}:quit\n".into()));
    assert_eq!(bench.asked, []);
    bench.press("f").send(Msg::Paste("buyer:\nopenai".into()));
    assert_eq!(bench.state.prompt.as_ref().unwrap().text(), "buyer: openai");
}

#[test]
fn copy_and_open_give_what_stands_under_the_cursor() {
    let mut bench = Bench::new();
    bench.press("1 4");
    let linked = bench.state.rows(List::Evidence).iter().position(|row| row.url.is_some()).unwrap();
    for _ in 0..linked {
        bench.press("j");
    }
    bench.press("o y");
    let row = bench.state.row().unwrap();
    assert_eq!(bench.asked[0], Effect::OpenLink(row.url.clone().unwrap()));
    let Effect::Copy(text) = &bench.asked[1] else { panic!("{:?}", bench.asked) };
    assert!(text.contains(&row.url.unwrap()));
}

#[test]
fn ctrl_c_quits_whatever_is_bound() {
    let mut bench = Bench::new();
    bench.state.keymap = super::keymap::Keymap::default();
    bench.send(Msg::Key("ctrl-c".parse::<Key>().unwrap()));
    assert_eq!(bench.asked, [Effect::Quit]);
}

/// Alerts on what was said; those on dates are there from the start.
fn told(bench: &Bench) -> usize {
    bench.state.desk.shown().filter(|alert| !matches!(alert.rule.as_str(), "due" | "missed")).count()
}

#[test]
fn an_alert_waits_until_it_is_acknowledged() {
    // Open over midnight: what flips on the new day is an alert.
    let mut bench = Bench::on("2026-02-26T12:00:00Z");
    assert_eq!(told(&bench), 0, "what the first board says is no news");
    bench.wait(86_400);
    let waiting = bench.state.desk.open(&bench.state.world.own).count();
    assert!(waiting > 0);
    assert!(
        bench
            .state
            .desk
            .shown()
            .any(|alert| alert.text.contains("GPU LIVE → ON PAPER") || alert.text.contains("→ ON PAPER"))
    );
    bench.press("g a a");
    assert_eq!(bench.state.desk.open(&bench.state.world.own).count(), waiting - 1);
    bench.press("u");
    assert_eq!(bench.state.desk.open(&bench.state.world.own).count(), waiting);
}

#[test]
fn going_back_in_time_and_returning_is_no_news() {
    let mut bench = Bench::new();
    bench.press("t").type_in("2025-11-10").press("enter").press("T");
    assert_eq!(bench.state.as_of, None);
    assert_eq!(told(&bench), 0);
}

#[test]
fn claims_of_earlier_sessions_are_no_news() {
    let catalog = Config::load(None).unwrap().catalog;
    // The store is read: more is known than the first board, which came from the catalog alone, did.
    let mut fresh = Bench::new();
    fresh.state.desk = super::alerts::Desk::new(&Config::load(None).unwrap().alerts, 0, fresh.now);
    let bare = std::sync::Arc::new(crate::ledger::Ledger::new(&catalog, Vec::new()));
    let early = bare.board("2026-02-01".parse().unwrap());
    fresh.event(Event::Ledger { ledger: std::sync::Arc::clone(&bare), complete: false });
    fresh.event(Event::Board { ticket: 0, board: std::sync::Arc::new(early) });
    fresh.event(Event::Ledger { ledger: bare, complete: true });
    assert_eq!(told(&fresh), 0);
    let dates = fresh.state.desk.shown().filter(|alert| alert.rule == "missed").count();
    assert_eq!(dates, 1, "a date that has passed is worth a word at the start");
}

fn score() -> crate::ledger::signal::Score {
    crate::ledger::signal::Score { materiality: 90, novelty: 100, credit: 100, relevance: 100 }
}

fn live_row(key: &str, published: crate::domain::time::Timestamp) -> super::wire::WireRow {
    super::wire::WireRow {
        key: key.into(),
        at: published,
        day: published.day(),
        subject: "openai-aws".into(),
        priority: 90,
        score: score(),
        kind: "SIGNED".into(),
        what: crate::domain::text::DisplayText::line("custom contracted 2.0 GW → 3.0 GW", 50),
        tier: 'A',
        origins: 1,
        copies: 1,
        claims: vec!["a claim".into()],
        url: None,
        live: true,
    }
}

fn notices(bench: &Bench) -> usize {
    bench.asked.iter().filter(|effect| matches!(effect, Effect::Notify(_))).count()
}

#[test]
fn a_line_of_the_wire_alerts_when_it_comes_in_whatever_the_hour() {
    let mut bench = Bench::new();
    bench.wait(3600);
    let fresh = vec![live_row("new", bench.now.plus(-60))];
    let wire = std::sync::Arc::clone(&bench.state.world.wire);
    bench.event(Event::Wire { wire: std::sync::Arc::clone(&wire), fresh: fresh.clone() });
    let found: Vec<_> = bench.state.desk.shown().map(|alert| alert.rule.clone()).collect();
    assert!(found.contains(&"party-words".to_owned()) && found.contains(&"priority".to_owned()), "{found:?}");
    assert_eq!(notices(&bench), 1, "one line interrupts once");
    bench.event(Event::Wire { wire, fresh });
    assert_eq!(bench.state.desk.shown().count(), found.len(), "what was told is not told again");
}

#[test]
fn what_came_while_the_machine_slept_is_listed_and_interrupts_nobody() {
    let mut bench = Bench::new();
    bench.wait(8 * 3600);
    bench.event(Event::ClockJumped(8 * 3600));
    let fresh = vec![live_row("overnight", bench.now.plus(-4 * 3600))];
    bench.wait(60);
    let wire = std::sync::Arc::clone(&bench.state.world.wire);
    bench.event(Event::Wire { wire, fresh });
    assert!(bench.state.desk.open(&bench.state.world.own).count() > 0, "it waits to be seen");
    assert_eq!(notices(&bench), 0, "and is not breaking");
}

#[test]
fn a_feed_that_keeps_failing_alerts_once_and_is_settled_when_it_answers() {
    let mut bench = Bench::new();
    let mut source = bench.state.world.sources[0].clone();
    let fare = |bench: &mut Bench, source: &super::world::Source| {
        bench.event(Event::PollEnded { source: source.clone(), new: 0 });
        let open = bench.state.desk.open(&bench.state.world.own);
        open.filter(|alert| alert.rule == "feed").count()
    };
    source.health = super::world::Health::Failed;
    for (failures, waiting) in [(1, 0), (2, 0), (3, 1), (4, 1)] {
        source.failures = failures;
        assert_eq!(fare(&mut bench, &source), waiting, "after {failures} failures");
    }
    source.health = super::world::Health::Ok;
    source.failures = 0;
    assert_eq!(fare(&mut bench, &source), 0);
    // Without a network all of them fail, and line 1 says so.
    for place in 0..bench.state.world.sources.len() {
        let mut source = bench.state.world.sources[place].clone();
        source.health = super::world::Health::Failed;
        source.failures = 9;
        bench.event(Event::PollEnded { source, new: 0 });
    }
    assert!(bench.state.world.is_offline());
    assert!(bench.state.desk.open(&bench.state.world.own).count() < 3);
}

#[test]
fn enter_on_any_figure_of_the_overview_leads_to_words_or_says_why_there_are_none() {
    let slugs: Vec<String> = Bench::new().state.keys(List::Deals);
    for slug in slugs {
        let mut bench = Bench::new();
        bench.press(":").type_in(&format!("deal {slug}")).press("enter");
        for (place, row) in bench.state.rows(List::Overview).iter().enumerate() {
            if row.text.is_empty() {
                continue;
            }
            bench.press("g g");
            for _ in 0..place {
                bench.press("j");
            }
            bench.press("enter");
            let there = bench.state.screen == Screen::Deal(Tab::Evidence);
            assert!(there || !bench.said().is_empty(), "{slug}: {}", row.text);
            let figures = row.text.contains("contracted ") || row.text.contains("due 20");
            assert!(there || !figures || row.text.contains("says"), "{slug}: no words behind `{}`", row.text);
            bench.state.toast = None;
            bench.press("1");
        }
    }
}

#[test]
fn a_judgement_on_a_rung_is_kept_undone_and_refused_when_it_cannot_be_read() {
    let mut bench = Bench::new();
    bench.press("P").type_in("custom at-least deployed until 2027-01-31 seen").press("enter");
    let kept = Effect::Keep(
        bench
            .state
            .world
            .own
            .held
            .iter()
            .next()
            .map(|(held, pin)| {
                assert_eq!(pin, "custom at-least deployed from 2026-10-20 until 2027-01-31 seen");
                Deed::Hold(held.clone(), Some(pin.clone()))
            })
            .unwrap(),
    );
    assert!(bench.asked.contains(&kept));
    assert_eq!(bench.state.world.own.pins()[0].pin.rung, 5);
    bench.press("u");
    assert!(bench.state.world.own.held.is_empty());
    bench.press("P").type_in("custom exactly deployed cannot be written off").press("enter");
    assert_eq!(bench.state.world.own.held.len(), 1, "{}", bench.said());
    bench.press("P").type_in("custom off").press("enter");
    assert!(bench.state.world.own.held.is_empty(), "{}", bench.said());
    for (text, answer) in
        [("custom live", "is no rung"), ("other serving", "no other leg"), ("rung", "name the leg")]
    {
        bench.press("P").type_in(text).press("enter");
        assert!(bench.said().contains(answer), "{text}: {}", bench.said());
        assert!(bench.state.world.own.held.is_empty());
    }
}

#[test]
fn one_key_leads_from_the_board_to_the_words_behind_every_number() {
    let mut bench = Bench::new();
    bench.press("i");
    assert_eq!(bench.state.screen, Screen::Figures);
    let text = |bench: &Bench| {
        bench.state.rows(List::Figures).iter().map(|row| row.text.clone()).collect::<Vec<_>>().join("\n")
    };
    let shown = text(&bench);
    for number in ["82% [78–84]", "$138B", "12.0 GW", "57%", "2026-12-31", "about 2 GW of Trainium"] {
        assert!(shown.contains(number), "{number} is not among\n{shown}");
    }
    // From a figure on to the evidence, and back.
    let place = bench.state.rows(List::Figures).iter().position(|row| row.claim.is_some()).unwrap();
    for _ in 0..place {
        bench.press("j");
    }
    bench.press("enter");
    assert_eq!(bench.state.screen, Screen::Deal(Tab::Evidence));
    bench.press("esc");
    assert_eq!(bench.state.screen, Screen::Figures);
    // Of a line of the wire: why it has its priority, and who told it.
    bench.press("esc tab i");
    assert!(text(&bench).contains("materiality"), "{}", text(&bench));
    // A programme is no deal, and its words are reached all the same.
    let mut bench = Bench::new();
    bench.press("tab /").type_in("trainium").press("enter enter");
    assert_eq!(bench.state.screen, Screen::Figures, "{}", bench.said());
    assert!(bench.state.figures.iter().any(|row| row.claim().is_some()));
}

#[test]
fn a_program_is_told_what_a_person_is_spared() {
    use crate::config::alerts::{On, Route};
    let mut config = Config::load(None).unwrap();
    let mut mine = config.alerts.rules.iter().find(|rule| rule.on == On::Claim).unwrap().clone();
    mine.id = "mine".into();
    mine.cooldown = std::time::Duration::ZERO;
    mine.routes = vec![Route::Command, Route::Notice];
    mine.command = vec!["tee".into(), "alerts.jsonl".into()];
    config.alerts.rules.push(mine);
    let mut bench = Bench::new();
    bench.state.desk.set_rules(&config.alerts);
    bench.wait(3600);
    for key in ["one", "two", "three"] {
        let mut row = live_row(key, bench.now.plus(-60));
        row.what = crate::domain::text::DisplayText::line(key, 50);
        let wire = std::sync::Arc::clone(&bench.state.world.wire);
        bench.event(Event::Wire { wire, fresh: vec![row] });
        bench.wait(5);
    }
    let sent = |wanted: fn(&super::alerts::Notice) -> bool| {
        bench.asked.iter().filter(|effect| matches!(effect, Effect::Notify(notice) if wanted(notice))).count()
    };
    assert_eq!(sent(|notice| notice.terminal), 1, "within a minute a person is interrupted once");
    assert_eq!(sent(|notice| !notice.command.is_empty()), 3, "a program hears of each");
}

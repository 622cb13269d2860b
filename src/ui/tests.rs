//! Frames of real states: snapshots with styles, and any state at any size.

use insta::assert_snapshot;
use proptest::prelude::*;

use super::dump::{draw, styles, text};
use super::text::width;
use super::theme::{Depth, Theme};
use crate::app::command::Command;
use crate::app::fixture::Bench;
use crate::app::key::Key;
use crate::app::msg::Msg;
use crate::config::Config;

const DEPTHS: [Depth; 4] = [Depth::Mono, Depth::Ansi16, Depth::Ansi256, Depth::True];

fn theme(name: &str, depth: Depth, ascii: bool) -> Theme {
    Theme::resolve(&Config::load(None).unwrap().themes[name], depth, ascii)
}

fn frame(bench: &mut Bench, columns: u16, rows: u16) -> String {
    let (buffer, report) =
        draw(&bench.state, &theme("default", Depth::Ansi16, false), bench.now, columns, rows);
    bench.state.drawn(report);
    text(&buffer)
}

#[test]
fn the_board_at_four_sizes() {
    for (columns, rows) in [(200, 50), (120, 36), (80, 24), (60, 16)] {
        let mut bench = Bench::new();
        assert_snapshot!(format!("board_{columns}x{rows}"), frame(&mut bench, columns, rows));
    }
}

#[test]
fn the_styles_of_the_board_at_four_depths() {
    for depth in DEPTHS {
        let bench = Bench::new();
        let (buffer, _) = draw(&bench.state, &theme("dark", depth, false), bench.now, 80, 24);
        assert_snapshot!(format!("board_styles_{depth:?}"), styles(&buffer));
    }
}

#[test]
fn each_tab_of_a_deal() {
    for (number, name) in
        ["overview", "claims", "timeline", "evidence", "chart", "economics", "exposure"].iter().enumerate()
    {
        let mut bench = Bench::new();
        bench.press("1").press(&(number + 1).to_string());
        assert_snapshot!(format!("deal_{name}"), frame(&mut bench, 120, 36));
    }
}

#[test]
fn the_screens_beside_the_board() {
    for (keys, name) in
        [("g s", "sources"), ("g m", "matrix"), ("g c", "calendar"), ("g a", "alerts"), ("?", "help")]
    {
        let mut bench = Bench::new();
        bench.press(keys);
        assert_snapshot!(format!("screen_{name}"), frame(&mut bench, 100, 30));
    }
}

#[test]
fn what_lies_over_the_screen() {
    let mut bench = Bench::new();
    bench.press("g");
    assert_snapshot!("which_key", frame(&mut bench, 80, 24));
    bench.press("esc :").type_in("so");
    assert_snapshot!("palette", frame(&mut bench, 80, 24));
}

#[test]
fn the_words_that_were_read_are_highlighted() {
    let mut bench = Bench::new();
    bench.press("1 4");
    let page = std::sync::Arc::make_mut(bench.state.page.as_mut().unwrap());
    let claim = std::sync::Arc::make_mut(&mut page.claims[0].claim);
    claim.words = crate::domain::text::DisplayText::line("OpenAI will consume 2 GW of Trainium", 100);
    claim.spans = vec![(12, 24)];
    let theme = theme("default", Depth::Ansi16, false);
    let (buffer, _) = draw(&bench.state, &theme, bench.now, 120, 36);
    let marked: String = buffer
        .content
        .iter()
        .filter(|cell| {
            cell.style().add_modifier.contains(theme.style(super::theme::Token::Highlight).add_modifier)
        })
        .filter(|cell| Some(cell.fg) == theme.style(super::theme::Token::Highlight).fg.or(Some(cell.fg)))
        .map(ratatui::buffer::Cell::symbol)
        .collect();
    assert!(marked.contains("consume 2 GW"), "{marked:?}");
}

#[test]
fn with_ascii_nothing_else_is_drawn() {
    for keys in ["1", "1 5", "1 6", "g m", "?", "g"] {
        let mut bench = Bench::new();
        bench.press(keys);
        let (buffer, _) = draw(&bench.state, &theme("default", Depth::Mono, true), bench.now, 120, 36);
        let text = text(&buffer);
        assert!(text.chars().all(|c| c == '\n' || matches!(c, ' '..='~')), "{text}");
    }
}

#[test]
fn another_day_is_said_in_words_and_over_the_whole_line() {
    let mut bench = Bench::new();
    bench.press("t").type_in("2026-02-27").press("enter");
    let theme = theme("default", Depth::Mono, false);
    let (buffer, _) = draw(&bench.state, &theme, bench.now, 120, 36);
    assert!(text(&buffer).lines().next().unwrap().contains("AS-OF 2026-02-27"));
    let as_of = theme.style(super::theme::Token::AsOf).add_modifier;
    assert!((0..120).all(|x| buffer.cell((x, 0)).unwrap().modifier.contains(as_of)));
}

#[test]
fn a_failing_feed_is_in_line_one_and_in_words_in_sources() {
    let mut bench = Bench::new();
    assert!(frame(&mut bench, 120, 36).lines().next().unwrap().contains("1 FAILED"));
    bench.press("g s");
    let text = frame(&mut bench, 160, 36);
    assert!(text.contains("the connection timed out"), "{text}");
    assert!(text.contains("in 13m"), "{text}");
}

#[test]
fn a_list_of_one_deal_keeps_its_frame_and_heading() {
    let mut bench = Bench::new();
    bench.press("f").type_in("status:proving").press("enter");
    let text = frame(&mut bench, 80, 24);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[2].contains("DEALS 1 of 20"), "{text}");
    assert!(lines[3].contains("STATUS"), "{text}");
    assert!(lines[4].contains("OpenAI"), "{text}");
}

#[test]
fn the_smallest_board_shows_the_pane_that_has_the_focus_and_names_it() {
    let mut bench = Bench::new();
    assert!(frame(&mut bench, 60, 16).contains("DEALS 20"));
    bench.press("tab");
    let text = frame(&mut bench, 60, 16);
    assert!(text.contains("◆ WIRE") && text.contains("WHAT CHANGED"), "{text}");
    bench.press("z");
    assert!(frame(&mut bench, 60, 16).contains("WHAT CHANGED"));
}

#[test]
fn line_one_leaves_out_whole_parts_and_keeps_a_gap() {
    for (keys, columns) in [("esc", 40), ("esc", 60), ("esc", 80), ("1", 100), ("1", 120), ("1", 30)] {
        let mut bench = Bench::new();
        bench.press(keys);
        let text = frame(&mut bench, columns, 24);
        let line = text.lines().next().unwrap();
        assert!(line.contains("LIVE") && line.contains("1 FAILED"), "{line}");
        assert!(!line.contains('…'), "{line}");
        assert!(line.contains("  feeds") || line.contains("  1 LATE"), "{line}");
    }
}

#[test]
fn a_group_has_a_heading_that_the_cursor_passes_by() {
    let mut bench = Bench::new();
    bench.press("b");
    for _ in 0..20 {
        let text = frame(&mut bench, 80, 24);
        let cursor = text.lines().find(|line| line.starts_with("│▌")).unwrap();
        assert!(!cursor.contains(" deals ") && !cursor.contains(" deal "), "{text}");
        bench.press("j");
    }
    assert!(frame(&mut bench, 80, 24).contains("silicon"), "headings at any width");
}

#[test]
fn rows_below_the_fold_are_counted_in_the_frame() {
    let mut bench = Bench::new();
    assert!(frame(&mut bench, 80, 24).contains("1–8 of 20"));
    bench.press("G");
    assert!(frame(&mut bench, 80, 24).contains("13–20 of 20"));
}

#[test]
fn what_the_user_did_to_a_deal_shows_in_its_row_at_any_size() {
    let mut bench = Bench::new();
    bench.press("p w").type_in("ask").press("enter").press("m").type_in("1h").press("enter");
    bench.press("g g space g g");
    let text = frame(&mut bench, 80, 24);
    let row = text.lines().nth(4).unwrap();
    assert!(row.contains("OpenAI–AWS •^mw"), "{text}");
}

#[test]
fn a_letter_that_leads_to_a_deal_says_to_which() {
    let mut bench = Bench::new();
    bench.press("'");
    let text = frame(&mut bench, 80, 24);
    assert!(text.contains("a Anthropic–AWS") && !text.contains(" z "), "{text}");
}

#[test]
fn tabs_have_whole_names_at_80_columns_and_numbers_at_60() {
    let mut bench = Bench::new();
    bench.press("1 4");
    let text = frame(&mut bench, 80, 24);
    assert!(
        text.contains(" 1 Overview 2 Claims 3 Timeline [4 Evidence] 5 Chart 6 Economics 7 Exposure"),
        "{text}"
    );
    assert!(frame(&mut bench, 60, 16).contains(" 1 2 3 [4 Evidence] 5 6 7"));
}

#[test]
fn no_tab_shows_an_id_for_an_informant() {
    for keys in ["1", "1 2", "1 3", "1 4", "b 4", "5 2"] {
        let mut bench = Bench::new();
        bench.press(keys);
        let text = frame(&mut bench, 200, 60);
        assert!(!text.contains("party:") && !text.contains("newsroom:"), "{text}");
    }
}

#[test]
fn the_catalogs_own_words_stand_without_quotes() {
    let mut bench = Bench::new();
    bench.press("1 4");
    let text = frame(&mut bench, 120, 36);
    assert!(text.contains("catalog says: Amazon's"), "{text}");
    let page = std::sync::Arc::make_mut(bench.state.page.as_mut().unwrap());
    page.claims[0].live = true;
    let text = frame(&mut bench, 120, 36);
    assert!(text.contains("\"Amazon's") && !text.contains("catalog says"), "{text}");
}

#[test]
fn a_conflict_has_its_sides_beside_each_other() {
    let mut bench = Bench::new();
    bench.press("1 2");
    for (columns, rows) in [(120, 36), (80, 24)] {
        let text = frame(&mut bench, columns, rows);
        let a = text.lines().position(|line| line.contains("a) $100B")).unwrap();
        let b = text.lines().position(|line| line.contains("b) $62B")).unwrap();
        assert!(b - a <= 1, "{text}");
    }
}

#[test]
fn a_preview_that_is_cut_says_where_the_rest_is() {
    let mut bench = Bench::new();
    let text = frame(&mut bench, 120, 30);
    assert!(text.contains("… enter shows all"), "{text}");
    assert!(!frame(&mut bench, 200, 60).contains("shows all"));
}

#[test]
fn every_column_of_the_matrix_fits_120_columns() {
    let mut bench = Bench::new();
    bench.press("g m");
    let text = frame(&mut bench, 120, 36);
    assert!(!text.contains("wider screen") && text.contains("2.0/2.0"), "{text}");
}

#[test]
fn the_caveats_of_the_lever_can_be_read_at_80_columns() {
    let mut bench = Bench::new();
    bench.press("1 6");
    let text = frame(&mut bench, 80, 24);
    assert!(text.contains("the contracted share") && text.contains("14% to 45%"), "{text}");
    bench.press("z");
    let text = frame(&mut bench, 80, 24);
    assert!(text.contains("GPU margin:") && text.contains("saving →") && text.contains("100%   "), "{text}");
}

#[test]
fn the_palette_says_when_no_command_has_the_name() {
    let mut bench = Bench::new();
    bench.press(":").type_in("qqq");
    assert!(frame(&mut bench, 80, 24).contains("no command of that name"));
    bench.press("esc : ").type_in("note qqq");
    assert!(!frame(&mut bench, 80, 24).contains("no command of that name"));
}

#[test]
fn a_deal_of_which_nothing_is_known_says_so() {
    let mut bench = Bench::new();
    bench.press("t").type_in("2025-01-01").press("enter");
    bench.press("1 5");
    assert!(frame(&mut bench, 120, 36).contains("Nothing was known of this leg on this day"));
}

#[test]
fn the_alert_strip_keeps_its_words_at_80_columns() {
    let mut bench = Bench::on("2026-02-26T12:00:00Z");
    bench.wait(86_400);
    let text = frame(&mut bench, 80, 24);
    let strip = text.lines().nth(22).unwrap();
    assert!(strip.starts_with(" ! now ") && strip.contains("a acks (1 of"), "{text}");
    bench.press("g s");
    assert!(frame(&mut bench, 80, 24).contains("g a alerts (1 of"), "elsewhere the way to them");
    bench.press("q");
    let text = frame(&mut bench, 60, 16);
    let count = bench.state.desk.open(&bench.state.world.own).count();
    assert!(text.lines().next().unwrap().contains(&format!("{count}!")), "{text}");
}

/// What a user and the world may do, in any order.
fn any_step() -> impl Strategy<Value = String> {
    let keys: Vec<String> = {
        let keymap = Config::load(None).unwrap().keys;
        let mut keys: Vec<String> = Command::ALL
            .iter()
            .filter(|command| !matches!(command, Command::Quit | Command::Leave))
            .flat_map(|command| keymap.places(*command).into_iter().map(|(_, keys, _)| keys))
            .collect();
        keys.extend(["x", "enter", "esc", "tab", "2", "buyer:meta", "gw>=2", "é", "字"].map(str::to_owned));
        keys
    };
    proptest::sample::select(keys)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]

    #[test]
    fn any_state_at_any_size_draws_and_keeps_its_place(
        steps in proptest::collection::vec(any_step(), 0..24),
        sizes in proptest::collection::vec((0u16..300, 0u16..120), 1..4),
        depth in proptest::sample::select(DEPTHS.to_vec()),
        ascii in any::<bool>(),
    ) {
        let mut bench = Bench::new();
        let theme = theme("default", depth, ascii);
        for step in &steps {
            for part in step.split(' ') {
                match part.parse::<Key>() {
                    Ok(key) => bench.send(Msg::Key(key)),
                    Err(_) => bench.type_in(part),
                };
            }
            let (_, report) = draw(&bench.state, &theme, bench.now, 90, 30);
            bench.state.drawn(report);
            let list = bench.state.list();
            let keys = bench.state.keys(list);
            prop_assert!(keys.is_empty() || bench.state.place(list, &keys) < keys.len());
        }
        for (columns, rows) in sizes {
            let (buffer, _) = draw(&bench.state, &theme, bench.now, columns, rows);
            for cell in &buffer.content {
                prop_assert!(!cell.symbol().chars().any(char::is_control));
                prop_assert!(width(cell.symbol()) <= 2);
            }
        }
    }
}

#[test]
fn every_small_size_draws() {
    let mut boards = Vec::new();
    for keys in ["esc", "1", "1 4", "1 5", "1 6", "g s", "g m", "g c", "g a", "?", ":", "g"] {
        let mut bench = Bench::new();
        bench.press(keys);
        boards.push(bench);
    }
    let theme = theme("default", Depth::Ansi16, false);
    for bench in &boards {
        for columns in 0..=24 {
            for rows in 0..=20 {
                draw(&bench.state, &theme, bench.now, columns, rows);
            }
        }
        draw(&bench.state, &theme, bench.now, 500, 500);
    }
}

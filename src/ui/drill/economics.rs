//! Economics: the margin lever under the arrow keys. Exposure: whom the deal touches.

use ratatui::layout::Rect;

use super::super::Scene;
use super::super::board::split_rows;
use super::super::canvas::{Canvas, Column, Line, column, flexible, lay_out, span};
use super::super::text::Align;
use super::super::theme::Token;
use crate::app::command::Command;
use crate::app::drill::DealPage;
use crate::app::economics::{CAVEATS, DealEconomics, Knob, Lever, Range, TABLE_SAVINGS, TABLE_SHARES};
use crate::app::format;
use crate::app::nav::List;
use crate::domain::deal::LegKind;

pub(super) fn draw(canvas: &mut Canvas<'_>, scene: Scene<'_>, page: &DealPage, area: Rect) {
    let state = scene.state;
    let economics = &state.economics;
    let deal = Some(&page.status);
    let inside = canvas.frame(
        area,
        &[span("Economics", Token::Strong)],
        "j k choose, left right move by a point",
        true,
    );
    // With the whole screen for it, what the figures rest on stands first.
    let (knobs, rest) = split_rows(inside, if state.zoomed { 0 } else { 4 });
    let index = state.place(List::Economics, &state.keys(List::Economics));
    canvas.list(List::Economics, knobs, (index, Knob::ALL.len()), true, |canvas, line, place| {
        let Some(knob) = Knob::ALL.get(place) else { return };
        let value = state.knobs.value(*knob, economics, deal);
        let used = canvas.put(line.x, line.y, 32, knob.title(), Token::Text);
        debug_assert!(used <= 32);
        canvas.cell(line.x + 32, line.y, 6, &format::tenths(value), Align::Right, Token::Strong);
        // The bounds beside it come before the length of the bar.
        let length = line.width.saturating_sub(39 + 2 + 22).min(30);
        bar(canvas, Rect { x: line.x + 39, width: length, ..line }, value);
        let from = match knob {
            Knob::Share if state.knobs.is_moved(*knob) => "yours".to_owned(),
            Knob::Share if page.status.deal.leg(LegKind::Custom).is_none() => "no custom leg".to_owned(),
            Knob::Share if page.status.contracted.is_none() => "no contracted share".to_owned(),
            Knob::Share => "the contracted share".to_owned(),
            Knob::Saving => bounds(economics.saving.lo, economics.saving.hi),
            Knob::GpuMargin => bounds(economics.gpu_margin.lo, economics.gpu_margin.hi),
            Knob::PassedOn => bounds(economics.passed_on.lo, economics.passed_on.hi),
        };
        let x = 39 + length + 2;
        canvas.put(line.x + x, line.y, line.width.saturating_sub(x), &from, Token::Dim);
    });
    let lever = state.knobs.lever(economics, deal);
    let margin = lever.margin();
    let facts = economics.deal(&page.status);
    let mut lines: Vec<Line<'_>> = Vec::new();
    lines.push(Vec::new());
    let permille = |part: f64| format::percent((part * 1000.0).round() as i64);
    lines.push(vec![
        span("a unit of work costs ", Token::Dim),
        span(permille(margin.cost / (1.0 - lever.gpu_margin).max(0.001)), Token::Strong),
        span(" of what it costs on GPUs, is sold at ", Token::Dim),
        span(permille(margin.price), Token::Strong),
        span(" of the price, and earns a gross margin of ", Token::Dim),
        span(permille(margin.margin), Token::Strong),
        span(format!(" ({:+.0} basis points)", lever.margin_bps()), Token::Good),
    ]);
    lines.push(revenue(&facts, &lever));
    lines.push(Vec::new());
    lines.push(vec![
        span("one more point of work on custom silicon ", Token::Dim),
        span(range(facts.point_bps, "bp"), Token::Strong),
        span(
            facts
                .point_profit
                .map(|profit| format!(", {} gross profit a year", millions(profit)))
                .unwrap_or_default(),
            Token::Strong,
        ),
    ]);
    lines.push(vec![
        span("break-even: custom must do ", Token::Dim),
        span(format!("{:.2}", facts.break_even.mid), Token::Strong),
        span(
            format!(
                " [{:.2}-{:.2}] of a GPU's work per watt; at what is said of it now the saving is ",
                facts.break_even.lo.min(facts.break_even.hi),
                facts.break_even.hi.max(facts.break_even.lo)
            ),
            Token::Dim,
        ),
        span(range_percent(facts.implied_saving), Token::Strong),
    ]);
    lines.push(Vec::new());
    lines.push(vec![span(caveats(), Token::Dim)]);
    for (name, assumption) in [("saving", &economics.saving), ("GPU margin", &economics.gpu_margin)] {
        lines.push(vec![span(format!("{name}: {} ({})", assumption.source, assumption.date), Token::Dim)]);
    }
    if state.zoomed {
        lines.rotate_right(NOTES);
    }
    let above = if state.zoomed { NOTE_ROWS } else { WORD_ROWS };
    let table = if rest.height >= above + TABLE_ROWS { TABLE_ROWS } else { 0 };
    let (words, table) = split_rows(rest, rest.height - table);
    let key = state.keymap.hint(state.screen.layer(state.pane), Command::Zoom).unwrap_or_default();
    let elsewhere = if state.zoomed { "the levers again" } else { "caveats, sources and sensitivity" };
    canvas.paragraphs(words, lines, &format!("{key} shows {elsewhere}"));
    if table.height > 0 {
        sensitivity(canvas, table, lever);
    }
}

/// Lines at the end that say what the figures rest on: the caveats and two sources.
const NOTES: usize = 3;

/// Heading, savings, and one row for each share.
const TABLE_ROWS: u16 = 2 + TABLE_SHARES.len() as u16;
/// What stands above it.
const WORD_ROWS: u16 = 17;
/// What stands above it with the whole screen: the notes, at 80 columns.
const NOTE_ROWS: u16 = 9;

/// Change of margin by share of work and saving, at the lever's margin and what it passes on.
fn sensitivity(canvas: &mut Canvas<'_>, area: Rect, lever: Lever) {
    let percent = |part: f64| format!("{:.0}%", part * 100.0);
    let heading = format!(
        "change of gross margin in basis points, at a GPU margin of {} and {} of the saving passed on",
        format::tenths((lever.gpu_margin * 1000.0).round() as i64),
        format::tenths((lever.passed_on * 1000.0).round() as i64),
    );
    canvas.put(area.x + 1, area.y, area.width.saturating_sub(1), &heading, Token::Dim);
    let mut row = |y: u16, name: &str, cells: [String; 6], token: Token| {
        canvas.put(area.x + 1, area.y + y, 20, name, Token::Dim);
        for (cell, x) in cells.iter().zip((20u16..).step_by(8)) {
            if x + 8 <= area.width {
                canvas.cell(area.x + x, area.y + y, 8, cell, Align::Right, token);
            }
        }
    };
    row(1, "share \u{2193}  saving \u{2192}", TABLE_SAVINGS.map(percent), Token::Dim);
    for (y, (share, cells)) in (2..).zip(TABLE_SHARES.into_iter().zip(lever.table())) {
        row(y, &percent(share), cells.map(|bps| format!("{bps:+.0}")), Token::Text);
    }
}

fn caveats() -> String {
    format!("Caveats: {}.", CAVEATS.join("; "))
}

fn revenue(facts: &DealEconomics, lever: &Lever) -> Line<'static> {
    match facts.revenue {
        Some(revenue) => vec![
            span("on a revenue of ", Token::Dim),
            span(format::usd(revenue.round() as i64), Token::Strong),
            span(
                if facts.revenue_derived { " a year (derived from MW) that is " } else { " a year that is " },
                Token::Dim,
            ),
            span(
                format!("{} gross profit a year", format::signed_usd(lever.profit_gain(revenue))),
                Token::Strong,
            ),
            span(" more than with GPUs alone", Token::Dim),
        ],
        None => vec![span(
            "no revenue a year is known: neither dollars with a term nor MW are stated",
            Token::Dim,
        )],
    }
}

fn bounds(lo: f64, hi: f64) -> String {
    format!("said to be {:.0}% to {:.0}%", lo * 100.0, hi * 100.0)
}

fn range(range: Range, unit: &str) -> String {
    let (lo, hi) = ends(range);
    format!("{:+.0} {unit} [{lo:.0} to {hi:.0}]", range.mid)
}

fn range_percent(range: Range) -> String {
    let (lo, hi) = ends(range);
    format!("{:.0}% [{:.0}% to {:.0}%]", range.mid * 100.0, lo * 100.0, hi * 100.0)
}

fn millions(range: Range) -> String {
    let (lo, hi) = ends(range);
    format!("{} [{} to {}]", format::signed_usd(range.mid), format::signed_usd(lo), format::signed_usd(hi))
}

/// The lower and the higher end: what is lost is printed in the same order as what is won.
fn ends(range: Range) -> (f64, f64) {
    (range.lo.min(range.hi), range.lo.max(range.hi))
}

fn bar(canvas: &mut Canvas<'_>, area: Rect, permille: i64) {
    let glyphs = canvas.glyphs();
    let full = (permille.clamp(0, 1000) as usize * usize::from(area.width) + 500) / 1000;
    let text: String = std::iter::repeat_n(glyphs.full, full).collect();
    let empty: String = std::iter::repeat_n(glyphs.empty, usize::from(area.width) - full).collect();
    canvas.line(area.x, area.y, area.width, &[span(text, Token::Custom), span(empty, Token::Dim)]);
}

const COLUMNS: [Column; 7] = [
    column("TICKER", 7, Align::Left, 0),
    flexible("ROLE", 10, 18, 2),
    column("HELD", 8, Align::Right, 1),
    column("PER +1 POINT", 22, Align::Right, 3),
    column("EXPECTED", 9, Align::Right, 4),
    flexible("WHY", 12, 26, 5),
    flexible("ALSO TOUCHED BY", 16, 60, 6),
];

pub(super) fn exposure(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let state = scene.state;
    let inside = canvas.frame(
        area,
        &[span("Exposure", Token::Strong)],
        "$M; one point of the deal's work moving to custom silicon",
        true,
    );
    let rows = state.exposure_rows();
    if rows.is_empty() {
        canvas.paragraph(
            inside,
            &[span(
                "No listed company is named for this deal: add tickers to its file under deals/.",
                Token::Dim,
            )],
        );
        return;
    }
    let places = lay_out(&COLUMNS, inside.width.saturating_sub(1));
    let (head, body) = split_rows(inside, u16::from(inside.height > 3));
    canvas.headings(Rect { x: head.x + 1, ..head }, &COLUMNS, &places);
    let (list, notes) = split_rows(body, (rows.len() as u16).min(body.height));
    let index = state.place(List::Exposure, &state.keys(List::Exposure));
    canvas.list(List::Exposure, list, (index, rows.len()), true, |canvas, line, place| {
        let Some(row) = rows.get(place) else { return };
        let mut cell = |at: usize, content: &str, token: Token| {
            if let Some(Some((offset, width))) = places.get(at) {
                canvas.cell(line.x + offset, line.y, *width, content, COLUMNS[at].align, token);
            }
        };
        cell(0, &row.symbol, Token::Strong);
        cell(1, &row.role, Token::Text);
        cell(2, &row.held.map_or_else(|| "-".to_owned(), |held| format!("{held}")), Token::Accent);
        if let Some(exposure) = &row.exposure {
            let point = exposure.per_point;
            cell(
                3,
                &if point == Range::default() {
                    "0".to_owned()
                } else {
                    format!("{:+.0} [{:.0} to {:.0}]", point.mid, point.lo, point.hi)
                },
                match point.mid {
                    mid if mid < 0.0 => Token::Bad,
                    mid if mid > 0.0 => Token::Good,
                    _ => Token::Dim,
                },
            );
            cell(4, &whole(exposure.expected), Token::Text);
            cell(5, exposure.why, Token::Dim);
        } else {
            cell(3, format::NOTHING, Token::Dim);
        }
        let also: Vec<String> = row.also.iter().map(|(name, word)| format!("{name} {word}")).collect();
        cell(6, &also.join(", "), Token::Dim);
    });
    let text = format!(
        "Expected is the middle times the probability that the custom leg serves. Your shares go into `[[holding]]` of economics.toml. {}",
        caveats()
    );
    canvas.paragraph(
        Rect { y: notes.y + u16::from(notes.height > 1), height: notes.height.saturating_sub(1), ..notes },
        &[span(text, Token::Dim)],
    );
}

/// A whole number with its sign; nothing has none.
fn whole(value: f64) -> String {
    let rounded = value.round() as i64;
    if rounded == 0 { "0".to_owned() } else { format!("{rounded:+}") }
}

//! The screens beside the board: sources, matrix, calendar, alerts, log, help.

use ratatui::layout::Rect;

use super::Scene;
use super::board::split_rows;
use super::canvas::{Canvas, Column, Line, column, flexible, lay_out, span};
use super::text::{self, Align};
use super::theme::Token;
use crate::app::deals;
use crate::app::format;
use crate::app::help::HelpRow;
use crate::app::nav::List;
use crate::app::tables::{CalendarRow, Cell};
use crate::app::world::{Health, Source};

const SOURCES: [Column; 9] = [
    column("STATE", 7, Align::Left, 0),
    column("T", 1, Align::Left, 4),
    flexible("FEED", 16, 30, 0),
    column("LAST OK", 7, Align::Right, 2),
    column("NEXT", 7, Align::Right, 1),
    column("ITEMS", 6, Align::Right, 6),
    column("A DAY", 5, Align::Right, 3),
    column("NEWEST", 6, Align::Right, 3),
    flexible("WHAT HAPPENED", 20, 400, 7),
];

/// Items a day, from the time that usually lies between two: `24`, `0.3`.
fn per_day(habit: Option<i64>) -> String {
    match habit {
        Some(seconds) if seconds > 0 => {
            let a_day = 86_400.0 / seconds as f64;
            if a_day < 9.95 { format!("{a_day:.1}") } else { format!("{a_day:.0}") }
        }
        _ => "-".to_owned(),
    }
}

pub(super) fn sources(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let Scene { state, now } = scene;
    let world = &state.world;
    let rows = state.source_rows();
    let (ok, late, failed) = world.feeds();
    let title = [
        span("SOURCES ", Token::Strong),
        span(format!("{} feeds, {ok} ok, {late} late, {failed} failed", rows.len()), Token::Dim),
    ];
    let index = state.place(List::Sources, &state.keys(List::Sources));
    let detail = rows.get(index).map(|source| source_detail(source));
    // As many lines as the feed under the cursor needs, up to half of the screen.
    let needed = detail.as_ref().map_or(0, |line| canvas.rows(area.width.saturating_sub(2), line) + 2);
    let room = if area.height > 14 { needed.min(area.height / 2) } else { 0 };
    let (list, below) = split_rows(area, area.height - room);
    let inside = canvas.frame(list, &title, "r asks the feed now, R all", true);
    if rows.is_empty() {
        canvas.paragraph(
            inside,
            &[span("No feed is configured. The board lives from the catalog. `gigawatch feeds add URL` adds a feed; deleting your feeds.toml brings the built-in list back.", Token::Dim)],
        );
        return;
    }
    canvas.report.minutes = true;
    let places = lay_out(&SOURCES, inside.width.saturating_sub(1));
    let (head, body) = split_rows(inside, u16::from(inside.height > 3));
    canvas.headings(Rect { x: head.x + 1, ..head }, &SOURCES, &places);
    canvas.list(List::Sources, body, (index, rows.len()), true, |canvas, line, place| {
        let Some(source) = rows.get(place) else { return };
        let mut cell = |at: usize, content: &str, token: Token| {
            if let Some(Some((offset, width))) = places.get(at) {
                canvas.cell(line.x + offset, line.y, *width, content, SOURCES[at].align, token);
            }
        };
        let (word, token) = match source.health {
            _ if source.busy => ("asking", Token::Accent),
            Health::Failed => ("FAILED", Token::Bad),
            Health::Late => ("LATE", Token::Warn),
            Health::Waiting => ("waiting", Token::Dim),
            Health::Ok => ("ok", Token::Good),
        };
        cell(0, word, token);
        cell(1, &source.tier.to_string(), Token::Dim);
        cell(2, &source.name, Token::Text);
        let ago = |at: Option<crate::domain::time::Timestamp>| {
            at.map_or_else(|| "never".to_owned(), |at| format::ago(now.since(at)))
        };
        cell(3, &ago(source.last_ok), Token::Dim);
        let next = source.next.map_or_else(
            || "-".to_owned(),
            |next| match next.since(now) {
                ..=0 => "now".to_owned(),
                wait => format!("in {}", format::age(wait.max(60))),
            },
        );
        cell(4, &next, Token::Dim);
        cell(5, &source.items.to_string(), Token::Dim);
        cell(6, &per_day(source.habit), Token::Dim);
        cell(
            7,
            &source.newest.map_or_else(|| "-".to_owned(), |newest| format::ago(now.since(newest))),
            Token::Dim,
        );
        cell(8, &source.detail, if source.health == Health::Failed { Token::Bad } else { Token::Dim });
    });
    canvas.fold(list, List::Sources, rows.len());
    if let (Some(source), Some(detail)) = (rows.get(index), detail) {
        let inside = canvas.frame(below, &[span(source.id.clone(), Token::Strong)], &source.group, false);
        canvas.paragraph(inside, &detail);
    }
}

/// A feed's address and what happened with it, whole.
fn source_detail(source: &Source) -> Line<'static> {
    let what = if source.detail.is_empty() { source.health.word() } else { source.detail.as_str() };
    let mut line = vec![span(format!("{}  ", source.url), Token::Accent), span(what.to_owned(), Token::Text)];
    if source.failures > 1 {
        line.push(span(format!("  {} attempts in a row failed", source.failures), Token::Bad));
    }
    line
}

pub(super) fn matrix(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let state = scene.state;
    let matrix = state.matrix();
    let inside = canvas.frame(
        area,
        &[span("MATRIX ", Token::Strong), span("buyer by silicon, GW announced / contracted", Token::Dim)],
        "enter: the buyer's deals",
        true,
    );
    if matrix.rows.is_empty() {
        canvas.paragraph(inside, &[span("No deal is on the board.", Token::Dim)]);
        return;
    }
    // Each column is as wide as its figures and the longest word of its name, which may take two lines.
    let widths: Vec<u16> = matrix
        .silicon
        .iter()
        .enumerate()
        .map(|(place, silicon)| {
            let cells = matrix.rows.iter().filter_map(|row| row.cells.get(place));
            let figures = cells.map(|cell| text::width(&matrix_cell(*cell).0)).max().unwrap_or(0);
            silicon.split(' ').map(text::width).fold(figures, usize::max) as u16
        })
        .collect();
    let mut columns = vec![flexible("BUYER", 9, 20, 0)];
    columns.extend(widths.iter().map(|width| column("", *width, Align::Right, 0)));
    let places = lay_out(&columns, inside.width.saturating_sub(1));
    let shown = |place: usize| {
        let (offset, width) = places.get(place + 1).copied().flatten()?;
        (width == *widths.get(place)?).then_some((offset, width))
    };
    let lines = matrix.silicon.iter().map(|silicon| silicon.split(' ').count()).max().unwrap_or(1) as u16;
    let (head, body) = split_rows(inside, if inside.height > lines + 1 { lines } else { 0 });
    if !head.is_empty() {
        canvas.put(head.x + 1, head.bottom() - 1, 9, "BUYER", Token::Dim);
        for (place, silicon) in matrix.silicon.iter().enumerate() {
            let Some((offset, width)) = shown(place) else { continue };
            // The last word stands on the last line.
            for (line, word) in silicon.rsplit(' ').enumerate() {
                let y = head.bottom().saturating_sub(1 + line as u16);
                canvas.cell(head.x + 1 + offset, y, width, word, Align::Right, Token::Dim);
            }
        }
    }
    let hidden = (0..matrix.silicon.len()).filter(|place| shown(*place).is_none()).count();
    let index = state.place(List::Matrix, &state.keys(List::Matrix));
    let (list, rest) = split_rows(body, (matrix.rows.len() as u16).min(body.height));
    canvas.list(List::Matrix, list, (index, matrix.rows.len()), true, |canvas, line, place| {
        let Some(row) = matrix.rows.get(place) else { return };
        if let Some(Some((offset, width))) = places.first() {
            canvas.cell(line.x + offset, line.y, *width, &row.buyer, Align::Left, Token::Strong);
        }
        for (place, cell) in row.cells.iter().enumerate() {
            if let Some((offset, width)) = shown(place) {
                let (text, token) = matrix_cell(*cell);
                canvas.cell(line.x + offset, line.y, width, &text, Align::Right, token);
            }
        }
    });
    canvas.fold(area, List::Matrix, matrix.rows.len());
    let mut text = "n/d: there is a leg, and nobody says how much. \"hosted GPU\" is filled by chips of the silicon columns: never add the two.".to_owned();
    match hidden {
        0 => {}
        1 => text.push_str(" 1 column needs a wider screen."),
        more => text.push_str(&format!(" {more} columns need a wider screen.")),
    }
    canvas.paragraph(
        Rect { y: rest.y + u16::from(rest.height > 1), height: rest.height.saturating_sub(1), ..rest },
        &[span(text, Token::Dim)],
    );
}

fn matrix_cell(cell: Option<Cell>) -> (String, Token) {
    match cell {
        None => ("·".to_owned(), Token::Dim),
        Some(cell) => {
            let show = |mw: Option<i64>| mw.map_or_else(|| "n/d".to_owned(), format::gw);
            let token = if cell.contracted.is_some() { Token::Strong } else { Token::Text };
            (format!("{}/{}", show(cell.announced), show(cell.contracted)), token)
        }
    }
}

pub(super) fn calendar(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    calendar_in(canvas, scene, area, true);
}

/// The calendar as a pane of the widest board.
pub(super) fn calendar_pane(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    calendar_in(canvas, scene, area, false);
}

fn calendar_in(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect, focus: bool) {
    let state = scene.state;
    let rows = state.calendar_rows();
    let as_of = state.shown_day(scene.now);
    let title = [span("CALENDAR ", Token::Strong), span(rows.len().to_string(), Token::Dim)];
    let inside = canvas.frame(area, &title, if focus { "enter: the deal" } else { "" }, focus);
    if rows.is_empty() {
        canvas.paragraph(
            inside,
            &[span("Nothing is due. `[[calendar]]` in gigawatch.toml adds dates of your own.", Token::Dim)],
        );
        return;
    }
    let index = if focus { state.place(List::Calendar, &state.keys(List::Calendar)) } else { 0 };
    // Beside the wire the deals have the names that they have there.
    let who = |row: &CalendarRow| {
        let deal = row.deal.as_deref().filter(|_| !focus).and_then(|slug| state.world.deal(slug));
        deal.map_or_else(|| row.who.clone(), deals::ticker_name)
    };
    let draw = |canvas: &mut Canvas<'_>, line: Rect, place: usize| {
        let Some(row) = rows.get(place) else { return };
        let days = row.day.since(as_of);
        let pieces = [
            span(format!("{} ", row.day), Token::Dim),
            span(
                format!("{:<12}", format::countdown(days)),
                if days < 0 { Token::Bad } else { Token::Accent },
            ),
            span(format!("{} ", who(row)), Token::Strong),
            span(row.what.clone(), Token::Text),
            span(
                if row.slip == 0 {
                    String::new()
                } else {
                    format!("  slipped {}", format::days(row.slip.into()))
                },
                Token::Warn,
            ),
        ];
        canvas.line(line.x, line.y, line.width, &pieces);
    };
    if focus {
        canvas.list(List::Calendar, inside, (index, rows.len()), true, draw);
        canvas.fold(area, List::Calendar, rows.len());
    } else {
        let shown = rows.len().min(inside.height.into());
        if shown < rows.len() {
            let label = [span(format!(" 1–{shown} of {} ", rows.len()), Token::Dim)];
            canvas.line_right(area.x + 2, area.right().saturating_sub(2), area.bottom() - 1, &label);
        }
        for place in 0..shown {
            draw(
                canvas,
                Rect {
                    x: inside.x + 1,
                    y: inside.y + place as u16,
                    width: inside.width.saturating_sub(1),
                    height: 1,
                },
                place,
            );
        }
    }
}

pub(super) fn alerts(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let Scene { state, now } = scene;
    let alerts: Vec<_> = state.desk.shown().collect();
    let open = state.desk.open(&state.world.own).count();
    let title = [
        span("ALERTS ", Token::Strong),
        span(format!("{open} waiting, {} in all", alerts.len()), Token::Dim),
    ];
    let rules = state.desk.rules();
    let (list, below) =
        split_rows(area, area.height.saturating_sub((rules.len() as u16 + 2).min(area.height / 2)));
    let inside = canvas.frame(list, &title, "a acknowledge, m mute, u undo, enter: the words", true);
    if alerts.is_empty() {
        canvas.paragraph(inside, &[span("No alert yet in this session. The rules below watch every deal; alerts.toml in your configuration folder changes them.", Token::Dim)]);
    } else {
        canvas.report.minutes = true;
    }
    let index = state.place(List::Alerts, &state.keys(List::Alerts));
    canvas.list(List::Alerts, inside, (index, alerts.len()), true, |canvas, line, place| {
        let Some(alert) = alerts.get(place) else { return };
        let acknowledged = state.world.own.acknowledged.contains(&alert.key);
        let token = if acknowledged || !alert.strip { Token::Dim } else { Token::Strong };
        let pieces = [
            span(format!("{:>4} ", format::ago(now.since(alert.at))), Token::Dim),
            span(
                if acknowledged {
                    "ack "
                } else if alert.strip {
                    "!   "
                } else {
                    "    "
                },
                Token::Bad,
            ),
            span(format!("{:<18} ", alert.rule), Token::Dim),
            span(alert.text.clone(), token),
        ];
        canvas.line(line.x, line.y, line.width, &pieces);
    });
    canvas.fold(list, List::Alerts, alerts.len());
    let inside = canvas.frame(below, &[span("RULES", Token::Dim)], "", false);
    for (row, rule) in rules.iter().enumerate().take(inside.height.into()) {
        let routes: Vec<String> =
            rule.routes.iter().map(|route| format!("{route:?}").to_lowercase()).collect();
        let pieces = [
            span(format!(" {:<18} ", rule.id), Token::Text),
            span(format!("{}  ", rule.name), Token::Dim),
            span(routes.join(" "), Token::Accent),
        ];
        canvas.line(inside.x, inside.y + row as u16, inside.width, &pieces);
    }
}

pub(super) fn log(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let state = scene.state;
    let count = state.world.log.len();
    let inside = canvas.frame(
        area,
        &[span("LOG ", Token::Strong), span(count.to_string(), Token::Dim)],
        "newest first",
        true,
    );
    if count == 0 {
        canvas.paragraph(inside, &[span("Nothing has happened yet.", Token::Dim)]);
        return;
    }
    let index = state.place(List::Log, &state.keys(List::Log));
    canvas.list(List::Log, inside, (index, count), true, |canvas, line, place| {
        let Some(entry) = state.world.log.iter().rev().nth(place) else { return };
        let pieces = [
            span(format!("{} ", entry.at), Token::Dim),
            span(entry.text.as_str(), if entry.bad { Token::Bad } else { Token::Text }),
        ];
        canvas.line(line.x, line.y, line.width, &pieces);
    });
    canvas.fold(area, List::Log, count);
}

pub(super) fn help(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let state = scene.state;
    let rows = state.help_rows();
    let inside =
        canvas.frame(area, &[span("HELP", Token::Strong)], "/ searches, enter runs, ? or esc closes", true);
    let index = state.place(List::Help, &state.keys(List::Help));
    // Where a line has no room for a whole sentence, the one under the cursor stands below the list.
    let about = match rows.get(index) {
        Some(HelpRow::Command { command, keys }) if inside.width < 118 && inside.height > 8 => {
            let spec = command.spec();
            vec![span(format!("{keys}  "), Token::Key), span(spec.about, Token::Text)]
        }
        _ => Vec::new(),
    };
    let needed = if inside.width < 118 && inside.height > 8 { 2 } else { 0 };
    let (inside, foot) = split_rows(inside, inside.height - needed);
    canvas.paragraph(foot, &about);
    let keys = rows
        .iter()
        .map(|row| match row {
            HelpRow::Command { keys, .. } => super::text::width(keys),
            _ => 0,
        })
        .max()
        .unwrap_or(0)
        .min(usize::from(inside.width) / 4) as u16;
    canvas.list(List::Help, inside, (index, rows.len()), true, |canvas, line, place| match rows.get(place) {
        Some(HelpRow::Group(group)) => {
            canvas.put(line.x, line.y, line.width, group.title(), Token::Accent);
        }
        Some(HelpRow::Heading(text)) => {
            canvas.put(line.x, line.y, line.width, text, Token::Accent);
        }
        Some(HelpRow::Text(text)) => {
            canvas.put(line.x, line.y, line.width, text, Token::Text);
        }
        Some(HelpRow::Command { command, keys: typed }) => {
            let spec = command.spec();
            canvas.put(line.x, line.y, keys, typed, Token::Key);
            let name = format!("{} {}", spec.name, spec.argument);
            canvas.cell(line.x + keys + 2, line.y, 22, &name, Align::Left, Token::Strong);
            canvas.put(
                line.x + keys + 25,
                line.y,
                line.width.saturating_sub(keys + 25),
                spec.about,
                Token::Text,
            );
        }
        Some(HelpRow::Blank) | None => {}
    });
    canvas.fold(area, List::Help, rows.len());
}

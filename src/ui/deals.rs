//! DEALS: one row a deal.

use ratatui::layout::Rect;

use super::Scene;
use super::canvas::{Canvas, Column, Item, Line, column, flexible, lay_out, span};
use super::text::{self, Align};
use super::theme::Token;
use crate::app::deals::{self, DealRow, GroupHead};
use crate::app::format;
use crate::app::label_of;
use crate::app::nav::{List, Pane};
use crate::app::world::{DealStatus, Headline, LegView};
use crate::domain::deal::LegKind;

const COLUMNS: [Column; 14] = [
    column("", 1, Align::Right, 0),
    flexible("DEAL", 16, 26, 0),
    flexible("SIZE", 13, 20, 4),
    column("STATUS", 12, Align::Left, 0),
    column("GPU", 7, Align::Left, 8),
    column("CUSTOM/o", 8, Align::Left, 7),
    column("SHARE", 11, Align::Left, 1),
    column("SERVES", 6, Align::Left, 9),
    column("GAP", 5, Align::Right, 5),
    flexible("NEXT", 11, 34, 6),
    column("DUE", 8, Align::Left, 2),
    column("NEW", 3, Align::Right, 1),
    column("AGE", 4, Align::Right, 3),
    flexible("FLAGS", 14, 48, 11),
];

/// The pane with its frame.
pub(super) fn pane(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let state = scene.state;
    let focus = state.pane == Pane::Deals;
    let rows = state.deal_rows();
    let order = if state.shown.reversed { " reversed" } else { "" };
    let right = format!("sort: {}{order}  group: {}", state.shown.sort.name(), state.shown.group.name());
    let inside = canvas.frame(area, &title(scene, rows.len()), &right, focus);
    list(canvas, scene, inside, &rows, focus);
    canvas.fold(area, List::Deals, rows.len());
}

/// What the pane is called: how many deals, and of how many where a filter holds.
pub(super) fn title(scene: Scene<'_>, shown: usize) -> Line<'static> {
    let state = scene.state;
    let mut title = vec![span("DEALS ", Token::Strong), span(shown.to_string(), Token::Dim)];
    if !state.shown.filter.is_empty() {
        let all = state.world.board.as_ref().map_or(0, |board| board.deals.len());
        title.push(span(format!(" of {all}  filter: {}", state.shown.filter), Token::Warn));
    }
    title
}

/// The list without a frame; a pane of any height draws within it.
pub(super) fn list(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect, rows: &[DealRow<'_>], focus: bool) {
    let state = scene.state;
    if rows.is_empty() {
        let text = match &state.world.board {
            None => "Reading the catalog.",
            Some(board) if board.deals.is_empty() => {
                "No deal is tracked: add one under deals/ in your configuration folder (`gigawatch config path`)."
            }
            Some(_) => "No deal fits the filter. F shows every deal again, f changes it.",
        };
        canvas.paragraph(area, &[span(text, Token::Dim)]);
        return;
    }
    let places = lay_out(&COLUMNS, area.width.saturating_sub(1));
    let (head, body) = super::board::split_rows(area, u16::from(area.height > 1));
    canvas.headings(Rect { x: head.x + 1, ..head }, &COLUMNS, &places);
    let index = state.place(List::Deals, &state.keys(List::Deals));
    let heads: Vec<usize> =
        rows.iter().enumerate().filter(|(_, row)| row.heading.is_some()).map(|(place, _)| place).collect();
    // One rule for the whole column, whatever is in it.
    let whole = places.get(DEAL).copied().flatten().is_some_and(|(_, width)| width >= COLUMNS[DEAL].most);
    canvas.grouped_list(
        List::Deals,
        body,
        (index, rows.len()),
        focus,
        &heads,
        |canvas, line, item| match item {
            Item::Head(place) => {
                if let Some(head) = rows.get(place).and_then(|row| row.heading.as_ref()) {
                    group_head(canvas, line, head);
                }
            }
            Item::Row(place) => {
                if let Some(row) = rows.get(place) {
                    draw_row(canvas, scene, line, row, &places, whole);
                }
            }
        },
    );
}

/// Place of the name among the columns.
const DEAL: usize = 1;

/// A group's name and totals, each class apart.
fn group_head(canvas: &mut Canvas<'_>, line: Rect, head: &GroupHead) {
    // A class says its own name in its totals.
    let own = matches!(&head.totals[..], [total] if deals::class_word(total.class) == head.name);
    let name = if own { String::new() } else { format!("{} ", head.name) };
    let mut pieces = vec![span(name, Token::Accent)];
    for (place, total) in head.totals.iter().enumerate() {
        let separator = if place == 0 { String::new() } else { format!(" {}", canvas.glyphs().separator) };
        pieces.push(span(separator, Token::Border));
        let token = if own { Token::Accent } else { Token::Dim };
        pieces.push(span(format!("{}{}", if own { "" } else { " " }, total.words()), token));
    }
    canvas.line(line.x, line.y, line.width, &pieces);
}

/// What the user did to a deal, a letter each behind its name: marked, pinned, muted, with a note.
fn signs(canvas: &Canvas<'_>, scene: Scene<'_>, row: &DealRow<'_>) -> String {
    let Scene { state, now } = scene;
    let slug = row.deal.deal.slug.as_str();
    let own = &state.world.own;
    let signs: String = [
        (state.is_marked(List::Deals, slug), canvas.glyphs().mark),
        (row.pinned, '^'),
        (own.muted.get(slug).is_some_and(|until| *until > now), 'm'),
        (own.notes.contains_key(slug), 'w'),
    ]
    .into_iter()
    .filter(|(holds, _)| *holds)
    .map(|(_, sign)| sign)
    .collect();
    if signs.is_empty() { signs } else { format!(" {signs}") }
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    scene: Scene<'_>,
    line: Rect,
    row: &DealRow<'_>,
    places: &[Option<(u16, u16)>],
    whole: bool,
) {
    let deal = row.deal;
    let as_of = scene.state.world.day().unwrap_or_default();
    let cell = |canvas: &mut Canvas<'_>, at: usize, content: &str, token: Token| {
        if let Some(Some((offset, width))) = places.get(at) {
            canvas.cell(line.x + offset, line.y, *width, content, COLUMNS[at].align, token);
        }
    };
    let width_of = |at: usize| places.get(at).copied().flatten().map_or(0, |(_, width)| usize::from(width));
    cell(canvas, 0, &label_of(row.number), Token::Dim);
    let signs = signs(canvas, scene, row);
    let room = width_of(DEAL).saturating_sub(text::width(&signs));
    let name = if whole && text::width(&deal.deal.name) <= room {
        deal.deal.name.clone()
    } else {
        short_name(deal, room)
    };
    let name = text::truncate(&name, room, canvas.glyphs().ellipsis);
    cell(canvas, DEAL, &name, if row.new > 0 { Token::Strong } else { Token::Text });
    if let Some(Some((offset, _))) = places.get(DEAL) {
        let used = text::width(&name) as u16;
        canvas.put(line.x + offset + used, line.y, text::width(&signs) as u16, &signs, Token::Accent);
    }
    cell(canvas, 2, &size_in(deal, width_of(2)), Token::Text);
    let arrow = canvas.glyphs().trend(deals::Trend::of_deal(deal));
    let status = format!("{:<10}{arrow}{}", deal.headline.word(), doubt(deal));
    cell(canvas, 3, &status, status_token(deal.headline));
    ladder_cell(canvas, line, places, 4, deal.leg(LegKind::Gpu));
    ladder_cell(canvas, line, places, 5, deal.leg(LegKind::Custom).or_else(|| deal.leg(LegKind::Other)));
    let share = format::share_or(deal.contracted);
    let share = if text::width(&share) > width_of(6) {
        deal.contracted.map_or(share, |share| format::percent(share.mid))
    } else {
        share
    };
    cell(canvas, 6, &share, if deal.contracted.is_some() { Token::Text } else { Token::Dim });
    cell(canvas, 7, &serves(deal), Token::Dim);
    let gap = match deal.gap.permille {
        Some(gap) => format!("{}pt", (gap + 5) / 10),
        // Nothing is due yet: the year in which something will be.
        None => deal
            .gap
            .reads
            .strip_prefix("not due until ")
            .map_or_else(|| "-".to_owned(), |year| format!(">{year}")),
    };
    cell(canvas, 8, &gap, if deal.gap.permille.unwrap_or(0) >= 500 { Token::Warn } else { Token::Dim });
    if let Some(next) = &deal.next_milestone {
        let token = if next.days < 0 { Token::Bad } else { Token::Text };
        cell(canvas, 9, &next.milestone, Token::Text);
        let due = if next.days < 0 {
            format!("late{:>4}", format::days((-next.days).into()))
        } else {
            format::countdown(next.days)
        };
        cell(canvas, 10, &due, token);
    } else {
        cell(canvas, 9, "-", Token::Dim);
    }
    if row.new > 0 {
        cell(canvas, 11, &row.new.to_string(), Token::New);
    }
    if let Some(last) = deal.last_claim {
        cell(canvas, 12, &format::since(last, as_of).replace("today", "0d"), Token::Dim);
    }
    cell(canvas, 13, &deals::marks(deal).join(" "), Token::Warn);
}

/// A mark behind the word where something speaks against taking it at its face value.
fn doubt(deal: &DealStatus) -> &'static str {
    const DOUBTS: [&str; 6] =
        ["CONTESTED", "UNFUNDED", "LAPSED", "OVERDUE", "PROVISIONAL", "PIN CONTRADICTED"];
    if deals::marks(deal).iter().any(|mark| DOUBTS.contains(&mark.as_str())) { "!" } else { "" }
}

fn ladder_cell(
    canvas: &mut Canvas<'_>,
    line: Rect,
    places: &[Option<(u16, u16)>],
    at: usize,
    leg: Option<&LegView>,
) {
    let Some(Some((offset, width))) = places.get(at) else { return };
    match leg {
        Some(leg) => {
            let used = ladder(canvas, line.x + offset, line.y, *width, leg);
            // Neither GPU nor custom: said by a letter, not by the colour alone.
            if leg.kind == LegKind::Other {
                canvas.put(line.x + offset + used, line.y, width.saturating_sub(used), "o", Token::Other);
            }
        }
        None => canvas.cell(line.x + offset, line.y, *width, "", Align::Left, Token::Dim),
    }
}

/// A leg's ladder, one mark a rung; returns the columns used.
pub(super) fn ladder(canvas: &mut Canvas<'_>, x: u16, y: u16, room: u16, leg: &LegView) -> u16 {
    let glyphs = canvas.glyphs();
    let rung = leg.status.rung.index();
    let full: String = std::iter::repeat_n(glyphs.full, rung).collect();
    let empty: String = std::iter::repeat_n(glyphs.empty, 7 - rung).collect();
    canvas.line(x, y, room, &[span(full, leg_token(leg.kind)), span(empty, Token::Dim)])
}

pub(super) fn leg_token(kind: LegKind) -> Token {
    match kind {
        LegKind::Gpu => Token::Gpu,
        LegKind::Custom => Token::Custom,
        LegKind::Other => Token::Other,
    }
}

pub(super) fn status_token(headline: Headline) -> Token {
    match headline {
        Headline::Converting | Headline::Converted | Headline::Serving | Headline::Proving => Token::Good,
        Headline::OnPaper | Headline::Exploring => Token::Custom,
        Headline::GpuLive | Headline::GpuFirm | Headline::GpuLoi | Headline::GpuTalks => Token::Gpu,
        Headline::Reverting => Token::Bad,
        Headline::Faded | Headline::NoSignal => Token::Dim,
    }
}

/// What is proven to serve.
pub(super) fn serves(deal: &DealStatus) -> String {
    match deal.serving {
        Some(serving) if serving.proven => format::percent(serving.share.mid),
        Some(serving) if serving.share.hi == 0 => "0%".to_owned(),
        // A bound of all says nothing.
        Some(serving) if serving.share.hi >= 1000 => format::NOTHING.to_owned(),
        Some(serving) => format!("<{}", format::percent(serving.share.hi.min(1000))),
        None => format::NOTHING.to_owned(),
    }
}

/// Size in as many columns as there are: money, GW, years, as far as they fit whole.
fn size_in(deal: &DealStatus, room: usize) -> String {
    let all = deals::size(deal);
    let mut parts: Vec<&str> = all.split(' ').collect();
    while parts.len() > 1 && text::width(&parts.join(" ")) > room {
        parts.pop();
    }
    // A number without its unit would be another number.
    let joined = parts.join(" ");
    if joined.ends_with(|c: char| c.is_ascii_digit()) && !joined.contains('$') {
        String::new()
    } else {
        trim_number(&joined)
    }
}

fn trim_number(text: &str) -> String {
    match text.rsplit_once(' ') {
        Some((before, last)) if last.ends_with(|c: char| c.is_ascii_digit()) => before.to_owned(),
        _ => text.to_owned(),
    }
}

/// A deal's short name in `room` columns: third parties go before a name is cut.
pub(super) fn short_name(deal: &DealStatus, room: usize) -> String {
    let mut name = deals::ticker_name(deal);
    while text::width(&name) > room && name.matches('–').count() > 1 {
        name.truncate(name.rfind('–').unwrap_or(0));
    }
    name
}

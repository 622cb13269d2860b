//! DEALS: one row a deal.

use ratatui::layout::Rect;

use super::Scene;
use super::canvas::{Canvas, Column, column, flexible, lay_out, span};
use super::text::{self, Align};
use super::theme::Token;
use crate::app::deals::{self, DealRow, Grouping};
use crate::app::format;
use crate::app::label_of;
use crate::app::nav::{List, Pane};
use crate::app::world::{DealStatus, Headline, LegView};
use crate::domain::deal::LegKind;

const COLUMNS: [Column; 15] = [
    column("", 1, Align::Right, 0),
    column("GROUP", 10, Align::Left, 10),
    flexible("DEAL", 16, 30, 0),
    column("SIZE", 12, Align::Left, 4),
    column("STATUS", 12, Align::Left, 0),
    column("GPU", 7, Align::Left, 8),
    column("CUSTOM", 7, Align::Left, 7),
    column("SHARE", 11, Align::Left, 1),
    column("SERVES", 6, Align::Left, 9),
    column("GAP", 5, Align::Right, 5),
    flexible("NEXT", 13, 34, 6),
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
    let all = state.world.board.as_ref().map_or(0, |board| board.deals.len());
    let mut title = vec![span("DEALS ", Token::Strong), span(rows.len().to_string(), Token::Dim)];
    if !state.shown.filter.is_empty() {
        title.push(span(format!(" of {all}  filter: {}", state.shown.filter), Token::Warn));
    }
    let order = if state.shown.reversed { " reversed" } else { "" };
    let right = format!("sort: {}{order}  group: {}", state.shown.sort.name(), state.shown.group.name());
    let inside = canvas.frame(area, &title, &right, focus);
    list(canvas, scene, inside, &rows, focus);
}

/// The list alone, for the smallest screens.
pub(super) fn bare(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let rows = scene.state.deal_rows();
    list(canvas, scene, area, &rows, true);
}

fn list(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect, rows: &[DealRow<'_>], focus: bool) {
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
    let mut columns = COLUMNS;
    columns[1].title = match state.shown.group {
        Grouping::None => "",
        Grouping::Buyer => "BUYER",
        Grouping::Vendor => "VENDOR",
        Grouping::Class => "CLASS",
    };
    if state.shown.group == Grouping::None {
        // No group, no column: it is the first to go, whatever room there is.
        columns[1] = Column { width: 0, most: 0, ..columns[1] };
    }
    let places = lay_out(&columns, area.width.saturating_sub(1));
    let (head, body) = super::board::split_rows(area, u16::from(area.height > 2));
    canvas.headings(Rect { x: head.x + 1, ..head }, &columns, &places);
    let index = state.place(List::Deals, &state.keys(List::Deals));
    canvas.list(List::Deals, body, (index, rows.len()), focus, |canvas, line, place| {
        if let Some(row) = rows.get(place) {
            draw_row(canvas, scene, line, row, &places);
        }
    });
}

fn draw_row(
    canvas: &mut Canvas<'_>,
    scene: Scene<'_>,
    line: Rect,
    row: &DealRow<'_>,
    places: &[Option<(u16, u16)>],
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
    cell(canvas, 1, row.heading.as_deref().unwrap_or(""), Token::Dim);
    let marked = scene.state.is_marked(List::Deals, deal.deal.slug.as_str());
    let name = short_name(deal, width_of(2).saturating_sub(if row.pinned || marked { 2 } else { 0 }));
    let mark = canvas.glyphs().mark;
    let name = match (row.pinned, marked) {
        (_, true) => format!("{mark} {name}"),
        (true, false) => format!("^ {name}"),
        _ => name,
    };
    cell(canvas, 2, &name, if row.new > 0 { Token::Strong } else { Token::Text });
    cell(canvas, 3, &size_in(deal, width_of(3)), Token::Text);
    let arrow = canvas.glyphs().momentum[(1 - deals::momentum(deal)) as usize];
    let status = format!("{:<10}{arrow}{}", deal.headline.word(), doubt(deal));
    cell(canvas, 4, &status, status_token(deal.headline));
    ladder_cell(canvas, line, places, 5, deal.leg(LegKind::Gpu));
    ladder_cell(canvas, line, places, 6, deal.leg(LegKind::Custom).or_else(|| deal.leg(LegKind::Other)));
    let share = format::share_or(deal.contracted);
    let share = if text::width(&share) > width_of(7) {
        deal.contracted.map_or(share, |share| format::percent(share.mid))
    } else {
        share
    };
    let cell = |canvas: &mut Canvas<'_>, at: usize, content: &str, token: Token| {
        if let Some(Some((offset, width))) = places.get(at) {
            canvas.cell(line.x + offset, line.y, *width, content, COLUMNS[at].align, token);
        }
    };
    cell(canvas, 7, &share, if deal.contracted.is_some() { Token::Text } else { Token::Dim });
    cell(canvas, 8, &serves(deal), Token::Dim);
    let gap = match deal.gap.permille {
        Some(gap) => format!("{}pt", (gap + 5) / 10),
        // Nothing is due yet: the year in which something will be.
        None => deal
            .gap
            .reads
            .strip_prefix("not due until ")
            .map_or_else(|| "-".to_owned(), |year| format!(">{year}")),
    };
    cell(canvas, 9, &gap, if deal.gap.permille.unwrap_or(0) >= 500 { Token::Warn } else { Token::Dim });
    if let Some(next) = &deal.next_milestone {
        let token = if next.days < 0 { Token::Bad } else { Token::Text };
        cell(canvas, 10, &next.milestone, Token::Text);
        let due = if next.days < 0 {
            format!("late {}", format::days((-next.days).into()))
        } else {
            format::countdown(next.days)
        };
        cell(canvas, 11, &due, token);
    } else {
        cell(canvas, 10, "-", Token::Dim);
    }
    if row.new > 0 {
        cell(canvas, 12, &row.new.to_string(), Token::New);
    }
    if let Some(last) = deal.last_claim {
        cell(canvas, 13, &format::since(last, as_of).replace("today", "0d"), Token::Dim);
    }
    cell(canvas, 14, &deals::marks(deal).join(" "), Token::Warn);
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
            ladder(canvas, line.x + offset, line.y, *width, leg);
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

/// A deal's name in `room` columns: whole, or with the later parties by their exchange symbols.
pub(super) fn short_name(deal: &DealStatus, room: usize) -> String {
    let name = &deal.deal.name;
    if text::width(name) <= room {
        return name.clone();
    }
    let mut parts: Vec<String> = name.split('–').map(str::to_owned).collect();
    for (place, ticker) in deal.deal.tickers.iter().enumerate() {
        if let Some(part) = parts.get_mut(place + 1)
            && ticker.symbol.len() < part.len()
        {
            part.clone_from(&ticker.symbol);
        }
    }
    let short = parts.join("–");
    if text::width(&short) <= room { short } else { parts.get(..2).unwrap_or(&parts).join("–") }
}

//! Line 1, "can I believe this?", and the roll-up below it.

use ratatui::layout::Rect;

use super::Scene;
use super::canvas::{Canvas, Line, span};
use super::theme::Token;
use crate::app::format;
use crate::app::nav::Screen;
use crate::app::world::{Measure, Rollup, Scope, Side};
use crate::domain::deal::Class;
use crate::domain::time::Timestamp;

/// Line 1.
pub(super) fn line(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let Scene { state, now } = scene;
    let world = &state.world;
    let narrow = area.width < 100;
    let separator = format!(" {} ", canvas.glyphs().separator);
    let mut left: Line<'_> = vec![span(" gigawatch ", Token::Strong)];
    match state.as_of {
        Some(day) => left.push(span(format!(" AS-OF {day} "), Token::AsOf)),
        None if world.ledger.is_none() => left.push(span(" loading ", Token::Dim)),
        None if world.is_offline() => left.push(span(" OFFLINE ", Token::Bad)),
        None if world.viewer => left.push(span(" VIEWER ", Token::Warn)),
        None => left.push(span(" LIVE ", Token::Good)),
    }
    left.push(span(format::clock(now), Token::Dim));
    canvas.report.minutes = true;
    if let (Screen::Deal(_), Some(page)) = (&state.screen, &state.page) {
        left.push(span(format!(" {} ", '>'), Token::Dim));
        left.push(span(page.status.deal.name.clone(), Token::Strong));
    }
    if world.store_notice.is_some() {
        left.push(span(" STORE! ", Token::Bad));
    }
    let used = canvas.line(area.x, area.y, area.width, &left);

    let (ok, late, failed) = world.feeds();
    let mut right: Vec<Line<'_>> = Vec::new();
    let alerts = state.desk.open(&world.own).count();
    if alerts > 0 {
        right.push(vec![span(format!("{alerts} alert{} !", if alerts == 1 { "" } else { "s" }), Token::Bad)]);
    }
    let new: usize = world.board.iter().flat_map(|board| &board.deals).map(|deal| state.new_on(deal)).sum();
    if new > 0 {
        let since = match state.last_look().map(Timestamp::day) {
            Some(mark) if !narrow => format!(" since {mark}"),
            _ => String::new(),
        };
        right.push(vec![span(format!("{new} new{since}"), Token::New)]);
    }
    if let Some(to) = world.board.as_ref().and_then(|board| board.catalog_to)
        && !narrow
    {
        right.push(vec![span(format!("catalog to {to}"), Token::Dim)]);
    }
    if world.poll.running() {
        right.push(vec![span(format!("polling {}/{}", world.poll.done, world.poll.asked), Token::Accent)]);
    } else if let Some(last) = world.last_fetch() {
        canvas.report.minutes = true;
        right.push(vec![span(format!("fetched {} ago", format::age(now.since(last).max(60))), Token::Dim)]);
    }
    let mut feeds = vec![span(format!("feeds {ok} ok"), if ok > 0 { Token::Good } else { Token::Dim })];
    if late > 0 {
        feeds.push(span(format!(" {late} LATE"), Token::Warn));
    }
    if failed > 0 {
        feeds.push(span(format!(" {failed} FAILED"), Token::Bad));
    }
    if world.sources.is_empty() {
        feeds = vec![span("no feeds", Token::Dim)];
    }
    right.push(feeds);
    right.reverse();
    let mut joined: Line<'_> = Vec::new();
    for part in right {
        joined.push(span(separator.clone(), Token::Border));
        joined.extend(part);
    }
    joined.push(span(" ", Token::Dim));
    // What does not fit goes from the left: alerts and news stand last.
    canvas.line_right(area.x + used, area.right(), area.y, &joined);
    // The whole line says that this is another day.
    if state.as_of.is_some() {
        canvas.tint(area, Token::AsOf);
    }
}

/// The roll-up of the buyer in view.
pub(super) fn rollup(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let Some(rollup) = chosen(scene) else { return };
    let whose = match &rollup.scope {
        Scope::All => "All buyers".to_owned(),
        Scope::Buyer(id) | Scope::Vendor(id) => name(scene, id),
    };
    let long = area.width >= 110;
    let fits = |line: &Line<'_>| {
        line.iter().map(|piece| super::text::width(&piece.text)).sum::<usize>() <= usize::from(area.width)
    };
    // Bounds go before words, and words before a figure is cut off.
    let line = [(long, true), (long, false), (false, true), (false, false)]
        .into_iter()
        .map(|form| rollup_line(canvas.glyphs().separator, rollup, &whose, form))
        .reduce(|best, next| if fits(&best) { best } else { next })
        .unwrap_or_default();
    canvas.line(area.x, area.y, area.width, &line);
}

fn rollup_line(separator: char, rollup: &Rollup, whose: &str, (long, bounds): (bool, bool)) -> Line<'static> {
    let separator = format!(" {separator} ");
    let class = match rollup.class {
        Class::Silicon => "silicon",
        Class::Hosting => "hosting",
    };
    let mut line: Line<'_> =
        vec![span(format!(" {whose} "), Token::Strong), span(format!("{class} GW"), Token::Dim)];
    for (word, short, measure) in [
        ("HEADLINE", "head", &rollup.headline),
        ("CONTRACTED", "contr", &rollup.contracted),
        ("SERVING", "serv", &rollup.serving),
    ] {
        line.push(span(separator.clone(), Token::Border));
        line.push(span(format!("{} ", if long { word } else { short }), Token::Dim));
        line.extend(measured(measure, long, bounds));
    }
    line
}

fn measured(measure: &Measure, long: bool, bounds: bool) -> Line<'static> {
    let unknown = |side: &Side| side.mw.is_none() && side.unknown == 0;
    if !long && unknown(&measure.gpu) && unknown(&measure.custom) {
        return vec![span(format::NOTHING, Token::Dim)];
    }
    let mut line = Vec::new();
    if long {
        line.push(span("gpu ", Token::Dim));
    }
    line.push(span(side(&measure.gpu), Token::Gpu));
    line.push(span(if long { " custom " } else { "g/" }, Token::Dim));
    line.push(span(side(&measure.custom), Token::Custom));
    if !long {
        line.push(span("c", Token::Dim));
    }
    if let Some(share) = measure.share {
        let share = if bounds { format::share(share) } else { format::percent(share.mid) };
        let text = if long { format!(" = {share}") } else { format!(" {share}") };
        line.push(span(text, Token::Strong));
    }
    if long && measure.other.mw.is_some() {
        line.push(span(" other ", Token::Dim));
        line.push(span(side(&measure.other), Token::Other));
    }
    line
}

/// GW of a side; `+` where legs are known whose size is not.
fn side(side: &Side) -> String {
    let more = if side.unknown > 0 { "+" } else { "" };
    match side.mw {
        Some(mw) => format!("{}{more}", format::gw(mw.mid)),
        None if side.unknown > 0 => "?".to_owned(),
        None => format::NOTHING.to_owned(),
    }
}

/// The silicon roll-up of the buyer of the deal under the cursor, else of the configured one.
fn chosen(scene: Scene<'_>) -> Option<&Rollup> {
    let state = scene.state;
    let board = state.world.board.as_ref()?;
    let selected = state.selected_deal();
    let buyer = selected
        .as_deref()
        .and_then(|slug| state.world.deal(slug))
        .map_or_else(|| state.options.buyer.clone(), |deal| deal.deal.buyer.clone());
    let find = |scope: &Scope| board.rollups.iter().find(|r| r.class == Class::Silicon && r.scope == *scope);
    find(&Scope::Buyer(buyer)).or_else(|| find(&Scope::All))
}

/// A company as its deals name it.
fn name(scene: Scene<'_>, id: &str) -> String {
    let deals = scene.state.world.board.iter().flat_map(|board| &board.deals);
    deals
        .filter(|deal| deal.deal.buyer == id)
        .map(|deal| crate::app::deals::buyer(deal).to_owned())
        .next()
        .unwrap_or_else(|| id.to_owned())
}

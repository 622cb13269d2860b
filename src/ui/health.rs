//! Line 1, "can I believe this?", and the roll-up below it.

use ratatui::layout::Rect;

use super::Scene;
use super::canvas::{Canvas, Line, span};
use super::theme::Token;
use crate::app::deals;
use crate::app::format;
use crate::app::nav::Screen;
use crate::app::world::{Measure, Rollup, Scope, Side};
use crate::domain::deal::Class;
use crate::domain::time::Timestamp;

/// A part of line 1. Where not all have room, the least important go whole.
struct Part<'a> {
    /// 0 is the most important.
    rank: u8,
    /// It stands at the right end.
    right: bool,
    /// How it may be said, longest first.
    forms: Vec<Line<'a>>,
}

/// Columns between two parts on the left, between two on the right, and at least between both.
const GAPS: (usize, usize, usize) = (1, 3, 2);

/// Line 1.
pub(super) fn line(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let parts = parts(canvas, scene);
    let widths: Vec<(bool, Vec<usize>)> = parts
        .iter()
        .map(|part| (part.right, part.forms.iter().map(|form| canvas.measure(form)).collect()))
        .collect();
    let chosen = choose(&parts, &widths, area.width.into());
    let separator = format!(" {} ", canvas.glyphs().separator);
    let (mut left, mut right): (Line<'_>, Line<'_>) = (Vec::new(), Vec::new());
    for (part, form) in parts.into_iter().zip(chosen) {
        let Some(form) = form.and_then(|form| part.forms.into_iter().nth(form)) else { continue };
        if part.right {
            if !right.is_empty() {
                right.push(span(separator.clone(), Token::Border));
            }
            right.extend(form);
        } else {
            left.push(span(" ", Token::Dim));
            left.extend(form);
        }
    }
    right.push(span(" ", Token::Dim));
    let used = canvas.line(area.x, area.y, area.width, &left);
    canvas.line_right(area.x + used, area.right(), area.y, &right);
    // The whole line says that this is another day.
    if scene.state.as_of.is_some() {
        canvas.tint(area, Token::AsOf);
    }
}

/// For each part the form that is shown, if it is: the shortest form of the more important parts comes
/// before the longer forms of any. The most important one is always there.
fn choose(parts: &[Part<'_>], widths: &[(bool, Vec<usize>)], room: usize) -> Vec<Option<usize>> {
    let mut chosen: Vec<Option<usize>> = vec![None; parts.len()];
    let needed = |chosen: &[Option<usize>]| {
        let side = |right: bool, gap: usize| {
            let shown = widths.iter().zip(chosen).filter(|((of, _), _)| *of == right);
            let wide: Vec<usize> =
                shown.filter_map(|((_, forms), form)| forms.get((*form)?).copied()).collect();
            if wide.is_empty() { 0 } else { wide.iter().sum::<usize>() + gap * (wide.len() - 1) + 1 }
        };
        let (left, right) = (side(false, GAPS.0), side(true, GAPS.1));
        left + right + if left > 0 && right > 0 { GAPS.2 } else { 0 }
    };
    let mut order: Vec<usize> = (0..parts.len()).collect();
    order.sort_by_key(|place| parts[*place].rank);
    for place in &order {
        let before = chosen[*place];
        chosen[*place] = parts[*place].forms.len().checked_sub(1);
        if needed(&chosen) > room && parts[*place].rank > 0 {
            chosen[*place] = before;
        }
    }
    for place in &order {
        while let Some(form) = chosen[*place].filter(|form| *form > 0) {
            chosen[*place] = Some(form - 1);
            if needed(&chosen) > room {
                chosen[*place] = Some(form);
                break;
            }
        }
    }
    chosen
}

/// What line 1 has to say, in the order in which it stands.
fn parts<'a>(canvas: &mut Canvas<'_>, scene: Scene<'a>) -> Vec<Part<'a>> {
    let Scene { state, now } = scene;
    let world = &state.world;
    let mut parts = Vec::new();
    let mut add = |rank: u8, right: bool, forms: Vec<Line<'a>>| parts.push(Part { rank, right, forms });
    add(10, false, vec![vec![span("gigawatch", Token::Strong)]]);
    let state_word = match state.as_of {
        Some(day) => span(format!(" AS-OF {day} "), Token::AsOf),
        None if world.ledger.is_none() => span(" loading ", Token::Dim),
        None if world.is_offline() => span(" OFFLINE ", Token::Bad),
        None if world.viewer => span(" VIEWER ", Token::Warn),
        None => span(" LIVE ", Token::Good),
    };
    add(0, false, vec![vec![state_word]]);
    // Beside another day the time of today would read as a part of it.
    if state.as_of.is_none() {
        canvas.report.minutes = true;
        add(9, false, vec![vec![span(format::clock(now), Token::Dim)]]);
    }
    if let (Screen::Deal(_), Some(page)) = (&state.screen, &state.page) {
        let named = |name: String| vec![span("> ", Token::Dim), span(name, Token::Strong)];
        add(5, false, vec![named(page.status.deal.name.clone()), named(deals::ticker_name(&page.status))]);
    }
    if world.store_notice.is_some() {
        add(1, false, vec![vec![span("STORE!", Token::Bad)]]);
    }

    let (ok, late, failed) = world.feeds();
    let mut trouble: Line<'_> = Vec::new();
    if late > 0 {
        trouble.push(span(format!("{late} LATE"), Token::Warn));
    }
    if failed > 0 {
        let gap = if late > 0 { " " } else { "" };
        trouble.push(span(format!("{gap}{failed} FAILED"), Token::Bad));
    }
    let fine = span(format!("feeds {ok} ok"), if ok > 0 { Token::Good } else { Token::Dim });
    if world.sources.is_empty() {
        add(7, true, vec![vec![span("no feeds", Token::Dim)]]);
    } else if trouble.is_empty() {
        add(7, true, vec![vec![fine]]);
    } else {
        let whole = [fine, span(" ", Token::Dim)].into_iter().chain(trouble.iter().cloned()).collect();
        add(2, true, vec![whole, trouble]);
    }
    if world.poll.running() {
        let text = format!("polling {}/{}", world.poll.done, world.poll.asked);
        add(6, true, vec![vec![span(text, Token::Accent)]]);
    } else if let Some(last) = world.last_fetch() {
        canvas.report.minutes = true;
        let ago = format::ago(now.since(last));
        let text = if ago == "now" { "fetched now".to_owned() } else { format!("fetched {ago} ago") };
        add(6, true, vec![vec![span(text, Token::Dim)]]);
    }
    if let Some(to) = world.board.as_ref().and_then(|board| board.catalog_to) {
        add(8, true, vec![vec![span(format!("catalog to {to}"), Token::Dim)]]);
    }
    let new: usize = world.board.iter().flat_map(|board| &board.deals).map(|deal| state.new_on(deal)).sum();
    if new > 0 {
        let short = format!("{new} new");
        let mut forms = vec![vec![span(short.clone(), Token::New)]];
        if let Some(mark) = state.last_look().map(Timestamp::day) {
            forms.insert(0, vec![span(format!("{short} since {mark}"), Token::New)]);
        }
        add(4, true, forms);
    }
    let alerts = state.desk.open(&world.own).count();
    if alerts > 0 {
        let plural = if alerts == 1 { "" } else { "s" };
        let forms = [format!("{alerts} alert{plural} !"), format!("{alerts}!")];
        add(3, true, forms.map(|text| vec![span(text, Token::Bad)]).into());
    }
    parts
}

/// The roll-up of the buyer in view.
pub(super) fn rollup(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let Some(rollup) = scene.state.shown_rollup().filter(|_| !area.is_empty()) else { return };
    let whose = match &rollup.scope {
        Scope::All => "All buyers".to_owned(),
        Scope::Buyer(id) | Scope::Vendor(id) => name(scene, id),
    };
    let separator = canvas.glyphs().separator;
    let line = Form::ALL.map(|form| rollup_line(separator, rollup, &whose, form));
    let fits = |line: &Line<'_>| canvas.measure(line) <= usize::from(area.width);
    let [.., last] = &line;
    let line = line.iter().find(|line| fits(line)).unwrap_or(last);
    canvas.line(area.x, area.y, area.width, line);
}

/// How much a roll-up says: bounds go before words, and words before a figure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Whole,
    NoBounds,
    ShortWords,
    Table,
}

impl Form {
    const ALL: [Self; 4] = [Self::Whole, Self::NoBounds, Self::ShortWords, Self::Table];
}

fn rollup_line(separator: char, rollup: &Rollup, whose: &str, form: Form) -> Line<'static> {
    let separator = format!(" {separator} ");
    let class = match rollup.class {
        Class::Silicon => "silicon",
        Class::Hosting => "hosting",
    };
    let about = match form {
        // The order of the figures is said once instead of beside each.
        Form::Table => "GW gpu / cust".to_owned(),
        _ => format!("{class} GW"),
    };
    let mut line: Line<'_> = vec![span(format!(" {whose} "), Token::Strong), span(about, Token::Dim)];
    let long = matches!(form, Form::Whole | Form::NoBounds);
    for (word, short, measure) in [
        ("HEADLINE", "head", &rollup.headline),
        ("CONTRACTED", "contr", &rollup.contracted),
        ("SERVING", "serv", &rollup.serving),
    ] {
        line.push(span(separator.clone(), Token::Border));
        line.push(span(format!("{} ", if long { word } else { short }), Token::Dim));
        line.extend(measured(measure, form));
    }
    line
}

fn measured(measure: &Measure, form: Form) -> Line<'static> {
    let unknown = |side: &Side| side.mw.is_none();
    let mut line = Vec::new();
    if unknown(&measure.gpu) && unknown(&measure.custom) {
        line.push(span(format::NOTHING, Token::Dim));
    } else {
        let (before, between) = match form {
            Form::Table => ("", " / "),
            Form::ShortWords => ("gpu ", " cust "),
            Form::Whole | Form::NoBounds => ("gpu ", " custom "),
        };
        line.push(span(before, Token::Dim));
        line.push(span(side(&measure.gpu), Token::Gpu));
        line.push(span(between, Token::Dim));
        line.push(span(side(&measure.custom), Token::Custom));
        let share = match measure.share {
            Some(share) if form == Form::Whole => format::share(share),
            Some(share) => format::percent(share.mid),
            None => format::NOTHING.to_owned(),
        };
        let equals = if matches!(form, Form::Whole | Form::NoBounds) { " = " } else { " " };
        line.push(span(format!("{equals}{share}"), Token::Strong));
    }
    if matches!(form, Form::Whole | Form::NoBounds) && measure.other.mw.is_some() {
        line.push(span(" other ", Token::Dim));
        line.push(span(side(&measure.other), Token::Other));
    }
    line
}

/// GW of a side; `+` where legs are known that nobody has sized.
fn side(side: &Side) -> String {
    let more = if side.unknown > 0 { "+" } else { "" };
    side.mw.map_or_else(|| format::NOTHING.to_owned(), |mw| format!("{}{more}", format::gw(mw.mid)))
}

/// A company as its deals name it.
fn name(scene: Scene<'_>, id: &str) -> String {
    let deals = scene.state.world.board.iter().flat_map(|board| &board.deals);
    deals
        .filter(|deal| deal.deal.buyer == id)
        .map(|deal| deals::buyer(deal).to_owned())
        .next()
        .unwrap_or_else(|| id.to_owned())
}

//! What lies over the screen or at its foot: the alert strip, candidates after a first key, prompts with
//! their choices, messages, keys.

use ratatui::layout::Rect;

use super::Scene;
use super::canvas::{Canvas, Line, span};
use super::text;
use super::theme::Token;
use crate::app::ToastKind;
use crate::app::command::Command;
use crate::app::deals;
use crate::app::format;
use crate::app::label_of;
use crate::app::nav::{Screen, Tab};
use crate::app::prompt::Ask;

/// The newest alert that waits; `false` when none does.
pub(super) fn strip(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) -> bool {
    let Scene { state, now } = scene;
    if state.screen == Screen::Alerts {
        return false;
    }
    let waiting: Vec<_> = state.desk.open(&state.world.own).collect();
    let Some(alert) = waiting.first() else { return false };
    canvas.report.minutes = true;
    let line = [
        span(" ! ", Token::Bad),
        span(format!("{} ", format::ago(now.since(alert.at))), Token::Dim),
        span(alert.text.clone(), Token::Strong),
    ];
    let layer = state.screen.layer(state.pane);
    let key = state.keymap.hint(layer, Command::Acknowledge);
    // Where no key acknowledges, one leads to where one does.
    let elsewhere = || {
        let shows = state.keymap.places(Command::Show);
        shows
            .into_iter()
            .find(|(.., screen)| *screen == "alerts")
            .map(|(_, keys, _)| format!("{keys} alerts "))
    };
    let act = key.map(|key| format!("{key} acks ")).or_else(elsewhere).unwrap_or_default();
    let hint = format!("  {act}(1 of {}) ", waiting.len());
    let room = area.width.saturating_sub(text::width(&hint) as u16);
    canvas.line(area.x, area.y, room, &line);
    canvas.line_right(area.x, area.right(), area.y, &[span(hint, Token::Dim)]);
    true
}

/// What may follow the keys typed so far.
pub(super) fn which_key(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let state = scene.state;
    if state.pending.is_empty() || area.height < 5 || area.width < 20 {
        return;
    }
    let layer = state.screen.layer(state.pane);
    let candidates = state.keymap.candidates(layer, &state.pending);
    let deals = state.deal_rows();
    let entries: Vec<(String, String)> = candidates
        .into_iter()
        .filter_map(|candidate| {
            let spec = candidate.call.command.spec();
            let what = match (candidate.call.command, state.tab()) {
                // A deal's letter says which deal it is; a letter without a deal is no choice.
                (Command::Number, None) => deals
                    .iter()
                    .find(|row| label_of(row.number) == candidate.call.argument)
                    .map(|row| deals::ticker_name(row.deal))?,
                _ if candidate.call.argument.is_empty() => spec.hint.to_owned(),
                _ => candidate.call.argument,
            };
            Some((crate::app::key::print(&candidate.keys), what))
        })
        .collect();
    let widest = entries.iter().map(|(keys, what)| text::width(keys) + text::width(what)).max().unwrap_or(0)
        as u16
        + 4;
    let columns = (area.width.saturating_sub(2) / widest.max(1)).clamp(1, entries.len().max(1) as u16);
    let rows = (entries.len() as u16).div_ceil(columns);
    let height = (rows + 2).min(area.height);
    let popup = Rect { y: area.bottom() - height, height, ..area };
    canvas.clear(popup);
    let title = [span(crate::app::key::print(&state.pending), Token::Key), span(" then", Token::Dim)];
    let inside = canvas.frame(popup, &title, "esc leaves", true);
    for (place, (keys, what)) in entries.iter().enumerate() {
        let (column, row) = (place as u16 / rows.max(1), place as u16 % rows.max(1));
        if row < inside.height && column < columns {
            let x = inside.x + 1 + column * widest;
            let line = [span(keys.clone(), Token::Key), span(format!(" {what}"), Token::Text)];
            canvas.line(x, inside.y + row, widest.min(inside.right().saturating_sub(x)), &line);
        }
    }
}

/// The last line: a prompt, a message, or the keys of this place.
pub(super) fn bottom(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect, body: Rect) {
    let state = scene.state;
    if let Some(prompt) = &state.prompt {
        choices(canvas, scene, body);
        let label = match prompt.ask {
            crate::app::prompt::Ask::Argument(_) => format!("{} ", prompt.ask.label()),
            _ => prompt.ask.label().to_owned(),
        };
        let used = canvas.put(area.x, area.y, area.width, &label, Token::Key);
        let room = area.width.saturating_sub(used + 1);
        // A long text scrolls so that the cursor stays in sight.
        let before: String = prompt.text().chars().take(prompt.text().chars().count()).collect();
        let skip = (prompt.cursor() as u16).saturating_sub(room) as usize;
        let visible: String = before.chars().skip(skip).collect();
        canvas.put(area.x + used, area.y, room, &visible, Token::Text);
        let x = area.x + used + (prompt.cursor() - skip.min(prompt.cursor())) as u16;
        if x < area.right() {
            canvas.report.cursor = Some((x, area.y));
        }
        return;
    }
    if let Some(toast) = &state.toast {
        let (mark, token) = match toast.kind {
            ToastKind::Good => (" ", Token::Accent),
            ToastKind::Bad => (" ! ", Token::Bad),
        };
        canvas.line(area.x, area.y, area.width, &[span(mark, token), span(toast.text.clone(), token)]);
        return;
    }
    keys(canvas, scene, area);
}

fn choices(canvas: &mut Canvas<'_>, scene: Scene<'_>, body: Rect) {
    let Some(prompt) = &scene.state.prompt else { return };
    if body.height < 5 {
        return;
    }
    if prompt.choices.is_empty() {
        // What takes free text has nothing to complete; a name that does not exist has.
        if prompt.ask == Ask::Palette && !prompt.text().trim().is_empty() && !prompt.text().contains(' ') {
            let popup = Rect { y: body.bottom() - 3, height: 3, ..body };
            canvas.clear(popup);
            let inside = canvas.frame(popup, &[], "", true);
            canvas.put(
                inside.x + 1,
                inside.y,
                inside.width,
                "no command of that name; ? lists them all",
                Token::Dim,
            );
        }
        return;
    }
    let height = (prompt.choices.len() as u16 + 2).min(body.height);
    let popup = Rect { y: body.bottom() - height, height, ..body };
    canvas.clear(popup);
    let inside = canvas.frame(popup, &[], "tab completes", true);
    let widest = prompt.choices.iter().map(|choice| text::width(&choice.text)).max().unwrap_or(0) as u16;
    let widest = widest.min(inside.width / 2);
    for (place, choice) in prompt.choices.iter().enumerate().take(inside.height.into()) {
        let y = inside.y + place as u16;
        let chosen = prompt.chosen == Some(place);
        let mark = if chosen { canvas.glyphs().cursor.to_string() } else { " ".to_owned() };
        canvas.put(inside.x, y, 1, &mark, Token::Accent);
        canvas.put(inside.x + 1, y, widest, &choice.text, Token::Strong);
        canvas.put(
            inside.x + widest + 3,
            y,
            inside.width.saturating_sub(widest + 3),
            &choice.about,
            Token::Dim,
        );
        if chosen {
            canvas.tint(Rect { y, height: 1, ..inside }, Token::SelectionDim);
        }
    }
}

/// What the footer offers, by place; most useful first.
fn offered(screen: &Screen) -> &'static [Command] {
    match screen {
        Screen::Board => &[
            Command::Open,
            Command::NextPane,
            Command::Number,
            Command::Figures,
            Command::Search,
            Command::Filter,
            Command::Sort,
            Command::Group,
            Command::AsOf,
            Command::EarlierChange,
            Command::Pin,
            Command::OpenLink,
            Command::Copy,
        ],
        Screen::Deal(Tab::Economics) => &[
            Command::Left,
            Command::Right,
            Command::Zoom,
            Command::NextPane,
            Command::NextDeal,
            Command::Note,
            Command::Export,
        ],
        Screen::Deal(_) => &[
            Command::Open,
            Command::NextPane,
            Command::NextDeal,
            Command::Figures,
            Command::OpenLink,
            Command::Copy,
            Command::AsOf,
            Command::EarlierChange,
            Command::Note,
            Command::Pin,
            Command::Export,
        ],
        Screen::Figures => &[Command::Open, Command::OpenLink, Command::Copy, Command::Search, Command::AsOf],
        Screen::Sources => {
            &[Command::Refresh, Command::RefreshAll, Command::Search, Command::OpenLink, Command::Copy]
        }
        Screen::Alerts => &[Command::Acknowledge, Command::Mute, Command::Undo, Command::Open],
        Screen::Matrix | Screen::Calendar => &[Command::Open, Command::Search, Command::AsOf, Command::Copy],
        Screen::Log | Screen::Help => &[Command::Search, Command::SearchNext, Command::Copy],
    }
}

fn keys(canvas: &mut Canvas<'_>, scene: Scene<'_>, area: Rect) {
    let state = scene.state;
    let layer = state.screen.layer(state.pane);
    let mut right: Line<'_> = Vec::new();
    for command in [Command::Palette, Command::Help, Command::Leave] {
        if let Some(keys) = state.keymap.hint(layer, command) {
            let hint = match (command, &state.screen) {
                (Command::Leave, Screen::Board) => "quit",
                (Command::Leave, _) => "back",
                (command, _) => command.spec().hint,
            };
            right.push(span(format!("  {keys}"), Token::Key));
            right.push(span(format!(" {hint}"), Token::Dim));
        }
    }
    right.push(span(" ", Token::Dim));
    let taken: u16 = right.iter().map(|piece| text::width(&piece.text) as u16).sum();
    let room = area.width.saturating_sub(taken);
    let mut left: Line<'_> = Vec::new();
    let mut used = 0;
    for command in offered(&state.screen) {
        let Some(keys) = state.keymap.hint(layer, *command) else { continue };
        let keys = if *command == Command::Number { "1-9".to_owned() } else { keys };
        // On the lever the two keys that elsewhere go in and out turn a value.
        let hint = match (command, &state.screen) {
            (Command::Left, Screen::Deal(Tab::Economics)) => "less",
            (Command::Right, Screen::Deal(Tab::Economics)) => "more",
            _ => command.spec().hint,
        };
        let wide = (text::width(&keys) + text::width(hint) + 3) as u16;
        // No word is cut: what does not fit is left out.
        if used + wide > room {
            break;
        }
        used += wide;
        left.push(span(format!(" {keys}"), Token::Key));
        left.push(span(format!(" {hint} "), Token::Dim));
    }
    canvas.line(area.x, area.y, room, &left);
    canvas.line_right(area.x + used, area.right(), area.y, &right);
}

//! The view: state in, cells out. Reads and never decides.
//!
//! ```text
//! health          can I believe this?
//! roll-up         GPU against custom for the buyer in view
//! ┌ DEALS ─────────────────────────────┐
//! └────────────────────────────────────┘
//! ┌ WIRE ───────────────┐┌ PREVIEW ────┐   side by side from 110 columns, a calendar from 160
//! └─────────────────────┘└─────────────┘
//! alerts          only when one waits
//! keys            or a prompt, or a message
//! ```
//!
//! Below 70 × 18 the focused list stands alone.

mod board;
mod canvas;
mod deals;
mod drill;
#[cfg(test)]
pub(crate) mod dump;
mod figures;
mod health;
mod overlay;
pub mod picture;
mod preview;
mod screens;
#[cfg(test)]
mod tests;
pub mod text;
pub mod theme;
mod wire;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::nav::Screen;
use crate::app::{Report, State};
use crate::domain::time::Timestamp;
use canvas::Canvas;
use theme::Theme;

/// Columns and rows below which only the list is shown.
const LEAST: (u16, u16) = (70, 18);

/// What every part of the screen is given.
#[derive(Clone, Copy)]
struct Scene<'a> {
    state: &'a State,
    now: Timestamp,
}

/// Draws one frame and reports what it showed.
pub fn render(state: &State, theme: &Theme, now: Timestamp, area: Rect, buffer: &mut Buffer) -> Report {
    let area = area.intersection(buffer.area);
    if area.is_empty() {
        return Report::default();
    }
    let scene = Scene { state, now };
    let mut canvas = Canvas::new(buffer, theme, state);
    let bare = area.width < LEAST.0 || area.height < LEAST.1;
    let mut body = area;
    if area.height >= 3 {
        health::line(&mut canvas, scene, Rect { height: 1, ..area });
        body = Rect { y: area.y + 1, height: area.height - 2, ..area };
    }
    if !bare && overlay::strip(&mut canvas, scene, Rect { y: body.bottom() - 1, height: 1, ..body }) {
        body.height -= 1;
    }
    match &state.screen {
        Screen::Board if bare => board::bare(&mut canvas, scene, body),
        Screen::Board => board::draw(&mut canvas, scene, body),
        Screen::Deal(tab) => drill::draw(&mut canvas, scene, *tab, body),
        Screen::Figures => figures::draw(&mut canvas, scene, body),
        Screen::Sources => screens::sources(&mut canvas, scene, body),
        Screen::Matrix => screens::matrix(&mut canvas, scene, body),
        Screen::Calendar => screens::calendar(&mut canvas, scene, body),
        Screen::Alerts => screens::alerts(&mut canvas, scene, body),
        Screen::Log => screens::log(&mut canvas, scene, body),
        Screen::Help => screens::help(&mut canvas, scene, body),
    }
    if area.height >= 2 {
        let last = Rect { y: area.bottom() - 1, height: 1, ..area };
        overlay::which_key(&mut canvas, scene, body);
        overlay::bottom(&mut canvas, scene, last, body);
    }
    canvas.report
}

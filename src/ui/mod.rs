//! The view: state in, cells out. Reads and never decides.

pub mod text;
pub mod theme;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::app::{Report, State};
use crate::domain::time::Timestamp;
use theme::{Theme, Token};

/// Draws one frame and reports what it showed.
pub fn render(_state: &State, theme: &Theme, _now: Timestamp, area: Rect, frame: &mut Buffer) -> Report {
    let area = area.intersection(*frame.area());
    if area.is_empty() {
        return Report::default();
    }
    frame.set_stringn(area.x, area.y, " gigawatch", area.width.into(), theme.style(Token::Strong));
    Report::default()
}

//! From semantic tokens to styles, at the colour depth of the terminal.

use ratatui::style::{Color, Modifier, Style};

use crate::app::deals::Trend;
use crate::config::theme as file;
pub use crate::config::theme::{Depth, Token};

/// Glyphs of frames and bars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Glyphs {
    /// Marks a cut.
    pub ellipsis: char,
    /// Reached part of a ladder.
    pub full: char,
    /// Part of a ladder that is not reached.
    pub empty: char,
    /// Status rising fast, rising, holding, falling, falling fast.
    pub trends: [char; 5],
    /// Row under the cursor.
    pub cursor: char,
    /// Between two segments of a line.
    pub separator: char,
    /// From one value to the next.
    pub arrow: &'static str,
    /// A frame: top left, top right, bottom left, bottom right, horizontal, vertical, left tee, right tee.
    pub frame: [char; 8],
    /// Eight steps of a small column.
    pub steps: [char; 8],
    /// The pane with the focus.
    pub focus: char,
    /// A marked row.
    pub mark: char,
    /// Between the parties of a deal, and in ranges.
    pub dash: char,
}

impl Glyphs {
    /// The arrow of a trend.
    pub fn trend(&self, trend: Trend) -> char {
        self.trends[trend as usize]
    }

    /// Whether nothing but ASCII may be drawn.
    pub fn ascii(&self) -> bool {
        self.ellipsis.is_ascii()
    }
}

/// For terminals that show UTF-8.
pub const UNICODE: Glyphs = Glyphs {
    ellipsis: '…',
    full: '■',
    empty: '·',
    trends: ['⇈', '▲', ' ', '▼', '⇊'],
    cursor: '▌',
    separator: '│',
    arrow: "→",
    frame: ['┌', '┐', '└', '┘', '─', '│', '├', '┤'],
    steps: ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'],
    focus: '◆',
    mark: '•',
    dash: '–',
};

/// For everything else.
pub const ASCII: Glyphs = Glyphs {
    ellipsis: '~',
    full: '#',
    empty: '.',
    trends: ['A', '^', ' ', 'v', 'V'],
    cursor: '>',
    separator: '|',
    arrow: "->",
    frame: ['+', '+', '+', '+', '-', '|', '+', '+'],
    steps: ['_', '.', '-', '-', '=', '=', '*', '#'],
    focus: '*',
    mark: '*',
    dash: '-',
};

/// Resolved styles and glyphs.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    styles: Vec<Style>,
    /// The glyph set.
    pub glyphs: Glyphs,
}

impl Theme {
    /// A theme's styles at a depth of colour.
    pub fn resolve(theme: &file::Theme, depth: Depth, ascii: bool) -> Self {
        let styles = Token::ALL.iter().map(|token| at_depth(theme.style(*token, depth), depth)).collect();
        Self { styles, glyphs: if ascii { ASCII } else { UNICODE } }
    }

    /// No style at all: for when there is no theme to be had.
    pub fn bare(ascii: bool) -> Self {
        Self { styles: Vec::new(), glyphs: if ascii { ASCII } else { UNICODE } }
    }

    /// The style of a token.
    pub fn style(&self, token: Token) -> Style {
        self.styles.get(token as usize).copied().unwrap_or_default()
    }
}

/// A written style as the drawing library has it, with nothing in it that the depth cannot show.
fn at_depth(style: file::Style, depth: Depth) -> Style {
    let modifiers = [
        (style.bold, Modifier::BOLD),
        (style.dim, Modifier::DIM),
        (style.italic, Modifier::ITALIC),
        (style.underline, Modifier::UNDERLINED),
        (style.reverse, Modifier::REVERSED),
    ];
    let modifier = modifiers.into_iter().filter(|(on, _)| *on).map(|(_, modifier)| modifier).collect();
    let fg = color_at(style.fg, depth);
    let bg = color_at(style.bg, depth);
    Style { fg, bg, ..Style::new().add_modifier(modifier) }
}

fn color_at(color: file::Color, depth: Depth) -> Option<Color> {
    match (color, depth) {
        (file::Color::Default, _) | (_, Depth::Mono) => None,
        (file::Color::Ansi(n), _) => Some(ANSI[usize::from(n % 16)].0),
        (file::Color::Indexed(n), Depth::Ansi16) => {
            let (r, g, b) = rgb_of_256(n);
            Some(nearest_16(r, g, b))
        }
        (file::Color::Indexed(n), _) => Some(Color::Indexed(n)),
        (file::Color::Rgb(r, g, b), Depth::Ansi16) => Some(nearest_16(r, g, b)),
        (file::Color::Rgb(r, g, b), Depth::Ansi256) => Some(Color::Indexed(nearest_256(r, g, b))),
        (file::Color::Rgb(r, g, b), Depth::True) => Some(Color::Rgb(r, g, b)),
    }
}

/// Levels of the 6 × 6 × 6 cube.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

fn rgb_of_256(n: u8) -> (u8, u8, u8) {
    match n {
        0..=15 => ANSI[usize::from(n)].1,
        16..=231 => {
            let n = usize::from(n - 16);
            (CUBE[n / 36], CUBE[n / 6 % 6], CUBE[n % 6])
        }
        232..=255 => {
            let grey = 8 + (n - 232) * 10;
            (grey, grey, grey)
        }
    }
}

fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let square = |x: u8, y: u8| u32::from(x.abs_diff(y)).pow(2);
    // The eye is most sensitive to green, least to blue.
    3 * square(a.0, b.0) + 4 * square(a.1, b.1) + 2 * square(a.2, b.2)
}

/// A colour's red, green and blue, as most terminals show it; black for one that the terminal decides.
pub(super) fn rgb(color: Color) -> (u8, u8, u8) {
    match color {
        Color::Rgb(r, g, b) => (r, g, b),
        Color::Indexed(n @ 16..) => rgb_of_256(n),
        Color::Indexed(n) => ANSI[usize::from(n)].1,
        color => ANSI.iter().find(|(named, _)| *named == color).map_or((0, 0, 0), |(_, rgb)| *rgb),
    }
}

fn nearest_256(r: u8, g: u8, b: u8) -> u8 {
    (16..=255).min_by_key(|n| distance(rgb_of_256(*n), (r, g, b))).unwrap_or(7)
}

/// The sixteen with the values that most terminals start from.
const ANSI: [(Color, (u8, u8, u8)); 16] = [
    (Color::Black, (0, 0, 0)),
    (Color::Red, (205, 0, 0)),
    (Color::Green, (0, 205, 0)),
    (Color::Yellow, (205, 205, 0)),
    (Color::Blue, (0, 0, 238)),
    (Color::Magenta, (205, 0, 205)),
    (Color::Cyan, (0, 205, 205)),
    (Color::Gray, (229, 229, 229)),
    (Color::DarkGray, (127, 127, 127)),
    (Color::LightRed, (255, 0, 0)),
    (Color::LightGreen, (0, 255, 0)),
    (Color::LightYellow, (255, 255, 0)),
    (Color::LightBlue, (92, 92, 255)),
    (Color::LightMagenta, (255, 0, 255)),
    (Color::LightCyan, (0, 255, 255)),
    (Color::White, (255, 255, 255)),
];

fn nearest_16(r: u8, g: u8, b: u8) -> Color {
    ANSI.iter().min_by_key(|(_, rgb)| distance(*rgb, (r, g, b))).map_or(Color::Reset, |(color, _)| *color)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const DEPTHS: [Depth; 4] = [Depth::Mono, Depth::Ansi16, Depth::Ansi256, Depth::True];

    #[test]
    fn no_theme_shows_more_than_the_depth_has() {
        for (name, theme) in Config::load(None).unwrap().themes {
            for depth in DEPTHS {
                let resolved = Theme::resolve(&theme, depth, false);
                for token in Token::ALL {
                    let style = resolved.style(*token);
                    for color in [style.fg, style.bg].into_iter().flatten() {
                        let least = match color {
                            Color::Rgb(..) => Depth::True,
                            Color::Indexed(_) => Depth::Ansi256,
                            _ => Depth::Ansi16,
                        };
                        assert!(depth >= least, "{name} {token:?} {depth:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn letters_stand_out_from_their_ground() {
        for (name, theme) in Config::load(None).unwrap().themes {
            for token in Token::ALL {
                let style = theme.style(*token, Depth::True);
                if let (file::Color::Rgb(a, b, c), file::Color::Rgb(x, y, z)) = (style.fg, style.bg) {
                    assert!(contrast((a, b, c), (x, y, z)) >= 4.5, "{name} {token:?}");
                }
            }
        }
    }

    /// Contrast ratio of WCAG 2.
    fn contrast(a: (u8, u8, u8), b: (u8, u8, u8)) -> f64 {
        let channel = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.03928 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let light = |(r, g, b): (u8, u8, u8)| 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
        let (high, low) = (light(a).max(light(b)), light(a).min(light(b)));
        (high + 0.05) / (low + 0.05)
    }

    #[test]
    fn the_nearest_colour_of_a_colour_of_the_palette_is_itself() {
        for n in 16..=255u8 {
            let (r, g, b) = rgb_of_256(n);
            assert_eq!(rgb_of_256(nearest_256(r, g, b)), (r, g, b));
        }
        assert_eq!(nearest_16(250, 10, 10), Color::LightRed);
    }

    #[test]
    fn without_colour_what_matters_still_stands_out() {
        for (name, theme) in Config::load(None).unwrap().themes {
            let resolved = Theme::resolve(&theme, Depth::Mono, true);
            for token in [Token::Selection, Token::AsOf, Token::Highlight, Token::Bad] {
                assert!(!resolved.style(token).add_modifier.is_empty(), "{name} {token:?}");
            }
        }
    }
}

//! Themes: what each meaning on the screen looks like, at each depth of colour.

use std::collections::BTreeMap;

use super::diagnostic::{Sink, one_of, suggestion};
use super::reader::{Document, Field, Table, Value};
use super::{Shared, diagnostic};

/// How many colours the terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Depth {
    /// None: bold, underline and inverse only.
    Mono,
    /// The sixteen of the terminal's own palette.
    Ansi16,
    /// The 256 of xterm.
    Ansi256,
    /// 24 bit.
    True,
}

macro_rules! tokens {
    ($($variant:ident, $name:literal, $about:literal;)*) => {
        /// What a piece of the screen means.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Token { $(#[doc = $about] $variant,)* }

        impl Token {
            /// Every token.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in a theme file.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it stands for.
            pub fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }
        }
    };
}

tokens! {
    Text, "text", "Ordinary text.";
    Dim, "dim", "Secondary text: units, ages, labels.";
    Strong, "strong", "Names and headings.";
    Accent, "accent", "The program's own colour: links, the active tab.";
    Good, "good", "Going well: converting, live, ok.";
    Warn, "warn", "Take care: late, provisional, stale.";
    Bad, "bad", "Wrong or going back: failed, overdue, reverting.";
    Custom, "custom", "Custom silicon.";
    Gpu, "gpu", "Merchant GPUs.";
    Other, "other", "Merchant silicon that is no GPU.";
    Border, "border", "Frame of a pane.";
    BorderFocus, "border-focus", "Frame of the pane with the focus.";
    Selection, "selection", "The row under the cursor.";
    SelectionDim, "selection-dim", "The row under the cursor of a pane without the focus.";
    Highlight, "highlight", "Words that a claim was read from.";
    Match, "match", "A search match.";
    New, "new", "Something new.";
    AsOf, "as-of", "Line 1 while the board shows another day.";
    Bar, "bar", "Line 1.";
    Key, "key", "A key in the footer.";
}

impl Token {
    /// The token of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|token| token.name() == name)
    }
}

/// A colour as a theme writes it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Color {
    /// The terminal's own.
    #[default]
    Default,
    /// One of the terminal's sixteen, 0 to 15.
    Ansi(u8),
    /// One of xterm's 256.
    Indexed(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Colour of the letters.
    pub fg: Color,
    /// Colour of the ground.
    pub bg: Color,
    /// Bold.
    pub bold: bool,
    /// Dim.
    pub dim: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Letters and ground exchanged.
    pub reverse: bool,
}

/// The sixteen, by name, in the order of the terminal's palette.
const NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// Words of a style that are no colour.
const MODIFIERS: [&str; 5] = ["bold", "dim", "italic", "underline", "reverse"];

impl Style {
    /// Reads `[colour] [on colour] [bold] [dim] [italic] [underline] [reverse]`. A colour is a name such
    /// as `green` or `bright-red`, a number of xterm's 256, `#rrggbb`, or `default`. An error says which
    /// word is wrong and what could stand there.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut style = Self::default();
        let mut words = text.split_whitespace();
        while let Some(word) = words.next() {
            match word {
                "bold" => style.bold = true,
                "dim" => style.dim = true,
                "italic" => style.italic = true,
                "underline" => style.underline = true,
                "reverse" => style.reverse = true,
                "on" => style.bg = color(words.next().ok_or("`on` needs a colour behind it")?)?,
                word => style.fg = color(word)?,
            }
        }
        Ok(style)
    }

    /// The style without its colours.
    #[must_use]
    pub fn without_colour(self) -> Self {
        Self { fg: Color::Default, bg: Color::Default, ..self }
    }

    fn max_depth(self) -> Depth {
        let of = |color: Color| match color {
            Color::Default => Depth::Mono,
            Color::Ansi(_) => Depth::Ansi16,
            Color::Indexed(_) => Depth::Ansi256,
            Color::Rgb(..) => Depth::True,
        };
        of(self.fg).max(of(self.bg))
    }
}

fn color(word: &str) -> Result<Color, String> {
    if word == "default" {
        return Ok(Color::Default);
    }
    if let Some(index) = NAMES.iter().position(|name| *name == word) {
        return Ok(Color::Ansi(index as u8));
    }
    if let Some(digits) = word.strip_prefix('#') {
        let byte = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        return match (digits.len(), byte(0), byte(2), byte(4)) {
            (6, Some(r), Some(g), Some(b)) => Ok(Color::Rgb(r, g, b)),
            _ => Err(format!("`{word}` is no colour: write `#rrggbb`")),
        };
    }
    if let Ok(index) = word.parse() {
        return Ok(Color::Indexed(index));
    }
    let known: Vec<&str> = NAMES.into_iter().chain(MODIFIERS).chain(["default", "on"]).collect();
    let help = diagnostic::closest(word, known.iter().copied()).map_or_else(
        || format!("a colour is {}, a number from 0 to 255, or `#rrggbb`", one_of(&known[..8])),
        |name| format!("did you mean `{name}`?"),
    );
    Err(format!("`{word}` is no colour and no attribute: {help}"))
}

/// One token at the depths that differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    mono: Style,
    basic: Style,
    rich: Style,
}

/// A theme: a style for every token at every depth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// The file's stem, by which it is chosen.
    pub name: String,
    /// What it is for, in one line.
    pub about: String,
    looks: Vec<Look>,
}

impl Theme {
    /// The style of a token. At 256 colours it is the one for 24 bit, which the drawing side brings
    /// down to the nearest of the 256.
    pub fn style(&self, token: Token, depth: Depth) -> Style {
        let look = self.looks.get(token as usize).copied().unwrap_or_default();
        match depth {
            Depth::Mono => look.mono,
            Depth::Ansi16 => look.basic,
            Depth::Ansi256 | Depth::True => look.rich,
        }
    }
}

/// Keys of a theme's file.
pub const THEME: &[Field] = &[
    Field::new("about", "text", "what it is for, in one line"),
    Field::new("base", "theme", "theme that gives the tokens not named here (default: `default`)"),
    Field::required("tokens", "table", "a style for each token"),
];

/// Keys of a token that looks different at different depths.
pub const LOOK: &[Field] = &[
    Field::required("basic", "style", "with the terminal's own sixteen colours"),
    Field::new("rich", "style", "with 256 colours or more (default: as `basic`)"),
    Field::new("mono", "style", "without colour (default: the attributes of `basic`)"),
];

/// Reads every theme. A user's file replaces the built-in one of the same name; `base` is looked up
/// among the files read before, so it cannot go in a circle.
pub(super) fn read(files: &[Shared], sink: &Sink) -> BTreeMap<String, Theme> {
    let mut themes: BTreeMap<String, Theme> = BTreeMap::new();
    // `default` comes first: the others stand on it.
    let (first, rest): (Vec<&Shared>, Vec<&Shared>) = files.iter().partition(|file| file.stem() == "default");
    for file in first.into_iter().chain(rest) {
        let document = Document::parse(file, sink);
        let theme = theme(&document.table(THEME), file.stem(), &themes);
        themes.insert(theme.name.clone(), theme);
    }
    themes
}

fn theme(table: &Table<'_>, name: &str, themes: &BTreeMap<String, Theme>) -> Theme {
    let known: Vec<&str> = themes.keys().map(String::as_str).collect();
    let base = match table.get("base") {
        Some(base) => base.among("theme read before this one", &known),
        None => Some("default"),
    };
    let mut looks = base
        .and_then(|base| themes.get(base))
        .map_or_else(|| vec![Look::default(); Token::ALL.len()], |theme| theme.looks.clone());
    for (key, span, value) in
        table.get("tokens").and_then(|tokens| tokens.any_table()).iter().flat_map(Table::entries)
    {
        let Some(token) = Token::named(key) else {
            let names: Vec<&str> = Token::ALL.iter().map(|token| token.name()).collect();
            table.error_at(span, format!("unknown token `{key}`"), Some(suggestion(key, &names)));
            continue;
        };
        if let (Some(look), Some(slot)) = (look(&value), looks.get_mut(token as usize)) {
            *slot = look;
        }
    }
    Theme { name: name.to_owned(), about: table.text("about"), looks }
}

fn look(value: &Value<'_>) -> Option<Look> {
    if value.is_text() {
        let basic = style(value, Depth::Ansi16)?;
        return Some(Look { mono: basic.without_colour(), basic, rich: basic });
    }
    let table = value.table(LOOK)?;
    let basic = table.get("basic").and_then(|value| style(&value, Depth::Ansi16))?;
    let or = |key: &str, depth: Depth, otherwise: Style| match table.get(key) {
        Some(value) => style(&value, depth),
        None => Some(otherwise),
    };
    let rich = or("rich", Depth::True, basic)?;
    let mono = or("mono", Depth::Mono, basic.without_colour())?;
    Some(Look { mono, basic, rich })
}

/// A style with no more colours than the depth has.
fn style(value: &Value<'_>, depth: Depth) -> Option<Style> {
    let text = value.text()?;
    match Style::parse(text) {
        Ok(style) if style.max_depth() <= depth => Some(style),
        Ok(_) => {
            let help = match depth {
                Depth::Mono => "no colours here, only bold, dim, italic, underline and reverse",
                _ => "only the sixteen names here; put the richer colour into `rich = …`",
            };
            value.error(format!("`{text}` needs more colours than there are"), Some(help.to_owned()));
            None
        }
        Err(why) => {
            value.error(format!("bad style `{text}`"), Some(why));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_read_word_by_word() {
        let style = Style::parse("bright-red on #0a0b0c bold underline").unwrap();
        assert_eq!((style.fg, style.bg), (Color::Ansi(9), Color::Rgb(10, 11, 12)));
        assert!(style.bold && style.underline && !style.reverse);
        assert_eq!(Style::parse("208").unwrap().fg, Color::Indexed(208));
        assert_eq!(Style::parse(""), Ok(Style::default()));
        for bad in ["gren", "#12345", "#zzzzzz", "on", "300", "red on"] {
            assert!(Style::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn token_places_match_their_order() {
        for (place, token) in Token::ALL.iter().enumerate() {
            assert_eq!(*token as usize, place);
            assert_eq!(Token::named(token.name()), Some(*token));
        }
    }

    /// Relative luminance as WCAG 2 defines it, 0 to 1.
    fn luminance(r: u8, g: u8, b: u8) -> f64 {
        let linear = |byte: u8| {
            let part = f64::from(byte) / 255.0;
            if part <= 0.040_45 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
    }

    fn contrast(a: (u8, u8, u8), b: (u8, u8, u8)) -> f64 {
        let (a, b) = (luminance(a.0, a.1, a.2), luminance(b.0, b.1, b.2));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_of_every_theme_in_full_colour_can_be_read() {
        let themes = crate::config::Config::load(None).unwrap().themes;
        // The grounds that each theme is made for, and a usual lighter or darker one.
        let grounds = [
            ("dark", [(0, 0, 0), (30, 34, 42)]),
            ("light", [(255, 255, 255), (250, 248, 240)]),
            ("high-contrast", [(0, 0, 0), (0, 0, 0)]),
            ("colour-blind-safe", [(0, 0, 0), (30, 34, 42)]),
        ];
        for (name, grounds) in grounds {
            for token in Token::ALL.iter().copied().filter(|token| *token != Token::Border) {
                let style = themes[name].style(token, Depth::True);
                let Color::Rgb(r, g, b) = style.fg else { panic!("{name}: {} has no colour", token.name()) };
                let own = match style.bg {
                    Color::Rgb(r, g, b) => vec![(r, g, b)],
                    _ => grounds.to_vec(),
                };
                for ground in own {
                    let contrast = contrast((r, g, b), ground);
                    assert!(contrast >= 4.5, "{name}: {} on {ground:?} has {contrast:.1}", token.name());
                }
            }
        }
    }

    #[test]
    fn without_colour_what_matters_still_stands_out() {
        for (name, theme) in crate::config::Config::load(None).unwrap().themes {
            for token in
                [Token::Selection, Token::AsOf, Token::Highlight, Token::Bad, Token::Match, Token::New]
            {
                let style = theme.style(token, Depth::Mono);
                assert!(style.bold || style.underline || style.reverse, "{name}: {}", token.name());
                assert_eq!(style, style.without_colour(), "{name}: {}", token.name());
            }
        }
    }

    #[test]
    fn the_default_theme_sets_no_ground() {
        let themes = crate::config::Config::load(None).unwrap().themes;
        for token in Token::ALL {
            for depth in [Depth::Mono, Depth::Ansi16, Depth::Ansi256, Depth::True] {
                assert_eq!(themes["default"].style(*token, depth).bg, Color::Default, "{}", token.name());
            }
        }
    }
}

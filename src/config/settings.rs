//! `gigawatch.toml`: how often to poll, how much to take, what the screen looks like.

use std::time::Duration;

use super::diagnostic::{Sink, suggestion};
use super::files::Files;
use super::reader::{Document, Field, Table, Value};
use super::units::show_duration;
use crate::domain::time::Day;

/// How the collector works and what it takes from a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    /// Time between two polls of a feed that does not say otherwise.
    pub every: Duration,
    /// Requests under way at once.
    pub at_once: usize,
    /// Requests under way at once to one host.
    pub per_host: usize,
    /// What requests say they come from, placeholders filled in.
    pub user_agent: String,
    /// Address for servers that want one in the User-Agent; empty if none was given.
    pub contact: String,
    /// Whether nothing is to be fetched at all.
    pub offline: bool,
    /// Whether linked pages of newsrooms and filings are fetched for their words.
    pub fetch_text: bool,
    /// Longest that one request may take, redirects and all.
    pub timeout: Duration,
    /// Longest wait for a connection.
    pub connect_timeout: Duration,
    /// Longest silence within an answer.
    pub idle_timeout: Duration,
    /// Largest answer after decoding, in bytes.
    pub body_limit: u64,
    /// Redirects followed.
    pub redirects: usize,
    /// Items taken from one answer.
    pub item_limit: usize,
}

/// What the board shows and in which order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Board {
    /// Slugs in the order of the board; deals not named follow by slug.
    pub order: Vec<String>,
    /// Slugs that are left out of the catalog.
    pub hide: Vec<String>,
    /// How deals are grouped: `none`, `buyer`, `vendor` or `class`.
    pub group: String,
    /// By what they are sorted: a field of the `sort` command.
    pub sort: String,
    /// The buyer whose roll-up stands at the top; empty for all.
    pub buyer: String,
}

/// How glyphs are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GlyphChoice {
    /// By the locale.
    #[default]
    Auto,
    /// Always Unicode.
    Unicode,
    /// Always ASCII.
    Ascii,
}

/// How times are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Times {
    /// In the time zone of the machine.
    #[default]
    Local,
    /// In UTC.
    Utc,
}

/// How notices reach the desktop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeRoute {
    /// What the terminal is known to understand.
    #[default]
    Auto,
    /// None.
    Off,
    /// The bell alone.
    Bell,
    /// OSC 9 (iTerm2 and others).
    Osc9,
    /// OSC 99 (kitty).
    Osc99,
    /// OSC 777 (WezTerm, Ghostty, rxvt).
    Osc777,
}

/// Which way text is copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClipboardRoute {
    /// The desktop's where the program runs on it, else the terminal's.
    #[default]
    Auto,
    /// The terminal's, by OSC 52.
    Terminal,
    /// The desktop's.
    Desktop,
}

/// The screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ui {
    /// Name of the theme.
    pub theme: String,
    /// Which glyphs.
    pub glyphs: GlyphChoice,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// How times are shown.
    pub times: Times,
    /// How long a half-typed sequence of keys waits for its rest.
    pub key_wait: Duration,
    /// How notices reach the desktop.
    pub notices: NoticeRoute,
    /// Whether the window's title shows the number of alerts.
    pub title: bool,
    /// How long kiosk mode stays on a deal.
    pub kiosk: Duration,
    /// Which way text is copied.
    pub clipboard: ClipboardRoute,
    /// Most that is copied, in bytes.
    pub clipboard_limit: u64,
    /// The program that opens links, with `{url}` where the address goes; empty for the system's own.
    pub browser: Vec<String>,
}

/// A date that the user wants on the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarEntry {
    /// The day.
    pub day: Day,
    /// What happens, e.g. `AMZN earnings`.
    pub what: String,
    /// Symbols that it concerns.
    pub tickers: Vec<String>,
}

/// A saved view of the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: String,
    /// A query of the `filter` command; empty for every deal.
    pub filter: String,
    /// As [`Board::sort`]; empty to leave it.
    pub sort: String,
    /// As [`Board::group`]; empty to leave it.
    pub group: String,
}

/// Everything in `gigawatch.toml`.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Polling.
    pub poll: Poll,
    /// The board.
    pub board: Board,
    /// The screen.
    pub ui: Ui,
    /// Saved views.
    pub views: Vec<View>,
    /// Dates of the user's own.
    pub calendar: Vec<CalendarEntry>,
}

/// Sections and tables of `gigawatch.toml`.
pub const FILE: &[Field] = &[
    Field::new("poll", "section", "how often feeds are asked, and how much is taken"),
    Field::new("board", "section", "which deals are shown and in which order"),
    Field::new("ui", "section", "what the screen looks like"),
    Field::new("view", "tables", "saved views of the board"),
    Field::new("calendar", "tables", "dates of your own, for the Calendar"),
];

/// Keys of `[poll]`.
pub const POLL: &[Field] = &[
    Field::new("every", "time", "between two polls of a feed that does not say otherwise"),
    Field::new("at-once", "1 to 256", "requests under way at once"),
    Field::new("per-host", "1 to 16", "requests under way at once to one host"),
    Field::new(
        "user-agent",
        "text",
        "what requests say they come from; `{version}` and `{contact}` are filled in",
    ),
    Field::new(
        "contact",
        "text",
        "your e-mail address, for servers that want one (sec.gov); sent to nobody else",
    ),
    Field::new("offline", "true or false", "fetch nothing at all"),
    Field::new("fetch-text", "true or false", "read the linked page of newsroom items and filings"),
    Field::new("timeout", "time", "longest that one request may take"),
    Field::new("connect-timeout", "time", "longest wait for a connection"),
    Field::new("idle-timeout", "time", "longest silence within an answer"),
    Field::new("body-limit", "size", "largest answer after decoding"),
    Field::new("redirects", "0 to 20", "redirects followed"),
    Field::new("item-limit", "1 to 100000", "items taken from one answer"),
];

/// Keys of `[board]`.
pub const BOARD: &[Field] = &[
    Field::new("order", "list of deals", "order of the board; deals not named follow by slug"),
    Field::new("hide", "list of deals", "deals that are left out: neither shown, counted nor looked for"),
    Field::new("group", "`none`, `buyer`, `vendor` or `class`", "how deals are grouped"),
    Field::new("sort", "field", "`catalog`, `activity`, `size`, `share`, `gap`, `due`, `new` or `name`"),
    Field::new("buyer", "company", "whose roll-up stands at the top; empty for all"),
];

/// Keys of `[ui]`.
pub const UI: &[Field] = &[
    Field::new(
        "theme",
        "theme",
        "`default`, `dark`, `light`, `high-contrast`, `mono`, `colour-blind-safe` or your own",
    ),
    Field::new("glyphs", "`auto`, `unicode` or `ascii`", "`auto` goes by the locale"),
    Field::new(
        "mouse",
        "true or false",
        "listen to the mouse; the terminal's own selection then needs Shift",
    ),
    Field::new("times", "`local` or `utc`", "how times are shown; they are always stored in UTC"),
    Field::new("key-wait", "milliseconds, 100 to 10000", "how long a half-typed sequence waits for its rest"),
    Field::new("notices", "route", "`auto`, `off`, `bell`, `osc9`, `osc99` or `osc777`"),
    Field::new("title", "true or false", "show the number of alerts in the window's title"),
    Field::new("kiosk", "time", "how long kiosk mode stays on a deal"),
    Field::new("clipboard", "route", "`auto`, `terminal` (OSC 52) or `desktop`"),
    Field::new("clipboard-limit", "size", "most that is copied"),
    Field::new(
        "browser",
        "list of texts",
        "program that opens links; `{url}` is the address; empty for the system's own",
    ),
];

/// Keys of a `[[view]]`.
pub const VIEW: &[Field] = &[
    Field::required("name", "text", "its name"),
    Field::new("filter", "query", "as after `:filter`"),
    Field::new("sort", "field", "as `[board] sort`"),
    Field::new("group", "field", "as `[board] group`"),
];

/// Keys of a `[[calendar]]`.
pub const CALENDAR: &[Field] = &[
    Field::required("day", "date", "when"),
    Field::required("what", "text", "what happens"),
    Field::new("tickers", "list of texts", "symbols that it concerns"),
];

/// Sections whose keys are single settings, with those keys.
pub const SECTIONS: &[(&str, &[Field])] = &[("poll", POLL), ("board", BOARD), ("ui", UI)];

const GROUPS: &[&str] = &["none", "buyer", "vendor", "class"];
const SORTS: &[&str] = &["catalog", "activity", "size", "share", "gap", "due", "new", "name"];

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// Range of `every`, here and on a feed.
pub(super) const EVERY: std::ops::RangeInclusive<Duration> = SECOND..=DAY.saturating_mul(30);

/// One section in every layer, the built-in one first.
struct Layered<'a>(Vec<Table<'a>>);

impl<'a> Layered<'a> {
    /// The value of the last layer that has the key.
    fn get(&self, key: &str) -> Option<Value<'a>> {
        self.0.iter().rev().find_map(|table| table.get(key))
    }

    fn flag(&self, key: &str) -> bool {
        self.get(key).and_then(|value| value.boolean()).unwrap_or_default()
    }

    fn number(&self, key: &str, range: std::ops::RangeInclusive<i64>) -> usize {
        let number = self.get(key).and_then(|value| value.integer(range.clone())).unwrap_or(*range.start());
        usize::try_from(number).unwrap_or_default()
    }

    fn time(&self, key: &str, range: std::ops::RangeInclusive<Duration>) -> Duration {
        self.get(key).and_then(|value| value.duration(range.clone())).unwrap_or(*range.start())
    }

    fn size(&self, key: &str, range: std::ops::RangeInclusive<u64>) -> u64 {
        self.get(key).and_then(|value| value.size(range.clone())).unwrap_or(*range.start())
    }

    fn text(&self, key: &str) -> String {
        self.get(key).and_then(|value| value.text()).unwrap_or_default().to_owned()
    }

    fn texts(&self, key: &str) -> Vec<String> {
        let Some(value) = self.get(key) else { return Vec::new() };
        value.list().iter().filter_map(|item| item.text().map(str::to_owned)).collect()
    }

    fn among(&self, key: &str, what: &str, names: &[&str]) -> String {
        self.get(key).and_then(|value| value.among(what, names)).unwrap_or_default().to_owned()
    }

    fn word<T: serde::de::DeserializeOwned + Default>(&self, key: &str) -> T {
        self.get(key).and_then(|value| value.word()).unwrap_or_default()
    }
}

/// What settings name that other files define.
pub(super) struct Names<'a> {
    /// Slugs of the catalog.
    pub(super) deals: Vec<&'a str>,
    /// Companies of the lexicon; empty checks nothing.
    pub(super) companies: Vec<&'a str>,
    /// Themes.
    pub(super) themes: Vec<&'a str>,
}

/// Reads `gigawatch.toml` of every layer.
pub(super) fn read(files: &Files, names: &Names<'_>, sink: &Sink) -> Settings {
    let sources = files.named("gigawatch.toml");
    let documents: Vec<Document<'_>> = sources.iter().map(|file| Document::parse(file, sink)).collect();
    let tables: Vec<Table<'_>> = documents.iter().map(|document| document.table(FILE)).collect();
    let section = |name: &'static str, fields: &[Field]| {
        Layered(tables.iter().filter_map(|table| table.sub(name, fields)).collect())
    };
    Settings {
        poll: poll(&section("poll", POLL)),
        board: board(&section("board", BOARD), names),
        ui: ui(&section("ui", UI), names),
        views: tables.iter().flat_map(|table| table.tables("view", VIEW)).map(|row| view(&row)).collect(),
        calendar: tables
            .iter()
            .flat_map(|table| table.tables("calendar", CALENDAR))
            .filter_map(|row| calendar(&row))
            .collect(),
    }
}

fn poll(section: &Layered<'_>) -> Poll {
    let contact = section.text("contact");
    if let Some(value) = section.get("contact")
        && !contact.is_empty()
        && !is_contact(&contact)
    {
        value.expected("an e-mail address such as `you@example.com`");
    }
    let timeout = section.time("timeout", SECOND..=MINUTE.saturating_mul(10));
    // A default gives way to a shorter `timeout`; a user's own value that cannot hold is told.
    let within = |key: &str| {
        let length = section.time(key, SECOND..=MINUTE.saturating_mul(10));
        if let Some(value) = section.get(key)
            && length > timeout
            && !value.is_built_in()
        {
            let help = format!("at most {}, or raise `timeout`", show_duration(timeout));
            value.error(format!("`{key}` is longer than `timeout`"), Some(help));
        }
        length.min(timeout)
    };
    Poll {
        every: section.time("every", EVERY),
        at_once: section.number("at-once", 1..=256),
        per_host: section.number("per-host", 1..=16),
        user_agent: fill(&header_text(section.get("user-agent")), &contact),
        offline: section.flag("offline"),
        fetch_text: section.flag("fetch-text"),
        connect_timeout: within("connect-timeout"),
        idle_timeout: within("idle-timeout"),
        body_limit: section.size("body-limit", 1 << 10..=1 << 30),
        redirects: section.number("redirects", 0..=20),
        item_limit: section.number("item-limit", 1..=100_000),
        timeout,
        contact,
    }
}

fn is_contact(text: &str) -> bool {
    let shape = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.'));
    shape && text.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '(' | ')' | '<' | '>' | ','))
}

/// A text that may stand in a header of a request.
pub(super) fn header_text(value: Option<Value<'_>>) -> String {
    let Some(value) = value else { return String::new() };
    match value.name() {
        Some(text) if text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) => text.to_owned(),
        Some(_) => {
            value.expected("printable ASCII, as a header needs it");
            String::new()
        }
        None => String::new(),
    }
}

/// A User-Agent with its placeholders filled in.
pub(super) fn fill(user_agent: &str, contact: &str) -> String {
    let filled = user_agent.replace("{version}", env!("CARGO_PKG_VERSION")).replace("{contact}", contact);
    filled.trim().to_owned()
}

fn board(section: &Layered<'_>, names: &Names<'_>) -> Board {
    for key in ["order", "hide"] {
        for slug in section.get(key).map(|list| list.list()).unwrap_or_default() {
            if slug.is_built_in() {
                continue;
            }
            slug.among("deal of the catalog", &names.deals);
        }
    }
    if let Some(buyer) = section.get("buyer")
        && let Some(text) = buyer.text()
        && !text.is_empty()
        && !names.companies.is_empty()
        && !names.companies.contains(&text)
    {
        buyer.error(
            format!("`{text}` is no company of the lexicon"),
            Some(suggestion(text, &names.companies)),
        );
    }
    Board {
        order: section.texts("order"),
        hide: section.texts("hide"),
        group: section.among("group", "grouping", GROUPS),
        sort: section.among("sort", "field to sort by", SORTS),
        buyer: section.text("buyer"),
    }
}

fn ui(section: &Layered<'_>, names: &Names<'_>) -> Ui {
    let wait = section.number("key-wait", 100..=10_000);
    Ui {
        theme: section.among("theme", "theme", &names.themes),
        glyphs: section.word("glyphs"),
        mouse: section.flag("mouse"),
        times: section.word("times"),
        key_wait: Duration::from_millis(wait as u64),
        notices: section.word("notices"),
        title: section.flag("title"),
        kiosk: section.time("kiosk", SECOND..=DAY),
        clipboard: section.word("clipboard"),
        clipboard_limit: section.size("clipboard-limit", 1 << 10..=1 << 20),
        browser: section.texts("browser"),
    }
}

fn view(row: &Table<'_>) -> View {
    let among = |key: &str, what: &str, names: &[&str]| {
        row.get(key).and_then(|value| value.among(what, names)).unwrap_or_default().to_owned()
    };
    View {
        name: row.get("name").and_then(|name| name.name()).unwrap_or_default().to_owned(),
        filter: row.text("filter"),
        sort: among("sort", "field to sort by", SORTS),
        group: among("group", "grouping", GROUPS),
    }
}

fn calendar(row: &Table<'_>) -> Option<CalendarEntry> {
    let day = row.get("day").and_then(|day| day.day());
    let what = row.get("what").and_then(|what| what.name());
    Some(CalendarEntry { tickers: row.texts("tickers"), day: day?, what: what?.to_owned() })
}

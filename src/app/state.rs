//! Everything the screen knows.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::alerts::Desk;
use super::deals::{Grouping, Shown, Sort};
use super::economics::{Economics, Knobs};
use super::figures::{FigureRow, Subject};
use super::filter::Filter;
use super::key::Key;
use super::keymap::Keymap;
use super::msg::Wait;
use super::nav::{Cursor, List, Pages, Pane, Screen, Tab};
use super::own::Undo;
use super::prompt::{Ask, Prompt};
use super::world::World;
use crate::config::settings::{Settings, View};
use crate::domain::time::{Day, Timestamp};
use crate::ledger::page::DealPage;

/// What a frame tells the state: sizes that page moves go by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Where a prompt has the terminal's cursor.
    pub cursor: Option<(u16, u16)>,
    /// What was shown of each list.
    pub pages: Pages,
    /// A label on the screen changes with the minute.
    pub minutes: bool,
    /// Where rows can be clicked.
    pub rows: Vec<Hit>,
}

/// A row that can be clicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Left and top.
    pub at: (u16, u16),
    /// Columns that it covers.
    pub width: u16,
    /// The list.
    pub list: List,
    /// Its place in the list.
    pub place: usize,
}

impl Hit {
    /// Whether a column and a row of the screen lie on it.
    fn covers(&self, x: u16, y: u16) -> bool {
        y == self.at.1 && (self.at.0..self.at.0.saturating_add(self.width)).contains(&x)
    }
}

/// How serious a toast is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastKind {
    /// It worked.
    Good,
    /// It did not.
    Bad,
}

/// A short message that goes away by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// How serious.
    pub kind: ToastKind,
    /// One line.
    pub text: String,
    /// How many came before it.
    pub number: u64,
}

/// How long a message stays.
const TOAST: Duration = Duration::from_secs(5);

/// What settings decide.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Saved views.
    pub views: Vec<View>,
    /// Whose roll-up stands at the top; empty for all.
    pub buyer: String,
    /// Names of the themes, in order.
    pub themes: Vec<String>,
    /// The theme in use.
    pub theme: String,
    /// How long kiosk mode stays on a deal.
    pub kiosk: Duration,
    /// How long a half-typed sequence waits for its rest.
    pub key_wait: Duration,
    /// The mouse is listened to.
    pub mouse: bool,
    /// The window's title tells of alerts.
    pub title: bool,
}

/// Everything the screen knows.
#[derive(Clone, Debug)]
pub struct State {
    /// What keys do.
    pub keymap: Keymap,
    /// What comes from outside.
    pub world: World,
    /// What settings decide.
    pub options: Options,
    /// Where the user is.
    pub screen: Screen,
    /// Where the user came from, oldest first.
    pub(super) trail: Vec<Screen>,
    /// The pane of the board that has the focus.
    pub pane: Pane,
    /// The focused pane has the whole screen.
    pub zoomed: bool,
    /// How the board is shown.
    pub shown: Shown,
    /// The deal that is drilled into.
    pub deal: Option<String>,
    /// Everything about that deal, once it has been worked out.
    pub page: Option<Arc<DealPage>>,
    /// Whose figures were asked for last.
    pub(super) figures_of: Option<Subject>,
    /// Those figures, with the words behind each.
    pub figures: Vec<FigureRow>,
    /// The day that the board shows, if it is not today.
    pub as_of: Option<Day>,
    pub(super) cursors: BTreeMap<List, Cursor>,
    /// Marked rows of each list.
    pub(super) marks: BTreeMap<List, std::collections::BTreeSet<String>>,
    /// What the last frame showed.
    pub pages: Pages,
    pub(super) minutes: bool,
    pub(super) hits: Vec<Hit>,
    /// The prompt, if one is open.
    pub prompt: Option<Prompt>,
    pub(super) history: BTreeMap<Ask, Vec<String>>,
    pub(super) searched: String,
    /// Keys of a sequence that is not complete.
    pub pending: Vec<Key>,
    /// The message at the bottom.
    pub toast: Option<Toast>,
    /// Whether the terminal has the focus.
    pub focused: bool,
    /// The assumptions of the margin lever.
    pub economics: Arc<Economics>,
    /// Where the user has moved them to.
    pub knobs: Knobs,
    /// Alerts.
    pub desk: Desk,
    pub(super) undo: Vec<Undo>,
    /// Lines of the wire up to here have been shown at its top.
    pub(super) wire_seen: Option<String>,
    /// How many deals kiosk mode has gone through, while it is on.
    pub(super) kiosk: Option<u64>,
    /// Keys and messages so far: a wait that begins anew has another number.
    pub(super) typed: u64,
    pub(super) said: u64,
    /// The day that was last asked for because midnight passed.
    pub(super) asked_for: Option<Day>,
    /// Requests for boards and pages so far: an older answer is not taken.
    pub(super) ticket: u64,
}

impl State {
    /// A state that has seen nothing yet.
    pub fn new(
        keymap: Keymap,
        settings: &Settings,
        themes: Vec<String>,
        economics: Arc<Economics>,
        desk: Desk,
    ) -> Self {
        let shown = Shown {
            filter: Filter::default(),
            sort: Sort::named(&settings.board.sort).unwrap_or_default(),
            reversed: false,
            group: Grouping::named(&settings.board.group).unwrap_or_default(),
        };
        let world =
            World { dates: settings.calendar.clone(), offline: settings.poll.offline, ..World::default() };
        Self {
            keymap,
            world,
            options: Options {
                views: settings.views.clone(),
                buyer: settings.board.buyer.clone(),
                themes,
                theme: settings.ui.theme.clone(),
                kiosk: settings.ui.kiosk.max(Duration::from_secs(2)),
                key_wait: settings.ui.key_wait,
                mouse: settings.ui.mouse,
                title: settings.ui.title,
            },
            screen: Screen::Board,
            trail: Vec::new(),
            pane: Pane::Deals,
            zoomed: false,
            shown,
            deal: None,
            page: None,
            figures_of: None,
            figures: Vec::new(),
            as_of: None,
            cursors: BTreeMap::new(),
            marks: BTreeMap::new(),
            pages: Pages::default(),
            minutes: false,
            hits: Vec::new(),
            prompt: None,
            history: BTreeMap::new(),
            searched: String::new(),
            pending: Vec::new(),
            toast: None,
            focused: true,
            economics,
            knobs: Knobs::default(),
            desk,
            undo: Vec::new(),
            wire_seen: None,
            kiosk: None,
            typed: 0,
            said: 0,
            asked_for: None,
            ticket: 0,
        }
    }

    /// What the last frame showed at a column and a row of the screen.
    pub(super) fn hit(&self, x: u16, y: u16) -> Option<Hit> {
        self.hits.iter().find(|hit| hit.covers(x, y)).copied()
    }

    /// Takes what a frame reported.
    pub fn drawn(&mut self, report: Report) {
        self.pages = report.pages;
        self.minutes = report.minutes;
        self.hits = report.rows;
    }

    /// When something visible changes by the board's time alone; `None` while nothing does.
    pub fn next_wake(&self, now: Timestamp) -> Option<Timestamp> {
        // A board on a second monitor has no focus and is read all the same.
        let minute = self.minutes.then(|| Timestamp((now.0.div_euclid(60) + 1) * 60));
        let midnight = Some(now.day().plus(1).start());
        [minute, midnight].into_iter().flatten().min()
    }

    /// The waits that are under way, each with a number that another of its kind does not have, and its
    /// length.
    pub fn waits(&self) -> impl Iterator<Item = (Wait, u64, Duration)> {
        let sequence =
            (!self.pending.is_empty()).then_some((Wait::Sequence, self.typed, self.options.key_wait));
        let toast = self.toast.as_ref().map(|toast| (Wait::Toast, toast.number, TOAST));
        let kiosk = self.kiosk.map(|turn| (Wait::Kiosk, turn, self.options.kiosk));
        [sequence, toast, kiosk].into_iter().flatten()
    }

    /// The title of the window, where one is wanted: the program's name, and how many alerts wait.
    pub fn window_title(&self) -> Option<String> {
        let waiting = self.desk.open(&self.world.own).count();
        self.options.title.then(|| match waiting {
            0 => "gigawatch".to_owned(),
            waiting => format!("gigawatch {waiting}!"),
        })
    }

    /// The list that moves now.
    pub fn list(&self) -> List {
        self.screen.list(self.pane)
    }

    /// What is searched for; empty for nothing.
    pub fn searched(&self) -> &str {
        &self.searched
    }

    /// Whether kiosk mode is on.
    pub fn is_kiosk(&self) -> bool {
        self.kiosk.is_some()
    }

    /// The place of a list's cursor among its rows as they are now.
    pub fn place<K: AsRef<str>>(&self, list: List, keys: &[K]) -> usize {
        self.cursors.get(&list).map_or(0, |cursor| cursor.place(keys))
    }

    /// The place of a list's cursor. Of the lists that grow long no key is copied for it.
    pub fn cursor(&self, list: List) -> usize {
        match list {
            List::Wire => self.place(list, self.wire_rows()),
            List::Claims | List::Evidence => {
                let claims = self.page.iter().flat_map(|page| &page.claims);
                let ids: Vec<&str> = claims.map(|view| view.claim.id.as_str()).collect();
                self.place(list, &ids)
            }
            _ => self.place(list, &self.keys(list)),
        }
    }

    /// Whether a row is marked.
    pub fn is_marked(&self, list: List, key: &str) -> bool {
        self.marks.get(&list).is_some_and(|marks| marks.contains(key))
    }

    /// The tab of the deal that is drilled into.
    pub fn tab(&self) -> Option<Tab> {
        match self.screen {
            Screen::Deal(tab) => Some(tab),
            _ => None,
        }
    }

    /// The deal that commands act on: the one drilled into, else the one under the cursor.
    pub fn subject(&self) -> Option<String> {
        match self.screen {
            Screen::Deal(_) => self.deal.clone(),
            Screen::Figures => match &self.figures_of {
                Some(Subject::Deal(slug)) => Some(slug.clone()),
                _ => None,
            },
            Screen::Board if self.pane == Pane::Wire => {
                let row = self.wire_rows().get(self.cursor(List::Wire))?;
                self.world.deal(&row.subject).map(|deal| deal.deal.slug.0.clone())
            }
            _ => self.selected_deal(),
        }
    }

    /// The deal under the board's cursor.
    pub fn selected_deal(&self) -> Option<String> {
        let keys = self.keys(List::Deals);
        keys.get(self.place(List::Deals, &keys)).cloned()
    }

    /// The lines of the wire that are shown: those above the top that was left wait, and on another day
    /// those that were not known yet are not there.
    pub fn wire_rows(&self) -> &[super::wire::WireRow] {
        let wire = &self.world.wire;
        let Some(day) = self.as_of else { return wire.get(self.wire_waiting()..).unwrap_or_default() };
        match &self.world.wire_then {
            Some((then, wire)) if *then == day => wire,
            _ => wire.get(wire.partition_point(|row| row.day > day)..).unwrap_or_default(),
        }
    }

    /// Lines of the wire that came in above the top while the user was further down.
    pub fn wire_waiting(&self) -> usize {
        let Some(seen) = &self.wire_seen else { return 0 };
        self.world.wire.iter().position(|row| row.key == *seen).unwrap_or(0)
    }

    /// The moment after which things are new: the last look, as far as it is known.
    pub fn last_look(&self) -> Option<Timestamp> {
        self.world.last_look
    }
}

//! Where the user is: screens, panes, tabs, and one cursor a list that follows a row by its identity.

use std::collections::BTreeMap;

use super::keymap::Layer;

/// A whole screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Deals, wire and preview.
    Board,
    /// One deal.
    Deal(Tab),
    /// The figures of a deal or of a line of the wire, with the words behind each.
    Figures,
    /// Every feed.
    Sources,
    /// Buyer × silicon vendor.
    Matrix,
    /// What is due when.
    Calendar,
    /// Alerts and their rules.
    Alerts,
    /// What the program did.
    Log,
    /// Keys and commands.
    Help,
}

impl Screen {
    /// Its name in `show NAME`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Board => "board",
            Self::Deal(_) => "deal",
            Self::Figures => "figures",
            Self::Sources => "sources",
            Self::Matrix => "matrix",
            Self::Calendar => "calendar",
            Self::Alerts => "alerts",
            Self::Log => "log",
            Self::Help => "help",
        }
    }

    /// The screen of a name, as far as it needs no deal.
    pub fn named(name: &str) -> Option<Self> {
        Self::PLACES.into_iter().find(|screen| screen.name() == name)
    }

    /// The screens that `show` goes to.
    pub const PLACES: [Self; 7] =
        [Self::Board, Self::Sources, Self::Matrix, Self::Calendar, Self::Alerts, Self::Log, Self::Help];
}

/// A pane of the board.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pane {
    /// The deals.
    Deals,
    /// The wire.
    Wire,
}

/// A tab of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tab {
    /// Ladders and the ledger with its sum.
    Overview,
    /// What is claimed.
    Claims,
    /// What happened when.
    Timeline,
    /// The words.
    Evidence,
    /// Probability and share over time.
    Chart,
    /// The margin lever.
    Economics,
    /// Tickers and holdings.
    Exposure,
}

impl Tab {
    /// In order of their numbers.
    pub const ALL: [Self; 7] = [
        Self::Overview,
        Self::Claims,
        Self::Timeline,
        Self::Evidence,
        Self::Chart,
        Self::Economics,
        Self::Exposure,
    ];

    /// As shown.
    pub fn title(self) -> &'static str {
        match self {
            Self::Overview => "Overview",
            Self::Claims => "Claims",
            Self::Timeline => "Timeline",
            Self::Evidence => "Evidence",
            Self::Chart => "Chart",
            Self::Economics => "Economics",
            Self::Exposure => "Exposure",
        }
    }

    /// Its name in `show NAME`: the title without capitals.
    pub fn name(self) -> String {
        self.title().to_lowercase()
    }

    /// The tab of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tab| tab.title().eq_ignore_ascii_case(name))
    }

    /// The tab `by` places on, going round.
    #[must_use]
    pub fn shifted(self, by: isize) -> Self {
        let count = Self::ALL.len() as isize;
        Self::ALL[(self as isize + by).rem_euclid(count) as usize]
    }
}

/// A list of rows with a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum List {
    /// Deals of the board.
    Deals,
    /// Signals of the wire.
    Wire,
    /// Lines of the overview.
    Overview,
    /// Claims of a deal.
    Claims,
    /// Changes of a deal.
    Timeline,
    /// Evidence of a deal.
    Evidence,
    /// Lines of the chart.
    Chart,
    /// Assumptions of the economics.
    Economics,
    /// Tickers.
    Exposure,
    /// Figures and the words behind them.
    Figures,
    /// Feeds.
    Sources,
    /// Rows of the matrix.
    Matrix,
    /// Dates.
    Calendar,
    /// Alerts.
    Alerts,
    /// Log lines.
    Log,
    /// Help lines.
    Help,
}

impl Screen {
    /// The list that moves here.
    pub fn list(&self, pane: Pane) -> List {
        match self {
            Self::Board => match pane {
                Pane::Deals => List::Deals,
                Pane::Wire => List::Wire,
            },
            Self::Deal(tab) => match tab {
                Tab::Overview => List::Overview,
                Tab::Claims => List::Claims,
                Tab::Timeline => List::Timeline,
                Tab::Evidence => List::Evidence,
                Tab::Chart => List::Chart,
                Tab::Economics => List::Economics,
                Tab::Exposure => List::Exposure,
            },
            Self::Figures => List::Figures,
            Self::Sources => List::Sources,
            Self::Matrix => List::Matrix,
            Self::Calendar => List::Calendar,
            Self::Alerts => List::Alerts,
            Self::Log => List::Log,
            Self::Help => List::Help,
        }
    }

    /// The keymap's layer here.
    pub fn layer(&self, pane: Pane) -> Layer {
        match self {
            Self::Board if pane == Pane::Wire => Layer::Wire,
            Self::Board => Layer::Deals,
            Self::Deal(Tab::Economics) => Layer::Economics,
            Self::Deal(_) => Layer::Drill,
            Self::Alerts => Layer::Alerts,
            Self::Figures | Self::Sources | Self::Matrix | Self::Calendar | Self::Log | Self::Help => {
                Layer::List
            }
        }
    }
}

/// A cursor that stays on its row when others come and go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursor {
    /// Identity of the row; `None` before the first move: then the first row is meant.
    pub key: Option<String>,
    /// Where the row last stood, for when it disappears.
    pub index: usize,
}

impl Cursor {
    /// The place of the cursor among the rows as they are now; 0 when there are none.
    pub fn place<K: AsRef<str>>(&self, keys: &[K]) -> usize {
        self.key.as_deref().and_then(|key| keys.iter().position(|row| row.as_ref() == key)).unwrap_or_else(
            || if self.key.is_some() { self.index.min(keys.len().saturating_sub(1)) } else { 0 },
        )
    }

    /// Puts the cursor on the row at `index`, or the last one before it.
    pub fn put<K: AsRef<str>>(&mut self, keys: &[K], index: usize) {
        self.index = index.min(keys.len().saturating_sub(1));
        self.key = keys.get(self.index).map(|key| key.as_ref().to_owned());
    }

    /// Moves by rows; stops at the ends.
    pub fn step<K: AsRef<str>>(&mut self, keys: &[K], by: isize) {
        self.put(keys, self.place(keys).saturating_add_signed(by));
    }
}

/// What the last frame showed of each list: the first row and how many had room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pages {
    pages: BTreeMap<List, Page>,
}

/// What a frame showed of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The first row shown.
    pub top: usize,
    /// Rows that had room.
    pub height: usize,
}

impl Pages {
    /// Notes a list as drawn.
    pub fn note(&mut self, list: List, page: Page) {
        self.pages.insert(list, page);
    }

    /// A list as last drawn.
    pub fn of(&self, list: List) -> Page {
        self.pages.get(&list).copied().unwrap_or_default()
    }

    /// The first row to show so that `index` is visible and as little moves as possible.
    pub fn top(&self, list: List, index: usize, count: usize, height: usize) -> usize {
        let before = self.of(list).top;
        let lowest = count.saturating_sub(height);
        if height == 0 {
            return 0;
        }
        before.clamp((index + 1).saturating_sub(height), index).min(lowest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cursor_follows_its_row() {
        let mut cursor = Cursor::default();
        cursor.step(&["a", "b", "c"], 1);
        assert_eq!(cursor.place(&["new", "a", "b", "c"]), 2);
        assert_eq!(cursor.place(&["a", "c"]), 1, "its neighbour when it is gone");
        assert_eq!(cursor.place::<&str>(&[]), 0);
    }

    #[test]
    fn an_untouched_cursor_stays_on_the_first_row() {
        assert_eq!(Cursor::default().place(&["new", "a"]), 0);
    }

    proptest! {
        #[test]
        fn the_row_under_the_cursor_is_always_in_the_window(
            top in 0usize..50, index in 0usize..40, more in 1usize..40, height in 1usize..30,
        ) {
            let count = index + more;
            let mut pages = Pages::default();
            pages.note(List::Wire, Page { top, height });
            let top = pages.top(List::Wire, index, count, height);
            prop_assert!(top <= index && index < top + height, "{top} {index} {height}");
            prop_assert!(top == 0 || top + height <= count);
        }
    }
}

//! The one table of what a person can do. Keys, the palette, the footer, the help and the printed key
//! list are all made from it.

use std::fmt;

/// Where a command belongs in the help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Moving about.
    Move,
    /// Going to a screen or a tab.
    Go,
    /// Choosing what is shown.
    View,
    /// Time travel.
    Time,
    /// Working on a deal, a claim or an alert.
    Act,
    /// The program.
    Program,
}

impl Group {
    /// All groups in the order of the help.
    pub const ALL: [Self; 6] = [Self::Move, Self::Go, Self::View, Self::Time, Self::Act, Self::Program];

    /// Heading in the help.
    pub fn title(self) -> &'static str {
        match self {
            Self::Move => "Move",
            Self::Go => "Go to",
            Self::View => "What is shown",
            Self::Time => "Time travel",
            Self::Act => "Deals, claims, alerts",
            Self::Program => "Program",
        }
    }
}

macro_rules! commands {
    ($($variant:ident, $name:literal, $argument:literal, $group:ident, $hint:literal, $about:literal;)*) => {
        /// Something that a person can do.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Command { $(#[doc = $about] $variant,)* }

        impl Command {
            /// Every command, in the order of the help.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The row of the table.
            pub fn spec(self) -> Spec {
                match self {
                    $(Self::$variant => Spec {
                        name: $name, argument: $argument, group: Group::$group, hint: $hint, about: $about,
                    },)*
                }
            }
        }
    };
}

/// What the table says about a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// Name in `keys.toml` and in the palette.
    pub name: &'static str,
    /// What may follow the name, empty where nothing may.
    pub argument: &'static str,
    /// Where it stands in the help.
    pub group: Group,
    /// One or two words for the footer.
    pub hint: &'static str,
    /// One sentence for the help.
    pub about: &'static str,
}

// variant, name, argument, group, footer hint, help
commands! {
    Down, "down", "", Move, "down", "Move down";
    Up, "up", "", Move, "up", "Move up";
    Left, "left", "", Move, "out", "Go out, or turn the value under the cursor down";
    Right, "right", "", Move, "in", "Go in, or turn the value under the cursor up";
    Top, "top", "", Move, "top", "Go to the first row";
    Bottom, "bottom", "", Move, "bottom", "Go to the last row";
    HalfDown, "half-page-down", "", Move, "half down", "Half a page down";
    HalfUp, "half-page-up", "", Move, "half up", "Half a page up";
    PageDown, "page-down", "", Move, "page down", "A page down";
    PageUp, "page-up", "", Move, "page up", "A page up";
    NextPane, "next-pane", "", Move, "pane", "Next pane, or next tab of a deal";
    PreviousPane, "previous-pane", "", Move, "pane back", "Previous pane, or previous tab of a deal";
    NextNew, "next-new", "", Move, "next new", "Next deal with something new";
    PreviousNew, "previous-new", "", Move, "last new", "Previous deal with something new";
    NextDeal, "next-deal", "", Move, "next deal", "Next deal";
    PreviousDeal, "previous-deal", "", Move, "last deal", "Previous deal";
    Open, "open", "", Go, "open", "Drill into the row under the cursor";
    Back, "back", "", Go, "back", "Close or go back; never quits";
    Number, "number", "1-9", Go, "deal", "Deal N of the board, or tab N of a deal";
    Deal, "deal", "SLUG", Go, "deal", "Open a deal by its name";
    Figures, "figures", "", Go, "figures", "Where the numbers come from: every figure of the deal, the roll-up or the line of the wire, with the words behind it";
    Show, "show", "SCREEN", Go, "show", "Go to a screen (board sources matrix calendar alerts log help) or to a tab of the deal (overview claims timeline evidence chart economics exposure)";
    Search, "search", "[TEXT]", View, "search", "Find text in the rows shown";
    SearchNext, "search-next", "", View, "next", "Next match";
    SearchPrevious, "search-previous", "", View, "last", "Previous match";
    Filter, "filter", "[QUERY]", View, "filter", "Show only deals that fit, e.g. buyer:openai stage<3 gw>=5 new:yes";
    ClearFilter, "clear-filter", "", View, "clear", "Show every deal again";
    Sort, "sort", "[FIELD]", View, "sort", "Sort deals: catalog activity size share gap due new name";
    ReverseSort, "reverse-sort", "", View, "reverse", "Turn the order round";
    Group, "group", "[FIELD]", View, "group", "Group deals by buyer, vendor or class";
    Zoom, "zoom", "", View, "zoom", "Give the focused pane the whole screen";
    View, "view", "NAME", View, "view", "Recall a saved view, or the next one";
    SaveView, "save-view", "NAME", View, "save view", "Save filter, sort and group under a name";
    Theme, "theme", "[NAME]", View, "theme", "Choose a theme, or the next one";
    AsOf, "as-of", "[DATE]", Time, "as of", "Show the board as it stood at the end of a day";
    Live, "live", "", Time, "live", "Return to now";
    EarlierChange, "earlier-change", "", Time, "earlier", "Step to the change before";
    LaterChange, "later-change", "", Time, "later", "Step to the change after";
    Mark, "mark", "", Act, "mark", "Mark the row, or take its mark off";
    Pin, "pin", "", Act, "pin", "Keep the deal at the top of the board, or no longer";
    Hold, "hold", "LEG [at-least|at-most|exactly] RUNG [until DATE] [NOTE]", Act, "hold rung", "Hold a leg's rung by your own judgement, e.g. hold custom at-least deployed until 2027-01-31; `hold custom off` ends it";
    Read, "read", "[all]", Act, "read", "Set what is new on the deal to seen; on the board with `read all`: everything";
    Note, "note", "[TEXT]", Act, "note", "Write a note on the deal; an empty one removes it";
    Acknowledge, "acknowledge", "[all]", Act, "ack", "Acknowledge the alert; with `acknowledge all` every one that waits";
    Mute, "mute", "[TIME]", Act, "mute", "Mute alerts of the deal for a time such as 1h, 3d";
    Undo, "undo", "", Act, "undo", "Undo the last pin, hold, note, read, acknowledge or mute";
    OpenLink, "open-link", "", Act, "open link", "Open the source in the browser (http and https only)";
    PickLink, "pick-link", "[N]", Act, "pick link", "Choose one of the sources shown by its number";
    Copy, "copy", "", Act, "copy", "Copy the row: words and link";
    Refresh, "refresh", "", Act, "refresh", "Poll now: the feed under the cursor, or all";
    RefreshAll, "refresh-all", "", Act, "refresh all", "Poll every feed now";
    Pipe, "pipe", "COMMAND", Act, "pipe", "Hand the marked rows, or the row, to a command's standard input; what it prints is in the log";
    Export, "export", "[FILE]", Act, "export", "Write what is shown to a Markdown file";
    Palette, "palette", "", Program, "command", "Type a command, with completion";
    Help, "help", "", Program, "help", "Every key and command; / searches them";
    Kiosk, "kiosk", "", Program, "kiosk", "Cycle through the deals without hands; any key ends it";
    Reset, "reset", "", View, "reset", "Put the levers of the economics back where the configuration and the deal have them";
    Mouse, "mouse", "", Program, "mouse", "Listen to the mouse, or leave it to the terminal";
    Redraw, "redraw", "", Program, "redraw", "Draw the whole screen again";
    Suspend, "suspend", "", Program, "suspend", "Stop to the shell; fg returns";
    Leave, "leave", "", Program, "back/quit", "Go back; at the board, quit";
    Quit, "quit", "", Program, "quit", "Quit from anywhere";
}

impl Command {
    /// The command of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|command| command.spec().name == name)
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.spec().name)
    }
}

/// A command with its argument: what a key or the palette produces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Call {
    /// The command.
    pub command: Command,
    /// What was given with it; empty for none.
    pub argument: String,
}

/// Why a text is no call.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadCall {
    /// No such command.
    #[error("no command `{name}`{}", .near.map(|near| format!(", did you mean `{near}`?")).unwrap_or_default())]
    Unknown {
        /// The name as given.
        name: String,
        /// The nearest known name.
        near: Option<&'static str>,
    },
    /// An argument to a command that takes none.
    #[error("`{0}` takes no argument")]
    NoArgument(Command),
}

impl Call {
    /// A command without argument.
    pub fn of(command: Command) -> Self {
        Self { command, argument: String::new() }
    }

    /// Reads `name` or `name argument`.
    pub fn parse(text: &str) -> Result<Self, BadCall> {
        let text = text.trim();
        let (name, argument) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let Some(command) = Command::named(name) else {
            let near = Command::ALL
                .iter()
                .map(|command| command.spec().name)
                .min_by_key(|known| strsim::damerau_levenshtein(known, name))
                .filter(|known| strsim::damerau_levenshtein(known, name) <= 3);
            return Err(BadCall::Unknown { name: name.chars().take(40).collect(), near });
        };
        let argument = argument.trim();
        if command.spec().argument.is_empty() && !argument.is_empty() {
            return Err(BadCall::NoArgument(command));
        }
        Ok(Self { command, argument: argument.to_owned() })
    }
}

impl From<Command> for Call {
    fn from(command: Command) -> Self {
        Self::of(command)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.argument.is_empty() {
            write!(f, "{}", self.command)
        } else {
            write!(f, "{} {}", self.command, self.argument)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_read_back() {
        let mut names: Vec<_> = Command::ALL.iter().map(|command| command.spec().name).collect();
        for command in Command::ALL {
            assert_eq!(Command::named(command.spec().name), Some(*command));
        }
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Command::ALL.len());
    }

    #[test]
    fn a_wrong_name_gets_the_nearest_one() {
        let error = Call::parse("fliter buyer:openai").unwrap_err();
        assert_eq!(error.to_string(), "no command `fliter`, did you mean `filter`?");
        assert_eq!(Call::parse("quit now").unwrap_err(), BadCall::NoArgument(Command::Quit));
        assert_eq!(Call::parse(" as-of  2026-02-27 ").unwrap().argument, "2026-02-27");
    }
}

//! The help: every command with its keys, from the command table and the keymap.

use super::State;
use super::command::{Command, Group};
use super::keymap::Layer;

/// A line of the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HelpRow {
    /// A group of commands.
    Group(Group),
    /// A command.
    Command {
        /// Which.
        command: Command,
        /// The keys that run it, each with its layer where it does not hold everywhere.
        keys: String,
    },
    /// A line of explanation.
    Text(&'static str),
    /// Nothing.
    Blank,
}

impl HelpRow {
    /// What is searched and copied.
    pub fn text(&self) -> String {
        match self {
            Self::Group(group) => group.title().to_owned(),
            Self::Command { command, keys } => {
                let spec = command.spec();
                format!("{keys} {} {} {}", spec.name, spec.argument, spec.about)
            }
            Self::Text(text) => (*text).to_owned(),
            Self::Blank => String::new(),
        }
    }
}

/// How to read the board, in a few lines.
const LEGEND: [&str; 10] = [
    "A deal's word says how far it has come: GPU TALKS, LOI, FIRM, LIVE are merchant GPUs alone;",
    "EXPLORING, ON PAPER, PROVING, CONVERTING, CONVERTED are steps onto custom silicon.",
    "A ladder has seven rungs: EXPLORING ANNOUNCED CONTRACTED PILOTING DEPLOYED SERVING AT-SCALE.",
    "CUSTOM 82% [78-84] is custom silicon's share of contracted capacity with its bounds; n/d: nobody says.",
    "SERVES is what is proven to serve; GAP is contracted and due, and not proven to serve: 80pt, or >2027",
    "where nothing is due before that year. A mark ! behind the word: read the flags first.",
    "A2: a letter for who speaks (A party or filing ... E unknown), a digit for how (1 confirmed, 2 stated,",
    "3 hedged, 4 speculative, 5 denied, 6 plan or opinion). x3: three independent informants.",
    "Every number goes back to words: open the deal, then Evidence.",
    "In a prompt: enter accepts, esc leaves, tab completes, up and down recall, ctrl-w and ctrl-u delete.",
];

impl State {
    /// The help, most useful first.
    pub fn help_rows(&self) -> Vec<HelpRow> {
        let mut rows = Vec::new();
        for group in Group::ALL {
            rows.push(HelpRow::Group(group));
            for command in Command::ALL.iter().filter(|command| command.spec().group == group) {
                rows.push(HelpRow::Command { command: *command, keys: self.keys_of(*command) });
            }
            rows.push(HelpRow::Blank);
        }
        rows.push(HelpRow::Text("How to read it"));
        rows.extend(LEGEND.map(HelpRow::Text));
        rows
    }

    /// The keys of a command as the help shows them: `j, down`, `a (alerts)`, `g s (sources)`.
    pub fn keys_of(&self, command: Command) -> String {
        let mut shown: Vec<String> = Vec::new();
        let places = self.keymap.places(command);
        // Nine numbers in a row say nothing that the first and the last do not.
        if command == Command::Number && places.len() > 3 {
            let keys: Vec<&String> = places.iter().map(|(_, keys, _)| keys).collect();
            if let (Some(first), Some(last)) =
                (keys.iter().min_by_key(|k| k.len()), keys.iter().filter(|k| k.len() == 1).max())
            {
                return format!("{first}..{last}");
            }
        }
        for (layer, keys, argument) in places {
            let place = match (argument, layer) {
                ("", Layer::Global) => String::new(),
                ("", layer) => format!(" ({layer})"),
                (argument, _) => format!(" ({argument})"),
            };
            let text = format!("{keys}{place}");
            if !shown.contains(&text) {
                shown.push(text);
            }
        }
        shown.join(", ")
    }
}

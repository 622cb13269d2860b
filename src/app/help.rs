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
    /// A heading that is no group of commands.
    Heading(String),
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
            Self::Heading(text) => text.clone(),
            Self::Text(text) => (*text).to_owned(),
            Self::Blank => String::new(),
        }
    }
}

/// How to read the board. Lines are short enough for 80 columns.
const LEGEND: [&str; 44] = [
    "STATUS  how far a deal has come. Merchant GPUs alone: GPU TALKS, LOI, FIRM,",
    "        LIVE. Onto custom silicon: EXPLORING, ON PAPER, PROVING, CONVERTING,",
    "        CONVERTED. SERVING: in production, with no GPUs to convert. FADED:",
    "        talks that ran out. Behind it an arrow: the way it went in a quarter;",
    "        doubled if it went far. And ! where a flag speaks against the word.",
    "GPU     a ladder of seven rungs for each leg: EXPLORING ANNOUNCED CONTRACTED",
    "CUSTOM  PILOTING DEPLOYED SERVING AT-SCALE. o behind it: other silicon than",
    "        GPU and custom (Cerebras, Groq); it is in no ratio.",
    "SHARE   custom of contracted MW, with bounds: 82% [78-84].",
    "SERVES  what is proven to serve; < is an upper bound that nobody has proven.",
    "GAP     contracted and due, and not proven to serve: 80pt. >2027: nothing is",
    "        due before that year.",
    "n/d     nobody says. It is never a nought.",
    "12.0+   in the roll-up and in totals of groups: this much and more, by deals",
    "        that nobody has sized.",
    "SIGNS   behind a deal's name: ^ pinned, w with a note, m muted, and the mark",
    "        that space sets.",
    "P       in the wire: priority 0 to 100, from how much it matters (35), how",
    "        new it is (30), who says it (20) and how near it is to the deal (15).",
    "        Elsewhere P .96 is the probability that a rung is reached: shown from",
    "        .65 and lost below .45.",
    "SRC     A2: a letter for who speaks, a digit for how. A filing or party, B a",
    "        party's executive elsewhere or a court, C newsroom, D trade press or",
    "        analyst, E unknown. 1 confirmed, 2 stated, 3 hedged, 4 speculative,",
    "        5 denied, 6 plan or opinion.",
    "A*2 +3  in the wire (with a times sign): best letter, two independent",
    "        informants, three repeats folded in. A dot: the ledger's own finding,",
    "        such as a missed date or a conflict; nobody had to say it.",
    "HIGH    how sure: HIGH from P .90 with a party on record, MED .70, else LOW.",
    "Flags   CONDITIONAL hangs on a condition; LAB samples only; LAPSED the intent",
    "        ran out; REDUCED less than agreed; RESOLD the provider sells the",
    "        buyer's models; UNFUNDED money is missing; VENDOR-FUNDED the vendor",
    "        pays its customer; STALE silent for 100 days; OVERDUE a date passed;",
    "        CONFLICT sources disagree on a figure; CONTESTED words stand on both",
    "        sides; PROVISIONAL held by one word; REPORTED by newsrooms alone; PIN",
    "        held by you.",
    "State   of a claim: counts, it is in a sum; held, known and in none; retold,",
    "        a copy that weighs nothing; superseded by newer words; CONFLICT.",
    "MATRIX  2.0/1.0: GW announced and contracted; a dot: no leg.",
    "Every number goes back to words: open the deal, then Evidence. There `catalog",
    "says` is this program's own summary of a source; words in quotes are the",
    "outlet's, and what was read in them is highlighted.",
    "In a prompt: enter accepts, esc leaves, tab completes, up and down recall,",
    "ctrl-w and ctrl-u delete.",
];

impl State {
    /// The help: what the keys do where one was, how to read the board, then everything.
    pub fn help_rows(&self) -> Vec<HelpRow> {
        let mut rows = Vec::new();
        let here = self.trail.last().map(|screen| screen.layer(self.pane));
        let layers = here.map_or(&[][..], Layer::stack);
        let special = |command: Command| {
            let places = self.keymap.places(command);
            // The letters of deals are not what one looks for here.
            command != Command::Number
                && places.iter().any(|(layer, ..)| *layer != Layer::Global && layers.contains(layer))
        };
        let row = |command: &Command| HelpRow::Command { command: *command, keys: self.keys_of(*command) };
        let here_row = |command: &Command| HelpRow::Command {
            command: *command,
            keys: here.and_then(|here| self.keymap.hint(here, *command)).unwrap_or_default(),
        };
        let mut keys_here = Command::ALL.iter().filter(|command| special(**command)).map(here_row).peekable();
        if let Some(here) = here.filter(|_| keys_here.peek().is_some()) {
            rows.push(HelpRow::Heading(format!("Keys here ({here}); below: how to read it, every key")));
            rows.extend(keys_here);
            rows.push(HelpRow::Blank);
        }
        rows.push(HelpRow::Heading("How to read it: legend".to_owned()));
        rows.extend(LEGEND.map(HelpRow::Text));
        for group in Group::ALL {
            rows.push(HelpRow::Blank);
            rows.push(HelpRow::Group(group));
            rows.extend(Command::ALL.iter().filter(|command| command.spec().group == group).map(row));
        }
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
                let letters = keys.iter().filter(|k| k.len() > 1);
                let letters = match (letters.clone().min(), letters.max()) {
                    (Some(first), Some(last)) => format!(", {first}..{last}"),
                    _ => String::new(),
                };
                return format!("{first}..{last}{letters}");
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::Bench;

    #[test]
    fn help_begins_with_the_keys_of_where_one_was_and_the_legend() {
        let mut bench = Bench::new();
        bench.press("?");
        let rows = bench.state.help_rows();
        assert_eq!(rows[0].text(), "Keys here (deals); below: how to read it, every key");
        let legend = rows.iter().position(|row| row.text().ends_with("legend")).unwrap();
        let first_group = rows.iter().position(|row| matches!(row, HelpRow::Group(_))).unwrap();
        assert!(legend < first_group);
        bench.press("esc 1 ?");
        assert!(bench.state.help_rows()[0].text().starts_with("Keys here (drill)"));
    }

    #[test]
    fn every_line_of_the_legend_fits_80_columns() {
        for line in LEGEND {
            assert!(line.chars().count() <= 77, "{line}");
        }
    }

    #[test]
    fn the_keys_of_the_deals_are_two_ranges() {
        assert_eq!(Bench::new().state.keys_of(Command::Number), "1..9, ' a..' z");
    }
}

//! From bindings to calls: layers, sequences, conflicts, and the candidates after a first key.

use std::collections::BTreeMap;
use std::fmt;

use super::command::{BadCall, Call, Command};
use super::key::{self, BadKey, Code, Key};

/// Where a binding holds. A more specific layer is asked before a more general one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Everywhere.
    Global,
    /// The board, whichever pane has the focus.
    Board,
    /// The DEALS pane.
    Deals,
    /// The WIRE pane.
    Wire,
    /// A deal's tabs.
    Drill,
    /// The economics tab, whose arrows move the share.
    Economics,
    /// Sources, matrix, calendar, log and help.
    List,
    /// The alerts.
    Alerts,
}

impl Layer {
    /// Every layer.
    pub const ALL: [Self; 8] = [
        Self::Global,
        Self::Board,
        Self::Deals,
        Self::Wire,
        Self::Drill,
        Self::Economics,
        Self::List,
        Self::Alerts,
    ];

    /// Name of its table in `keys.toml`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Board => "board",
            Self::Deals => "deals",
            Self::Wire => "wire",
            Self::Drill => "drill",
            Self::Economics => "economics",
            Self::List => "list",
            Self::Alerts => "alerts",
        }
    }

    /// The layers that hold when this one has the focus, most specific first.
    pub fn stack(self) -> &'static [Self] {
        match self {
            Self::Global => &[Self::Global],
            Self::Board => &[Self::Board, Self::Global],
            Self::Deals => &[Self::Deals, Self::Board, Self::Global],
            Self::Wire => &[Self::Wire, Self::Board, Self::Global],
            Self::Drill => &[Self::Drill, Self::Global],
            Self::Economics => &[Self::Economics, Self::Drill, Self::Global],
            Self::List => &[Self::List, Self::Global],
            Self::Alerts => &[Self::Alerts, Self::List, Self::Global],
        }
    }

    /// The layer of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.name() == name)
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// One binding as written: `[layer] "keys" = "run"`. `run = "none"` takes a binding away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written<'a> {
    /// Name of the layer.
    pub layer: &'a str,
    /// Keys in notation.
    pub keys: &'a str,
    /// The call, or `none`.
    pub run: &'a str,
}

/// What is wrong with a binding.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// No such layer.
    #[error("no layer `{0}` (layers: {list})", list = Layer::ALL.map(Layer::name).join(", "))]
    Layer(String),
    /// Keys that cannot be read.
    #[error(transparent)]
    Keys(#[from] BadKey),
    /// A call that cannot be read.
    #[error(transparent)]
    Call(#[from] BadCall),
    /// One binding begins with another, so one of them could never be typed.
    #[error(
        "`{longer}` ([{longer_layer}] {longer_run}) can never be typed: `{shorter}` runs [{shorter_layer}] {shorter_run} first; set one of them to \"none\""
    )]
    Prefix {
        /// The longer sequence.
        longer: String,
        /// Its layer.
        longer_layer: Layer,
        /// What it would run.
        longer_run: Call,
        /// The shorter sequence.
        shorter: String,
        /// Its layer.
        shorter_layer: Layer,
        /// What it runs.
        shorter_run: Call,
    },
    /// Terminals send the same for both.
    #[error("`{0}` arrives as `{1}` from most terminals: bind that one")]
    Unreachable(String, &'static str),
}

/// A problem, and which binding (by its place in the input) has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Place in the input.
    pub index: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What a key leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// A complete sequence.
    Call(Call),
    /// The beginning of sequences.
    Pending,
    /// Nothing.
    Unbound,
}

/// A key that may follow, and what it leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The rest of the sequence.
    pub keys: Vec<Key>,
    /// What it runs.
    pub call: Call,
}

/// A checked table of bindings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keymap {
    bindings: BTreeMap<(Layer, Vec<Key>), (Call, usize)>,
}

impl Keymap {
    /// Checks bindings and puts them in order. A later binding replaces an earlier one of the same
    /// layer and keys, so defaults come first. Returns every problem at once.
    pub fn compile<'a>(written: impl IntoIterator<Item = Written<'a>>) -> Result<Self, Vec<Conflict>> {
        let mut keymap = Self::default();
        let mut conflicts = Vec::new();
        for (index, binding) in written.into_iter().enumerate() {
            if let Err(problem) = keymap.add(index, binding) {
                conflicts.push(Conflict { index, problem });
            }
        }
        conflicts.extend(keymap.prefixes());
        if conflicts.is_empty() { Ok(keymap) } else { Err(conflicts) }
    }

    fn add(&mut self, index: usize, binding: Written<'_>) -> Result<(), Problem> {
        let layer = Layer::named(binding.layer).ok_or_else(|| Problem::Layer(binding.layer.to_owned()))?;
        let keys = key::sequence(binding.keys)?;
        for key in &keys {
            let same = match key.code {
                Code::Char('i') if key.ctrl => "tab",
                Code::Char('m') if key.ctrl => "enter",
                Code::Char('[') if key.ctrl => "esc",
                _ => continue,
            };
            return Err(Problem::Unreachable(key.to_string(), same));
        }
        if binding.run.trim() == "none" {
            self.bindings.remove(&(layer, keys));
        } else {
            self.bindings.insert((layer, keys), (Call::parse(binding.run)?, index));
        }
        Ok(())
    }

    /// Sequences that begin with another one that can hold at the same time.
    fn prefixes(&self) -> Vec<Conflict> {
        let mut found = Vec::new();
        for ((longer_layer, longer), (longer_run, longer_at)) in &self.bindings {
            for ((shorter_layer, shorter), (shorter_run, shorter_at)) in &self.bindings {
                let together = longer_layer.stack().contains(shorter_layer)
                    || shorter_layer.stack().contains(longer_layer);
                if together && shorter.len() < longer.len() && longer.starts_with(shorter) {
                    found.push(Conflict {
                        index: *longer_at.max(shorter_at),
                        problem: Problem::Prefix {
                            longer: key::print(longer),
                            longer_layer: *longer_layer,
                            longer_run: longer_run.clone(),
                            shorter: key::print(shorter),
                            shorter_layer: *shorter_layer,
                            shorter_run: shorter_run.clone(),
                        },
                    });
                }
            }
        }
        found
    }

    /// What the keys typed so far lead to with the focus on `layer`.
    pub fn resolve(&self, layer: Layer, keys: &[Key]) -> Resolved {
        for layer in layer.stack() {
            if let Some((call, _)) = self.bindings.get(&(*layer, keys.to_vec())) {
                return Resolved::Call(call.clone());
            }
        }
        if self.candidates(layer, keys).is_empty() { Resolved::Unbound } else { Resolved::Pending }
    }

    /// The sequences that begin with `keys`, each with its rest. A more specific layer hides the same
    /// sequence of a more general one.
    pub fn candidates(&self, layer: Layer, keys: &[Key]) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for layer in layer.stack() {
            for ((_, sequence), (call, _)) in self.of(*layer) {
                if sequence.len() > keys.len() && sequence.starts_with(keys) {
                    let rest = sequence.get(keys.len()..).unwrap_or_default().to_vec();
                    if !found.iter().any(|candidate| candidate.keys == rest) {
                        found.push(Candidate { keys: rest, call: call.clone() });
                    }
                }
            }
        }
        found
    }

    /// The bindings of one layer in the order of their keys.
    fn of(&self, layer: Layer) -> impl Iterator<Item = (&(Layer, Vec<Key>), &(Call, usize))> {
        self.bindings.iter().filter(move |((of, _), _)| *of == layer)
    }

    /// Every binding of a layer: keys and call.
    pub fn layer(&self, layer: Layer) -> impl Iterator<Item = (&[Key], &Call)> {
        self.of(layer).map(|((_, keys), (call, _))| (keys.as_slice(), call))
    }

    /// The shortest keys that run a command with the focus on `layer`, as printed; `None` if unbound.
    pub fn hint(&self, layer: Layer, command: Command) -> Option<String> {
        layer
            .stack()
            .iter()
            .flat_map(|layer| self.layer(*layer))
            .filter(|(keys, call)| {
                call.command == command
                    && matches!(self.resolve(layer, keys), Resolved::Call(found) if found == **call)
            })
            .map(|(keys, _)| keys)
            // A character says more in little room than the name of a key.
            .min_by_key(|keys| (keys.len(), key::print(keys).len()))
            .map(key::print)
    }

    /// Everywhere a command is bound: layer, keys, argument.
    pub fn places(&self, command: Command) -> Vec<(Layer, String, &str)> {
        self.bindings
            .iter()
            .filter(|(_, (call, _))| call.command == command)
            .map(|((layer, keys), (call, _))| (*layer, key::print(keys), call.argument.as_str()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written<'a>(rows: &'a [(&'a str, &'a str, &'a str)]) -> impl Iterator<Item = Written<'a>> {
        rows.iter().map(|(layer, keys, run)| Written { layer, keys, run })
    }

    fn keys(text: &str) -> Vec<Key> {
        key::sequence(text).unwrap()
    }

    #[test]
    fn a_specific_layer_wins_over_a_general_one() {
        let map = Keymap::compile(written(&[
            ("global", "h", "left"),
            ("economics", "h", "down"),
            ("global", "g g", "top"),
            ("global", "g s", "show sources"),
        ]))
        .unwrap();
        assert_eq!(map.resolve(Layer::Economics, &keys("h")), Resolved::Call(Command::Down.into()));
        assert_eq!(map.resolve(Layer::Drill, &keys("h")), Resolved::Call(Command::Left.into()));
        assert_eq!(map.resolve(Layer::Deals, &keys("g")), Resolved::Pending);
        assert_eq!(map.candidates(Layer::Deals, &keys("g")).len(), 2);
        assert_eq!(map.resolve(Layer::Deals, &keys("g x")), Resolved::Unbound);
        assert_eq!(map.hint(Layer::Deals, Command::Show).as_deref(), Some("g s"));
    }

    #[test]
    fn a_later_binding_replaces_and_none_takes_away() {
        let map = Keymap::compile(written(&[
            ("global", "x", "quit"),
            ("global", "x", "help"),
            ("global", "y", "copy"),
            ("global", "y", "none"),
        ]))
        .unwrap();
        assert_eq!(map.resolve(Layer::Global, &keys("x")), Resolved::Call(Command::Help.into()));
        assert_eq!(map.resolve(Layer::Global, &keys("y")), Resolved::Unbound);
    }

    #[test]
    fn every_problem_is_reported_with_its_place() {
        let conflicts = Keymap::compile(written(&[
            ("global", "g", "top"),
            ("deals", "g g", "bottom"),
            ("nowhere", "a", "top"),
            ("global", "hyper-a", "top"),
            ("global", "b", "tpo"),
            ("global", "ctrl-i", "help"),
        ]))
        .unwrap_err();
        let mut places: Vec<_> = conflicts.iter().map(|conflict| conflict.index).collect();
        places.sort_unstable();
        assert_eq!(places, [1, 2, 3, 4, 5]);
        let prefix = conflicts.iter().find(|conflict| conflict.index == 1).unwrap();
        assert!(prefix.problem.to_string().contains("`g g`"), "{}", prefix.problem);
    }

    proptest! {
        /// Whatever is bound, every key of every sequence leads on, and its last one runs it.
        #[test]
        fn a_compiled_sequence_can_be_typed(rows in proptest::collection::vec(("[a-d]( [a-d]){0,2}", 0usize..8), 1..12)) {
            let written: Vec<_> = rows.iter()
                .map(|(keys, layer)| Written { layer: Layer::ALL[*layer].name(), keys, run: "help" })
                .collect();
            if let Ok(map) = Keymap::compile(written) {
                for (text, layer) in &rows {
                    let typed = keys(text);
                    for end in 1..typed.len() {
                        prop_assert_eq!(map.resolve(Layer::ALL[*layer], &typed[..end]), Resolved::Pending);
                    }
                    prop_assert_eq!(map.resolve(Layer::ALL[*layer], &typed), Resolved::Call(Command::Help.into()));
                }
            }
        }
    }
}

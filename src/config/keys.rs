//! `keys.toml`: which keys run which commands. A user's binding replaces the built-in one of the same
//! layer and keys; `"none"` takes it away.

use std::collections::BTreeMap;

use super::Shared;
use super::diagnostic::Sink;
use super::reader::{Document, Field, Table, Value};
use crate::app::keymap::{Keymap, Layer, Problem, Written};

/// Layers of the file: one table each, of `"keys" = "command"`.
pub const FILE: &[Field] = &[
    Field::new("global", "table", "everywhere"),
    Field::new("board", "table", "the board, whichever pane has the focus"),
    Field::new("deals", "table", "the DEALS pane"),
    Field::new("wire", "table", "the WIRE pane"),
    Field::new("drill", "table", "a deal's tabs"),
    Field::new("economics", "table", "the Economics tab, whose arrows move the share"),
    Field::new("list", "table", "Sources, Matrix, Calendar, Log and Help"),
    Field::new("alerts", "table", "the Alerts"),
];

/// One binding with the place of its keys.
struct Binding<'a> {
    layer: &'a str,
    keys: &'a str,
    run: &'a str,
    place: Value<'a>,
    table: Table<'a>,
    span: std::ops::Range<usize>,
}

/// Reads the bindings of every layer and compiles them.
pub(super) fn read(files: &[Shared], sink: &Sink) -> Keymap {
    let documents: Vec<Document<'_>> = files.iter().map(|file| Document::parse(file, sink)).collect();
    let mut bindings: Vec<Binding<'_>> = Vec::new();
    for document in &documents {
        let root = document.table(FILE);
        for layer in Layer::ALL {
            let Some(table) = root.get(layer.name()).and_then(|value| value.any_table()) else { continue };
            for (keys, span, place) in table.entries() {
                if let Some(run) = place.text() {
                    bindings.push(Binding {
                        layer: layer.name(),
                        keys,
                        run,
                        place,
                        table: table.clone(),
                        span,
                    });
                }
            }
        }
    }
    let written =
        bindings.iter().map(|binding| Written { layer: binding.layer, keys: binding.keys, run: binding.run });
    match Keymap::compile(written) {
        Ok(keymap) => keymap,
        Err(conflicts) => {
            let mut hidden: BTreeMap<(usize, String), Vec<String>> = BTreeMap::new();
            for conflict in conflicts {
                let Some(binding) = bindings.get(conflict.index) else { continue };
                let message = conflict.problem.to_string();
                match conflict.problem {
                    Problem::Prefix { longer, longer_layer, shorter, shorter_layer, shorter_run, .. } => {
                        let shorter = format!("`{shorter}` runs `{shorter_run}` ([{shorter_layer}])");
                        hidden
                            .entry((conflict.index, shorter))
                            .or_default()
                            .push(format!("`{longer}` ([{longer_layer}])"));
                    }
                    Problem::Call(_) => binding.place.error(message, None),
                    _ => binding.table.error_at(binding.span.clone(), message, None),
                }
            }
            for ((index, shorter), longer) in hidden {
                let Some(binding) = bindings.get(index) else { continue };
                let message = format!("{shorter} before {} can be typed", longer.join(", "));
                let help = "set the one or the other to \"none\"".to_owned();
                binding.table.error_at(binding.span.clone(), message, Some(help));
            }
            Keymap::default()
        }
    }
}

//! `gigawatch keys`: which keys run which commands.

use std::io::{self, Write};

use anyhow::anyhow;

use super::{Exit, Fault, Globals, Outcome};
use crate::app::command::{Command, Group};
use crate::app::key;
use crate::app::keymap::{Keymap, Layer};

const EXAMPLE: &str = "\
Keys are those of keys.toml over the built-in ones. A binding that can never be typed, an unknown command and
every other problem of keys.toml ends this and every other command with 2 and says where it is.

Examples:
  gigawatch keys
  gigawatch keys deals          what holds in the DEALS pane
  gigawatch keys --commands     every command, with its keys
  gigawatch keys check          whether every binding can be typed";

/// Arguments of `keys`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// Only this layer: global, board, deals, wire, drill, economics, list or alerts; `check` says whether
    /// all of them can be typed.
    layer: Option<String>,
    /// List the commands instead, also those without a key.
    #[arg(long, conflicts_with = "layer")]
    commands: bool,
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let config = globals.config()?;
    let mut out = io::stdout().lock();
    if args.commands {
        commands(&mut out, &config.keys)?;
        return Ok(Exit::Ok);
    }
    if args.layer.as_deref() == Some("check") {
        // A conflict has ended the run above, with its place.
        let bindings: usize = Layer::ALL.into_iter().map(|layer| config.keys.layer(layer).count()).sum();
        writeln!(out, "{bindings} bindings, no conflict")?;
        return Ok(Exit::Ok);
    }
    let layers = match &args.layer {
        None => Layer::ALL.to_vec(),
        Some(name) => vec![Layer::named(name).ok_or_else(|| no_layer(name))?],
    };
    for (place, layer) in layers.into_iter().enumerate() {
        let rows: Vec<(String, String, &str)> = config
            .keys
            .layer(layer)
            .map(|(keys, call)| (key::print(keys), call.to_string(), call.command.spec().about))
            .collect();
        if rows.is_empty() {
            continue;
        }
        writeln!(out, "{}[{layer}]", if place == 0 { "" } else { "\n" })?;
        for (keys, call, about) in rows {
            writeln!(out, "{keys:<12} {call:<18} {about}")?;
        }
    }
    Ok(Exit::Ok)
}

fn no_layer(name: &str) -> Fault {
    let names = Layer::ALL.map(Layer::name).join(", ");
    Fault::new(Exit::Usage, anyhow!("no layer `{name}` (layers: {names})"))
}

/// The keys of a command, each with its layer unless that is the global one.
pub(super) fn places(keymap: &Keymap, command: Command) -> String {
    let places = keymap.places(command).into_iter().map(|(layer, keys, _)| match layer {
        Layer::Global => keys,
        layer => format!("{keys} ({layer})"),
    });
    places.collect::<Vec<_>>().join(", ")
}

fn commands(out: &mut impl Write, keymap: &Keymap) -> io::Result<()> {
    for (place, group) in Group::ALL.into_iter().enumerate() {
        writeln!(out, "{}{}", if place == 0 { "" } else { "\n" }, group.title())?;
        for command in Command::ALL.iter().copied().filter(|command| command.spec().group == group) {
            let spec = command.spec();
            let call = format!("{} {}", spec.name, spec.argument);
            writeln!(out, "  {:<24} {}", call.trim_end(), spec.about)?;
            let keys = places(keymap, command);
            writeln!(out, "  {:<24} {}", "", if keys.is_empty() { "no key; `:` runs it" } else { &keys })?;
        }
    }
    Ok(())
}

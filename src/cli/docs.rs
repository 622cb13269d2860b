//! `gigawatch docs PAGE`: the reference pages of `docs/`, printed from the tables that the program runs on.

use std::fmt::Write as _;
use std::io::{self, Write};

use clap::{CommandFactory, ValueEnum};

use super::{Cli, Exit, Outcome, keys};
use crate::app::command::{Command, Group};
use crate::app::key;
use crate::app::keymap::Layer;
use crate::config::{Config, reference};

/// Arguments of `docs`.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Which page.
    page: Page,
}

/// A generated page.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Page {
    /// Every file and key of the configuration.
    Config,
    /// Every command of the screen and its keys.
    Keys,
    /// Every command of the command line.
    Cli,
}

/// Runs the command. The pages speak of the built-in configuration, whatever the user's is.
pub(super) fn run(args: &Args) -> Outcome {
    let page = match args.page {
        Page::Config => reference::page(),
        Page::Keys => keys_page(&Config::load(None)?)?,
        Page::Cli => cli_page()?,
    };
    io::stdout().lock().write_all(page.as_bytes())?;
    Ok(Exit::Ok)
}

/// Columns of the help in the page: the width of a comfortable terminal.
const WIDTH: usize = 100;

fn keys_page(config: &Config) -> anyhow::Result<String> {
    let mut page = String::from(
        "# Keys\n\n\
         Written by `gigawatch docs keys`; do not edit.\n\n\
         These are the built-in keys; `gigawatch keys` prints yours. A table of `keys.toml` is a layer: the more\n\
         specific one is asked first, then `global`. `\"none\"` takes a key away.\n",
    );
    for group in Group::ALL {
        write!(page, "\n## {}\n\n| command | keys | |\n|---|---|---|\n", group.title())?;
        for command in Command::ALL.iter().copied().filter(|command| command.spec().group == group) {
            let spec = command.spec();
            let call = format!("{} {}", spec.name, spec.argument);
            let places = keys::places(&config.keys, command).replace('|', "\\|");
            writeln!(page, "| `{}` | {} | {} |", call.trim_end(), places, spec.about)?;
        }
    }
    page.push_str("\n## By layer\n");
    for layer in Layer::ALL {
        let mut rows = config.keys.layer(layer).peekable();
        if rows.peek().is_none() {
            continue;
        }
        write!(page, "\n### `[{layer}]`\n\n| keys | runs |\n|---|---|\n")?;
        for (keys, call) in rows {
            writeln!(page, "| `{}` | `{call}` |", key::print(keys).replace('|', "\\|"))?;
        }
    }
    Ok(page)
}

fn cli_page() -> anyhow::Result<String> {
    let mut root = Cli::command().term_width(WIDTH);
    root.build();
    let mut page = String::from("# Command line\n\nWritten by `gigawatch docs cli`; do not edit.\n");
    section(&mut page, &mut root, 2)?;
    Ok(page)
}

fn section(page: &mut String, command: &mut clap::Command, level: usize) -> anyhow::Result<()> {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned();
    let help = command.render_long_help().to_string();
    let help: Vec<&str> = help.lines().map(str::trim_end).collect();
    write!(page, "\n{} {name}\n\n```text\n{}\n```\n", "#".repeat(level.min(4)), help.join("\n").trim_end())?;
    let children: Vec<String> = command
        .get_subcommands()
        .filter(|child| !child.is_hide_set() && child.get_name() != "help")
        .map(|child| child.get_name().to_owned())
        .collect();
    for name in children {
        if let Some(child) = command.find_subcommand_mut(&name) {
            // A child does not take its parent's width; the global options are told once, at the top.
            let quiet = |arg: clap::Arg| if arg.is_global_set() { arg.hide(true) } else { arg };
            let mut child = child.clone().term_width(WIDTH).mut_args(quiet);
            section(page, &mut child, level + 1)?;
        }
    }
    Ok(())
}

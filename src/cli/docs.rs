//! `gigawatch docs PAGE`: the reference pages of `docs/`, printed from the tables that the program runs on.

use std::fmt::Write as _;
use std::io::{self, Write};

use anyhow::Context;
use clap::{CommandFactory, ValueEnum};

use super::{Cli, Exit, Outcome, keys};
use crate::app::command::{Command, Group};
use crate::app::key;
use crate::app::keymap::Layer;
use crate::app::offstage::{Known, Offstage};
use crate::app::world::{Health, Source};
use crate::config::{Config, reference};
use crate::domain::time::Timestamp;
use crate::ui;
use crate::ui::theme::{Depth, Theme};

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
    /// Picture of the board.
    BoardPicture,
    /// Picture of a deal's overview.
    DealPicture,
    /// Picture of a deal's chart.
    ChartPicture,
    /// Picture of the words behind the figures.
    FiguresPicture,
    /// Picture of the board on a past day.
    PastPicture,
}

/// Runs the command. The pages speak of the built-in configuration, whatever the user's is.
pub(super) fn run(args: &Args) -> Outcome {
    let page = match args.page {
        Page::Config => reference::page(),
        Page::Keys => keys_page(&Config::load(None)?)?,
        Page::Cli => cli_page()?,
        Page::BoardPicture => picture("esc", (120, 36))?,
        Page::DealPicture => picture("1", (120, 36))?,
        Page::ChartPicture => picture("1 5 j", (120, 30))?,
        Page::FiguresPicture => picture("i", (120, 36))?,
        Page::PastPicture => picture("t 2 0 2 6 - 0 2 - 2 7 enter", (120, 36))?,
    };
    io::stdout().lock().write_all(page.as_bytes())?;
    Ok(Exit::Ok)
}

/// The day of the pictures: the one after the catalog's newest claim.
const PICTURED: &str = "2026-10-02T14:32:00Z";

/// The screen after some keys, as the program draws it from the built-in catalog. The feeds are the built-in
/// ones, each as it stands two minutes after it has answered.
fn picture(keys: &str, size: (u16, u16)) -> anyhow::Result<String> {
    let config = Config::load(None)?;
    let now: Timestamp = PICTURED.parse()?;
    let sources = config.feeds.iter().filter(|feed| feed.enabled).map(|feed| Source {
        id: feed.id.clone(),
        name: feed.name.clone(),
        tier: feed.tier.letter(),
        group: feed.group.clone(),
        url: feed.address.shown(),
        health: Health::Ok,
        last: Some(now.plus(-120)),
        last_ok: Some(now.plus(-120)),
        next: Some(now.plus(780)),
        ..Source::default()
    });
    let known = Known::until(&config, now.day());
    let mut screen = Offstage::open(&config, known, sources.collect(), now);
    screen.press(keys);
    // A message would have gone by the time that somebody looks.
    screen.wait(10);
    let theme = config.themes.get("dark").context("the built-in theme `dark`")?;
    Ok(ui::picture::picture(&screen.state, &Theme::resolve(theme, Depth::True, false), screen.now, size))
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

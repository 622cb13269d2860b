//! `gigawatch man`: the manual page.

use std::io::{self, Write};

use clap::CommandFactory;

use super::{Cli, Exit, Outcome};

const EXAMPLE: &str = "\
Examples:
  gigawatch man | man -l -
  gigawatch man deals | man -l -
  gigawatch man > ~/.local/share/man/man1/gigawatch.1";

/// Arguments of `man`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// The command that the page is about (default: the whole program).
    command: Option<String>,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Outcome {
    let mut root = Cli::command();
    root.build();
    let command = match &args.command {
        None => root,
        Some(name) => root
            .find_subcommand(name)
            .cloned()
            .ok_or_else(|| super::Fault::new(Exit::Usage, anyhow::anyhow!("no command `{name}`")))?,
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    io::stdout().lock().write_all(&page)?;
    Ok(Exit::Ok)
}

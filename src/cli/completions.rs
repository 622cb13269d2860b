//! `gigawatch completions SHELL`: what a shell needs to complete our commands.

use std::io::{self, Write};

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Exit, Outcome};

const EXAMPLE: &str = "\
Examples:
  gigawatch completions bash > ~/.local/share/bash-completion/completions/gigawatch
  gigawatch completions zsh > \"${fpath[1]}/_gigawatch\"
  gigawatch completions fish > ~/.config/fish/completions/gigawatch.fish";

/// Arguments of `completions`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// The shell.
    shell: Shell,
}

/// Runs the command.
pub(super) fn run(args: &Args) -> Outcome {
    // Into memory first: the generator panics where writing fails, as it does into a closed pipe.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "gigawatch", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(Exit::Ok)
}

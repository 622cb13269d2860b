//! `gigawatch parse`: feed documents in, entries out.

use super::{Globals, Outcome};

/// Arguments of `parse`.
#[derive(clap::Args, Debug)]
pub struct Args {}

/// Runs the command.
pub fn run(_globals: &Globals, _args: &Args) -> Outcome {
    Err(anyhow::anyhow!("under construction").into())
}

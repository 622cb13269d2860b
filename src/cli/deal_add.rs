//! `gigawatch deal add`: a deal of the user's own, as a file of the configuration folder.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};

use anyhow::{Context, anyhow};

use super::{Exit, Fault, Globals, Outcome};
use crate::config::{Config, write};

const EXAMPLE: &str = "\
Writes deals/SLUG.toml into your configuration folder, after checking it. The board shows the deal at once;
its history is [[claim]] tables in that file, or what the feeds bring. docs/config.md lists the keys.

A leg is KIND:OWNER[:SILICON,...]. KIND is gpu (merchant GPUs), custom (the provider's or buyer's own
silicon) or other; OWNER is provider, buyer or third: whose margin it moves.

Examples:
  gigawatch deal add mistral-coreweave --name Mistral–CoreWeave --class hosting \\
      --buyer mistral --provider coreweave --leg gpu:third:nvidia-gpu
  gigawatch deal add apple-broadcom --class silicon --buyer apple --provider broadcom --leg custom:buyer:xpu";

/// Arguments of `deal add`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// Its slug, `buyer-provider`: lower-case letters, digits and `-`.
    #[arg(value_name = "SLUG")]
    new_slug: String,
    /// As shown (default: the names of buyer and provider).
    #[arg(long)]
    name: Option<String>,
    /// What is bought: hosting or silicon.
    #[arg(long)]
    class: String,
    /// Who buys: a company of the lexicon.
    #[arg(long)]
    buyer: String,
    /// Who provides or sells: a company of the lexicon.
    #[arg(long)]
    provider: String,
    /// A leg, KIND:OWNER[:SILICON,...]; repeat for more.
    #[arg(long = "leg", value_name = "LEG", required = true)]
    legs: Vec<String>,
    /// A listed company and what it is in the deal, SYMBOL:ROLE; repeat for more.
    #[arg(long = "ticker", value_name = "TICKER")]
    tickers: Vec<String>,
    /// A name of the deal itself; repeat for more.
    #[arg(long = "alias", value_name = "NAME")]
    aliases: Vec<String>,
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let config = globals.config()?;
    let dir = globals.paths()?.config;
    let slug = &args.new_slug;
    if config.catalog.deal(slug).is_some() {
        let error = anyhow!("there is a deal `{slug}` already; edit its file, or choose another slug");
        return Err(Fault::new(Exit::Usage, error));
    }
    let text = file(args, &config)?;
    let key = format!("deals/{slug}.toml");
    let existing = dir.is_dir().then_some(dir.as_path());
    Config::load_with(existing, Some((&key, text.clone()))).map_err(|problems| {
        Fault::new(Exit::Usage, anyhow!(problems).context("nothing was written: the deal could not be used"))
    })?;
    let path = dir.join(&key);
    if fs::symlink_metadata(&path).is_ok() {
        let error = anyhow!("`{}` exists already", path.display());
        return Err(Fault::new(Exit::Usage, error));
    }
    write::replace(&path, &text).with_context(|| format!("cannot write `{}`", path.display()))?;
    writeln!(io::stdout().lock(), "wrote {}", path.display())?;
    Ok(Exit::Ok)
}

/// The file, about ten lines of TOML.
fn file(args: &Args, config: &Config) -> Result<String, Fault> {
    let shown =
        |id: &str| config.lexicon.company(id).map_or_else(|| id.to_owned(), |company| company.name.clone());
    let name =
        args.name.clone().unwrap_or_else(|| format!("{}–{}", shown(&args.buyer), shown(&args.provider)));
    let mut text = String::new();
    for (key, value) in
        [("name", &name), ("class", &args.class), ("buyer", &args.buyer), ("provider", &args.provider)]
    {
        writeln!(text, "{key} = {}", quoted(value))?;
    }
    if !args.tickers.is_empty() {
        let tickers = args.tickers.iter().map(|ticker| {
            let (symbol, role) =
                ticker.split_once(':').ok_or_else(|| usage(ticker, "SYMBOL:ROLE, e.g. AMZN:provider"))?;
            Ok(format!("{{ symbol = {}, role = {} }}", quoted(symbol), quoted(role)))
        });
        writeln!(text, "tickers = [{}]", tickers.collect::<Result<Vec<_>, Fault>>()?.join(", "))?;
    }
    if !args.aliases.is_empty() {
        let aliases: Vec<String> = args.aliases.iter().map(|alias| quoted(alias)).collect();
        writeln!(text, "aliases = [{}]", aliases.join(", "))?;
    }
    for leg in &args.legs {
        let mut parts = leg.splitn(3, ':');
        let (Some(kind), Some(owner)) = (parts.next(), parts.next()) else {
            return Err(usage(leg, "KIND:OWNER[:SILICON,...], e.g. gpu:third:nvidia-gpu"));
        };
        write!(text, "\n[[leg]]\nkind = {}\nowner = {}\n", quoted(kind), quoted(owner))?;
        if let Some(lines) = parts.next() {
            let lines: Vec<String> = lines.split(',').map(|line| quoted(line.trim())).collect();
            writeln!(text, "silicon = [{}]", lines.join(", "))?;
        }
    }
    Ok(text)
}

fn usage(given: &str, expected: &str) -> Fault {
    Fault::new(Exit::Usage, anyhow!("cannot read `{given}`: expected {expected}"))
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

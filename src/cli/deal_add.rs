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

A leg is KIND[:OWNER[:SILICON,...]]. KIND is gpu (merchant GPUs), custom (the provider's or buyer's own
silicon) or other; OWNER is provider, buyer or third: whose margin it moves.

A buyer or provider that the lexicon does not know gets its name from --buyer-name or --provider-name, or
from --name, and further names from --buyer-alias and --provider-alias: headlines are read by them.

Examples:
  gigawatch deal add mistral-coreweave --name Mistral–CoreWeave --class hosting \\
      --buyer mistral --buyer-alias 'Mistral AI' --provider coreweave --leg gpu:third:nvidia-gpu
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
    /// Who buys: the id of a company, of the lexicon or new.
    #[arg(long)]
    buyer: String,
    /// Name of a buyer that is new.
    #[arg(long, value_name = "NAME")]
    buyer_name: Option<String>,
    /// Another name of the buyer; repeat for more.
    #[arg(long = "buyer-alias", value_name = "NAME")]
    buyer_aliases: Vec<String>,
    /// Who provides or sells: the id of a company, of the lexicon or new.
    #[arg(long)]
    provider: String,
    /// Name of a provider that is new.
    #[arg(long, value_name = "NAME")]
    provider_name: Option<String>,
    /// Another name of the provider; repeat for more.
    #[arg(long = "provider-alias", value_name = "NAME")]
    provider_aliases: Vec<String>,
    /// A leg, KIND[:OWNER[:SILICON,...]]; repeat for more.
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
    let (left, right) = match args.name.as_deref().and_then(|name| name.split_once(['–', '—', '-'])) {
        Some((left, right)) => (Some(left.trim()), Some(right.trim())),
        None => (None, None),
    };
    let buyer = Party::of(&args.buyer, "buyer", args.buyer_name.as_deref(), left, config)?;
    let provider = Party::of(&args.provider, "provider", args.provider_name.as_deref(), right, config)?;
    let name = args.name.clone().unwrap_or_else(|| format!("{}–{}", buyer.name, provider.name));
    let mut text = String::new();
    for (key, value) in
        [("name", &name), ("class", &args.class), ("buyer", &args.buyer), ("provider", &args.provider)]
    {
        writeln!(text, "{key} = {}", quoted(value))?;
    }
    let companies = [buyer.entry(&args.buyer_aliases), provider.entry(&args.provider_aliases)];
    let companies: Vec<String> = companies.into_iter().flatten().collect();
    if !companies.is_empty() {
        writeln!(text, "company = [{}]", companies.join(", "))?;
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
        let kind = parts.next().unwrap_or_default();
        // Merchant silicon is a third company's; custom silicon is most often the provider's.
        let owner = match (parts.next(), kind) {
            (Some(owner), _) => owner,
            (None, "custom") => "provider",
            (None, "gpu" | "other") => "third",
            (None, _) => return Err(usage(leg, "KIND[:OWNER[:SILICON,...]], e.g. gpu:third:nvidia-gpu")),
        };
        write!(text, "\n[[leg]]\nkind = {}\nowner = {}\n", quoted(kind), quoted(owner))?;
        if let Some(lines) = parts.next() {
            let lines: Vec<String> = lines.split(',').map(|line| quoted(line.trim())).collect();
            writeln!(text, "silicon = [{}]", lines.join(", "))?;
        }
    }
    Ok(text)
}

/// A side of the deal.
struct Party<'a> {
    id: &'a str,
    name: String,
    /// The lexicon knows it.
    known: bool,
}

impl<'a> Party<'a> {
    /// The company of an id. One that is not in the lexicon needs a name of its own, or its part of the
    /// deal's name where the id is no slip of a known one.
    fn of(
        id: &'a str,
        side: &str,
        given: Option<&str>,
        in_deal: Option<&str>,
        config: &Config,
    ) -> Result<Self, Fault> {
        if let Some(company) = config.lexicon.company(id) {
            return Ok(Self { id, name: company.name.clone(), known: true });
        }
        let near = config.lexicon.companies.iter().map(|company| company.id.as_str());
        let near = near.filter(|known| strsim::jaro_winkler(id, known) > 0.88).min();
        if let Some(name) = given.or(in_deal.filter(|_| near.is_none())).filter(|name| !name.is_empty()) {
            return Ok(Self { id, name: name.to_owned(), known: false });
        }
        let hint = near.map_or_else(String::new, |near| format!("did you mean `{near}`? otherwise "));
        let error =
            anyhow!("`{id}` is no company of the lexicon; {hint}give its name with `--{side}-name NAME`");
        Err(Fault::new(Exit::Usage, error))
    }

    /// Its entry in the deal's file; none for a known company without further names.
    fn entry(&self, aliases: &[String]) -> Option<String> {
        if self.known && aliases.is_empty() {
            return None;
        }
        let mut entry = format!("{{ id = {}", quoted(self.id));
        if !self.known {
            entry.push_str(&format!(", name = {}", quoted(&self.name)));
        }
        if !aliases.is_empty() {
            let aliases: Vec<String> = aliases.iter().map(|alias| quoted(alias)).collect();
            entry.push_str(&format!(", aliases = [{}]", aliases.join(", ")));
        }
        Some(entry + " }")
    }
}

fn usage(given: &str, expected: &str) -> Fault {
    Fault::new(Exit::Usage, anyhow!("cannot read `{given}`: expected {expected}"))
}

/// A text as TOML writes it.
fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

//! `gigawatch feeds`: what is polled; add, remove, bring in and take out.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Subcommand;
use serde::Serialize;

use super::{Exit, Fault, Globals, Outcome};
use crate::config::edit::{self, NewFeed};
use crate::config::feeds::Feed;
use crate::config::units::{parse_duration, show_duration};
use crate::config::{Config, write};
use crate::domain::outlet::Tier;
use crate::domain::text::DisplayText;
use crate::feed::opml::{self, Outline};
use crate::fetch;

/// Version of the JSON form.
const SCHEMA: u32 = 1;

/// Name of the file in the configuration folder.
const FILE: &str = "feeds.toml";

const EXAMPLE: &str = "\
Examples:
  gigawatch feeds list
  gigawatch feeds add https://example.com/feed.xml --tier D --every 30m
  gigawatch feeds remove theregister
  gigawatch feeds import subscriptions.opml
  gigawatch feeds export > gigawatch.opml

A change is checked before it is written; what feeds.toml held before stays in feeds.toml.bak.";

/// Arguments of `feeds`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Print the feeds: id, tier, interval, group, name and address.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Add a feed to your feeds.toml.
    Add(AddArgs),
    /// Take a feed away; a built-in one is switched off.
    Remove {
        /// Its id, as `feeds list` prints it.
        id: String,
    },
    /// Add the http and https feeds of an OPML file, e.g. one exported by a feed reader.
    Import {
        /// The file (`-` for standard input).
        file: PathBuf,
        /// How far the new feeds are trusted: A to E.
        #[arg(long, default_value = "E", value_parser = tier)]
        tier: Tier,
    },
    /// Print the feeds as OPML, without passwords, tokens and headers.
    Export,
}

#[derive(clap::Args, Debug)]
struct AddArgs {
    /// Its address, http or https.
    url: String,
    /// Its key (default: from the host).
    #[arg(long)]
    id: Option<String>,
    /// As shown (default: the host).
    #[arg(long)]
    name: Option<String>,
    /// How far it is trusted where its items name no known outlet: A to E.
    #[arg(long, default_value = "E", value_parser = tier)]
    tier: Tier,
    /// Time between two polls, e.g. 30m.
    #[arg(long, value_parser = interval)]
    every: Option<String>,
    /// Heading under which it is listed.
    #[arg(long)]
    group: Option<String>,
    /// The address may be on this machine or in a private network.
    #[arg(long)]
    allow_private: bool,
}

fn tier(text: &str) -> Result<Tier, String> {
    let letter = text.to_uppercase();
    Tier::ALL
        .into_iter()
        .find(|tier| tier.letter().to_string() == letter)
        .ok_or_else(|| "expected A, B, C, D or E".to_owned())
}

fn interval(text: &str) -> Result<String, String> {
    parse_duration(text)
        .map(|_| text.to_owned())
        .ok_or_else(|| "expected a time such as 30m or 6h".to_owned())
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    match &args.action {
        Action::List { json } => list(globals, *json),
        Action::Add(args) => add(globals, args),
        Action::Remove { id } => remove(globals, id),
        Action::Import { file, tier } => import(globals, file, *tier),
        Action::Export => export(globals),
    }
}

/// One feed in `list --json`.
#[derive(Serialize, schemars::JsonSchema)]
struct Row<'a> {
    id: &'a str,
    name: &'a str,
    url: String,
    tier: Tier,
    every_seconds: u64,
    group: &'a str,
    enabled: bool,
}

impl<'a> From<&'a Feed> for Row<'a> {
    fn from(feed: &'a Feed) -> Self {
        Self {
            id: &feed.id,
            name: &feed.name,
            url: feed.address.to_string(),
            tier: feed.tier,
            every_seconds: feed.every.as_secs(),
            group: &feed.group,
            enabled: feed.enabled,
        }
    }
}

#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct List<'a> {
    schema: u32,
    feeds: Vec<Row<'a>>,
}

fn list(globals: &Globals, json: bool) -> Outcome {
    let config = globals.config()?;
    let mut out = io::stdout().lock();
    if json {
        let feeds = config.feeds.iter().map(Row::from).collect();
        serde_json::to_writer_pretty(&mut out, &List { schema: SCHEMA, feeds })?;
        writeln!(out)?;
        return Ok(Exit::Ok);
    }
    for feed in &config.feeds {
        let every = if feed.enabled { show_duration(feed.every) } else { "off".to_owned() };
        let text = |text: &str| DisplayText::line(text, 200);
        writeln!(out, "{:<24} {} {:>5}  {}", feed.id, feed.tier.letter(), every, text(&feed.name))?;
        writeln!(out, "{:<24}           {}", "", text(&feed.address.to_string()))?;
    }
    let polled = config.feeds.iter().filter(|feed| feed.enabled).count();
    writeln!(out, "{} feeds, {polled} polled", config.feeds.len())?;
    Ok(Exit::Ok)
}

/// The user's `feeds.toml`: its place and what it holds; `None` where there is none.
fn users_file(dir: &Path) -> anyhow::Result<(PathBuf, Option<String>)> {
    let path = dir.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => Ok((path, Some(text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok((path, None)),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    }
}

/// Writes a changed file after checking what it would make of the configuration.
fn save(dir: &Path, path: &Path, text: &str) -> Result<(), Fault> {
    let existing = dir.is_dir().then_some(dir);
    Config::load_with(existing, Some((FILE, text.to_owned()))).map_err(|problems| {
        Fault::new(
            Exit::Usage,
            anyhow!(problems).context("nothing was written: the result could not be used"),
        )
    })?;
    write::replace(path, text).with_context(|| format!("cannot write `{}`", path.display()))?;
    Ok(())
}

fn add(globals: &Globals, args: &AddArgs) -> Outcome {
    let config = globals.config()?;
    let dir = globals.paths()?.config;
    let host =
        url::Url::parse(&args.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let taken: Vec<&str> = config.feeds.iter().map(|feed| feed.id.as_str()).collect();
    if let Some(id) = args.id.as_deref().filter(|id| taken.contains(id)) {
        let error = anyhow!("there is a feed `{id}` already; choose another --id, or edit {FILE}");
        return Err(Fault::new(Exit::Usage, error));
    }
    if let Some(feed) = config.feeds.iter().find(|feed| feed.address.as_written() == args.url.trim()) {
        let error = anyhow!("the feed `{}` has this address already", feed.id);
        return Err(Fault::new(Exit::Usage, error));
    }
    let id = args.id.clone().unwrap_or_else(|| free_id(&host, &taken));
    let feed = NewFeed {
        name: args.name.clone().unwrap_or_else(|| if host.is_empty() { id.clone() } else { host }),
        id: id.clone(),
        url: args.url.trim().to_owned(),
        tier: args.tier,
        every: args.every.clone(),
        group: args.group.clone(),
        allow_private: args.allow_private,
    };
    let (path, text) = users_file(&dir)?;
    save(&dir, &path, &edit::add_feeds(text.as_deref(), &[feed])?)?;
    writeln!(io::stdout().lock(), "added `{id}` to {}", path.display())?;
    if !args.allow_private && fetch::is_private(&args.url) {
        super::complain(&format!(
            "`{id}` leads to a private address and will be refused; `allow-private = true` on it in {FILE} opens it"
        ));
    }
    Ok(Exit::Ok)
}

/// An id made of a name that no feed has: `example-com`, `example-com-2`, …
fn free_id(name: &str, taken: &[&str]) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let stem: String = name.trim_start_matches("www.").chars().map(plain).take(48).collect();
    let words: Vec<&str> = stem.split('-').filter(|word| !word.is_empty()).collect();
    let stem = if words.is_empty() { "feed".to_owned() } else { words.join("-") };
    let numbered = (2..).map(|number| format!("{stem}-{number}"));
    std::iter::once(stem.clone())
        .chain(numbered)
        .find(|id| !taken.contains(&id.as_str()) && id != "import")
        .unwrap_or(stem)
}

fn remove(globals: &Globals, id: &str) -> Outcome {
    let config = globals.config()?;
    let dir = globals.paths()?.config;
    let ids: Vec<&str> = config.feeds.iter().map(|feed| feed.id.as_str()).collect();
    if !ids.contains(&id) {
        let near =
            crate::config::closest(id, ids.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
        return Err(Fault::new(Exit::Usage, anyhow!("no feed `{id}`{}", near.unwrap_or_default())));
    }
    let (path, text) = users_file(&dir)?;
    // Whether the built-in list takes part is up to the user's file.
    let without = Config::load_with(
        dir.is_dir().then_some(&dir),
        Some((FILE, edit::remove_feed(text.as_deref(), id, false)?.0)),
    );
    let built_in = without.is_ok_and(|config| config.feeds.iter().any(|feed| feed.id == id));
    let (text, removed) = edit::remove_feed(text.as_deref(), id, built_in)?;
    save(&dir, &path, &text)?;
    let done = if built_in { "switched off" } else { "removed" };
    let mine = if built_in && removed { ", with your changes to it" } else { "" };
    writeln!(io::stdout().lock(), "{done} `{id}`{mine} in {}", path.display())?;
    Ok(Exit::Ok)
}

/// Largest list of feeds that is read, in bytes.
const LIST_LIMIT: u64 = 16 << 20;

fn read_list(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if file.as_os_str() == "-" {
        io::stdin().lock().take(LIST_LIMIT).read_to_end(&mut bytes)?;
    } else {
        fs::File::open(file)?.take(LIST_LIMIT).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn import(globals: &Globals, file: &Path, tier: Tier) -> Outcome {
    let config = globals.config()?;
    let dir = globals.paths()?.config;
    let bytes = read_list(file).with_context(|| format!("cannot read `{}`", file.display()))?;
    let list = opml::read(&bytes).with_context(|| format!("`{}` is no list of feeds", file.display()))?;
    let mut ids: Vec<String> = config.feeds.iter().map(|feed| feed.id.clone()).collect();
    let known = |url: &str| config.feeds.iter().any(|feed| feed.address.as_written() == url);
    let (old, new): (Vec<Outline>, Vec<Outline>) = list.feeds.into_iter().partition(|feed| known(&feed.url));
    let mut feeds = Vec::new();
    for outline in new {
        let taken: Vec<&str> = ids.iter().map(String::as_str).collect();
        let id = free_id(&outline.name, &taken);
        ids.push(id.clone());
        feeds.push(NewFeed {
            id,
            name: outline.name.to_string(),
            url: outline.url,
            tier,
            every: None,
            group: outline.group.map(|group| group.to_string()),
            allow_private: false,
        });
    }
    let (path, text) = users_file(&dir)?;
    if !feeds.is_empty() {
        save(&dir, &path, &edit::add_feeds(text.as_deref(), &feeds)?)?;
    }
    let mut out = io::stdout().lock();
    writeln!(out, "added {} feeds to {}; {} were there already", feeds.len(), path.display(), old.len())?;
    for name in &list.refused {
        writeln!(out, "left out `{name}`: its address is not http or https, or holds a password")?;
    }
    Ok(Exit::Ok)
}

fn export(globals: &Globals) -> Outcome {
    let config = globals.config()?;
    let outline = |feed: &Feed| Outline {
        name: DisplayText::line(&feed.name, 200),
        url: feed.address.without_credentials(),
        group: (!feed.group.is_empty()).then(|| DisplayText::line(&feed.group, 200)),
    };
    let feeds: Vec<Outline> = config.feeds.iter().filter(|feed| feed.enabled).map(outline).collect();
    io::stdout().lock().write_all(opml::write("gigawatch", &feeds).as_bytes())?;
    Ok(Exit::Ok)
}

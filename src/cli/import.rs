//! `gigawatch import`: items or feed documents from files, into the store.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use serde::Serialize;

use super::items::ItemLine;
use super::live;
use super::{Exit, Globals, Outcome, complain};
use crate::collector::Collector;
use crate::config::Config;
use crate::domain::item::Item;
use crate::domain::time::Timestamp;
use crate::feed;
use crate::store::{Committed, Mode, Reply};

const EXAMPLE: &str = "\
A file is either a feed document (RSS, Atom, JSON Feed) or a list of items, one JSON object a line:
{\"id\", \"published\", \"outlet\", \"url\", \"tier\", \"title\", \"summary\", \"text\"}, the form of `tag --jsonl`. Items are
known by their id, so a file may be imported again. Works while another gigawatch polls. - is standard input.

Examples:
  gigawatch import archive.jsonl
  gigawatch import saved-feed.xml --json
  zcat old.jsonl.gz | gigawatch import -";

/// Arguments of `import`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// Files to import; - is standard input.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What is printed.
#[derive(Debug, Default, Serialize, schemars::JsonSchema)]
pub(super) struct Summary {
    schema: u32,
    files: usize,
    seen: usize,
    new: usize,
    revised: usize,
    stories: usize,
    claims: usize,
    skipped: usize,
}

/// Items of one transaction.
const BATCH: usize = 1000;
/// Largest feed document.
const MAX_DOCUMENT: u64 = 64 << 20;
/// Bad lines that are named one by one.
const MAX_NAMED: usize = 5;

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let config = globals.config()?;
    let store = live::open_store(globals, Mode::Use)?;
    let collector = live::collector(globals, &config, store);
    let mut import = Import {
        collector: &collector,
        config: &config,
        now: globals.clock().now(),
        batch: Vec::with_capacity(BATCH),
        writing: None,
        summary: Summary { schema: 1, ..Summary::default() },
    };
    for path in &args.files {
        import.file(path)?;
        import.summary.files += 1;
    }
    import.flush()?;
    import.settle()?;
    let summary = import.summary;
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &summary)?;
        writeln!(out)?;
    } else if !globals.quiet {
        let Summary { seen, new, revised, stories, claims, skipped, .. } = summary;
        writeln!(
            out,
            "{seen} items, {new} new and {revised} changed; {stories} new stories, {claims} new claims"
        )?;
        if skipped > 0 {
            writeln!(out, "{skipped} lines were no items and were left out")?;
        }
    }
    Ok(if summary.skipped > 0 && summary.seen == 0 { Exit::Failed } else { Exit::Ok })
}

struct Import<'a> {
    collector: &'a Collector,
    config: &'a Config,
    now: Timestamp,
    batch: Vec<Item>,
    /// The batch that is being written while the next one is read.
    writing: Option<Reply<Committed>>,
    summary: Summary,
}

impl Import<'_> {
    fn file(&mut self, path: &Path) -> Result<(), super::Fault> {
        let name = path.display();
        let input: Box<dyn Read> = if path == Path::new("-") {
            Box::new(io::stdin())
        } else {
            Box::new(File::open(path).with_context(|| format!("cannot read `{name}`"))?)
        };
        let mut input = BufReader::with_capacity(1 << 16, input);
        let head = input.fill_buf().with_context(|| format!("cannot read `{name}`"))?;
        if is_list(head) { self.list(input, path) } else { self.document(input, path) }
    }

    /// A list of items.
    fn list(&mut self, input: impl BufRead, path: &Path) -> Result<(), super::Fault> {
        let name = path.display();
        let mut bad = 0;
        for (index, line) in input.split(b'\n').enumerate() {
            let line = line.with_context(|| format!("cannot read `{name}`"))?;
            if line.trim_ascii().is_empty() {
                continue;
            }
            match serde_json::from_slice::<ItemLine>(&line) {
                Ok(row) => self.add(row.stored(&self.config.outlets, self.now))?,
                Err(error) => {
                    bad += 1;
                    if bad <= MAX_NAMED {
                        complain(&format!("`{name}` line {}: no item ({error})", index + 1));
                    }
                }
            }
        }
        if bad > MAX_NAMED {
            complain(&format!("`{name}`: {} more lines are no items", bad - MAX_NAMED));
        }
        self.summary.skipped += bad;
        Ok(())
    }

    /// A feed document.
    fn document(&mut self, input: impl Read, path: &Path) -> Result<(), super::Fault> {
        let name = path.display();
        let mut bytes = Vec::new();
        input.take(MAX_DOCUMENT).read_to_end(&mut bytes).with_context(|| format!("cannot read `{name}`"))?;
        let document = feed::Document { bytes: &bytes, ..feed::Document::default() };
        let known = feed::read(&document).map_err(|why| anyhow::anyhow!("`{name}`: {why}"))?;
        let context =
            feed::Context { feed_id: "import", tier: None, outlets: &self.config.outlets, now: self.now };
        for item in feed::items(&known, &context) {
            self.add(item)?;
        }
        Ok(())
    }

    fn add(&mut self, item: Item) -> Result<(), super::Fault> {
        self.batch.push(item);
        if self.batch.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    /// Hands the batch to the store.
    fn flush(&mut self) -> Result<(), super::Fault> {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.summary.seen += batch.len();
        let reply = self.collector.take_in(batch).map_err(live::store_fault)?;
        self.settle()?;
        self.writing = Some(reply);
        Ok(())
    }

    /// Waits for the batch that is being written.
    fn settle(&mut self) -> Result<(), super::Fault> {
        if let Some(reply) = self.writing.take() {
            let done = reply.wait().map_err(live::store_fault)?;
            self.summary.new += done.items;
            self.summary.revised += done.revised;
            self.summary.stories += done.stories;
            self.summary.claims += done.claims;
        }
        Ok(())
    }
}

/// Whether a file begins as a list of items does: with a JSON object on a line of its own that has a
/// title and is no feed.
fn is_list(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    match serde_json::from_slice::<serde_json::Value>(line) {
        Ok(serde_json::Value::Object(object)) => {
            !object.contains_key("items") && !object.contains_key("hits") && !object.contains_key("articles")
        }
        Ok(_) => false,
        // A line longer than what was looked at, or a broken one: a member of an item tells.
        Err(_) => line.starts_with(b"{\"") && !line.starts_with(b"{\"version") && head.len() > line.len(),
    }
}

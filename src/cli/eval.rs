//! `gigawatch eval`: how well the tagger reads labelled items, for whoever edits the lexicon.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use super::items::ItemLine;
use super::{Exit, Globals, Outcome};
use crate::domain::text::DisplayText;
use crate::tagger::score::{Labels, Miss, Scores};

/// Version of the JSON form.
const SCHEMA: u32 = 1;

const EXAMPLE: &str = "\
A line of the file is an item as `tag --jsonl` reads it, with what it ought to be read as:

  {\"id\":\"1\",\"title\":\"OpenAI signs with AWS\",\"gold\":{\"deals\":[\"openai-aws\"],\"family\":\"agreement\",
   \"silicon\":\"none\",\"direction\":\"0\",\"stage\":\"none\",\"amounts\":[]}}

A label that is null or absent is not scored.

Examples:
  gigawatch eval labelled.jsonl
  gigawatch eval labelled.jsonl --misses deals
  gigawatch --config-dir ./mine eval labelled.jsonl --json";

/// Arguments of `eval`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// Labelled items, one JSON object a line (`-` for standard input).
    file: PathBuf,
    /// List the misses of one kind, or of all.
    #[arg(long, value_name = "KIND", value_parser = ["all", "relevance", "deals", "family", "silicon", "direction", "stage", "amounts"])]
    misses: Option<String>,
    /// Leave the summaries out.
    #[arg(long)]
    title_only: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// What `--json` prints.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Output<'a> {
    schema: u32,
    /// Items scored.
    items: u32,
    /// Precision, recall and F1 by field, each 0 to 1.
    figures: serde_json::Map<String, serde_json::Value>,
    misses: Vec<MissLine<'a>>,
}

/// What was read otherwise than it is labelled.
#[derive(Serialize, schemars::JsonSchema)]
struct MissLine<'a> {
    kind: &'static str,
    id: &'a str,
    labelled: &'a str,
    read: &'a str,
    title: &'a str,
}

#[derive(Deserialize)]
struct Labelled {
    #[serde(flatten)]
    item: ItemLine,
    gold: Labels,
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let (tagger, outlets) = super::tag::tagger(globals)?;
    let now = globals.clock().now();
    let name = args.file.display();
    let text = if args.file.as_os_str() == "-" {
        io::read_to_string(io::stdin().lock()).context("cannot read standard input")?
    } else {
        std::fs::read_to_string(&args.file).with_context(|| format!("cannot read `{name}`"))?
    };
    let mut scores = Scores::default();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let row: Labelled = serde_json::from_str(line)
            .with_context(|| format!("{name}:{}: not a labelled item", number + 1))?;
        let mut item = row.item.item(&outlets, now);
        if args.title_only {
            item.summary = DisplayText::default();
        }
        let tagged = tagger.tag(&item);
        scores.add(&item.key.0, &item.title, &row.gold, &tagged);
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let wanted = |kind: &str| args.misses.as_deref().is_some_and(|misses| misses == "all" || misses == kind);
    if args.json {
        let misses = scores.misses.iter().filter(|miss| wanted(miss.kind)).map(|miss| MissLine {
            kind: miss.kind,
            id: &miss.id,
            labelled: &miss.labelled,
            read: &miss.read,
            title: &miss.title,
        });
        let answer = Output {
            schema: SCHEMA,
            items: scores.items,
            figures: scores
                .figures()
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.into()))
                .collect(),
            misses: misses.collect(),
        };
        serde_json::to_writer_pretty(&mut out, &answer)?;
        writeln!(out)?;
    } else {
        for miss in scores.misses.iter().filter(|miss| wanted(miss.kind)) {
            let Miss { kind, id, labelled, read, title } = miss;
            writeln!(out, "{kind:<10} {id}: labelled `{labelled}`, read `{read}`: {title}")?;
        }
        writeln!(out, "{} items", scores.items)?;
        for (name, value) in scores.figures() {
            writeln!(out, "  {name:<13} {value:.3}")?;
        }
    }
    out.flush()?;
    Ok(Exit::Ok)
}

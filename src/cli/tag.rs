//! `gigawatch tag`: what the tagger reads in a headline or in items, and why.

use std::io::{self, BufRead, BufWriter, Write};

use anyhow::Context;
use serde::Serialize;

use super::items::ItemLine;
use super::{Exit, Globals, Outcome};
use crate::domain::outlet::Outlets;
use crate::tagger::{Tagged, Tagger};

const EXAMPLE: &str = "\
Examples:
  gigawatch tag \"OpenAI commits to consume 2 GW of Trainium capacity, AWS says\"
  gigawatch tag --jsonl < items.jsonl | jq -c '[.id, .event, [.deals[].slug]]'

A line of --jsonl is one item: {\"id\", \"published\", \"outlet\", \"url\", \"tier\", \"title\", \"summary\", \"text\"}.
All but the title may be left out; other members are ignored. One line is answered for each, in order.";

/// Arguments of `tag`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// The headline to read.
    #[arg(required_unless_present = "jsonl", conflicts_with = "jsonl")]
    headline: Option<String>,
    /// A summary that goes with it.
    #[arg(long, requires = "headline", value_name = "TEXT")]
    summary: Option<String>,
    /// The outlet that carries it.
    #[arg(long, requires = "headline", value_name = "NAME")]
    outlet: Option<String>,
    /// Read items from standard input, one JSON object a line.
    #[arg(long)]
    jsonl: bool,
    /// Print JSON.
    #[arg(long, requires = "headline")]
    json: bool,
}

/// What is printed for one item.
#[derive(Serialize)]
struct Answer<'a> {
    schema: u32,
    id: &'a str,
    #[serde(flatten)]
    tagged: &'a Tagged,
}

/// The tagger of a configuration.
pub(super) fn tagger(globals: &Globals) -> Result<(Tagger, Outlets), super::Fault> {
    let config = globals.config()?;
    Ok((Tagger::new(&config.lexicon, &config.catalog, &config.outlets), config.outlets))
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let (tagger, outlets) = tagger(globals)?;
    let now = globals.clock().now();
    let mut out = BufWriter::new(io::stdout().lock());
    let Some(headline) = &args.headline else {
        for (number, line) in io::stdin().lock().lines().enumerate() {
            let line = line.context("cannot read standard input")?;
            if line.trim().is_empty() {
                continue;
            }
            let row: ItemLine = serde_json::from_str(&line)
                .with_context(|| format!("line {} of standard input is no item", number + 1))?;
            let id = row.id.clone();
            let tagged = tagger.tag(&row.item(&outlets, now));
            serde_json::to_writer(&mut out, &Answer { schema: 1, id: &id, tagged: &tagged })?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
        return Ok(Exit::Ok);
    };
    let row: ItemLine = serde_json::from_value(serde_json::json!({
        "id": "headline", "title": headline, "summary": args.summary, "outlet": args.outlet,
    }))?;
    let item = row.item(&outlets, now);
    let tagged = tagger.tag(&item);
    if args.json {
        serde_json::to_writer_pretty(&mut out, &Answer { schema: 1, id: "headline", tagged: &tagged })?;
        writeln!(out)?;
    } else {
        let text = format!("{}\n{}\n", item.title.as_str(), item.summary.as_str());
        writeln!(out, "{text}\n{tagged:#?}")?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}

//! `gigawatch tag`: what the tagger reads in a headline or in items, and why.

use std::io::{self, BufRead, BufWriter, Write};

use anyhow::Context;
use serde::Serialize;

use super::items::ItemLine;
use super::{Exit, Globals, Outcome};
use crate::domain::claim::{Sign, Subject};
use crate::domain::item::Item;
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
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Answer<'a> {
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
        show(&mut out, &item, &tagged)?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}

/// The reading of one item for people: what, why, and the words.
fn show(out: &mut impl Write, item: &Item, tagged: &Tagged) -> io::Result<()> {
    let raw = format!("{}\n{}\n", item.title.as_str(), item.summary.as_str());
    let words = |(start, end): (u32, u32)| raw.get(start as usize..end as usize).unwrap_or_default();
    let names: Vec<String> =
        tagged.deals.iter().map(|deal| format!("{} (relevance {})", deal.slug, deal.relevance)).collect();
    let or_none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
    writeln!(out, "deals       {}", or_none(names.join(", ")))?;
    writeln!(out, "programmes  {}", or_none(tagged.programmes.join(", ")))?;
    writeln!(out, "event       {} ({})", tagged.event.word(), tagged.event.family())?;
    writeln!(
        out,
        "silicon     {}, direction {}, stage {}",
        tagged.silicon.word(),
        tagged.direction.word(),
        tagged.stage.label()
    )?;
    for figure in &tagged.quantities {
        let value = if figure.value.fract() == 0.0 {
            format!("{:.0}", figure.value)
        } else {
            figure.value.to_string()
        };
        let sense = serde_json::to_value(figure.of).ok();
        let of = sense.as_ref().and_then(|of| of.as_str()).unwrap_or_default();
        let add = if figure.add { ", adds" } else { "" };
        writeln!(out, "figure      `{}` = {value} {} ({of}{add})", figure.raw, figure.unit)?;
    }
    for reason in &tagged.reasons {
        writeln!(out, "because     {}: {} in `{}`", reason.tag, reason.rule, words(reason.span))?;
    }
    for claim in &tagged.claims {
        let about = match &claim.subject {
            Subject::Leg { deal, leg } => format!("{deal} {}", leg.word()),
            Subject::Programme(programme) => format!("programme {programme}"),
        };
        let sign = if claim.sign == Sign::Against { "not " } else { "" };
        writeln!(
            out,
            "\nclaim       {about}: {sign}{} ({:?}, {:?})",
            claim.rung.label(),
            claim.kind,
            claim.modality
        )?;
        writeln!(out, "  said by   {}, tier {}", claim.origin, claim.tier.letter())?;
        if let Some(due) = claim.due {
            writeln!(out, "  due       {due}")?;
        }
        for fact in &claim.facts {
            writeln!(
                out,
                "  fact      {:?} {} [{}, {}] {:?}",
                fact.slot, fact.mid, fact.lo, fact.hi, fact.op
            )?;
        }
        let spans =
            claim.spans.iter().filter_map(|&(start, end)| claim.words.get(start as usize..end as usize));
        writeln!(out, "  rule      {}{}", claim.rule, if claim.recap { ", a retelling" } else { "" })?;
        writeln!(out, "  words     {}", claim.words)?;
        writeln!(out, "  read from {}", spans.collect::<Vec<_>>().join(" · "))?;
    }
    Ok(())
}

//! `--print-schema`: a JSON Schema of what a command prints with `--json`, made from the types that print it.

use std::io::{self, Write};

use anyhow::anyhow;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};

use super::{Exit, Fault, Outcome};
use super::{
    alerts, check, config, doctor, economics, eval, export, feeds, import, ledger, parse, replay, signals,
    tag,
};
use crate::collector::Summary;
use crate::ledger::page_report::{ExplainReport, PageReport, ProgrammeReport};
use crate::ledger::report::BoardReport;
use crate::ledger::signal::SignalReport;

/// Makes the schema of one output.
type Make = fn() -> Schema;

/// Every output, by the command that prints it.
const OUTPUTS: &[(&str, Make)] = &[
    ("alerts", of::<alerts::Output<'_>>),
    ("check", of::<check::Report<'_>>),
    ("config check", of::<config::Checked<'_>>),
    ("deal", of::<PageOrProgramme>),
    ("deals", of::<BoardReport>),
    ("doctor", of::<doctor::Report>),
    ("economics", of::<economics::Output<'_>>),
    ("eval", of::<eval::Output<'_>>),
    ("explain", of::<ExplainReport>),
    ("export", of::<export::Output>),
    ("feeds list", of::<feeds::List<'_>>),
    ("import", of::<import::Summary>),
    ("ledger", of::<ledger::Output>),
    ("parse", of::<parse::Answer<'_>>),
    ("poll", of::<Summary>),
    ("replay", of::<replay::Output>),
    ("signals", of::<signals::Output>),
    ("tag", of::<tag::Answer<'_>>),
    ("watch", of::<SignalReport>),
];

/// What `deal` prints: a deal in full, or a programme.
#[derive(JsonSchema)]
#[schemars(untagged)]
#[expect(dead_code, reason = "only its schema is of use")]
enum PageOrProgramme {
    /// `deal SLUG`.
    Page(Box<PageReport>),
    /// `deal PROGRAMME`.
    Programme(ProgrammeReport),
}

/// The schema of a type as it is written, which is what a reader needs to know.
fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

/// Prints the schema of a command's output; `path` is its name, e.g. `feeds list`.
pub(super) fn print(path: &str) -> Outcome {
    let Some((_, schema)) = OUTPUTS.iter().find(|(name, _)| *name == path) else {
        let names: Vec<&str> = OUTPUTS.iter().map(|(name, _)| *name).collect();
        let said = if path.is_empty() { "the screen".to_owned() } else { format!("`{path}`") };
        let error = anyhow!("{said} prints no JSON; these commands do: {}", names.join(", "));
        return Err(Fault::new(Exit::Usage, error));
    };
    let mut out = io::stdout().lock();
    serde_json::to_writer_pretty(&mut out, &schema())?;
    writeln!(out)?;
    Ok(Exit::Ok)
}

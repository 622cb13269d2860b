//! `gigawatch config`: make, check and look at the configuration.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use anyhow::Context;
use clap::Subcommand;
use serde::Serialize;

use super::{Exit, Fault, Globals, Outcome};
use crate::config::{Config, Diagnostics, Problem, Severity, show, template, write};
use crate::domain::text::DisplayText;

/// Version of the JSON form.
const SCHEMA: u32 = 1;

const EXAMPLE: &str = "\
Examples:
  gigawatch config init              put commented copies of the defaults into your folder
  gigawatch config check             find everything that is wrong, and what to write instead
  gigawatch config show --origin     every setting in force, and the file that set it
  cd \"$(gigawatch config path)\"      go to the folder

docs/config.md lists every file and key.";

/// Arguments of `config`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// Put commented copies of the defaults into the configuration folder.
    ///
    /// Files that are already there are kept as they are.
    Init,
    /// Find everything that is wrong: exit 0 if it can be used, 2 if not.
    Check {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print the settings in force as TOML.
    Show {
        /// Say behind each setting which file sets it.
        #[arg(long)]
        origin: bool,
    },
    /// Print the configuration folder; with --all the others too.
    Path {
        /// Also print the folders of the store and of the state.
        #[arg(long)]
        all: bool,
    },
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    match args.action {
        Action::Init => init(&globals.paths()?.config),
        Action::Check { json } => check(globals, json),
        Action::Show { origin } => show_settings(globals, origin),
        Action::Path { all } => path(globals, all),
    }
}

fn init(dir: &Path) -> Outcome {
    let mut out = io::stdout().lock();
    for (name, text) in template::files() {
        let path = dir.join(name);
        if fs::symlink_metadata(&path).is_ok() {
            writeln!(out, "kept   {}", path.display())?;
            continue;
        }
        write::replace(&path, &text).with_context(|| format!("cannot write `{}`", path.display()))?;
        writeln!(out, "wrote  {}", path.display())?;
    }
    Ok(Exit::Ok)
}

/// What `check --json` prints.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Checked<'a> {
    schema: u32,
    ok: bool,
    problems: Vec<Row<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counts: Option<Counts>,
}

/// One problem, for editors.
#[derive(Serialize, schemars::JsonSchema)]
struct Row<'a> {
    severity: &'static str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    message: &'a str,
    help: Option<&'a str>,
}

/// What a sound configuration holds.
#[derive(Serialize, schemars::JsonSchema)]
struct Counts {
    deals: usize,
    programmes: usize,
    claims: usize,
    feeds: usize,
    feeds_enabled: usize,
    outlets: usize,
    themes: usize,
    alert_rules: usize,
}

impl Counts {
    fn of(config: &Config) -> Self {
        Self {
            deals: config.catalog.deals.len(),
            programmes: config.catalog.programmes.len(),
            claims: config.catalog.claims().count(),
            feeds: config.feeds.len(),
            feeds_enabled: config.feeds.iter().filter(|feed| feed.enabled).count(),
            outlets: config.outlets.iter().count(),
            themes: config.themes.len(),
            alert_rules: config.alerts.rules.len(),
        }
    }
}

fn check(globals: &Globals, json: bool) -> Outcome {
    let dir = globals.user_config_dir()?;
    let mut out = io::stdout().lock();
    let loaded = Config::load(dir.as_deref());
    if json {
        let (problems, counts) = match &loaded {
            Ok(config) => (&config.warnings, Some(Counts::of(config))),
            Err(diagnostics) => (&diagnostics.problems, None),
        };
        let problems = problems.iter().map(row).collect();
        let checked = Checked { schema: SCHEMA, ok: loaded.is_ok(), problems, counts };
        serde_json::to_writer_pretty(&mut out, &checked)?;
        writeln!(out)?;
        return Ok(if loaded.is_ok() { Exit::Ok } else { Exit::Usage });
    }
    let config = loaded.map_err(|problems| Fault::new(Exit::Usage, problems))?;
    if !config.warnings.is_empty() {
        super::complain(&Diagnostics { problems: config.warnings.clone() }.to_string());
    }
    let counts = Counts::of(&config);
    match &dir {
        Some(dir) => writeln!(out, "{} can be used.", dir.display())?,
        None => writeln!(out, "There is no configuration of yours; the built-in one is used.")?,
    }
    for file in show::files(dir.as_deref()).unwrap_or_default() {
        writeln!(out, "  {}", DisplayText::line(&file, 500))?;
    }
    writeln!(
        out,
        "deals {}, programmes {}, claims {}, feeds {} (polled {}), outlets {}, themes {}, alert rules {}",
        counts.deals,
        counts.programmes,
        counts.claims,
        counts.feeds,
        counts.feeds_enabled,
        counts.outlets,
        counts.themes,
        counts.alert_rules
    )?;
    Ok(Exit::Ok)
}

fn row(problem: &Problem) -> Row<'_> {
    let position = problem.position();
    Row {
        severity: match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        },
        file: problem.file.as_ref().map(|file| file.name.as_str()),
        line: position.map(|(line, _)| line),
        column: position.map(|(_, column)| column),
        message: &problem.message,
        help: problem.help.as_deref(),
    }
}

fn show_settings(globals: &Globals, origin: bool) -> Outcome {
    // A configuration that cannot be used has no settings in force.
    globals.config()?;
    let mut out = io::stdout().lock();
    let mut section = "";
    for shown in show::settings(globals.user_config_dir()?.as_deref()) {
        if shown.section != section {
            let gap = if section.is_empty() { "" } else { "\n" };
            writeln!(out, "{gap}[{}]", shown.section)?;
            section = shown.section;
        }
        if origin {
            writeln!(out, "# {}:{}", DisplayText::line(&shown.file, 500), shown.line)?;
        }
        writeln!(out, "{} = {}", shown.key, DisplayText::line(&shown.value, 4000))?;
    }
    Ok(Exit::Ok)
}

fn path(globals: &Globals, all: bool) -> Outcome {
    let paths = globals.paths()?;
    let mut out = io::stdout().lock();
    if all {
        writeln!(out, "config  {}", paths.config.display())?;
        writeln!(out, "data    {}", paths.data.display())?;
        writeln!(out, "state   {}", paths.state.display())?;
    } else {
        writeln!(out, "{}", paths.config.display())?;
    }
    Ok(Exit::Ok)
}

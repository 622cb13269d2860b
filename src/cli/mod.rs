//! The command line: one file a command, one table of arguments, one place that prints errors.

use std::io::{self, Write};
use std::panic;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::config::Config;
use crate::config::paths::Paths;
use crate::domain::time::Timestamp;
use crate::runtime::clock::Clock;

mod alerts;
mod check;
mod completions;
mod config;
mod deal;
mod deal_add;
mod deals;
mod demo;
mod docs;
mod doctor;
mod economics;
mod eval;
mod explain;
mod export;
mod feeds;
mod import;
mod items;
mod keys;
mod ledger;
mod live;
mod man;
mod parse;
mod poll;
mod replay;
mod schema;
mod screen;
mod signals;
mod tag;
mod watch;

/// How a run ended. The numbers are a contract with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It worked.
    Ok = 0,
    /// The operation failed.
    Failed = 1,
    /// Wrong usage or configuration.
    Usage = 2,
    /// The store cannot be used.
    Store = 3,
    /// A terminal is needed and there is none.
    NoTerminal = 4,
    /// Every source failed.
    EverySourceFailed = 5,
}

/// Why a command could not do its work: a message for people and the exit code for scripts.
#[derive(Debug)]
pub struct Fault {
    /// The code that the program ends with.
    pub exit: Exit,
    /// What failed, why, and what to do next; the chain is printed with its causes.
    pub error: anyhow::Error,
}

impl Fault {
    /// A fault that ends with `exit`.
    pub fn new(exit: Exit, error: impl Into<anyhow::Error>) -> Self {
        Self { exit, error: error.into() }
    }
}

impl<E: Into<anyhow::Error>> From<E> for Fault {
    fn from(error: E) -> Self {
        Self { exit: Exit::Failed, error: error.into() }
    }
}

/// What every command returns.
pub type Outcome = Result<Exit, Fault>;

const EXAMPLE: &str = "\
Examples:
  gigawatch                       the board, live
  gigawatch demo                  the board on thirteen months of real history, without the network
  gigawatch deals                 the board as text
  gigawatch deal openai-aws       one deal, with the claims behind its status
  gigawatch explain openai-aws    the arithmetic, with the words behind each line
  gigawatch economics openai-aws  the margin lever, and whom it touches

Data goes to standard output, messages to standard error. Exit: 0 ok, 1 failed, 2 wrong usage or
configuration, 3 the store cannot be used, 4 no terminal, 5 every source failed.";

/// Watch how AI-compute deals convert from merchant GPUs to custom silicon.
#[derive(Parser, Debug)]
#[command(version, about, propagate_version = true, arg_required_else_help = false, after_help = EXAMPLE)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Options that every command takes.
#[derive(clap::Args, Debug, Clone)]
pub struct Globals {
    /// Folder with your configuration (default: the XDG configuration folder).
    #[arg(long, global = true, env = "GIGAWATCH_CONFIG_DIR", hide_env_values = true, value_name = "DIR")]
    pub config_dir: Option<PathBuf>,
    /// Folder of the store (default: the XDG data folder).
    #[arg(long, global = true, env = "GIGAWATCH_DATA_DIR", hide_env_values = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t = ColorWhen::Auto, value_name = "WHEN")]
    pub color: ColorWhen,
    /// Draw with ASCII only.
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Say only what went wrong.
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say more (repeat for more).
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Print a JSON Schema of what the command prints with --json, and end.
    #[arg(long, global = true)]
    pub print_schema: bool,
    /// Fixes the clock, for tests and for replays of a live run.
    #[arg(long, global = true, env = "GIGAWATCH_NOW", value_name = "TIME", hide = true)]
    pub now: Option<Timestamp>,
}

impl Globals {
    /// The clock of this run.
    pub fn clock(&self) -> Clock {
        self.now.map_or(Clock::System, Clock::Fixed)
    }

    /// The folders of this run.
    pub fn paths(&self) -> Result<Paths, Fault> {
        Paths::find(self.config_dir.as_deref(), self.data_dir.as_deref())
            .map_err(|problems| Fault::new(Exit::Usage, problems))
    }

    /// The folder with the user's configuration: the one that was named, or the usual one if it exists.
    pub fn user_config_dir(&self) -> Result<Option<PathBuf>, Fault> {
        let dir = self.paths()?.config;
        Ok((self.config_dir.is_some() || dir.exists()).then_some(dir))
    }

    /// The checked configuration. Its problems end the run before anything else has begun; its warnings
    /// are said on stderr.
    pub fn config(&self) -> Result<Config, Fault> {
        let dir = self.user_config_dir()?;
        let config = Config::load(dir.as_deref()).map_err(|problems| Fault::new(Exit::Usage, problems))?;
        if !self.quiet {
            for warning in &config.warnings {
                complain(&warning.to_string());
            }
        }
        Ok(config)
    }
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorWhen {
    /// If the terminal can and `NO_COLOR` is not set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Show what the alert rules find.
    Alerts(alerts::Args),
    /// Say whether the store is sound, and mend it.
    Check(check::Args),
    /// Print what a shell needs to complete the commands.
    Completions(completions::Args),
    /// Make, check and look at the configuration.
    Config(config::Args),
    /// Play thirteen months of real history through the whole program.
    Demo(demo::Args),
    /// Show one deal in full.
    Deal(deal::Args),
    /// Show the arithmetic behind a deal's status.
    Explain(explain::Args),
    /// Show every tracked deal on a day.
    Deals(deals::Args),
    /// Show a deal's margin lever, and whom it touches.
    Economics(economics::Args),
    /// Print a reference page of the documentation.
    #[command(hide = true)]
    Docs(docs::Args),
    /// Show and change what is polled.
    Feeds(feeds::Args),
    /// Show which keys run which commands.
    Keys(keys::Args),
    /// Look at the set-up and say what needs mending.
    Doctor(doctor::Args),
    /// Print the board, the claims or the items as JSON, CSV or Markdown.
    Export(export::Args),
    /// Store items or feed documents from files.
    Import(import::Args),
    /// Judge a file of claims with the bare model.
    Ledger(ledger::Args),
    /// Print the manual page.
    Man(man::Args),
    /// Read feed documents and show what is in them.
    Parse(parse::Args),
    /// Fetch every feed once, store and tag what is new.
    Poll(poll::Args),
    /// Play items through tagger and ledger, and show the board on past days.
    Replay(replay::Args),
    /// Show what changed, line by line.
    Signals(signals::Args),
    /// Read claims about tracked deals from a headline or from items, with the reasons.
    Tag(tag::Args),
    /// Score the tagger on labelled items, and list what it reads otherwise.
    Eval(eval::Args),
    /// Keep polling without a screen, one signal a line.
    Watch(watch::Args),
}

/// Runs the program: reads the arguments, does the command, prints the error if there is one.
pub fn main() -> ExitCode {
    silence_contained_panics();
    match asked_for_schema() {
        Some(path) => end(schema::print(&path)),
        None => end(run(Cli::parse())),
    }
}

/// The command whose schema is asked for. Read without its other arguments, which need not be there.
fn asked_for_schema() -> Option<String> {
    let asked = std::env::args_os().take_while(|arg| arg != "--").any(|arg| arg == "--print-schema");
    let matches = asked.then(|| Cli::command().ignore_errors(true).try_get_matches().ok()).flatten()?;
    let mut path = Vec::new();
    let mut here = &matches;
    while let Some((name, inner)) = here.subcommand() {
        path.push(name.to_owned());
        here = inner;
    }
    Some(path.join(" "))
}

/// Does the command.
fn run(cli: Cli) -> Outcome {
    match cli.command {
        Some(Command::Alerts(args)) => alerts::run(&cli.globals, &args),
        Some(Command::Check(args)) => check::run(&cli.globals, &args),
        Some(Command::Completions(args)) => completions::run(&args),
        Some(Command::Config(args)) => config::run(&cli.globals, &args),
        Some(Command::Demo(args)) => demo::run(&cli.globals, &args),
        Some(Command::Deal(args)) => deal::run(&cli.globals, &args),
        Some(Command::Explain(args)) => explain::run(&cli.globals, &args),
        Some(Command::Deals(args)) => deals::run(&cli.globals, &args),
        Some(Command::Economics(args)) => economics::run(&cli.globals, &args),
        None => screen::run(&cli.globals),
        Some(Command::Docs(args)) => docs::run(&args),
        Some(Command::Feeds(args)) => feeds::run(&cli.globals, &args),
        Some(Command::Keys(args)) => keys::run(&cli.globals, &args),
        Some(Command::Doctor(args)) => doctor::run(&cli.globals, &args),
        Some(Command::Export(args)) => export::run(&cli.globals, &args),
        Some(Command::Import(args)) => import::run(&cli.globals, &args),
        Some(Command::Ledger(args)) => ledger::run(&cli.globals, &args),
        Some(Command::Man(args)) => man::run(&args),
        Some(Command::Parse(args)) => parse::run(&cli.globals, &args),
        Some(Command::Poll(args)) => poll::run(&cli.globals, &args),
        Some(Command::Replay(args)) => replay::run(&cli.globals, &args),
        Some(Command::Signals(args)) => signals::run(&cli.globals, &args),
        Some(Command::Tag(args)) => tag::run(&cli.globals, &args),
        Some(Command::Eval(args)) => eval::run(&cli.globals, &args),
        Some(Command::Watch(args)) => watch::run(&cli.globals, &args),
    }
}

/// Prints the error if there is one, and turns the outcome into the code of the process.
fn end(outcome: Outcome) -> ExitCode {
    let exit = match outcome {
        Ok(exit) => exit,
        Err(fault) if is_broken_pipe(&fault.error) => Exit::Ok,
        Err(fault) => {
            complain(&format!("{:#}", fault.error));
            fault.exit
        }
    };
    ExitCode::from(exit as u8)
}

/// A panic inside the feed parser is one document's outcome and reported as that; nothing is printed.
fn silence_contained_panics() {
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !crate::feed::parser_contained() {
            before(info);
        }
    }));
}

/// Says something on stderr. A closed stderr is not worth an error of its own.
fn complain(message: &str) {
    if writeln!(io::stderr().lock(), "gigawatch: {message}").is_err() {}
}

/// A reader that went away (`| head`) is a normal end, whoever was writing to it.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let json = cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
        io.or(json) == Some(io::ErrorKind::BrokenPipe)
    })
}

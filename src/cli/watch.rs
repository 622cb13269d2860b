//! `gigawatch watch`: polling without a screen, one line for each new signal.

use std::collections::HashSet;
use std::io::{self, Write};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::live;
use super::{Exit, Globals, Outcome};
use crate::collector::{Collector, Order, Polled, Report};
use crate::config::Config;
use crate::domain::time::Day;
use crate::ledger::Ledger;
use crate::ledger::signal::{Signal, SignalReport};

const EXAMPLE: &str = "\
Polls feeds as they fall due and prints what becomes known, until it is stopped (Ctrl-C, SIGTERM). Feeds that
begin to fail, and those that work again, are told on stderr.

Examples:
  gigawatch watch --plain                whole sentences, for a screen reader
  gigawatch watch --jsonl | jq 'select(.priority >= 80)'
  gigawatch watch --priority 65 >> signals.log";

/// Arguments of `watch`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// Print JSON, one object a line.
    #[arg(long, conflicts_with = "plain")]
    jsonl: bool,
    /// Print whole sentences without columns or abbreviations.
    #[arg(long)]
    plain: bool,
    /// Only signals of at least this priority.
    #[arg(long, value_name = "P", default_value_t = 0)]
    priority: u8,
}

/// What became known on earlier days is no news, even if it is read only now.
const DAYS: i32 = 3;
/// Claims of feeds that answer together are told together.
const GATHER: Duration = Duration::from_millis(400);

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let config = globals.config()?;
    let store = live::open_for_polling(globals)?;
    let collector = live::collector(globals, &config, store);
    let runtime = live::runtime()?;
    let done = runtime.block_on(watch(globals, args, &config, &collector));
    // A page that is still being fetched is not waited for.
    runtime.shutdown_background();
    done
}

async fn watch(globals: &Globals, args: &Args, config: &Config, collector: &Collector) -> Outcome {
    let cancel = CancellationToken::new();
    let (reports, mut news) = mpsc::channel(256);
    // Held, so that the collector does not take its end for the end of all orders.
    let (_orders, taken) = mpsc::unbounded_channel::<Order>();
    let mut polling = Box::pin(collector.run(taken, reports, cancel.clone()));
    let mut wire = Wire { globals, args, config, collector, told: HashSet::new() };
    for signal in wire.read().await? {
        wire.told.insert(identity(&signal));
    }
    let mut stop = Box::pin(stopped());
    let mut changed = false;
    loop {
        tokio::select! {
            biased;
            done = &mut stop => {
                done?;
                cancel.cancel();
                return Ok(Exit::Ok);
            }
            done = &mut polling => return done.map(|()| Exit::Ok).map_err(live::store_fault),
            report = news.recv() => match report {
                Some(Report::LedgerChanged { .. }) => changed = true,
                Some(Report::PollEnded(polled)) => wire.health(&polled),
                Some(Report::StoreFailed(error)) => super::complain(&error.to_string()),
                Some(Report::PollStarted { .. } | Report::ClockJumped { .. }) => {}
                None => return Ok(Exit::Ok),
            },
            () = tokio::time::sleep(GATHER), if changed => {
                changed = false;
                wire.tell().await?;
            }
        }
    }
}

/// Waits for a signal that asks the program to end.
async fn stopped() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = hang_up.recv() => {}
        done = tokio::signal::ctrl_c() => done?,
    }
    Ok(())
}

/// The signals of the last days, and which of them have been told.
struct Wire<'a> {
    globals: &'a Globals,
    args: &'a Args,
    config: &'a Config,
    collector: &'a Collector,
    told: HashSet<(String, String)>,
}

impl Wire<'_> {
    async fn read(&self) -> Result<Vec<Signal>, super::Fault> {
        let claims = self.collector.store().claims().await.map_err(live::store_fault)?;
        let ledger = Ledger::new(&self.config.catalog, claims);
        let today: Day = live::today(self.globals);
        Ok(ledger.signals(today.plus(-DAYS), today))
    }

    /// Prints what has not been told, oldest first.
    async fn tell(&mut self) -> Result<(), super::Fault> {
        let signals = self.read().await?;
        let mut out = io::stdout().lock();
        for signal in signals.iter().rev() {
            if self.told.insert(identity(signal)) && signal.score.priority() >= self.args.priority {
                print(&mut out, signal, self.name(signal), self.args)?;
            }
        }
        out.flush()?;
        Ok(())
    }

    /// The deal's or the programme's name.
    fn name<'s>(&'s self, signal: &'s Signal) -> &'s str {
        let catalog = &self.config.catalog;
        let of_deal =
            signal.deal.as_ref().and_then(|slug| catalog.deal(slug.as_str())).map(|deal| &deal.name);
        let of_programme = || {
            let id = signal.programme.as_deref()?;
            catalog.programmes.iter().find(|programme| programme.id == id).map(|programme| &programme.name)
        };
        of_deal.or_else(of_programme).map_or(signal.subject(), String::as_str)
    }

    /// Says that a feed begins to fail, or works again.
    fn health(&self, polled: &Polled) {
        let state = &polled.state;
        if self.globals.quiet {
            return;
        }
        if !polled.ok && state.failures == 1 {
            super::complain(&format!("feed `{}`: {}", state.id, state.last_detail));
        } else if state.paused {
            super::complain(&format!("feed `{}` is gone (410 three times) and not asked any more", state.id));
        } else if polled.recovered {
            super::complain(&format!("feed `{}` works again", state.id));
        }
    }
}

/// What makes a signal the same however its text grows: what it is about and the claim that told it first.
fn identity(signal: &Signal) -> (String, String) {
    let first = signal.claims.first().cloned().unwrap_or_else(|| format!("{} {}", signal.day, signal.what));
    (signal.subject().to_owned(), first)
}

fn print(out: &mut impl Write, signal: &Signal, name: &str, args: &Args) -> io::Result<()> {
    if args.jsonl {
        serde_json::to_writer(&mut *out, &SignalReport::from(signal))?;
        return writeln!(out);
    }
    if args.plain {
        let informants = match signal.informants {
            0 => String::new(),
            1 => ", from one informant".to_owned(),
            n => format!(", from {n} independent informants"),
        };
        let when = signal.at.map_or_else(|| signal.day.to_string(), |at| at.to_string());
        let link = signal.url.as_ref().map(|url| format!(" {url}")).unwrap_or_default();
        writeln!(
            out,
            "{when}, {name}: {}, priority {} of 100. {}. {}{informants}.{link}",
            signal.kind.word(),
            signal.score.priority(),
            signal.what,
            signal.outlet
        )
    } else {
        super::signals::line(out, signal)
    }
}

//! `gigawatch doctor`: is everything set up? Paths, configuration, store, feeds, network, terminal.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use super::live;
use super::{Exit, Globals, Outcome};
use crate::collector::{self, Health};
use crate::config::Config;
use crate::domain::time::Timestamp;
use crate::fetch::{Fetcher, Limits, Outcome as Fetched, Request};
use crate::runtime;
use crate::runtime::caps::Environment;
use crate::store::{self, FeedState};

const EXAMPLE: &str = "\
Looks at the set-up and says what is wrong and what to do about it. Asks the hosts of up to three feeds
whether they can be reached, unless --offline. --notify sends a test through the terminal, and to every
program, web address and desktop that a rule of alerts.toml names. Ends with 1 if something needs mending.

Examples:
  gigawatch doctor
  gigawatch doctor --json | jq '.checks[] | select(.state != \"ok\")'
  gigawatch doctor --notify";

/// Arguments of `doctor`.
#[derive(clap::Args, Debug)]
#[command(after_help = EXAMPLE)]
pub(super) struct Args {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Send a notice through the terminal, to see whether it arrives.
    #[arg(long)]
    notify: bool,
    /// Ask nobody on the network.
    #[arg(long)]
    offline: bool,
}

/// How a check went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be.
    Ok,
    /// Works, but is worth a look.
    Warn,
    /// Needs mending.
    Fail,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
struct Check {
    name: &'static str,
    state: State,
    /// What was found.
    found: String,
    /// What to do; empty where nothing need be done.
    hint: String,
}

/// What is printed.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct Report {
    schema: u32,
    ok: bool,
    checks: Vec<Check>,
}

/// Runs the command.
pub(super) fn run(globals: &Globals, args: &Args) -> Outcome {
    let mut checks = Vec::new();
    let paths = globals.paths()?;
    checks.push(configuration(globals, &paths.config));
    let config = Config::load(globals.user_config_dir()?.as_deref()).ok();
    checks.push(writable("data folder", &paths.data));
    checks.push(stored(globals, &paths.data));
    if let Some(config) = &config {
        checks.push(feeds(globals, config));
        checks.push(contact(config));
        if args.offline || config.settings.poll.offline {
            let hint = if args.offline { "" } else { "set offline = false in gigawatch.toml to fetch feeds" };
            checks.push(check("network", State::Warn, "not tried: offline", hint));
        } else {
            checks.extend(network(globals, config)?);
        }
    }
    checks.push(proxies());
    checks.push(clock(globals.clock().now()));
    checks.extend(terminal(config.as_ref()));
    if args.notify {
        checks.push(notice(config.as_ref())?);
        if let Some(config) = &config {
            checks.extend(beyond(config)?);
        }
    }
    let ok = checks.iter().all(|check| check.state != State::Fail);
    let mut out = io::stdout().lock();
    if args.json {
        serde_json::to_writer(&mut out, &Report { schema: 1, ok, checks })?;
        writeln!(out)?;
    } else {
        for check in &checks {
            let word = match check.state {
                State::Ok => "ok  ",
                State::Warn => "warn",
                State::Fail => "FAIL",
            };
            writeln!(out, "{word}  {:14} {}", check.name, check.found)?;
            if !check.hint.is_empty() {
                writeln!(out, "{:22}{}", "", check.hint)?;
            }
        }
    }
    Ok(if ok { Exit::Ok } else { Exit::Failed })
}

fn check(name: &'static str, state: State, found: impl Into<String>, hint: impl Into<String>) -> Check {
    Check { name, state, found: found.into(), hint: hint.into() }
}

fn configuration(globals: &Globals, dir: &Path) -> Check {
    let shown = dir.display();
    let named = globals.config_dir.is_some();
    if !dir.exists() {
        return if named {
            check("configuration", State::Fail, format!("{shown} does not exist"), "check --config-dir")
        } else {
            let hint = "`gigawatch config init` makes a copy to edit";
            check("configuration", State::Ok, format!("built in; nothing at {shown}"), hint)
        };
    }
    match Config::load(Some(dir)) {
        Ok(config) if config.warnings.is_empty() => check("configuration", State::Ok, shown.to_string(), ""),
        Ok(config) => {
            let found = format!("{shown}: {} warnings", config.warnings.len());
            check("configuration", State::Warn, found, "`gigawatch config check` shows them")
        }
        Err(problems) => {
            let found = format!("{shown}: {} errors", problems.errors());
            check("configuration", State::Fail, found, "`gigawatch config check` shows them")
        }
    }
}

fn writable(name: &'static str, dir: &Path) -> Check {
    let shown = dir.display();
    if !dir.exists() {
        return check(name, State::Ok, format!("{shown} (made at the first poll)"), "");
    }
    match tempfile_in(dir) {
        Ok(()) => check(name, State::Ok, shown.to_string(), ""),
        Err(error) => {
            check(name, State::Fail, format!("{shown}: {error}"), "check its permissions and free space")
        }
    }
}

/// Whether a file can be made in a folder.
fn tempfile_in(dir: &Path) -> io::Result<()> {
    let path = dir.join(format!(".doctor-{}", std::process::id()));
    std::fs::File::create_new(&path)?.write_all(&[0; 4096])?;
    std::fs::remove_file(&path)
}

fn stored(globals: &Globals, dir: &Path) -> Check {
    let path = dir.join(store::FILE_NAME);
    if !path.exists() {
        return check("store", State::Ok, "none yet", "the first poll makes one");
    }
    let size = std::fs::metadata(&path).map_or(0, |meta| meta.len()) >> 20;
    let opened = store::Store::open(dir, store::Mode::Use, globals.clock().now());
    match opened.and_then(|store| store.counters().wait()) {
        Ok(counters) => {
            let found = format!("{} items, {} claims, {size} MiB", counters.items, counters.claims);
            check("store", State::Ok, found, "`gigawatch check` reads all of it")
        }
        Err(error) => check("store", State::Fail, error.to_string(), ""),
    }
}

fn feeds(globals: &Globals, config: &Config) -> Check {
    let enabled: Vec<&str> =
        config.feeds.iter().filter(|feed| feed.enabled).map(|feed| feed.id.as_str()).collect();
    if enabled.is_empty() {
        let hint = "`gigawatch feeds add` adds one; the board lives from the catalog until then";
        return check("feeds", State::Warn, "none enabled", hint);
    }
    let states: Vec<FeedState> = match live::store_if_any(globals) {
        Ok(Some(store)) => store.feeds().wait().unwrap_or_default(),
        _ => Vec::new(),
    };
    let now = globals.clock().now();
    let mut known = 0;
    let mut bad = Vec::new();
    for state in states.iter().filter(|state| enabled.contains(&state.id.as_str())) {
        known += 1;
        if !matches!(collector::health(state, now), Health::Ok | Health::Unknown) {
            bad.push(state.id.as_str());
        }
    }
    let found = format!("{} enabled, {known} polled so far, {} not well", enabled.len(), bad.len());
    if bad.is_empty() {
        return check("feeds", State::Ok, found, "");
    }
    let named = bad.iter().take(5).copied().collect::<Vec<_>>().join(", ");
    check("feeds", State::Warn, found, format!("{named}: `gigawatch poll` says why"))
}

/// Some servers refuse clients that name nobody to write to.
fn contact(config: &Config) -> Check {
    let asks = config.feeds.iter().any(|feed| {
        let url = feed.address.as_written();
        feed.enabled && url.split('/').nth(2).is_some_and(|host| host.ends_with("sec.gov"))
    });
    if asks && config.settings.poll.contact.is_empty() {
        let hint = "set contact = \"you@example.org\" under [poll] in gigawatch.toml; only sec.gov gets it";
        return check("contact", State::Warn, "none, and sec.gov refuses clients without one", hint);
    }
    check("contact", State::Ok, if asks { "set" } else { "not needed" }, "")
}

/// Asks the first feed of each of three hosts.
fn network(globals: &Globals, config: &Config) -> Result<Vec<Check>, super::Fault> {
    let now = globals.clock().now();
    let mut hosts = Vec::new();
    let mut requests = Vec::new();
    for feed in config.feeds.iter().filter(|feed| feed.enabled && feed.auth.is_none()) {
        let Some(url) = feed.address.on(now.day()) else { continue };
        let host = url.host_str().unwrap_or_default().to_owned();
        if hosts.contains(&host) {
            continue;
        }
        hosts.push(host);
        requests.push(Request {
            url: url.to_string(),
            user_agent: feed.user_agent.clone(),
            allow_private: feed.allow_private.then(|| url.to_string()),
            now,
            ..Request::default()
        });
        if requests.len() == 3 {
            break;
        }
    }
    let limits = Limits { total: Duration::from_secs(12), ..Limits::from(&config.settings.poll) };
    let fetcher = Fetcher::new(limits);
    let outcomes = live::runtime()?.block_on(async {
        let mut outcomes = Vec::new();
        for request in &requests {
            outcomes.push(fetcher.fetch(request).await);
        }
        outcomes
    });
    Ok(hosts
        .iter()
        .zip(outcomes)
        .map(|(host, outcome)| match outcome {
            Fetched::Failed(failure) => check(
                "network",
                State::Warn,
                format!("{host}: {}", failure.kind.word()),
                failure.detail.as_str(),
            ),
            Fetched::Document(_) | Fetched::NotModified { .. } => {
                check("network", State::Ok, format!("{host} answers"), "")
            }
        })
        .collect())
}

fn proxies() -> Check {
    let set: Vec<&str> = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"]
        .into_iter()
        .filter(|name| {
            [name.to_lowercase(), (*name).to_owned()].iter().any(|name| std::env::var_os(name).is_some())
        })
        .collect();
    let found = if set.is_empty() { "none".to_owned() } else { format!("{} set", set.join(", ")) };
    check("proxy", State::Ok, found, "")
}

fn clock(now: Timestamp) -> Check {
    // Before this program was written, certificates are not valid yet.
    if now < Timestamp(1_760_000_000) {
        return check("clock", State::Fail, format!("{now}"), "set this machine's clock: TLS needs it");
    }
    check("clock", State::Ok, now.to_string(), "")
}

fn terminal(config: Option<&Config>) -> Vec<Check> {
    let environment = Environment::read();
    let mut checks = Vec::new();
    if io::stdout().is_terminal() {
        let size = rustix::termios::tcgetwinsize(io::stdout()).map(|size| (size.ws_col, size.ws_row));
        let (columns, rows) = size.unwrap_or((0, 0));
        let found = format!("{} {columns}x{rows}, {:?}", environment.term, environment.depth(None));
        let small = columns < 60 || rows < 16;
        let hint = if small { "80x24 is comfortable, 60x16 shows the list alone" } else { "" };
        checks.push(check("terminal", if small { State::Warn } else { State::Ok }, found, hint));
    } else {
        checks.push(check("terminal", State::Ok, "stdout is none", "the screen needs one; commands do not"));
    }
    let choice = config.map(|config| config.settings.ui.glyphs).unwrap_or_default();
    let ascii = environment.ascii(false, choice);
    let hint = if ascii { "set LANG to a UTF-8 locale for better glyphs" } else { "" };
    let locale = if environment.locale.is_empty() { "none" } else { &environment.locale };
    checks.push(check("locale", if ascii { State::Warn } else { State::Ok }, locale, hint));
    let way = match (environment.tmux, environment.ssh) {
        (true, _) => "through tmux",
        (_, true) => "over SSH: notices and the clipboard go through the terminal",
        _ => "direct",
    };
    checks.push(check("notices", State::Ok, way, "`gigawatch doctor --notify` sends one"));
    if environment.tmux {
        checks.extend(TMUX.iter().map(|(option, wanted, why)| tmux_option(option, wanted, why)));
    }
    checks
}

/// Options of tmux that the screen lives better with: name, values that will do, what for.
const TMUX: [(&str, &[&str], &str); 4] = [
    ("allow-passthrough", &["on", "all"], "notices reach the terminal outside"),
    ("set-clipboard", &["on", "external"], "copies reach the clipboard outside"),
    ("focus-events", &["on"], "the screen knows when it is looked at"),
    ("escape-time", &["0", "1", "5", "10", "20", "25"], "esc acts at once"),
];

fn tmux_option(option: &'static str, wanted: &[&str], why: &str) -> Check {
    // A window's option hides the session's, and a server's is shown by -s.
    let asked = ["-gqvs", "-gqvw", "-gqv"].iter().find_map(|flags| {
        let output =
            std::process::Command::new("tmux").args(["show-options", flags, option]).output().ok()?;
        let value = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        (output.status.success() && !value.is_empty()).then_some(value)
    });
    match asked {
        Some(value) if wanted.contains(&value.as_str()) => {
            check("tmux", State::Ok, format!("{option} {value}"), "")
        }
        Some(value) => {
            let hint =
                format!("`set -g {option} {}` in tmux.conf, so that {why}", wanted.last().unwrap_or(&"on"));
            check("tmux", State::Warn, format!("{option} {value}"), hint)
        }
        None => check("tmux", State::Warn, format!("{option}: tmux does not say"), ""),
    }
}

/// Sends a notice to each program, web address and desktop that the alert rules name.
fn beyond(config: &Config) -> Result<Vec<Check>, super::Fault> {
    let outcomes = live::runtime()?.block_on(runtime::test_routes(&config.alerts.rules));
    Ok(outcomes
        .into_iter()
        .map(|(route, outcome)| match outcome {
            Ok(()) => check("notice", State::Ok, format!("sent to {route}"), ""),
            Err(why) => check("notice", State::Fail, format!("{route}: {why}"), ""),
        })
        .collect())
}

/// Sends a notice to the terminal.
fn notice(config: Option<&Config>) -> Result<Check, super::Fault> {
    let route = config.map(|config| config.settings.ui.notices).unwrap_or_default();
    if !io::stdout().is_terminal() && !io::stderr().is_terminal() {
        return Ok(check("notice", State::Fail, "no terminal to send it through", "run it in a terminal"));
    }
    let Some(bytes) = runtime::test_notice(route) else {
        return Ok(check("notice", State::Warn, "switched off", "set notices under [ui] in gigawatch.toml"));
    };
    if io::stderr().is_terminal() {
        io::stderr().write_all(&bytes)?;
        io::stderr().flush()?;
    } else {
        io::stdout().write_all(&bytes)?;
        io::stdout().flush()?;
    }
    let hint = "nothing seen? name a route under [ui] notices: bell, osc9, osc99 or osc777";
    Ok(check("notice", State::Ok, format!("sent to the terminal by {}", runtime::notice_route(route)), hint))
}

//! Alerts that reach beyond the screen: through the terminal, the desktop, a program or a web address of
//! the user's.

use std::io::Write;
use std::process::{Command, Stdio};

use super::browser::reap;
use super::caps::Environment;
use crate::app::alerts::Notice;
use crate::config::settings::NoticeRoute;
use crate::domain::text::DisplayText;
use crate::fetch;

/// The notice that a terminal is known to understand. Others ignore OSC 9, but for consoles that print it.
fn understood(environment: &Environment) -> NoticeRoute {
    let Environment { term, program, .. } = environment;
    if environment.kitty {
        NoticeRoute::Osc99
    } else if matches!(program.as_str(), "WezTerm" | "ghostty" | "rxvt")
        || term.starts_with("rxvt")
        || term.contains("ghostty")
    {
        NoticeRoute::Osc777
    } else if term == "linux" || term.starts_with("vt") || program == "Apple_Terminal" {
        NoticeRoute::Bell
    } else {
        NoticeRoute::Osc9
    }
}

/// The way that a notice takes where `route` is configured.
pub(super) fn taken(route: NoticeRoute, environment: &Environment) -> NoticeRoute {
    match route {
        NoticeRoute::Auto => understood(environment),
        route => route,
    }
}

/// A notice as bytes for the terminal; `None` where nothing is to be sent.
pub(super) fn notice(notice: &Notice, route: NoticeRoute, environment: &Environment) -> Option<Vec<u8>> {
    // Whatever the text, it cannot end the sequence or begin another one, and a leading number with a
    // semicolon would be a progress bar to some terminals.
    let clean = |text: &str, most: usize| -> String {
        DisplayText::line(text, most).chars().filter(|c| *c != ';').collect()
    };
    let (title, text) = (clean(&notice.title, 60), clean(&notice.text, 200));
    let route = taken(route, environment);
    let mut bytes = Vec::new();
    if notice.terminal {
        let sequence = match route {
            NoticeRoute::Osc9 => format!("\x1b]9;gigawatch: {text}\x1b\\"),
            NoticeRoute::Osc99 => {
                format!("\x1b]99;i=gigawatch:d=0;{title}\x1b\\\x1b]99;i=gigawatch:p=body;{text}\x1b\\")
            }
            NoticeRoute::Osc777 => format!("\x1b]777;notify;gigawatch {title};{text}\x1b\\"),
            NoticeRoute::Auto | NoticeRoute::Bell | NoticeRoute::Off => String::new(),
        };
        if !sequence.is_empty() {
            bytes = environment.passed_through(sequence.as_bytes());
        }
    }
    if route != NoticeRoute::Off && (notice.bell || notice.terminal) {
        bytes.push(0x07);
    }
    (!bytes.is_empty()).then_some(bytes)
}

/// An alert as the JSON that programs and web addresses are given.
fn alert_json(notice: &Notice) -> String {
    serde_json::json!({
        "schema": 1,
        "rule": notice.rule,
        "deal": notice.deal,
        "title": notice.title,
        "text": notice.text,
        "tier": notice.tier,
        "words": notice.words,
        "link": notice.link,
        "claim": notice.claim,
    })
    .to_string()
}

/// Hands a notice to the user's program on its standard input; never through a shell. An error says what
/// to mend.
pub(super) fn tell_program(notice: &Notice) -> Result<(), String> {
    let Some((program, arguments)) = notice.command.split_first() else { return Ok(()) };
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| {
            format!(
                "the alert's program `{program}` cannot be started ({error}); see `command` in alerts.toml"
            )
        })?;
    // A line: a program that appends what it is given makes JSON lines.
    let line = alert_json(notice) + "\n";
    let given = child.stdin.take().map(|mut input| input.write_all(line.as_bytes()));
    reap(child);
    match given {
        Some(Err(error)) => Err(format!("the alert's program `{program}` did not take it ({error})")),
        _ => Ok(()),
    }
}

/// Posts a notice to the user's web address. An error names its host alone: such addresses hold secrets.
pub(super) async fn post(url: &str, notice: &Notice) -> Result<(), String> {
    fetch::post_json(url, alert_json(notice)).await.map_err(|failure| {
        format!("the alert's webhook failed: {}; see `webhook` in alerts.toml", failure.detail)
    })
}

/// Hands a notice to the desktop.
pub(super) async fn tell_desktop(notice: &Notice) -> Result<(), String> {
    let shown = notify_rust::Notification::new()
        .appname("gigawatch")
        .summary(&DisplayText::line(&notice.title, 60))
        .body(&markup_free(&DisplayText::line(&notice.text, 200)))
        .show_async()
        .await;
    shown.map(|_| ()).map_err(|error| {
        format!("the desktop takes no notice ({error}); take `desktop` out of `notify` in alerts.toml")
    })
}

/// Desktops read a little HTML in the body of a notice.
fn markup_free(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_cannot_break_out_of_its_sequence() {
        let hostile = Notice {
            title: "4;50;\u{1b}\\".into(),
            text: "x\u{7}\u{1b}]0;pwned\u{7}; rm -rf\u{9c}".into(),
            terminal: true,
            ..Notice::default()
        };
        for route in [NoticeRoute::Osc9, NoticeRoute::Osc99, NoticeRoute::Osc777] {
            let bytes = notice(&hostile, route, &Environment::default()).unwrap();
            let text = String::from_utf8(bytes).unwrap();
            let starts = text.matches('\u{1b}').count();
            let expected = if route == NoticeRoute::Osc99 { 4 } else { 2 };
            assert_eq!(starts, expected, "{route:?} {text:?}");
            assert_eq!(text.matches('\u{7}').count(), 1, "{text:?}");
        }
        assert_eq!(notice(&hostile, NoticeRoute::Off, &Environment::default()), None);
    }

    #[test]
    fn a_notice_in_tmux_is_wrapped_with_its_escapes_doubled() {
        let told = Notice {
            title: "OpenAI–AWS".into(),
            text: "EXPLORING → ON PAPER".into(),
            terminal: true,
            bell: true,
            ..Notice::default()
        };
        let inside = Environment { tmux: true, term: "tmux-256color".into(), ..Environment::default() };
        let bytes = notice(&told, NoticeRoute::Auto, &inside).unwrap();
        let expected = "\x1bPtmux;\x1b\x1b]9;gigawatch: EXPLORING → ON PAPER\x1b\x1b\\\x1b\\\x07";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn each_terminal_gets_what_it_understands() {
        let with = |term: &str, program: &str| Environment {
            term: term.into(),
            program: program.into(),
            ..Environment::default()
        };
        for (environment, route) in [
            (Environment { kitty: true, ..with("xterm-kitty", "") }, NoticeRoute::Osc99),
            (with("xterm-256color", "iTerm.app"), NoticeRoute::Osc9),
            (with("xterm-256color", "WezTerm"), NoticeRoute::Osc777),
            (with("xterm-ghostty", ""), NoticeRoute::Osc777),
            (with("xterm-256color", ""), NoticeRoute::Osc9),
            (with("linux", ""), NoticeRoute::Bell),
            (with("xterm-256color", "Apple_Terminal"), NoticeRoute::Bell),
        ] {
            assert_eq!(understood(&environment), route, "{environment:?}");
        }
    }
}

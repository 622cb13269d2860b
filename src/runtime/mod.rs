//! The shell: event loop, terminal, signals, clock. The only room that spawns.

mod browser;
pub mod caps;
mod clipboard;
pub mod clock;
mod effects;
mod files;
mod frame_gate;
mod keyboard;
#[cfg(test)]
mod loop_tests;
mod notices;
mod painter;
mod pipe;
pub mod screen;
mod screen_loop;
mod signals;
mod surface;
mod terminal;
mod workers;

use crate::app::alerts::Notice;
use crate::config::alerts::{Route, Rule};
use crate::config::settings::NoticeRoute;

/// A notice that shows whether notices arrive.
fn test() -> Notice {
    Notice {
        title: "doctor".to_owned(),
        text: "notices arrive".to_owned(),
        rule: "doctor".to_owned(),
        terminal: true,
        bell: true,
        ..Notice::default()
    }
}

/// The bytes of such a notice for the terminal; `None` where they are switched off.
pub fn test_notice(route: NoticeRoute) -> Option<Vec<u8>> {
    notices::notice(&test(), route, &caps::Environment::read())
}

/// The way that notices take through this terminal, in a word.
pub fn notice_route(route: NoticeRoute) -> &'static str {
    match notices::taken(route, &caps::Environment::read()) {
        NoticeRoute::Osc9 => "OSC 9 and the bell",
        NoticeRoute::Osc99 => "OSC 99 and the bell",
        NoticeRoute::Osc777 => "OSC 777 and the bell",
        NoticeRoute::Bell | NoticeRoute::Auto => "the bell",
        NoticeRoute::Off => "nothing",
    }
}

/// Sends a notice to each program, web address and desktop that the rules name, once each; gives the name
/// of each (of an address the host alone) and how it went.
pub async fn test_routes(rules: &[Rule]) -> Vec<(String, Result<(), String>)> {
    let mut outcomes: Vec<(String, Result<(), String>)> = Vec::new();
    for rule in rules.iter().filter(|rule| rule.enabled) {
        let told =
            |name: &str, outcomes: &[(String, Result<(), String>)]| outcomes.iter().any(|(n, _)| n == name);
        if rule.routes.contains(&Route::Command) {
            let name = rule.command.join(" ");
            if !told(&name, &outcomes) {
                let notice = Notice { command: rule.command.clone(), ..test() };
                outcomes.push((name, notices::tell_program(&notice)));
            }
        }
        if let Some(url) = rule.webhook.as_ref().filter(|_| rule.routes.contains(&Route::Webhook)) {
            let name = format!("{} (rule {})", url.host_str().unwrap_or_default(), rule.id);
            outcomes.push((name, notices::post(url.as_str(), &test()).await));
        }
        if rule.routes.contains(&Route::Desktop) && !told("the desktop", &outcomes) {
            outcomes.push(("the desktop".to_owned(), notices::tell_desktop(&test()).await));
        }
    }
    outcomes
}

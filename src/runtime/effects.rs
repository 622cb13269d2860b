//! Does what the app asks of the world. Never waits.

use std::path::{Path, PathBuf};

use super::browser;
use super::caps::Environment;
use super::clipboard::{self, Desktop};
use super::files;
use super::notices;
use super::pipe;
use super::screen::theme;
use super::screen_loop::Runner;
use super::workers::Workers;
use crate::app::alerts::Notice;
use crate::app::msg::{Effect, Event};
use crate::config::Config;
use crate::config::theme::Depth;
use crate::domain::time::Timestamp;
use crate::ui::theme::Theme;

/// Does what the app asks.
pub(super) struct Effects {
    config: Config,
    config_dir: Option<PathBuf>,
    export_dir: PathBuf,
    depth: Depth,
    ascii: bool,
    environment: Environment,
    workers: Workers,
    desktop: Desktop,
    /// A theme that was chosen and not yet taken by the loop.
    chosen: Option<Theme>,
    /// The name of the theme in use.
    theme_name: String,
    /// The files of the configuration as they were when they were last read.
    stamp: Option<files::Stamp>,
    /// Watches them while it is held.
    _watcher: Option<notify::RecommendedWatcher>,
}

impl Effects {
    pub(super) fn new(
        config: Config,
        config_dir: Option<PathBuf>,
        export_dir: PathBuf,
        depth: Depth,
        ascii: bool,
        workers: Workers,
    ) -> Self {
        let tell = workers.clone();
        let watcher = config_dir
            .as_deref()
            .and_then(|dir| files::watch(dir, move || tell.tell_later(Event::ConfigurationTouched)));
        Self {
            theme_name: config.settings.ui.theme.clone(),
            stamp: config_dir.as_deref().map(files::stamp),
            config,
            config_dir,
            export_dir,
            depth,
            ascii,
            environment: Environment::read(),
            workers,
            desktop: Desktop::default(),
            chosen: None,
            _watcher: watcher,
        }
    }

    pub(super) async fn stop(&self, now: Timestamp) {
        self.workers.stop(now).await;
    }

    fn say(&self, outcome: Result<String, String>) {
        self.workers.say(outcome);
    }

    fn set_theme(&mut self, name: &str) {
        match theme(&self.config, name, self.depth, self.ascii) {
            Some(theme) => {
                self.chosen = Some(theme);
                name.clone_into(&mut self.theme_name);
                self.workers.tell_later(Event::Theme(name.to_owned()));
            }
            None => self.say(Err(format!("no theme `{name}`"))),
        }
    }

    /// Reads the configuration again if its files have changed; a broken one leaves the last good one in
    /// force and is reported.
    fn reload(&mut self) {
        let Some(dir) = self.config_dir.clone() else { return };
        let stamp = files::stamp(&dir);
        if self.stamp.as_ref() == Some(&stamp) {
            return;
        }
        self.stamp = Some(stamp);
        match Config::load(Some(&dir)) {
            Ok(config) => {
                let old = std::mem::replace(&mut self.config, config);
                // A theme chosen by key stays, unless the file now names another.
                if old.settings.ui.theme != self.config.settings.ui.theme {
                    self.theme_name.clone_from(&self.config.settings.ui.theme);
                }
                self.set_theme(&self.theme_name.clone());
                let polled = old.feeds != self.config.feeds
                    || old.settings.poll != self.config.settings.poll
                    || old.catalog != self.config.catalog;
                self.workers.tell_later(Event::Configured(Box::new(crate::app::msg::Configured {
                    needs_restart: polled,
                    buyer: self.config.settings.board.buyer.clone(),
                    keys: self.config.keys.clone(),
                    themes: self.config.themes.keys().cloned().collect(),
                    views: self.config.settings.views.clone(),
                    alerts: self.config.alerts.clone(),
                    economics: self.config.economics.clone(),
                    dates: self.config.settings.calendar.clone(),
                })));
            }
            Err(problems) => {
                let first = problems.problems.first().map_or_else(String::new, ToString::to_string);
                let first = first.lines().next().unwrap_or_default().to_owned();
                self.say(Err(format!(
                    "the changed configuration is not used: {first}; `gigawatch config check` shows it"
                )));
            }
        }
    }
}

impl Effects {
    /// Copies; gives the bytes for the terminal where it goes that way.
    fn copy(&self, text: &str) -> Option<Vec<u8>> {
        let ui = &self.config.settings.ui;
        let clean = match clipboard::clean(text, ui.clipboard_limit as usize) {
            Ok(clean) => clean,
            Err(why) => {
                self.say(Err(why));
                return None;
            }
        };
        if clipboard::is_native(ui.clipboard, &self.environment) {
            let (desktop, workers) = (self.desktop.clone(), self.workers.clone());
            tokio::task::spawn_blocking(move || workers.say(desktop.copy(clean)));
            return None;
        }
        let (bytes, outcome) = clipboard::through_terminal(&clean, &self.environment);
        self.say(outcome);
        Some(bytes)
    }

    /// Hands a notice to whatever beyond the terminal it is meant for. What fails is said and logged.
    fn tell_beyond(&self, notice: Notice) {
        if let Err(why) = notices::tell_program(&notice) {
            self.say(Err(why));
        }
        if notice.webhook.is_none() && !notice.desktop {
            return;
        }
        let workers = self.workers.clone();
        tokio::spawn(async move {
            if let Some(url) = &notice.webhook
                && let Err(why) = notices::post(url, &notice).await
            {
                workers.say(Err(why));
            }
            if notice.desktop
                && let Err(why) = notices::tell_desktop(&notice).await
            {
                workers.say(Err(why));
            }
        });
    }
}

impl Runner for Effects {
    fn dispatch(&mut self, effect: Effect) -> Option<Vec<u8>> {
        match effect {
            // The loop's own.
            Effect::Quit | Effect::Suspend | Effect::Redraw | Effect::Mouse(_) => {}
            Effect::Board { ticket, day, mark } => self.workers.board(ticket, day, mark),
            Effect::Page { ticket, slug, day } => self.workers.page(ticket, slug, day),
            Effect::History(until) => self.workers.history(until),
            Effect::Poll(feed) => self.workers.poll(feed),
            Effect::Keep(deed) => self.workers.keep(&deed),
            Effect::Release(old) => drop(tokio::task::spawn_blocking(move || drop(old))),
            Effect::KeepAlert(alert) => self.workers.keep_alert(&alert),
            Effect::OpenLink(url) => {
                let outcome = browser::open_link(&url, &self.config.settings.ui.browser);
                self.say(outcome);
            }
            Effect::Copy(text) => return self.copy(&text),
            Effect::Theme(name) => self.set_theme(&name),
            Effect::Reload => {
                self.reload();
                self.workers.wake();
            }
            Effect::Pipe { command, text } => {
                let workers = self.workers.clone();
                tokio::task::spawn_blocking(move || {
                    let piped = pipe::run(&command, &text);
                    for line in piped.lines {
                        workers.tell_later(Event::Note { bad: !piped.ok, text: line });
                    }
                    workers.say(if piped.ok { Ok(piped.said) } else { Err(piped.said) });
                });
            }
            Effect::Export { file, text } => {
                let outcome = files::export(&self.export_dir, Path::new(&file), &text);
                self.say(outcome);
            }
            Effect::SaveView(view) => {
                let outcome = match &self.config_dir {
                    Some(dir) => files::save_view(dir, &view),
                    None => {
                        Err("there is no configuration folder to keep it in; it holds until you quit".into())
                    }
                };
                if let Err(what) = outcome {
                    self.say(Err(what));
                }
                self.stamp = self.config_dir.as_deref().map(files::stamp);
            }
            Effect::Notify(notice) => {
                let route = self.config.settings.ui.notices;
                let bytes = notices::notice(&notice, route, &self.environment);
                self.tell_beyond(notice);
                return bytes;
            }
        }
        None
    }

    fn theme(&mut self) -> Option<Theme> {
        self.chosen.take()
    }
}

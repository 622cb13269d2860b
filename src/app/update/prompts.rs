//! Prompts: what they ask, what completes them, what an answer does.

use std::collections::BTreeSet;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::super::State;
use super::super::command::{Call, Command};
use super::super::deals::{Grouping, Sort};
use super::super::filter::{self, Field, Filter};
use super::super::key::Key;
use super::super::msg::Step;
use super::super::nav::{Screen, Tab};
use super::super::prompt::{Answer, Ask, Choice, Prompt};
use super::super::state::ToastKind;
use crate::domain::claim::Rung;
use crate::domain::time::Timestamp;

/// Lines of history kept for each prompt.
const HISTORY: usize = 100;
/// Choices shown.
const CHOICES: usize = 8;

impl State {
    /// Opens a prompt.
    pub(super) fn ask(&mut self, ask: Ask, text: &str) -> Step {
        self.prompt = Some(Prompt::open(ask, text));
        self.complete();
        Step::draw()
    }

    pub(super) fn pasted(&mut self, text: &str) -> Step {
        match &mut self.prompt {
            Some(prompt) => {
                prompt.paste(text);
                self.complete();
                Step::draw()
            }
            // Outside a prompt pasted text would be taken for keys.
            None => Step::none(),
        }
    }

    pub(super) fn prompt_key(&mut self, key: Key, now: Timestamp) -> Step {
        let Some(prompt) = &mut self.prompt else { return Step::none() };
        let ask = prompt.ask;
        let history = self.history.get(&ask).map_or(&[][..], Vec::as_slice);
        match prompt.key(key, history) {
            Answer::Editing => {
                if prompt.chosen.is_none() {
                    self.complete();
                }
                if ask == Ask::Search {
                    self.search_as_typed();
                }
                Step::draw()
            }
            Answer::Cancelled => {
                self.prompt = None;
                if ask == Ask::Search {
                    self.searched.clear();
                }
                Step::draw()
            }
            Answer::Given(text) => {
                self.prompt = None;
                let text = text.trim().to_owned();
                if !text.is_empty() {
                    let lines = self.history.entry(ask).or_default();
                    lines.retain(|line| *line != text);
                    lines.push(text.clone());
                    if lines.len() > HISTORY {
                        lines.remove(0);
                    }
                }
                self.answer(ask, &text, now)
            }
        }
    }

    fn answer(&mut self, ask: Ask, text: &str, now: Timestamp) -> Step {
        match ask {
            Ask::Palette | Ask::AsOf if text.is_empty() => Step::draw(),
            Ask::Palette => match self.place_named(text).map_or_else(|| Call::parse(text), Ok) {
                Ok(call) => self.call(&call, now),
                Err(error) => self.say(ToastKind::Bad, error.to_string(), now),
            },
            Ask::Search => {
                text.clone_into(&mut self.searched);
                if text.is_empty() { Step::draw() } else { self.search(0, now) }
            }
            Ask::Filter => self.set_filter(text, now),
            Ask::AsOf => match Self::typed_day(text, now) {
                Some(day) => self.travel(day, now),
                None => self.say(
                    ToastKind::Bad,
                    format!("`{text}` is no date (2026-02-27, 27 feb, -30d, yesterday)"),
                    now,
                ),
            },
            // An empty note removes it; the other arguments ask for something. A part of a name stands for
            // the first that was offered.
            Ask::Argument(command) => {
                let names = matches!(command, Command::Deal | Command::Show | Command::View | Command::Theme);
                let offered =
                    if names && !text.is_empty() { self.arguments(command, text, "") } else { Vec::new() };
                let exact = offered.iter().any(|choice| choice.text == text);
                match offered.into_iter().next().filter(|_| !exact) {
                    Some(choice) => self.with_argument(command, &choice.text, now),
                    None => self.with_argument(command, text, now),
                }
            }
        }
    }

    pub(super) fn set_filter(&mut self, text: &str, now: Timestamp) -> Step {
        match Filter::parse(text) {
            Ok(filter) => {
                self.shown.filter = filter;
                let (shown, all) =
                    (self.deal_rows().len(), self.world.board.as_ref().map_or(0, |board| board.deals.len()));
                if self.shown.filter.is_empty() {
                    return self.say(ToastKind::Good, "every deal is shown", now);
                }
                self.say(ToastKind::Good, format!("{shown} of {all} deals fit"), now)
            }
            Err(error) => self.say(ToastKind::Bad, error.to_string(), now),
        }
    }

    fn search_as_typed(&mut self) {
        if let Some(prompt) = &self.prompt {
            prompt.text().trim().clone_into(&mut self.searched);
        }
    }

    /// Moves to a row that holds what is searched: the next at or after the cursor (`by` 0), after it
    /// (1), or before it (-1); going round.
    pub(super) fn search(&mut self, by: isize, now: Timestamp) -> Step {
        let wanted = self.searched.to_lowercase();
        if wanted.is_empty() {
            return self.say(ToastKind::Good, "nothing is searched for", now);
        }
        let list = self.list();
        let rows = self.rows(list);
        let count = rows.len() as isize;
        let keys: Vec<&str> = rows.iter().map(|row| row.key.as_str()).collect();
        let place = self.place(list, &keys) as isize;
        let direction = if by < 0 { -1 } else { 1 };
        let found = (by.abs()..=count)
            .map(|step| (place + direction * step).rem_euclid(count.max(1)) as usize)
            .find(|at| rows.get(*at).is_some_and(|row| row.text.to_lowercase().contains(&wanted)));
        if let Some(at) = found {
            self.move_to(list, at)
        } else {
            let text = format!("`{}` is not among these rows", self.searched);
            self.say(ToastKind::Bad, text, now)
        }
    }

    /// Fills the choices of the prompt.
    fn complete(&mut self) {
        let Some(prompt) = &self.prompt else { return };
        let text = prompt.text().to_owned();
        let choices = match prompt.ask {
            Ask::Palette => self.palette_choices(&text),
            Ask::Filter => self.filter_choices(&text),
            Ask::AsOf => self.day_choices(&text),
            Ask::Argument(command) => self.arguments(command, &text, ""),
            Ask::Search => Vec::new(),
        };
        if let Some(prompt) = &mut self.prompt {
            prompt.choices = choices;
        }
    }

    /// A place of its own name needs no `show` or `deal` before it, unless a command has that name.
    fn place_named(&self, name: &str) -> Option<Call> {
        let command = if Command::named(name).is_some() {
            return None;
        } else if Screen::named(name).is_some() || Tab::named(name).is_some() {
            Command::Show
        } else {
            self.world.deal(name).map(|_| Command::Deal)?
        };
        Some(Call { command, argument: name.to_owned() })
    }

    fn palette_choices(&self, text: &str) -> Vec<Choice> {
        if let Some((name, argument)) = text.split_once(' ')
            && let Some(command) = Command::named(name)
        {
            return self.arguments(command, argument.trim_start(), &format!("{name} "));
        }
        let commands = Command::ALL.iter().map(|command| {
            let spec = command.spec();
            let keys = self.keys_of(*command);
            let about =
                if keys.is_empty() { spec.about.to_owned() } else { format!("{} [{keys}]", spec.about) };
            let text = if spec.argument.starts_with('[') || spec.argument.is_empty() {
                spec.name.to_owned()
            } else {
                format!("{} ", spec.name)
            };
            Choice { text, about }
        });
        let mut choices = best(text, commands.collect(), |choice| choice.text.trim_end().to_owned());
        // Where one could go is looked for by its own name, too.
        if !text.trim().is_empty() {
            for command in [Command::Show, Command::Deal] {
                let before = format!("{} ", command.spec().name);
                choices.extend(self.arguments(command, text, &before));
            }
        }
        choices.truncate(CHOICES);
        choices
    }

    /// What may be given to a command.
    fn arguments(&self, command: Command, typed: &str, before: &str) -> Vec<Choice> {
        let plain =
            |name: &str, about: &str| Choice { text: format!("{before}{name}"), about: about.to_owned() };
        let choices: Vec<Choice> = match command {
            Command::Show => {
                let screens = Screen::PLACES.iter().map(|screen| plain(screen.name(), "screen"));
                screens.chain(Tab::ALL.iter().map(|tab| plain(&tab.name(), "tab of the deal"))).collect()
            }
            Command::Deal => {
                let deals = self.world.board.iter().flat_map(|board| &board.deals);
                deals.map(|deal| plain(deal.deal.slug.as_str(), &deal.deal.name)).collect()
            }
            Command::Sort => Sort::ALL.iter().map(|(_, name)| plain(name, "")).collect(),
            Command::Group => Grouping::ALL.iter().map(|(_, name)| plain(name, "")).collect(),
            Command::Theme => self.options.themes.iter().map(|name| plain(name, "")).collect(),
            Command::View => self.options.views.iter().map(|view| plain(&view.name, &view.filter)).collect(),
            Command::Mute => ["1h", "8h", "1d", "7d", "off"].map(|length| plain(length, "")).to_vec(),
            Command::PickLink => {
                let links = self.links();
                links
                    .iter()
                    .zip(1..)
                    .map(|(link, number): (&String, u32)| plain(&number.to_string(), link))
                    .collect()
            }
            Command::Acknowledge => vec![plain("all", "every alert that waits")],
            Command::Hold => self.hold_choices(before),
            Command::Read => vec![plain("all", "everything on the board")],
            Command::AsOf => {
                return self
                    .day_choices(typed)
                    .into_iter()
                    .map(|choice| Choice { text: format!("{before}{}", choice.text), about: choice.about })
                    .collect();
            }
            Command::Filter => {
                return self
                    .filter_choices(typed)
                    .into_iter()
                    .map(|choice| Choice { text: format!("{before}{}", choice.text), about: choice.about })
                    .collect();
            }
            _ => Vec::new(),
        };
        best(typed, choices, |choice| choice.text.get(before.len()..).unwrap_or_default().to_owned())
    }

    /// Judgements that can be made on the legs of the deal in question, and those that can be ended.
    fn hold_choices(&self, before: &str) -> Vec<Choice> {
        let deal = self.subject().and_then(|slug| self.world.deal(&slug));
        let legs = deal.into_iter().flat_map(|deal| &deal.legs);
        let mut choices = Vec::new();
        for leg in legs {
            let about = format!("now {}", leg.status.rung.label());
            for rung in Rung::ALL {
                let text = format!("{before}{} exactly {}", leg.kind.word(), rung.label().to_lowercase());
                choices.push(Choice { text, about: about.clone() });
            }
            if !leg.pins.is_empty() {
                let text = format!("{before}{} off", leg.kind.word());
                choices.insert(0, Choice { text, about: "end your judgement".to_owned() });
            }
        }
        choices
    }

    /// Days on which a deal's word changed.
    fn day_choices(&self, typed: &str) -> Vec<Choice> {
        let Some(history) = &self.world.history else { return Vec::new() };
        let choices: Vec<Choice> = history
            .changes
            .iter()
            .rev()
            .filter(|change| change.flip)
            .map(|change| Choice {
                text: change.day.to_string(),
                about: format!("{}: {}", change.deal, change.what),
            })
            .collect();
        best(typed, choices, |choice| format!("{} {}", choice.text, choice.about))
    }
}

/// The choices that match what is typed, best first; all of them, in their order, where nothing is typed.
fn best(typed: &str, choices: Vec<Choice>, key: impl Fn(&Choice) -> String) -> Vec<Choice> {
    let typed = typed.trim();
    if typed.is_empty() {
        return choices.into_iter().take(CHOICES).collect();
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let mut buffer = Vec::new();
    let mut scored: Vec<(u32, Choice)> = choices
        .into_iter()
        .filter_map(|choice| {
            let score = pattern.score(Utf32Str::new(&key(&choice), &mut buffer), &mut matcher)?;
            Some((score, choice))
        })
        .collect();
    // Stable: equally good ones keep the order of the table.
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    scored.into_iter().take(CHOICES).map(|(_, choice)| choice).collect()
}

impl State {
    /// Fields of the query language, and after a field the values that the board has for it.
    fn filter_choices(&self, text: &str) -> Vec<Choice> {
        let (before, word) = text.rsplit_once(' ').map_or(("", text), |(before, word)| (before, word));
        let before = if before.is_empty() { String::new() } else { format!("{before} ") };
        if let Some((name, typed)) = word.split_once(':') {
            // Of alternatives the last one is being typed.
            let (others, typed) = typed.rsplit_once(',').map_or(("", typed), |(others, last)| (others, last));
            let others = if others.is_empty() { String::new() } else { format!("{others},") };
            let deals = self.world.board.iter().flat_map(|board| &board.deals);
            let values: BTreeSet<String> = deals.flat_map(|deal| filter::values(name, deal)).collect();
            let prefix = format!("{before}{name}:{others}");
            let choices = values
                .into_iter()
                .map(|value| Choice { text: format!("{prefix}{value}"), about: String::new() });
            return best(typed, choices.collect(), |choice| {
                choice.text.get(prefix.len()..).unwrap_or_default().to_owned()
            });
        }
        if word.contains(['<', '>', '=']) {
            return Vec::new();
        }
        let choices = Field::ALL
            .iter()
            .map(|(_, name, about)| Choice { text: format!("{before}{name}:"), about: (*about).to_owned() });
        best(word, choices.collect(), |choice| choice.text.get(before.len()..).unwrap_or_default().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use crate::app::fixture::Bench;
    use crate::app::nav::{Screen, Tab};

    #[test]
    fn the_palette_completes_and_remembers() {
        let mut bench = Bench::new();
        bench.press(":").type_in("gro").press("tab enter");
        assert_eq!(bench.state.shown.group.name(), "buyer", "{}", bench.said());
        bench.press(":").press("up");
        assert_eq!(bench.state.prompt.as_ref().unwrap().text(), "group");
        bench.press("esc").press(":").type_in("fliter x").press("enter");
        assert!(bench.said().contains("did you mean `filter`"), "{}", bench.said());
        bench.press(":").type_in("show sources").press("enter");
        assert_eq!(bench.state.screen, Screen::Sources);
    }

    #[test]
    fn the_palette_goes_to_every_place_by_its_own_name() {
        let mut bench = Bench::new();
        bench.press(":").type_in("econ").press("tab enter");
        assert_eq!(bench.state.screen, Screen::Deal(Tab::Economics), "{}", bench.said());
        bench.press(":").type_in("calendar").press("enter");
        assert_eq!(bench.state.screen, Screen::Calendar);
        bench.press(":").type_in("openai-amd").press("enter");
        assert_eq!(bench.state.deal.as_deref(), Some("openai-amd"));
    }
}

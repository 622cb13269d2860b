//! What each command does.

use super::super::State;
use super::super::command::{Call, Command};
use super::super::deals::{Grouping, Sort};
use super::super::economics::Knob;
use super::super::format;
use super::super::msg::{Effect, Step};
use super::super::nav::{List, Screen, Tab};
use super::super::own::{Deed, Held};
use super::super::prompt::Ask;
use super::super::state::ToastKind;
use super::super::world::Own;
use crate::config::settings::View;
use crate::domain::deal::{DealSlug, LegKind};
use crate::domain::time::Timestamp;
use crate::ledger::LegPin;

impl State {
    /// Runs a command.
    pub(super) fn call(&mut self, call: &Call, now: Timestamp) -> Step {
        let list = self.list();
        let given = call.argument.as_str();
        match call.command {
            Command::Down => self.move_by(list, 1),
            Command::Up => self.move_by(list, -1),
            Command::Left if list == List::Economics => self.turn(-1),
            Command::Right if list == List::Economics => self.turn(1),
            Command::Left | Command::Back => self.back(),
            Command::Right | Command::Open => self.open(now),
            Command::Top => self.move_to(list, 0),
            Command::Bottom => self.move_to(list, usize::MAX),
            Command::HalfDown => self.move_page(1),
            Command::HalfUp => self.move_page(-1),
            Command::PageDown => self.move_page(2),
            Command::PageUp => self.move_page(-2),
            Command::NextPane => self.next_pane(1, now),
            Command::PreviousPane => self.next_pane(-1, now),
            Command::NextNew => self.neighbour_new(1, now),
            Command::PreviousNew => self.neighbour_new(-1, now),
            Command::NextDeal => self.neighbour_deal(1, now),
            Command::PreviousDeal => self.neighbour_deal(-1, now),
            Command::Search if given.is_empty() => self.ask(Ask::Search, ""),
            Command::Search => {
                given.clone_into(&mut self.searched);
                self.search(0, now)
            }
            Command::SearchNext => self.search(1, now),
            Command::SearchPrevious => self.search(-1, now),
            Command::Filter if given.is_empty() => {
                let text = self.shown.filter.text.clone();
                self.ask(Ask::Filter, &text)
            }
            Command::Filter => self.set_filter(given, now),
            Command::ClearFilter => self.set_filter("", now),
            Command::Sort => self.sort(given, now),
            Command::ReverseSort => {
                self.shown.reversed = !self.shown.reversed;
                Step::draw()
            }
            Command::Group => self.group(given, now),
            Command::Zoom => {
                self.zoomed = !self.zoomed;
                Step::draw()
            }
            Command::View if given.is_empty() => self.next_view(now),
            Command::AsOf if given.is_empty() => self.ask(Ask::AsOf, ""),
            Command::Live => self.live(now),
            Command::EarlierChange => self.step_change(-1, now),
            Command::LaterChange => self.step_change(1, now),
            Command::Mark => self.mark(list),
            Command::Pin => self.pin(now),
            Command::Read => self.read(given, now),
            Command::Note if given.is_empty() => self.ask_note(now),
            Command::Acknowledge => self.acknowledge(given, now),
            Command::Mute if given.is_empty() => match self.subject_or_alert() {
                Some(_) => self.ask(Ask::Argument(Command::Mute), ""),
                None => self.no_deal(now),
            },
            Command::Undo => match self.take_back() {
                Some((said, effects)) => {
                    self.say(ToastKind::Good, format!("undone: {said}"), now).and(Step::effects(effects))
                }
                None => self.say(ToastKind::Good, "nothing to undo", now),
            },
            Command::OpenLink => self.open_link(now),
            Command::Copy => self.copy(now),
            Command::Refresh if self.screen == Screen::Sources => match self.row() {
                Some(row) => self.poll(Some(row.key), now),
                None => self.poll(None, now),
            },
            Command::Refresh | Command::RefreshAll => self.poll(None, now),
            Command::Export => self.export(given, now),
            Command::Palette => self.ask(Ask::Palette, ""),
            Command::Help if self.screen == Screen::Help => self.back(),
            Command::Help => self.go(Screen::Help),
            Command::Kiosk => {
                let slug = self.selected_deal();
                let Some(slug) = slug else { return self.no_deal(now) };
                self.kiosk = Some(0);
                self.drill(&slug, Tab::Overview, now).and(self.say(
                    ToastKind::Good,
                    "kiosk mode: any key ends it",
                    now,
                ))
            }
            Command::Reset => {
                self.knobs.reset();
                self.say(ToastKind::Good, "every lever is where it was", now)
            }
            Command::Figures => self.show_figures(now),
            Command::Mouse => {
                self.options.mouse = !self.options.mouse;
                let said = if self.options.mouse {
                    "the mouse is listened to"
                } else {
                    "the mouse is the terminal's"
                };
                self.say(ToastKind::Good, said, now).and(Step::effect(Effect::Mouse(self.options.mouse)))
            }
            Command::Redraw => Step::effect(Effect::Redraw),
            Command::Suspend => Step::effect(Effect::Suspend),
            Command::Leave if self.screen == Screen::Board && !self.zoomed => Step::effect(Effect::Quit),
            Command::Leave => {
                // `q` leaves the place, whatever is searched there.
                self.searched.clear();
                self.back()
            }
            Command::Quit => Step::effect(Effect::Quit),
            Command::Theme if given.is_empty() => {
                let themes = &self.options.themes;
                let place =
                    themes.iter().position(|name| *name == self.options.theme).map_or(0, |place| place + 1);
                let next = themes.get(place % themes.len().max(1)).cloned();
                next.map_or_else(Step::none, |name| Step::effect(Effect::Theme(name)))
            }
            Command::Number
            | Command::Deal
            | Command::Show
            | Command::View
            | Command::SaveView
            | Command::Theme
            | Command::AsOf
            | Command::Note
            | Command::Hold
            | Command::Mute
            | Command::Pipe
            | Command::PickLink
                if given.is_empty() =>
            {
                self.ask(Ask::Argument(call.command), "")
            }
            command => self.with_argument(command, given, now),
        }
    }

    /// Runs a command that needs its argument.
    pub(super) fn with_argument(&mut self, command: Command, given: &str, now: Timestamp) -> Step {
        match command {
            Command::Note => self.note(given, now),
            Command::Hold => self.hold(given, now),
            _ if given.is_empty() => Step::draw(),
            Command::Number => self.number(given, now),
            Command::Deal => self.drill(given, Tab::Overview, now),
            Command::Show => {
                if let Some(screen) = Screen::named(given) {
                    self.go(screen)
                } else if let Some(tab) = Tab::named(given) {
                    match self.subject() {
                        Some(slug) => self.drill(&slug, tab, now),
                        None => self.no_deal(now),
                    }
                } else {
                    let screens = Screen::PLACES.map(|screen| screen.name()).join(" ");
                    let tabs = Tab::ALL.map(Tab::name).join(" ");
                    self.say(ToastKind::Bad, format!("no screen `{given}`: {screens}; {tabs}"), now)
                }
            }
            Command::Pipe => self.pipe(given, now),
            Command::View => self.view(given, now),
            Command::SaveView => self.save_view(given, now),
            Command::Theme if self.options.themes.iter().any(|name| name == given) => {
                Step::effect(Effect::Theme(given.to_owned()))
            }
            Command::Theme => {
                let known = self.options.themes.join(" ");
                self.say(ToastKind::Bad, format!("no theme `{given}`: {known}"), now)
            }
            Command::AsOf => match Self::typed_day(given, now) {
                Some(day) => self.travel(day, now),
                None => self.say(ToastKind::Bad, format!("`{given}` is no date"), now),
            },
            Command::Mute => self.mute(given, now),
            Command::PickLink => self.pick_link(given, now),
            other => self.say(ToastKind::Bad, format!("`{other}` does nothing here"), now),
        }
    }

    fn no_deal(&mut self, now: Timestamp) -> Step {
        self.say(ToastKind::Bad, "no deal is under the cursor", now)
    }

    fn turn(&mut self, by: i64) -> Step {
        let place = self.place(List::Economics, &self.keys(List::Economics));
        let knob = Knob::ALL.get(place).copied().unwrap_or(Knob::Share);
        let deal = self.page.as_ref().map(|page| &page.status);
        self.knobs.shift(knob, by * 10, &self.economics, deal);
        Step::draw()
    }

    fn sort(&mut self, given: &str, now: Timestamp) -> Step {
        let sort = if given.is_empty() { Some(self.shown.sort.next()) } else { Sort::named(given) };
        if let Some(sort) = sort {
            self.shown.sort = sort;
            self.say(ToastKind::Good, format!("sorted by {}", sort.name()), now)
        } else {
            let known = Sort::ALL.map(|(_, name)| name).join(" ");
            self.say(ToastKind::Bad, format!("no order `{given}`: {known}"), now)
        }
    }

    fn group(&mut self, given: &str, now: Timestamp) -> Step {
        let group = if given.is_empty() { Some(self.shown.group.next()) } else { Grouping::named(given) };
        if let Some(group) = group {
            self.shown.group = group;
            self.say(ToastKind::Good, format!("grouped by {}", group.name()), now)
        } else {
            let known = Grouping::ALL.map(|(_, name)| name).join(" ");
            self.say(ToastKind::Bad, format!("no grouping `{given}`: {known}"), now)
        }
    }

    fn view(&mut self, name: &str, now: Timestamp) -> Step {
        let Some(view) = self.options.views.iter().find(|view| view.name == name).cloned() else {
            return self.say(ToastKind::Bad, format!("no view `{name}`; `:save-view NAME` makes one"), now);
        };
        self.shown.sort = Sort::named(&view.sort).unwrap_or_default();
        self.shown.group = Grouping::named(&view.group).unwrap_or_default();
        let step = self.set_filter(&view.filter, now);
        self.go(Screen::Board).and(step).and(self.say(ToastKind::Good, format!("view `{name}`"), now))
    }

    fn next_view(&mut self, now: Timestamp) -> Step {
        let now_shown =
            |view: &View| view.filter == self.shown.filter.text && view.sort == self.shown.sort.name();
        let place = self.options.views.iter().position(now_shown).map_or(0, |place| place + 1);
        match self.options.views.get(place % self.options.views.len().max(1)).map(|view| view.name.clone()) {
            Some(name) => self.view(&name, now),
            None => self.say(ToastKind::Good, "no saved view; `:save-view NAME` makes one", now),
        }
    }

    fn save_view(&mut self, name: &str, now: Timestamp) -> Step {
        let view = View {
            name: name.to_owned(),
            filter: self.shown.filter.text.clone(),
            sort: self.shown.sort.name().to_owned(),
            group: self.shown.group.name().to_owned(),
        };
        self.options.views.retain(|known| known.name != name);
        self.options.views.push(view.clone());
        self.say(ToastKind::Good, format!("view `{name}` saved"), now)
            .and(Step::effect(Effect::SaveView(view)))
    }

    fn mark(&mut self, list: List) -> Step {
        let Some(row) = self.row() else { return Step::none() };
        let marks = self.marks.entry(list).or_default();
        if !marks.remove(&row.key) {
            marks.insert(row.key);
        }
        self.move_by(list, 1).and(Step::draw())
    }

    /// The deals that an act is about: the marked ones on the board, else the one in question.
    fn subjects(&self) -> Vec<String> {
        let marked = self.marks.get(&List::Deals).filter(|marks| !marks.is_empty());
        match marked {
            Some(marks) if self.screen == Screen::Board => marks.iter().cloned().collect(),
            _ => self.subject().into_iter().collect(),
        }
    }

    fn subject_or_alert(&self) -> Option<String> {
        if self.screen == Screen::Alerts { self.row().and_then(|row| row.deal) } else { self.subject() }
    }

    fn pin(&mut self, now: Timestamp) -> Step {
        let slugs = self.subjects();
        let Some(first) = slugs.first() else { return self.no_deal(now) };
        let on = !self.world.own.pinned.contains(first);
        let said =
            format!("{}: {}", slugs.join(", "), if on { "pinned to the top" } else { "no longer pinned" });
        let effects = self.deeds(slugs.into_iter().map(|slug| Deed::Pin(slug, on)).collect());
        self.say(ToastKind::Good, said, now).and(Step::effects(effects))
    }

    /// Holds a leg's rung by the user's judgement, or no longer (`LEG off`).
    fn hold(&mut self, given: &str, now: Timestamp) -> Step {
        let Some(slug) = self.subject().map(DealSlug) else { return self.no_deal(now) };
        let Some(deal) = self.world.deal(slug.as_str()) else { return self.no_deal(now) };
        let has = |kind: LegKind| deal.leg(kind).is_some();
        // Only the whole word: a note may end in `written off`.
        let words: Vec<&str> = given.split_whitespace().collect();
        let (held, pin) = if let [leg, "off"] = words[..] {
            let Some(kind) = deal.legs.iter().map(|leg| leg.kind).find(|kind| kind.word() == leg) else {
                return self.say(ToastKind::Bad, format!("{slug} has no leg `{leg}`"), now);
            };
            (Held::new(&slug, kind), None)
        } else {
            match LegPin::parse(&slug, given, now.day()) {
                Ok(pin) if has(pin.leg) => (Held::new(&slug, pin.leg), Some(pin.to_string())),
                Ok(pin) => {
                    return self.say(ToastKind::Bad, format!("{slug} has no {} leg", pin.leg.word()), now);
                }
                Err(error) => return self.say(ToastKind::Bad, error.to_string(), now),
            }
        };
        let said = match &pin {
            Some(pin) => format!("{slug}: held {pin}"),
            None => format!("{slug}: no longer held"),
        };
        let effects = self.deeds(vec![Deed::Hold(held, pin)]);
        self.say(ToastKind::Good, said, now).and(Step::effects(effects))
    }

    fn read(&mut self, given: &str, now: Timestamp) -> Step {
        let slugs: Vec<String> = match given {
            "all" => self.keys(List::Deals),
            "" => self.subjects(),
            other => {
                return self.say(ToastKind::Bad, format!("`read {other}`: only `read` or `read all`"), now);
            }
        };
        if slugs.is_empty() {
            return self.no_deal(now);
        }
        let said = format!("{} deal{} read", slugs.len(), if slugs.len() == 1 { "" } else { "s" });
        let effects = self.deeds(slugs.into_iter().map(|slug| Deed::Read(slug, Some(now))).collect());
        self.say(ToastKind::Good, said, now).and(Step::effects(effects))
    }

    fn ask_note(&mut self, now: Timestamp) -> Step {
        match self.subject() {
            Some(slug) => {
                let note = self.world.own.notes.get(&slug).cloned().unwrap_or_default();
                self.ask(Ask::Argument(Command::Note), &note)
            }
            None => self.no_deal(now),
        }
    }

    fn note(&mut self, text: &str, now: Timestamp) -> Step {
        let Some(slug) = self.subject() else { return self.no_deal(now) };
        let text = crate::domain::text::DisplayText::line(text, 500);
        let note = (!text.is_empty()).then(|| text.as_str().to_owned());
        let said = format!("{slug}: {}", if note.is_some() { "noted" } else { "note removed" });
        let effects = self.deeds(vec![Deed::Note(slug, note)]);
        self.say(ToastKind::Good, said, now).and(Step::effects(effects))
    }

    fn mute(&mut self, given: &str, now: Timestamp) -> Step {
        let Some(slug) = self.subject_or_alert() else { return self.no_deal(now) };
        let until = match given {
            "off" => None,
            given => {
                if let Some(length) = format::parse_length(given) {
                    Some(now.plus(length))
                } else {
                    let text = format!("`{given}` is no length of time (30m, 1h, 3d, off)");
                    return self.say(ToastKind::Bad, text, now);
                }
            }
        };
        let said = match until {
            Some(_) => format!("{slug}: alerts muted for {given}"),
            None => format!("{slug}: alerts no longer muted"),
        };
        let effects = self.deeds(vec![Deed::Mute(slug, until)]);
        self.say(ToastKind::Good, said, now).and(Step::effects(effects))
    }

    fn acknowledge(&mut self, given: &str, now: Timestamp) -> Step {
        if given == "all" {
            let waiting: Vec<Deed> = self
                .desk
                .open(&self.world.own)
                .map(|alert| Deed::Acknowledge(alert.key.clone(), true))
                .collect();
            let said = match waiting.len() {
                0 => return self.say(ToastKind::Good, "no alert is waiting", now),
                1 => "1 alert acknowledged".to_owned(),
                count => format!("{count} alerts acknowledged"),
            };
            let effects = self.deeds(waiting);
            return self.say(ToastKind::Good, said, now).and(Step::effects(effects));
        }
        if !given.is_empty() {
            let text = format!("`acknowledge {given}`: only `acknowledge` or `acknowledge all`");
            return self.say(ToastKind::Bad, text, now);
        }
        let key = if self.screen == Screen::Alerts {
            self.row().map(|row| row.key)
        } else {
            self.desk.open(&self.world.own).next().map(|alert| alert.key.clone())
        };
        match key {
            Some(key) => {
                let on = !self.world.own.acknowledged.contains(&key);
                let effects = self.deeds(vec![Deed::Acknowledge(key, on)]);
                let said = if on { "acknowledged" } else { "no longer acknowledged" };
                self.say(ToastKind::Good, said, now).and(Step::effects(effects))
            }
            None => self.say(ToastKind::Good, "no alert is waiting", now),
        }
    }

    /// The marked rows, or the row under the cursor, as text: words, then the link.
    fn picked(&self) -> Option<String> {
        let list = self.list();
        let marked: Vec<_> =
            self.rows(list).into_iter().filter(|row| self.is_marked(list, &row.key)).collect();
        let rows = if marked.is_empty() { self.row().into_iter().collect() } else { marked };
        let lines: Vec<String> = rows
            .into_iter()
            .map(|row| row.url.map_or_else(|| row.text.clone(), |url| format!("{}\n{url}", row.text)))
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }

    fn copy(&mut self, now: Timestamp) -> Step {
        match self.picked() {
            Some(text) => Step::effect(Effect::Copy(text)),
            None => self.say(ToastKind::Bad, "nothing to copy", now),
        }
    }

    fn pipe(&mut self, command: &str, now: Timestamp) -> Step {
        match self.picked() {
            Some(text) => Step::effect(Effect::Pipe { command: command.to_owned(), text: text + "\n" }),
            None => self.say(ToastKind::Bad, "nothing to hand over", now),
        }
    }

    /// Opens the source of the row; of a deal that of its newest claim that has one.
    fn open_link(&mut self, now: Timestamp) -> Step {
        let of_deal = || {
            let ledger = self.world.ledger.as_ref()?;
            let day = self.shown_day(now);
            let entries = ledger.book(&self.selected_deal()?)?.legs.iter().flat_map(|leg| &leg.entries);
            let linked = entries.filter(|entry| entry.claim.known <= day && entry.claim.source.url.is_some());
            linked.max_by_key(|entry| entry.claim.published).and_then(|entry| entry.claim.source.url.clone())
        };
        let url = match self.list() {
            List::Deals => of_deal(),
            _ => self.row().and_then(|row| row.url),
        };
        match url {
            Some(url) => Step::effect(Effect::OpenLink(url)),
            None => self.say(ToastKind::Bad, "this row has no link", now),
        }
    }

    fn poll(&mut self, feed: Option<String>, now: Timestamp) -> Step {
        if self.world.offline {
            return self.say(ToastKind::Bad, "the configuration says `offline = true`", now);
        }
        if self.world.viewer {
            return self.say(ToastKind::Bad, "another gigawatch polls; press it there", now);
        }
        let said = feed
            .as_ref()
            .map_or_else(|| "every feed is being asked".to_owned(), |id| format!("asking `{id}`"));
        self.say(ToastKind::Good, said, now).and(Step::effect(Effect::Poll(feed)))
    }

    /// The links of the rows that the last frame showed.
    pub fn links(&self) -> Vec<String> {
        let list = self.list();
        let page = self.pages.of(list);
        let rows = self.rows(list).into_iter().skip(page.top).take(page.height.max(1));
        let mut links: Vec<String> = Vec::new();
        for url in rows.filter_map(|row| row.url) {
            if !links.contains(&url) {
                links.push(url);
            }
        }
        links
    }

    fn pick_link(&mut self, given: &str, now: Timestamp) -> Step {
        let links = self.links();
        match given.parse::<usize>().ok().and_then(|number| links.get(number.wrapping_sub(1))) {
            Some(url) => Step::effect(Effect::OpenLink(url.clone())),
            None => {
                self.say(ToastKind::Bad, format!("there is no link {given}: {} are shown", links.len()), now)
            }
        }
    }

    fn export(&mut self, file: &str, now: Timestamp) -> Step {
        let text = super::super::export::markdown(self, now);
        Step::effect(Effect::Export { file: file.to_owned(), text })
    }

    /// Alerts of a deal are silent.
    pub(in crate::app) fn is_muted(own: &Own, slug: &str, now: Timestamp) -> bool {
        own.muted.get(slug).is_some_and(|until| *until > now)
    }
}

//! The event loop. No tick: it draws when something changed and sleeps when nothing does.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::frame_gate::FrameGate;
use super::keyboard::Keyboard;
use super::signals::Notice;
use super::surface::Surface;
use crate::app::State;
use crate::app::msg::{Effect, Event, Msg, Wait};
use crate::domain::time::Timestamp;
use crate::ui;
use crate::ui::theme::Theme;

/// Why the screen ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// Asked for.
    Quit,
    /// By a signal.
    Terminated,
    /// The terminal went away.
    TerminalGone,
}

/// Does what the app asks of the world. Never waits: whatever takes time is handed to a task.
pub(crate) trait Runner {
    /// Starts an effect. Escape sequences for the terminal are returned.
    fn dispatch(&mut self, effect: Effect) -> Option<Vec<u8>>;
    /// The theme, if it has changed since it was last asked for.
    fn theme(&mut self) -> Option<Theme>;
}

/// Messages taken in one go before the next frame and the next key get their turn.
const DRAIN: usize = 256;

/// Labels that change with time alone are not worth more wake-ups than this, however fast a clock runs.
const SHORTEST_WAIT: Duration = Duration::from_millis(100);

/// The app's waits that are under way: the number of each, and when it is over.
#[derive(Default)]
struct Waits(BTreeMap<Wait, (u64, Instant)>);

impl Waits {
    /// Begins those that are new and forgets those that the app no longer knows.
    fn follow(&mut self, state: &State, now: Instant) {
        let begun = std::mem::take(&mut self.0);
        for (wait, number, length) in state.waits() {
            let same = begun.get(&wait).filter(|(begun, _)| *begun == number);
            self.0.insert(wait, same.copied().unwrap_or((number, now + length)));
        }
    }

    /// When the first is over.
    fn first(&self) -> Option<Instant> {
        self.0.values().map(|(_, end)| *end).min()
    }

    /// One that is over.
    fn over(&self, now: Instant) -> Option<Wait> {
        self.0.iter().find(|(_, (_, end))| *end <= now).map(|(wait, _)| *wait)
    }
}

/// Everything that the loop connects.
pub(crate) struct Loop<S, K, R, C> {
    pub(crate) surface: S,
    pub(crate) keyboard: K,
    pub(crate) notices: mpsc::UnboundedReceiver<Notice>,
    pub(crate) inbox: mpsc::Receiver<Event>,
    pub(crate) runner: R,
    /// Milliseconds since 1970, by the clock of this run.
    pub(crate) clock: C,
    /// Seconds of that clock in one of ours.
    pub(crate) rate: u32,
    pub(crate) theme: Theme,
}

impl<S: Surface, K: Keyboard, R: Runner, C: Fn() -> i64> Loop<S, K, R, C> {
    /// Runs until the app asks to quit, a signal comes or the terminal goes away.
    pub(crate) async fn run(&mut self, state: &mut State) -> io::Result<End> {
        let mut gate = FrameGate::new();
        let mut frame = Buffer::empty(Rect::ZERO);
        let mut effects = VecDeque::from(state.start(self.now()).effects);
        let mut stopped_here = false;
        let mut waits = Waits::default();
        loop {
            // Decided outside `select!`: a flood of messages cannot starve it.
            let now = Instant::now();
            if gate.due(now).is_some_and(|due| due <= now) {
                self.draw(state, &mut frame)?;
                gate.drawn(now, now.elapsed());
            }
            if let Some(end) = self.perform(&mut effects, &mut gate, &mut stopped_here)? {
                return Ok(end);
            }

            let wake =
                [gate.due(Instant::now()), self.next_wake(state), waits.first()].into_iter().flatten().min();
            let first = tokio::select! { biased;
                notice = self.notices.recv() => match notice {
                    Some(Notice::Terminate) | None => return Ok(End::Terminated),
                    Some(Notice::TerminalGone) => return Ok(End::TerminalGone),
                    Some(Notice::Stop) => { effects.push_back(Effect::Suspend); None }
                    Some(Notice::Continue) => {
                        // Our own stop has already repainted.
                        if !std::mem::take(&mut stopped_here) {
                            self.surface.recover()?;
                            gate.mark(true);
                        }
                        None
                    }
                },
                key = self.keyboard.next() => match key {
                    Some(Ok(msg)) => Some(msg),
                    Some(Err(_)) | None => return Ok(End::TerminalGone),
                },
                event = self.inbox.recv(), if !self.inbox.is_closed() || !self.inbox.is_empty() => event.map(Msg::Event),
                () = sleep_until(wake.unwrap_or_else(Instant::now)), if wake.is_some() => {
                    Some(waits.over(Instant::now()).map_or(Msg::Tick, Msg::Over))
                }
            };
            let typed = matches!(first, Some(Msg::Key(_)));

            let mut next = first;
            let mut budget = DRAIN;
            while let Some(msg) = next {
                // Also when the size came back to what it was: the terminal has lost what was cut off.
                if matches!(msg, Msg::Resized) {
                    self.surface.invalidate();
                }
                let step = state.update(msg, self.now());
                gate.mark(step.dirty);
                effects.extend(step.effects);
                budget -= 1;
                next = if budget > 0 { self.inbox.try_recv().ok().map(Msg::Event) } else { None };
            }
            if typed {
                gate.hurry();
            }
            waits.follow(state, Instant::now());
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp((self.clock)().div_euclid(1000))
    }

    /// The app's next deadline on the loop's own time line.
    fn next_wake(&self, state: &State) -> Option<Instant> {
        let millis = (self.clock)();
        let wake = state.next_wake(Timestamp(millis.div_euclid(1000)))?;
        let wait = wake.0.saturating_mul(1000).saturating_sub(millis) / i64::from(self.rate.max(1));
        Some(Instant::now() + Duration::from_millis(wait.max(0) as u64).max(SHORTEST_WAIT))
    }

    fn draw(&mut self, state: &mut State, frame: &mut Buffer) -> io::Result<()> {
        if let Some(theme) = self.runner.theme() {
            self.theme = theme;
        }
        let size = self.surface.size()?;
        let area = Rect::new(0, 0, size.width, size.height);
        frame.resize(area);
        frame.reset();
        let report = ui::render(state, &self.theme, self.now(), area, frame);
        let cursor = report.cursor.map(Into::into);
        state.drawn(report);
        self.surface.present(frame, cursor)?;
        match state.window_title() {
            Some(title) => self.surface.entitle(&title),
            None => Ok(()),
        }
    }

    fn perform(
        &mut self,
        effects: &mut VecDeque<Effect>,
        gate: &mut FrameGate,
        stopped_here: &mut bool,
    ) -> io::Result<Option<End>> {
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Quit => return Ok(Some(End::Quit)),
                Effect::Redraw => {
                    self.surface.invalidate();
                    gate.mark(true);
                }
                Effect::Mouse(on) => self.surface.listen_to_mouse(on)?,
                Effect::Suspend => {
                    self.keyboard.pause();
                    *stopped_here = true;
                    self.surface.suspend()?;
                    self.keyboard.resume();
                    gate.mark(true);
                }
                other => {
                    if let Some(bytes) = self.runner.dispatch(other) {
                        self.surface.escape(&bytes)?;
                    }
                }
            }
        }
        Ok(None)
    }
}

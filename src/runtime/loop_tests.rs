//! The loop without a terminal and with a clock that runs only when everything sleeps.

use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Size};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::keyboard::Keyboard;
use super::screen_loop::{End, Loop, Runner};
use super::signals::Notice;
use super::surface::Surface;
use crate::app::State;
use crate::app::fixture::Bench;
use crate::app::msg::{Effect, Event, Msg};
use crate::ui::dump;
use crate::ui::theme::Theme;

/// What happened to a surface.
#[derive(Default)]
struct Seen {
    frames: usize,
    text: String,
    suspends: usize,
    recoveries: usize,
    size: Size,
    fails: bool,
}

#[derive(Clone, Default)]
struct Paper(Rc<RefCell<Seen>>);

impl Surface for Paper {
    fn size(&mut self) -> io::Result<Size> {
        Ok(self.0.borrow().size)
    }

    fn present(&mut self, frame: &Buffer, _: Option<Position>) -> io::Result<()> {
        let mut seen = self.0.borrow_mut();
        seen.frames += 1;
        seen.text = dump::text(frame);
        if seen.fails { Err(io::ErrorKind::BrokenPipe.into()) } else { Ok(()) }
    }

    fn invalidate(&mut self) {}

    fn escape(&mut self, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn listen_to_mouse(&mut self, _: bool) -> io::Result<()> {
        Ok(())
    }

    fn entitle(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.0.borrow_mut().suspends += 1;
        Ok(())
    }

    fn recover(&mut self) -> io::Result<()> {
        self.0.borrow_mut().recoveries += 1;
        Ok(())
    }
}

struct Channel(mpsc::UnboundedReceiver<Msg>);

impl Keyboard for Channel {
    async fn next(&mut self) -> Option<io::Result<Msg>> {
        self.0.recv().await.map(Ok)
    }

    fn pause(&mut self) {}

    fn resume(&mut self) {}
}

#[derive(Clone, Default)]
struct Recorder(Rc<RefCell<Vec<Effect>>>);

impl Runner for Recorder {
    fn dispatch(&mut self, effect: Effect) -> Option<Vec<u8>> {
        self.0.borrow_mut().push(effect);
        None
    }

    fn theme(&mut self) -> Option<Theme> {
        None
    }
}

/// The loop with a hand on everything it is connected to.
struct Rig {
    paper: Paper,
    keys: mpsc::UnboundedSender<Msg>,
    notices: mpsc::UnboundedSender<Notice>,
    events: mpsc::Sender<Event>,
    begun: Instant,
}

/// Runs the loop beside `test` on one thread, until one of them ends.
async fn with_loop<F: Future<Output = ()>>(test: impl FnOnce(Rig) -> F) -> io::Result<End> {
    with_clock(1, test).await
}

/// The same with a clock that runs `rate` times as fast as the person's; 0: it stands still.
async fn with_clock<F: Future<Output = ()>>(rate: u32, test: impl FnOnce(Rig) -> F) -> io::Result<End> {
    let (keys, typed) = mpsc::unbounded_channel();
    let (notices, noticed) = mpsc::unbounded_channel();
    let (events, inbox) = mpsc::channel(1024);
    let paper = Paper::default();
    paper.0.borrow_mut().size = Size::new(120, 36);
    let begun = Instant::now();
    let mut bench = Bench::new();
    let epoch = bench.now.0 * 1000;
    let mut screen = Loop {
        surface: paper.clone(),
        keyboard: Channel(typed),
        notices: noticed,
        inbox,
        runner: Recorder::default(),
        clock: move || epoch + begun.elapsed().as_millis() as i64 * i64::from(rate),
        rate,
        theme: Theme::bare(false),
    };
    let state: &mut State = &mut bench.state;
    // A test that uses one end of the rig drops the others: the loop must not take that for an end.
    let held = (keys.clone(), notices.clone(), events.clone());
    let rig = Rig { paper, keys, notices, events, begun };
    let (end, ()) = tokio::join!(screen.run(state), test(rig));
    drop(held);
    end
}

fn note(text: &str) -> Event {
    Event::Note { bad: false, text: text.to_owned() }
}

#[tokio::test(start_paused = true)]
async fn at_rest_only_the_minute_label_draws() {
    let end = with_loop(|rig| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let first = rig.paper.0.borrow().frames;
        assert!(first >= 1, "the first frame is drawn at once");
        tokio::time::sleep(Duration::from_hours(1)).await;
        let frames = rig.paper.0.borrow().frames - first;
        assert!((59..=61).contains(&frames), "{frames} frames in an hour");
        // Out of focus no less and no more: a board on a second monitor is read.
        rig.keys.send(Msg::Focus(false)).unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        let before = rig.paper.0.borrow().frames;
        tokio::time::sleep(Duration::from_hours(1)).await;
        let frames = rig.paper.0.borrow().frames - before;
        assert!((59..=61).contains(&frames), "{frames} frames in an hour");
        rig.keys.send(Msg::Key("Q".parse().unwrap())).unwrap();
    })
    .await;
    assert_eq!(end.unwrap(), End::Quit);
}

#[tokio::test(start_paused = true)]
async fn a_message_stays_as_long_for_the_person_however_the_boards_clock_runs() {
    for rate in [0, 1, 100_000] {
        let end = with_clock(rate, |rig| async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let said = || rig.paper.0.borrow().text.contains("sorted by");
            rig.keys.send(Msg::Key("s".parse().unwrap())).unwrap();
            tokio::time::sleep(Duration::from_secs(4)).await;
            assert!(said(), "rate {rate}");
            tokio::time::sleep(Duration::from_secs(2)).await;
            assert!(!said(), "rate {rate}");
            rig.keys.send(Msg::Key("Q".parse().unwrap())).unwrap();
        })
        .await;
        assert_eq!(end.unwrap(), End::Quit);
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_events_is_drawn_a_few_times_and_a_key_gets_through() {
    let end = with_loop(|rig| async move {
        for number in 0..10_000 {
            rig.events.send(note(&number.to_string())).await.unwrap();
            if number == 5_000 {
                rig.keys.send(Msg::Key("j".parse().unwrap())).unwrap();
            }
        }
        let spent = rig.begun.elapsed();
        tokio::time::sleep(Duration::from_secs(1)).await;
        let frames = rig.paper.0.borrow().frames;
        let most = spent.as_millis() as usize / 16 + 4;
        assert!(frames <= most, "{frames} frames in {spent:?}");
        rig.keys.send(Msg::Key("Q".parse().unwrap())).unwrap();
    })
    .await;
    assert_eq!(end.unwrap(), End::Quit);
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_resizes_is_one_frame() {
    let end = with_loop(|rig| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let before = rig.paper.0.borrow().frames;
        for columns in 1..200 {
            rig.paper.0.borrow_mut().size = Size::new(columns, 20);
            rig.keys.send(Msg::Resized).unwrap();
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        let frames = rig.paper.0.borrow().frames - before;
        assert!((1..=2).contains(&frames), "{frames}");
        rig.keys.send(Msg::Key("Q".parse().unwrap())).unwrap();
    })
    .await;
    assert_eq!(end.unwrap(), End::Quit);
}

#[tokio::test(start_paused = true)]
async fn signals_come_before_everything_else() {
    for (notice, wanted) in [(Notice::Terminate, End::Terminated), (Notice::TerminalGone, End::TerminalGone)]
    {
        let end = with_loop(|rig| async move {
            for number in 0..500 {
                rig.events.try_send(note(&number.to_string())).unwrap();
            }
            rig.notices.send(notice).unwrap();
        })
        .await;
        assert_eq!(end.unwrap(), wanted);
    }
}

#[tokio::test(start_paused = true)]
async fn a_stop_of_our_own_is_repainted_once_and_anothers_is_recovered() {
    let end = with_loop(|rig| async move {
        rig.notices.send(Notice::Stop).unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(rig.paper.0.borrow().suspends, 1);
        rig.notices.send(Notice::Continue).unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(rig.paper.0.borrow().recoveries, 0);
        rig.notices.send(Notice::Continue).unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(rig.paper.0.borrow().recoveries, 1);
        rig.keys.send(Msg::Key("Q".parse().unwrap())).unwrap();
    })
    .await;
    assert_eq!(end.unwrap(), End::Quit);
}

#[tokio::test(start_paused = true)]
async fn a_terminal_that_cannot_be_written_ends_the_loop() {
    let end = with_loop(|rig| async move {
        tokio::time::sleep(Duration::from_secs(1)).await;
        rig.paper.0.borrow_mut().fails = true;
        rig.keys.send(Msg::Key("j".parse().unwrap())).unwrap();
    })
    .await;
    assert!(end.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_half_typed_sequence_is_over_after_its_time() {
    let end = with_loop(|rig| async move {
        rig.keys.send(Msg::Key("g".parse().unwrap())).unwrap();
        tokio::time::sleep(Duration::from_secs(6)).await;
        // Were `g` still waiting, this would be the sequence `g Q`, which is not bound.
        rig.keys.send(Msg::Key("Q".parse().unwrap())).unwrap();
    })
    .await;
    assert_eq!(end.unwrap(), End::Quit);
}

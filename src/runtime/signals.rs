//! What the world tells the program: signals, and a terminal that went away.

use std::io;
use std::os::fd::OwnedFd;
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, poll};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;

use super::terminal;

/// A notice from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Notice {
    /// End in order: SIGTERM or SIGINT.
    Terminate,
    /// The terminal is gone: SIGHUP, or a hang-up seen on the line itself. Nothing can be drawn.
    TerminalGone,
    /// Stop to the shell: SIGTSTP.
    Stop,
    /// Continued after a stop: SIGCONT.
    Continue,
}

/// Starts listening. Must be called inside the runtime.
pub(crate) fn listen() -> io::Result<mpsc::UnboundedReceiver<Notice>> {
    let (sender, receiver) = mpsc::unbounded_channel();
    for (kind, notice) in [
        (SignalKind::hangup(), Notice::TerminalGone),
        (SignalKind::terminate(), Notice::Terminate),
        (SignalKind::interrupt(), Notice::Terminate),
        (SignalKind::from_raw(rustix::process::Signal::TSTP.as_raw()), Notice::Stop),
        (SignalKind::from_raw(rustix::process::Signal::CONT.as_raw()), Notice::Continue),
    ] {
        tokio::spawn(forward(signal(kind)?, notice, sender.clone()));
    }
    watch_terminal(sender)?;
    Ok(receiver)
}

async fn forward(mut signal: Signal, notice: Notice, sender: mpsc::UnboundedSender<Notice>) {
    while signal.recv().await.is_some() {
        if sender.send(notice).is_err() {
            return;
        }
    }
}

/// How long the loop has to end after the terminal went away.
const PATIENCE: Duration = Duration::from_millis(1500);

/// Watches the terminal for a hang-up. The reader of terminal events spins on one instead of reporting
/// it, and a program without a controlling terminal gets no SIGHUP, so the line itself is asked; a poll
/// for no event at all sleeps until the line is gone.
fn watch_terminal(sender: mpsc::UnboundedSender<Notice>) -> io::Result<()> {
    let line: OwnedFd = rustix::io::dup(io::stdin())?;
    thread::Builder::new().name("terminal-watch".into()).spawn(move || {
        loop {
            let mut lines = [PollFd::new(&line, PollFlags::empty())];
            match poll(&mut lines, None) {
                Ok(_) if lines[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) => {
                    break;
                }
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(_) => return,
            }
        }
        if sender.send(Notice::TerminalGone).is_err() {
            return;
        }
        thread::sleep(PATIENCE);
        end_now();
    })?;
    Ok(())
}

/// The loop did not end although its terminal is gone (it may hang in a write): restore what can be
/// restored and end. The store commits whole transactions, so nothing stored is lost.
#[expect(
    clippy::disallowed_methods,
    reason = "the last resort: the thread that would return an ExitCode is stuck"
)]
fn end_now() {
    terminal::leave_at_once();
    std::process::exit(1);
}

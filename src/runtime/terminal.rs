//! The terminal: which modes are on, how each one is taken back, and that all of them are, however the
//! program ends.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::panic;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, ThreadId};

use crossterm::event::{DisableBracketedPaste, DisableFocusChange, DisableMouseCapture};
use crossterm::event::{EnableBracketedPaste, EnableFocusChange, EnableMouseCapture};
use crossterm::terminal::{EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, queue, terminal};

/// A mode that was switched on and must be switched off again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Raw,
    AlternateScreen,
    BracketedPaste,
    Focus,
    Mouse,
    HiddenCursor,
    /// The window's own title lies on the terminal's stack.
    Title,
}

/// Puts the window's title on the terminal's stack, and takes it from there (XTWINOPS 22 and 23). A
/// terminal without one ignores both.
const KEEP_TITLE: &[u8] = b"\x1b[22;2t";
const RESTORE_TITLE: &[u8] = b"\x1b[23;2t";

impl Mode {
    fn on(self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Raw => terminal::enable_raw_mode(),
            Self::AlternateScreen => queue!(out, EnterAlternateScreen),
            Self::BracketedPaste => queue!(out, EnableBracketedPaste),
            Self::Focus => queue!(out, EnableFocusChange),
            Self::Mouse => queue!(out, EnableMouseCapture),
            Self::HiddenCursor => queue!(out, cursor::Hide),
            Self::Title => out.write_all(KEEP_TITLE),
        }
    }

    fn off(self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Raw => terminal::disable_raw_mode(),
            Self::AlternateScreen => queue!(out, LeaveAlternateScreen),
            Self::BracketedPaste => queue!(out, DisableBracketedPaste),
            Self::Focus => queue!(out, DisableFocusChange),
            Self::Mouse => queue!(out, DisableMouseCapture),
            Self::HiddenCursor => queue!(out, cursor::Show),
            Self::Title => out.write_all(RESTORE_TITLE),
        }
    }
}

/// What is to be undone, last one first.
#[derive(Default)]
struct Held {
    modes: Vec<Mode>,
    /// Our own stderr, while a log file stands in its place.
    stderr: Option<OwnedFd>,
}

impl Held {
    fn push(&mut self, mode: Mode, out: &mut impl Write) -> io::Result<()> {
        // Noted first: an escape that was written halfway is undone as well.
        self.modes.push(mode);
        mode.on(out)
    }

    /// Undoes one mode that may be on.
    fn pop(&mut self, mode: Mode, out: &mut impl Write) -> io::Result<()> {
        let on = self.modes.contains(&mode);
        self.modes.retain(|held| *held != mode);
        if on { mode.off(out) } else { Ok(()) }
    }

    /// Undoes everything, even where a step fails; the first failure is returned.
    fn pop_all(&mut self, out: &mut impl Write) -> io::Result<()> {
        let mut result = Ok(());
        while let Some(mode) = self.modes.pop() {
            // The escapes must reach the terminal before its line discipline changes back.
            let step = if mode == Mode::Raw { out.flush() } else { Ok(()) };
            result = result.and(step).and(mode.off(out));
        }
        result = result.and(out.flush());
        if let Some(stderr) = self.stderr.take() {
            result = result.and(rustix::stdio::dup2_stderr(&stderr).map_err(Into::into));
        }
        result
    }
}

static HELD: Mutex<Held> = Mutex::new(Held { modes: Vec::new(), stderr: None });
static UI_THREAD: OnceLock<ThreadId> = OnceLock::new();

fn held() -> MutexGuard<'static, Held> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The terminal in our hands. Dropping it gives the terminal back.
#[derive(Debug)]
pub(crate) struct TerminalSession {
    mouse: bool,
    log: Option<File>,
}

impl TerminalSession {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste, focus reports, hidden cursor.
    /// `log` receives what anything writes to stderr meanwhile.
    pub(crate) fn enter(mouse: bool, log: Option<&Path>) -> io::Result<Self> {
        let log = log.and_then(|path| File::options().create(true).append(true).open(path).ok());
        let session = Self { mouse, log };
        session.resume().inspect_err(|_| drop(leave()))?;
        Ok(session)
    }

    /// Switches every mode on (again).
    pub(crate) fn resume(&self) -> io::Result<()> {
        let mut held = held();
        let mut out = io::stdout().lock();
        held.push(Mode::Raw, &mut out)?;
        held.push(Mode::AlternateScreen, &mut out)?;
        held.push(Mode::BracketedPaste, &mut out)?;
        held.push(Mode::Focus, &mut out)?;
        if self.mouse {
            held.push(Mode::Mouse, &mut out)?;
        }
        held.push(Mode::HiddenCursor, &mut out)?;
        out.flush()?;
        if let Some(log) = &self.log {
            let ours = rustix::io::dup(io::stderr())?;
            rustix::stdio::dup2_stderr(log)?;
            held.stderr = Some(ours);
        }
        Ok(())
    }
}

impl TerminalSession {
    /// Has the terminal report the mouse, or no longer.
    pub(crate) fn listen_to_mouse(&mut self, on: bool) -> io::Result<()> {
        self.mouse = on;
        let mut held = held();
        let mut out = io::stdout().lock();
        held.pop(Mode::Mouse, &mut out)?;
        if on {
            held.push(Mode::Mouse, &mut out)?;
        }
        out.flush()
    }
}

/// Gives the window a title; the one before comes back when the terminal is given back.
pub(crate) fn entitle(title: &str) -> io::Result<()> {
    let mut held = held();
    let mut out = io::stdout().lock();
    if !held.modes.contains(&Mode::Title) {
        held.push(Mode::Title, &mut out)?;
    }
    queue!(out, terminal::SetTitle(title))?;
    out.flush()
}

impl Drop for TerminalSession {
    fn drop(&mut self) {
        if let Err(error) = leave() {
            tracing::debug!(%error, "the terminal could not be given back whole");
        }
    }
}

/// Gives the terminal back as it was; does nothing when it is not held.
pub(crate) fn leave() -> io::Result<()> {
    held().pop_all(&mut io::stdout().lock())
}

/// Installs the panic hook. A panic on the calling thread, which draws, gives the terminal back and then
/// prints as usual. A panic elsewhere is one worker's outcome: it is logged, and nothing is printed on
/// the screen.
pub(crate) fn install_panic_hook() {
    if UI_THREAD.set(thread::current().id()).is_err() {
        return;
    }
    let before = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        // Inside the feed parser a panic is one document's outcome, which tells about it.
        if crate::feed::parser_contained() {
            return;
        }
        if UI_THREAD.get() == Some(&thread::current().id()) {
            leave_at_once();
            before(info);
        } else {
            tracing::error!(thread = thread::current().name().unwrap_or("worker"), "{info}");
            if HELD.try_lock().is_ok_and(|held| held.modes.is_empty()) {
                before(info);
            }
        }
    }));
}

/// Gives the terminal back without ever waiting: a panic may come from inside this module, and the thread
/// that holds the lock may hang in a write.
pub(crate) fn leave_at_once() {
    let result = match HELD.try_lock() {
        Ok(mut held) => held.pop_all(&mut io::stdout()),
        Err(_) => [Mode::HiddenCursor, Mode::Focus, Mode::BracketedPaste, Mode::AlternateScreen, Mode::Raw]
            .into_iter()
            .try_for_each(|mode| mode.off(&mut io::stdout())),
    };
    drop(result);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everything but raw mode, which needs a terminal.
    const ESCAPES: [Mode; 5] =
        [Mode::AlternateScreen, Mode::BracketedPaste, Mode::Focus, Mode::Mouse, Mode::HiddenCursor];

    #[test]
    fn modes_are_taken_back_in_reverse_order() {
        let mut held = Held::default();
        let mut on = Vec::new();
        for mode in ESCAPES {
            held.push(mode, &mut on).unwrap();
        }
        assert!(String::from_utf8(on).unwrap().starts_with("\u{1b}[?1049h\u{1b}[?2004h"));
        let mut off = Vec::new();
        held.pop_all(&mut off).unwrap();
        let off = String::from_utf8(off).unwrap();
        assert!(off.starts_with("\u{1b}[?25h"), "{off:?}");
        assert!(off.ends_with("\u{1b}[?2004l\u{1b}[?1049l"), "{off:?}");
        let mut again = Vec::new();
        held.pop_all(&mut again).unwrap();
        assert!(again.is_empty(), "leaving twice writes nothing");
    }

    /// Accepts `room` bytes and fails then, as a closed terminal does.
    struct Failing {
        room: usize,
        calls: usize,
    }

    impl Write for Failing {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.calls += 1;
            if self.room < bytes.len() {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.room -= bytes.len();
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_failing_step_does_not_keep_the_others_from_being_undone() {
        let mut held = Held::default();
        for mode in ESCAPES {
            held.push(mode, &mut io::sink()).unwrap();
        }
        let mut out = Failing { room: 0, calls: 0 };
        assert!(held.pop_all(&mut out).is_err());
        assert!(held.modes.is_empty());
        assert!(out.calls >= ESCAPES.len(), "every mode was tried");
    }

    /// Runs one of the ignored tests below in a pseudo-terminal of its own and returns what it wrote and
    /// whether the terminal's settings are as before.
    fn in_a_terminal(test: &str) -> (String, bool) {
        use portable_pty::{CommandBuilder, PtySize, native_pty_system};
        use std::io::Read;

        let pair = native_pty_system().openpty(PtySize::default()).unwrap();
        let before = format!("{:?}", pair.master.get_termios());
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args(["--exact", test, "--ignored", "--nocapture", "--test-threads=1"]);
        let mut child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut written = Vec::new();
        // The other side's end is reported as an error by some systems.
        drop(pair.master.try_clone_reader().unwrap().read_to_end(&mut written));
        child.wait().unwrap();
        let after = format!("{:?}", pair.master.get_termios());
        (String::from_utf8_lossy(&written).into_owned(), before == after)
    }

    #[test]
    #[ignore = "breaks on purpose; run by the test below"]
    fn breaks_while_it_draws() {
        install_panic_hook();
        let _session = TerminalSession::enter(false, None).unwrap();
        panic!("on purpose");
    }

    #[test]
    #[ignore = "breaks on purpose; run by the test below"]
    fn breaks_in_a_worker() {
        install_panic_hook();
        let session = TerminalSession::enter(false, None).unwrap();
        assert!(thread::spawn(|| panic!("in a worker")).join().is_err());
        io::stdout().write_all(b"still drawing").unwrap();
        drop(session);
    }

    #[test]
    fn a_panic_while_drawing_gives_the_terminal_back_and_then_speaks() {
        let (written, restored) = in_a_terminal("runtime::terminal::tests::breaks_while_it_draws");
        let left = written.rfind("\u{1b}[?1049l").unwrap();
        let said = written.find("on purpose").unwrap();
        assert!(left < said, "{written:?}");
        assert!(restored);
    }

    #[test]
    fn a_panic_in_a_worker_leaves_the_screen_alone() {
        let (written, restored) = in_a_terminal("runtime::terminal::tests::breaks_in_a_worker");
        let drawn = written.find("still drawing").unwrap();
        let left = written.rfind("\u{1b}[?1049l").unwrap();
        assert!(drawn < left, "{written:?}");
        assert!(!written.contains("in a worker"), "{written:?}");
        assert!(restored);
    }
}

//! A terminal to run the program in: a pseudo-terminal, an emulator that reads what is drawn, and keys.

use std::ffi::OsString;
use std::io::{Read, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use tempfile::TempDir;

/// How long anything may take before a test gives up. Nothing waits for it when all is well.
const LIMIT: Duration = Duration::from_secs(30);

/// A running program and the screen that it draws on.
pub(crate) struct Terminal {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    hang_up: Arc<AtomicBool>,
    screen: vt100::Parser,
    /// Every byte that the program wrote.
    pub raw: Vec<u8>,
    before: String,
    home: TempDir,
}

/// How to start the program.
pub(crate) struct Start {
    pub rows: u16,
    pub columns: u16,
    pub arguments: Vec<OsString>,
    pub environment: Vec<(&'static str, OsString)>,
    /// Files of the configuration besides an empty list of feeds.
    pub files: Vec<(&'static str, String)>,
    /// The system's clock instead of a fixed one.
    pub live: bool,
}

impl Default for Start {
    fn default() -> Self {
        Self {
            rows: 36,
            columns: 120,
            arguments: Vec::new(),
            environment: Vec::new(),
            files: Vec::new(),
            live: false,
        }
    }
}

impl Start {
    /// Starts the program with a configuration, a store and a home of its own, and no network.
    pub(crate) fn run(self) -> Terminal {
        let home = tempfile::tempdir().unwrap();
        let config = home.path().join("config");
        std::fs::create_dir(&config).unwrap();
        // No feed, so that no test asks the network for anything.
        std::fs::write(config.join("feeds.toml"), "").unwrap();
        for (name, text) in &self.files {
            std::fs::write(config.join(name), text).unwrap();
        }
        let size = PtySize { rows: self.rows, cols: self.columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let before = settings(pair.master.as_ref());
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_gigawatch"));
        command.args(&self.arguments);
        command.env_clear();
        command.env("HOME", home.path());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("GIGAWATCH_CONFIG_DIR", &config);
        command.env("GIGAWATCH_DATA_DIR", home.path().join("data"));
        if !self.live {
            command.env("GIGAWATCH_NOW", "2026-10-20T12:00:00Z");
        }
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let hang_up = Arc::new(AtomicBool::new(false));
        let output = read_in_background(pair.master.try_clone_reader().unwrap(), Arc::clone(&hang_up));
        Terminal {
            writer: Some(pair.master.take_writer().unwrap()),
            master: Some(pair.master),
            child,
            output,
            hang_up,
            screen: vt100::Parser::new(self.rows.try_into().unwrap(), self.columns.try_into().unwrap(), 0),
            raw: Vec::new(),
            before,
            home,
        }
    }
}

fn read_in_background(mut reader: Box<dyn Read + Send>, hang_up: Arc<AtomicBool>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut buffer = [0; 1 << 14];
        while let Ok(count @ 1..) = reader.read(&mut buffer) {
            if hang_up.load(Ordering::SeqCst) || sender.send(buffer[..count].to_vec()).is_err() {
                return;
            }
        }
    });
    receiver
}

/// The line's settings, as text.
fn settings(master: &(dyn MasterPty + Send)) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

impl Terminal {
    /// Reads what the program writes until the screen is as wanted; fails with the screen after a while.
    pub(crate) fn wait(&mut self, what: &str, mut wanted: impl FnMut(&vt100::Screen) -> bool) {
        let begun = Instant::now();
        while !wanted(self.screen.screen()) {
            match self.output.recv_timeout(LIMIT.saturating_sub(begun.elapsed())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("{what} never came; the screen:\n{}", self.text())
                }
            }
        }
    }

    /// Waits until a text is on the screen.
    pub(crate) fn expect(&mut self, text: &str) {
        self.wait(&format!("`{text}`"), |screen| screen.contents().contains(text));
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.screen.process(bytes);
    }

    /// What is on the screen.
    pub(crate) fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// The emulator's view of the screen.
    pub(crate) fn screen(&self) -> &vt100::Screen {
        self.screen.screen()
    }

    /// Types bytes as a keyboard would send them.
    pub(crate) fn press(&mut self, keys: &str) {
        let writer = self.writer.as_mut().unwrap();
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }

    /// Gives the terminal another size.
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) {
        self.screen.screen_mut().set_size(rows.try_into().unwrap(), columns.try_into().unwrap());
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().unwrap().resize(size).unwrap();
    }

    /// Writes a file of the configuration, as an editor does: beside it, then over it.
    pub(crate) fn write_config(&self, name: &str, text: &str) {
        let path = self.home.path().join("config").join(name);
        let beside = path.with_extension("new");
        std::fs::write(&beside, text).unwrap();
        std::fs::rename(&beside, &path).unwrap();
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(self.child.process_id().unwrap() as i32).unwrap()
    }

    /// Sends the program a signal.
    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Waits until the program has stopped itself.
    pub(crate) fn wait_stopped(&mut self) {
        let (_, status) = waitpid(Some(self.pid()), WaitOptions::UNTRACED).unwrap().unwrap();
        assert!(status.stopped(), "it ended instead of stopping: {status:?}");
        while let Ok(bytes) = self.output.recv_timeout(Duration::from_millis(50)) {
            self.take(&bytes);
        }
    }

    /// Waits until the program has written these bytes after the first `from` ones.
    pub(crate) fn expect_written(&mut self, from: usize, bytes: &[u8]) {
        let begun = Instant::now();
        while rposition(&self.raw[from..], bytes).is_none() {
            match self.output.recv_timeout(LIMIT.saturating_sub(begun.elapsed())) {
                Ok(bytes) => self.take(&bytes),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("{:?} was never written", String::from_utf8_lossy(bytes))
                }
            }
        }
    }

    /// Hangs up: every descriptor of our side is closed. `wake` is a key that makes the program draw, for
    /// our reader sleeps until it reads something.
    pub(crate) fn close(&mut self, wake: &str) {
        self.hang_up.store(true, Ordering::SeqCst);
        self.press(wake);
        while self.output.recv_timeout(LIMIT).is_ok() {}
        self.writer = None;
        self.master = None;
    }

    /// Waits for the end and returns the exit code, everything written by then having been read.
    pub(crate) fn exit_code(&mut self) -> u32 {
        let begun = Instant::now();
        loop {
            match self.output.recv_timeout(LIMIT.saturating_sub(begun.elapsed())) {
                Ok(bytes) => self.take(&bytes),
                // Our reader ends when the last descriptor of the other side is closed.
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it never ended; the screen:\n{}", self.text()),
            }
        }
        while self.is_running() {
            assert!(begun.elapsed() < LIMIT, "it never ended");
            thread::sleep(Duration::from_millis(5));
        }
        let status = self.child.wait().unwrap();
        assert_eq!(status.signal(), None, "ended by a signal");
        status.exit_code()
    }

    /// Whether the program still runs.
    pub(crate) fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Fails unless the terminal is as it was before the program started.
    pub(crate) fn assert_restored(&self) {
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen(), "left on the alternate screen");
        assert!(!screen.hide_cursor(), "left without a cursor");
        assert!(!screen.bracketed_paste(), "left in bracketed paste");
        let focus_on = rposition(&self.raw, b"\x1b[?1004h");
        let focus_off = rposition(&self.raw, b"\x1b[?1004l");
        assert!(focus_off > focus_on, "left with focus reports");
        assert_eq!(settings(self.master.as_ref().unwrap().as_ref()), self.before, "left with other settings");
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A failed test leaves no program behind. One that has ended cannot be killed, which is well.
        drop(self.child.kill());
    }
}

fn rposition(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).rposition(|window| window == part)
}

//! The screen in a pseudo-terminal, counted and timed: what it costs at rest, and how long a key takes to
//! reach the screen while many feeds come in.
//!
//! `cargo bench --bench screen` starts the program on stores of its own and a server on loopback, prints
//! two lines and ends. Linux only: it reads `/proc`.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a bench prints, and stops at what it cannot do"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

const FEEDS: usize = 300;
const ITEMS: usize = 60;
const ROWS: u16 = 36;
const COLUMNS: u16 = 120;

fn main() {
    at_rest();
    under_load();
}

/// Twenty seconds without a feed and without a key.
fn at_rest() {
    let home = tempfile::tempdir().unwrap();
    let mut screen = Screen::start(home.path(), "");
    screen.wait("LIVE");
    screen.read_for(Duration::from_secs(5));
    let before = screen.cost();
    screen.read_for(Duration::from_secs(20));
    let after = screen.cost();
    // Threads of the pool end when they have had nothing to do; those that are there count.
    let switches: u64 =
        after.switches.iter().map(|(task, now)| now - before.switches.get(task).copied().unwrap_or(0)).sum();
    println!(
        "at rest for 20 s: {} CPU ticks, {switches} wake-ups of {} threads, {} bytes written",
        after.ticks - before.ticks,
        after.switches.len(),
        after.bytes - before.bytes
    );
    screen.quit();
}

/// Keys while every feed is read for the first time.
fn under_load() {
    let port = serve();
    let home = tempfile::tempdir().unwrap();
    let mut feeds = String::new();
    for feed in 0..FEEDS {
        write!(
            feeds,
            "[[feed]]\nid = \"f{feed}\"\nname = \"Feed {feed}\"\nurl = \"http://127.0.0.1:{port}/{feed}\"\n\
             tier = \"C\"\nallow-private = true\n\n"
        )
        .unwrap();
    }
    let mut screen = Screen::start(home.path(), &feeds);
    screen.wait("polling");
    let mut taken = Vec::new();
    let mut down = true;
    // As long as the feeds come in, and until what they brought has been weighed.
    let mut calm = 0;
    while calm < 60 {
        let begun = Instant::now();
        let row = screen.cursor();
        screen.press(if down { "j" } else { "k" });
        while screen.cursor() == row {
            screen.read();
        }
        taken.push(begun.elapsed());
        down = !down;
        calm = if screen.shows("polling") { 0 } else { calm + 1 };
        screen.read_for(Duration::from_millis(20));
    }
    taken.sort();
    let at = |part: f64| taken[((taken.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
    let items = FEEDS * ITEMS;
    println!(
        "{} keys while {items} items came in: p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms, worst {:.1} ms; {} MB resident",
        taken.len(),
        at(0.50),
        at(0.95),
        at(0.99),
        at(1.0),
        screen.resident_mb(),
    );
    screen.quit();
}

/// What the program has cost so far.
struct Cost {
    ticks: u64,
    /// Voluntary switches of each thread.
    switches: BTreeMap<String, u64>,
    bytes: usize,
}

struct Screen {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    output: Receiver<Vec<u8>>,
    emulator: vt100::Parser,
    bytes: usize,
}

impl Screen {
    fn start(home: &Path, feeds: &str) -> Self {
        let config = home.join("config");
        fs::create_dir(&config).unwrap();
        fs::write(config.join("feeds.toml"), feeds).unwrap();
        let size = PtySize { rows: ROWS, cols: COLUMNS, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_gigawatch"));
        command.env_clear();
        command.env("HOME", home);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("GIGAWATCH_CONFIG_DIR", &config);
        command.env("GIGAWATCH_DATA_DIR", home.join("data"));
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let writer = pair.master.take_writer().unwrap();
        let emulator = vt100::Parser::new(ROWS.try_into().unwrap(), COLUMNS.try_into().unwrap(), 0);
        Self { master: pair.master, writer, child, output, emulator, bytes: 0 }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len();
        self.emulator.process(bytes);
    }

    fn read(&mut self) {
        let Ok(bytes) = self.output.recv_timeout(Duration::from_secs(30)) else {
            panic!("nothing came; the screen:\n{}", self.emulator.screen().contents());
        };
        self.take(&bytes);
    }

    fn read_for(&mut self, time: Duration) {
        let until = Instant::now() + time;
        while let Ok(bytes) = self.output.recv_timeout(until.saturating_duration_since(Instant::now())) {
            self.take(&bytes);
        }
    }

    fn shows(&self, text: &str) -> bool {
        self.emulator.screen().contents().contains(text)
    }

    fn wait(&mut self, text: &str) {
        while !self.shows(text) {
            self.read();
        }
    }

    fn press(&mut self, key: &str) {
        self.writer.write_all(key.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// The row of the board's cursor: the first one that is marked.
    fn cursor(&self) -> Option<usize> {
        self.emulator.screen().contents().lines().position(|line| line.contains('▌'))
    }

    fn cost(&self) -> Cost {
        let pid = self.child.process_id().unwrap();
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
        let ticks = [11, 12].iter().map(|place| fields[*place].parse::<u64>().unwrap()).sum();
        let mut switches = BTreeMap::new();
        for task in fs::read_dir(format!("/proc/{pid}/task")).unwrap().flatten() {
            let status = fs::read_to_string(task.path().join("status")).unwrap_or_default();
            let line = status.lines().find(|line| line.starts_with("voluntary_ctxt_switches"));
            let count = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
            switches.insert(task.file_name().to_string_lossy().into_owned(), count.unwrap_or(0));
        }
        Cost { ticks, switches, bytes: self.bytes }
    }

    fn resident_mb(&self) -> u64 {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.child.process_id().unwrap())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }

    fn quit(mut self) {
        self.press("Q");
        self.read_for(Duration::from_secs(2));
        self.child.wait().unwrap();
        drop(self.master);
    }
}

/// Serves the feeds on loopback until the program ends. Gives the port.
fn serve() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || answer(stream));
        }
    });
    port
}

fn answer(mut stream: TcpStream) {
    let mut request = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut first = String::new();
        if request.read_line(&mut first).unwrap_or(0) == 0 {
            return;
        }
        let mut line = String::new();
        while request.read_line(&mut line).unwrap_or(0) > 2 {
            line.clear();
        }
        let feed = first.split(['/', ' ']).find_map(|part| part.parse().ok()).unwrap_or(0);
        let body = document(feed);
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())).is_err() {
            return;
        }
    }
}

/// A feed of the day: every fifth item is about a tracked deal.
fn document(feed: usize) -> String {
    let mut text = String::from("<rss version=\"2.0\"><channel><title>Feed</title>");
    for item in 0..ITEMS {
        let number = feed * ITEMS + item;
        let title = match item % 5 {
            0 => format!(
                "OpenAI said to weigh {} MW more of Trainium capacity at AWS, note {number}",
                100 + number % 900
            ),
            _ => format!("Markets note {number}: shares of makers of fans and filters move"),
        };
        let (hour, minute) = (number / 60 % 24, number % 60);
        write!(
            text,
            "<item><title>{title}</title><guid>{number}</guid><link>http://news.example/{number}</link>\
             <pubDate>Tue, 03 Nov 2026 {hour:02}:{minute:02}:00 GMT</pubDate>\
             <description>Story {number} in a sentence or two, as feeds have them.</description></item>"
        )
        .unwrap();
    }
    text + "</channel></rss>"
}

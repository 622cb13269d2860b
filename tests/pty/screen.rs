//! Life and death of the screen: modes, signals, sizes.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::terminal::{Start, Terminal};

fn board() -> Terminal {
    let mut terminal = Start::default().run();
    terminal.expect("gigawatch");
    terminal
}

#[test]
fn q_quits_and_the_terminal_is_as_before() {
    let mut terminal = board();
    assert!(terminal.screen().alternate_screen());
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_restored();
    assert!(!String::from_utf8_lossy(&terminal.raw).contains("\u{1b}[2J"), "a frame cleared the screen");
}

#[test]
fn escape_never_quits() {
    let mut terminal = board();
    terminal.press("\u{1b}\u{1b}\u{1b}");
    terminal.press("\u{c}");
    terminal.expect("gigawatch");
    assert!(terminal.is_running());
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn ctrl_c_quits_from_anywhere() {
    let mut terminal = board();
    terminal.press("\u{3}");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_restored();
}

#[test]
fn signals_end_it_in_order() {
    for signal in [Signal::TERM, Signal::INT, Signal::HUP] {
        let mut terminal = board();
        terminal.signal(signal);
        assert_eq!(terminal.exit_code(), 0, "{signal:?}");
        terminal.assert_restored();
    }
}

#[test]
fn a_stopped_program_gives_the_terminal_back_and_returns_to_a_whole_screen() {
    for by_key in [true, false] {
        let mut terminal = board();
        if by_key {
            terminal.press("\u{1a}");
        } else {
            terminal.signal(Signal::TSTP);
        }
        terminal.wait_stopped();
        terminal.assert_restored();
        let before = terminal.raw.len();
        terminal.signal(Signal::CONT);
        terminal.wait("the alternate screen", vt100::Screen::alternate_screen);
        terminal.expect_written(before, b"gigawatch");
        terminal.press("q");
        assert_eq!(terminal.exit_code(), 0);
        terminal.assert_restored();
    }
}

#[test]
fn a_program_stopped_by_others_repaints_when_it_continues() {
    let mut terminal = board();
    terminal.signal(Signal::STOP);
    terminal.wait_stopped();
    let before = terminal.raw.len();
    terminal.signal(Signal::CONT);
    terminal.expect_written(before, b"gigawatch");
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_restored();
}

#[test]
fn a_terminal_that_goes_away_ends_the_program() {
    let mut terminal = board();
    terminal.close("\u{c}");
    let begun = Instant::now();
    terminal.exit_code();
    assert!(begun.elapsed() < Duration::from_secs(10), "it lived on without a terminal");
}

#[test]
fn any_size_is_survived() {
    let mut terminal = board();
    for (columns, rows) in [(2, 1), (1, 1), (300, 100), (60, 16), (120, 36)] {
        terminal.resize(columns, rows);
    }
    terminal.expect("gigawatch");
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_restored();
}

#[test]
fn without_a_terminal_it_says_which_command_to_use() {
    let mut program = Command::new(env!("CARGO_BIN_EXE_gigawatch"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    program.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(4));
    assert!(said.contains("gigawatch deals"), "{said}");
}

#[test]
fn a_dumb_terminal_is_refused() {
    let mut terminal = Start { environment: vec![("TERM", "dumb".into())], ..Start::default() }.run();
    assert_eq!(terminal.exit_code(), 4);
    assert!(!terminal.raw.contains(&0x1b), "escapes were sent to a dumb terminal");
}

/// What a new user does in the first minutes: look, drill, find, ask, go back in time, come back.
#[test]
fn a_session_from_the_board_to_the_words_and_back() {
    let mut terminal = board();
    terminal.expect("OpenAI–AWS");
    // Two keys from the start to the words behind any number of a deal.
    terminal.press("i");
    terminal.expect("FIGURES");
    terminal.expect("OpenAI commits to consume about 2 GW of Trainium");
    terminal.press("\u{1b}");
    terminal.expect("WIRE");
    terminal.press("1");
    terminal.expect("at least CONTRACTED");
    terminal.press("5");
    terminal.expect("AT-SCALE");
    terminal.press("q");
    terminal.expect("WIRE");
    // Filter, and a wrong one says what was meant.
    terminal.press("fbuyer:meta\r");
    terminal.expect("3 of 20 deals fit");
    terminal.press("F");
    terminal.expect("every deal is shown");
    terminal.press(":fliter x\r");
    terminal.expect("did you mean `filter`");
    terminal.press(":show calendar\r");
    terminal.expect("CALENDAR");
    terminal.press("q");
    // Another day, and back.
    terminal.press("t2026-02-20\r");
    terminal.expect("AS-OF 2026-02-20");
    terminal.expect("EXPLORING");
    terminal.press("T");
    terminal.expect("LIVE");
    // A date that has passed waits as an alert until it is acknowledged.
    terminal.expect("first MI450");
    terminal.press("a");
    terminal.expect("acknowledged");
    terminal.press("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_restored();
    assert!(!String::from_utf8_lossy(&terminal.raw).contains("\u{1b}[2J"), "a frame cleared the screen");
}

#[test]
fn news_from_a_feed_reaches_the_user_through_tmux() {
    let port = serve(|now| {
        format!(
            "<rss version=\"2.0\"><channel><title>Newsroom</title><item><guid>1</guid>\
             <title>OpenAI and AWS sign a definitive agreement for another 1 GW of Trainium capacity</title>\
             <link>http://newsroom.example/1</link><pubDate>{now}</pubDate></item></channel></rss>"
        )
    });
    let feeds = format!(
        "[[feed]]\nid = \"room\"\nname = \"Room\"\nurl = \"http://127.0.0.1:{port}/feed\"\ntier = \"A\"\n\
         allow-private = true\n"
    );
    let alerts = "[gate]\ngrace = \"0s\"\n\n[[rule]]\nid = \"mine\"\non = \"claim\"\ntier = \"C\"\n\
                  deals = [\"openai-aws\"]\nnotify = [\"screen\", \"notice\"]\n";
    let start = Start {
        files: vec![("feeds.toml", feeds), ("alerts.toml", alerts.to_owned())],
        environment: vec![("TMUX", "/tmp/tmux,1,0".into()), ("TERM", "tmux-256color".into())],
        live: true,
        ..Start::default()
    };
    let mut terminal = start.run();
    terminal.expect("gigawatch");
    terminal.expect_written(0, "\x1bPtmux;\x1b\x1b]9;gigawatch: OpenAI–AWS".as_bytes());
    terminal.expect_written(0, b"\x07");
    terminal.press("ga");
    terminal.expect("mine");
    terminal.press("Q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.assert_restored();
}

/// Answers every request on loopback with a document, until the test ends. Gives the port.
fn serve(document: impl Fn(&str) -> String + Send + 'static) -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut request = [0; 4096];
            let read = stream.read(&mut request).unwrap_or(0);
            if read == 0 {
                continue;
            }
            let now = jiff::fmt::rfc2822::to_string(&jiff::Zoned::now()).unwrap();
            let body = document(&now);
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/rss+xml\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            // A client that has gone needs no answer.
            drop(stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes())));
        }
    });
    port
}

#[test]
fn a_changed_configuration_is_taken_up_and_a_broken_one_is_not() {
    let mut terminal = board();
    terminal.write_config("keys.toml", "[global]\n\"ctrl-k\" = \"show calendar\"\n");
    terminal.expect("the changed configuration is in use");
    terminal.press("\u{b}");
    terminal.expect("CALENDAR");
    terminal.write_config("keys.toml", "[global]\n\"ctrl-k\" = \"no-such-command\"\n");
    terminal.expect("is not used");
    terminal.press("q\u{b}");
    terminal.expect("CALENDAR");
    terminal.press("Q");
    assert_eq!(terminal.exit_code(), 0);
}

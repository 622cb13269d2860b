//! Life and death of the screen: modes, signals, sizes.

use std::io::Read;
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

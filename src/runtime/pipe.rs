//! Handing rows to a command of the user's, as a shell's pipe does.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

/// Lines of what a command prints that are kept.
const LINES: usize = 100;

/// How a command fared.
pub(super) struct Piped {
    /// It ended well.
    pub(super) ok: bool,
    /// That in a sentence.
    pub(super) said: String,
    /// What it printed.
    pub(super) lines: Vec<String>,
}

/// Runs a command as it was typed, through the user's shell, and waits for it. The text goes to its
/// standard input alone: nothing of it is ever part of the command.
pub(super) fn run(command: &str, text: &str) -> Piped {
    let failed = |said: String| Piped { ok: false, said, lines: Vec::new() };
    let spawned = Command::new("sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = match spawned {
        Ok(child) => child,
        Err(error) => return failed(format!("no shell to run `{command}`: {error}")),
    };
    let input = child.stdin.take();
    let outcome = thread::scope(|scope| {
        // Written beside the reading: a command that prints before it has read all would wait for us. One
        // that does not want all of it (`head`) closes its end, which is no failure.
        let writing = input.map(|mut input| scope.spawn(move || input.write_all(text.as_bytes()).ok()));
        let outcome = child.wait_with_output();
        drop(writing);
        outcome
    });
    let output = match outcome {
        Ok(output) => output,
        Err(error) => return failed(format!("`{command}` got lost: {error}")),
    };
    let printed = [output.stdout, output.stderr].concat();
    let lines: Vec<String> =
        String::from_utf8_lossy(&printed).lines().take(LINES).map(str::to_owned).collect();
    let rest = match lines.len() {
        0 => String::new(),
        1 => format!(": {}", lines.concat()),
        count => format!("; the log (g l) has {count} lines of it"),
    };
    let said = match output.status.code() {
        Some(0) => format!("`{command}` took it{rest}"),
        Some(code) => format!("`{command}` ended with status {code}{rest}"),
        None => format!("`{command}` was ended by a signal{rest}"),
    };
    Piped { ok: output.status.success(), said, lines }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_gets_the_text_on_its_input_and_nowhere_else() {
        let piped = run("cat", "$(echo no); `echo no`\n");
        assert!(piped.ok, "{}", piped.said);
        assert_eq!(piped.lines, ["$(echo no); `echo no`"]);
    }

    #[test]
    fn a_command_that_fails_or_reads_little_is_told_as_it_is() {
        let piped = run("echo why >&2; exit 3", "text");
        assert!(!piped.ok && piped.said.contains("status 3: why"), "{}", piped.said);
        assert!(run("head -c 1", &"x".repeat(1 << 20)).ok);
    }
}

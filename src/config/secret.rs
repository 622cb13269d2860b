//! Secrets: what may be sent to a server and must never be shown, logged or exported.

use std::fmt;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Shown in place of a secret.
const MASK: &str = "•••";

/// Most of a secret that is read from a command or file, in bytes.
const LONGEST: u64 = 64 << 10;

/// A secret in memory. Printing it prints dots; [`Secret::expose`] is the one way to its text.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text as a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the request that it belongs to.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

/// Where a secret comes from. Only the place is kept; the secret is read when it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretSource {
    /// First line that a program prints; run directly, never through a shell.
    Command(Vec<String>),
    /// An environment variable.
    Env(String),
    /// First line of a file.
    File(PathBuf),
}

/// Why a secret could not be had. Says where it was looked for, never what was found.
#[derive(Debug, thiserror::Error)]
pub enum NoSecret {
    /// The program could not be run, or failed.
    #[error("`{program}` gave no secret: {why}")]
    Command {
        /// Its name.
        program: String,
        /// What happened.
        why: String,
    },
    /// The variable is not set.
    #[error("the environment variable `{0}` is not set")]
    Env(String),
    /// The file could not be read.
    #[error("cannot read the secret in `{path}`: {why}", path = .path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// What happened.
        why: io::Error,
    },
    /// There was nothing in it.
    #[error("{0} is empty")]
    Empty(String),
}

impl SecretSource {
    /// Reads the secret. Blocks while a command runs, so call it where blocking is allowed.
    pub fn read(&self) -> Result<Secret, NoSecret> {
        let text = match self {
            Self::Command(words) => output_of(words)?,
            Self::Env(name) => std::env::var(name).map_err(|_| NoSecret::Env(name.clone()))?,
            Self::File(path) => text_of(path).map_err(|why| NoSecret::File { path: path.clone(), why })?,
        };
        match text.lines().next().map(str::trim_end) {
            Some(line) if !line.is_empty() => Ok(Secret::new(line)),
            _ => Err(NoSecret::Empty(self.to_string())),
        }
    }
}

impl fmt::Display for SecretSource {
    /// The place, for messages. Arguments of a command are left out: they may say too much.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(words) => write!(f, "the output of `{}`", words.first().map_or("", String::as_str)),
            Self::Env(name) => write!(f, "the environment variable `{name}`"),
            Self::File(path) => write!(f, "the file `{}`", path.display()),
        }
    }
}

fn output_of(words: &[String]) -> Result<String, NoSecret> {
    let program = words.first().cloned().unwrap_or_default();
    let fail = |why: String| NoSecret::Command { program: program.clone(), why };
    let mut child = Command::new(&program)
        .args(words.get(1..).unwrap_or_default())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| fail(error.to_string()))?;
    let mut text = String::new();
    let read = match child.stdout.take() {
        Some(stdout) => stdout.take(LONGEST).read_to_string(&mut text).map(|_| ()),
        None => Ok(()),
    };
    let status = child.wait().map_err(|error| fail(error.to_string()))?;
    read.map_err(|error| fail(error.to_string()))?;
    if status.success() { Ok(text) } else { Err(fail(status.to_string())) }
}

fn text_of(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    std::fs::File::open(path)?.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

/// Whether others than the owner may read a file; `false` where it cannot be told.
pub fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o077 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printing_a_secret_prints_dots() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?}"), "••• •••");
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn a_secret_is_the_first_line_of_its_source() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("token");
        std::fs::write(&path, "abc\nsecond").unwrap();
        assert_eq!(SecretSource::File(path).read().unwrap().expose(), "abc");
        let command = SecretSource::Command(vec!["printf".into(), "from-command\\n".into()]);
        assert_eq!(command.read().unwrap().expose(), "from-command");
        assert!(matches!(SecretSource::Command(vec!["false".into()]).read(), Err(NoSecret::Command { .. })));
        assert!(matches!(SecretSource::Command(vec!["true".into()]).read(), Err(NoSecret::Empty(_))));
        assert!(matches!(
            SecretSource::Env("GIGAWATCH_NO_SUCH_VARIABLE".into()).read(),
            Err(NoSecret::Env(_))
        ));
    }
}

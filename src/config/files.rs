//! Which files make up a configuration: the embedded ones, then those of the user's folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::diagnostic::{Diagnostics, Problem, Severity, Sink, SourceFile, suggestion};
use super::{Shared, built_in};

/// Largest file that is read, in bytes: a configuration is written by hand.
const LIMIT: u64 = 4 << 20;

/// Sub-folders of a configuration, one thing a file.
const FOLDERS: &[&str] = &["deals", "programmes", "themes"];

/// The files of every layer, by their path within the layer.
pub(super) struct Files {
    /// Path such as `deals/openai-aws.toml`, and the file; built-in ones first.
    entries: Vec<(String, Shared)>,
}

impl Files {
    /// Reads the built-in files and those of `dir`. What cannot be read is noted.
    pub(super) fn gather(dir: Option<&Path>, sink: &Sink) -> Self {
        let mut files = Self { entries: Vec::new() };
        for (path, text) in built_in::all() {
            let name = format!("built-in {path}");
            let source = SourceFile { name, text: text.to_owned(), built_in: true };
            files.entries.push((path.to_owned(), Shared::new(source)));
        }
        if let Some(dir) = dir {
            files.read_folder(dir, sink);
        }
        files
    }

    fn read_folder(&mut self, dir: &Path, sink: &Sink) {
        if !dir.is_dir() {
            note(sink, dir, "there is no such folder", "`gigawatch config init` makes one");
            return;
        }
        for (name, _) in built_in::SINGLE {
            let path = dir.join(name);
            if path.exists() {
                self.read_file(&path, name, sink);
            }
        }
        Self::warn_of_strays(dir, sink);
        for folder in FOLDERS {
            for path in toml_files(&dir.join(folder), sink) {
                let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                    note(sink, &path, "its name is not UTF-8", "rename the file");
                    continue;
                };
                self.read_file(&path, &format!("{folder}/{name}"), sink);
            }
        }
    }

    /// A file that nothing reads is probably misnamed.
    fn warn_of_strays(dir: &Path, sink: &Sink) {
        let known: Vec<&str> = built_in::SINGLE.iter().map(|(name, _)| *name).collect();
        for path in toml_files(dir, sink) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if !known.contains(&name) {
                sink.push(Problem {
                    severity: Severity::Warning,
                    message: format!("nothing reads `{}`", path.display()),
                    help: Some(suggestion(name, &known)),
                    file: None,
                    span: 0..0,
                });
            }
        }
    }

    fn read_file(&mut self, path: &Path, key: &str, sink: &Sink) {
        match read(path) {
            Ok(text) => {
                let source = SourceFile { name: path.display().to_string(), text, built_in: false };
                self.entries.push((key.to_owned(), Shared::new(source)));
            }
            Err(error) => note(sink, path, &error.to_string(), "make it readable, or remove it"),
        }
    }

    /// Puts a text in the place of a user's file, or adds it, as if the file held it.
    pub(super) fn set(&mut self, key: &str, name: String, text: String) {
        let source = Shared::new(SourceFile { name, text, built_in: false });
        match self.entries.iter_mut().find(|(path, file)| path == key && !file.built_in) {
            Some((_, file)) => *file = source,
            None => self.entries.push((key.to_owned(), source)),
        }
    }

    /// The user's own files.
    pub(super) fn users(&self) -> impl Iterator<Item = &SourceFile> {
        self.entries.iter().map(|(_, file)| file.as_ref()).filter(|file| !file.built_in)
    }

    /// The files of one name, the built-in one first.
    pub(super) fn named(&self, name: &str) -> Vec<Shared> {
        self.entries.iter().filter(|(key, _)| key == name).map(|(_, file)| Shared::clone(file)).collect()
    }

    /// The files of a sub-folder, built-in ones first.
    pub(super) fn under(&self, folder: &str) -> Vec<Shared> {
        let within = |key: &str| key.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.entries.iter().filter(|(key, _)| within(key)).map(|(_, file)| Shared::clone(file)).collect()
    }
}

fn note(sink: &Sink, path: &Path, why: &str, help: &str) {
    for problem in Diagnostics::of(format!("cannot read `{}`: {why}", path.display()), help).problems {
        sink.push(problem);
    }
}

/// The `*.toml` files of a folder in order of name; none where there is no such folder.
fn toml_files(dir: &Path, sink: &Sink) -> Vec<PathBuf> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
        Err(error) => {
            note(sink, dir, &error.to_string(), "make it a readable folder, or remove it");
            return Vec::new();
        }
    };
    let mut paths: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    paths.sort();
    paths
}

fn read(path: &Path) -> io::Result<String> {
    let length = fs::metadata(path)?.len();
    if length > LIMIT {
        return Err(io::Error::other(format!("it has {length} bytes, the limit is {LIMIT}")));
    }
    fs::read_to_string(path)
}

//! The walls between the rooms of `src/`: who may import whom, and which rooms are pure.

use std::fs;
use std::path::{Path, PathBuf};

/// Longest file, in lines: a longer one has two reasons to change.
const LONGEST: usize = 600;

/// What a room may import with `crate::`. A path is allowed when it starts with one of these.
const WALLS: &[(&str, &[&str])] = &[
    ("domain", &["domain"]),
    ("feed", &["feed", "domain"]),
    ("tagger", &["tagger", "domain"]),
    ("ledger", &["ledger", "domain"]),
    ("app", &["app", "config", "domain", "feed", "tagger", "ledger"]),
    ("ui", &["ui", "app", "config::theme", "domain"]),
    (
        "config",
        &[
            "config",
            "domain",
            "app::command",
            "app::key",
            "app::keymap",
            "feed::opml",
            "ledger::economics",
            "ledger::signal",
        ],
    ),
    ("fetch", &["fetch", "config", "domain"]),
    ("store", &["store", "domain"]),
    (
        "collector",
        &["collector", "config", "domain", "feed", "fetch", "ledger", "store", "tagger", "runtime::clock"],
    ),
    (
        "runtime",
        &[
            "runtime",
            "app",
            "collector",
            "config",
            "domain",
            "feed",
            "fetch",
            "ledger",
            "store",
            "tagger",
            "ui",
        ],
    ),
];

/// Rooms that are pure and total: the same input gives the same output, on any machine, at any time.
const PURE: &[&str] = &["domain", "feed", "tagger", "ledger", "app", "ui"];

/// What a pure room never names.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "tokio::",
    "tokio_util::",
    "reqwest::",
    "rusqlite::",
    "rustix::",
    "tracing::",
    "Timestamp::now",
    "Zoned::now",
    "Utc::now",
    "Local::now",
    "async fn",
    "async move",
    ".await",
    "println!",
    "eprintln!",
    "print!",
    "eprint!",
];

/// What only some rooms may name.
const OWNED: &[(&str, &[&str])] = &[
    ("rusqlite::", &["store"]),
    ("reqwest::", &["fetch"]),
    ("ratatui::", &["ui", "runtime"]),
    ("crossterm::", &["ui", "runtime", "cli"]),
    ("tokio::spawn", &["collector", "fetch", "runtime"]),
    ("spawn_blocking", &["collector", "fetch", "runtime"]),
];

/// One source file: its room, its path under the package, and its lines without comments or tests.
struct Source {
    room: String,
    path: PathBuf,
    /// How many `super::` lead out of the room.
    depth: usize,
    length: usize,
    code: Vec<(usize, String)>,
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    walk(&root, &mut paths);
    assert!(paths.len() > 10, "no sources found under {}", root.display());
    paths.iter().map(|path| read(&root, path)).collect()
}

fn walk(folder: &Path, paths: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn read(root: &Path, path: &Path) -> Source {
    let text = fs::read_to_string(path).unwrap();
    let inside = path.strip_prefix(root).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_str().unwrap();
    // Tests stand beside the code and may reach further; a file of tests is named so.
    let is_test =
        inside.file_stem().is_some_and(|stem| stem == "tests" || stem.to_str().unwrap().ends_with("_tests"));
    Source {
        room: first.trim_end_matches(".rs").to_owned(),
        path: Path::new("src").join(inside),
        depth: inside.components().count() - usize::from(inside.ends_with("mod.rs")),
        length: text.lines().count(),
        code: if is_test { Vec::new() } else { code_of(&text) },
    }
}

/// Numbered lines up to the first test module, comments removed.
fn code_of(text: &str) -> Vec<(usize, String)> {
    let code = |line: &str| line.split("//").next().unwrap_or("").to_owned();
    text.lines()
        .enumerate()
        .take_while(|(_, line)| !line.trim_start().starts_with("#[cfg(test)]"))
        .map(|(index, line)| (index + 1, code(line)))
        .collect()
}

/// The paths that a text names after `crate::`, braces opened: `crate::{a::b, c}` names `a::b` and `c`.
fn crate_paths(source: &Source) -> Vec<(usize, String)> {
    let mut paths = Vec::new();
    for (index, (number, line)) in source.code.iter().enumerate() {
        for (at, _) in line.match_indices("crate::") {
            let before = line.get(..at).and_then(|before| before.chars().next_back());
            if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$') {
                continue;
            }
            let rest: String = line.get(at + "crate::".len()..).unwrap_or_default().to_owned()
                + "\n"
                + &source.code[index + 1..]
                    .iter()
                    .map(|(_, line)| line.as_str())
                    .collect::<Vec<_>>()
                    .join("\n");
            paths.extend(opened(&rest).into_iter().map(|path| (*number, path)));
        }
        let climb = "super::".repeat(source.depth);
        if line.contains(&climb) {
            paths.push((*number, format!("({climb}…)")));
        }
    }
    paths
}

/// The paths of one import: as it stands, or each of those in braces.
fn opened(rest: &str) -> Vec<String> {
    if let Some(list) = rest.strip_prefix('{') {
        let mut depth = 0;
        let mut items = vec![String::new()];
        for c in list.chars() {
            match c {
                '}' if depth == 0 => break,
                ',' if depth == 0 => items.push(String::new()),
                _ => {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    items.last_mut().unwrap().push(c);
                }
            }
        }
        return items.iter().flat_map(|item| opened(item.trim())).filter(|path| !path.is_empty()).collect();
    }
    let path: String = rest.chars().take_while(|c| c.is_alphanumeric() || matches!(c, '_' | ':')).collect();
    match rest.strip_prefix(&path) {
        Some(list) if path.ends_with("::") && list.starts_with('{') => {
            opened(list).iter().map(|item| format!("{path}{item}")).collect()
        }
        _ => vec![path.trim_end_matches(':').to_owned()],
    }
}

fn starts_with_path(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn report(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn no_room_reaches_through_a_wall() {
    let mut faults = Vec::new();
    for source in sources() {
        let Some((_, allowed)) = WALLS.iter().find(|(room, _)| *room == source.room) else { continue };
        for (line, path) in crate_paths(&source) {
            if !allowed.iter().any(|prefix| starts_with_path(&path, prefix)) {
                faults.push(format!(
                    "{}:{line}: `{}` imports `crate::{path}`; it may import {}",
                    source.path.display(),
                    source.room,
                    allowed.join(", ")
                ));
            }
        }
    }
    report(&faults);
}

#[test]
fn pure_rooms_name_no_io_no_clock_and_nothing_async() {
    let mut faults = Vec::new();
    for source in sources().iter().filter(|source| PURE.contains(&source.room.as_str())) {
        for (line, text) in &source.code {
            for word in IMPURE.iter().filter(|word| names(text, word)) {
                faults.push(format!(
                    "{}:{line}: `{word}` in the pure room `{}`",
                    source.path.display(),
                    source.room
                ));
            }
        }
    }
    report(&faults);
}

#[test]
fn outside_libraries_stay_in_the_room_that_owns_them() {
    let mut faults = Vec::new();
    for source in sources() {
        for (line, text) in &source.code {
            for (word, rooms) in OWNED.iter().filter(|(word, _)| names(text, word)) {
                if !rooms.contains(&source.room.as_str()) {
                    let rooms = rooms.join(", ");
                    faults.push(format!("{}:{line}: `{word}` belongs in {rooms}", source.path.display()));
                }
            }
        }
    }
    report(&faults);
}

/// Whether a line of code names a word, not merely a longer one that ends in it.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        !(word.starts_with(char::is_alphabetic) && before.is_some_and(|c| c.is_alphanumeric() || c == '_'))
    })
}

#[test]
fn no_file_is_too_long() {
    let long = |source: &Source| {
        (source.length > LONGEST).then(|| {
            format!("{}:{}: longer than {LONGEST} lines; split it", source.path.display(), source.length)
        })
    };
    report(&sources().iter().filter_map(long).collect::<Vec<_>>());
}

#[test]
fn every_room_has_its_walls_stated() {
    let open = ["cli", "lib", "main"];
    let unknown: Vec<String> = sources()
        .iter()
        .filter(|source| !open.contains(&source.room.as_str()))
        .filter(|source| !WALLS.iter().any(|(room, _)| *room == source.room))
        .map(|source| {
            format!("{}:1: the room `{}` is not in the table of walls", source.path.display(), source.room)
        })
        .collect();
    report(&unknown);
}

#[test]
fn imports_are_read_from_braces_and_from_paths() {
    assert_eq!(opened("domain::time::Day;"), ["domain::time::Day"]);
    assert_eq!(opened("{domain::{a, b}, app};"), ["domain::a", "domain::b", "app"]);
    assert_eq!(
        opened("config::{theme::{A, B}, keys}"),
        ["config::theme::A", "config::theme::B", "config::keys"]
    );
    assert_eq!(opened("{\n    store,\n    ui::x as y,\n};"), ["store", "ui::x"]);
    assert!(names("use std::fs;", "std::fs") && !names("pprint!()", "print!"));
    assert!(
        starts_with_path("config::theme::Theme", "config::theme") && !starts_with_path("configs", "config")
    );
}

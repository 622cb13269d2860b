//! The world beside the terminal and the network: browser, clipboard, notices, files.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::SystemTime;

use url::Url;

use super::caps::Environment;
use crate::app::alerts::Notice;
use crate::config::settings::{NoticeRoute, View};
use crate::domain::text::DisplayText;

/// An address that may be opened: http or https with a host and without a user's name, written again by
/// the parser so that nothing in it is anything but an address.
fn checked(url: &str) -> Result<Url, String> {
    let shown = DisplayText::line(url, 80);
    let url = Url::parse(url).map_err(|_| format!("`{shown}` is no address"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("`{shown}` is not opened: only http and https are"));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(format!("`{shown}` is not opened: it names no host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(format!("`{shown}` is not opened: the name before `@` may feign another site"));
    }
    Ok(url)
}

/// The program and arguments that open an address; never a shell.
fn opener(url: &Url, configured: &[String]) -> (String, Vec<String>) {
    if let Some((program, arguments)) = configured.split_first() {
        let mut arguments: Vec<String> =
            arguments.iter().map(|argument| argument.replace("{url}", url.as_str())).collect();
        if !configured.iter().any(|argument| argument.contains("{url}")) {
            arguments.push(url.as_str().to_owned());
        }
        return (program.clone(), arguments);
    }
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    (program.to_owned(), vec![url.as_str().to_owned()])
}

/// Opens an address in the browser. Says what was opened, or why not.
pub(super) fn open_link(url: &str, configured: &[String]) -> Result<String, String> {
    let url = checked(url)?;
    let (program, arguments) = opener(&url, configured);
    let host = url.host_str().unwrap_or_default().to_owned();
    match Command::new(&program)
        .args(&arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
    {
        Ok(child) => {
            reap(child);
            Ok(format!("opened at {host}"))
        }
        Err(error) => Err(format!(
            "`{program}` cannot be started ({error}); y copies the link, `browser` in gigawatch.toml names another program"
        )),
    }
}

/// Waits for a child where nobody else does, so that it leaves no zombie.
fn reap(mut child: Child) {
    let waiting = thread::Builder::new().name("reaper".into()).spawn(move || child.wait());
    if let Err(error) = waiting {
        tracing::debug!(%error, "nobody waits for a child");
    }
}

/// Copies text: through the terminal (OSC 52), which reaches the user's own machine over SSH and out of
/// tmux. Gives the bytes for the terminal and what to tell the user.
pub(super) fn copy(
    text: &str,
    limit: usize,
    environment: &Environment,
) -> (Option<Vec<u8>>, Result<String, String>) {
    let clean: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    if clean.len() > limit {
        let text = format!("not copied: {} bytes, and `clipboard-limit` is {limit}", clean.len());
        return (None, Err(text));
    }
    let mut bytes = Vec::new();
    let command = crossterm::clipboard::CopyToClipboard::to_clipboard_from(clean.as_bytes());
    if crossterm::queue!(bytes, command).is_err() {
        return (None, Err("not copied: the text cannot be encoded".into()));
    }
    let lines = clean.lines().count();
    let what = if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
    let way =
        if environment.tmux { "tmux and the terminal (set-clipboard on)" } else { "the terminal (OSC 52)" };
    (Some(passed_through(&bytes, environment)), Ok(format!("{what} sent to the clipboard through {way}")))
}

/// An escape sequence so wrapped that tmux or screen hands it on.
fn passed_through(bytes: &[u8], environment: &Environment) -> Vec<u8> {
    if environment.tmux {
        let mut wrapped = b"\x1bPtmux;".to_vec();
        for byte in bytes {
            if *byte == 0x1b {
                wrapped.push(0x1b);
            }
            wrapped.push(*byte);
        }
        wrapped.extend_from_slice(b"\x1b\\");
        wrapped
    } else if environment.screen {
        [b"\x1bP", bytes, b"\x1b\\"].concat()
    } else {
        bytes.to_vec()
    }
}

/// A notice as bytes for the terminal; `None` where nothing is to be sent.
pub(super) fn notice(notice: &Notice, route: NoticeRoute, environment: &Environment) -> Option<Vec<u8>> {
    // Whatever the text, it cannot end the sequence or begin another one, and a leading number with a
    // semicolon would be a progress bar to some terminals.
    let clean = |text: &str, most: usize| -> String {
        DisplayText::line(text, most).chars().filter(|c| *c != ';').collect()
    };
    let (title, text) = (clean(&notice.title, 60), clean(&notice.text, 200));
    let route = match route {
        NoticeRoute::Auto if environment.kitty => NoticeRoute::Osc99,
        NoticeRoute::Auto => match environment.program.as_str() {
            "iTerm.app" => NoticeRoute::Osc9,
            "WezTerm" | "ghostty" | "rxvt" => NoticeRoute::Osc777,
            _ if environment.term.starts_with("rxvt") || environment.term.contains("ghostty") => {
                NoticeRoute::Osc777
            }
            _ => NoticeRoute::Bell,
        },
        route => route,
    };
    let mut bytes = Vec::new();
    if notice.terminal {
        let sequence = match route {
            NoticeRoute::Osc9 => format!("\x1b]9;gigawatch: {text}\x1b\\"),
            NoticeRoute::Osc99 => {
                format!("\x1b]99;i=gigawatch:d=0;{title}\x1b\\\x1b]99;i=gigawatch:p=body;{text}\x1b\\")
            }
            NoticeRoute::Osc777 => format!("\x1b]777;notify;gigawatch {title};{text}\x1b\\"),
            NoticeRoute::Auto | NoticeRoute::Bell | NoticeRoute::Off => String::new(),
        };
        bytes = passed_through(sequence.as_bytes(), environment);
        if sequence.is_empty() {
            bytes.clear();
        }
    }
    if route != NoticeRoute::Off && (notice.bell || notice.terminal) {
        bytes.push(0x07);
    }
    (!bytes.is_empty()).then_some(bytes)
}

/// An alert as the JSON that programs are given.
pub(super) fn alert_json(notice: &Notice) -> String {
    serde_json::json!({ "schema": 1, "title": notice.title, "text": notice.text }).to_string()
}

/// Hands a notice to the user's program on its standard input; never through a shell.
pub(super) fn tell_programs(notice: &Notice) {
    let Some((program, arguments)) = notice.command.split_first() else { return };
    let spawned = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match spawned {
        Ok(mut child) => {
            if let Some(mut input) = child.stdin.take()
                && let Err(error) = input.write_all(alert_json(notice).as_bytes())
            {
                tracing::warn!(%error, program, "an alert's program did not take it");
            }
            reap(child);
        }
        Err(error) => tracing::warn!(%error, program, "an alert's program cannot be started"),
    }
}

/// Writes an export. A name without a folder goes into `dir`; an existing file is not written over.
pub(super) fn export(dir: &Path, file: &Path, text: &str) -> Result<String, String> {
    let path = if file.as_os_str().is_empty() { free_name(dir) } else { dir.join(file) };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)
            .map_err(|error| format!("{} cannot be made: {error}", parent.display()))?;
    }
    let mut file = fs::File::create_new(&path)
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    file.write_all(text.as_bytes())
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))?;
    Ok(format!("written to {}", path.display()))
}

fn free_name(dir: &Path) -> PathBuf {
    (1..1000)
        .map(|number| dir.join(format!("gigawatch-{number}.md")))
        .find(|path| !path.exists())
        .unwrap_or_else(|| dir.join("gigawatch.md"))
}

/// Adds a view to the user's `gigawatch.toml`, keeping what stands there.
pub(super) fn save_view(dir: &Path, view: &View) -> Result<(), String> {
    let path = dir.join("gigawatch.toml");
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(format!("{} cannot be read: {error}", path.display())),
    };
    let mut document: toml_edit::DocumentMut =
        text.parse().map_err(|error| format!("{} is no TOML: {error}", path.display()))?;
    let views = document
        .entry("view")
        .or_insert(toml_edit::Item::ArrayOfTables(toml_edit::ArrayOfTables::new()))
        .as_array_of_tables_mut()
        .ok_or_else(|| format!("`view` in {} is no list of tables", path.display()))?;
    views.retain(|table| table.get("name").and_then(|name| name.as_str()) != Some(view.name.as_str()));
    let mut table = toml_edit::Table::new();
    table.insert("name", toml_edit::value(&view.name));
    table.insert("filter", toml_edit::value(&view.filter));
    table.insert("sort", toml_edit::value(&view.sort));
    table.insert("group", toml_edit::value(&view.group));
    views.push(table);
    fs::create_dir_all(dir).map_err(|error| format!("{} cannot be made: {error}", dir.display()))?;
    // Written beside and moved over: a half-written configuration would not start again.
    let beside = dir.join(".gigawatch.toml.new");
    fs::write(&beside, document.to_string())
        .and_then(|()| fs::rename(&beside, &path))
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

/// The files of a folder with their times and sizes: equal stamps mean that nothing has changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Stamp(Vec<(PathBuf, Option<SystemTime>, u64)>);

/// Looks at the configuration files of a folder and its sub-folders.
pub(super) fn stamp(dir: &Path) -> Stamp {
    let mut files = Vec::new();
    let mut folders = vec![(dir.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let Ok(about) = fs::metadata(&path) else { continue };
            if about.is_dir() && depth < 2 {
                folders.push((path, depth + 1));
            } else if path.extension().is_some_and(|extension| extension == "toml") {
                files.push((path, about.modified().ok(), about.len()));
            }
        }
    }
    files.sort();
    Stamp(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_opened() {
        for hostile in [
            "javascript:alert(1)",
            "file:///etc/passwd",
            "data:text/html,x",
            "ssh://host/",
            "mailto:a@b.c",
            "-version",
            "--help",
            "http://",
            "https://bank.example@evil.example/",
            "https://user:pass@host.example/",
            "$(touch x)",
            "",
        ] {
            assert!(checked(hostile).is_err(), "{hostile}");
        }
        let url = checked("https://example.org/a b?q=`id`&x=$(id)\"'").unwrap();
        assert!(!url.as_str().contains([' ', '"']), "{url}");
    }

    #[test]
    fn the_opener_gets_the_address_as_one_argument() {
        let url = checked("https://example.org/a;b").unwrap();
        let (_, arguments) = opener(&url, &[]);
        assert_eq!(arguments, ["https://example.org/a;b"]);
        let (program, arguments) = opener(&url, &["firefox".into(), "--new-tab".into(), "{url}".into()]);
        assert_eq!((program.as_str(), arguments.len()), ("firefox", 2));
        assert_eq!(opener(&url, &["lynx".into()]).1, ["https://example.org/a;b"]);
    }

    #[test]
    fn copied_text_has_no_controls_and_passes_through_tmux() {
        let inside = Environment { tmux: true, ..Environment::default() };
        let (bytes, said) = copy("a\u{1b}]0;x\u{7}b", 1000, &inside);
        let bytes = bytes.unwrap();
        assert!(bytes.starts_with(b"\x1bPtmux;\x1b\x1b]52;"), "{:?}", String::from_utf8_lossy(&bytes));
        assert!(said.unwrap().contains("tmux"));
        let (bytes, said) = copy(&"x".repeat(1001), 1000, &inside);
        assert!(bytes.is_none() && said.is_err());
    }

    #[test]
    fn a_notice_cannot_break_out_of_its_sequence() {
        let hostile = Notice {
            title: "4;50;\u{1b}\\".into(),
            text: "x\u{7}\u{1b}]0;pwned\u{7}; rm -rf\u{9c}".into(),
            terminal: true,
            bell: false,
            command: Vec::new(),
            webhook: None,
        };
        for route in [NoticeRoute::Osc9, NoticeRoute::Osc99, NoticeRoute::Osc777] {
            let bytes = notice(&hostile, route, &Environment::default()).unwrap();
            let text = String::from_utf8(bytes).unwrap();
            let starts = text.matches('\u{1b}').count();
            let expected = if route == NoticeRoute::Osc99 { 4 } else { 2 };
            assert_eq!(starts, expected, "{route:?} {text:?}");
            assert_eq!(text.matches('\u{7}').count(), 1, "{text:?}");
        }
        assert_eq!(notice(&hostile, NoticeRoute::Off, &Environment::default()), None);
    }

    #[test]
    fn a_saved_view_stands_beside_what_was_written_by_hand() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("gigawatch.toml");
        fs::write(&path, "# mine\n[ui]\ntheme = \"dark\" # at night\n").unwrap();
        let view = |filter: &str| View {
            name: "near".into(),
            filter: filter.into(),
            sort: "due".into(),
            group: "none".into(),
        };
        save_view(dir.path(), &view("due<90")).unwrap();
        save_view(dir.path(), &view("due<30")).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains("# mine") && text.contains("# at night") && text.contains("due<30"), "{text}");
        assert_eq!(text.matches("[[view]]").count(), 1, "{text}");
        assert!(crate::config::Config::load(Some(dir.path())).is_ok());
    }

    #[test]
    fn an_export_never_writes_over_a_file() {
        let dir = tempfile::tempdir().unwrap();
        export(dir.path(), Path::new(""), "one").unwrap();
        export(dir.path(), Path::new(""), "two").unwrap();
        assert_eq!(fs::read_to_string(dir.path().join("gigawatch-2.md")).unwrap(), "two");
        assert!(export(dir.path(), Path::new("gigawatch-1.md"), "three").is_err());
    }
}

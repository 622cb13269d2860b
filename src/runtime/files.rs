//! Files of the user's: exports, saved views, and whether the configuration has changed.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};

use crate::config::settings::View;

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

/// How long a changed file is left alone: editors write in several steps.
const SETTLE: Duration = Duration::from_millis(150);

/// Watches the configuration files of a folder for as long as the watcher is held: the system tells, and
/// nothing wakes until it does. `changed` is called once for what changes together. Where the system
/// cannot watch, changes are noticed when the terminal gets the focus.
pub(super) fn watch(dir: &Path, changed: impl Fn() + Send + 'static) -> Option<RecommendedWatcher> {
    let (touched, mut touches) = tokio::sync::mpsc::channel::<()>(1);
    let told = move |event: notify::Result<notify::Event>| {
        let toml = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "toml");
        let counts = |event: notify::Event| !event.kind.is_access() && event.paths.iter().any(toml);
        if event.is_ok_and(counts) {
            // Full: the change will be seen with the one that waits.
            touched.try_send(()).ok();
        }
    };
    let watcher = notify::recommended_watcher(told)
        .and_then(|mut watcher| watcher.watch(dir, RecursiveMode::Recursive).map(|()| watcher))
        .inspect_err(|error| tracing::info!(%error, "the configuration is not watched"))
        .ok();
    tokio::spawn(async move {
        while touches.recv().await.is_some() {
            tokio::time::sleep(SETTLE).await;
            while touches.try_recv().is_ok() {}
            changed();
        }
    });
    watcher
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

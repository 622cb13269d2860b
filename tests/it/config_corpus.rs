//! Wrong configurations and exactly what is said about each.
//!
//! `tests/fixtures/configs/invalid/NAME.toml` begins with `# file: PATH`, its place in a configuration
//! folder; `NAME.stderr` beside it is what `gigawatch config check` must answer, with the folder written
//! as `DIR`. `GIGAWATCH_BLESS=1 cargo test --test it config_corpus` writes the answers anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use gigawatch::config::Config;

fn corpus() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/configs/invalid");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    files
}

/// Puts a text at its place in a new configuration folder.
fn folder_with(files: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (place, text) in files {
        let path = dir.path().join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    dir
}

fn run(dir: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gigawatch"))
        .args(["--config-dir", dir.to_str().unwrap(), "--data-dir", dir.join("data").to_str().unwrap()])
        .args(arguments)
        .env_remove("GIGAWATCH_NOW")
        .output()
        .unwrap()
}

fn text(bytes: &[u8], dir: &Path) -> String {
    String::from_utf8(bytes.to_vec()).unwrap().replace(dir.to_str().unwrap(), "DIR")
}

#[test]
fn every_wrong_configuration_is_answered_as_written_down() {
    let corpus = corpus();
    assert!(corpus.len() >= 15);
    let mut wrong = Vec::new();
    for path in corpus {
        let toml = fs::read_to_string(&path).unwrap();
        let place = toml.lines().next().unwrap().strip_prefix("# file: ").unwrap();
        let dir = folder_with(&[(place, &toml)]);
        let output = run(dir.path(), &["config", "check"]);
        let said = text(&output.stderr, dir.path());
        let expected = path.with_extension("stderr");
        if std::env::var_os("GIGAWATCH_BLESS").is_some() {
            fs::write(&expected, &said).unwrap();
        }
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        if output.status.code() != Some(2) || !output.stdout.is_empty() {
            wrong.push(format!(
                "{name}: {:?}, printed {:?}",
                output.status,
                text(&output.stdout, dir.path())
            ));
        }
        if fs::read_to_string(&expected).unwrap_or_default() != said {
            wrong.push(format!("{name}: said\n{said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_problem_of_every_file_is_told_at_once() {
    let dir = folder_with(&[
        ("gigawatch.toml", "[poll]\nevry = 1\n"),
        ("feeds.toml", "[[feed]]\nid = 1\n"),
        ("deals/mine.toml", "name = 1\n"),
    ]);
    let said = text(&run(dir.path(), &["config", "check"]).stderr, dir.path());
    for file in ["DIR/gigawatch.toml:2:1", "DIR/feeds.toml:1:1", "DIR/deals/mine.toml:1:8"] {
        assert!(said.contains(file), "{file}: {said}");
    }
}

#[test]
fn any_command_refuses_a_wrong_configuration_before_it_does_anything() {
    let dir = folder_with(&[("keys.toml", "[global]\n\"j\" = \"dwon\"\n")]);
    for arguments in [&["deals"][..], &["keys"], &["feeds", "list"], &["poll"]] {
        let output = run(dir.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stderr, dir.path()));
        assert!(output.stdout.is_empty(), "{arguments:?}");
        assert!(text(&output.stderr, dir.path()).contains("did you mean `down`?"), "{arguments:?}");
    }
    assert!(!dir.path().join("data").exists());
}

#[test]
fn problems_can_be_read_by_an_editor() {
    let dir = folder_with(&[("gigawatch.toml", "[ui]\n\ntheme = \"drak\"\n")]);
    let output = run(dir.path(), &["config", "check", "--json"]);
    assert_eq!(output.status.code(), Some(2));
    let answer: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(answer["ok"], false);
    assert_eq!((&answer["problems"][0]["line"], &answer["problems"][0]["column"]), (&3.into(), &9.into()));
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(&dir.path().join("none"), &["config", "check"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr, dir.path()).contains("cannot read `DIR/none`: there is no such folder"));
}

#[test]
fn an_empty_list_of_feeds_is_allowed() {
    let dir = folder_with(&[("feeds.toml", "")]);
    assert!(Config::load(Some(dir.path())).unwrap().feeds.is_empty());
}

#[test]
fn a_list_that_extends_changes_only_what_it_names() {
    let built_in = Config::load(None).unwrap().feeds;
    let register = built_in.iter().find(|feed| feed.id == "theregister").unwrap();
    let feeds = "extend = true\n[[feed]]\nid = \"theregister\"\nenabled = false\n\
                 [[feed]]\nid = \"mine\"\nname = \"Mine\"\nurl = \"http://127.0.0.1:8080/\"\ntier = \"D\"\nallow-private = true\n";
    let dir = folder_with(&[("feeds.toml", feeds), ("gigawatch.toml", "[poll]\nevery = \"3m\"\n")]);
    let loaded = Config::load(Some(dir.path())).unwrap().feeds;
    assert_eq!(loaded.len(), built_in.len() + 1);
    let changed = loaded.iter().find(|feed| feed.id == "theregister").unwrap();
    assert!(!changed.enabled);
    assert_eq!(
        (&changed.address, changed.tier, changed.every),
        (&register.address, register.tier, register.every)
    );
    let mine = loaded.last().unwrap();
    assert!(mine.allow_private && mine.enabled && mine.every.as_secs() == 180);
}

#[test]
fn a_secret_that_others_can_read_is_warned_of_and_never_shown() {
    use std::os::unix::fs::PermissionsExt;
    let feeds = "[[feed]]\nid = \"a\"\nname = \"A\"\nurl = \"https://me:hunter2@example.com/\"\ntier = \"D\"\n\
                 headers = { X-Key = \"hunter3\" }\nauth = { file = \"token\" }\n";
    let dir = folder_with(&[("feeds.toml", feeds), ("token", "hunter4")]);
    let set = |name: &str, mode| {
        fs::set_permissions(dir.path().join(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    for (mode, warnings) in [(0o644, 2), (0o600, 0)] {
        set("feeds.toml", mode);
        set("token", mode);
        let config = Config::load(Some(dir.path())).unwrap();
        assert_eq!(config.warnings.len(), warnings, "{:?}", config.warnings);
        assert!(!format!("{config:?}").contains("hunter"));
        for arguments in [
            &["config", "check"][..],
            &["feeds", "list"],
            &["feeds", "list", "--json"],
            &["feeds", "export"],
            &["config", "show"],
        ] {
            let output = run(dir.path(), arguments);
            assert_eq!(output.status.code(), Some(0));
            assert!(!text(&output.stdout, dir.path()).contains("hunter"), "{arguments:?}");
            assert!(!text(&output.stderr, dir.path()).contains("hunter"), "{arguments:?}");
        }
    }
}

#[test]
fn feeds_are_added_and_removed_without_losing_comments() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    fs::write(dir.join("feeds.toml"), "# mine\nextend = true\n").unwrap();
    let ok = |arguments: &[&str]| {
        let output = run(dir, arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr, dir));
    };
    ok(&["feeds", "add", "https://www.example.com/feed.xml", "--tier", "d", "--every", "30m"]);
    ok(&["feeds", "add", "https://www.example.com/other.xml"]);
    let file = fs::read_to_string(dir.join("feeds.toml")).unwrap();
    assert!(file.starts_with("# mine\n") && file.contains("id = \"example-com-2\""), "{file}");
    let feeds = Config::load(Some(dir)).unwrap().feeds;
    assert_eq!(feeds.iter().find(|feed| feed.id == "example-com").unwrap().every.as_secs(), 1800);
    ok(&["feeds", "remove", "example-com"]);
    ok(&["feeds", "remove", "theregister"]);
    let feeds = Config::load(Some(dir)).unwrap().feeds;
    assert!(!feeds.iter().any(|feed| feed.id == "example-com"));
    assert!(!feeds.iter().find(|feed| feed.id == "theregister").unwrap().enabled);
    assert!(fs::read_to_string(dir.join("feeds.toml.bak")).unwrap().contains("example-com-2"));

    for wrong in [
        &["feeds", "add", "ftp://example.com/"][..],
        &["feeds", "add", "https://www.example.com/other.xml"],
        &["feeds", "add", "https://x.example/", "--id", "Not An Id"],
        &["feeds", "remove", "exmaple-com-2"],
    ] {
        let before = fs::read_to_string(dir.join("feeds.toml")).unwrap();
        assert_eq!(run(dir, wrong).status.code(), Some(2), "{wrong:?}");
        assert_eq!(fs::read_to_string(dir.join("feeds.toml")).unwrap(), before, "{wrong:?}");
    }
}

#[test]
fn a_list_of_feeds_goes_out_and_comes_in_again() {
    let dir = tempfile::tempdir().unwrap();
    let out = run(dir.path(), &["feeds", "export"]);
    let list = dir.path().join("list.opml");
    fs::write(&list, &out.stdout).unwrap();
    let other = folder_with(&[(
        "feeds.toml",
        "[[feed]]\nid = \"a\"\nname = \"A\"\nurl = \"https://openai.com/news/rss.xml\"\ntier = \"A\"\n",
    )]);
    let came = run(other.path(), &["feeds", "import", list.to_str().unwrap(), "--tier", "D"]);
    assert_eq!(came.status.code(), Some(0), "{}", text(&came.stderr, other.path()));
    let key = |feeds: Vec<gigawatch::config::feeds::Feed>| {
        let mut keys: Vec<_> = feeds.into_iter().map(|feed| feed.address.as_written().to_owned()).collect();
        keys.sort();
        keys
    };
    let feeds = Config::load(Some(other.path())).unwrap().feeds;
    assert!(feeds[1..].iter().all(|feed| feed.tier == gigawatch::domain::outlet::Tier::D));
    assert_eq!(key(feeds), key(Config::load(None).unwrap().feeds));
    let again = run(other.path(), &["feeds", "import", list.to_str().unwrap()]);
    assert!(text(&again.stdout, other.path()).starts_with("added 0 feeds"));
    let wrong = run(other.path(), &["feeds", "import", other.path().join("feeds.toml").to_str().unwrap()]);
    assert_eq!(wrong.status.code(), Some(1));
}

#[test]
fn a_deal_of_ones_own_is_one_command() {
    let dir = tempfile::tempdir().unwrap();
    let add = ["deal", "add", "meta-aws", "--class", "hosting", "--buyer", "meta", "--provider", "aws"];
    let legs =
        ["--leg", "gpu:third:nvidia-gpu", "--leg", "custom:provider:trainium", "--ticker", "META:buyer"];
    let output = run(dir.path(), &[&add[..], &legs[..]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr, dir.path()));
    let file = fs::read_to_string(dir.path().join("deals/meta-aws.toml")).unwrap();
    assert!(file.lines().count() <= 15, "{file}");
    let config = Config::load(Some(dir.path())).unwrap();
    assert_eq!(config.catalog.deal("meta-aws").unwrap().legs.len(), 2);
    let shown = run(dir.path(), &["deals"]);
    assert!(text(&shown.stdout, dir.path()).contains("meta-aws"));

    let wrong = run(dir.path(), &[&add[..2], &["x-y"][..], &add[3..], &["--leg", "gpu:thrid"][..]].concat());
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr, dir.path()).contains("did you mean `third`?"));
    assert!(!dir.path().join("deals/x-y.toml").exists());
}

#[test]
fn init_writes_copies_that_check_and_keeps_what_is_there() {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("new");
    assert_eq!(run(&place, &["config", "init"]).status.code(), Some(0));
    fs::write(place.join("feeds.toml"), "extend = true # mine\n").unwrap();
    let again = run(&place, &["config", "init"]);
    assert!(text(&again.stdout, &place).contains("kept   DIR/feeds.toml"));
    assert_eq!(fs::read_to_string(place.join("feeds.toml")).unwrap(), "extend = true # mine\n");
    let check = run(&place, &["config", "check"]);
    assert_eq!(check.status.code(), Some(0), "{}", text(&check.stderr, &place));
    assert!(check.stderr.is_empty());
}

#[test]
fn the_origin_of_a_setting_is_its_line() {
    let dir = folder_with(&[("gigawatch.toml", "[ui]\n\ntheme = \"dark\"\n")]);
    let shown = text(&run(dir.path(), &["config", "show", "--origin"]).stdout, dir.path());
    assert!(shown.contains("# DIR/gigawatch.toml:3\ntheme = \"dark\"\n"), "{shown}");
    assert!(shown.contains("# built-in gigawatch.toml:"), "{shown}");
    // What is shown is itself a configuration.
    let copy = folder_with(&[("gigawatch.toml", &shown)]);
    let settings = |dir: &Path| Config::load(Some(dir)).unwrap().settings;
    assert_eq!(settings(copy.path()), settings(dir.path()));
}

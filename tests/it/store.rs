//! The store on real files: formats, damage, two programs at once.

use std::fs;
use std::path::Path;

use gigawatch::domain::item::{Item, ItemKey};
use gigawatch::domain::outlet::Tier;
use gigawatch::domain::text::DisplayText;
use gigawatch::domain::time::Timestamp;
use gigawatch::store::{
    self, FILE_NAME, FeedState, Mode, NewItem, PollCommit, Revised, Role, Standing, Store, StoreError,
};

const NOW: Timestamp = Timestamp(1_780_000_000);

fn item(n: u32, title: &str) -> Item {
    Item {
        key: ItemKey(format!("{n:032x}")),
        feed: "wire".to_owned(),
        guid: format!("guid-{n}"),
        url: Some(format!("https://news.example/{n}")),
        title: DisplayText::line(title, 200),
        summary: DisplayText::line("A summary.", 200),
        text: None,
        outlet: DisplayText::line("Example", 200),
        tier: Tier::C,
        published: Some(Timestamp(NOW.0 - i64::from(n % 7) * 3600)),
        first_seen: NOW,
    }
}

fn new(item: Item) -> NewItem {
    NewItem { item, story: None, subjects: Vec::new(), claims: Vec::new(), body: None }
}

fn poll(items: impl IntoIterator<Item = Item>) -> PollCommit {
    PollCommit {
        state: Some(FeedState::new("wire", "https://news.example/feed")),
        new: items.into_iter().map(new).collect(),
        now: NOW,
        ..PollCommit::default()
    }
}

fn open(dir: &Path) -> Store {
    Store::open(dir, Mode::Poll, NOW).unwrap()
}

#[test]
fn an_item_is_stored_once_however_often_it_is_offered() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let items: Vec<Item> = (0..50).map(|n| item(n, "Oracle books a gigawatt")).collect();
    assert_eq!(store.commit(poll(items.clone())).wait().unwrap().items, 50);
    assert_eq!(store.commit(poll(items.clone())).wait().unwrap().items, 0);
    drop(store);
    let store = open(dir.path());
    assert_eq!(store.commit(poll(items)).wait().unwrap().items, 0);
    assert_eq!(store.counters().wait().unwrap().items, 50);
    assert_eq!(store.feeds().wait().unwrap()[0].items, 50);
    let newest = store.newest(None, 100).wait().unwrap();
    assert_eq!(newest.len(), 50);
    assert!(newest.windows(2).all(|pair| pair[0].1.at() >= pair[1].1.at()), "row order is time order");
    assert!(store::check(dir.path()).unwrap().problems.is_empty());
}

#[test]
fn items_of_one_second_all_find_a_place() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    // Keys that differ only behind the part that row ids are made from.
    let items = (0..300).map(|n| Item { published: Some(NOW), ..item(n, "Same second") });
    assert_eq!(store.commit(poll(items)).wait().unwrap().items, 300);
    assert_eq!(store.newest(None, 1000).wait().unwrap().len(), 300);
}

#[test]
fn a_changed_text_is_a_revision_with_both_texts() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let first = item(1, "OpenAI weighs a second site");
    store.commit(poll([first.clone()])).wait().unwrap();
    let changed = Item { title: DisplayText::line("OpenAI picks a second site", 200), ..first.clone() };
    let (_, standing) =
        store.standing(vec![first.clone(), changed.clone(), item(2, "Another")]).wait().unwrap();
    assert_eq!(standing, [Standing::Same, Standing::Revised { text: None }, Standing::New { story: None }]);
    let revised = Revised { item: changed, subjects: Vec::new(), claims: Vec::new() };
    let commit = PollCommit { revised: vec![revised], now: NOW, ..PollCommit::default() };
    assert_eq!(store.commit(commit).wait().unwrap().revised, 1);
    let revisions = store.revisions(&first.key).wait().unwrap();
    assert_eq!(revisions.len(), 1);
    assert_eq!(revisions[0].old_title.as_str(), "OpenAI weighs a second site");
    assert_eq!(revisions[0].new_title.as_str(), "OpenAI picks a second site");
    assert_eq!(store.counters().wait().unwrap().items, 1);
}

#[test]
fn the_same_address_in_another_feed_is_the_same_story() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let first = item(1, "A headline");
    store.commit(poll([first.clone()])).wait().unwrap();
    let other = Item { url: first.url.clone(), ..item(2, "Quite another headline") };
    let (_, standing) = store.standing(vec![other]).wait().unwrap();
    assert_eq!(standing, [Standing::New { story: Some(first.key) }]);
}

#[test]
fn a_second_poller_looks_on_and_knows_who_polls() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(dir.path());
    assert_eq!(first.role(), Role::Poller);
    let second = open(dir.path());
    assert_eq!(second.role(), Role::Viewer { polled_by: Some(std::process::id()) });
    first.commit(poll([item(1, "Seen by both")])).wait().unwrap();
    assert_eq!(second.counters().wait().unwrap().items, 1);
    drop(first);
    drop(second);
    assert_eq!(open(dir.path()).role(), Role::Poller);
}

#[test]
fn a_newer_format_is_refused_and_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let path = dir.path().join(FILE_NAME);
    let mut bytes = fs::read(&path).unwrap();
    bytes[60..64].copy_from_slice(&999_u32.to_be_bytes());
    fs::write(&path, &bytes).unwrap();
    let error = Store::open(dir.path(), Mode::Poll, NOW).unwrap_err();
    assert!(matches!(error, StoreError::Newer { found: 999, .. }), "{error}");
    assert!(error.to_string().contains("upgrade gigawatch"), "{error}");
    assert_eq!(fs::read(&path).unwrap(), bytes);
    assert!(matches!(store::check(dir.path()), Err(StoreError::Newer { .. })));
}

#[test]
fn the_database_of_another_program_is_refused_and_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    drop(open(dir.path()));
    let path = dir.path().join(FILE_NAME);
    let mut bytes = fs::read(&path).unwrap();
    bytes[68..72].copy_from_slice(b"Fire");
    fs::write(&path, &bytes).unwrap();
    assert!(matches!(Store::open(dir.path(), Mode::Use, NOW), Err(StoreError::Foreign { .. })));
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn what_is_no_database_is_kept_aside_and_said() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FILE_NAME);
    fs::write(&path, b"shopping list: two racks, one substation\n".repeat(50)).unwrap();
    let found = store::check(dir.path()).unwrap();
    assert!(!found.problems.is_empty());
    let store = open(dir.path());
    let notice = store.notice().unwrap().to_owned();
    assert!(notice.contains("damaged") && notice.contains("kept as"), "{notice}");
    store.commit(poll([item(1, "Life goes on")])).wait().unwrap();
    let kept = fs::read_dir(dir.path())
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.file_name().is_some_and(|name| name.to_string_lossy().contains("damaged")));
    assert!(fs::read(kept.unwrap()).unwrap().starts_with(b"shopping list"));
    assert!(store::check(dir.path()).unwrap().problems.is_empty());
}

#[test]
fn a_bad_page_costs_only_what_lies_on_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    store
        .commit(poll((0..5000).map(|n| item(n, "Substation work begins at the Abilene campus"))))
        .wait()
        .unwrap();
    drop(store);
    let path = dir.path().join(FILE_NAME);
    let mut bytes = fs::read(&path).unwrap();
    // Pages in the middle, where the items lie.
    let middle = bytes.len() / 2 / 4096 * 4096;
    bytes[middle..middle + 8192].fill(0xa5);
    fs::write(&path, &bytes).unwrap();
    assert!(!store::check(dir.path()).unwrap().problems.is_empty());
    let saved = store::repair(dir.path(), NOW).unwrap();
    assert!(saved.items > 2500, "{saved:?}");
    let found = store::check(dir.path()).unwrap();
    assert_eq!(found.problems, Vec::<String>::new());
    assert_eq!(found.items, saved.items);
    assert!(saved.kept.exists());
}

#[test]
fn marks_stay() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    assert_eq!(store.mark("last-look").wait().unwrap(), None);
    store.set_mark("last-look", NOW).wait().unwrap();
    store.set_mark("last-look", Timestamp(NOW.0 + 5)).wait().unwrap();
    drop(store);
    assert_eq!(open(dir.path()).mark("last-look").wait().unwrap(), Some(Timestamp(NOW.0 + 5)));
}

#[test]
fn an_older_format_is_brought_up_after_a_backup() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(FILE_NAME);
    let first = include_str!("../../src/store/migrations/0001_start.sql");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch(first).unwrap();
    connection.pragma_update(None, "application_id", 0x6757_6174).unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    connection.execute("INSERT INTO mark VALUES ('last-look', 7)", []).unwrap();
    drop(connection);
    let store = open(dir.path());
    assert_eq!(store.mark("last-look").wait().unwrap(), Some(Timestamp(7)));
    assert_eq!(store.own().wait().unwrap(), []);
    assert!(dir.path().join("gigawatch.format-1.db").exists());
    assert!(store::check(dir.path()).unwrap().problems.is_empty());
}

#[test]
fn pages_of_the_best_tier_wait_behind_those_of_items_that_touch_a_deal() {
    let dir = tempfile::tempdir().unwrap();
    let store = open(dir.path());
    let filing = |n: u32| Item { tier: Tier::A, ..item(n, "EXAMPLE CORP: 8-K - Current report") };
    let old = Item { published: Some(Timestamp(NOW.0 - 40 * 86_400)), ..filing(4) };
    let mut commit = poll([item(1, "Oracle books a gigawatt"), item(2, "A recipe"), filing(3), old]);
    commit.new[0].subjects.push("openai-oracle".to_owned());
    store.commit(commit).wait().unwrap();
    let unread = store.without_body(Timestamp(NOW.0 - 3 * 86_400), 10).wait().unwrap();
    let found: Vec<(&str, bool)> =
        unread.iter().map(|unread| (unread.item.guid.as_str(), unread.touches)).collect();
    assert_eq!(found, [("guid-1", true), ("guid-3", false)], "and no old filing, seen only today");
}

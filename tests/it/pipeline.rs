//! From HTTP bytes to the store and the board, with the real binary.

use std::collections::HashMap;
use std::io::Write;
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Answer, Home, Server, atom, feed, json_feed, rss};

/// One feed of each format.
fn three() -> Server {
    Server::start(|hit| match hit.path.as_str() {
        "/rss" => Answer::ok(rss(&[("r1", "Power deal for a campus in Ohio"), ("r2", "Turbines ordered")])),
        "/atom" => Answer::ok(atom(&[("a1", "Substation approved by the county")])),
        "/json" => Answer::ok(json_feed(&[("j1", "Cooling plant opens"), ("j2", "Fibre route laid")])),
        _ => Answer::status(404, vec![], "no"),
    })
}

fn feeds(server: &Server, ids: &[&str]) -> String {
    ids.iter().map(|id| feed(id, &server.url(&format!("/{id}")))).collect()
}

#[test]
fn feeds_of_every_format_are_stored_once() {
    let server = three();
    let home = Home::new(&feeds(&server, &["rss", "atom", "json"]));
    let first = home.poll();
    assert_eq!(first["feeds"], serde_json::json!({"total": 3, "ok": 3, "not_modified": 0, "failed": 0}));
    assert_eq!(first["items"], serde_json::json!({"seen": 5, "new": 5}));
    assert_eq!(first["stories"], 5);
    assert_eq!(first["failures"], serde_json::json!([]));
    let second = home.poll();
    assert_eq!(second["items"], serde_json::json!({"seen": 5, "new": 0}));
    assert_eq!(home.guids(), ["a1", "j1", "j2", "r1", "r2"]);
    assert!(home.run(&["check"]).status.success());
}

#[test]
fn a_headline_becomes_a_claim_of_its_deal() {
    let headline = "OpenAI in talks with AWS to run ChatGPT inference on Trainium3, sources say";
    let server = Server::start(move |_| Answer::ok(rss(&[("t1", headline), ("t2", "Turbines ordered")])));
    let home = Home::new(&feeds(&server, &["rss"]));
    assert!(home.poll()["claims"].as_u64().unwrap() >= 1);
    let deal = home.json(&["deal", "openai-aws", "--json"]);
    let live: Vec<_> =
        deal["claims"].as_array().unwrap().iter().filter(|claim| claim["live"] == true).collect();
    assert!(!live.is_empty());
    for claim in live {
        assert_eq!((&claim["leg"], &claim["published"]), (&"custom".into(), &"2026-03-03".into()));
        assert!(headline.contains(claim["words"].as_str().unwrap()), "{claim}");
    }
}

#[test]
fn what_has_not_changed_is_not_sent_again() {
    let server = Server::start(|hit| match hit.header("if-none-match") {
        Some("\"v1\"") => Answer::status(304, vec![], ""),
        _ => Answer::status(200, vec![("ETag", "\"v1\"".into())], rss(&[("1", "One thing")])),
    });
    let home = Home::new(&feeds(&server, &["rss"]));
    home.poll();
    let second = home.poll();
    assert_eq!(second["feeds"]["not_modified"], 1);
    assert_eq!(server.hits("/rss").len(), 2);
    assert_eq!(home.guids().len(), 1);
}

#[test]
fn a_failing_feed_harms_no_other_and_says_what_to_do() {
    let server = Server::start(|hit| match hit.path.as_str() {
        "/good" => Answer::ok(rss(&[("1", "Still here")])),
        "/wall" => {
            Answer::ok("<!doctype html><html><head><title>Sign in</title></head><body>Sign in</body></html>")
        }
        "/busy" => Answer::status(429, vec![("Retry-After", "7200".into())], "later"),
        "/loop" => Answer::redirect(302, "/loop"),
        "/gone" => Answer::status(410, vec![], ""),
        "/cut" => Answer::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<rss version='2.0'>".to_vec()),
        "/reset" => Answer::Raw(Vec::new()),
        "/noise" => Answer::Raw(b"\x16\x03\x01 what\r\n\r\n".to_vec()),
        "/endless" => Answer::Endless(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\n\r\n<rss version='2.0'><channel>"
                .to_vec(),
            b"<!-- padding -->".repeat(4096),
        ),
        "/headers" => Answer::Endless(b"HTTP/1.1 200 OK\r\n".to_vec(), b"X-Filler: yes\r\n".repeat(64)),
        "/bomb" => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            encoder.write_all(&vec![b' '; 32 << 20]).unwrap();
            Answer::status(200, vec![("Content-Encoding", "gzip".into())], encoder.finish().unwrap())
        }
        "/twice" => Answer::status(200, vec![("Content-Encoding", "gzip, br".into())], "x"),
        "/empty" => Answer::ok(""),
        "/away" => Answer::redirect(302, "http://169.254.169.254/latest/meta-data/"),
        "/other-port" => Answer::redirect(302, "http://127.0.0.1:9/"),
        _ => Answer::status(500, vec![], ""),
    });
    let expected = HashMap::from([
        ("wall", "denied"),
        ("busy", "throttled"),
        ("loop", "redirects"),
        ("gone", "gone"),
        ("cut", "cut-short"),
        ("reset", "cut-short"),
        ("noise", "protocol"),
        ("endless", "too-large"),
        ("headers", "too-large"),
        ("bomb", "bomb"),
        ("twice", "coding"),
        ("empty", "empty"),
        ("away", "forbidden-address"),
        ("other-port", "forbidden-address"),
        ("broken", "server-error"),
    ]);
    let mut ids: Vec<&str> = expected.keys().copied().collect();
    ids.push("good");
    let home = Home::new(&feeds(&server, &ids));
    let summary = home.poll();
    assert_eq!(summary["feeds"]["ok"], 1);
    assert_eq!(summary["feeds"]["failed"], expected.len());
    assert_eq!(home.guids(), ["1"]);
    let failures = summary["failures"].as_array().unwrap();
    let kinds: HashMap<&str, &str> =
        failures.iter().map(|f| (f["feed"].as_str().unwrap(), f["kind"].as_str().unwrap())).collect();
    assert_eq!(kinds, expected);
    for failure in failures {
        let detail = failure["detail"].as_str().unwrap();
        assert!(detail.contains(';') && detail.chars().count() <= 200, "{detail}");
        assert!(failure["next_try"].is_string());
    }
}

#[test]
fn a_run_in_which_every_feed_fails_says_so() {
    let server = Server::start(|_| Answer::status(500, vec![], ""));
    let home = Home::new(&feeds(&server, &["a", "b"]));
    assert_eq!(home.run(&["poll"]).status.code(), Some(5));
}

#[test]
fn a_private_address_needs_leave() {
    let server = three();
    let home = Home::new(&feeds(&server, &["rss"]).replace("allow-private = true\n", ""));
    let summary = home.poll();
    assert_eq!(summary["failures"][0]["kind"], "forbidden-address");
    assert!(server.hits("/rss").is_empty());
}

#[test]
fn a_bad_answer_takes_nothing_away() {
    let turn = AtomicUsize::new(0);
    let server = Server::start(move |hit| {
        if hit.path != "/rss" {
            return Answer::status(404, vec![], "");
        }
        match turn.fetch_add(1, Ordering::SeqCst) {
            0 => {
                Answer::status(200, vec![("ETag", "\"v1\"".into())], rss(&[("1", "First"), ("2", "Second")]))
            }
            1 => Answer::status(
                200,
                vec![("ETag", "\"wall\"".into())],
                "<html><body>Please sign in</body></html>",
            ),
            2 => Answer::ok(rss(&[])),
            3 => Answer::ok(rss(&[("2", "Second")])),
            _ => Answer::status(403, vec![], rss(&[("3", "Not to be read")])),
        }
    });
    let home = Home::new(&feeds(&server, &["rss"]));
    for _ in 0..5 {
        home.poll();
        assert_eq!(home.guids(), ["1", "2"]);
    }
    let validators: Vec<Option<String>> =
        server.hits("/rss").iter().map(|hit| hit.header("if-none-match").map(str::to_owned)).collect();
    // The sign-in page's validator is never kept; the feed's is, over the failure.
    assert_eq!(validators[..3], [None, Some("\"v1\"".to_owned()), Some("\"v1\"".to_owned())]);
}

#[test]
fn a_changed_headline_is_a_revision_and_no_second_item() {
    let turn = AtomicUsize::new(0);
    let server = Server::start(move |_| {
        let title =
            ["Talks are said to go on", "Talks have ended"][turn.fetch_add(1, Ordering::SeqCst).min(1)];
        Answer::ok(rss(&[("1", title)]))
    });
    let home = Home::new(&feeds(&server, &["rss"]));
    home.poll();
    let second = home.poll();
    assert_eq!(second["items"], serde_json::json!({"seen": 1, "new": 0}));
    assert_eq!(home.guids(), ["1"]);
    let connection = rusqlite::Connection::open(home.data().join("gigawatch.db")).unwrap();
    let texts: (String, String) = connection
        .query_row("SELECT old_title, new_title FROM revision", [], |row| Ok((row.get(0)?, row.get(1)?)))
        .unwrap();
    assert_eq!(texts, ("Talks are said to go on".to_owned(), "Talks have ended".to_owned()));
}

#[test]
fn secrets_stay_with_the_host_that_they_are_for() {
    let other = Server::start(|_| Answer::ok(rss(&[("1", "Moved")])));
    let target = other.url("/rss");
    let server = Server::start(move |hit| match hit.path.as_str() {
        "/direct" => Answer::ok(rss(&[("0", "Direct")])),
        "/same" => Answer::redirect(302, "/direct"),
        _ => Answer::redirect(302, target.clone()),
    });
    let with_key = |id: &str| {
        feed(id, &server.url(&format!("/{id}")))
            .replace("tier", "headers = { X-Key = \"canary-4711\" }\ntier")
    };
    let home = Home::new(&format!("{}{}{}", with_key("direct"), with_key("same"), with_key("cross")));
    let output = home.run(&["poll", "--json"]);
    assert_eq!(server.hits("/direct")[0].header("x-key"), Some("canary-4711"));
    assert_eq!(server.hits("/direct")[1].header("x-key"), Some("canary-4711"));
    assert!(other.hits("/rss").is_empty(), "another port of this machine is not called");
    let said = [output.stdout, output.stderr].concat();
    assert!(!String::from_utf8_lossy(&said).contains("canary"));
}

#[test]
fn a_killed_poll_loses_nothing_and_doubles_nothing() {
    // Every request adds three items; whatever an answer has shown stays shown.
    let served = Mutex::new(HashMap::<String, usize>::new());
    let server = Server::start(move |hit| {
        let mut served = served.lock().unwrap();
        let count = served.entry(hit.path.clone()).or_default();
        *count += 3;
        let etag = format!("\"{count}\"");
        let items: Vec<(String, String)> = (0..*count)
            .map(|n| {
                (
                    format!("{}-{n:04}", hit.path.trim_start_matches('/')),
                    format!("Item number {n} of {}", hit.path),
                )
            })
            .collect();
        let items: Vec<(&str, &str)> =
            items.iter().map(|(guid, title)| (guid.as_str(), title.as_str())).collect();
        Answer::status(200, vec![("ETag", etag)], rss(&items))
    });
    let ids: Vec<String> = (0..12).map(|n| format!("f{n}")).collect();
    let home = Home::new(&feeds(&server, &ids.iter().map(String::as_str).collect::<Vec<_>>()));
    for round in 0..12 {
        let mut child =
            home.command(&["poll", "--json"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // Killed when so many feeds have been asked: some are stored by then, some under way, some not.
        let target = server.count() + round;
        while server.count() < target && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(home.run(&["check"]).status.success(), "after kill {round}");
    }
    home.poll();
    // What a validator says to be stored must be stored.
    let connection = rusqlite::Connection::open(home.data().join("gigawatch.db")).unwrap();
    let mut acknowledged =
        connection.prepare("SELECT id, etag, (SELECT count(*) FROM item WHERE feed = feed.id) FROM feed WHERE etag IS NOT NULL").unwrap();
    let rows = acknowledged
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?)))
        .unwrap();
    for row in rows {
        let (id, etag, stored) = row.unwrap();
        assert_eq!(etag.trim_matches('"').parse::<i64>().unwrap(), stored, "{id}");
    }
    let guids = home.guids();
    let mut unique = guids.clone();
    unique.dedup();
    assert_eq!(guids, unique);
    assert!(guids.len() >= 12 * 3);
}

#[test]
fn a_second_poll_at_the_same_time_is_told_who_polls() {
    let server =
        Server::start(
            |hit| if hit.path == "/slow" { Answer::Hang } else { Answer::ok(rss(&[("1", "One")])) },
        );
    let home = Home::new(&feeds(&server, &["slow"]));
    let mut first = home.command(&["poll"]).stdout(Stdio::null()).spawn().unwrap();
    while server.hits("/slow").is_empty() {
        std::thread::yield_now();
    }
    let second = home.run(&["poll"]);
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(1), "{said}");
    assert!(said.contains(&format!("process {}", first.id())), "{said}");
    // Looking is always possible.
    assert!(home.run(&["deals", "--json"]).status.success());
    first.kill().unwrap();
    first.wait().unwrap();
}

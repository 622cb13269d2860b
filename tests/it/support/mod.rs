//! What the tests of the whole program share: a feed server on loopback, and a home of its own for each
//! run of the binary.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use gigawatch::domain::item::{Item, ItemKey};
use gigawatch::domain::outlet::Tier;
use gigawatch::domain::text::DisplayText;
use gigawatch::domain::time::Timestamp;
use serde_json::Value;

/// An item as a feed brings it, seen when it was published.
pub(crate) fn item(outlet: &str, tier: Tier, published: Timestamp, title: &str, summary: &str) -> Item {
    Item {
        key: ItemKey("key".into()),
        feed: "test".into(),
        guid: String::new(),
        url: None,
        title: DisplayText::line(title, 1 << 16),
        summary: DisplayText::block(summary, 1 << 21),
        text: None,
        outlet: DisplayText::line(outlet, 200),
        tier,
        published: Some(published),
        first_seen: published,
    }
}

/// One request as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// Path and query.
    pub path: String,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
}

impl Hit {
    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What the server does with a request.
pub(crate) enum Answer {
    /// Answers and keeps the connection.
    Whole {
        /// Status code.
        status: u16,
        /// Further headers.
        headers: Vec<(&'static str, String)>,
        /// Body.
        body: Vec<u8>,
    },
    /// Writes these bytes as they are and closes.
    Raw(Vec<u8>),
    /// Writes these bytes again and again until the client has had enough.
    Endless(Vec<u8>, Vec<u8>),
    /// Says nothing for as long as the client waits.
    Hang,
}

impl Answer {
    /// 200 with a body.
    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::status(200, Vec::new(), body)
    }

    /// Any status.
    pub(crate) fn status(
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: impl Into<Vec<u8>>,
    ) -> Self {
        Self::Whole { status, headers, body: body.into() }
    }

    /// A redirect.
    pub(crate) fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::status(status, vec![("Location", location.into())], "")
    }
}

type Routes = dyn Fn(&Hit) -> Answer + Send + Sync;

/// A feed server on a loopback port of its own. Its threads end with the test.
pub(crate) struct Server {
    port: u16,
    hits: Arc<Mutex<Vec<Hit>>>,
}

impl Server {
    /// Serves what `routes` says.
    pub(crate) fn start(routes: impl Fn(&Hit) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let hits = Arc::new(Mutex::new(Vec::new()));
        let routes: Arc<Routes> = Arc::new(routes);
        let seen = Arc::clone(&hits);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (routes, seen) = (Arc::clone(&routes), Arc::clone(&seen));
                thread::spawn(move || serve(stream, &*routes, &seen));
            }
        });
        Self { port, hits }
    }

    /// An address on this server.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Requests so far.
    pub(crate) fn count(&self) -> usize {
        self.hits.lock().unwrap().len()
    }

    /// Requests for a path, in order of arrival.
    pub(crate) fn hits(&self, path: &str) -> Vec<Hit> {
        self.hits.lock().unwrap().iter().filter(|hit| hit.path == path).cloned().collect()
    }
}

/// Answers the requests of one connection. Any error is the client's and ends it.
fn serve(stream: TcpStream, routes: &Routes, seen: &Mutex<Vec<Hit>>) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut out = stream.try_clone().ok()?;
    let mut input = BufReader::new(stream);
    loop {
        let hit = read_hit(&mut input)?;
        seen.lock().ok()?.push(hit.clone());
        match routes(&hit) {
            Answer::Whole { status, headers, body } => {
                let mut head = format!("HTTP/1.1 {status} Test\r\nContent-Length: {}\r\n", body.len());
                for (name, value) in headers {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
                head.push_str("\r\n");
                out.write_all(&[head.as_bytes(), &body].concat()).ok()?;
            }
            Answer::Raw(bytes) => {
                out.write_all(&bytes).ok()?;
                return None;
            }
            Answer::Endless(head, piece) => {
                out.write_all(&head).ok()?;
                loop {
                    out.write_all(&piece).ok()?;
                }
            }
            Answer::Hang => {
                // Returns when the client closes.
                input.read_line(&mut String::new()).ok()?;
                return None;
            }
        }
    }
}

fn read_hit(input: &mut impl BufRead) -> Option<Hit> {
    let mut line = String::new();
    input.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        input.read_line(&mut line).ok()?;
        let line = line.trim_end();
        if line.is_empty() {
            return Some(Hit { path, headers });
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

/// A configuration folder and a data folder of its own, and the binary that uses them.
pub(crate) struct Home {
    dir: tempfile::TempDir,
}

impl Home {
    /// A home with these lines as its `feeds.toml`.
    pub(crate) fn new(feeds: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir(dir.path().join("config")).unwrap();
        std::fs::write(dir.path().join("config/feeds.toml"), feeds).unwrap();
        Self { dir }
    }

    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// A file of the configuration folder.
    pub(crate) fn config(&self, name: &str) -> PathBuf {
        self.dir.path().join("config").join(name)
    }

    /// The binary with this home, whatever the environment says.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gigawatch"));
        command
            .args(args)
            .env("GIGAWATCH_CONFIG_DIR", self.dir.path().join("config"))
            .env("GIGAWATCH_DATA_DIR", self.data());
        for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
            command.env_remove(name).env_remove(name.to_uppercase());
        }
        command
    }

    /// Runs the binary to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    /// Runs the binary to its end with a text on its standard input.
    pub(crate) fn run_with(&self, args: &[&str], input: &str) -> Output {
        let piped = |command: &mut Command| {
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let mut child = piped(&mut self.command(args));
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Runs a command that prints JSON, and must end well.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        let output = self.run(args);
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Runs `poll --json`, however it ends.
    pub(crate) fn poll(&self) -> Value {
        let output = self.run(&["poll", "--json"]);
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
    }

    /// Every stored guid, in order.
    pub(crate) fn guids(&self) -> Vec<String> {
        let store = self.data().join("gigawatch.db");
        let connection = rusqlite::Connection::open(store).unwrap();
        let mut statement = connection.prepare("SELECT guid FROM items ORDER BY guid").unwrap();
        let guids = statement.query_map([], |row| row.get(0)).unwrap();
        guids.map(Result::unwrap).collect()
    }
}

/// A `[[feed]]` on loopback.
pub(crate) fn feed(id: &str, url: &str) -> String {
    format!(
        "[[feed]]\nid = \"{id}\"\nname = \"{id}\"\nurl = \"{url}\"\ntier = \"C\"\nallow-private = true\n\n"
    )
}

/// An RSS document with these items: guid and title.
pub(crate) fn rss(items: &[(&str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(guid, title)| {
            format!(
                "<item><guid isPermaLink=\"false\">{guid}</guid><title>{title}</title>\
                 <link>https://news.example/{guid}</link>\
                 <pubDate>Tue, 03 Mar 2026 10:00:00 GMT</pubDate></item>"
            )
        })
        .collect();
    format!("<rss version=\"2.0\"><channel><title>News</title>{items}</channel></rss>")
}

/// An Atom document with these entries.
pub(crate) fn atom(entries: &[(&str, &str)]) -> String {
    let entries: String = entries
        .iter()
        .map(|(id, title)| {
            format!(
                "<entry><id>{id}</id><title>{title}</title><updated>2026-03-03T10:00:00Z</updated>\
                 <link href=\"https://atom.example/{id}\"/></entry>"
            )
        })
        .collect();
    format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>News</title><id>urn:x</id>\
         <updated>2026-03-03T10:00:00Z</updated>{entries}</feed>"
    )
}

/// A JSON Feed with these items.
pub(crate) fn json_feed(items: &[(&str, &str)]) -> String {
    let items: Vec<Value> = items
        .iter()
        .map(|(id, title)| {
            serde_json::json!({"id": id, "title": title, "url": format!("https://json.example/{id}"),
                               "date_published": "2026-03-03T10:00:00Z"})
        })
        .collect();
    serde_json::json!({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": items})
        .to_string()
}

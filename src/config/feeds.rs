//! `feeds.toml`: what is polled, how often, and how far it is trusted.

use std::collections::HashMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::Shared;
use super::address::Address;
use super::diagnostic::{Sink, suggestion};
use super::reader::{Document, Field, Name, Table, Value};
use super::secret::{self, Secret, SecretSource};
use super::settings::{self, Poll};
use crate::domain::outlet::Tier;

/// How a server is told who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Name and password.
    Basic {
        /// The name.
        user: String,
        /// Where the password comes from.
        password: SecretSource,
    },
    /// A token, sent as `Authorization: Bearer`.
    Bearer(SecretSource),
}

/// One source, checked, with the defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    /// Its key, e.g. `sec-8k-amzn`.
    pub id: String,
    /// As shown.
    pub name: String,
    /// Where it is.
    pub address: Address,
    /// How far it is trusted where its items name no known outlet.
    pub tier: Tier,
    /// Time between two polls.
    pub every: Duration,
    /// Heading under which it is listed; empty for none.
    pub group: String,
    /// Whether it is polled.
    pub enabled: bool,
    /// What requests say they come from.
    pub user_agent: String,
    /// Further headers. Values may be keys, so they are kept as secrets.
    pub headers: Vec<(String, Secret)>,
    /// Who asks.
    pub auth: Option<Auth>,
    /// Whether its own host and port may be a private or loopback address.
    pub allow_private: bool,
    /// Whether linked pages are fetched for their text although the tier is not `A`.
    pub fetch_text: bool,
}

/// Keys of the file.
pub const FILE: &[Field] = &[
    Field::new(
        "extend",
        "true or false",
        "keep the built-in feeds and add to them; without it this list replaces them",
    ),
    Field::new("feed", "tables", "the feeds; none is allowed"),
];

/// Keys of a `[[feed]]`.
pub const FEED: &[Field] = &[
    Field::required("id", "text", "its key: lower-case letters, digits and `-`"),
    Field::required("name", "text", "as shown"),
    Field::required("url", "address", "http or https; `{today}` and `{today-14d}` stand for dates"),
    Field::required("tier", "`A` to `E`", "how far it is trusted where its items name no known outlet"),
    Field::new("every", "time", "between two polls (default: `[poll] every` of gigawatch.toml)"),
    Field::new("group", "text", "heading under which it is listed"),
    Field::new("enabled", "true or false", "whether it is polled (default `true`)"),
    Field::new(
        "user-agent",
        "text",
        "instead of `[poll] user-agent`; `{version}` and `{contact}` are filled in",
    ),
    Field::new("headers", "table", "further headers of the request"),
    Field::new("auth", "table", "a password or token, by command, environment or file"),
    Field::new(
        "allow-private",
        "true or false",
        "the address may be on this machine or in a private network",
    ),
    Field::new("fetch-text", "true or false", "read the linked pages although the tier is not `A`"),
];

/// Keys of `auth`.
pub const AUTH: &[Field] = &[
    Field::new(
        "user",
        "text",
        "name for basic authentication; without it the secret is sent as a bearer token",
    ),
    Field::new("command", "list of texts", "a program that prints the secret; run without a shell"),
    Field::new("env", "text", "an environment variable that holds it"),
    Field::new(
        "file",
        "path",
        "a file that holds it, readable by you alone; relative to the configuration folder",
    ),
];

/// Reads the feeds of every layer. A user's file replaces the built-in list, or with `extend = true`
/// adds to it: an entry with the id of a built-in feed then changes only the keys that it names.
pub(super) fn read(files: &[Shared], poll: &Poll, dir: Option<&Path>, sink: &Sink) -> Vec<Feed> {
    let mut feeds: Vec<Feed> = Vec::new();
    for file in files {
        let document = Document::parse(file, sink);
        let table = document.table(FILE);
        let extend = table.get("extend").and_then(|extend| extend.boolean()).unwrap_or(false);
        if !extend {
            feeds.clear();
        }
        let layer = Layer { poll, dir, path: (!file.built_in).then(|| PathBuf::from(&file.name)) };
        layer.read(&table, &mut feeds);
    }
    feeds
}

struct Layer<'a> {
    poll: &'a Poll,
    dir: Option<&'a Path>,
    /// The file, if it is the user's.
    path: Option<PathBuf>,
}

impl Layer<'_> {
    fn read(&self, table: &Table<'_>, feeds: &mut Vec<Feed>) {
        let Some(rows) = table.get("feed") else { return };
        let mut ids: HashMap<String, Range<usize>> = HashMap::new();
        let mut urls: HashMap<String, String> = HashMap::new();
        let mut secrets = false;
        for row in rows.list() {
            let Some(row) = row.named(Name::row("feed")).any_table() else { continue };
            let id = row.get("id").filter(Value::is_text).and_then(|id| id.text()).unwrap_or_default();
            let place = feeds.iter().position(|feed| feed.id == id && !ids.contains_key(id));
            let base = place.and_then(|place| feeds.get(place)).cloned();
            let Some(feed) = self.feed(&row, base.as_ref()) else { continue };
            if let Some(value) = row.get("id")
                && let Some(first) = ids.insert(feed.id.clone(), value.span())
            {
                let (line, _) = row.position(first.start);
                value.error(
                    format!("the feed id `{}` is used twice", feed.id),
                    Some(format!("first used on line {line}; give this one another id")),
                );
                continue;
            }
            if let Some(value) = row.get("url")
                && let Some(other) = urls.insert(feed.address.as_written().to_owned(), feed.id.clone())
            {
                value.warn(
                    format!("the feed `{other}` has the same address"),
                    Some("remove one of them".to_owned()),
                );
            }
            secrets |= feed.address.has_secret() || !feed.headers.is_empty();
            match place.and_then(|place| feeds.get_mut(place)) {
                Some(slot) => *slot = feed,
                None => feeds.push(feed),
            }
        }
        if let Some(path) = self.path.as_ref().filter(|path| secrets && secret::is_open_to_others(path)) {
            table.warn(
                "this file holds secrets and others can read it",
                Some(format!(
                    "`chmod 600 {}`, or take the secret from a command or the environment",
                    path.display()
                )),
            );
        }
    }

    /// One feed; with a `base` the keys that the row leaves out are taken from it.
    fn feed(&self, row: &Table<'_>, base: Option<&Feed>) -> Option<Feed> {
        let relaxed: Vec<Field>;
        let fields = if base.is_some() {
            relaxed = FEED.iter().map(|field| Field { required: field.key == "id", ..*field }).collect();
            relaxed.as_slice()
        } else {
            FEED
        };
        row.check(fields);
        let id = row.get("id").and_then(|id| read_id(&id));
        let name =
            or(row.get("name"), |value| value.name().map(str::to_owned), base.map(|base| base.name.clone()));
        let address = or(row.get("url"), |value| read_address(&value), base.map(|base| base.address.clone()));
        let tier = or(row.get("tier"), |value| value.word(), base.map(|base| base.tier));
        let every = or(
            row.get("every"),
            |value| value.duration(settings::EVERY),
            Some(base.map_or(self.poll.every, |base| base.every)),
        );
        let flag = |key: &str, otherwise: bool| {
            row.get(key).map_or(Some(otherwise), |value| value.boolean()).unwrap_or(otherwise)
        };
        let user_agent = match row.get("user-agent") {
            Some(value) => settings::fill(&settings::header_text(Some(value)), &self.poll.contact),
            None => base.map_or_else(|| self.poll.user_agent.clone(), |base| base.user_agent.clone()),
        };
        let headers = match row.get("headers") {
            Some(value) => read_headers(&value),
            None => base.map(|base| base.headers.clone()).unwrap_or_default(),
        };
        let auth = match row.get("auth") {
            Some(value) => self.auth(&value),
            None => base.and_then(|base| base.auth.clone()),
        };
        let group = or(
            row.get("group"),
            |value| value.text().map(str::to_owned),
            base.map(|base| base.group.clone()),
        );
        let enabled = flag("enabled", base.is_none_or(|base| base.enabled));
        let allow_private = flag("allow-private", base.is_some_and(|base| base.allow_private));
        let fetch_text = flag("fetch-text", base.is_some_and(|base| base.fetch_text));
        Some(Feed {
            id: id?,
            name: name?,
            address: address?,
            tier: tier?,
            every: every?,
            group: group.unwrap_or_default(),
            enabled,
            user_agent,
            headers,
            auth,
            allow_private,
            fetch_text,
        })
    }

    fn auth(&self, value: &Value<'_>) -> Option<Auth> {
        let table = value.table(AUTH)?;
        let words = table.texts("command");
        let command = (!words.is_empty()).then_some(SecretSource::Command(words));
        let env = table.get("env").and_then(|env| env.name()).map(|env| SecretSource::Env(env.to_owned()));
        let file = table.get("file").and_then(|file| self.secret_file(&file)).map(SecretSource::File);
        let sources: Vec<SecretSource> = [command, env, file].into_iter().flatten().collect();
        let [source] = sources.as_slice() else {
            value.expected("exactly one of `command`, `env` and `file`");
            return None;
        };
        Some(match table.get("user").and_then(|user| user.name()) {
            Some(user) => Auth::Basic { user: user.to_owned(), password: source.clone() },
            None => Auth::Bearer(source.clone()),
        })
    }

    fn secret_file(&self, value: &Value<'_>) -> Option<PathBuf> {
        let path = Path::new(value.name()?);
        let path = self.dir.map_or_else(|| path.to_owned(), |dir| dir.join(path));
        if secret::is_open_to_others(&path) {
            value.warn("others can read this secret", Some(format!("`chmod 600 {}`", path.display())));
        }
        Some(path)
    }
}

/// What a value says, or `otherwise` where there is none. A bad value is `None`: it was reported.
fn or<'a, T>(
    value: Option<Value<'a>>,
    read: impl FnOnce(Value<'a>) -> Option<T>,
    otherwise: Option<T>,
) -> Option<T> {
    match value {
        Some(value) => read(value),
        None => otherwise,
    }
}

/// Whether a text can be the id of a feed.
pub fn is_id(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.len() <= 64 && text.chars().all(fits)
}

fn read_id(value: &Value<'_>) -> Option<String> {
    let text = value.name()?;
    if !is_id(text) {
        value.error(
            format!("`{text}` is no id for a feed"),
            Some("expected at most 64 lower-case letters, digits and `-`".to_owned()),
        );
        return None;
    }
    if text == "import" {
        value.error("the id `import` belongs to imported items", Some("choose another".to_owned()));
    }
    Some(text.to_owned())
}

fn read_address(value: &Value<'_>) -> Option<Address> {
    let text = value.text()?;
    match Address::parse(text) {
        Ok(address) => Some(address),
        Err(why) => {
            let near = text.split_once("://").map_or(text, |(scheme, _)| scheme);
            let help = if matches!(near, "http" | "https") {
                why.to_string()
            } else {
                format!("{why}; {}", suggestion(near, &["http", "https"]))
            };
            // The address itself may hold a password: only its place is shown, not its text.
            value.error("this is no address of a feed", Some(help));
            None
        }
    }
}

fn read_headers(value: &Value<'_>) -> Vec<(String, Secret)> {
    let Some(table) = value.any_table() else { return Vec::new() };
    let mut headers = Vec::new();
    for (name, span, value) in table.entries() {
        let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        let reserved = ["host", "content-length", "connection", "transfer-encoding", "user-agent"];
        if name.is_empty() || !name.chars().all(token) {
            table.error_at(span, format!("`{name}` is no name of a header"), None);
        } else if reserved.contains(&name.to_ascii_lowercase().as_str()) {
            let help = "the program sets it itself; `user-agent` is a key of the feed";
            table.error_at(span, format!("the header `{name}` cannot be set here"), Some(help.to_owned()));
        } else {
            headers.push((name.to_owned(), Secret::new(settings::header_text(Some(value)))));
        }
    }
    headers
}

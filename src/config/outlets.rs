//! `outlets.toml`: who stands behind a host, and how far their own words can be relied on.

use std::collections::BTreeMap;

use super::Shared;
use super::diagnostic::Sink;
use super::reader::{Document, Field, Table, Value};
use crate::domain::outlet::{Outlet, Outlets, Tier};

/// Keys of the file.
pub const FILE: &[Field] = &[Field::new("outlet", "tables", "one for each publisher")];

/// Keys of an `[[outlet]]`.
pub const OUTLET: &[Field] = &[
    Field::required("name", "text", "as shown, e.g. `Reuters`"),
    Field::required("hosts", "list of hosts", "its hosts, without `www.`; subdomains are included"),
    Field::required("tier", "`A` to `E`", "the best tier that words of its own can have"),
    Field::new("fetch-text", "true or false", "linked pages may be read for their text"),
];

/// Reads the outlets of every layer. A host named again is the later one's.
pub(super) fn read(files: &[Shared], sink: &Sink) -> Outlets {
    let mut by_host: BTreeMap<String, Outlet> = BTreeMap::new();
    for file in files {
        let document = Document::parse(file, sink);
        let mut seen: BTreeMap<String, String> = BTreeMap::new();
        for row in document.table(FILE).tables("outlet", OUTLET) {
            let Some(outlet) = outlet(&row) else { continue };
            for value in row.get("hosts").map(|hosts| hosts.list()).unwrap_or_default() {
                let Some(host) = host(&value) else { continue };
                if let Some(other) = seen.insert(host.clone(), outlet.name.clone()) {
                    value.error(
                        format!("the host `{host}` is named twice"),
                        Some(format!("it already belongs to {other}")),
                    );
                }
                by_host.insert(host, outlet.clone());
            }
        }
    }
    Outlets::new(by_host)
}

fn outlet(row: &Table<'_>) -> Option<Outlet> {
    let name = row.get("name").and_then(|name| name.name());
    let tier = row.get("tier").and_then(|tier| tier.word::<Tier>());
    let fetch_text = row.get("fetch-text").and_then(|flag| flag.boolean()).unwrap_or(false);
    Some(Outlet { name: name?.to_owned(), tier: tier?, fetch_text })
}

/// A bare host in lower case.
fn host(value: &Value<'_>) -> Option<String> {
    let text = value.name()?;
    let shape = text.contains('.')
        && !text.starts_with("www.")
        && text.split('.').all(|label| {
            !label.is_empty()
                && label.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
        });
    if !shape {
        let help = "expected a bare host in lower case such as `reuters.com`: no scheme, no path, no `www.`";
        value.error(format!("`{text}` is no host"), Some(help.to_owned()));
        return None;
    }
    Some(text.to_owned())
}

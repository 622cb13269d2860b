//! Items as lines of JSON, the form that `tag`, `eval`, `replay` and `import` read.

use std::fmt::Write;

use serde::{Deserialize, Deserializer};
use sha2::{Digest, Sha256};

use crate::domain::item::{Item, ItemKey};
use crate::domain::outlet::{Outlets, Tier};
use crate::domain::text::DisplayText;
use crate::domain::time::Timestamp;

/// One line. Everything but the id and the headline may be absent or null; other members are ignored.
#[derive(Debug, Deserialize)]
pub(super) struct ItemLine {
    /// Any id; it is given back.
    #[serde(default)]
    pub id: String,
    /// RFC 3339, or a bare date.
    #[serde(default)]
    pub published: Option<Timestamp>,
    #[serde(default, deserialize_with = "or_empty")]
    outlet: String,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    tier: Option<Tier>,
    #[serde(default, deserialize_with = "or_empty")]
    title: String,
    #[serde(default, deserialize_with = "or_empty")]
    summary: String,
    #[serde(default)]
    text: Option<String>,
}

fn or_empty<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.unwrap_or_default())
}

impl ItemLine {
    /// The item. A line without a tier takes that of its link's host or its outlet, else `E`; one
    /// without a date is taken to be seen at `now`.
    pub(super) fn item(self, outlets: &Outlets, now: Timestamp) -> Item {
        let host = self.url.as_deref().and_then(|url| url::Url::parse(url).ok());
        let known = host.as_ref().and_then(url::Url::host_str).and_then(|host| outlets.by_host(host));
        let tier = self
            .tier
            .or_else(|| known.or_else(|| outlets.by_name(&self.outlet)).map(|outlet| outlet.tier))
            .unwrap_or(Tier::E);
        Item {
            key: ItemKey(self.id),
            feed: "import".into(),
            guid: String::new(),
            url: self.url,
            title: DisplayText::line(&self.title, 1 << 16),
            summary: DisplayText::block(&self.summary, 1 << 21),
            text: self.text.map(|text| DisplayText::block(&text, 1 << 21)),
            outlet: DisplayText::line(&self.outlet, 200),
            tier,
            published: self.published,
            first_seen: self.published.unwrap_or(now),
        }
    }

    /// The item as the store keeps it: under a key made from the id, else from the address, else from the
    /// text; with a link only where it is one.
    pub(super) fn stored(self, outlets: &Outlets, now: Timestamp) -> Item {
        let item = self.item(outlets, now);
        let identity = match (&item.key.0, &item.url) {
            (id, _) if !id.is_empty() => format!("id\n{id}"),
            (_, Some(url)) => format!("url\n{url}"),
            _ => format!("text\n{}\n{}", item.title, item.summary),
        };
        let digest = Sha256::digest(identity.as_bytes());
        let key = digest.iter().take(16).fold(String::with_capacity(32), |mut key, byte| {
            write!(key, "{byte:02x}").ok();
            key
        });
        let is_link = |url: &String| {
            url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        };
        Item { guid: item.key.0.clone(), key: ItemKey(key), url: item.url.clone().filter(is_link), ..item }
    }
}

//! Entries to items: what is kept, under which key, with which link and date.

use std::collections::HashMap;

use sha2::{Digest, Sha256};
use url::Url;

use super::entry::{Entry, Feed};
use super::link;
use crate::domain::item::{Item, ItemKey};
use crate::domain::outlet::{Outlet, Outlets, Tier};
use crate::domain::text::DisplayText;
use crate::domain::time::Timestamp;

/// The most items taken from one document, the newest.
pub const MAX_ITEMS: usize = 5_000;

/// The longest guid stored verbatim; of a longer one the hash stands for it.
const MAX_GUID: usize = 1024;

/// Publishers set clocks wrong by hours, not by days.
const TOMORROW: i64 = 24 * 3600;

/// What items take from the feed that they stand in.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The feed's id.
    pub feed_id: &'a str,
    /// The feed's tier, where one is set.
    pub tier: Option<Tier>,
    /// The known outlets.
    pub outlets: &'a Outlets,
    /// Now: when items are first seen, and what dates are clamped to.
    pub now: Timestamp,
}

/// The items of a feed: blanks dropped, each once, keys stable, links canonical, dates within reason,
/// the newest [`MAX_ITEMS`] in the document's order.
pub fn items(feed: &Feed, context: &Context<'_>) -> Vec<Item> {
    let ambiguous = ambiguous_guids(&feed.entries);
    let mut items: Vec<Item> = Vec::with_capacity(feed.entries.len().min(MAX_ITEMS));
    let mut known: HashMap<ItemKey, usize> = HashMap::new();
    for entry in newest(&feed.entries) {
        if entry.is_blank() {
            continue;
        }
        let item = item(feed, entry, &ambiguous, context);
        match known.get(&item.key).and_then(|at| items.get_mut(*at)) {
            // The same item again: the later word counts, as a revision within one document.
            Some(earlier) if earlier.published < item.published => *earlier = item,
            Some(_) => {}
            None => {
                known.insert(item.key.clone(), items.len());
                items.push(item);
            }
        }
    }
    items
}

/// The newest entries in the document's order; undated ones count as new.
fn newest(entries: &[Entry]) -> Vec<&Entry> {
    if entries.len() <= MAX_ITEMS {
        return entries.iter().collect();
    }
    let age = |at: usize| {
        let date = entries.get(at).and_then(|entry| entry.published.or(entry.updated));
        (std::cmp::Reverse(date.unwrap_or(Timestamp(i64::MAX))), at)
    };
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.select_nth_unstable_by_key(MAX_ITEMS, |at| age(*at));
    order.truncate(MAX_ITEMS);
    order.sort_unstable();
    order.iter().filter_map(|at| entries.get(*at)).collect()
}

/// Guids that stand on entries with different titles: no identity.
fn ambiguous_guids(entries: &[Entry]) -> HashMap<&str, bool> {
    let mut first: HashMap<&str, (Option<&DisplayText>, bool)> = HashMap::new();
    for entry in entries {
        let Some(id) = entry.id.as_deref() else { continue };
        let seen = first.entry(id).or_insert((entry.title.as_ref(), false));
        seen.1 |= seen.0 != entry.title.as_ref();
    }
    first.into_iter().filter(|(_, (_, differs))| *differs).map(|(id, _)| (id, true)).collect()
}

fn item(feed: &Feed, entry: &Entry, ambiguous: &HashMap<&str, bool>, context: &Context<'_>) -> Item {
    let url = entry.link.as_deref().and_then(link::canonical);
    let guid = entry.id.as_deref().unwrap_or_default();
    let usable_guid = (!guid.is_empty() && !ambiguous.contains_key(guid)).then_some(guid);
    let opaque = url.as_ref().is_some_and(link::is_opaque);
    let publisher = publisher(entry, url.as_ref(), opaque, context.outlets);
    let title = headline(entry, &publisher, opaque);
    let title = filer(feed, url.as_ref(), &title).unwrap_or(title);
    Item {
        key: key(context.feed_id, usable_guid, url.as_ref().filter(|_| !opaque), entry, &title),
        feed: context.feed_id.to_owned(),
        guid: stored_guid(guid),
        url: url.map(Into::into),
        tier: publisher.tier.or(context.tier).unwrap_or(Tier::E),
        outlet: publisher.name.or_else(|| feed.title.clone()).unwrap_or_default(),
        title,
        summary: entry.summary.clone().unwrap_or_default(),
        text: entry.content.clone(),
        published: entry.published.or(entry.updated).and_then(|date| clamp(date, context.now)),
        first_seen: context.now,
    }
}

/// Dates before 1970 say nothing; dates beyond tomorrow are held to now, when the item was first seen.
fn clamp(date: Timestamp, now: Timestamp) -> Option<Timestamp> {
    match date.0 {
        ..=0 => None,
        seconds if seconds > now.0 + TOMORROW => Some(now),
        _ => Some(date),
    }
}

/// 16 bytes of SHA-256 in hexadecimal over the feed and the best identity there is, each with its kind,
/// so that a link can never pass for a guid.
fn key(feed_id: &str, guid: Option<&str>, url: Option<&Url>, entry: &Entry, title: &DisplayText) -> ItemKey {
    let opaque_guid = |guid: &&str| !link::canonical(guid).is_some_and(|url| link::is_opaque(&url));
    let parts: [&str; 2] = match (guid.filter(opaque_guid), url) {
        (Some(guid), _) => ["guid", guid],
        (None, Some(url)) => ["link", &link::page_key(url)],
        (None, None) => {
            let summary = entry.summary.as_deref().unwrap_or_default();
            let source = entry.source.as_ref().map(|source| source.name.as_str()).unwrap_or_default();
            return digest(&[feed_id, "text", title, source, if title.is_empty() { summary } else { "" }]);
        }
    };
    digest(&[feed_id, parts[0], parts[1]])
}

fn digest(parts: &[&str]) -> ItemKey {
    ItemKey(hash(parts))
}

fn hash(parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        // Lengths keep neighbouring parts apart.
        sha.update((part.len() as u64).to_le_bytes());
        sha.update(part.as_bytes());
    }
    let digest = sha.finalize();
    let half = digest.iter().take(16).fold(0u128, |sum, byte| sum << 8 | u128::from(*byte));
    format!("{half:032x}")
}

fn stored_guid(guid: &str) -> String {
    if guid.len() <= MAX_GUID { guid.to_owned() } else { format!("sha256:{}", hash(&[guid])) }
}

/// Who speaks, as far as the entry tells.
struct Voice {
    name: Option<DisplayText>,
    tier: Option<Tier>,
    /// The publisher's name as the entry gives it, to find it again in the title.
    given: Option<DisplayText>,
}

/// The outlet: by the link's host, or where the link only redirects by the named publisher.
fn publisher(entry: &Entry, url: Option<&Url>, opaque: bool, outlets: &Outlets) -> Voice {
    let source = entry.source.as_deref();
    let given = source
        .map(|source| source.name.clone())
        .filter(|name| !name.is_empty())
        .or_else(|| if opaque { title_tail(entry.title.as_ref()?) } else { None });
    if opaque {
        let host = source.and_then(|source| source.url.as_deref()).and_then(link::canonical);
        let host = host.as_ref().and_then(Url::host_str).map(bare_host);
        let known = host
            .and_then(|host| outlets.by_host(host))
            .or_else(|| given.as_ref().and_then(|name| outlets.by_name(name)));
        let name = known.map(|outlet| shown(&outlet.name)).or_else(|| given.clone());
        return Voice { name, tier: known.map(|outlet| outlet.tier), given };
    }
    let host = url.and_then(Url::host_str).map(bare_host);
    let known: Option<&Outlet> = host.and_then(|host| outlets.by_host(host));
    let name = match (known, host) {
        (Some(outlet), _) => Some(shown(&outlet.name)),
        (None, Some(host)) => Some(shown(host)),
        (None, None) => None,
    };
    Voice { name, tier: known.map(|outlet| outlet.tier), given }
}

fn shown(name: &str) -> DisplayText {
    DisplayText::line(name, 120)
}

fn bare_host(host: &str) -> &str {
    host.strip_prefix("www.").unwrap_or(host)
}

/// The publisher that an aggregator sets behind the last ` - ` of a title.
fn title_tail(title: &DisplayText) -> Option<DisplayText> {
    let (head, tail) = title.rsplit_once(" - ")?;
    (!head.trim().is_empty() && tail.chars().count() <= 60).then(|| shown(tail))
}

/// The headline, without the publisher's name that an aggregator adds to it.
fn headline(entry: &Entry, voice: &Voice, opaque: bool) -> DisplayText {
    let Some(title) = &entry.title else { return DisplayText::default() };
    if opaque
        && let Some(given) = &voice.given
        && let Some((head, tail)) = title.rsplit_once(" - ")
        && tail.trim().eq_ignore_ascii_case(given)
    {
        return DisplayText::line(head, crate::domain::text::TITLE_CHARS);
    }
    title.clone()
}

/// The headline of a filing with its filer's name. EDGAR's feed of one company names it only at its head,
/// `EXAMPLE CLOUD INC (0000999001)`, and its entries are all "8-K - Current report".
fn filer(feed: &Feed, url: Option<&Url>, title: &DisplayText) -> Option<DisplayText> {
    let host = url.and_then(Url::host_str).map(bare_host)?;
    let (name, number) = feed.title.as_deref()?.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    let name = name.trim();
    let register = host == "sec.gov" && number.len() == 10 && number.bytes().all(|b| b.is_ascii_digit());
    let told = name.is_empty() || title.contains(name);
    (register && !told)
        .then(|| DisplayText::line(&format!("{name}: {}", title.as_str()), crate::domain::text::TITLE_CHARS))
}

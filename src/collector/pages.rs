//! The pages behind headlines. A headline rarely carries a party's exact words, so the linked page of an
//! item that touches a tracked deal is read as well: of best-tier items, from hosts that the outlets file
//! marks, once each, as `robots.txt` allows, and from public addresses only, whatever a feed may do. The
//! headline of a filing says no more than its form, so a filing by a party is read whatever it says.

use std::collections::HashMap;
use std::sync::Mutex;

use futures_util::stream::{self, StreamExt};
use url::Url;

use super::Collector;
use super::poll::{blocking, subjects_of};
use super::request::authority;
use super::robots::Robots;
use crate::domain::item::Item;
use crate::domain::outlet::Tier;
use crate::domain::text::DisplayText;
use crate::domain::time::Timestamp;
use crate::feed::{self, filing};
use crate::fetch::{Document, Failure, FailureKind, Outcome, Request, Want};
use crate::runtime::clock::Clock;
use crate::store::{Body, Committed, StoreError, Unread};

/// Older items are not looked behind any more, in seconds.
const FRESH: i64 = 3 * 86_400;
/// Pages of one round, and at once.
const ROUND: usize = 40;
const AT_ONCE: usize = 4;
/// A host's rules are read again after so many seconds.
const ROBOTS_TIME: i64 = 86_400;
/// The product name that rules may be for.
const AGENT: &str = "gigawatch";

/// What hosts allow.
#[derive(Debug, Default)]
pub(super) struct Rules(Mutex<HashMap<String, (Timestamp, Robots)>>);

impl Collector {
    /// Reads the pages of new items that are worth it. Gives what was stored.
    pub(super) async fn read_pages(&self, now: Timestamp) -> Result<Committed, StoreError> {
        let mut done = Committed::default();
        // A clock that is not the machine's belongs to a replay, whose pages are not for us to ask for.
        if !self.0.poll.fetch_text || !matches!(self.0.clock, Clock::System) {
            return Ok(done);
        }
        let candidates = self.0.store.without_body(now.plus(-FRESH), 500).await?;
        let about = |unread: &Unread| unread.touches || self.0.tagger.is_party_filing(&unread.item);
        let worth = candidates.into_iter().filter(about).map(|unread| unread.item);
        let worth = worth.filter(|item| self.is_worth_reading(item)).take(ROUND);
        let mut reads = stream::iter(worth).map(|item| self.read_page(item, now)).buffer_unordered(AT_ONCE);
        while let Some(read) = reads.next().await {
            done.claims += read?.claims;
        }
        Ok(done)
    }

    /// Whether an item's page may and should be read.
    fn is_worth_reading(&self, item: &Item) -> bool {
        let Some(url) = item.url.as_deref().and_then(|url| Url::parse(url).ok()) else { return false };
        let feed = self.0.feeds.iter().find(|feed| feed.id == item.feed);
        let wanted = item.tier == Tier::A || feed.is_some_and(|feed| feed.fetch_text);
        let private = feed.is_some_and(|feed| feed.allow_private);
        let host = url.host_str().unwrap_or_default();
        let host = host.strip_prefix("www.").unwrap_or(host);
        wanted && !private && self.0.outlets.by_host(host).is_some_and(|outlet| outlet.fetch_text)
    }

    /// Reads one item's page, whatever comes of it, and stores that it was read.
    async fn read_page(&self, item: Item, now: Timestamp) -> Result<Committed, StoreError> {
        let url = item.url.clone().unwrap_or_default();
        let agent = self.agent_for(&item);
        let body = match self.page_text(&url, &agent, now).await {
            Ok((text, url)) => Body { at: now, kind: "ok".to_owned(), url, text: Some(text) },
            Err(failure) => {
                tracing::info!(item = %item.key.0, why = failure.kind.word(), "page not read");
                Body { at: now, kind: failure.kind.word().to_owned(), url, text: None }
            }
        };
        let collector = self.clone();
        let stored = blocking(move || collector.tag_page(item, body)).await;
        stored.unwrap_or(Ok(Committed::default()))
    }

    /// Tags an item again, now with its page.
    fn tag_page(&self, mut item: Item, body: Body) -> Result<Committed, StoreError> {
        item.text.clone_from(&body.text);
        let tagged = self.0.tagger.tag(&item);
        let subjects = subjects_of(&tagged);
        self.0.store.add_body(item.key, body, subjects, tagged.claims).wait()
    }

    /// The user agent of the item's feed: some servers want to know whom to write to.
    fn agent_for(&self, item: &Item) -> String {
        let feed = self.0.feeds.iter().find(|feed| feed.id == item.feed);
        feed.map_or_else(|| self.0.poll.user_agent.clone(), |feed| feed.user_agent.clone())
    }

    /// The readable text behind an address, and the address that gave it. For the index of a filing that
    /// is the text of its main document and its press exhibits.
    async fn page_text(
        &self,
        url: &str,
        agent: &str,
        now: Timestamp,
    ) -> Result<(DisplayText, String), Failure> {
        let page = self.page(url, agent, now).await?;
        let address = page.url.clone();
        let parts = blocking(move || {
            let document = document(&page);
            let parts =
                if is_filing_index(&page.url) { filing::worth_reading(&document) } else { Vec::new() };
            if parts.is_empty() { Err(feed::readable(&document)) } else { Ok(parts) }
        })
        .await?;
        let parts = match parts {
            Err(text) => return text.map(|page| (page.text, address)).map_err(|why| unreadable(&why)),
            Ok(parts) => parts,
        };
        let mut whole = String::new();
        for part in parts {
            let Ok(page) = self.page(&part.url, agent, now).await else { continue };
            let text = blocking(move || feed::readable(&document(&page))).await?;
            if let Ok(text) = text {
                whole.push_str(&text.text);
                whole.push_str("\n\n");
            }
        }
        if whole.is_empty() {
            return Err(Failure::new(FailureKind::Empty, "none of the filing's documents could be read"));
        }
        Ok((DisplayText::block(&whole, crate::domain::text::TEXT_BYTES), address))
    }

    /// One page, if its host allows it.
    async fn page(&self, url: &str, agent: &str, now: Timestamp) -> Result<Document, Failure> {
        let address =
            Url::parse(url).map_err(|error| Failure::new(FailureKind::BadUrl, error.to_string()))?;
        let path = match address.query() {
            Some(query) => format!("{}?{query}", address.path()),
            None => address.path().to_owned(),
        };
        if !self.robots(&address, agent, now).await.allows(&path) {
            let host = address.host_str().unwrap_or_default();
            return Err(Failure::new(FailureKind::Denied, format!("robots.txt of {host} asks us not to")));
        }
        self.ask(url, agent, now).await
    }

    /// The rules of an address's host.
    async fn robots(&self, address: &Url, agent: &str, now: Timestamp) -> Robots {
        let origin = address.origin().ascii_serialization();
        {
            let rules = self.0.rules.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            if let Some((at, robots)) = rules.get(&origin)
                && (0..ROBOTS_TIME).contains(&now.since(*at))
            {
                return robots.clone();
            }
        }
        let robots = match self.ask(&format!("{origin}/robots.txt"), agent, now).await {
            Ok(document) => Robots::read(&String::from_utf8_lossy(&document.bytes), AGENT),
            // "Unavailable" allows, "unreachable" forbids (RFC 9309, section 2.3.1).
            Err(failure) => match failure.kind {
                FailureKind::NotFound | FailureKind::Gone | FailureKind::Denied | FailureKind::Status => {
                    Robots::All
                }
                _ => Robots::Nothing,
            },
        };
        let mut rules = self.0.rules.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        rules.insert(origin, (now, robots.clone()));
        robots
    }

    async fn ask(&self, url: &str, agent: &str, now: Timestamp) -> Result<Document, Failure> {
        let request = Request {
            url: url.to_owned(),
            want: Want::Page,
            user_agent: agent.to_owned(),
            now,
            ..Request::default()
        };
        let _leave = self.0.hosts.enter(&authority(url), false).await;
        match self.0.fetcher.fetch(&request).await {
            Outcome::Document(document) => Ok(document),
            Outcome::Failed(failure) => Err(failure),
            Outcome::NotModified { .. } => {
                Err(Failure::new(FailureKind::Protocol, "304 without a condition"))
            }
        }
    }
}

fn document(page: &Document) -> feed::Document<'_> {
    feed::Document {
        bytes: &page.bytes,
        content_type: page.content_type.as_deref(),
        base_url: Some(&page.url),
    }
}

/// `…-index.htm` and its kin on sec.gov.
fn is_filing_index(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    ["-index.htm", "-index.html", "/index.json"].iter().any(|end| path.ends_with(end))
}

fn unreadable(why: &feed::Unreadable) -> Failure {
    Failure::told(FailureKind::Unreadable, &why.to_string())
}

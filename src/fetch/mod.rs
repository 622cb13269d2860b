//! HTTP, guarded: one request chain in, one outcome out, within limits on time, size and reach.
//!
//! An attempt never ends in a bare error: it ends in an [`Outcome`], which is stored and shown. The client
//! is built at the first fetch, because building it takes longer than drawing the first frame.

mod address;
mod body;
mod failure;
mod hop;
mod post;
mod resolve;
mod retry_after;

use std::collections::HashSet;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::header::{self, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, StatusCode};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout_at};
use url::Url;

use crate::config::settings::Poll;
use crate::domain::time::Timestamp;
pub use crate::domain::validator::Validators;

pub use address::is_private;
use body::{Bounds, Chunks, Coding};
pub use failure::{Failure, FailureKind};
use hop::{Way, same_origin};
pub use post::post_json;
use resolve::{Guard, Trusted};

const MAX_HEADERS: usize = 100;
const MAX_HEADER_BYTES: usize = 64 << 10;
/// Longer validators are not kept: they would have to be sent with every request.
const MAX_VALIDATOR: usize = 1 << 10;
/// Bodies above this size wait for each other, so that many at once cannot fill the memory.
const LARGE: usize = 1 << 20;
const LARGE_AT_ONCE: usize = 3;
/// A page that an item links to is no larger than this.
const MAX_PAGE: usize = 4 << 20;

/// What kind of document is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Want {
    /// A feed.
    #[default]
    Feed,
    /// A page that an item links to, or a `robots.txt`.
    Page,
}

/// What one chain of requests may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest time for the whole chain.
    pub total: Duration,
    /// Longest wait for a connection.
    pub connect: Duration,
    /// Longest silence.
    pub idle: Duration,
    /// Largest answer after decoding, in bytes.
    pub body: usize,
    /// Redirects followed.
    pub redirects: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let seconds = Duration::from_secs;
        Self { total: seconds(30), connect: seconds(5), idle: seconds(10), body: 16 << 20, redirects: 5 }
    }
}

impl From<&Poll> for Limits {
    fn from(poll: &Poll) -> Self {
        Self {
            total: poll.timeout,
            connect: poll.connect_timeout,
            idle: poll.idle_timeout,
            body: usize::try_from(poll.body_limit).unwrap_or(usize::MAX),
            redirects: poll.redirects,
        }
    }
}

/// What to fetch and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Where.
    pub url: String,
    /// What for.
    pub want: Want,
    /// Who we say we are.
    pub user_agent: String,
    /// Further headers, secrets among them. Sent to the scheme, host and port of `url` only.
    pub headers: Vec<(String, String)>,
    /// The address whose scheme, host and port may be private: the one in the configuration.
    pub allow_private: Option<String>,
    /// From the last whole answer.
    pub validators: Option<Validators>,
    /// Now, for `Retry-After` dates that count from it.
    pub now: Timestamp,
}

/// How an attempt ended.
#[derive(Debug)]
pub enum Outcome {
    /// A whole document.
    Document(Document),
    /// What is known is still so.
    NotModified {
        /// Where all redirects on the way were permanent: the address that answered.
        moved_to: Option<String>,
    },
    /// Nothing usable.
    Failed(Failure),
}

/// A body and what came with it.
#[derive(Debug)]
pub struct Document {
    /// Decoded bytes.
    pub bytes: Vec<u8>,
    /// `Content-Type`, verbatim.
    pub content_type: Option<String>,
    /// The address that answered.
    pub url: String,
    /// For the next request. Only to be kept if the document turns out to be a feed.
    pub validators: Option<Validators>,
    /// Where all redirects on the way were permanent: the address that answered.
    pub moved_to: Option<String>,
    /// Held while a large body is in memory; goes with the document.
    room: Option<OwnedSemaphorePermit>,
}

impl Document {
    /// Whether the document is so large that only a few of its size may be in memory at once.
    pub fn is_large(&self) -> bool {
        self.room.is_some()
    }
}

/// Fetches documents. Cheap to clone; clones share connections and limits.
#[derive(Clone, Debug)]
pub struct Fetcher(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    guarded: OnceLock<Result<Client, String>>,
    /// Built only where a feed is on one's own network: a client costs a megabyte and milliseconds.
    allowed: OnceLock<Result<Client, String>>,
    limits: Limits,
    proxies: Arc<Trusted>,
    any: Arc<Trusted>,
    large: Arc<Semaphore>,
}

impl Fetcher {
    /// A fetcher that takes its proxies from the environment (`HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY`,
    /// `NO_PROXY`, in either case).
    pub fn new(limits: Limits) -> Self {
        Self(Arc::new(Inner {
            guarded: OnceLock::new(),
            allowed: OnceLock::new(),
            limits,
            proxies: Arc::new(Trusted::Hosts(proxy_hosts(|name| std::env::var(name).ok()))),
            any: Arc::new(Trusted::All),
            large: Arc::new(Semaphore::new(LARGE_AT_ONCE)),
        }))
    }

    /// Follows one chain of requests to its end.
    pub async fn fetch(&self, request: &Request) -> Outcome {
        self.chain(request).await.unwrap_or_else(Outcome::Failed)
    }

    fn client(&self, way: Way) -> Result<&Client, Failure> {
        let (slot, trusted) = match way {
            Way::Guarded => (&self.0.guarded, &self.0.proxies),
            Way::Allowed => (&self.0.allowed, &self.0.any),
        };
        let client = slot.get_or_init(|| build(trusted, self.0.limits).map_err(|error| error.to_string()));
        client.as_ref().map_err(|error| {
            let what = format!("no HTTPS on this machine ({error}); install ca-certificates");
            Failure::new(FailureKind::Tls, what)
        })
    }

    async fn chain(&self, request: &Request) -> Result<Outcome, Failure> {
        let limits = self.0.limits;
        let deadline = Instant::now() + limits.total;
        let (start, login) = hop::split_login(hop::read_url(&request.url)?);
        let allowed = request.allow_private.as_deref().map(hop::read_url).transpose()?;
        let mut url = start.clone();
        let mut permanent = true;
        for redirects in 0.. {
            let client = self.client(hop::way_to(&url, allowed.as_ref(), &self.0.proxies)?)?;
            let host = url.host_str().unwrap_or_default().to_owned();
            let mut send = client.get(url.clone()).headers(headers(request, &url, &start));
            if let Some((user, password)) = login.as_ref().filter(|_| same_origin(&url, &start)) {
                send = send.basic_auth(user, password.as_deref());
            }
            let send = send.send();
            let response = match timeout_at(deadline.min(Instant::now() + limits.idle), send).await {
                Ok(response) => response.map_err(|error| Failure::of(&error, &host))?,
                Err(_) => {
                    return Err(Failure::new(FailureKind::Timeout, format!("{host}: no answer in time")));
                }
            };
            check_headers(response.headers(), &host)?;
            let moved_to = (redirects > 0 && permanent).then(|| url.to_string());
            match response.status() {
                StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT => {
                    if redirects == limits.redirects {
                        break;
                    }
                    permanent &= matches!(
                        response.status(),
                        StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT
                    );
                    url = redirect(&response, &url)?;
                }
                StatusCode::NOT_MODIFIED if sends_validators(request, &url) => {
                    return Ok(Outcome::NotModified { moved_to });
                }
                status if status.is_success() => {
                    return self.document(response, request, &url, moved_to, deadline).await;
                }
                status => return Err(refused(status, response.headers(), &host, request.now)),
            }
        }
        Err(Failure::new(FailureKind::Redirects, format!("more than {} redirects", limits.redirects)))
    }

    async fn document(
        &self,
        response: Response,
        request: &Request,
        url: &Url,
        moved_to: Option<String>,
        deadline: Instant,
    ) -> Result<Outcome, Failure> {
        let host = url.host_str().unwrap_or_default().to_owned();
        if matches!(response.status(), StatusCode::PARTIAL_CONTENT) {
            return Err(Failure::new(
                FailureKind::Protocol,
                format!("{host} sent a part that we did not ask for"),
            ));
        }
        let coding = Coding::read(
            response.headers().get_all(header::CONTENT_ENCODING).iter().map(HeaderValue::as_bytes),
        )?;
        let text = |name: HeaderName| {
            response.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        let content_type = text(header::CONTENT_TYPE);
        let validators = validators(response.headers(), url);
        let limits = self.0.limits;
        let max = match request.want {
            Want::Feed => limits.body,
            Want::Page => limits.body.min(MAX_PAGE),
        };
        let bounds = Bounds { max, large: LARGE, idle: limits.idle, deadline };
        let mut room = None;
        let bytes = {
            let mut chunks = Answer { response, host };
            let grown = async || {
                room = self.0.large.clone().acquire_owned().await.ok();
            };
            body::read(&mut chunks, coding, bounds, grown).await?
        };
        let document = Document { bytes, content_type, url: url.to_string(), validators, moved_to, room };
        Ok(Outcome::Document(document))
    }
}

/// The body of an answer.
struct Answer {
    response: Response,
    host: String,
}

impl Chunks for Answer {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let chunk = self.response.chunk().await.map_err(|error| Failure::of(&error, &self.host))?;
        Ok(chunk.map(Into::into))
    }
}

fn build(trusted: &Arc<Trusted>, limits: Limits) -> Result<Client, reqwest::Error> {
    // Somebody else may have installed one already, which is as good.
    rustls::crypto::ring::default_provider().install_default().ok();
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(limits.connect)
        .http1_max_headers(MAX_HEADERS)
        .http2_max_header_list_size(MAX_HEADER_BYTES as u32)
        .pool_max_idle_per_host(2)
        .pool_idle_timeout(Duration::from_secs(20))
        .dns_resolver(Guard { trusted: Arc::clone(trusted) })
        .build()
}

/// Hosts of the proxies that the environment names.
fn proxy_hosts(variable: impl Fn(&str) -> Option<String>) -> HashSet<String> {
    ["http_proxy", "https_proxy", "all_proxy"]
        .iter()
        .flat_map(|name| [variable(name), variable(&name.to_ascii_uppercase())])
        .flatten()
        .filter_map(|value| {
            let value = if value.contains("://") { value } else { format!("http://{value}") };
            Url::parse(&value).ok()?.host_str().map(|host| host.trim_end_matches('.').to_ascii_lowercase())
        })
        .collect()
}

fn headers(request: &Request, url: &Url, start: &Url) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let mut put = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    put(header::USER_AGENT, &request.user_agent);
    put(header::ACCEPT_ENCODING, "gzip, br");
    put(
        header::ACCEPT,
        match request.want {
            Want::Feed => {
                "application/atom+xml, application/rss+xml, application/feed+json, application/json;q=0.9, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
            }
            Want::Page => "text/html, text/plain;q=0.9, */*;q=0.5",
        },
    );
    if sends_validators(request, url)
        && let Some(validators) = &request.validators
    {
        if let Some(etag) = &validators.etag {
            put(header::IF_NONE_MATCH, etag);
        }
        if let Some(date) = &validators.last_modified {
            put(header::IF_MODIFIED_SINCE, date);
        }
    }
    if same_origin(url, start) {
        for (name, value) in &request.headers {
            if let (Ok(name), Ok(mut value)) = (name.parse::<HeaderName>(), HeaderValue::from_str(value)) {
                // Keeps it out of debug output.
                value.set_sensitive(true);
                headers.insert(name, value);
            }
        }
    }
    headers
}

/// Validators go to the address that gave them and to no other.
fn sends_validators(request: &Request, url: &Url) -> bool {
    request.validators.as_ref().is_some_and(|validators| validators.url == url.as_str())
}

fn check_headers(headers: &HeaderMap, host: &str) -> Result<(), Failure> {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    if headers.len() > MAX_HEADERS || bytes > MAX_HEADER_BYTES {
        return Err(Failure::new(
            FailureKind::TooLarge,
            format!("{host} sent more headers than 100 or 64 KiB"),
        ));
    }
    Ok(())
}

fn redirect(response: &Response, url: &Url) -> Result<Url, Failure> {
    let location = response.headers().get(header::LOCATION);
    let location = location.and_then(|value| std::str::from_utf8(value.as_bytes()).ok());
    match location {
        Some(location) => hop::read_redirect(url, location),
        None => Err(Failure::new(FailureKind::Redirects, "redirect without an address")),
    }
}

fn validators(headers: &HeaderMap, url: &Url) -> Option<Validators> {
    let text = |name: HeaderName| {
        let value = headers.get(name)?.to_str().ok()?.trim();
        (!value.is_empty() && value.len() <= MAX_VALIDATOR).then(|| value.to_owned())
    };
    let validators = Validators {
        etag: text(header::ETAG),
        last_modified: text(header::LAST_MODIFIED),
        url: url.to_string(),
    };
    (validators.etag.is_some() || validators.last_modified.is_some()).then_some(validators)
}

fn refused(status: StatusCode, headers: &HeaderMap, host: &str, now: Timestamp) -> Failure {
    let wait = headers.get(header::RETRY_AFTER).and_then(|value| retry_after::read(value.as_bytes(), now));
    let kind = match status.as_u16() {
        304 => FailureKind::Protocol,
        401 | 402 | 403 | 407 | 451 => FailureKind::Denied,
        404 => FailureKind::NotFound,
        410 => FailureKind::Gone,
        429 => FailureKind::Throttled,
        503 if wait.is_some() => FailureKind::Throttled,
        500..600 => FailureKind::ServerError,
        _ => FailureKind::Status,
    };
    let words = status.canonical_reason().unwrap_or("no standard status");
    let failure = Failure::new(kind, format!("{host} answered {} ({words})", status.as_u16()));
    Failure { retry_after: wait.filter(|_| matches!(status.as_u16(), 429 | 503)), ..failure }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_found_however_they_are_written() {
        let hosts = proxy_hosts(|name| match name {
            "HTTP_PROXY" => Some("Proxy.Corp:3128".to_owned()),
            "https_proxy" => Some("http://user:pw@127.0.0.1:8080/".to_owned()),
            "ALL_PROXY" => Some("socks5h://gate.corp".to_owned()),
            _ => None,
        });
        assert_eq!(
            hosts,
            HashSet::from(["proxy.corp".to_owned(), "127.0.0.1".to_owned(), "gate.corp".to_owned()])
        );
    }

    #[test]
    fn secrets_go_to_the_configured_origin_only() {
        let start = Url::parse("https://feeds.example/a").unwrap();
        let request = Request {
            headers: vec![("Authorization".to_owned(), "Bearer key".to_owned())],
            ..Request::default()
        };
        let sent =
            |url: &str| headers(&request, &Url::parse(url).unwrap(), &start).contains_key("authorization");
        assert!(sent("https://feeds.example/b"));
        assert!(!sent("https://cdn.example/b"));
        assert!(!sent("http://feeds.example/b"));
        assert!(!sent("https://feeds.example:8443/b"));
    }

    #[test]
    fn validators_go_to_the_address_that_gave_them() {
        let validators = Validators {
            etag: Some("\"v1\"".to_owned()),
            last_modified: None,
            url: "https://feeds.example/a".to_owned(),
        };
        let request = Request { validators: Some(validators), ..Request::default() };
        assert!(sends_validators(&request, &Url::parse("https://feeds.example/a").unwrap()));
        assert!(!sends_validators(&request, &Url::parse("https://feeds.example/b").unwrap()));
    }
}

//! Why a fetch failed: a closed list of kinds, and a sentence for people that says what to do.

use std::error::Error;
use std::io;

use crate::domain::text::DisplayText;
use crate::domain::time::Timestamp;

use super::resolve::ResolveError;

/// Kinds of failure. The word of each is a contract with scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// The address in the configuration or in a redirect cannot be used.
    BadUrl,
    /// It leads to an address that a feed may not make us call.
    Forbidden,
    /// The name does not resolve.
    Dns,
    /// No connection.
    Connect,
    /// The certificate or the handshake.
    Tls,
    /// The proxy.
    Proxy,
    /// A deadline passed.
    Timeout,
    /// Bytes trickle.
    TooSlow,
    /// More bytes or headers than allowed.
    TooLarge,
    /// Compressed to an absurd degree.
    Bomb,
    /// A content coding that is unknown, stacked or broken.
    Coding,
    /// The connection ended in mid-answer.
    CutShort,
    /// Too many redirects, or one to nowhere.
    Redirects,
    /// 429, or 503 with a time to wait.
    Throttled,
    /// 401, 402, 403, 407, 451.
    Denied,
    /// 404.
    NotFound,
    /// 410.
    Gone,
    /// 5xx.
    ServerError,
    /// Any other status that is no success.
    Status,
    /// An answer that no server should give.
    Protocol,
    /// A web page or something else that is no feed.
    NotAFeed,
    /// A feed so broken that nothing could be saved.
    Unreadable,
    /// Nothing at all.
    Empty,
    /// Fetched, but it could not be stored.
    Store,
}

impl FailureKind {
    /// The word used in output.
    pub fn word(self) -> &'static str {
        match self {
            Self::BadUrl => "bad-url",
            Self::Forbidden => "forbidden-address",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Proxy => "proxy",
            Self::Timeout => "timeout",
            Self::TooSlow => "too-slow",
            Self::TooLarge => "too-large",
            Self::Bomb => "bomb",
            Self::Coding => "coding",
            Self::CutShort => "cut-short",
            Self::Redirects => "redirects",
            Self::Throttled => "throttled",
            Self::Denied => "denied",
            Self::NotFound => "not-found",
            Self::Gone => "gone",
            Self::ServerError => "server-error",
            Self::Status => "status",
            Self::Protocol => "protocol",
            Self::NotAFeed => "not-a-feed",
            Self::Unreadable => "unreadable",
            Self::Empty => "empty",
            Self::Store => "store",
        }
    }

    /// What a person can do about it.
    pub fn advice(self) -> &'static str {
        match self {
            Self::BadUrl => "correct the feed's url",
            Self::Forbidden => "if the feed is on your own network, set allow-private = true on it",
            Self::Dns => "check the url and the network",
            Self::Connect
            | Self::Timeout
            | Self::TooSlow
            | Self::CutShort
            | Self::ServerError
            | Self::Status => "tried again later",
            Self::Tls => "the connection is not trusted; check the url and this machine's clock",
            Self::Proxy => "check HTTP_PROXY, HTTPS_PROXY and NO_PROXY",
            Self::TooLarge | Self::Bomb => "look for a smaller feed of this publisher",
            Self::Coding | Self::Protocol => "the server is at fault; tried again later",
            Self::Redirects | Self::NotFound => "find the feed's present address",
            Self::Throttled => "nothing to do; we wait as told",
            Self::Denied => "the publisher refuses us; set auth, or use another feed",
            Self::Gone => "remove the feed, or find its present address",
            Self::NotAFeed => "open the address in a browser and look for its feed",
            Self::Unreadable | Self::Empty => "tried again later; items that are stored stay",
            Self::Store => "see `gigawatch check`",
        }
    }
}

/// One failed attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What kind.
    pub kind: FailureKind,
    /// What happened and what to do, at most 200 characters, safe to show.
    pub detail: DisplayText,
    /// When the server wants to be asked again, if it said so.
    pub retry_after: Option<Timestamp>,
}

impl Failure {
    /// A failure with the advice of its kind.
    pub fn new(kind: FailureKind, what: impl AsRef<str>) -> Self {
        let advice = kind.advice();
        let room = 200 - advice.chars().count() - 2;
        let what = DisplayText::line(what.as_ref(), room);
        Self { kind, detail: DisplayText::line(&format!("{what}; {advice}"), 200), retry_after: None }
    }

    /// A failure that already says what to do.
    pub fn told(kind: FailureKind, what: &str) -> Self {
        Self { kind, detail: DisplayText::line(what, 200), retry_after: None }
    }

    /// Sorts an error of the HTTP client into its kind.
    pub(super) fn of(error: &reqwest::Error, host: &str) -> Self {
        for cause in chain(error) {
            if let Some(error) = cause.downcast_ref::<ResolveError>() {
                return match error {
                    ResolveError::Forbidden { .. } => Self::new(FailureKind::Forbidden, error.to_string()),
                    _ => Self::new(FailureKind::Dns, error.to_string()),
                };
            }
            if let Some(error) = cause.downcast_ref::<rustls::Error>() {
                return Self::new(FailureKind::Tls, format!("{host}: {}", tls_words(error)));
            }
        }
        let words: Vec<String> = chain(error).map(ToString::to_string).collect();
        let said = |part: &str| words.iter().any(|word| word.contains(part));
        let last = words.last().map_or("", String::as_str);
        if said("tunnel") || said("proxy") || said("socks") {
            return Self::new(
                FailureKind::Proxy,
                format!("the proxy did not let us through to {host}: {last}"),
            );
        }
        if error.is_timeout() {
            let what = if error.is_connect() { "no connection in time" } else { "no answer in time" };
            return Self::new(FailureKind::Timeout, format!("{host}: {what}"));
        }
        let io = chain(error).find_map(|cause| cause.downcast_ref::<io::Error>()).map(io::Error::kind);
        if error.is_connect() {
            let what = match io {
                Some(io::ErrorKind::ConnectionRefused) => "connection refused".to_owned(),
                Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable) => {
                    "no way there".to_owned()
                }
                _ => last.to_owned(),
            };
            return Self::new(FailureKind::Connect, format!("{host}: {what}"));
        }
        let cut = matches!(
            io,
            Some(
                io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::BrokenPipe
            )
        );
        if cut || said("before message completed") || said("end of file") || said("body write aborted") {
            return Self::new(FailureKind::CutShort, format!("{host} ended the connection in mid-answer"));
        }
        if said("header") && (said("too large") || said("too many")) {
            return Self::new(FailureKind::TooLarge, format!("{host} sent more headers than 100 or 64 KiB"));
        }
        Self::new(FailureKind::Protocol, format!("{host}: {last}"))
    }
}

/// An error and its causes. What an `io::Error` wraps is not among its sources, so it is put in.
fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&cause| match cause.downcast_ref::<io::Error>() {
        Some(io) => io.get_ref().map(|inner| inner as &(dyn Error + 'static)),
        None => cause.source(),
    })
}

fn tls_words(error: &rustls::Error) -> String {
    use rustls::CertificateError as Bad;
    let rustls::Error::InvalidCertificate(bad) = error else { return error.to_string() };
    match bad {
        Bad::Expired | Bad::ExpiredContext { .. } => "its certificate has expired".to_owned(),
        Bad::NotValidYet | Bad::NotValidYetContext { .. } => "its certificate is not valid yet".to_owned(),
        Bad::NotValidForName | Bad::NotValidForNameContext { .. } => {
            "its certificate is for another name".to_owned()
        }
        Bad::UnknownIssuer => "its certificate is signed by nobody we know".to_owned(),
        Bad::Revoked => "its certificate was revoked".to_owned(),
        other => format!("its certificate is not accepted ({other})"),
    }
}

//! Where a request may go next: URLs of feeds and of redirects.

use std::net::IpAddr;

use url::{Host, Url};

use super::address::forbidden;
use super::failure::{Failure, FailureKind};
use super::resolve::Trusted;

/// Longest address, in bytes.
const MAX_URL: usize = 8 << 10;

/// How one hop is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Public addresses only.
    Guarded,
    /// To the very host and port that the configuration allows.
    Allowed,
}

/// Reads the address of a feed or page.
pub(super) fn read_url(text: &str) -> Result<Url, Failure> {
    if text.len() > MAX_URL {
        return Err(Failure::new(FailureKind::BadUrl, "the address is longer than 8 KiB"));
    }
    let url = Url::parse(text)
        .map_err(|error| Failure::new(FailureKind::BadUrl, format!("`{}`: {error}", show(text))))?;
    check_scheme(&url)?;
    Ok(url)
}

/// Reads the `Location` of an answer from `from`.
pub(super) fn read_redirect(from: &Url, location: &str) -> Result<Url, Failure> {
    if location.len() > MAX_URL {
        return Err(Failure::new(FailureKind::Redirects, "redirect to an address longer than 8 KiB"));
    }
    let mut url = from.join(location).map_err(|error| {
        Failure::new(FailureKind::Redirects, format!("redirect to `{}`: {error}", show(location)))
    })?;
    check_scheme(&url)?;
    // `https://good.example@evil.example/` is made to be misread.
    if !url.username().is_empty() || url.password().is_some() {
        let what = format!("redirect to `{}`, an address with a user name in it", show(location));
        return Err(Failure::new(FailureKind::Redirects, what));
    }
    if url.fragment().is_none() {
        url.set_fragment(from.fragment());
    }
    Ok(url)
}

/// A name and, where one is given, a password.
pub(super) type Login = (String, Option<String>);

/// Takes the user name and password out of an address, so that neither is stored or shown with it.
pub(super) fn split_login(mut url: Url) -> (Url, Option<Login>) {
    if url.username().is_empty() && url.password().is_none() {
        return (url, None);
    }
    let plain = |text: &str| percent_decode(text);
    let login = (plain(url.username()), url.password().map(plain));
    url.set_username("").and_then(|()| url.set_password(None)).ok();
    (url, Some(login))
}

/// Undoes `%41`; bytes that are no UTF-8 are replaced.
fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        let decoded = digits.filter(|_| *byte == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(decoded.unwrap_or(*byte));
        rest = if decoded.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Decides whether a request may go to `url`. `allowed` is the configured address of a feed on one's own
/// network: its exact scheme, host and port may be called, nothing else that is private.
pub(super) fn way_to(url: &Url, allowed: Option<&Url>, proxies: &Trusted) -> Result<Way, Failure> {
    if allowed.is_some_and(|allowed| same_origin(allowed, url)) {
        return Ok(Way::Allowed);
    }
    let refuse = |what: String| Err(Failure::new(FailureKind::Forbidden, what));
    match url.host() {
        Some(Host::Ipv4(ip)) => check_literal(IpAddr::V4(ip)).map(|()| Way::Guarded),
        Some(Host::Ipv6(ip)) => check_literal(IpAddr::V6(ip)).map(|()| Way::Guarded),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            if name == "localhost" || name.ends_with(".localhost") {
                return refuse(format!("`{}` is this machine", show(&name)));
            }
            // The guard lets connections to a proxy through, so nothing else may bear its name.
            if proxies.covers(&name) {
                return refuse(format!("`{}` is the proxy itself", show(&name)));
            }
            Ok(Way::Guarded)
        }
        None => Err(Failure::new(FailureKind::BadUrl, "an address without a host")),
    }
}

fn check_literal(ip: IpAddr) -> Result<(), Failure> {
    match forbidden(ip) {
        None => Ok(()),
        Some(what) => Err(Failure::new(FailureKind::Forbidden, format!("{ip} is a {what} address"))),
    }
}

fn check_scheme(url: &Url) -> Result<(), Failure> {
    if matches!(url.scheme(), "http" | "https") && url.has_host() {
        return Ok(());
    }
    let what = format!("`{}:` is not fetched, only http: and https:", show(url.scheme()));
    Err(Failure::new(FailureKind::BadUrl, what))
}

/// Same scheme, host and port: what headers with secrets may be sent to.
pub(super) fn same_origin(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme() && a.host() == b.host() && a.port_or_known_default() == b.port_or_known_default()
}

/// An address as it may be shown: without query, which may hold a key, and not too long.
fn show(text: &str) -> String {
    let end = text.find(['?', '#']).unwrap_or(text.len());
    text.get(..end).unwrap_or_default().chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn no_proxy() -> Trusted {
        Trusted::Hosts(HashSet::new())
    }

    fn hop(location: &str) -> Result<Way, Failure> {
        let from = Url::parse("https://news.example/feed").unwrap();
        way_to(&read_redirect(&from, location)?, None, &no_proxy())
    }

    #[test]
    fn this_machine_is_refused_in_every_spelling() {
        for location in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://0x7f.1/",
            "http://127.0.0.1./",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::127.0.0.1]/",
            "http://[2002:7f00:1::]/",
            "http://localhost/",
            "http://LOCALHOST./",
            "http://a.localhost/",
            "http://0/",
            "http://0.0.0.0/",
            "http://%31%32%37.0.0.1/",
            "http://127。0。0。1/",
            "http://①②⑦.0.0.1/",
            "http:127.0.0.1/",
            "//127.0.0.1/",
            "http:\\\\127.0.0.1\\",
            "ht\ttp://127.0.0.1/",
            " http://127.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://10.0.0.1/",
            "http://192.168.1.1:8080/",
            "http://100.64.0.1/",
            "http://news.example@127.0.0.1/",
            "http://127.0.0.1#@news.example/",
            "http://127.0.0.1\\@news.example/",
        ] {
            let result = hop(location);
            assert!(result.is_err(), "{location} must be refused, not {result:?}");
        }
    }

    #[test]
    fn other_schemes_and_look_alikes_are_refused() {
        for location in [
            "file:///etc/passwd",
            "ftp://x.example/",
            "gopher://x.example/",
            "javascript:alert(1)",
            "data:text/xml,<rss/>",
            "https://news.example@evil.example/",
            "https://user:pw@news.example/",
            "http://[::1%25lo]/",
            "http://",
        ] {
            assert!(hop(location).is_err(), "{location} must be refused");
        }
    }

    #[test]
    fn ordinary_redirects_pass() {
        for location in [
            "/feed.xml",
            "https://www.news.example/feed",
            "http://1.1.1.1/feed",
            "//cdn.news.example/f",
            "?page=2",
        ] {
            assert_eq!(hop(location), Ok(Way::Guarded), "{location}");
        }
    }

    #[test]
    fn an_allowance_is_for_one_host_and_port() {
        let feed = Url::parse("http://127.0.0.1:8080/feed").unwrap();
        let way = |url: &str| way_to(&Url::parse(url).unwrap(), Some(&feed), &no_proxy());
        assert_eq!(way("http://127.0.0.1:8080/other"), Ok(Way::Allowed));
        for url in [
            "http://127.0.0.1:8081/",
            "http://localhost:8080/",
            "https://127.0.0.1:8080/",
            "http://127.0.0.2:8080/",
            "http://[::1]:8080/",
        ] {
            assert!(way(url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_name_may_not_pose_as_the_proxy() {
        let proxies = Trusted::Hosts(HashSet::from(["proxy.corp".to_owned()]));
        assert!(way_to(&Url::parse("http://PROXY.corp./").unwrap(), None, &proxies).is_err());
    }

    #[test]
    fn a_login_is_taken_out_of_the_address() {
        let (url, login) = split_login(Url::parse("https://me%40x:p%3Aw@a.example/feed").unwrap());
        assert_eq!(url.as_str(), "https://a.example/feed");
        assert_eq!(login, Some(("me@x".to_owned(), Some("p:w".to_owned()))));
    }

    #[test]
    fn a_query_is_not_shown() {
        let failure =
            read_redirect(&Url::parse("https://a.example/").unwrap(), "foo://x/?token=secret").unwrap_err();
        assert!(!failure.detail.contains("secret"));
    }
}

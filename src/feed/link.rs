//! Links: resolving, choosing what may be followed, and the canonical form that identity goes by.

use url::Url;

/// Longer addresses are no links.
const MAX_URL: usize = 8 * 1024;

/// A base address; only http(s) can be one.
pub(super) fn base(raw: &str) -> Option<Url> {
    Url::parse(raw.trim()).ok().filter(is_web)
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.has_host()
}

/// A link as it can be followed: http(s), made absolute where a base is known. Relative links without a
/// base are kept as they are; other schemes are no links.
pub(super) fn resolve(raw: &str, base: Option<&Url>) -> Option<String> {
    let raw: String = raw
        .trim()
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'))
        .collect();
    let raw = raw.trim();
    if raw.is_empty() || raw.len() > MAX_URL {
        return None;
    }
    let url = match Url::parse(raw) {
        Ok(url) => url,
        Err(url::ParseError::RelativeUrlWithoutBase) => match base {
            Some(base) => base.join(raw).ok()?,
            None => return relative(raw),
        },
        Err(_) => return None,
    };
    if !is_web(&url) || url.as_str().len() > MAX_URL {
        return None;
    }
    // What is written properly stays as it is written.
    let proper = raw.len() > 7
        && raw.bytes().all(|b| b.is_ascii_graphic() && !b"\\\"<>`{}|^".contains(&b))
        && url.username().is_empty()
        && url.password().is_none()
        && raw
            .get(..7)
            .is_some_and(|start| matches!(start.to_ascii_lowercase().as_str(), "http://" | "https:/"))
        && !raw.contains(":///");
    Some(if proper { raw.to_owned() } else { url.into() })
}

/// A relative link, clean.
fn relative(raw: &str) -> Option<String> {
    let clean = crate::domain::text::DisplayText::line(raw, MAX_URL);
    (!clean.is_empty()).then(|| clean.as_str().to_owned())
}

/// Parameters that say how a reader came to a page, not which page it is.
const TRACKING: [&str; 24] = [
    "fbclid",
    "gclid",
    "gclsrc",
    "dclid",
    "gbraid",
    "wbraid",
    "msclkid",
    "twclid",
    "yclid",
    "igshid",
    "igsh",
    "mc_cid",
    "mc_eid",
    "mkt_tok",
    "ocid",
    "cmpid",
    "cmp",
    "ncid",
    "guccounter",
    "s_cid",
    "_hsenc",
    "_hsmi",
    "vero_id",
    "oc",
];

/// Parameters that say so on some hosts only, elsewhere they may name the page.
const TRACKING_ON: [(&str, &str); 8] = [
    ("cnbc.com", "__source"),
    ("nytimes.com", "smid"),
    ("nytimes.com", "partner"),
    ("bloomberg.com", "srnd"),
    ("bloomberg.com", "sref"),
    ("wsj.com", "mod"),
    ("ft.com", "ftcamp"),
    ("yahoo.com", ".tsrc"),
];

fn is_tracking(host: &str, key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key.starts_with("utm_")
        || key.starts_with("pk_")
        || key.starts_with("mtm_")
        || TRACKING.contains(&key.as_str())
        || TRACKING_ON.iter().any(|(on, name)| *name == key && is_host(host, on))
}

/// Whether `host` is `domain` or below it.
pub(super) fn is_host(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The canonical form of an http(s) link: tracking parameters, an empty query and text fragments are
/// gone. `None` for anything else.
pub(super) fn canonical(link: &str) -> Option<Url> {
    let mut url = Url::parse(link).ok().filter(is_web)?;
    if url.query().is_some() {
        let host = url.host_str().unwrap_or_default().to_owned();
        // Cut from the text: a round trip through decoded pairs would rewrite what it keeps.
        let kept: Vec<&str> = url
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| {
                !pair.is_empty() && !is_tracking(&host, pair.split('=').next().unwrap_or_default())
            })
            .collect();
        let kept = kept.join("&");
        url.set_query(Some(kept.as_str()).filter(|query| !query.is_empty()));
    }
    if url.fragment().is_some_and(|f| {
        f.is_empty() || f.starts_with(":~:") || f.starts_with("utm_") || f.starts_with("Echobox=")
    }) {
        url.set_fragment(None);
    }
    Some(url)
}

/// What two addresses of one page share: host without `www.`, path without its last slash, query. The
/// scheme is left out, so that a site's move to https does not make its items new.
pub(super) fn page_key(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    let fragment = url.fragment().map(|fragment| format!("#{fragment}")).unwrap_or_default();
    let path = url.path().trim_end_matches('/');
    format!("{}{port}{path}{query}{fragment}", host.strip_prefix("www.").unwrap_or(host))
}

/// Hosts whose links only redirect: they say nothing about the page behind and change at will.
pub(super) fn is_opaque(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    match host {
        "news.google.com" => true,
        "www.bing.com" | "bing.com" => url.path().starts_with("/news/apiclick"),
        _ => false,
    }
}

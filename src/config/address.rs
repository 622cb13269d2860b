//! The address of a feed: http or https, with today's date filled in where the server wants one.

use std::fmt;

use url::Url;

use crate::domain::time::Day;

/// An http or https address. `{today}` and `{today-14d}` in it stand for dates.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Address {
    template: String,
}

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    /// Not a URL at all.
    #[error("{0}")]
    Url(#[from] url::ParseError),
    /// A scheme that is not fetched.
    #[error("only http and https are fetched, not `{0}:`")]
    Scheme(String),
    /// `{…}` that is no date.
    #[error("`{{{0}}}` is unknown; a date is `{{today}}` or `{{today-14d}}`")]
    Placeholder(String),
    /// Longer than a server need accept.
    #[error("longer than 8192 bytes")]
    Long,
}

impl Address {
    /// Checks an address.
    pub fn parse(text: &str) -> Result<Self, BadAddress> {
        let address = Self { template: text.trim().to_owned() };
        address.filled(Day(0))?;
        Ok(address)
    }

    /// The address to ask on a day.
    pub fn on(&self, today: Day) -> Option<Url> {
        self.filled(today).ok()
    }

    /// The address as it is written, with its placeholders.
    pub fn as_written(&self) -> &str {
        &self.template
    }

    /// The address as it is written, without user and password.
    pub fn without_credentials(&self) -> String {
        let (before, credentials, behind) = self.parts();
        if credentials.is_empty() { self.template.clone() } else { format!("{before}{behind}") }
    }

    /// What stands before the user and password, they themselves, and what is behind their `@`.
    fn parts(&self) -> (&str, &str, &str) {
        let start = self.template.find("://").map_or(0, |at| at + 3);
        let (before, rest) = self.template.split_at(start);
        let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
        let (authority, _) = rest.split_at(end);
        match authority.rfind('@') {
            Some(at) => (before, rest.get(..at).unwrap_or(""), rest.get(at + 1..).unwrap_or("")),
            None => (before, "", rest),
        }
    }

    /// Whether a password stands in the address itself.
    pub fn has_secret(&self) -> bool {
        self.filled(Day(0)).is_ok_and(|url| url.password().is_some())
    }

    /// The address as it may be shown: without a name, a password or a query, which may hold a key.
    pub fn shown(&self) -> String {
        match self.filled(Day(0)) {
            Ok(url) => format!("{}://{}{}", url.scheme(), url.host_str().unwrap_or_default(), url.path()),
            Err(_) => String::new(),
        }
    }

    fn filled(&self, today: Day) -> Result<Url, BadAddress> {
        let mut text = String::with_capacity(self.template.len());
        let mut rest = self.template.as_str();
        while let Some((before, behind)) = rest.split_once('{') {
            let (inside, after) = behind
                .split_once('}')
                .ok_or_else(|| BadAddress::Placeholder(behind.chars().take(20).collect()))?;
            text.push_str(before);
            text.push_str(&date(inside, today).ok_or_else(|| BadAddress::Placeholder(inside.to_owned()))?);
            rest = after;
        }
        text.push_str(rest);
        if text.len() > 8192 {
            return Err(BadAddress::Long);
        }
        let url = Url::parse(&text)?;
        match url.scheme() {
            "http" | "https" => Ok(url),
            scheme => Err(BadAddress::Scheme(scheme.to_owned())),
        }
    }
}

/// `today`, or `today-Nd` for a day before it.
fn date(inside: &str, today: Day) -> Option<String> {
    let days: i32 = match inside.strip_prefix("today")? {
        "" => 0,
        rest => rest
            .strip_prefix('-')?
            .strip_suffix('d')?
            .parse()
            .ok()
            .filter(|days| (0..=36_500).contains(days))?,
    };
    Some(today.plus(-days).to_string())
}

impl fmt::Display for Address {
    /// The address without its password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (before, credentials, behind) = self.parts();
        match credentials.split_once(':') {
            Some((user, _)) => write!(f, "{before}{user}:•••@{behind}"),
            None => f.write_str(&self.template),
        }
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_filled_in_for_the_day_of_the_request() {
        let address = Address::parse("https://x.example/s?from={today-14d}&to={today}").unwrap();
        let today: Day = "2026-03-05".parse().unwrap();
        assert_eq!(address.on(today).unwrap().as_str(), "https://x.example/s?from=2026-02-19&to=2026-03-05");
    }

    #[test]
    fn only_http_addresses_with_known_placeholders_are_taken() {
        for bad in [
            "",
            "x",
            "ftp://x.example/",
            "file:///etc/passwd",
            "https://",
            "https://x.example/{now}",
            "https://x.example/{",
        ] {
            assert!(Address::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_password_in_an_address_is_not_shown() {
        let address = Address::parse("https://me:hunter2@x.example/feed").unwrap();
        assert!(address.has_secret());
        assert!(!format!("{address} {address:?}").contains("hunter2"));
        assert!(address.as_written().contains("hunter2"));
        assert_eq!(address.without_credentials(), "https://x.example/feed");
        let dated = Address::parse("https://me:hunter2@x.example/?to={today}&q=a@b").unwrap();
        assert_eq!(dated.without_credentials(), "https://x.example/?to={today}&q=a@b");
        assert_eq!(dated.to_string(), "https://me:•••@x.example/?to={today}&q=a@b");
    }
}

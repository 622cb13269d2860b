//! `Retry-After` in all the forms that servers send.

use crate::domain::time::Timestamp;

/// When the server wants to be asked again. `None` where the header says nothing usable. Not clamped:
/// that is for the schedule, which knows the feed's interval.
pub(super) fn read(value: &[u8], now: Timestamp) -> Option<Timestamp> {
    let text = std::str::from_utf8(value).ok()?.trim();
    if let Ok(date) = httpdate::parse_http_date(text) {
        let seconds = date.duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        return Some(Timestamp(i64::try_from(seconds).unwrap_or(i64::MAX)));
    }
    if let Ok(date) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(date.as_second()));
    }
    // Seconds, also as a decimal or as the first of a list.
    let first = text.split([',', ' ', ';']).next()?;
    let (whole, rest) = first.split_once('.').unwrap_or((first, ""));
    if whole.is_empty() || !whole.bytes().chain(rest.bytes()).all(|c| c.is_ascii_digit()) {
        return None;
    }
    // More digits than fit mean "very long".
    let seconds = whole.parse::<i64>().unwrap_or(i64::MAX);
    Some(now.plus(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        let now: Timestamp = "2026-01-07T09:00:00Z".parse().unwrap();
        let after = |text: &str| read(text.as_bytes(), now).map(|at| at.since(now));
        assert_eq!(after("120"), Some(120));
        assert_eq!(after(" 120 "), Some(120));
        assert_eq!(after("0"), Some(0));
        assert_eq!(after("1.5"), Some(1));
        assert_eq!(after("10, 20"), Some(10));
        assert_eq!(after("Wed, 07 Jan 2026 10:00:00 GMT"), Some(3600));
        assert_eq!(after("Wednesday, 07-Jan-26 10:00:00 GMT"), Some(3600));
        assert_eq!(after("Wed Jan  7 10:00:00 2026"), Some(3600));
        assert_eq!(after("2026-01-07T10:00:00Z"), Some(3600));
        assert!(after("Thu, 01 Jan 1970 00:00:00 GMT").unwrap() < 0);
        assert!(after("99999999999999999999").unwrap() > 1 << 40);
        for nothing in ["", "soon", "-5", "1e3", "PT5M", "٣"] {
            assert_eq!(after(nothing), None, "{nothing}");
        }
    }
}

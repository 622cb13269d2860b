//! Calendar days and instants, always UTC. Nothing here can read a clock.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A calendar day in UTC, counted from 1970-01-01. Orders and subtracts as an integer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The day of a Gregorian date, `None` where there is no such date (years -9999 to 9999).
    pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        Date::new(year, month, day).ok().map(Self::from_date)
    }

    fn from_date(date: Date) -> Self {
        let epoch = jiff::civil::date(1970, 1, 1);
        Self(epoch.until(date).map_or(0, |span| span.get_days()))
    }

    fn date(self) -> Date {
        let epoch = jiff::civil::date(1970, 1, 1);
        epoch.saturating_add(jiff::Span::new().days(self.0.clamp(-3_000_000, 2_900_000)))
    }

    /// Year, month 1 to 12, day 1 to 31.
    pub fn ymd(self) -> (i16, i8, i8) {
        let date = self.date();
        (date.year(), date.month(), date.day())
    }

    /// Days from `earlier` to `self`; negative when `self` comes first.
    pub fn since(self, earlier: Self) -> i32 {
        self.0 - earlier.0
    }

    /// The day `days` later (earlier when negative).
    #[must_use]
    pub fn plus(self, days: i32) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// The last day of the given month.
    pub fn end_of_month(year: i16, month: i8) -> Option<Self> {
        let first = Date::new(year, month, 1).ok()?;
        Some(Self::from_date(first.last_of_month()))
    }

    /// Midnight UTC at the start of the day.
    pub fn start(self) -> Timestamp {
        Timestamp(i64::from(self.0) * 86_400)
    }

    /// The last second of the day.
    pub fn end(self) -> Timestamp {
        Timestamp(i64::from(self.0) * 86_400 + 86_399)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

/// What could not be read as a day or an instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no date (expected YYYY-MM-DD or an RFC 3339 time)")]
pub struct BadTime(pub String);

impl FromStr for Day {
    type Err = BadTime;

    /// Reads `YYYY-MM-DD`, or the date part of an RFC 3339 time converted to UTC.
    fn from_str(text: &str) -> Result<Self, BadTime> {
        let text = text.trim();
        if text.len() == 10
            && let Ok(date) = text.parse::<Date>()
        {
            return Ok(Self::from_date(date));
        }
        Timestamp::from_str(text).map(Timestamp::day)
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Day {
    fn schema_name() -> Cow<'static, str> {
        "Day".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "description": "A day in UTC, YYYY-MM-DD." })
    }
}

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimeVisitor).map(Timestamp::day)
    }
}

/// An instant in whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The UTC day that the instant falls on.
    pub fn day(self) -> Day {
        Day(self.0.div_euclid(86_400) as i32)
    }

    /// Seconds from `earlier` to `self`; negative when `self` comes first.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The instant `seconds` later (earlier when negative).
    #[must_use]
    pub fn plus(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 with a `Z`, to the second.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.rem_euclid(86_400);
        write!(f, "{}T{:02}:{:02}:{:02}Z", self.day(), seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

impl FromStr for Timestamp {
    type Err = BadTime;

    /// Reads an RFC 3339 time (seconds may be absent), or a bare date as its midnight UTC.
    fn from_str(text: &str) -> Result<Self, BadTime> {
        let text = text.trim();
        if let Ok(instant) = text.parse::<jiff::Timestamp>() {
            return Ok(Self(instant.as_second()));
        }
        if let Ok(date) = text.parse::<Date>()
            && text.len() == 10
        {
            return Ok(Day::from_date(date).start());
        }
        // A time without an offset is read as UTC.
        text.parse::<jiff::civil::DateTime>()
            .ok()
            .and_then(|local| local.to_zoned(jiff::tz::TimeZone::UTC).ok())
            .map(|zoned| Self(zoned.timestamp().as_second()))
            .ok_or_else(|| BadTime(text.chars().take(64).collect()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time", "description": "An instant, RFC 3339 in UTC." })
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TimeVisitor)
    }
}

/// Accepts a string, or TOML's own date and date-time values.
struct TimeVisitor;

impl<'de> serde::de::Visitor<'de> for TimeVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date (YYYY-MM-DD) or an RFC 3339 time")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Timestamp, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<Timestamp, A::Error> {
        let value = toml::value::Datetime::deserialize(serde::de::value::MapAccessDeserializer::new(map))?;
        value.to_string().parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_print_as_they_are_read() {
        for text in ["1970-01-01", "2026-02-28", "1999-12-31", "2028-02-29"] {
            assert_eq!(text.parse::<Day>().unwrap().to_string(), text);
        }
        assert_eq!("1970-01-02".parse::<Day>().unwrap(), Day(1));
        assert!("2026-02-30".parse::<Day>().is_err());
    }

    #[test]
    fn instants_convert_to_utc() {
        assert_eq!(
            "2026-02-27T23:30:00-05:00".parse::<Timestamp>().unwrap().to_string(),
            "2026-02-28T04:30:00Z"
        );
        assert_eq!("2026-02-27T14:05Z".parse::<Day>().unwrap().to_string(), "2026-02-27");
    }

    #[test]
    fn toml_dates_and_strings_read_alike() {
        #[derive(Deserialize)]
        struct Row {
            a: Day,
            b: Day,
        }
        let row: Row = toml::from_str("a = 2026-02-27\nb = \"2026-02-27\"").unwrap();
        assert_eq!(row.a, row.b);
    }
}

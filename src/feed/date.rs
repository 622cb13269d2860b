//! Dates as feeds write them: RFC 822, 850, 1123 and 2822, ISO 8601 in all its shapes, `asctime`, SQL,
//! month names of a dozen languages, numbers in the order of half the world. Everything becomes UTC; a
//! time without a zone is read as UTC.

use crate::domain::time::{Day, Timestamp};

/// Longer texts are no dates.
const LONGEST: usize = 96;

/// Reads a date; `None` where it is none, or outside the years 1 to 9999.
pub(super) fn parse(raw: &str) -> Option<Timestamp> {
    let raw = raw.trim();
    if raw.is_empty() || raw.len() > LONGEST {
        return None;
    }
    iso(raw).or_else(|| words(raw))
}

/// Whether a date keeps to RFC 2822 or RFC 3339, as the formats demand.
pub(super) fn is_standard(raw: &str) -> bool {
    let raw = raw.trim();
    raw.parse::<jiff::Timestamp>().is_ok() || jiff::fmt::rfc2822::parse(raw).is_ok() || raw.ends_with(" UT")
}

/// A clock time with the offset of its zone.
#[derive(Clone, Copy, Default)]
struct Clock {
    seconds: i64,
    /// Seconds east of Greenwich.
    offset: i64,
}

fn instant(year: i64, month: i64, day: i64, clock: Clock) -> Option<Timestamp> {
    if !(1..=9999).contains(&year) {
        return None;
    }
    let day = Day::from_ymd(year as i16, i8::try_from(month).ok()?, i8::try_from(day).ok()?)?;
    let instant = day.start().plus(clock.seconds - clock.offset);
    (1..=9999).contains(&instant.day().ymd().0).then_some(instant)
}

/// Four-digit years of sense have their century; two-digit years get one as RFC 2822 says, pivot 1970.
fn century(year: i64, digits: usize) -> i64 {
    match (digits, year) {
        (1 | 2, 0..=69) => year + 2000,
        (1..=3, _) => year + 1900,
        _ => year,
    }
}

/// Digits at the start, at most `max` of them: their value and what follows.
fn digits(text: &str, max: usize) -> Option<(i64, usize, &str)> {
    let count = text.bytes().take(max).take_while(u8::is_ascii_digit).count();
    let (head, tail) = text.split_at_checked(count)?;
    Some((head.parse().ok()?, count, tail))
}

/// ISO 8601 and what is close to it: `2026-02-27T14:05:00.5+01:00`, `20260227T140500Z`, `2026-W09-5`,
/// `2026-058`, `2026-02`, `2026/02/27 14:05`.
fn iso(raw: &str) -> Option<Timestamp> {
    let run = raw.bytes().take_while(u8::is_ascii_digit).count();
    match run {
        10 | 13 if raw.len() == run => {
            // Seconds or milliseconds since 1970.
            let value: i64 = raw.parse().ok()?;
            Some(Timestamp(if run == 13 { value / 1000 } else { value }))
        }
        14 if raw.len() == run => {
            let (date, time) = raw.split_at_checked(8)?;
            compact(date, clock(time)?)
        }
        8 => compact(raw.get(..8)?, rest_clock(raw.get(8..)?)?),
        4 => {
            let (year, _, rest) = digits(raw, 4)?;
            extended(year, rest)
        }
        _ => None,
    }
}

fn compact(date: &str, clock: Clock) -> Option<Timestamp> {
    let (year, month_day) = date.split_at_checked(4)?;
    let (month, day) = month_day.split_at_checked(2)?;
    instant(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?, clock)
}

/// The rest of a date that began with a four-digit year.
fn extended(year: i64, rest: &str) -> Option<Timestamp> {
    if rest.is_empty() {
        return instant(year, 1, 1, Clock::default());
    }
    let rest = rest.strip_prefix(['-', '/', '.', ':'])?;
    if let Some(rest) = rest.strip_prefix(['W', 'w']) {
        let (week, _, rest) = digits(rest, 2)?;
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let (weekday, rest) = digits(rest, 1).map_or((1, rest), |(day, _, rest)| (day, rest));
        let weekday = jiff::civil::Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
        let date =
            jiff::civil::ISOWeekDate::new(i16::try_from(year).ok()?, i8::try_from(week).ok()?, weekday)
                .ok()?
                .date();
        return instant(year_of(date), i64::from(date.month()), i64::from(date.day()), rest_clock(rest)?);
    }
    let (month, count, rest) = digits(rest, 3)?;
    if count == 3 {
        // The day of the year.
        let first = Day::from_ymd(i16::try_from(year).ok()?, 1, 1)?;
        if !(1..=366).contains(&month) {
            return None;
        }
        let clock = rest_clock(rest)?;
        return Some(first.plus(month as i32 - 1).start().plus(clock.seconds - clock.offset));
    }
    let Some(rest) = rest.strip_prefix(['-', '/', '.', ':']) else {
        return instant(year, month, 1, rest_clock(rest)?);
    };
    let (day, _, rest) = digits(rest, 2)?;
    instant(year, month, day, rest_clock(rest)?)
}

fn year_of(date: jiff::civil::Date) -> i64 {
    i64::from(date.year())
}

/// The clock behind an ISO date: nothing, or `T…`, or white space and a time.
fn rest_clock(rest: &str) -> Option<Clock> {
    let rest = rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, 'T' | 't' | ',' | '_'));
    if rest.is_empty() {
        return Some(Clock::default());
    }
    if let Some(offset) = zone(rest) {
        return Some(Clock { seconds: 0, offset });
    }
    clock(rest)
}

/// `14:05:00.123 +01:00`, `140500Z`, `2:05 PM EST`, `14.05`, `14h05`.
fn clock(text: &str) -> Option<Clock> {
    let (hour, count, mut rest) = digits(text, 2)?;
    let (mut minute, mut second) = (0, 0);
    let mut hour = hour;
    let separated =
        rest.starts_with([':', '.', 'h', 'H']) && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    if separated || (count == 2 && rest.bytes().next().is_some_and(|b| b.is_ascii_digit())) {
        let (value, _, tail) = digits(rest.strip_prefix([':', '.', 'h', 'H']).unwrap_or(rest), 2)?;
        minute = value;
        rest = tail;
        let colon = rest.starts_with([':', '.']) && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        if colon || rest.bytes().next().is_some_and(|b| b.is_ascii_digit()) {
            let (value, _, tail) = digits(rest.strip_prefix([':', '.']).unwrap_or(rest), 2)?;
            second = value;
            rest = tail;
        }
    }
    if let Some(fraction) = rest.strip_prefix(['.', ',']) {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    let mut rest = rest.trim_start();
    for (mark, afternoon) in [("am", false), ("pm", true), ("a.m.", false), ("p.m.", true)] {
        if let Some(head) = rest.get(..mark.len())
            && head.eq_ignore_ascii_case(mark)
        {
            hour = hour % 12 + if afternoon { 12 } else { 0 };
            rest = rest.get(mark.len()..)?.trim_start();
        }
    }
    // A leap second is the last one of its minute; 24:00 is the next day's midnight.
    if hour > 24 || minute > 59 || second > 61 || (hour == 24 && (minute, second) != (0, 0)) {
        return None;
    }
    let offset = if rest.is_empty() { 0 } else { zone(rest).unwrap_or(0) };
    Some(Clock { seconds: hour * 3600 + minute * 60 + second.min(59), offset })
}

/// Zones by name: hours east of Greenwich times 100 (`-350` is 3:30 west), and who uses them.
const ZONES: [(i64, &str); 23] = [
    (-1000, "hst"),
    (-900, "akst"),
    (-800, "pst pt akdt"),
    (-700, "mst mt pdt"),
    (-600, "cst ct mdt"),
    (-500, "est et cdt"),
    (-400, "ast edt"),
    (-350, "nst"),
    (-300, "adt brt art"),
    (-250, "ndt"),
    (0, "z ut utc gmt wet"),
    (100, "west bst cet mez met"),
    (200, "mest mesz cest eet sast"),
    (300, "eest msk"),
    (500, "pkt"),
    (550, "ist"),
    (800, "sgt hkt awst"),
    (900, "jst kst"),
    (950, "acst"),
    (1000, "aest"),
    (1100, "aedt"),
    (1200, "nzst"),
    (1300, "nzdt"),
];

/// Seconds east of Greenwich: `Z`, `+01:00`, `-0500`, `GMT+1`, `EST`, a military letter.
fn zone(text: &str) -> Option<i64> {
    let text = text.trim();
    let text = text.split_once('(').map_or(text, |(before, inside)| {
        let before = before.trim();
        if before.is_empty() { inside.trim_end_matches(')') } else { before }
    });
    let text = text.trim().trim_end_matches(['.', ',']);
    if let Some(sign) = text.bytes().next().filter(|b| matches!(b, b'+' | b'-')) {
        return numeric_zone(text.get(1..)?).map(|offset| if sign == b'-' { -offset } else { offset });
    }
    if let Some(rest) = text.strip_prefix('\u{2212}') {
        return numeric_zone(rest).map(|offset| -offset);
    }
    let word: String =
        text.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
    let rest = text.get(word.len()..)?.trim();
    if matches!(word.as_str(), "gmt" | "utc" | "z" | "ut") && rest.starts_with(['+', '-']) {
        return zone(rest);
    }
    if let Some((hundredths, _)) = ZONES.iter().find(|(_, names)| names.split(' ').any(|name| name == word)) {
        return Some(hundredths * 36);
    }
    match word.as_bytes() {
        // Military letters: A to M without J run east, N to Y west.
        [letter @ b'a'..=b'i'] => Some(i64::from(letter - b'a' + 1) * 3600),
        [letter @ b'k'..=b'm'] => Some(i64::from(letter - b'a') * 3600),
        [letter @ b'n'..=b'y'] => Some(-i64::from(letter - b'n' + 1) * 3600),
        _ => None,
    }
}

fn numeric_zone(text: &str) -> Option<i64> {
    let (hours, count, rest) = digits(text.trim_start(), 4)?;
    let (hours, minutes) = match count {
        1 | 2 => match rest.strip_prefix(':') {
            Some(rest) => (hours, digits(rest, 2)?.0),
            None => (hours, 0),
        },
        _ => (hours / 100, hours % 100),
    };
    (hours <= 24 && minutes < 60).then_some(hours * 3600 + minutes * 60)
}

/// Beginnings of month names from January on, in the languages of newsrooms. The first match counts.
const MONTHS: [&str; 12] = [
    "jan gen ene янв ιαν sty led oca tam січ",
    "feb fev fév фев φεβ lut úno şub лют hel",
    "mar mär mrz maa már мар μαρ μάρ bře бер",
    "apr avr abr ápr апр απρ kwi dub nis huh кві",
    "may mai mag mei maj máj мая май μαϊ μάι kvě tra",
    "juni jun giu juin jún июн ιουν ιούν cze haz kes",
    "jul lug juil júl июл ιουλ ιούλ lip tem hei",
    "aug ago aoû aou авг αυγ αύγ sie ağu elo",
    "sep set сен σεπ sze",
    "okt oct ott out окт οκτ",
    "nov ноя νοε lis kas",
    "dec dez déc dic дек δεκ gru pro ara jou",
];

fn month(word: &str) -> Option<i64> {
    let lower = word.to_lowercase();
    // Weekdays that begin like a month.
    if matches!(lower.as_str(), "mardi" | "martes" | "martedì" | "martedi") {
        return None;
    }
    let at = MONTHS.iter().position(|names| names.split(' ').any(|name| lower.starts_with(name)))?;
    Some(at as i64 + 1)
}

/// Everything written in words and separators, in whatever order.
fn words(raw: &str) -> Option<Timestamp> {
    let mut found = Words::default();
    let spaced: String = raw
        .chars()
        .map(|c| {
            if matches!(c, ',' | ';' | '\u{a0}' | '\u{202f}' | '年' | '月' | '日' | '년' | '월' | '일')
                || c.is_whitespace()
            {
                ' '
            } else {
                c
            }
        })
        .collect();
    let mut tokens = spaced.split(' ').filter(|token| !token.is_empty()).peekable();
    while let Some(token) = tokens.next() {
        found.take(token, tokens.peek().copied())?;
    }
    found.instant()
}

#[derive(Default)]
struct Words {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    /// Numbers whose part is not known yet: value and digits.
    loose: Vec<(i64, usize)>,
    clock: Option<Clock>,
    offset: Option<i64>,
    afternoon: Option<bool>,
}

impl Words {
    /// Takes one token; `None` where there is too much for a date.
    fn take(&mut self, token: &str, next: Option<&str>) -> Option<()> {
        let token = token.trim_matches(|c: char| matches!(c, '"' | '\''));
        let first = token.chars().next().unwrap_or(' ');
        if first.is_ascii_digit() {
            return self.number(token);
        }
        if matches!(first, '+' | '-' | '\u{2212}') {
            if let Some(offset) = zone(token) {
                self.offset.get_or_insert(offset);
            }
            return Some(());
        }
        let lower = token.trim_matches(|c: char| matches!(c, '.' | '(' | ')')).to_lowercase();
        match lower.as_str() {
            "am" | "a.m" | "오전" | "上午" => self.afternoon = Some(false),
            "pm" | "p.m" | "오후" | "下午" => self.afternoon = Some(true),
            "t" if next.is_some_and(|next| next.contains(':')) => {}
            _ => {
                let named =
                    if self.month.is_none() && !self.is_weekday(&lower) { month(&lower) } else { None };
                if let Some(month) = named {
                    self.month = Some(month);
                } else if (self.clock.is_some() || self.year.is_some()) && self.offset.is_none() {
                    self.offset = zone(token.trim_matches(|c: char| matches!(c, '(' | ')')));
                }
            }
        }
        Some(())
    }

    /// The first word before any number is a weekday where it is one in English, whatever month it
    /// begins like.
    fn is_weekday(&self, lower: &str) -> bool {
        const DAYS: [&str; 24] = [
            "mon",
            "tue",
            "wed",
            "thu",
            "fri",
            "sat",
            "sun",
            "lun",
            "mer",
            "jeu",
            "ven",
            "sam",
            "dim",
            "mardi",
            "mié",
            "jue",
            "vie",
            "sáb",
            "dom",
            "gio",
            "mercoledì",
            "marted",
            "martes",
            "sunday",
        ];
        self.loose.is_empty()
            && self.day.is_none()
            && DAYS.iter().any(|day| lower.starts_with(day))
            && !lower.starts_with("mars")
    }

    fn number(&mut self, token: &str) -> Option<()> {
        if token.contains(':') {
            // `2026:02:27` is a date in some cameras and shops; a clock has a colon after two digits.
            let mut clock = clock(token)?;
            if let Some(offset) = self.offset.take_if(|_| clock.offset == 0) {
                clock.offset = offset;
                self.offset = Some(offset);
            }
            self.clock = Some(clock);
            return Some(());
        }
        for separator in ['/', '.', '-'] {
            let parts: Vec<&str> = token.split(separator).filter(|part| !part.is_empty()).collect();
            if parts.len() == 3 {
                return self.three(&parts, separator);
            }
        }
        let number: String = token.chars().take_while(char::is_ascii_digit).collect();
        // `27th`, `2026.`
        self.loose.push((number.parse().ok()?, number.len()));
        (self.loose.len() <= 4).then_some(())
    }

    /// `27/02/2026`, `02/27/2026`, `27.02.26`, `27-Feb-2026`, `2026-2-27`.
    fn three(&mut self, parts: &[&str], separator: char) -> Option<()> {
        let [a, b, c] = parts else { return None };
        if let Some(named) = month(b).filter(|_| b.starts_with(char::is_alphabetic)) {
            self.month = Some(named);
            let (first, last) = if a.len() == 4 { (c, a) } else { (a, c) };
            self.day = Some(first.parse().ok()?);
            let (year, count, _) = digits(last, 4)?;
            self.year = Some(century(year, count));
            return Some(());
        }
        let (x, x_len, x_rest) = digits(a, 4)?;
        let (y, _, y_rest) = digits(b, 2)?;
        if !x_rest.is_empty() || !y_rest.is_empty() {
            return None;
        }
        let (z, z_len, tail) = digits(c, 4)?;
        if let Some(time) = tail.strip_prefix(['T', 't']) {
            self.clock = clock(time);
        }
        let (year, month, day) = if x_len == 4 {
            (x, y, z)
        } else if separator == '/' && x <= 12 {
            (century(z, z_len), x, y)
        } else if separator == '-' && z_len <= 2 && x_len == 2 {
            // `04-02-27`: ISO without its century.
            (century(x, 2), y, z)
        } else {
            (century(z, z_len), y, x)
        };
        // Where the order cannot be, the other one was meant; not with the year in front.
        let (month, day) = if month > 12 && day <= 12 && x_len != 4 { (day, month) } else { (month, day) };
        (self.year, self.month, self.day) = (Some(year), Some(month), Some(day));
        Some(())
    }

    fn instant(mut self) -> Option<Timestamp> {
        // A four-digit number is the year; of the others the first is the day, the next the year, and
        // three bare numbers are year, month and day.
        if self.year.is_none()
            && let Some(at) = self.loose.iter().position(|(value, count)| *count == 4 || *value > 31)
        {
            let (year, count) = self.loose.remove(at);
            self.year = Some(century(year, count));
            if at == 0 && self.month.is_none() && self.loose.len() >= 2 {
                self.month = Some(self.loose.remove(0).0);
            }
        }
        let mut loose = self.loose.into_iter();
        let day = self.day.or_else(|| loose.next().map(|(value, _)| value)).unwrap_or(1);
        let year = match self.year {
            Some(year) => year,
            None => loose.next().map(|(value, count)| century(value, count))?,
        };
        let mut clock = self.clock.unwrap_or_default();
        if let Some(offset) = self.offset {
            clock.offset = offset;
        }
        if let Some(afternoon) = self.afternoon
            && clock.seconds < 13 * 3600
        {
            clock.seconds = clock.seconds % (12 * 3600) + if afternoon { 12 * 3600 } else { 0 };
        }
        instant(year, self.month?, day, clock)
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn read(raw: &str) -> String {
        parse(raw).map_or_else(|| "no date".to_owned(), |date| date.to_string())
    }

    #[test]
    fn every_way_to_write_one_moment_is_read() {
        for raw in [
            "Fri, 27 Feb 2026 14:05:00 GMT",
            "Fri, 27 Feb 2026 09:05:00 EST",
            "Friday, 27-Feb-26 14:05:00 UTC",
            "27 Feb 26 14:05 Z",
            "Fri Feb 27 14:05:00 2026",
            "Fri Feb 27 14:05:00 UTC 2026",
            "February 27, 2026 2:05 PM",
            "Feb 27, 2026, 9:05 a.m. EST",
            "2026-02-27T14:05:00Z",
            "2026-02-27T15:05+01:00",
            "2026-02-27t14:05:00.123456z",
            "2026-02-27 14:05:00",
            "2026-02-27 14:05:00 +0000",
            "2026/02/27 14:05",
            "20260227T140500Z",
            "20260227140500",
            "2026-W09-5T14:05:00Z",
            "2026-058T14:05:00Z",
            "02/27/2026 14:05:00",
            "27/02/2026 14:05",
            "27.02.2026 14:05",
            "27. Februar 2026 14:05 Uhr",
            "ven. 27 février 2026 15:05:00 +0100",
            "viernes, 27 de febrero de 2026 14:05",
            "27 февраля 2026 14:05",
            "2026년 02월 27일 오후 2:05",
            "1772201100",
            "1772201100000",
        ] {
            assert_eq!(read(raw), "2026-02-27T14:05:00Z", "{raw}");
        }
    }

    #[test]
    fn dates_without_a_time_are_their_midnight() {
        for (raw, day) in [
            ("2026-02-27", "2026-02-27"),
            ("20260227", "2026-02-27"),
            ("2026-02", "2026-02-01"),
            ("Feb 27, 2026", "2026-02-27"),
            ("27 Feb 2026", "2026-02-27"),
            ("March 2026", "2026-03-01"),
        ] {
            assert_eq!(read(raw), format!("{day}T00:00:00Z"), "{raw}");
        }
    }

    #[test]
    fn the_edges_of_the_clock_hold() {
        assert_eq!(read("2026-02-27T24:00:00Z"), "2026-02-28T00:00:00Z");
        assert_eq!(read("2026-12-31T23:59:60Z"), "2026-12-31T23:59:59Z");
        assert_eq!(read("Wed, 31 Dec 2025 23:30:00 -0100"), "2026-01-01T00:30:00Z");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for raw in [
            "",
            "soon",
            "2026-02-30",
            "2026-13-01",
            "32 Feb 2026",
            "25:00",
            "0000-00-00T00:00:00Z",
            "+10000-01-01",
            "9999999-01-01",
        ] {
            assert_eq!(read(raw), "no date", "{raw}");
        }
        assert_eq!(read(&"9".repeat(200)), "no date");
    }
}

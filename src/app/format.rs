//! Figures as an investor reads them. `n/d` where nothing says: never 0.

use crate::domain::time::{Day, Timestamp};
pub use crate::ledger::model::quantity::Bounds;

/// Not disclosed.
pub const NOTHING: &str = "n/d";

/// Megawatts: `450 MW`, `2.0 GW`, `10 GW`.
pub fn mw(mw: i64) -> String {
    if mw.abs() < 1000 { format!("{mw} MW") } else { format!("{} GW", gw(mw)) }
}

/// Megawatts as a number of gigawatts: `0.45`, `2.0`, `26.5`.
pub fn gw(mw: i64) -> String {
    let gw = mw as f64 / 1000.0;
    if mw.abs() < 1000 && mw % 100 != 0 { format!("{gw:.2}") } else { format!("{gw:.1}") }
}

/// Millions of dollars: `$450M`, `$38B`, `$1.4T`.
pub fn usd(millions: i64) -> String {
    let (value, unit) = match millions.abs() {
        0..=999 => (millions as f64, "M"),
        1_000..=999_999 => (millions as f64 / 1_000.0, "B"),
        _ => (millions as f64 / 1_000_000.0, "T"),
    };
    // One decimal only where it says something.
    if value.abs() < 100.0 && (value * 10.0).round() as i64 % 10 != 0 {
        format!("${value:.1}{unit}")
    } else {
        format!("${value:.0}{unit}")
    }
}

/// Millions of dollars with their sign; less than half a million has none: `+$36M`, `-$858M`, `$0M`.
pub fn signed_usd(millions: f64) -> String {
    let rounded = millions.round() as i64;
    let sign = match rounded {
        0 => "",
        1.. => "+",
        _ => "-",
    };
    format!("{sign}{}", usd(rounded.abs()))
}

/// Permille with its tenth, where it has one: `81.5%`, `82%`. What is computed with is what is said.
pub fn tenths(permille: i64) -> String {
    if permille % 10 == 0 { format!("{}%", permille / 10) } else { format!("{:.1}%", permille as f64 / 10.0) }
}

/// Permille as a percentage: `82%`, `0.4%`.
pub fn percent(permille: i64) -> String {
    if permille.abs() < 10 && permille != 0 {
        format!("{:.1}%", permille as f64 / 10.0)
    } else {
        format!("{}%", (permille as f64 / 10.0).round() as i64)
    }
}

/// A share with its bounds: `82% [78–84]`; without them where they say nothing more.
pub fn share(bounds: Bounds) -> String {
    let whole = |permille: i64| (permille as f64 / 10.0).round() as i64;
    if whole(bounds.lo) == whole(bounds.hi) {
        percent(bounds.mid)
    } else {
        format!("{} [{}–{}]", percent(bounds.mid), whole(bounds.lo), whole(bounds.hi))
    }
}

/// A share, or `n/d`.
pub fn share_or(bounds: Option<Bounds>) -> String {
    bounds.map_or_else(|| NOTHING.to_owned(), share)
}

/// A probability in permille, half rounded up: `.96`, `1.0`. Everything that shows one uses this, so that
/// no two places differ in the last digit.
pub fn chance(permille: i32) -> String {
    if permille >= 995 { "1.0".to_owned() } else { format!(".{:02}", (permille.max(0) + 5) / 10) }
}

/// Milli-nats with their sign: `+6.00`, `-2.60`.
pub fn nats(milli: i32) -> String {
    format!("{:+.2}", f64::from(milli) / 1000.0)
}

/// A length of time in one unit: `now`, `22s`, `5m`, `3h`, `12d`, `3y`.
pub fn age(seconds: i64) -> String {
    match seconds {
        ..=4 => "now".to_owned(),
        5..=59 => format!("{seconds}s"),
        60..=3_599 => format!("{}m", seconds / 60),
        3_600..=86_399 => format!("{}h", seconds / 3_600),
        _ => days(seconds / 86_400),
    }
}

/// How long ago something was, on a screen that moves by the minute: `now`, `5m`, `3h`.
pub fn ago(seconds: i64) -> String {
    if seconds < 60 { "now".to_owned() } else { age(seconds) }
}

/// A number of days: `12d`, `3y`.
pub fn days(days: i64) -> String {
    if days < 1000 { format!("{days}d") } else { format!("{}y", days / 365) }
}

/// Days until a date: `in 42d`, `today`, `OVERDUE 12d`.
pub fn countdown(days: i32) -> String {
    match days {
        0 => "today".to_owned(),
        1.. => format!("in {}", self::days(days.into())),
        _ => format!("OVERDUE {}", self::days((-days).into())),
    }
}

/// How long ago a day was, seen from `as_of`: `today`, `12d`.
pub fn since(day: Day, as_of: Day) -> String {
    match as_of.since(day) {
        ..=0 => "today".to_owned(),
        ago => days(ago.into()),
    }
}

/// The time of day, `14:32Z`.
pub fn clock(at: Timestamp) -> String {
    let seconds = at.0.rem_euclid(86_400);
    format!("{:02}:{:02}Z", seconds / 3600, seconds / 60 % 60)
}

/// A length of time as typed: `45m`, `2h`, `3d`; in seconds.
pub fn parse_length(text: &str) -> Option<i64> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.split_at(split);
    let number: i64 = number.parse().ok()?;
    let unit = match unit {
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "w" => 604_800,
        _ => return None,
    };
    number.checked_mul(unit).filter(|length| (1..=366 * 86_400).contains(length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_as_they_are_spoken() {
        assert_eq!(
            [mw(450), mw(2000), mw(10_000), gw(452), gw(500), gw(26_500)],
            ["450 MW", "2.0 GW", "10.0 GW", "0.45", "0.5", "26.5"]
        );
        assert_eq!(
            [usd(450), usd(38_000), usd(1_400_000), usd(1_500), usd(138_000)],
            ["$450M", "$38B", "$1.4T", "$1.5B", "$138B"]
        );
        assert_eq!([percent(820), percent(4), percent(0)], ["82%", "0.4%", "0%"]);
        assert_eq!(share(Bounds::new(780, 820, 840)), "82% [78–84]");
        assert_eq!(share(Bounds::new(1000, 1000, 1000)), "100%");
        assert_eq!([chance(956), chance(1000), chance(4)], [".96", "1.0", ".00"]);
        assert_eq!([chance(955), chance(954), chance(994)], [".96", ".95", ".99"], "half goes up");
        assert_eq!(nats(-2600), "-2.60");
    }

    #[test]
    fn an_amount_that_is_won_or_lost_has_a_sign_and_nothing_has_none() {
        assert_eq!([-0.2, 36.2, -858.0].map(signed_usd), ["$0M", "+$36M", "-$858M"]);
    }

    #[test]
    fn times_keep_one_unit() {
        assert_eq!([age(3), age(59), age(60), age(7200), age(90_000)], ["now", "59s", "1m", "2h", "1d"]);
        assert_eq!([ago(3), ago(59), ago(60)], ["now", "now", "1m"]);
        assert_eq!([countdown(0), countdown(3), countdown(-12)], ["today", "in 3d", "OVERDUE 12d"]);
        assert_eq!(parse_length("3d"), Some(259_200));
        assert_eq!(parse_length("3"), None);
        assert_eq!(parse_length("0h"), None);
    }
}

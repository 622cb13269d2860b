//! Lengths of time and sizes as a configuration writes them.

use std::time::Duration;

/// Reads `1h30m` and the like: whole numbers, each with a unit of `s`, `m`, `h` or `d`.
pub fn parse_duration(text: &str) -> Option<Duration> {
    let mut seconds: u64 = 0;
    let mut number: Option<u64> = None;
    for c in text.trim().chars() {
        if let Some(digit) = c.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(u64::from(digit))?);
            continue;
        }
        let unit = match c {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            _ => return None,
        };
        seconds = seconds.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    let complete = number.is_none() && !text.trim().is_empty();
    complete.then(|| Duration::from_secs(seconds))
}

/// Writes a length of time as [`parse_duration`] reads it.
pub fn show_duration(length: Duration) -> String {
    let mut rest = length.as_secs();
    let mut text = String::new();
    for (unit, size) in [("d", 86_400), ("h", 3600), ("m", 60), ("s", 1)] {
        if rest >= size {
            text += &(rest / size).to_string();
            text += unit;
            rest %= size;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// Units of a size, largest first.
const UNITS: [(&str, u64); 4] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

/// Reads a whole number of `B`, `KiB`, `MiB` or `GiB`.
pub(super) fn parse_size(text: &str) -> Option<u64> {
    let (unit, factor) = UNITS.iter().find(|(unit, _)| text.ends_with(unit))?;
    text.strip_suffix(unit)?.trim().parse::<u64>().ok()?.checked_mul(*factor)
}

/// Writes a number of bytes as [`parse_size`] reads it.
pub(super) fn show_size(size: u64) -> String {
    let unit = UNITS.iter().find(|(_, factor)| size >= *factor && size.is_multiple_of(*factor));
    unit.map_or_else(|| format!("{size}B"), |(unit, factor)| format!("{}{unit}", size / factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_back_as_they_print() {
        for text in ["0s", "90s", "15m", "1h30m", "2d", "1d1h1m1s"] {
            let length = parse_duration(text).unwrap();
            assert_eq!(parse_duration(&show_duration(length)), Some(length), "{text}");
        }
        for text in ["", "5", "m", "5 m", "5x", "-5m", "99999999999999999999s"] {
            assert_eq!(parse_duration(text), None, "{text}");
        }
    }

    #[test]
    fn sizes_read_back_as_they_print() {
        for text in ["0B", "1500B", "512KiB", "16MiB", "1GiB"] {
            assert_eq!(show_size(parse_size(text).unwrap()), text);
        }
        for text in ["", "16", "16MB", "MiB", "-1B", "99999999999GiB"] {
            assert_eq!(parse_size(text), None, "{text}");
        }
    }
}

//! Dates and periods, each read at its last day: "second half of 2026", "H2 2026", "by end-2029",
//! "Q3 2026", "late 2026", "September 2026", "fiscal 2027".

use super::number::word_at;
use crate::domain::time::Day;

/// A period in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::tagger) struct Period {
    /// Its last day.
    pub due: Day,
    /// Range in the folded text.
    pub start: u32,
    /// End of the range.
    pub end: u32,
    /// The end of a term ("through 2030") rather than the date of a step.
    pub term: bool,
}

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Every period that names a year, in order.
pub(in crate::tagger) fn scan(text: &str, start: usize, end: usize) -> Vec<Period> {
    let mut found = Vec::new();
    let Some(text) = text.get(..end) else { return found };
    let bytes = text.as_bytes();
    let mut at = start;
    while at + 4 <= end {
        // Only years of this century's first half start the grammar; everything else is looked up around them.
        let year = bytes[at] == b'2'
            && bytes[at + 1] == b'0'
            && (at == 0 || !bytes[at - 1].is_ascii_alphanumeric())
            && word_at(text, at).len() == 4;
        if year && let Ok(year) = word_at(text, at).parse::<i16>() {
            let (due, from) = around(text, start, at, year);
            // `2027-28` and `2027 to early 2028` end with their second year.
            let due = short_range(text, at + 4, year).or(due);
            if let Some(due) = due {
                let before = text.get(..from).unwrap_or_default().trim_end();
                let term = ["through", "until", "till", "through to", "expires", "runs to"]
                    .iter()
                    .any(|word| before.ends_with(word));
                found.push(Period { due, start: from as u32, end: (at + 4) as u32, term });
            }
            at += 4;
        } else {
            at += 1;
        }
    }
    found
}

fn short_range(text: &str, at: usize, year: i16) -> Option<Day> {
    let rest = text.get(at..)?.strip_prefix('-')?;
    let digits = rest.get(..2).filter(|d| d.bytes().all(|b| b.is_ascii_digit()))?;
    let tail: i16 = digits.parse().ok()?;
    let full = year / 100 * 100 + tail;
    if full > year { Day::end_of_month(full, 12) } else { None }
}

/// The period that the words before a year make of it, and where it starts.
fn around(text: &str, floor: usize, at: usize, year: i16) -> (Option<Day>, usize) {
    let from = at.saturating_sub(28).max(floor);
    let head = (from..=at).find_map(|from| text.get(from..at)).unwrap_or_default();
    let head = head.trim_end_matches([' ', ',', '|', '-']);
    let ends =
        |words: &[&str]| words.iter().find(|word| head.ends_with(**word)).map(|word| head.len() - word.len());
    let offset = at - text.get(from..at).map_or(0, str::len).min(at);
    let place = |start: usize| offset + start;
    let quarters: [(&[&str], i8); 4] = [
        (&["q1", "first quarter of", "first quarter", "early", "1q"], 3),
        (
            &[
                "q2",
                "second quarter of",
                "h1",
                "first half of",
                "first half",
                "mid",
                "middle of",
                "1h",
                "2q",
                "by mid",
            ],
            6,
        ),
        (&["q3", "third quarter of", "3q", "autumn", "summer"], 9),
        (
            &[
                "q4",
                "fourth quarter of",
                "h2",
                "second half of",
                "second half",
                "late",
                "end of",
                "close of",
                "end",
                "2h",
                "4q",
            ],
            12,
        ),
    ];
    for (words, month) in quarters {
        if let Some(start) = ends(words) {
            return (Day::end_of_month(year, month), place(start));
        }
    }
    // A month, with or without a day of it: `September 2026`, `1 June 2026`, `June 30, 2026`.
    let words: Vec<&str> = head.rsplit(' ').take(2).collect();
    for word in &words {
        let month = MONTHS.iter().position(|month| word.starts_with(month) && word.len() <= 9);
        if let Some(month) = month.filter(|_| word.bytes().all(|b| b.is_ascii_alphabetic())) {
            let month = month as i8 + 1;
            let day = words[0].trim_end_matches(',').parse::<i8>().ok();
            let due = day
                .and_then(|day| Day::from_ymd(year, month, day))
                .or_else(|| Day::end_of_month(year, month));
            return (due, place(head.rfind(word).unwrap_or(0)));
        }
    }
    (Day::end_of_month(year, 12), at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vague_date_is_its_periods_last_day() {
        for (text, due) in [
            ("first racks in the second half of 2026", "2026-12-31"),
            ("in h2 2026", "2026-12-31"),
            ("complete by end 2029", "2029-12-31"),
            ("from q3 2026", "2026-09-30"),
            ("in september 2026", "2026-09-30"),
            ("on june 30, 2026", "2026-06-30"),
            ("by mid 2027", "2027-06-30"),
            ("scales in 2027-28", "2028-12-31"),
            ("in fiscal 2027", "2027-12-31"),
            ("early 2028", "2028-03-31"),
        ] {
            let found = scan(text, 0, text.len());
            assert_eq!(found.first().map(|period| period.due.to_string()).as_deref(), Some(due), "{text}");
        }
    }
}

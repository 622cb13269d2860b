//! Numbers as English (and, for scales, its neighbours) writes them: digits, words, scales.

use super::super::vocabulary::is_word;

/// A number read from a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Number {
    /// The value, scale included.
    pub value: f64,
    /// Whether a scale (`million`, `bn`) was written.
    pub scaled: bool,
    /// The scale, 1 where none was written.
    pub scale: f64,
    /// Offset after the number and its scale.
    pub end: usize,
    /// Written as a word (`one`, `a`).
    pub in_words: bool,
}

/// A word of letters and digits at `at`.
pub(super) fn word_at(text: &str, at: usize) -> &str {
    let bytes = text.as_bytes();
    let len = bytes.get(at..).unwrap_or_default().iter().take(32).take_while(|&&b| is_word(b)).count();
    text.get(at..at + len).unwrap_or_default()
}

/// Skips spaces.
pub(super) fn skip_spaces(text: &str, at: usize) -> usize {
    at + text.as_bytes().get(at..).unwrap_or_default().iter().take_while(|&&b| b == b' ').count()
}

/// The factor that a scale word stands for.
fn scale_of(word: &str) -> Option<f64> {
    Some(match word {
        "k" | "thousand" | "thousands" => 1e3,
        "m" | "mn" | "mm" | "mln" | "million" | "millions" | "milioni" | "millones" | "millionen" => 1e6,
        "b" | "bn" | "bln" | "billion" | "billions" | "miliardi" | "milliarden" | "milliards" => 1e9,
        "t" | "tn" | "trn" | "trillion" | "trillions" => 1e12,
        _ => return None,
    })
}

/// A small number in words.
fn small(word: &str) -> Option<f64> {
    const WORDS: [&str; 13] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
        "twelve",
    ];
    let at = WORDS.iter().position(|&small| small == word);
    at.map(|at| at as f64).or(match word {
        "fifteen" => Some(15.0),
        "twenty" => Some(20.0),
        "thirty" => Some(30.0),
        _ => None,
    })
}

/// Reads digits at `at`: `1,000`, `4.5`, `38`. At most 15 digits; gives the value and the end.
fn digits(text: &str, at: usize) -> Option<(f64, usize)> {
    let bytes = text.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let mut value = 0.0;
    let mut fraction = 0.0;
    let mut end = at;
    let mut count = 0;
    while let Some(&b) = bytes.get(end) {
        match b {
            b'0'..=b'9' => {
                count += 1;
                let d = f64::from(b - b'0');
                if fraction > 0.0 {
                    value += d * fraction;
                    fraction /= 10.0;
                } else {
                    value = value * 10.0 + d;
                }
            }
            b',' if fraction == 0.0
                && digit(end + 1)
                && digit(end + 2)
                && digit(end + 3)
                && !digit(end + 4) => {}
            b'.' if fraction == 0.0 && digit(end + 1) => fraction = 0.1,
            _ => break,
        }
        end += 1;
    }
    (count > 0 && count <= 15).then_some((value, end))
}

/// The number that starts at `at`, in digits or words, with its scale.
pub(super) fn number_at(text: &str, at: usize) -> Option<Number> {
    let (base, mut end, in_words) = if text.as_bytes().get(at)?.is_ascii_digit() {
        let (value, end) = digits(text, at)?;
        (value, end, false)
    } else {
        let word = word_at(text, at);
        match word {
            "a" | "an" => (1.0, at + word.len(), true),
            "half" => {
                let next = skip_spaces(text, at + 4);
                let article = word_at(text, next);
                if article != "a" && article != "an" {
                    return None;
                }
                (0.5, next + article.len(), true)
            }
            _ => (small(word)?, at + word.len(), true),
        }
    };
    // A scale stands right behind the digits (`38b`) or as the next word (`38 billion`).
    let glued = word_at(text, end);
    let (scale, after) = if glued.is_empty() {
        let next = skip_spaces(text, end);
        let word = word_at(text, next);
        // A lone letter apart from its digits is no scale (`10 m wide`, `2 k`).
        (
            scale_of(word).filter(|_| word.len() > 1 || !in_words && matches!(word, "b" | "m" | "t")),
            next + word.len(),
        )
    } else {
        (scale_of(glued), end + glued.len())
    };
    if let Some(scale) = scale {
        end = after;
        return Some(Number { value: round(base * scale), scaled: true, scale, end, in_words });
    }
    Some(Number { value: base, scaled: false, scale: 1.0, end, in_words })
}

/// Binary fractions of decimal figures leave dust (4.6 billion): round to a thousandth.
pub(super) fn round(value: f64) -> f64 {
    (value * 1000.0).round() / 1000.0
}

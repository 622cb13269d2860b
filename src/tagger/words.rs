//! Lexicon patterns: inflected forms of the words that an entry marks with `~`.

/// Every form of a lexicon entry, folded the way texts are.
pub(super) fn forms(entry: &str) -> Vec<String> {
    let entry = super::fold::Folded::new(entry).text;
    let mut forms = vec![String::new()];
    for word in entry.split(' ').filter(|word| !word.is_empty()) {
        let choices = match word.strip_suffix('~') {
            Some(stem) => inflect(stem),
            None => vec![word.to_owned()],
        };
        forms =
            forms
                .iter()
                .flat_map(|form| {
                    choices.iter().map(move |choice| {
                        if form.is_empty() { choice.clone() } else { format!("{form} {choice}") }
                    })
                })
                .collect();
    }
    forms
}

/// The stem and its third person, past and participle, by the regular rules of English spelling.
fn inflect(stem: &str) -> Vec<String> {
    let bytes = stem.as_bytes();
    let Some(&last) = bytes.last() else { return Vec::new() };
    let vowel = |b: u8| b"aeiou".contains(&b);
    let cut = |n: usize| stem.get(..stem.len() - n).unwrap_or(stem);
    let [s, ed, ing] = if last == b'e' {
        [format!("{stem}s"), format!("{stem}d"), format!("{}ing", cut(1))]
    } else if last == b'y' && bytes.len() > 1 && !vowel(bytes[bytes.len() - 2]) {
        [format!("{}ies", cut(1)), format!("{}ied", cut(1)), format!("{stem}ing")]
    } else if doubles(bytes) {
        let end = last as char;
        [format!("{stem}s"), format!("{stem}{end}ed"), format!("{stem}{end}ing")]
    } else {
        let s = if stem.ends_with("sh") || stem.ends_with("ch") || matches!(last, b's' | b'x' | b'z' | b'o') {
            format!("{stem}es")
        } else {
            format!("{stem}s")
        };
        [s, format!("{stem}ed"), format!("{stem}ing")]
    };
    // A cut stem (`mov`, `explor`) also reads with the vowel that it lost.
    let lost = (!vowel(last) && last != b'y').then(|| [format!("{stem}e"), format!("{stem}es")]);
    [stem.to_owned(), s, ed, ing].into_iter().chain(lost.into_iter().flatten()).collect()
}

/// A short stem of consonant, vowel, consonant doubles its end: plan, planned.
fn doubles(stem: &[u8]) -> bool {
    let vowel = |b: u8| b"aeiou".contains(&b);
    let [.., before, vowel_at, last] = stem else { return false };
    stem.len() <= 5
        && !vowel(*before)
        && vowel(*vowel_at)
        && !vowel(*last)
        && !b"wxy".contains(last)
        && stem.iter().filter(|&&b| vowel(b)).count() == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_verbs_inflect_as_english_spells_them() {
        for (stem, wanted) in [
            ("sign~", "signed"),
            ("plan~", "planned"),
            ("ship~", "shipping"),
            ("ready~", "readied"),
            ("scale~ back", "scaling back"),
            ("launch~", "launches"),
            ("explor~", "exploring"),
            ("explor~", "explore"),
            ("delay~", "delayed"),
        ] {
            assert!(forms(stem).contains(&wanted.to_owned()), "{stem} {wanted}: {:?}", forms(stem));
        }
    }
}

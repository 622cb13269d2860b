//! Whose filing an item is. A register such as EDGAR publishes everybody's: the filer speaks in the document,
//! and its name stands beside the form in the headline ("AMAZON COM INC 8-K", "8-K - AMAZON COM INC
//! (0001018724) (Filer)"), or on the document's first page.

use super::fold::Folded;
use super::vocabulary::{Thing, Vocabulary, is_word};
use crate::domain::item::Item;

/// Bytes of a document's first page.
const FIRST_PAGE: usize = 2_000;

/// Words that name a form, as they are folded.
const FORMS: [&str; 14] = [
    "8 k",
    "10 q",
    "10 k",
    "6 k",
    "20 f",
    "40 f",
    "s 1",
    "s 1/a",
    "s 4",
    "current report",
    "quarterly report",
    "annual report",
    "registration statement",
    "ex 99.1",
];

/// Words of a register's own name.
const REGISTERS: [&str; 5] = ["sec", "sec.gov", "www.sec.gov", "edgar", "securities and exchange commission"];

/// Words between a filer's name and its form that belong to the name or join the two.
const BESIDE: [&str; 33] = [
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "com",
    "company",
    "ltd",
    "limited",
    "plc",
    "llc",
    "lp",
    "pbc",
    "group",
    "holdings",
    "holding",
    "platforms",
    "systems",
    "de",
    "the",
    "cl",
    "class",
    "form",
    "on",
    "s",
    "filer",
    "filed",
    "files",
    "issuer",
    "by",
    "of",
    "subject",
    "cik",
];

/// A company where it stands in a text.
struct Named {
    start: usize,
    end: usize,
    company: u8,
}

/// The company that filed what an item of a register is, if the lexicon knows it.
pub(super) fn of(item: &Item, vocabulary: &Vocabulary) -> Option<u8> {
    let title = Folded::new(&item.title).text;
    let names = names(&title, vocabulary);
    let forms = forms(&title);
    let beside = names.iter().find(|name| forms.iter().any(|&form| is_beside(&title, name, form)));
    if let Some(name) = beside {
        return Some(name.company);
    }
    if !is_register(item) {
        return None;
    }
    // A register's headline that begins with a company and names no form.
    if let Some(first) = names.first().filter(|_| forms.is_empty())
        && first.start == 0
        && between(&title, first.end, title.len()).split([':', '|', '(']).next().is_some_and(only_beside)
    {
        return Some(first.company);
    }
    // A headline that names nobody: "8-K - Current report". The first page says whose it is.
    if !names.is_empty() {
        return None;
    }
    let text = item.text.as_ref()?;
    let page = text.char_indices().nth(FIRST_PAGE).map_or(text.as_str(), |(end, _)| text.split_at(end).0);
    let page = Folded::new(page).text;
    let registrant = page.find("(exact name of registrant").or_else(|| page.find("exact name of registrant"));
    let named = self::names(&page, vocabulary);
    if let Some(at) = registrant {
        let before = named.iter().rfind(|name| name.end <= at)?;
        return only_beside(between(&page, before.end, at)).then_some(before.company);
    }
    let forms = self::forms(&page);
    named.iter().find(|name| forms.iter().any(|&form| is_beside(&page, name, form))).map(|name| name.company)
}

/// Whether the outlet is a register of everybody's filings rather than a publisher of its own.
fn is_register(item: &Item) -> bool {
    let outlet = Folded::new(&item.outlet).text;
    let host = item.url.as_deref().and_then(|url| url.split('/').nth(2)).unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let named = |word: &str| REGISTERS.contains(&word);
    host == "sec.gov" || named(&outlet) || outlet.split([' ', ':', ',']).any(named)
}

fn names(text: &str, vocabulary: &Vocabulary) -> Vec<Named> {
    let mut names: Vec<Named> = Vec::new();
    vocabulary.hits(text, |hit| {
        let company = hit.entry.things.iter().find_map(|(thing, _)| match thing {
            Thing::Company(at, how) if how.is_name() => Some(*at),
            _ => None,
        });
        let Some(company) = company else { return };
        let (start, end) = (hit.start, hit.end);
        match names.last_mut() {
            // The longer of two names that begin together.
            Some(last) if last.start == start => last.end = last.end.max(end),
            Some(last) if start < last.end => {}
            _ => names.push(Named { start, end, company }),
        }
    });
    names
}

fn forms(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for form in FORMS {
        for (at, _) in text.match_indices(form) {
            let end = at + form.len();
            let whole = (at == 0 || !is_word(bytes[at - 1])) && bytes.get(end).is_none_or(|&b| !is_word(b));
            if whole {
                found.push((at, end));
            }
        }
    }
    found.sort_unstable();
    found
}

/// Whether a name and a form belong together. Behind a form a name alone would be what the filing is about
/// ("8-K: OpenAI agreement"): there a dash or a word must join the two and nothing else may follow.
fn is_beside(text: &str, name: &Named, (start, end): (usize, usize)) -> bool {
    if name.end <= start {
        return only_beside(between(text, name.end, start));
    }
    if name.start < end {
        return false;
    }
    let gap = between(text, end, name.start);
    let joined = gap.contains(['-', '|']) || gap.split(' ').any(|word| matches!(word, "by" | "of" | "filer"));
    let rest = between(text, name.end, text.len()).split(['\n', ';', '|']).next().unwrap_or_default();
    joined && only_beside(gap) && only_beside(rest)
}

/// Whether a gap holds nothing but what belongs to a name, numbers and punctuation.
fn only_beside(gap: &str) -> bool {
    gap.len() <= 80
        && gap
            .split(|c: char| !c.is_alphanumeric())
            .all(|word| BESIDE.contains(&word) || word.bytes().all(|b| b.is_ascii_digit()))
}

fn between(text: &str, start: usize, end: usize) -> &str {
    text.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_between_name_and_form_holds_what_belongs_to_the_name() {
        for gap in [" com inc ", ", inc. ", " corp (0001018724) - ", " - form ", "'s "] {
            assert!(only_beside(gap), "{gap}");
        }
        assert!(!only_beside(" signs with "));
    }
}

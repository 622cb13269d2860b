//! Who the informant of a live claim is, where a newsroom tells one thing in several stories.
//!
//! A newsroom's report reaches us from its own page, from those who quote it and from the catalog, each
//! under a story id of its own. For weighing it is one informant about a leg for a fortnight: the claim
//! of the catalog that told it first, else the newsroom and the fortnight.

use std::borrow::Cow;

use super::book::Entry;

/// Days for which a newsroom is one informant about a leg.
const FORTNIGHT: i32 = 14;

/// The informant of each entry, for weighing. Those of the catalog's own claims stand as they are. None
/// depends on what is published later, so a day's board stays as it was.
pub(super) fn informants(entries: &[Entry]) -> Vec<Cow<'_, str>> {
    let own: Vec<&Entry> = entries.iter().filter(|entry| !entry.live).collect();
    entries.iter().map(|entry| informant(entry, &own)).collect()
}

/// The informant of one entry; `own` are the catalog's.
fn informant<'a>(entry: &'a Entry, own: &[&'a Entry]) -> Cow<'a, str> {
    let origin = entry.claim.origin.as_str();
    // Whoever nobody names is the address: a page that two feeds list is one voice.
    if entry.live
        && origin.starts_with("unknown:")
        && let Some(url) = &entry.claim.source.url
    {
        return Cow::Owned(format!("unknown:{url}"));
    }
    let Some(newsroom) = newsroom(origin).filter(|_| entry.live) else { return Cow::Borrowed(origin) };
    let day = entry.claim.published;
    let told = own
        .iter()
        .filter(|other| (0..FORTNIGHT).contains(&day.since(other.claim.published)))
        .filter(|other| self::newsroom(&other.claim.origin) == Some(newsroom))
        .max_by_key(|other| (other.claim.published, other.claim.id.as_str()));
    match told {
        Some(told) => Cow::Borrowed(told.claim.origin.as_str()),
        None => Cow::Owned(format!("newsroom:{newsroom}:{}", day.0.div_euclid(FORTNIGHT))),
    }
}

/// The newsroom of `newsroom:<outlet>:<story>`.
fn newsroom(origin: &str) -> Option<&str> {
    Some(origin.strip_prefix("newsroom:")?.split(':').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::claim::Claim;

    fn entry(live: bool, published: &str, origin: &str) -> Entry {
        let claim: Claim = serde_json::from_value(serde_json::json!({
            "id": format!("{published}-{origin}"),
            "subject": { "leg": { "deal": "meta-google", "leg": "custom" } },
            "kind": "talks", "rung": "exploring", "modality": "asserted", "tier": "C",
            "origin": origin, "published": published, "known": published,
            "source": { "outlet": "O" }, "words": "W", "rule": "r",
        }))
        .unwrap();
        Entry { claim: Arc::new(claim), live }
    }

    #[test]
    fn a_report_read_live_is_the_catalogs_informant() {
        let entries = [
            entry(false, "2026-02-26", "newsroom:the-information:meta-tpu"),
            entry(true, "2026-02-26", "newsroom:the-information:1a"),
            entry(true, "2026-02-27", "newsroom:the-information:2b"),
            entry(true, "2026-02-27", "newsroom:bloomberg:3c"),
            entry(true, "2026-04-30", "newsroom:the-information:4d"),
        ];
        let read = informants(&entries);
        assert_eq!(read[1], "newsroom:the-information:meta-tpu");
        assert_eq!(read[2], read[1], "quoted elsewhere under another story");
        assert!(read[3].starts_with("newsroom:bloomberg:"), "another newsroom is another informant");
        assert_ne!(read[4], read[1], "months later it is news again");
    }

    #[test]
    fn what_comes_later_changes_nothing() {
        let early = entry(true, "2026-02-20", "newsroom:the-information:1a");
        let alone = informants(std::slice::from_ref(&early))[0].to_string();
        let later = [early, entry(false, "2026-02-26", "newsroom:the-information:meta-tpu")];
        assert_eq!(informants(&later)[0], alone);
    }

    #[test]
    fn parties_and_unknown_voices_stay_what_they_are() {
        for origin in ["party:aws+openai", "unknown:9f", "analyst:semianalysis"] {
            assert_eq!(informants(&[entry(true, "2026-02-20", origin)])[0], origin);
        }
    }
}

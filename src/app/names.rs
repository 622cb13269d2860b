//! Who said something, by names that a reader knows: never by the ids that claims are weighed by.

use super::State;
use super::deals;

/// What an origin says of its informant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin<'a> {
    /// Parties to the deal, their lexicon ids joined by `+`.
    Party(&'a str),
    /// A newsroom or an analyst, as a slug.
    Named(&'a str),
    /// Nobody that can be named.
    Unknown,
}

impl<'a> Origin<'a> {
    fn of(origin: &'a str) -> Self {
        match origin.split_once(':') {
            Some(("party", ids)) => Self::Party(ids),
            // The story behind the name only keeps one newsroom's reports apart.
            Some(("newsroom" | "analyst", rest)) => Self::Named(rest.split(':').next().unwrap_or(rest)),
            _ => Self::Unknown,
        }
    }
}

impl State {
    /// An informant as shown: `OpenAI + AWS`, `Reuters`, `unknown`.
    pub fn informant(&self, origin: &str) -> String {
        match Origin::of(origin) {
            Origin::Party(ids) => {
                let mut names: Vec<(bool, String)> =
                    ids.split('+').map(|id| (!self.is_buyer(id), self.party(id))).collect();
                // The buyer comes first, as in the deal's own name.
                names.sort_by_key(|(other, _)| *other);
                names.into_iter().map(|(_, name)| name).collect::<Vec<_>>().join(" + ")
            }
            Origin::Named(name) => self.outlet(name).unwrap_or_else(|| spelled(name)),
            Origin::Unknown => "unknown".to_owned(),
        }
    }

    fn is_buyer(&self, id: &str) -> bool {
        self.page.as_ref().is_some_and(|page| page.status.deal.buyer == id)
    }

    /// A company as the deals on the board name it.
    fn party(&self, id: &str) -> String {
        let deals = self.world.board.iter().flat_map(|board| &board.deals);
        let mut named = deals.filter_map(|deal| {
            let mut parties = deal.deal.name.split('–');
            let (buyer, provider) = (parties.next(), parties.next());
            let name = if deal.deal.buyer == id {
                buyer
            } else if deal.deal.provider == id {
                provider
            } else {
                None
            };
            name.map(|name| name.split(" (").next().unwrap_or(name).to_owned())
        });
        named.next().unwrap_or_else(|| deals::capital(id))
    }

    /// An outlet as it spells itself, if it is among the sources of the deal that is drilled into.
    fn outlet(&self, wanted: &str) -> Option<String> {
        let claims = self.page.iter().flat_map(|page| &page.claims);
        claims
            .map(|view| view.claim.source.outlet.as_str())
            .find(|outlet| slug(outlet) == wanted)
            .map(str::to_owned)
    }
}

/// A name in lower case, everything else as one hyphen.
fn slug(name: &str) -> String {
    let lower = name.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

/// A slug as a name: `the-information` is `The Information`, `cnbc` is `CNBC`.
fn spelled(slug: &str) -> String {
    if !slug.contains('-') {
        return deals::capital(slug);
    }
    let word = |word: &str| {
        let mut chars = word.chars();
        chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
    };
    slug.split('-').map(word).collect::<Vec<String>>().join(" ")
}

#[cfg(test)]
mod tests {
    use crate::app::fixture::Bench;

    #[test]
    fn an_informant_has_a_name_and_no_id() {
        let mut bench = Bench::new();
        bench.press("1");
        for (origin, name) in [
            ("party:aws+openai", "OpenAI + AWS"),
            ("party:anthropic+microsoft+nvidia", "Anthropic + Microsoft + Nvidia"),
            ("newsroom:reuters:5bf81561", "Reuters"),
            ("newsroom:the-information:1474", "The Information"),
            ("newsroom:cnbc:9", "CNBC"),
            ("unknown:5bf81561", "unknown"),
        ] {
            assert_eq!(bench.state.informant(origin), name);
        }
    }

    #[test]
    fn what_is_copied_and_searched_has_the_names_that_are_shown() {
        let mut bench = Bench::new();
        bench.press("1");
        let rows = bench.state.rows(crate::app::nav::List::Overview);
        assert!(rows.iter().any(|row| row.text.contains("OpenAI + AWS")));
        assert!(!rows.iter().any(|row| row.text.contains("party:") || row.text.contains("newsroom:")));
    }
}

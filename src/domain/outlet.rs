//! Who carries a text: outlets by host, and the tiers of sources.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// How far a source can be relied on (the letter of the Admiralty scale). `A` is best.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema, Deserialize,
)]
pub enum Tier {
    /// A filing, a party's own release, an earnings call.
    A,
    /// A named executive or spokesperson of a party elsewhere, a court or a regulator.
    B,
    /// A newsroom's own sourced reporting.
    C,
    /// Trade press, a named analyst.
    D,
    /// An aggregator, a blog, a rewrite, anything unknown.
    E,
}

impl Tier {
    /// From best to worst.
    pub const ALL: [Self; 5] = [Self::A, Self::B, Self::C, Self::D, Self::E];

    /// A party on record: tiers `A` and `B` of `model/MODEL.md` section 2.
    pub fn is_hard(self) -> bool {
        self <= Self::B
    }

    /// The letter.
    pub fn letter(self) -> char {
        match self {
            Self::A => 'A',
            Self::B => 'B',
            Self::C => 'C',
            Self::D => 'D',
            Self::E => 'E',
        }
    }

    /// The speaker's tier as this outlet can vouch for it: at most two better than the outlet's own,
    /// so that a blog quoting a release counts as `C` until the release itself is seen.
    #[must_use]
    pub fn capped_by(self, outlet: Self) -> Self {
        let floor = (outlet as usize).saturating_sub(2);
        Self::ALL[(self as usize).max(floor)]
    }
}

/// What is known of one outlet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outlet {
    /// The name shown, e.g. `Reuters`.
    pub name: String,
    /// The best tier that words of the outlet's own can have.
    pub tier: Tier,
    /// Whether linked pages on this host may be fetched for their text.
    pub fetch_text: bool,
}

/// Outlets by host. A host also stands for its subdomains, the longest match winning.
#[derive(Clone, Debug, Default)]
pub struct Outlets {
    by_host: HashMap<String, Outlet>,
}

impl Outlets {
    /// Builds the table from lower-case host names without `www.`.
    pub fn new(rows: impl IntoIterator<Item = (String, Outlet)>) -> Self {
        Self { by_host: rows.into_iter().collect() }
    }

    /// The outlet of a host, or of the nearest parent domain that is known.
    pub fn by_host(&self, host: &str) -> Option<&Outlet> {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        let mut rest = host.as_str();
        loop {
            if let Some(outlet) = self.by_host.get(rest) {
                return Some(outlet);
            }
            rest = rest.split_once('.')?.1;
        }
    }

    /// The outlet whose shown name is `name`, ignoring case.
    pub fn by_name(&self, name: &str) -> Option<&Outlet> {
        self.by_host.values().find(|outlet| outlet.name.eq_ignore_ascii_case(name.trim()))
    }

    /// Hosts and outlets, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Outlet)> {
        self.by_host.iter().map(|(host, outlet)| (host.as_str(), outlet))
    }
}

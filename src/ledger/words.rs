//! Sentences about a deal: what is proven, what would prove more, and the best word against it.

use std::collections::BTreeMap;

use super::board::LegView;
use super::book::DealBook;
use super::code::Code;
use super::model::evidence::{Evidence, Flag};
use super::model::headline::Headline;
use super::model::tables::{decay, half_life, modality_factor, tier_weight};
use crate::domain::claim::{Rung, Sign};
use crate::domain::deal::{Catalog, Deal, LegKind, Owner};
use crate::domain::text::DisplayText;
use crate::domain::time::Day;

/// The weightiest word against a conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contrary {
    /// The claim.
    pub claim: String,
    /// When it was published.
    pub published: Day,
    /// Whose word it is.
    pub code: Code,
    /// The words.
    pub words: DisplayText,
}

/// Shown names of programmes.
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    pub(super) fn of(catalog: &Catalog) -> Self {
        // "Trainium and Inferentia": the first name is the one that a sentence needs.
        let short = |name: &str| name.split(" and ").next().unwrap_or(name).to_owned();
        Self(catalog.programmes.iter().map(|p| (p.id.clone(), short(&p.name))).collect())
    }

    /// What fills a leg, as a sentence names it, and whether it takes a plural.
    fn silicon(&self, leg: &LegView, deal: &Deal) -> (String, bool) {
        if let Some(name) = leg.programme.as_ref().and_then(|id| self.0.get(id)) {
            return (name.clone(), false);
        }
        match (leg.kind, leg.owner) {
            (LegKind::Gpu, _) => ("GPUs".to_owned(), true),
            (_, Owner::Buyer) => (format!("{}'s own chips", buyer(deal)), true),
            _ => (format!("{} silicon", provider(deal)), false),
        }
    }
}

/// The buyer's name as the deal's name has it.
pub(super) fn buyer(deal: &Deal) -> &str {
    deal.name.split(['–', '—', '-']).next().unwrap_or(&deal.name).trim()
}

/// The provider's name as the deal's name has it.
pub(super) fn provider(deal: &Deal) -> &str {
    deal.name.split_once(['–', '—', '-']).map_or(deal.name.as_str(), |(_, rest)| rest.trim())
}

/// One sentence on what is proven, and one on the next proof.
pub(super) fn verdict(legs: &[LegView], deal: &Deal, names: &Names, headline: Headline) -> String {
    let find = |kind| legs.iter().find(|leg| leg.kind == kind);
    let Some(lead) = find(LegKind::Custom).or_else(|| find(LegKind::Other)) else {
        let gpu = find(LegKind::Gpu);
        return gpu.map_or_else(|| "No leg is tracked.".to_owned(), |gpu| gpu_verdict(gpu, deal, headline));
    };
    let (buyer, (silicon, many)) = (buyer(deal), names.silicon(lead, deal));
    let (is, binds, it) = if many { ("are", "bind", "them") } else { ("is", "binds", "it") };
    let status = &lead.status;
    if headline == Headline::Reverting {
        let now = status.rung.label();
        return format!(
            "{silicon} went back: a source's own words brought {it} down to {now}. Next proof: a commitment renewed, from a party."
        );
    }
    let mut text = match status.rung {
        Rung::None if status.faded => format!(
            "Talks about {silicon} ran out without a word from a party. Next proof: fresh talks or a signature."
        ),
        Rung::None if status.reported.is_some() => format!(
            "Use of {silicon} is reported, and no party has confirmed it. Next proof: a party's own word."
        ),
        Rung::None => format!(
            "Nothing shows that {buyer} takes up {silicon}. Next proof: talks that more than one newsroom has, or a party's word."
        ),
        Rung::Exploring => format!(
            "{buyer} looks at {silicon}; nothing is signed. Next proof: a commitment with a quantity or a date, from a party."
        ),
        Rung::Announced => format!(
            "{silicon} {is} announced and {binds} nobody. Next proof: a definitive agreement or an order, from a party."
        ),
        Rung::Contracted => format!(
            "No own {buyer} workload on {silicon} is proven. Next proof: racks live or a named production model, from a party."
        ),
        Rung::Piloting => format!(
            "A workload of {buyer}'s own runs on {silicon}, no capacity is accepted. Next proof: racks live, from a party."
        ),
        Rung::Deployed => format!(
            "{silicon} {is} installed for {buyer}; production on {it} is not proven. Next proof: a named production model, from a party."
        ),
        Rung::Serving => format!(
            "{buyer} serves production on {silicon}; how much is not proven. Next proof: a share or a quarter's figure, from a party."
        ),
        Rung::AtScale => {
            format!("{buyer} runs on {silicon} at scale. Next proof: the serving share, from a party.")
        }
    };
    for (flag, remark) in [
        (Flag::Unfunded, " Money for it is missing."),
        (Flag::Conditional, " It hangs on conditions."),
        (Flag::Lapsed, " An earlier intent has lapsed."),
        (Flag::Reduced, " It is less than was agreed."),
    ] {
        if status.flags.contains_key(&flag) {
            text.push_str(remark);
        }
    }
    text
}

fn gpu_verdict(gpu: &LegView, deal: &Deal, headline: Headline) -> String {
    let buyer = buyer(deal);
    let mut text = match gpu.status.rung {
        Rung::None => format!("Nothing firm is known of this GPU deal of {buyer}'s."),
        Rung::Exploring => format!("{buyer} talks about GPUs here; nothing is signed."),
        Rung::Announced => "GPUs are announced and bind nobody.".to_owned(),
        Rung::Contracted | Rung::Piloting => "GPUs are contracted; none is proven live.".to_owned(),
        Rung::Deployed | Rung::Serving | Rung::AtScale => "GPU capacity is live.".to_owned(),
    };
    if gpu.status.flags.contains_key(&Flag::Lapsed) {
        text.push_str(" The earlier intent has lapsed.");
    }
    if headline != Headline::Reverting {
        text.push_str(" No custom silicon is part of the deal.");
    }
    text
}

/// The weightiest visible word against the leg that the deal is judged by: against its rungs, or pressure.
/// What a party's newer word has overturned does not count, unless its flag still stands.
pub(super) fn contrary(book: &DealBook, lead: Option<&LegView>, day: Day) -> Option<Contrary> {
    let lead = lead?;
    let leg = book.legs.iter().find(|leg| leg.leg.kind == lead.kind)?;
    let stands = |e: &Evidence| lead.flags.iter().any(|flag| flag.claim == e.id);
    let overturned = |e: &Evidence| {
        // A commitment confirmed is no money found: what holds a flag open is not overturned with it.
        if stands(e) {
            return false;
        }
        let mut newer = leg.evidence().iter().filter(|j| j.is_novel(day) && j.published > e.published);
        e.rung() > 0
            && newer.any(|j| j.is_hard() && j.has_weight() && j.sign == Sign::For && j.covers(e.rung()))
    };
    let against = leg.evidence().iter().filter(|e| e.is_novel(day) && e.sign == Sign::Against);
    let weighed = against.filter(|e| !overturned(e)).map(|e| {
        let weight = tier_weight(e.tier) * modality_factor(e.modality) / 1000;
        (decay(weight, day.since(e.published), half_life(e.tier).clamp(30, 180)), e.published, e)
    });
    let (weight, _, best) = weighed.max_by(|a, b| (a.0, a.1, &a.2.id).cmp(&(b.0, b.1, &b.2.id)))?;
    if weight == 0 {
        return None;
    }
    let entry = leg.entry(best)?;
    Some(Contrary {
        claim: best.id.clone(),
        published: best.published,
        code: Code::of_claim(best.tier, best.modality),
        words: entry.claim.words.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::domain::claim::Modality;
    use crate::domain::outlet::Tier;
    use crate::ledger::Ledger;

    /// The verdict on a deal when a party says that its custom leg has come to `rung`.
    fn said(slug: &str, rung: Rung) -> String {
        let catalog = Config::load(None).unwrap().catalog;
        let template = catalog.deal(slug).unwrap().claims.iter().find(|claim| claim.tier == Tier::A).unwrap();
        let mut claim = template.clone();
        (claim.id, claim.rung, claim.modality) = ("said".to_owned(), rung, Modality::Asserted);
        let day = claim.published;
        let board = Ledger::without_history(&catalog, vec![claim]).board(day);
        board.deals.iter().find(|deal| deal.deal.slug.as_str() == slug).unwrap().verdict.clone()
    }

    #[test]
    fn chips_are_many_and_a_programme_is_one() {
        assert!(
            said("openai-broadcom", Rung::Deployed)
                .starts_with("OpenAI's own chips are installed for OpenAI; production on them")
        );
        assert!(
            said("openai-broadcom", Rung::Announced)
                .starts_with("OpenAI's own chips are announced and bind nobody.")
        );
        assert!(
            said("anthropic-aws", Rung::Deployed)
                .starts_with("Trainium is installed for Anthropic; production on it")
        );
    }
}

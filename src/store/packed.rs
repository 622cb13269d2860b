//! Claims in short: the same claim as its JSON says, in a tenth of the time to read.
//!
//! A board of a past day reads every claim there is. The numbers below are written into stores: a new kind
//! gets a new number, and none is ever given to another. A row of another version is read from its JSON.

use crate::domain::claim::{
    Claim, ClaimKind, Fact, Modality, Op, Rung, Sign, Slot, Source, Subject, Workload,
};
use crate::domain::deal::{DealSlug, LegKind};
use crate::domain::outlet::Tier;
use crate::domain::text::{DisplayText, TEXT_BYTES};
use crate::domain::time::{Day, Timestamp};

/// Leads every row; another one means another form.
const VERSION: u8 = 1;

/// A closed list with the number that each of it has in a row.
trait Numbered: Copy + Sized + 'static {
    const ALL: &'static [(Self, u8)];

    /// Its number.
    fn number(self) -> u8;

    /// What has a number.
    fn numbered(number: u8) -> Option<Self> {
        let known = Self::ALL.get(usize::from(number)).filter(|(_, own)| *own == number);
        known.or_else(|| Self::ALL.iter().find(|(_, own)| *own == number)).map(|(value, _)| *value)
    }
}

macro_rules! numbered {
    ($name:ident: $($value:ident = $number:literal,)*) => {
        impl Numbered for $name {
            const ALL: &'static [(Self, u8)] = &[$((Self::$value, $number)),*];

            fn number(self) -> u8 {
                match self {
                    $(Self::$value => $number,)*
                }
            }
        }
    };
}

numbered!(ClaimKind:
    Announced = 0,
    ContractSigned = 1,
    Expanded = 2,
    Amended = 3,
    ContractReaffirmed = 4,
    FirstCapacity = 5,
    Production = 6,
    Pilot = 7,
    Talks = 8,
    Schedule = 9,
    Delayed = 10,
    Quantity = 11,
    Filing = 12,
    NotCustom = 13,
    NotYet = 14,
    Cancelled = 15,
    Terminated = 16,
    MigratedAway = 17,
    ScaledToZero = 18,
    FinancingSnag = 19,
    Funded = 20,
    Conditional = 21,
    ConditionMet = 22,
    VendorFinanced = 23,
    SelfFinanced = 24,
    Reduced = 25,
    Restored = 26,
    Lapsed = 27,
    Renewed = 28,
    Legal = 29,
    Competitive = 30,
    Price = 31,
    Supply = 32,
    Analysis = 33,
);

numbered!(Rung:
    None = 0,
    Exploring = 1,
    Announced = 2,
    Contracted = 3,
    Piloting = 4,
    Deployed = 5,
    Serving = 6,
    AtScale = 7,
);

numbered!(Sign:
    For = 0,
    Against = 1,
);

numbered!(Modality:
    Asserted = 0,
    Hedged = 1,
    Speculative = 2,
    Denied = 3,
    Scheduled = 4,
    Hypothetical = 5,
    Opinion = 6,
);

numbered!(Workload:
    Own = 0,
    Resold = 1,
    Lab = 2,
);

numbered!(Slot:
    MwContracted = 0,
    MwHeadline = 1,
    MwDeployed = 2,
    UsdContracted = 3,
    UsdIncrement = 4,
    UsdEquity = 5,
    UsdFinancing = 6,
    UsdOther = 7,
    Chips = 8,
    ServingShare = 9,
    Years = 10,
);

numbered!(Op:
    Set = 0,
    Add = 1,
);

numbered!(Tier:
    A = 0,
    B = 1,
    C = 2,
    D = 3,
    E = 4,
);

numbered!(LegKind:
    Gpu = 0,
    Custom = 1,
    Other = 2,
);

/// Writes a claim in short.
pub(super) fn pack(claim: &Claim) -> Vec<u8> {
    let mut row = Row(Vec::with_capacity(512));
    row.byte(VERSION);
    match &claim.subject {
        Subject::Leg { deal, leg } => {
            row.byte(leg.number());
            row.text(deal.as_str());
        }
        Subject::Programme(id) => {
            row.byte(PROGRAMME);
            row.text(id);
        }
    }
    for number in [
        claim.kind.number(),
        claim.rung.number(),
        claim.sign.number(),
        claim.modality.number(),
        claim.workload.number(),
        claim.tier.number(),
        claim.carrier.map_or(NONE, Numbered::number),
        u8::from(claim.recap),
    ] {
        row.byte(number);
    }
    row.number(i64::from(claim.published.0));
    row.number(i64::from(claim.known.0));
    row.maybe(claim.due.map(|due| i64::from(due.0)));
    row.maybe(claim.source.at.map(|at| at.0));
    row.maybe(claim.source.seen.map(|seen| seen.0));
    for text in [&claim.id, &claim.origin, &claim.story, &claim.rule] {
        row.text(text);
    }
    for text in [&claim.source.outlet, &claim.source.title, &claim.words] {
        row.text(text);
    }
    for text in [&claim.source.url, &claim.milestone] {
        row.maybe(text.as_ref().map(|_| 0));
        row.text(text.as_deref().unwrap_or_default());
    }
    row.number(claim.facts.len() as i64);
    for fact in &claim.facts {
        row.byte(fact.slot.number());
        row.byte(fact.op.number());
        for number in [fact.lo, fact.mid, fact.hi] {
            row.number(number);
        }
        row.maybe(fact.years.map(i64::from));
        row.maybe(fact.derived.as_ref().map(|_| 0));
        row.text(fact.derived.as_deref().unwrap_or_default());
    }
    row.number(claim.spans.len() as i64);
    for &(from, to) in &claim.spans {
        row.number(i64::from(from));
        row.number(i64::from(to));
    }
    row.0
}

/// Reads a claim back; `None` where the row is of another version, or damaged.
pub(super) fn unpack(row: &[u8], withdrawn: Option<Day>) -> Option<Claim> {
    let mut row = Reader(row);
    if row.byte()? != VERSION {
        return None;
    }
    let about = row.byte()?;
    let name = row.text()?.to_owned();
    let subject = if about == PROGRAMME {
        Subject::Programme(name)
    } else {
        Subject::Leg { deal: DealSlug(name), leg: LegKind::numbered(about)? }
    };
    let kind = row.one_of()?;
    let rung = row.one_of()?;
    let sign = row.one_of()?;
    let modality = row.one_of()?;
    let workload = row.one_of()?;
    let tier = row.one_of()?;
    let carrier = match row.byte()? {
        NONE => None,
        number => Some(Tier::numbered(number)?),
    };
    let recap = row.byte()? != 0;
    let published = row.day()?;
    let known = row.day()?;
    let due = match row.maybe()? {
        None => None,
        Some(due) => Some(Day(i32::try_from(due).ok()?)),
    };
    let at = row.maybe()?.map(Timestamp);
    let seen = row.maybe()?.map(Timestamp);
    let [id, origin, story, rule] = [row.text()?, row.text()?, row.text()?, row.text()?].map(str::to_owned);
    let [outlet, title, words] =
        [row.text()?, row.text()?, row.text()?].map(|text| DisplayText::block(text, TEXT_BYTES));
    let mut optional = || {
        let there = row.maybe()?;
        let text = row.text()?;
        Some(there.map(|_| text.to_owned()))
    };
    let (url, milestone) = (optional()?, optional()?);
    let facts = (0..row.number()?)
        .map(|_| {
            let (slot, op) = (row.one_of()?, row.one_of()?);
            let [lo, mid, hi] = [row.number()?, row.number()?, row.number()?];
            let years = match row.maybe()? {
                None => None,
                Some(years) => Some(u16::try_from(years).ok()?),
            };
            let derived = row.maybe()?;
            let text = row.text()?;
            Some(Fact { slot, lo, mid, hi, op, years, derived: derived.map(|_| text.to_owned()) })
        })
        .collect::<Option<Vec<Fact>>>()?;
    let count = row.number()?;
    let spans = (0..count)
        .map(|_| Some((u32::try_from(row.number()?).ok()?, u32::try_from(row.number()?).ok()?)))
        .collect::<Option<Vec<_>>>()?;
    Some(Claim {
        id,
        subject,
        kind,
        rung,
        sign,
        modality,
        tier,
        origin,
        published,
        known,
        withdrawn,
        story,
        carrier,
        recap,
        workload,
        milestone,
        due,
        facts,
        source: Source { outlet, url, title, at, seen },
        words,
        spans,
        rule,
    })
}

/// In place of a leg: the claim is about a programme.
const PROGRAMME: u8 = 254;
/// In place of a number: there is none.
const NONE: u8 = 255;

/// A row in the making. Numbers are zigzag-coded in seven bits a byte: most of them are small.
struct Row(Vec<u8>);

impl Row {
    fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    fn number(&mut self, number: i64) {
        let mut left = ((number << 1) ^ (number >> 63)) as u64;
        while left >= 0x80 {
            self.0.push(left as u8 | 0x80);
            left >>= 7;
        }
        self.0.push(left as u8);
    }

    fn maybe(&mut self, number: Option<i64>) {
        self.byte(u8::from(number.is_some()));
        if let Some(number) = number {
            self.number(number);
        }
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as i64);
        self.0.extend_from_slice(text.as_bytes());
    }
}

/// What is left of a row.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn number(&mut self) -> Option<i64> {
        let mut sum = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            sum |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some((sum >> 1) as i64 ^ -((sum & 1) as i64));
            }
        }
        None
    }

    fn maybe(&mut self) -> Option<Option<i64>> {
        if self.byte()? == 0 { Some(None) } else { self.number().map(Some) }
    }

    fn day(&mut self) -> Option<Day> {
        i32::try_from(self.number()?).ok().map(Day)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    fn one_of<T: Numbered>(&mut self) -> Option<T> {
        T::numbered(self.byte()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Vec<Claim> {
        let plain: Claim = serde_json::from_value(serde_json::json!({
            "id": "9f/openai-aws/custom/commit/0",
            "subject": { "leg": { "deal": "openai-aws", "leg": "custom" } },
            "kind": "contract_signed", "rung": "contracted", "modality": "asserted", "tier": "A",
            "origin": "party:aws+openai", "published": "2026-02-27", "known": "2026-02-28",
            "source": { "outlet": "Amazon" }, "words": "„2 GW“ – of Trainium", "rule": "r",
        }))
        .unwrap();
        let full = Claim {
            subject: Subject::Programme("trainium".to_owned()),
            sign: Sign::Against,
            carrier: Some(Tier::E),
            recap: true,
            milestone: Some(String::new()),
            due: Some(Day(-3)),
            facts: vec![Fact {
                slot: Slot::UsdIncrement,
                lo: i64::MIN,
                mid: -1,
                hi: i64::MAX,
                op: Op::Add,
                years: Some(8),
                derived: Some("rent".to_owned()),
            }],
            source: Source {
                url: Some("https://e.example/1".to_owned()),
                at: Some(Timestamp(1_780_000_000)),
                ..plain.source.clone()
            },
            spans: vec![(0, 4), (300, 70_000)],
            ..plain.clone()
        };
        vec![plain, full]
    }

    #[test]
    fn a_packed_claim_comes_back_as_it_was() {
        for claim in claims() {
            for withdrawn in [None, Some(Day(7))] {
                let expected = Claim { withdrawn, ..claim.clone() };
                assert_eq!(unpack(&pack(&claim), withdrawn), Some(expected));
            }
        }
    }

    #[test]
    fn every_number_is_of_one_value() {
        fn check<T: Numbered + PartialEq + std::fmt::Debug>() {
            for &(value, number) in T::ALL {
                assert_eq!((T::numbered(number), value.number()), (Some(value), number));
            }
        }
        check::<ClaimKind>();
        check::<Rung>();
        check::<Sign>();
        check::<Modality>();
        check::<Workload>();
        check::<Slot>();
        check::<Op>();
        check::<Tier>();
        check::<LegKind>();
    }

    #[test]
    fn a_damaged_row_is_no_claim_and_no_panic() {
        for claim in claims() {
            let row = pack(&claim);
            for cut in 0..row.len() {
                assert_eq!(unpack(&row[..cut], None), None, "cut at {cut}");
                let mut bent = row.clone();
                bent[cut] ^= 0x55;
                // Whatever it says, it ends.
                drop(unpack(&bent, None));
            }
        }
    }
}

//! The query language over deals: `buyer:openai stage<3 gw>=5 status:proving new:yes`.
//!
//! Terms are joined by "and". A term is a field, a comparison and a value; `-` in front turns it round; a
//! bare word is looked for in the deal's names, parties and tickers; commas separate alternatives.

use std::cmp::Ordering;
use std::fmt;

use super::world::DealStatus;
use crate::domain::claim::Rung;

/// A checked query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    terms: Vec<Term>,
    /// As typed.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq)]
struct Term {
    field: Field,
    test: Test,
    value: Value,
    negated: bool,
}

/// What can be asked of a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Any name.
    Any,
    /// The buyer.
    Buyer,
    /// The provider or vendor.
    Vendor,
    /// Hosting or silicon.
    Class,
    /// The headline word.
    Status,
    /// A flag: unfunded, resold, contested, …
    Flag,
    /// A ticker.
    Ticker,
    /// A programme or silicon line.
    Chip,
    /// The rung of the leg that the deal is judged by, by number or label.
    Stage,
    /// Size in GW.
    Gw,
    /// Size in billions of dollars.
    Usd,
    /// Custom share of contracted capacity, percent.
    Share,
    /// Conversion gap, percent points.
    Gap,
    /// Days to the next milestone.
    Due,
    /// Something new: yes or no, or how much.
    New,
    /// Days since the last claim.
    Age,
    /// Pinned by the user: yes or no.
    Pinned,
}

impl Field {
    /// Every field with its name and what it is.
    pub const ALL: [(Self, &'static str, &'static str); 16] = [
        (Self::Buyer, "buyer", "who buys: openai, anthropic, meta"),
        (Self::Vendor, "vendor", "who provides or sells: aws, nvidia, broadcom"),
        (Self::Class, "class", "hosting or silicon"),
        (Self::Status, "status", "the deal's word: proving, on-paper, gpu-live"),
        (Self::Flag, "flag", "unfunded, resold, lab, lapsed, contested, overdue, stale"),
        (Self::Ticker, "ticker", "a listed company: AMZN"),
        (Self::Chip, "chip", "a silicon line: trainium, tpu, nvidia-gpu"),
        (Self::Stage, "stage", "rung of the leg judged by, 0 to 7 or its label: stage<3, stage>=contracted"),
        (Self::Gw, "gw", "size in GW: gw>=5"),
        (Self::Usd, "usd", "size in billions of dollars: usd>=100"),
        (Self::Share, "share", "custom share of contracted, percent: share>50"),
        (Self::Gap, "gap", "conversion gap, points: gap>=50"),
        (Self::Due, "due", "days to the next milestone; negative is overdue: due<90"),
        (Self::New, "new", "yes, no, or how many: new>=2"),
        (Self::Age, "age", "days since the last claim: age<7"),
        (Self::Pinned, "pinned", "yes or no"),
    ];

    fn named(name: &str) -> Option<Self> {
        let name = match name {
            "seller" | "provider" => "vendor",
            "rung" => "stage",
            "silicon" | "programme" => "chip",
            "size" => "gw",
            name => name,
        };
        Self::ALL.into_iter().find(|(_, known, _)| *known == name).map(|(field, ..)| field)
    }

    fn is_number(self) -> bool {
        use Field::{Age, Due, Gap, Gw, New, Share, Stage, Usd};
        matches!(self, Stage | Gw | Usd | Share | Gap | Due | New | Age)
    }
}

/// The values that a deal has in a field that is asked for by words: what `FIELD:` is completed with.
pub fn values(field: &str, deal: &DealStatus) -> Vec<String> {
    let dashed = |text: &str| text.to_lowercase().replace(' ', "-");
    match Field::named(field) {
        Some(Field::Buyer) => vec![deal.deal.buyer.clone()],
        Some(Field::Vendor) => vec![deal.deal.provider.clone()],
        Some(Field::Class) => vec![super::deals::class_word(deal.deal.class).to_owned()],
        Some(Field::Status) => vec![dashed(deal.headline.word())],
        Some(Field::Flag) => super::deals::marks(deal).iter().map(|mark| dashed(mark)).collect(),
        Some(Field::Ticker) => deal.deal.tickers.iter().map(|ticker| ticker.symbol.clone()).collect(),
        Some(Field::Chip) => deal.deal.legs.iter().flat_map(|leg| leg.silicon.iter().cloned()).collect(),
        Some(Field::Stage) => Rung::ALL.iter().map(|rung| rung.label().to_lowercase()).collect(),
        Some(Field::New | Field::Pinned) => vec!["yes".to_owned(), "no".to_owned()],
        _ => Vec::new(),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Is,
    Less,
    AtMost,
    More,
    AtLeast,
}

#[derive(Clone, Debug, PartialEq)]
enum Value {
    Words(Vec<String>),
    Number(f64),
}

/// What is wrong with a query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFilter {
    /// No such field.
    #[error("no field `{name}`{}", .near.map_or_else(|| format!("; fields: {}", Field::ALL.map(|(_, name, _)| name).join(" ")), |near| format!(", did you mean `{near}`?")))]
    Field {
        /// As typed.
        name: String,
        /// The nearest field.
        near: Option<&'static str>,
    },
    /// A number was expected.
    #[error("`{0}` needs a number, not `{1}`")]
    Number(String, String),
    /// `<` and `>` compare numbers.
    #[error("`{0}` is no number: use `{0}:VALUE`")]
    Order(String),
    /// Nothing behind the comparison.
    #[error("`{0}` needs a value")]
    Empty(String),
}

impl Filter {
    /// Reads a query; an empty one fits every deal.
    pub fn parse(text: &str) -> Result<Self, BadFilter> {
        let terms = text.split_whitespace().map(term).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { terms, text: text.split_whitespace().collect::<Vec<_>>().join(" ") })
    }

    /// Whether nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a deal fits. `new` is how much is new on it, `pinned` whether the user pinned it.
    pub fn fits(&self, deal: &DealStatus, as_of: crate::domain::time::Day, new: usize, pinned: bool) -> bool {
        self.terms.iter().all(|term| {
            let facts = Facts { deal, as_of, new, pinned };
            facts.fits(term) != term.negated
        })
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

fn term(text: &str) -> Result<Term, BadFilter> {
    let (negated, text) = match text.strip_prefix('-') {
        Some(rest) if !rest.is_empty() && !rest.starts_with(|c: char| c.is_ascii_digit()) => (true, rest),
        _ => (false, text),
    };
    let Some(at) = text.find([':', '<', '>', '=']) else {
        return Ok(Term { field: Field::Any, test: Test::Is, value: words(text), negated });
    };
    let (name, rest) = text.split_at(at);
    let name = name.to_lowercase();
    let (test, value) = [
        ("<=", Test::AtMost),
        (">=", Test::AtLeast),
        (":<", Test::Less),
        (":>", Test::More),
        ("<", Test::Less),
        (">", Test::More),
        (":", Test::Is),
        ("=", Test::Is),
    ]
    .into_iter()
    .find_map(|(sign, test)| rest.strip_prefix(sign).map(|value| (test, value)))
    .unwrap_or((Test::Is, rest));
    let field = Field::named(&name).ok_or_else(|| BadFilter::Field {
        near: Field::ALL
            .into_iter()
            .map(|(_, known, _)| known)
            .filter(|known| strsim::damerau_levenshtein(known, &name) <= 2)
            .min_by_key(|known| strsim::damerau_levenshtein(known, &name)),
        name: name.clone(),
    })?;
    if value.is_empty() {
        return Err(BadFilter::Empty(name));
    }
    let value = match number(field, value) {
        Some(number) => Value::Number(number),
        None if field == Field::New && test == Test::Is => words(value),
        None if field.is_number() => return Err(BadFilter::Number(name, value.to_owned())),
        None if test != Test::Is => return Err(BadFilter::Order(name)),
        None => words(value),
    };
    Ok(Term { field, test, value, negated })
}

fn words(text: &str) -> Value {
    Value::Words(text.split(',').filter(|word| !word.is_empty()).map(fold).collect())
}

/// Lower case, with what may stand between two words taken out: `On Paper`, `on-paper` and `onpaper` agree.
fn fold(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn number(field: Field, text: &str) -> Option<f64> {
    if !field.is_number() {
        return None;
    }
    if field == Field::Stage
        && let Some(rung) = Rung::ALL.into_iter().find(|rung| fold(rung.label()) == fold(text))
    {
        return Some(rung.index() as f64);
    }
    let text = text.trim_end_matches(['%', 'd']).to_lowercase();
    let text = text.trim_end_matches("gw").trim_start_matches('$').trim_end_matches('b');
    text.parse::<f64>().ok().filter(|number| number.is_finite())
}

struct Facts<'a> {
    deal: &'a DealStatus,
    as_of: crate::domain::time::Day,
    new: usize,
    pinned: bool,
}

impl Facts<'_> {
    fn fits(&self, term: &Term) -> bool {
        match &term.value {
            Value::Number(wanted) => self.number(term.field).is_some_and(|known| {
                let order = known.partial_cmp(wanted).unwrap_or(Ordering::Equal);
                match term.test {
                    Test::Is => order == Ordering::Equal,
                    Test::Less => order == Ordering::Less,
                    Test::AtMost => order != Ordering::Greater,
                    Test::More => order == Ordering::Greater,
                    Test::AtLeast => order != Ordering::Less,
                }
            }),
            Value::Words(wanted) => {
                let known = self.words(term.field);
                wanted.iter().any(|wanted| known.iter().any(|known| matches(term.field, known, wanted)))
            }
        }
    }

    fn number(&self, field: Field) -> Option<f64> {
        let deal = self.deal;
        match field {
            Field::Stage => deal.lead().map(|leg| leg.status.rung.index() as f64),
            Field::Gw => super::deals::size_mw(deal).map(|mw| mw as f64 / 1000.0),
            Field::Usd => super::deals::size_usd(deal).map(|usd| usd as f64 / 1000.0),
            Field::Share => deal.contracted.map(|share| share.mid as f64 / 10.0),
            Field::Gap => deal.gap.permille.map(|gap| gap as f64 / 10.0),
            Field::Due => deal.next_milestone.as_ref().map(|next| f64::from(next.days)),
            Field::New => Some(self.new as f64),
            Field::Age => deal.last_claim.map(|last| f64::from(self.as_of.since(last))),
            _ => None,
        }
    }

    fn words(&self, field: Field) -> Vec<String> {
        let deal = self.deal;
        let info = &deal.deal;
        let yes = |yes: bool| vec![if yes { "yes" } else { "no" }.to_owned()];
        match field {
            Field::Any => [info.name.as_str(), info.slug.as_str(), &info.buyer, &info.provider]
                .into_iter()
                .chain(info.aliases.iter().map(String::as_str))
                .chain(info.parties.iter().map(String::as_str))
                .chain(info.tickers.iter().map(|ticker| ticker.symbol.as_str()))
                .chain([deal.headline.word()])
                .map(fold)
                .collect(),
            Field::Buyer => vec![fold(&info.buyer)],
            Field::Vendor => vec![fold(&info.provider)],
            Field::Class => vec![fold(super::deals::class_word(info.class))],
            Field::Status => vec![fold(deal.headline.word())],
            Field::Flag => super::deals::marks(deal).into_iter().map(|mark| fold(&mark)).collect(),
            Field::Ticker => info.tickers.iter().map(|ticker| fold(&ticker.symbol)).collect(),
            Field::Chip => info
                .legs
                .iter()
                .flat_map(|leg| leg.silicon.iter().chain(&leg.programme))
                .map(|chip| fold(chip))
                .collect(),
            Field::New => yes(self.new > 0),
            Field::Pinned => yes(self.pinned),
            _ => Vec::new(),
        }
    }
}

fn matches(field: Field, known: &str, wanted: &str) -> bool {
    match field {
        Field::Any => known.contains(wanted),
        Field::New | Field::Pinned => known.starts_with(wanted),
        _ => known.starts_with(wanted) || known == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::ledger::Ledger;
    use proptest::prelude::*;

    fn fitting(query: &str) -> Vec<String> {
        let filter = Filter::parse(query).unwrap();
        let day = "2026-03-01".parse().unwrap();
        let board = Ledger::new(&Config::load(None).unwrap().catalog, Vec::new()).board(day);
        let fits = |deal: &&DealStatus| filter.fits(deal, day, deal.new, false);
        board.deals.iter().filter(fits).map(|deal| deal.deal.slug.0.clone()).collect()
    }

    #[test]
    fn terms_are_joined_and_turned_round() {
        let all = fitting("");
        let openai = fitting("buyer:openai");
        assert!(openai.len() < all.len() && openai.iter().all(|slug| slug.starts_with("openai-")));
        let others = fitting("-buyer:openai");
        assert_eq!(openai.len() + others.len(), all.len());
        assert_eq!(fitting("buyer:openai vendor:aws,amd"), ["openai-aws", "openai-amd"]);
        assert_eq!(
            fitting("buyer:openai stage<3").len() + fitting("buyer:openai stage>=contracted").len(),
            openai.len()
        );
    }

    #[test]
    fn a_bare_word_is_looked_for_in_every_name() {
        assert!(fitting("AMZN").contains(&"openai-aws".to_owned()));
        assert!(fitting("broadcom").contains(&"openai-broadcom".to_owned()));
    }

    #[test]
    fn what_is_wrong_is_said_with_what_could_be_meant() {
        assert_eq!(
            Filter::parse("byuer:openai").unwrap_err().to_string(),
            "no field `byuer`, did you mean `buyer`?"
        );
        assert!(Filter::parse("gw>=many").unwrap_err().to_string().contains("needs a number"));
        assert!(Filter::parse("buyer>3").unwrap_err().to_string().contains("buyer:VALUE"));
        assert!(Filter::parse("buyer:").unwrap_err().to_string().contains("needs a value"));
    }

    proptest! {
        #[test]
        fn no_query_panics_and_a_good_one_reads_back(text in "[a-z:<>=,\\-0-9 ]{0,40}") {
            if let Ok(filter) = Filter::parse(&text) {
                prop_assert_eq!(Filter::parse(&filter.text), Ok(filter));
            }
        }
    }
}

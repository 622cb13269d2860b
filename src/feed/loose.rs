//! JSON read leniently and in bounded memory: whatever a member should have been, what it can mean is
//! taken, and what nobody asks for is skipped without being built.

use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// The most members kept of an inner list or object.
const MAX_INNER: usize = 64;

/// How deep inner values are kept; what lies deeper is skipped.
const MAX_INNER_DEPTH: usize = 4;

/// A JSON value of the kind that entries are described with.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Loose {
    #[default]
    Null,
    /// Strings, and numbers and booleans as they are written.
    Text(String),
    List(Vec<Loose>),
    Members(Vec<(String, Loose)>),
}

impl Loose {
    /// The text of it: a string or number, or the first one in a list.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::List(list) => list.iter().find_map(Self::text),
            Self::Null | Self::Members(_) => None,
        }
    }

    /// A member by name; the last of equal names, as JavaScript has it.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Members(members) => {
                members.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
            }
            Self::Null | Self::Text(_) | Self::List(_) => None,
        }
    }

    /// The text of a member.
    pub(super) fn text_of(&self, name: &str) -> Option<&str> {
        self.member(name)?.text()
    }

    /// The texts in a list, or the one text that stands in its place.
    pub(super) fn texts(&self) -> Vec<&str> {
        match self {
            Self::List(list) => list.iter().filter_map(Self::text).collect(),
            Self::Text(text) => vec![text],
            Self::Null | Self::Members(_) => Vec::new(),
        }
    }
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor(MAX_INNER_DEPTH))
    }
}

struct LooseVisitor(usize);

impl<'de> serde::de::DeserializeSeed<'de> for LooseVisitor {
    type Value = Loose;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Loose, D::Error> {
        if self.0 == 0 {
            return IgnoredAny::deserialize(deserializer).map(|_| Loose::Null);
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Loose, E> {
        Ok(Loose::Text(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Loose, E> {
        Ok(Loose::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Loose, E> {
        Ok(Loose::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Loose, E> {
        Ok(Loose::Text(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Loose, E> {
        Ok(Loose::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Loose, E> {
        Ok(Loose::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Loose, A::Error> {
        let mut list = Vec::new();
        while list.len() < MAX_INNER {
            match seq.next_element_seed(LooseVisitor(self.0 - 1))? {
                Some(value) => list.push(value),
                None => return Ok(Loose::List(list)),
            }
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Loose::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose, A::Error> {
        let mut members: Vec<(String, Loose)> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if members.len() < MAX_INNER {
                members.push((key, map.next_value_seed(LooseVisitor(self.0 - 1))?));
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Loose::Members(members))
    }
}

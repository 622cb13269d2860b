//! Reads TOML value by value, so that every problem of a file is found in one run.
//!
//! Serde stops at its first error. Here a table is opened with the list of its keys, which reports the
//! unknown ones; each value then says what it expected where it is something else, and the reading goes
//! on without it.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::de::value::StrDeserializer;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::diagnostic::{Sink, SourceFile, one_of, suggestion};
use super::units::{parse_duration, parse_size, show_duration, show_size};
use crate::domain::time::Day;

/// One key of a table: what it takes and what it is for. Drives strict reading and `docs/config.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// What it takes, e.g. `date`, `list of ids`.
    pub takes: &'static str,
    /// Whether the table needs it.
    pub required: bool,
    /// What it is for, in one line.
    pub about: &'static str,
}

impl Field {
    /// A key that may be left out.
    pub(super) const fn new(key: &'static str, takes: &'static str, about: &'static str) -> Self {
        Self { key, takes, required: false, about }
    }

    /// A key that the table needs.
    pub(super) const fn required(key: &'static str, takes: &'static str, about: &'static str) -> Self {
        Self { key, takes, required: true, about }
    }
}

/// A parsed file: its table, and where problems go.
pub(super) struct Document<'a> {
    file: &'a Arc<SourceFile>,
    root: Spanned<DeTable<'a>>,
    /// Whether its syntax is wrong somewhere: keys may then stand in the wrong table.
    broken: bool,
    sink: &'a Sink,
}

impl<'a> Document<'a> {
    /// Parses the file. What the parser can recover from is read all the same, so that one slip of
    /// syntax does not hide the other problems.
    pub(super) fn parse(file: &'a Arc<SourceFile>, sink: &'a Sink) -> Self {
        let (root, errors) = DeTable::parse_recoverable(&file.text);
        let broken = !errors.is_empty();
        let mut last_line = 0;
        for error in errors {
            let span = error.span().unwrap_or(0..0);
            let (line, _) = file.position(span.start);
            // What follows a slip on its line follows from it.
            if line != last_line {
                sink.error(file, span, error.message().trim().replace('\n', "; "), None);
            }
            last_line = line;
        }
        Self { file, root, broken, sink }
    }

    /// The file's top level, with its keys.
    pub(super) fn table<'s>(&'s self, fields: &[Field]) -> Table<'s> {
        let table = self.any();
        if !self.broken {
            table.check(fields);
        }
        table
    }

    /// The file's top level, whatever its keys.
    pub(super) fn any(&self) -> Table<'_> {
        Table {
            file: self.file,
            sink: self.sink,
            span: self.root.span(),
            what: Name::key("the file"),
            entries: self.root.get_ref(),
        }
    }
}

/// What a value or table is called in messages: its key, in the brackets that it is written in.
#[derive(Clone, Copy)]
pub(super) struct Name<'a>(&'static str, &'a str, &'static str);

impl<'a> Name<'a> {
    fn key(key: &'a str) -> Self {
        Self("", key, "")
    }

    /// `[key]`.
    pub(super) fn section(key: &'a str) -> Self {
        Self("[", key, "]")
    }

    /// `[[key]]`.
    pub(super) fn row(key: &'a str) -> Self {
        Self("[[", key, "]]")
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", self.0, self.1, self.2)
    }
}

/// An open table.
#[derive(Clone)]
pub(super) struct Table<'a> {
    file: &'a Arc<SourceFile>,
    sink: &'a Sink,
    span: Range<usize>,
    what: Name<'a>,
    entries: &'a DeTable<'a>,
}

impl<'a> Table<'a> {
    /// Reports keys that are not among `fields`, and required ones that are absent.
    pub(super) fn check(&self, fields: &[Field]) {
        for key in self.entries.keys() {
            let written = key.get_ref().as_ref();
            if !fields.iter().any(|field| field.key == written) {
                let names: Vec<&str> = fields.iter().map(|field| field.key).collect();
                let message = format!("unknown key `{written}` in {}", self.what);
                self.sink.error(self.file, key.span(), message, Some(suggestion(written, &names)));
            }
        }
        for field in fields.iter().filter(|field| field.required) {
            if !self.entries.keys().any(|key| key.get_ref() == field.key) {
                let help = format!("add `{} = …` ({}: {})", field.key, field.takes, field.about);
                self.sink.error(
                    self.file,
                    self.header(),
                    format!("`{}` is missing in {}", field.key, self.what),
                    Some(help),
                );
            }
        }
    }

    /// Where to point for the table as a whole: its header, or the top of the file.
    pub(super) fn header(&self) -> Range<usize> {
        let start = self.span.start.min(self.file.text.len());
        let text = self.file.text.get(start..).unwrap_or("");
        let line = text.lines().next().map_or(0, str::len);
        start..(start + line).min(self.span.end.max(start))
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<Value<'a>> {
        let (key, value) = self.entries.iter().find(|(name, _)| name.get_ref().as_ref() == key)?;
        Some(Value {
            file: self.file,
            sink: self.sink,
            span: value.span(),
            what: Name::key(key.get_ref()),
            inner: value.get_ref(),
        })
    }

    /// Every entry: the key, where it stands, and its value.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, Range<usize>, Value<'a>)> + use<'a> {
        let (file, sink) = (self.file, self.sink);
        self.entries.iter().map(move |(key, value)| {
            let name: &'a str = key.get_ref().as_ref();
            let what = Name::key(name);
            (name, key.span(), Value { file, sink, span: value.span(), what, inner: value.get_ref() })
        })
    }

    /// The tables of an array of tables, opened with their keys; empty where the key is absent.
    pub(super) fn tables(&self, key: &'a str, fields: &[Field]) -> Vec<Table<'a>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        value.list().into_iter().filter_map(|row| row.named(Name::row(key)).table(fields)).collect()
    }

    /// The sub-table of a key, opened with its keys.
    pub(super) fn sub(&self, key: &'a str, fields: &[Field]) -> Option<Table<'a>> {
        self.get(key)?.named(Name::section(key)).table(fields)
    }

    /// Text of a key; empty where it is absent or wrong, which has then been reported.
    pub(super) fn text(&self, key: &str) -> String {
        self.get(key).and_then(|value| value.text()).unwrap_or_default().to_owned()
    }

    /// List of texts of a key; empty where it is absent.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        let Some(value) = self.get(key) else { return Vec::new() };
        value.list().iter().filter_map(|item| item.text().map(str::to_owned)).collect()
    }

    /// The file's name as shown.
    pub(super) fn file_name(&self) -> String {
        self.file.name.clone()
    }

    /// Line and column of a byte of the file, from 1.
    pub(super) fn position(&self, offset: usize) -> (usize, usize) {
        self.file.position(offset)
    }

    /// Notes a warning at the table's header.
    pub(super) fn warn(&self, message: impl Into<String>, help: Option<String>) {
        self.sink.warn(self.file, self.header(), message, help);
    }

    /// Notes an error at a place of the file.
    pub(super) fn error_at(&self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.sink.error(self.file, span, message, help);
    }

    /// Notes an error at the table's header.
    pub(super) fn error(&self, message: impl Into<String>, help: Option<String>) {
        self.sink.error(self.file, self.header(), message, help);
    }
}

/// One value, with its place.
#[derive(Clone)]
pub(super) struct Value<'a> {
    file: &'a Arc<SourceFile>,
    sink: &'a Sink,
    span: Range<usize>,
    what: Name<'a>,
    inner: &'a DeValue<'a>,
}

impl<'a> Value<'a> {
    /// The value under another name in messages.
    pub(super) fn named(mut self, what: Name<'a>) -> Self {
        self.what = what;
        self
    }

    /// Where it stands.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Notes an error at the value.
    pub(super) fn error(&self, message: impl Into<String>, help: Option<String>) {
        self.sink.error(self.file, self.span(), message, help);
    }

    /// Notes a warning at the value.
    pub(super) fn warn(&self, message: impl Into<String>, help: Option<String>) {
        self.sink.warn(self.file, self.span(), message, help);
    }

    /// Reports that the value is not what was expected.
    pub(super) fn expected(&self, expected: &str) {
        self.error(format!("bad value of `{}`", self.what), Some(format!("expected {expected}")));
    }

    fn wrong_type(&self, expected: &str) {
        let found = match self.inner {
            DeValue::String(_) => "text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.error(format!("`{}` is {found}", self.what), Some(format!("expected {expected}")));
    }

    /// Text.
    pub(super) fn text(&self) -> Option<&'a str> {
        let text = self.inner.as_str();
        if text.is_none() {
            self.wrong_type("text in quotes");
        }
        text
    }

    /// Whether it is text, so that a value of several forms can be told apart.
    pub(super) fn is_text(&self) -> bool {
        self.inner.is_str()
    }

    /// Whether it is a list.
    pub(super) fn is_list(&self) -> bool {
        self.inner.is_array()
    }

    /// Whether it is a table.
    pub(super) fn is_table(&self) -> bool {
        self.inner.is_table()
    }

    /// Text that is not blank.
    pub(super) fn name(&self) -> Option<&'a str> {
        let text = self.text()?;
        if text.trim().is_empty() {
            self.expected("text that is not blank");
            return None;
        }
        Some(text)
    }

    /// `true` or `false`.
    pub(super) fn boolean(&self) -> Option<bool> {
        let boolean = self.inner.as_bool();
        if boolean.is_none() {
            self.wrong_type("`true` or `false`");
        }
        boolean
    }

    /// A whole number in a range, ends included.
    pub(super) fn integer(&self, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
        let Some(integer) = self.inner.as_integer() else {
            self.wrong_type("a whole number");
            return None;
        };
        match i64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(number) if range.contains(&number) => Some(number),
            _ => {
                self.expected(&format!("a whole number from {} to {}", range.start(), range.end()));
                None
            }
        }
    }

    /// A finite number, whole or not.
    pub(super) fn number(&self) -> Option<f64> {
        let text = match self.inner {
            DeValue::Float(float) => float.as_str(),
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str(),
            _ => {
                self.wrong_type("a number");
                return None;
            }
        };
        let number = text.parse().ok().filter(|number: &f64| number.is_finite());
        if number.is_none() {
            self.expected("a finite number");
        }
        number
    }

    /// A number of bytes such as `512KiB` or `16MiB`, within a range.
    pub(super) fn size(&self, range: std::ops::RangeInclusive<u64>) -> Option<u64> {
        let text = self.text()?;
        match parse_size(text) {
            Some(size) if range.contains(&size) => Some(size),
            _ => {
                let (least, most) = (show_size(*range.start()), show_size(*range.end()));
                self.expected(&format!("a size such as `512KiB` or `16MiB`, from {least} to {most}"));
                None
            }
        }
    }

    /// Whether the value stands in an embedded file.
    pub(super) fn is_built_in(&self) -> bool {
        self.file.built_in
    }

    /// A date, bare or in quotes.
    pub(super) fn day(&self) -> Option<Day> {
        let text = match self.inner {
            DeValue::String(text) => text.to_string(),
            DeValue::Datetime(date) if date.date.is_some() => date.to_string(),
            // A date that does not exist: the parser has said so.
            DeValue::Datetime(date) if date.time.is_none() => return None,
            _ => {
                self.wrong_type("a date, `YYYY-MM-DD`");
                return None;
            }
        };
        let day = text.parse().ok();
        if day.is_none() {
            self.expected("a date that exists, `YYYY-MM-DD`");
        }
        day
    }

    /// A length of time such as `90s`, `15m`, `6h`, `2d` or `1h30m`, within a range.
    pub(super) fn duration(&self, range: std::ops::RangeInclusive<Duration>) -> Option<Duration> {
        let text = self.text()?;
        match parse_duration(text) {
            Some(length) if range.contains(&length) => Some(length),
            _ => {
                self.expected(&format!(
                    "a length of time such as `90s`, `15m`, `6h` or `2d`, from {} to {}",
                    show_duration(*range.start()),
                    show_duration(*range.end())
                ));
                None
            }
        }
    }

    /// One word of a closed set, as serde reads it; what the set holds comes from the type itself.
    pub(super) fn word<T: DeserializeOwned>(&self) -> Option<T> {
        let text = self.text()?;
        match word_of(text) {
            Ok(word) => Some(word),
            Err(names) => {
                let message = format!("`{text}` is no value of `{}`", self.what);
                self.error(message, Some(suggestion(text, names)));
                None
            }
        }
    }

    /// One of some names.
    pub(super) fn among(&self, what: &str, names: &[&str]) -> Option<&'a str> {
        let text = self.text()?;
        if names.contains(&text) {
            return Some(text);
        }
        self.error(format!("`{text}` is no {what}"), Some(suggestion(text, names)));
        None
    }

    /// An http or https address with a host.
    pub(super) fn http_url(&self) -> Option<url::Url> {
        let text = self.text()?;
        let help = match url::Url::parse(text) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => return Some(url),
            Ok(url) => format!("expected an http or https address, not `{}:`", url.scheme()),
            Err(url::ParseError::RelativeUrlWithoutBase) => {
                "expected an http or https address, beginning with `https://`".to_owned()
            }
            Err(error) => format!("expected an http or https address ({error})"),
        };
        self.error(format!("`{text}` is no usable address"), Some(help));
        None
    }

    /// The items of a list.
    pub(super) fn list(&self) -> Vec<Value<'a>> {
        let DeValue::Array(items) = self.inner else {
            self.wrong_type("a list, `[…]`");
            return Vec::new();
        };
        let item = |value: &'a Spanned<DeValue<'a>>| Value {
            file: self.file,
            sink: self.sink,
            span: value.span(),
            what: self.what,
            inner: value.get_ref(),
        };
        items.iter().map(item).collect()
    }

    /// A table with its keys.
    pub(super) fn table(&self, fields: &[Field]) -> Option<Table<'a>> {
        let table = self.any_table()?;
        table.check(fields);
        Some(table)
    }

    /// A table, whatever its keys.
    pub(super) fn any_table(&self) -> Option<Table<'a>> {
        let DeValue::Table(entries) = self.inner else {
            self.wrong_type("a table");
            return None;
        };
        let (file, sink) = (self.file, self.sink);
        Some(Table { file, sink, span: self.span(), what: self.what, entries })
    }
}

/// One word of a closed set, as serde reads it, or else the words of the set.
pub(super) fn word_of<T: DeserializeOwned>(text: &str) -> Result<T, &'static [&'static str]> {
    T::deserialize(StrDeserializer::<WordError>::new(text)).map_err(|WordError(names)| names)
}

/// The names that a serde enum knows, taken from its refusal of one that it does not.
#[derive(Debug)]
struct WordError(&'static [&'static str]);

impl fmt::Display for WordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&one_of(self.0))
    }
}

impl std::error::Error for WordError {}

impl serde::de::Error for WordError {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self(&[])
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self(expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::claim::ClaimKind;

    fn read(text: &str, with: impl FnOnce(Table<'_>)) -> Vec<String> {
        let file = Arc::new(SourceFile { name: "x.toml".into(), text: text.into(), built_in: false });
        let sink = Sink::default();
        let document = Document::parse(&file, &sink);
        with(document.any());
        drop(document);
        sink.finish()
            .problems
            .iter()
            .map(|p| format!("{} [{}]", p.message, p.help.as_deref().unwrap_or("")))
            .collect()
    }

    #[test]
    fn a_wrong_word_is_answered_with_the_nearest_right_one() {
        let problems = read("kind = \"contract_signd\"", |table| {
            assert_eq!(table.get("kind").unwrap().word::<ClaimKind>(), None);
        });
        assert_eq!(problems, ["`contract_signd` is no value of `kind` [did you mean `contract_signed`?]"]);
    }

    #[test]
    fn one_slip_of_syntax_does_not_hide_the_other_problems() {
        let problems = read("a = = 1\nb = \"x\"\n", |table| {
            assert_eq!(table.get("b").unwrap().integer(0..=5), None);
        });
        assert_eq!(problems.len(), 2, "{problems:?}");
    }

    #[test]
    fn every_unknown_key_is_reported() {
        let problems = read("nmae = 1\nzzzzzz = 2", |table| {
            table.check(&[Field::required("name", "text", "as shown")]);
        });
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems.iter().any(|p| p.contains("did you mean `name`")));
    }
}

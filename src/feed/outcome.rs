//! What reading a document came to: the repairs made, or why nothing could be read.

use std::fmt;

use serde::Serialize;

/// Something that was wrong with a document and was put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Repair {
    /// The encoding that the document or the server named is not the one it is written in.
    WrongEncoding,
    /// Bytes that are no text in the document's encoding were read as Windows-1252 or replaced.
    InvalidBytes,
    /// Characters that XML forbids were dropped.
    ForbiddenCharacters,
    /// Output of a server script or other text stood before the feed.
    JunkBeforeRoot,
    /// `&` that starts no reference was taken literally.
    BareAmpersand,
    /// References to entities that nothing defines, or to characters that do not exist.
    UndefinedEntity,
    /// `<` that starts no tag was taken literally, or an unfinished tag dropped.
    StrayMarkup,
    /// The root element's name or version was put right.
    RootElement,
    /// The namespace is unknown or misspelt and was read as the nearest one known.
    Namespace,
    /// Tags that do not match were read as well as they can be.
    MismatchedTags,
    /// The document ends early; what was whole before has been kept.
    CutShort,
    /// The feed parser refused the document; entries were salvaged one by one.
    Salvaged,
    /// The feed parser panicked on the document; entries were salvaged one by one.
    ParserPanic,
    /// The feed parser lost entries without saying so.
    LostEntries,
    /// Titles that the feed parser lost or cut.
    Titles,
    /// Links that the feed parser lost, or took from the wrong place.
    Links,
    /// Dates in a form that no standard knows.
    Dates,
    /// JSON that departs from the form that it declares.
    JsonShape,
    /// Broken escapes in JSON strings.
    JsonEscapes,
    /// Entries over the limit were counted and not read.
    TooManyEntries,
}

impl Repair {
    /// A few words for people.
    pub fn describe(self) -> &'static str {
        match self {
            Self::WrongEncoding => "declared encoding was wrong",
            Self::InvalidBytes => "invalid bytes replaced",
            Self::ForbiddenCharacters => "forbidden characters dropped",
            Self::JunkBeforeRoot => "text before the feed dropped",
            Self::BareAmpersand => "bare & taken literally",
            Self::UndefinedEntity => "undefined entities taken literally",
            Self::StrayMarkup => "stray markup taken literally",
            Self::RootElement => "root element put right",
            Self::Namespace => "namespace put right",
            Self::MismatchedTags => "mismatched tags tolerated",
            Self::CutShort => "document is cut short; whole entries kept",
            Self::Salvaged => "entries salvaged one by one",
            Self::ParserPanic => "parser failed inside; entries salvaged one by one",
            Self::LostEntries => "entries recovered",
            Self::Titles => "titles recovered",
            Self::Links => "links recovered",
            Self::Dates => "odd dates read",
            Self::JsonShape => "JSON members read leniently",
            Self::JsonEscapes => "broken JSON escapes replaced",
            Self::TooManyEntries => "entries over the limit not read",
        }
    }
}

/// Notes a repair once.
pub(super) fn note(repairs: &mut Vec<Repair>, repair: Repair) {
    if !repairs.contains(&repair) {
        repairs.push(repair);
    }
}

/// What a document is when it is no feed. A closed list: each has its own advice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NotFeed {
    /// No bytes, or white space alone.
    Empty,
    /// A web page.
    WebPage,
    /// A page that asks to sign in, to accept terms or to prove to be human.
    Wall,
    /// JSON that reports an error.
    ErrorAnswer,
    /// JSON of some other kind.
    OtherJson,
    /// XML of some other kind.
    OtherXml,
    /// A list of feeds.
    FeedList,
    /// Compressed data that the server did not announce.
    Compressed,
    /// Bytes that are no text.
    Binary,
    /// Text in no known form.
    PlainText,
    /// A feed in name, broken before its first whole entry.
    Broken,
}

/// Why a document could not be read as a feed, in words for people: what it is and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What the document is instead.
    pub kind: NotFeed,
    /// What was found, clean, at most 120 characters; may be empty.
    pub found: String,
}

impl Unreadable {
    pub(super) fn new(kind: NotFeed) -> Self {
        Self { kind, found: String::new() }
    }

    /// With a few words of what was found, from outside and therefore cleaned and cut.
    pub(super) fn with(kind: NotFeed, found: &str) -> Self {
        let found = crate::domain::text::DisplayText::line(found, 80);
        Self { kind, found: found.as_str().to_owned() }
    }
}

impl std::error::Error for Unreadable {}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, advice) = match self.kind {
            NotFeed::Empty => ("the document is empty", "the server may be at fault; it is asked again"),
            NotFeed::WebPage => ("a web page, not a feed", "look for the site's RSS or Atom address"),
            NotFeed::Wall => {
                ("a sign-in or challenge page, not a feed", "open the address in a browser to see why")
            }
            NotFeed::ErrorAnswer => {
                ("the server answered with an error", "check the query in the feed's url")
            }
            NotFeed::OtherJson => ("JSON, but no feed in it", "check the feed's url"),
            NotFeed::OtherXml => ("XML, but no feed", "check the feed's url"),
            NotFeed::FeedList => ("a list of feeds (OPML)", "use `gigawatch feeds import`"),
            NotFeed::Compressed => {
                ("compressed data that the server did not announce", "tell the publisher; or try another url")
            }
            NotFeed::Binary => ("no text at all", "check the feed's url"),
            NotFeed::PlainText => ("plain text, not a feed", "check the feed's url"),
            NotFeed::Broken => ("broken before its first whole entry", "it is asked again at the next poll"),
        };
        f.write_str(what)?;
        if !self.found.is_empty() {
            write!(f, " (`{}`)", self.found)?;
        }
        write!(f, "; {advice}")
    }
}

//! Entry by entry out of anything that looks like XML: tags may not match, namespaces may be wrong,
//! the end may be missing. Runs beside feed-rs on every document and stands in for it where it fails.

use quick_xml::Reader;
use quick_xml::escape::{resolve_html5_entity, unescape_with};
use quick_xml::events::{BytesRef, BytesStart, Event};
use url::Url;

use super::collect::{Collect, Field};
use super::draft::{Draft, Form, Rank};
use super::entry::{Entry, Kind, Publisher, title};
use super::link;
use super::names::{Scopes, Vocabulary, local, prefix};
use super::outcome::{Repair, note};

/// Elements nested deeper than this are counted, not remembered.
const MAX_DEPTH: usize = 256;

/// What came out of a document.
pub(super) struct Salvaged {
    /// The form that the root element says.
    pub kind: Kind,
    /// The feed's own title, as plain text.
    pub title: Option<String>,
    /// The feed's page.
    pub link: Option<String>,
    /// Every entry found.
    pub entries: Vec<Entry>,
    /// Entries beyond the limit.
    pub unread: usize,
    /// Whether there is a feed, be it without entries: a root element with a beginning and an end.
    pub substance: bool,
    /// Whether elements are nested deeper than any feed needs.
    pub deep: bool,
    /// What had to be overlooked.
    pub repairs: Vec<Repair>,
}

/// Reads a repaired document.
pub(super) fn read(text: &str, base_url: Option<&str>) -> Salvaged {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    let mut state = State::new(base_url);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => state.start(&tag),
            Ok(Event::Empty(tag)) => {
                state.hollow_root = state.frames.is_empty() && state.found.entries.is_empty();
                state.start(&tag);
                state.end(tag.name().as_ref());
            }
            Ok(Event::End(tag)) => state.end(tag.name().as_ref()),
            Ok(Event::Text(text)) => state.text(&text),
            Ok(Event::CData(text)) => state.text(&text),
            Ok(Event::GeneralRef(reference)) => state.reference(&reference),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => {
                note(&mut state.found.repairs, Repair::CutShort);
                break;
            }
        }
    }
    state.finish()
}

/// What an open element means.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// Nothing of its own.
    Nothing,
    /// Holds entries: `channel`, `feed`.
    Channel,
    /// An entry.
    Item,
    /// A group of an entry whose fields count as the entry's: `media:group`.
    Group,
    /// Atom's `source`, whose title names the publisher.
    Source,
    /// Its text is collected.
    Field,
}

struct Frame {
    /// Where its name starts in [`State::names`].
    name: usize,
    meaning: Meaning,
}

struct State {
    found: Salvaged,
    frames: Vec<Frame>,
    /// Names of the open elements, one behind the other.
    names: String,
    /// Open elements beyond [`MAX_DEPTH`].
    beyond: usize,
    scopes: Scopes,
    bases: Vec<(usize, Option<Url>)>,
    item: Option<(usize, Draft)>,
    collect: Option<Collect>,
    feed_title_rank: u8,
    /// The root element is empty and all there is.
    hollow_root: bool,
}

impl State {
    fn new(base_url: Option<&str>) -> Self {
        Self {
            found: Salvaged {
                kind: Kind::Rss,
                title: None,
                link: None,
                entries: Vec::new(),
                unread: 0,
                substance: false,
                deep: false,
                repairs: Vec::new(),
            },
            frames: Vec::new(),
            names: String::new(),
            beyond: 0,
            scopes: Scopes::default(),
            bases: vec![(0, base_url.and_then(link::base))],
            item: None,
            collect: None,
            feed_title_rank: 0,
            hollow_root: false,
        }
    }

    fn base(&self) -> Option<&Url> {
        self.bases.last().and_then(|(_, base)| base.as_ref())
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        let name = tag.name();
        let name: &str = name.as_ref();
        if self.beyond > 0 || self.frames.len() >= MAX_DEPTH {
            self.beyond += 1;
            self.found.deep = true;
            return;
        }
        let depth = self.frames.len();
        self.declare(tag, depth);
        let vocabulary = self.scopes.of(name);
        let local = local(name).to_ascii_lowercase();
        let begins_item = is_item(vocabulary, &local);
        if let Some(collect) = &mut self.collect {
            if !begins_item {
                collect.child(&local);
                self.push(name, Meaning::Nothing);
                return;
            }
            // An entry inside a text: the text's end tag is missing.
            note(&mut self.found.repairs, Repair::MismatchedTags);
        }
        if begins_item {
            if self.item.is_some() {
                // An entry inside an entry: the first one's end tag is missing.
                note(&mut self.found.repairs, Repair::MismatchedTags);
                self.close_from(self.item.as_ref().map_or(depth, |(at, _)| *at));
            }
            let draft = self.begin_item(tag, vocabulary, &local);
            let depth = self.frames.len();
            self.item = Some((depth, draft));
            self.push(name, Meaning::Item);
            return;
        }
        let parent = self.frames.last().map(|frame| frame.meaning);
        let meaning = match (parent, self.item.is_some()) {
            (None, _) => self.root(vocabulary, &local),
            (Some(Meaning::Item | Meaning::Group), true) => {
                self.item_child(tag, vocabulary, &local, parent == Some(Meaning::Group))
            }
            (Some(Meaning::Source), true) => self.source_child(tag, &local),
            (Some(_), false) if local == "channel" && vocabulary != Vocabulary::Other => {
                self.found.substance = true;
                Meaning::Channel
            }
            (Some(Meaning::Channel), false) => self.channel_child(tag, vocabulary, &local),
            _ => Meaning::Nothing,
        };
        self.push(name, meaning);
    }

    fn push(&mut self, name: &str, meaning: Meaning) {
        let frame = Frame { name: self.names.len(), meaning };
        self.names.push_str(name);
        self.frames.push(frame);
    }

    /// Namespaces and bases that a tag declares.
    fn declare(&mut self, tag: &BytesStart<'_>, depth: usize) {
        if !tag.attributes_raw().contains("xml") {
            return;
        }
        for attribute in tag.attributes().with_checks(false).flatten() {
            let key: &str = attribute.key.as_ref();
            if key == "xmlns" || key.starts_with("xmlns:") {
                self.scopes.bind(depth, key.strip_prefix("xmlns:").unwrap_or_default(), &attribute.value);
            } else if key.eq_ignore_ascii_case("xml:base") {
                let value = unescape(&attribute.value);
                let base = link::resolve(&value, self.base()).as_deref().and_then(link::base);
                let base = base.or_else(|| self.base().cloned());
                self.bases.push((depth, base));
            }
        }
    }

    fn root(&mut self, vocabulary: Vocabulary, local: &str) -> Meaning {
        self.found.kind = match local {
            "feed" => Kind::Atom,
            "rdf" => Kind::Rdf,
            "channel" if vocabulary == Vocabulary::Rss => Kind::Rss,
            _ => Kind::Rss,
        };
        self.found.substance |= matches!(local, "feed" | "channel" | "rdf" | "rss") && !self.hollow_root;
        if matches!(local, "feed" | "channel" | "rdf") { Meaning::Channel } else { Meaning::Nothing }
    }

    fn begin_item(&mut self, tag: &BytesStart<'_>, vocabulary: Vocabulary, local: &str) -> Draft {
        self.found.substance = true;
        let mut draft = Draft::default();
        if self.frames.is_empty() || vocabulary == Vocabulary::Atom {
            self.found.kind = if local == "entry" { Kind::Atom } else { self.found.kind };
        }
        for attribute in tag.attributes().with_checks(false).flatten() {
            let key: &str = attribute.key.as_ref();
            match super::names::local(key) {
                "about" if !prefix(key).is_empty() => draft.offer_id(&unescape(&attribute.value), Rank::LOW),
                "href" | "HREF" => {
                    // An entry that carries its link itself belongs to CDF.
                    self.found.kind = Kind::Cdf;
                    draft.offer_link(
                        &unescape(&attribute.value),
                        Rank::TOP,
                        self.bases.last().and_then(|(_, b)| b.as_ref()),
                    );
                }
                "lastmod" | "LASTMOD" => draft.offer_updated(&unescape(&attribute.value), Rank::LOW),
                _ => {}
            }
        }
        draft
    }

    /// A child of an entry: opens a field, or takes what its attributes say.
    fn item_child(
        &mut self,
        tag: &BytesStart<'_>,
        vocabulary: Vocabulary,
        local: &str,
        grouped: bool,
    ) -> Meaning {
        use Vocabulary::{Atom, Media, Rss};
        let field = match (vocabulary, local) {
            (Media, "group" | "content") => return Meaning::Group,
            _ if grouped && vocabulary != Media => return Meaning::Nothing,
            (Rss | Atom, "link") => return self.item_link(tag, vocabulary),
            (Rss | Atom, "guid") => {
                let permalink =
                    attribute(tag, "ispermalink").map(|value| !value.trim().eq_ignore_ascii_case("false"));
                Field::Guid { permalink }
            }
            (Rss | Atom, "category") => {
                let term = attribute(tag, "term").or_else(|| attribute(tag, "label"));
                if let (Some(term), Some((_, draft))) = (term, &mut self.item) {
                    draft.offer_category(&term);
                    return Meaning::Nothing;
                }
                Field::Category
            }
            (Rss | Atom, "source") => {
                let url = attribute(tag, "url").and_then(|url| link::resolve(&url, self.base()));
                if let Some((_, draft)) = &mut self.item {
                    draft.source = Some(Publisher { url, ..Publisher::default() });
                }
                if vocabulary == Atom {
                    return Meaning::Source;
                }
                Field::SourceName
            }
            _ => match Field::of(vocabulary, local) {
                Some(field) => field,
                None => return Meaning::Nothing,
            },
        };
        self.collect(field, tag)
    }

    fn item_link(&mut self, tag: &BytesStart<'_>, vocabulary: Vocabulary) -> Meaning {
        let Some(href) = attribute(tag, "href") else {
            let rank = if vocabulary == Vocabulary::Atom { Rank::MIDDLE } else { Rank::TOP };
            return self.collect(Field::Link(rank), tag);
        };
        let rel = attribute(tag, "rel").unwrap_or_default().trim().to_ascii_lowercase();
        let kind = attribute(tag, "type").unwrap_or_default().to_ascii_lowercase();
        let page = kind.is_empty() || kind.contains("html");
        let rank = match rel.as_str() {
            "" if vocabulary == Vocabulary::Rss => Rank::TOP,
            "" | "alternate" | "http://www.iana.org/assignments/relation/alternate" if page => Rank::HIGH,
            "" | "alternate" => Rank::MIDDLE,
            // Not the entry's page, but better than nothing.
            "related" | "via" | "canonical" | "self" if page => Rank::LAST,
            _ => return Meaning::Nothing,
        };
        let base = self.bases.last().and_then(|(_, base)| base.as_ref());
        if let Some((_, draft)) = &mut self.item {
            draft.offer_link(&href, rank, base);
        }
        Meaning::Nothing
    }

    fn source_child(&mut self, tag: &BytesStart<'_>, local: &str) -> Meaning {
        match local {
            "title" => self.collect(Field::SourceName, tag),
            "link" => {
                let base = self.base();
                let url = attribute(tag, "href").and_then(|href| link::resolve(&href, base));
                let alternate = attribute(tag, "rel").is_none_or(|rel| rel == "alternate");
                if let Some(source) = self.item.as_mut().and_then(|(_, draft)| draft.source.as_mut())
                    && url.is_some()
                    && (alternate || source.url.is_none())
                {
                    source.url = url;
                }
                Meaning::Nothing
            }
            _ => Meaning::Nothing,
        }
    }

    fn channel_child(&mut self, tag: &BytesStart<'_>, vocabulary: Vocabulary, local: &str) -> Meaning {
        self.found.substance = true;
        match (vocabulary, local) {
            (Vocabulary::Rss | Vocabulary::Atom, "title") if self.feed_title_rank < 2 => {
                self.collect(Field::FeedTitle, tag)
            }
            (Vocabulary::Dc, "title") if self.feed_title_rank < 1 => self.collect(Field::FeedTitle, tag),
            (Vocabulary::Rss | Vocabulary::Atom, "link") => match attribute(tag, "href") {
                Some(href) => {
                    let rel = attribute(tag, "rel").unwrap_or_default();
                    if matches!(rel.as_str(), "" | "alternate") && self.found.link.is_none() {
                        self.found.link = link::resolve(&href, self.base());
                    }
                    Meaning::Nothing
                }
                None => self.collect(Field::FeedLink, tag),
            },
            _ => Meaning::Nothing,
        }
    }

    fn collect(&mut self, field: Field, tag: &BytesStart<'_>) -> Meaning {
        let form = match (attribute(tag, "type"), attribute(tag, "mode")) {
            (Some(kind), mode) => Form::of(&kind, mode.as_deref()),
            (None, Some(mode)) => Form::of("", Some(&mode)),
            (None, None) => Form::Unsaid,
        };
        self.collect = Some(Collect::new(field, self.frames.len(), form));
        Meaning::Field
    }

    fn text(&mut self, text: &str) {
        if let Some(collect) = &mut self.collect {
            collect.push(text);
        }
    }

    fn reference(&mut self, reference: &BytesRef<'_>) {
        let Some(collect) = &mut self.collect else { return };
        collect.reference(reference, reference.resolve_char_ref().ok().flatten());
    }

    fn end(&mut self, name: &str) {
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        let open = |frame: &Frame, end: usize| self.names.get(frame.name..end).unwrap_or_default();
        let mut end = self.names.len();
        let mut found = None;
        for (at, frame) in self.frames.iter().enumerate().rev() {
            let candidate = open(frame, end);
            if candidate == name || candidate.eq_ignore_ascii_case(name) {
                found = Some(at);
                break;
            }
            end = frame.name;
        }
        match found {
            Some(at) => {
                if at + 1 != self.frames.len() {
                    note(&mut self.found.repairs, Repair::MismatchedTags);
                }
                self.close_from(at);
            }
            None => note(&mut self.found.repairs, Repair::MismatchedTags),
        }
    }

    /// Closes the element at `depth` and all inside it.
    fn close_from(&mut self, depth: usize) {
        while self.frames.len() > depth {
            let Some(frame) = self.frames.pop() else { break };
            let at = self.frames.len();
            if let Some(collect) = &mut self.collect {
                if collect.depth == at {
                    self.finish_field();
                } else {
                    let name = self.names.get(frame.name..).unwrap_or_default();
                    collect.close(local(name));
                }
            }
            self.names.truncate(frame.name);
            if self.item.as_ref().is_some_and(|(item, _)| *item == at) {
                self.finish_item();
            }
            self.scopes.leave(at);
            // The outermost base is the document's own.
            while self.bases.len() > 1 && self.bases.last().is_some_and(|(depth, _)| *depth >= at) {
                self.bases.pop();
            }
        }
    }

    fn finish_field(&mut self) {
        let Some(collect) = self.collect.take() else { return };
        let base = self.bases.last().and_then(|(_, base)| base.as_ref());
        let form = collect.form();
        match collect.field {
            Field::FeedTitle => {
                let plain = collect.plain_line();
                if !plain.trim().is_empty() && self.found.title.is_none() {
                    self.found.title = Some(plain);
                    self.feed_title_rank = 2;
                }
            }
            Field::FeedLink => {
                if self.found.link.is_none() {
                    self.found.link =
                        link::resolve(&collect.text, base).filter(|link| link::base(link).is_some());
                }
            }
            field => {
                let Some((_, draft)) = &mut self.item else { return };
                match field {
                    Field::Title(rank) => draft.offer_title(&collect.plain_line(), rank),
                    Field::Link(rank) => draft.offer_link(&collect.text, rank, base),
                    Field::Guid { permalink } => draft.offer_guid(&collect.text, permalink, base),
                    Field::Id(rank) => {
                        draft.offer_id(&collect.text, rank);
                        // An address for an id is a link where there is no other.
                        if link::base(&collect.text).is_some() {
                            draft.offer_link(&collect.text, Rank::LAST, base);
                        }
                    }
                    Field::Published(rank) => draft.offer_published(&collect.text, rank),
                    Field::Updated(rank) => draft.offer_updated(&collect.text, rank),
                    Field::Summary(rank) => draft.offer_summary(collect.text, form, rank),
                    Field::Content(rank) => draft.offer_content(collect.text, form, rank),
                    Field::Category => draft.offer_category(&collect.text),
                    Field::SourceName => {
                        let name = title(&collect.plain_line()).unwrap_or_default();
                        draft.source.get_or_insert_default().name = name;
                    }
                    Field::FeedTitle | Field::FeedLink => {}
                }
            }
        }
    }

    fn finish_item(&mut self) {
        let Some((_, draft)) = self.item.take() else { return };
        if self.found.entries.len() >= super::MAX_ENTRIES {
            self.found.unread += 1;
            return;
        }
        let (entry, odd_date) = draft.finish();
        if odd_date {
            note(&mut self.found.repairs, Repair::Dates);
        }
        self.found.entries.push(entry);
    }

    /// The end of the document: an entry that is still open is kept when what identifies it is whole.
    fn finish(mut self) -> Salvaged {
        if !self.frames.is_empty() {
            note(&mut self.found.repairs, Repair::CutShort);
            let in_title = self.collect.as_ref().is_some_and(|c| matches!(c.field, Field::Title(_)));
            if in_title {
                self.item = None;
            }
            if let Some((_, draft)) = &self.item
                && !draft.is_identified()
            {
                self.item = None;
            }
            if self.item.is_none() {
                self.collect = None;
            }
            self.close_from(0);
        }
        self.found
    }
}

/// Whether an element is an entry.
fn is_item(vocabulary: Vocabulary, local: &str) -> bool {
    matches!(local, "item" | "entry")
        && matches!(vocabulary, Vocabulary::Rss | Vocabulary::Atom | Vocabulary::Rdf)
}

/// An attribute by its name in lower case, unescaped.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    if tag.attributes_raw().is_empty() {
        return None;
    }
    tag.attributes()
        .with_checks(false)
        .flatten()
        .find(|attribute| {
            let key: &str = attribute.key.as_ref();
            key.eq_ignore_ascii_case(name)
        })
        .map(|attribute| unescape(&attribute.value))
}

fn unescape(raw: &str) -> String {
    unescape_with(raw, resolve_html5_entity).map_or_else(|_| raw.to_owned(), std::borrow::Cow::into_owned)
}

//! The text of one element, collected over everything that stands inside it.

use quick_xml::escape::resolve_html5_entity;

use super::draft::{Form, Rank};
use super::html;
use super::names::Vocabulary;

/// The most raw text kept of one field; a body of this much markup has more text than is shown.
const MAX_FIELD: usize = 1024 * 1024;

/// Which text is collected, and how much its element's word counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title(Rank),
    Link(Rank),
    Guid { permalink: Option<bool> },
    Id(Rank),
    Published(Rank),
    Updated(Rank),
    Summary(Rank),
    Content(Rank),
    Category,
    SourceName,
    FeedTitle,
    FeedLink,
}

impl Field {
    /// The text that a plain child element of an entry carries.
    pub(super) fn of(vocabulary: Vocabulary, local: &str) -> Option<Self> {
        use Vocabulary::{Atom, Content, Dc, Media, Rss, Xhtml};
        Some(match (vocabulary, local) {
            (Rss | Atom, "title") => Self::Title(Rank::TOP),
            (Dc, "title") => Self::Title(Rank::MIDDLE),
            (Media, "title") => Self::Title(Rank::LOW),
            (Rss, "url") => Self::Link(Rank::LOW),
            (Rss | Atom, "id") => Self::Id(Rank::TOP),
            (Dc, "identifier") => Self::Id(Rank::LAST),
            (Rss | Atom, "pubdate" | "published") => Self::Published(Rank::TOP),
            (Rss | Atom | Dc, "issued") => Self::Published(Rank::MIDDLE),
            (Rss | Atom | Dc, "date") => Self::Published(Rank::LOW),
            (Rss | Atom | Dc, "created") => Self::Published(Rank::LAST),
            (Rss | Atom, "updated") => Self::Updated(Rank::TOP),
            (Rss | Atom | Dc, "modified") | (Rss, "lastbuilddate") => Self::Updated(Rank::MIDDLE),
            (Rss | Atom, "description" | "summary") => Self::Summary(Rank::TOP),
            (Rss, "abstract") | (Dc, "description" | "abstract") => Self::Summary(Rank::MIDDLE),
            (Media, "description") => Self::Summary(Rank::LAST),
            (Content, "encoded") => Self::Content(Rank::TOP),
            (Atom | Rss, "content") => Self::Content(Rank::MIDDLE),
            (Xhtml, "body" | "div") | (Rss, "body" | "fullitem") => Self::Content(Rank::LOW),
            (Dc, "subject") => Self::Category,
            _ => return None,
        })
    }
}

/// A text being collected.
pub(super) struct Collect {
    /// Which text it is.
    pub field: Field,
    /// How many elements its own stands in.
    pub depth: usize,
    /// What was collected.
    pub text: String,
    form: Form,
    /// Child elements were met: `text` is markup now.
    markup: bool,
}

impl Collect {
    pub(super) fn new(field: Field, depth: usize, form: Form) -> Self {
        Self { field, depth, text: String::new(), form, markup: matches!(form, Form::Markup | Form::Data) }
    }

    /// A reference, by its name or `#` and number.
    pub(super) fn reference(&mut self, name: &str, character: Option<char>) {
        match (character, self.markup) {
            (Some(c), false) => self.push_raw(c.encode_utf8(&mut [0; 4])),
            (None, false) if let Some(value) = resolve_html5_entity(name) => self.push_raw(value),
            // Markup is decoded as a whole, later.
            _ => self.push_raw(&format!("&{name};")),
        }
    }

    fn room(&self, text: &str) -> usize {
        let mut room = MAX_FIELD.saturating_sub(self.text.len()).min(text.len());
        while !text.is_char_boundary(room) {
            room -= 1;
        }
        room
    }

    /// Appends text as it is.
    pub(super) fn push_raw(&mut self, text: &str) {
        let room = self.room(text);
        self.text.push_str(text.get(..room).unwrap_or_default());
    }

    /// Appends text of the document, its references resolved.
    pub(super) fn push(&mut self, text: &str) {
        if self.markup {
            let room = self.room(text);
            html::escape_into(text.get(..room).unwrap_or_default(), &mut self.text);
        } else {
            self.push_raw(text);
        }
    }

    /// A child element: from here on the text is markup.
    pub(super) fn child(&mut self, local: &str) {
        if !self.markup && !matches!(self.form, Form::Escaped) {
            self.markup = true;
            let mut escaped = String::with_capacity(self.text.len() + 64);
            html::escape_into(&self.text, &mut escaped);
            self.text = escaped;
        }
        self.tag("<", local);
    }

    /// The end of a child element.
    pub(super) fn close(&mut self, local: &str) {
        self.tag("</", local);
    }

    fn tag(&mut self, open: &str, local: &str) {
        // The elements of a record are lines, whatever they are called.
        let local = if self.form == Form::Data { "div" } else { local };
        if self.text.len() + local.len() + 3 <= MAX_FIELD && local.len() <= 32 {
            self.text.push_str(open);
            self.text.push_str(local);
            self.text.push('>');
        }
    }

    /// The form that the text turned out to have.
    pub(super) fn form(&self) -> Form {
        if self.markup && self.form != Form::Data { Form::Markup } else { self.form }
    }

    /// The text as one plain line.
    pub(super) fn plain_line(&self) -> String {
        self.form().line(&self.text)
    }
}

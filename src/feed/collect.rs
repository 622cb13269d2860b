//! The text of one element, collected over everything that stands inside it.

use quick_xml::escape::resolve_html5_entity;

use super::draft::{Form, Rank};
use super::html;

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

//! Names of elements: which vocabulary a prefix or a namespace stands for.

/// The vocabularies that entries are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// RSS of every version, and whatever is in no namespace or in an unknown default one.
    Rss,
    /// Atom 0.3 and 1.0.
    Atom,
    /// RDF syntax.
    Rdf,
    /// Dublin Core elements and terms.
    Dc,
    /// `content:encoded`.
    Content,
    /// Media RSS.
    Media,
    /// XHTML.
    Xhtml,
    /// Anything else.
    Other,
}

/// The part of a name after its prefix.
pub(super) fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

/// The part of a name before its colon; empty where there is none.
pub(super) fn prefix(name: &str) -> &str {
    name.split_once(':').map_or("", |(prefix, _)| prefix)
}

/// The vocabulary of a namespace address. Spelling, scheme and letter case of it vary in the wild.
pub(super) fn of_namespace(uri: &str) -> Option<Vocabulary> {
    let lower = uri.trim().to_ascii_lowercase();
    let place = lower.strip_prefix("http://").or_else(|| lower.strip_prefix("https://")).unwrap_or(&lower);
    let place = place.strip_prefix("www.").unwrap_or(place).trim_end_matches(['/', '#']);
    let known = match place {
        "w3.org/2005/atom" | "purl.org/atom/ns" | "example.com/newformat" | "necho" => Vocabulary::Atom,
        "w3.org/1999/02/22-rdf-syntax-ns" => Vocabulary::Rdf,
        "w3.org/1999/xhtml" | "w3.org/1999/html" | "w3.org/html40" => Vocabulary::Xhtml,
        "purl.org/rss/1.0/modules/content" => Vocabulary::Content,
        "search.yahoo.com/mrss"
        | "search.yahoo.com/rss"
        | "yahoo.com/mrss"
        | "search.yahoo.com/searchmonkey/media" => Vocabulary::Media,
        "" => Vocabulary::Rss,
        _ if place.starts_with("purl.org/dc/") => Vocabulary::Dc,
        _ if place.starts_with("purl.org/atom/") => Vocabulary::Atom,
        _ if place.starts_with("purl.org/rss/1.0/modules") => Vocabulary::Other,
        _ if place.starts_with("purl.org/net/rss1.1") && place.len() == "purl.org/net/rss1.1".len() => {
            Vocabulary::Rss
        }
        _ if place.starts_with("purl.org/rss/")
            || place.starts_with("purl.org/net/rss")
            || place.starts_with("channel.netscape.com/rdf")
            || place.starts_with("my.netscape.com/")
            || place.starts_with("backend.userland.com/rss")
            || place.starts_with("blogs.law.harvard.edu/tech/rss")
            || place.starts_with("cyber.law.harvard.edu/rss")
            || place.starts_with("rssboard.org/rss-specification") =>
        {
            Vocabulary::Rss
        }
        _ => return None,
    };
    Some(known)
}

/// What a prefix usually means, for documents that forgot to declare it.
pub(super) fn of_prefix(prefix: &str) -> Vocabulary {
    match prefix.to_ascii_lowercase().as_str() {
        "" | "rss" => Vocabulary::Rss,
        "atom" | "atom10" | "atom03" | "a10" => Vocabulary::Atom,
        "rdf" => Vocabulary::Rdf,
        "dc" | "dcterms" | "dct" => Vocabulary::Dc,
        "content" => Vocabulary::Content,
        "media" => Vocabulary::Media,
        "xhtml" | "html" => Vocabulary::Xhtml,
        _ => Vocabulary::Other,
    }
}

/// Declared prefixes, innermost last.
#[derive(Default)]
pub(super) struct Scopes {
    bindings: Vec<(usize, Box<str>, Vocabulary)>,
}

/// More open declarations than this are an attack; later ones are not kept.
const MAX_BINDINGS: usize = 256;

impl Scopes {
    /// Binds a prefix (empty for the default) from `depth` inwards. Returns whether the address is known.
    pub(super) fn bind(&mut self, depth: usize, prefix: &str, uri: &str) -> bool {
        let known = of_namespace(uri);
        if self.bindings.len() < MAX_BINDINGS {
            // An unknown default namespace is somebody's spelling of RSS; an unknown prefix is an extension.
            let vocabulary =
                known.unwrap_or(if prefix.is_empty() { Vocabulary::Rss } else { Vocabulary::Other });
            self.bindings.push((depth, prefix.into(), vocabulary));
        }
        known.is_some()
    }

    /// Forgets what was declared at `depth` or deeper.
    pub(super) fn leave(&mut self, depth: usize) {
        while self.bindings.last().is_some_and(|(at, _, _)| *at >= depth) {
            self.bindings.pop();
        }
    }

    /// The vocabulary of a qualified name.
    pub(super) fn of(&self, name: &str) -> Vocabulary {
        let prefix = prefix(name);
        self.bindings
            .iter()
            .rev()
            .find(|(_, bound, _)| &**bound == prefix)
            .map_or_else(|| of_prefix(prefix), |(_, _, vocabulary)| *vocabulary)
    }
}

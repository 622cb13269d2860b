//! Changes to a user's `feeds.toml` that leave its comments and order alone.

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, value};

use crate::domain::outlet::Tier;

/// A feed to be added; what is absent keeps its default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFeed {
    /// Its key.
    pub id: String,
    /// As shown.
    pub name: String,
    /// Its address.
    pub url: String,
    /// How far it is trusted.
    pub tier: Tier,
    /// Time between two polls, as written in the file.
    pub every: Option<String>,
    /// Heading under which it is listed.
    pub group: Option<String>,
    /// Whether its address may be private.
    pub allow_private: bool,
}

/// Why a file could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum CannotEdit {
    /// It is no TOML.
    #[error("feeds.toml cannot be read; `gigawatch config check` shows where")]
    Syntax(#[from] toml_edit::TomlError),
    /// `feed` is something other than `[[feed]]` tables.
    #[error("`feed` in feeds.toml is no list of [[feed]] tables")]
    Shape,
}

/// What a new `feeds.toml` begins with.
const HEAD: &str = "# Feeds of your own, beside the built-in ones (`gigawatch feeds list`). Without this line the list\n\
                    # below replaces them all.\nextend = true\n";

/// Appends feeds. Where there is no file (`None`) one is made that extends the built-in list; an empty one
/// says that there is none, and goes on saying so.
pub fn add_feeds(text: Option<&str>, feeds: &[NewFeed]) -> Result<String, CannotEdit> {
    let mut document: DocumentMut = text.unwrap_or(HEAD).parse()?;
    for feed in feeds {
        let mut table = Table::new();
        table.insert("id", value(&feed.id));
        table.insert("name", value(&feed.name));
        table.insert("url", value(&feed.url));
        table.insert("tier", value(feed.tier.letter().to_string()));
        if let Some(every) = &feed.every {
            table.insert("every", value(every));
        }
        if let Some(group) = &feed.group {
            table.insert("group", value(group));
        }
        if feed.allow_private {
            table.insert("allow-private", value(true));
        }
        table.decor_mut().set_prefix("\n");
        tables(&mut document)?.push(table);
    }
    Ok(document.to_string())
}

/// Takes a feed away: its table is removed if the file has one; a feed of the built-in list that the
/// file extends is switched off instead. Says whether anything was removed outright.
pub fn remove_feed(text: Option<&str>, id: &str, built_in: bool) -> Result<(String, bool), CannotEdit> {
    let mut document: DocumentMut = text.unwrap_or(HEAD).parse()?;
    let tables = tables(&mut document)?;
    let is_it = |table: &Table| table.get("id").and_then(Item::as_str) == Some(id);
    let removed = tables.iter().any(is_it);
    tables.retain(|table| !is_it(table));
    if built_in {
        let mut table = Table::new();
        table.insert("id", value(id));
        table.insert("enabled", value(false));
        table.decor_mut().set_prefix("\n");
        tables.push(table);
    }
    Ok((document.to_string(), removed))
}

fn tables(document: &mut DocumentMut) -> Result<&mut ArrayOfTables, CannotEdit> {
    let item = document.entry("feed").or_insert_with(|| Item::ArrayOfTables(ArrayOfTables::new()));
    // `feed = []` is an empty list as well.
    if item.as_array().is_some_and(toml_edit::Array::is_empty) {
        *item = Item::ArrayOfTables(ArrayOfTables::new());
    }
    item.as_array_of_tables_mut().ok_or(CannotEdit::Shape)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feed(id: &str) -> NewFeed {
        NewFeed {
            id: id.to_owned(),
            name: "A \"quoted\" name".to_owned(),
            url: "https://x.example/feed".to_owned(),
            tier: Tier::D,
            every: Some("1h".to_owned()),
            group: None,
            allow_private: false,
        }
    }

    #[test]
    fn adding_keeps_comments_and_order() {
        let text = "# mine\nextend = true # keep\n\n# the first\n[[feed]]\nid = \"a\"\n";
        let new = add_feeds(Some(text), &[feed("b")]).unwrap();
        assert!(new.starts_with(text), "{new}");
        assert!(new.contains("[[feed]]\nid = \"b\"\n"), "{new}");
    }

    #[test]
    fn a_new_file_extends_the_built_in_list_and_an_empty_one_goes_on_replacing_it() {
        for text in [None, Some("extend = true\nfeed = []\n")] {
            let new = add_feeds(text, &[feed("b")]).unwrap();
            assert!(new.contains("extend = true") && new.contains("id = \"b\""), "{new}");
        }
        let new = add_feeds(Some(""), &[feed("b")]).unwrap();
        assert!(!new.contains("extend") && new.contains("id = \"b\""), "{new}");
    }

    #[test]
    fn removing_takes_the_table_and_nothing_else() {
        let text = add_feeds(Some("# mine\nextend = true\n"), &[feed("a"), feed("b")]).unwrap();
        let (new, removed) = remove_feed(Some(&text), "a", false).unwrap();
        assert!(removed && new.starts_with("# mine") && !new.contains("\"a\"") && new.contains("\"b\""));
    }

    #[test]
    fn a_built_in_feed_is_switched_off() {
        let (new, removed) = remove_feed(None, "theregister", true).unwrap();
        assert!(!removed && new.contains("id = \"theregister\"\nenabled = false"), "{new}");
    }
}

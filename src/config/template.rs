//! What `config init` writes: the defaults with every line commented out, so that they say what can be
//! changed and change nothing.

use super::built_in;

/// The files to write, by name. Outlets are left out: a list of publishers is added to, not edited.
pub fn files() -> Vec<(&'static str, String)> {
    let names = ["gigawatch.toml", "feeds.toml", "keys.toml", "economics.toml", "alerts.toml"];
    let single = built_in::SINGLE.iter().filter(|(name, _)| names.contains(name));
    single
        .map(|(name, text)| match *name {
            "feeds.toml" => (*name, FEEDS.to_owned()),
            // Its sections need every key, so an empty one could not be read.
            "economics.toml" => (*name, commented(text, false)),
            _ => (*name, commented(text, true)),
        })
        .collect()
}

const FEEDS: &str = "\
# Feeds of your own, beside the built-in ones (`gigawatch feeds list`). Without the next line the list
# below replaces them all. `gigawatch feeds add URL` writes an entry for you.
extend = true

# [[feed]]
# id = \"my-feed\"
# name = \"A feed of mine\"
# url = \"https://example.com/feed.xml\"
# tier = \"D\"
#
# An entry with the id of a built-in feed changes only the keys that it names:
#
# [[feed]]
# id = \"theregister\"
# enabled = false
";

/// Comments out every line; with `sections` all but the headings of sections, so that one line can be
/// brought to life alone.
fn commented(text: &str, sections: bool) -> String {
    let line = |line: &str| match line {
        _ if line.is_empty() || line.starts_with('#') => line.to_owned(),
        _ if sections && line.starts_with('[') && !line.starts_with("[[") => line.to_owned(),
        _ => format!("# {line}"),
    };
    text.lines().map(|text| line(text) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, settings};

    #[test]
    fn the_copies_change_nothing() {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files() {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        let copy = Config::load(Some(dir.path())).unwrap();
        let built_in = Config::load(None).unwrap();
        assert_eq!(copy.warnings, []);
        assert_eq!(copy.settings, built_in.settings);
        assert_eq!(copy.feeds, built_in.feeds);
        assert_eq!(copy.keys, built_in.keys);
        assert_eq!(copy.alerts, built_in.alerts);
        assert_eq!(copy.economics, built_in.economics);
    }

    #[test]
    fn the_lines_of_a_copy_can_be_brought_to_life() {
        let keys: Vec<&str> =
            settings::SECTIONS.iter().flat_map(|(_, fields)| fields.iter()).map(|field| field.key).collect();
        let is_setting = |line: &str| {
            line.split_once(" = ").is_some_and(|(key, value)| keys.contains(&key) && !value.ends_with('['))
        };
        let (_, copy) = files().into_iter().find(|(name, _)| *name == "gigawatch.toml").unwrap();
        // Behind the settings come examples of tables, which are no defaults.
        let (copy, _) = copy.split_once("# A saved view").unwrap();
        let alive =
            |line: &str| line.strip_prefix("# ").filter(|rest| is_setting(rest)).unwrap_or(line).to_owned();
        let alive: Vec<String> = copy.lines().map(alive).collect();
        assert!(alive.iter().filter(|line| is_setting(line)).count() >= keys.len() - 2);
        let config = Config::load_with(None, Some(("gigawatch.toml", alive.join("\n")))).unwrap();
        assert_eq!(config.settings, Config::load(None).unwrap().settings);
    }
}

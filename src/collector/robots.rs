//! `robots.txt` (RFC 9309): which pages we may read. Pure.

/// The rules of one host for us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Robots {
    /// Nothing is forbidden.
    All,
    /// Nothing is allowed: the host has rules, and we could not read them.
    Nothing,
    /// Patterns and whether they allow.
    Rules(Vec<(String, bool)>),
}

/// Longest file that is read, as the standard has it.
const MAX_BYTES: usize = 500 << 10;

impl Robots {
    /// Reads a file for the product `agent` (in lower case): its own groups if there are any, else those
    /// for everybody.
    pub(super) fn read(text: &str, agent: &str) -> Self {
        let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= MAX_BYTES).last().unwrap_or(0);
        let text = if text.len() > MAX_BYTES { text.get(..end).unwrap_or_default() } else { text };
        let (mut own, mut everybody) = (None, Vec::new());
        let (mut for_us, mut for_all, mut in_head) = (false, false, false);
        for line in text.lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((field, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match field.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    if !in_head {
                        (for_us, for_all) = (false, false);
                    }
                    in_head = true;
                    for_all |= value == "*";
                    if product(value) == agent {
                        for_us = true;
                        own.get_or_insert_with(Vec::new);
                    }
                }
                field @ ("allow" | "disallow") => {
                    in_head = false;
                    if value.is_empty() {
                        continue;
                    }
                    let rule = (value.to_owned(), field == "allow");
                    if for_us {
                        own.get_or_insert_with(Vec::new).push(rule.clone());
                    }
                    if for_all {
                        everybody.push(rule);
                    }
                }
                _ => in_head = false,
            }
        }
        Self::Rules(own.unwrap_or(everybody))
    }

    /// Whether a path with its query may be read: the longest pattern that fits decides, and of two of
    /// one length the one that allows.
    pub(super) fn allows(&self, path: &str) -> bool {
        match self {
            Self::All => true,
            Self::Nothing => false,
            Self::Rules(rules) => rules
                .iter()
                .filter(|(pattern, _)| fits(pattern, path))
                .max_by_key(|(pattern, allow)| (pattern.len(), *allow))
                .is_none_or(|(_, allow)| *allow),
        }
    }
}

/// The product of `Product/1.0 (comment)`.
fn product(agent: &str) -> String {
    let end = agent.find(|c: char| !c.is_ascii_alphabetic() && c != '-' && c != '_').unwrap_or(agent.len());
    agent.get(..end).unwrap_or_default().to_ascii_lowercase()
}

/// Whether a pattern, in which `*` stands for anything and a last `$` for the end, fits the beginning of a
/// path.
fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let parts: Vec<&str> = parts.collect();
    for (index, part) in parts.iter().enumerate() {
        if to_end && index + 1 == parts.len() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    !to_end || rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# rules
User-agent: otherbot
Disallow: /

User-agent: Gigawatch
User-agent: friend
Disallow: /private/ # not this
Allow: /private/open
Disallow: /*.pdf$

User-agent: *
Disallow: /search
";

    #[test]
    fn our_own_group_stands_before_everybodys() {
        let ours = Robots::read(FILE, "gigawatch");
        assert!(ours.allows("/search?q=1"));
        assert!(!ours.allows("/private/page"));
        assert!(ours.allows("/private/open/page"));
        assert!(!ours.allows("/files/report.pdf"));
        assert!(ours.allows("/files/report.pdf?view=1"));
        let others = Robots::read(FILE, "somebody");
        assert!(!others.allows("/search?q=1"));
        assert!(others.allows("/private/page"));
        assert!(!Robots::read(FILE, "otherbot").allows("/"));
    }

    #[test]
    fn an_empty_rule_forbids_nothing_and_no_file_allows_all() {
        assert!(Robots::read("User-agent: *\nDisallow:\n", "gigawatch").allows("/x"));
        assert!(Robots::read("", "gigawatch").allows("/x"));
        assert!(Robots::read("<html>not found</html>", "gigawatch").allows("/x"));
        assert!(Robots::All.allows("/x") && !Robots::Nothing.allows("/x"));
    }
}

//! TOML files to a checked configuration and catalog, with diagnostics that point at the line.
//!
//! The defaults in `config/` are part of the program and are read by the same code as a user's files,
//! which layer over them: a deal or programme of the same name is replaced, others are added.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

pub mod address;
pub mod alerts;
mod built_in;
pub mod catalog;
pub mod claims;
mod diagnostic;
pub mod economics;
pub mod edit;
pub mod feeds;
mod files;
pub mod keys;
pub mod lexicon;
pub mod outlets;
pub mod paths;
pub mod reader;
pub mod reference;
pub mod secret;
pub mod settings;
pub mod show;
pub mod template;
pub mod theme;
pub mod units;
pub mod write;

pub use diagnostic::{Diagnostics, Problem, Severity, SourceFile, closest};

use crate::app::keymap::Keymap;
use crate::domain::deal::Catalog;
use crate::domain::lexicon::Lexicon;
use crate::domain::outlet::Outlets;
use crate::ledger::economics::Economics;
use alerts::Alerts;
use catalog::Known;
use diagnostic::Sink;
use feeds::Feed;
use files::Files;
use settings::Settings;
use theme::Theme;

/// Everything that can be configured, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// `gigawatch.toml`.
    pub settings: Settings,
    /// What is polled, in the order of the files.
    pub feeds: Vec<Feed>,
    /// Publishers by host.
    pub outlets: Outlets,
    /// The words that the tagger knows.
    pub lexicon: Lexicon,
    /// Tracked deals, in the order of the board, and programmes.
    pub catalog: Catalog,
    /// Which keys run which commands.
    pub keys: Keymap,
    /// Every theme by name; `settings.ui.theme` names the one in use.
    pub themes: BTreeMap<String, Theme>,
    /// Assumptions behind the margin lever and the exposure.
    pub economics: Economics,
    /// Alert rules.
    pub alerts: Alerts,
    /// What is probably not as meant, though it can be used.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// The built-in defaults with the files of `dir` over them; the defaults alone without a folder.
    ///
    /// Fails with every problem of every file if any of them is an error.
    pub fn load(dir: Option<&Path>) -> Result<Self, Diagnostics> {
        Self::load_with(dir, None)
    }

    /// As [`Config::load`], with a text in the place of one file: what would be, were it written. The
    /// file is named by its path in the folder, e.g. `deals/mine.toml`.
    pub fn load_with(dir: Option<&Path>, edited: Option<(&str, String)>) -> Result<Self, Diagnostics> {
        let sink = Sink::default();
        let mut files = Files::gather(dir, &sink);
        if let Some((key, text)) = edited {
            let name = dir.map_or_else(|| key.to_owned(), |dir| dir.join(key).display().to_string());
            files.set(key, name, text);
        }
        let config = Self::check(&files, dir, &sink);
        let diagnostics = sink.finish();
        if diagnostics.errors() > 0 {
            return Err(diagnostics);
        }
        Ok(Self { warnings: diagnostics.problems, ..config })
    }

    fn check(files: &Files, dir: Option<&Path>, sink: &Sink) -> Self {
        let mut lexicon = lexicon::read(&files.named("lexicon.toml"), sink);
        catalog::companies(&files.under("deals"), &mut lexicon.companies);
        let known = Known {
            companies: lexicon.companies.iter().map(|company| company.id.clone()).collect(),
            silicon: lexicon.silicon.iter().map(|line| line.id.clone()).collect(),
        };
        let mut catalog = catalog::read(&files.under("deals"), &files.under("programmes"), &known, sink);
        let themes = theme::read(&files.under("themes"), sink);
        let deals: Vec<&str> = catalog.deals.iter().map(|deal| deal.slug.as_str()).collect();
        lexicon::check(&files.named("lexicon.toml"), &lexicon, &deals, sink);
        let names = settings::Names {
            deals: deals.clone(),
            companies: known.companies.iter().map(String::as_str).collect(),
            themes: themes.keys().map(String::as_str).collect(),
        };
        let settings = settings::read(files, &names, sink);
        let alerts = alerts::read(&files.named("alerts.toml"), &deals, sink);
        let order = |slug: &str| {
            settings.board.order.iter().position(|named| named == slug).unwrap_or(settings.board.order.len())
        };
        catalog.deals.retain(|deal| !settings.board.hide.contains(&deal.slug.0));
        catalog.deals.sort_by_key(|deal| order(deal.slug.as_str()));
        Self {
            feeds: feeds::read(&files.named("feeds.toml"), &settings.poll, dir, sink),
            outlets: outlets::read(&files.named("outlets.toml"), sink),
            keys: keys::read(&files.named("keys.toml"), sink),
            economics: economics::read(&files.named("economics.toml"), &known.silicon, sink),
            settings,
            lexicon,
            catalog,
            themes,
            alerts,
            warnings: Vec::new(),
        }
    }

    /// The theme in use.
    pub fn theme(&self) -> Option<&Theme> {
        self.themes.get(&self.settings.ui.theme)
    }
}

/// A source file shared by the problems found in it.
type Shared = Arc<SourceFile>;

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_built_in_configuration_has_no_problem() {
        match Config::load(None) {
            Ok(config) => assert_eq!(config.warnings, []),
            Err(problems) => panic!("{problems}"),
        }
    }

    #[test]
    fn the_board_has_the_order_that_was_asked_for_without_what_is_hidden() {
        let settings = "[board]\norder = [\"nvidia-groq\", \"openai-amd\"]\nhide = [\"openai-aws\"]\n";
        let config = Config::load_with(None, Some(("gigawatch.toml", settings.to_owned()))).unwrap();
        let slugs: Vec<&str> = config.catalog.deals.iter().map(|deal| deal.slug.as_str()).collect();
        assert_eq!(slugs[..2], ["nvidia-groq", "openai-amd"]);
        assert!(slugs[2..].is_sorted() && !slugs.contains(&"openai-aws"));
    }

    #[test]
    fn the_built_in_order_names_every_built_in_deal_once() {
        let config = Config::load(None).unwrap();
        let slugs: Vec<&str> = config.catalog.deals.iter().map(|deal| deal.slug.as_str()).collect();
        assert_eq!(slugs, config.settings.board.order);
    }

    #[test]
    fn a_users_deal_replaces_the_built_in_one_or_is_added() {
        let dir = tempfile::tempdir().unwrap();
        let deals = dir.path().join("deals");
        fs::create_dir(&deals).unwrap();
        let deal = "name = \"Mine\"\nclass = \"silicon\"\nbuyer = \"meta\"\nprovider = \"amd\"\n\
                    [[leg]]\nkind = \"gpu\"\nowner = \"third\"\n";
        for name in ["openai-aws.toml", "mine.toml"] {
            fs::write(deals.join(name), deal).unwrap();
        }
        let built_in = Config::load(None).unwrap().catalog;
        let catalog = Config::load(Some(dir.path())).unwrap().catalog;
        assert_eq!(catalog.deals.len(), built_in.deals.len() + 1);
        assert_eq!(catalog.deal("openai-aws").unwrap().name, "Mine");
        assert_eq!(catalog.deal("mine").unwrap().legs.len(), 1);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { cases: 64, failure_persistence: None, ..Default::default() })]

        /// Whatever is done to a file, it is either read or answered with problems that can be printed.
        #[test]
        fn a_damaged_file_is_answered_and_never_a_panic(
            file in 0usize..built_in::SINGLE.len() + 2,
            at in 0.0f64..1.0,
            cut in 0usize..40,
            put in "[\\[\\]={}\"'#,.a-z0-9ü\n\t\u{1b}•-]{0,12}",
        ) {
            let extra = [built_in::DEALS[0], built_in::THEMES[1]];
            let (name, text) = built_in::SINGLE.iter().chain(&extra).nth(file).unwrap();
            let chars: Vec<char> = text.chars().collect();
            let at = (chars.len() as f64 * at) as usize;
            let (before, behind) = chars.split_at(at);
            let damaged: String =
                before.iter().copied().chain(put.chars()).chain(behind.iter().skip(cut).copied()).collect();
            if let Err(problems) = Config::load_with(None, Some((name, damaged))) {
                proptest::prop_assert!(problems.errors() > 0);
                let shown = problems.to_string();
                let clean = shown.chars().all(|c| c == '\n' || !c.is_control());
                proptest::prop_assert!(clean, "{}", shown.escape_debug());
            }
        }
    }
}

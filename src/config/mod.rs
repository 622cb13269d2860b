//! TOML files to a checked configuration and catalog, with diagnostics that point at the line.
//!
//! The defaults in `config/` are part of the program and are read by the same code as a user's files,
//! which layer over them: a deal or programme of the same name is replaced, others are added.

use std::path::Path;
use std::sync::Arc;

mod built_in;
pub mod catalog;
pub mod claims;
mod diagnostic;
mod files;
pub mod reader;

pub use diagnostic::{Diagnostics, Problem, Severity, SourceFile};

use crate::domain::deal::Catalog;
use catalog::Known;
use diagnostic::Sink;
use files::Files;

/// Everything that can be configured, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Tracked deals and programmes.
    pub catalog: Catalog,
    /// What is probably not as meant, though it can be used.
    pub warnings: Vec<Problem>,
}

impl Config {
    /// The built-in defaults with the files of `dir` over them; the defaults alone without a folder.
    ///
    /// Fails with every problem of every file if any of them is an error.
    pub fn load(dir: Option<&Path>) -> Result<Self, Diagnostics> {
        let sink = Sink::default();
        let files = Files::gather(dir, &sink);
        let config = Self::check(&files, &sink);
        let diagnostics = sink.finish();
        if diagnostics.errors() > 0 {
            return Err(diagnostics);
        }
        Ok(Self { warnings: diagnostics.problems, ..config })
    }

    fn check(files: &Files, sink: &Sink) -> Self {
        let known = Known::default();
        let catalog = catalog::read(&files.under("deals"), &files.under("programmes"), &known, sink);
        Self { catalog, warnings: Vec::new() }
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
}

//! Where files live: the folders named on the command line, else those of the XDG base directories.

use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::diagnostic::Diagnostics;

/// Name of our folder in each of the base directories.
const APP: &str = "gigawatch";

/// The folders of one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// Configuration; may not exist, then the built-in one is used.
    pub config: PathBuf,
    /// The store.
    pub data: PathBuf,
    /// Logs and what the screen remembers between runs.
    pub state: PathBuf,
}

impl Paths {
    /// The folders that were asked for, else `$XDG_CONFIG_HOME/gigawatch`, `$XDG_DATA_HOME/gigawatch` and
    /// `$XDG_STATE_HOME/gigawatch`. Whoever names a data folder finds the state there too, so that a run
    /// can be kept apart from all others. Fails without a home directory.
    pub fn find(config: Option<&Path>, data: Option<&Path>) -> Result<Self, Diagnostics> {
        if let (Some(config), Some(data)) = (config, data) {
            return Ok(Self { config: config.to_owned(), data: data.to_owned(), state: data.to_owned() });
        }
        let base = etcetera::choose_base_strategy().map_err(|_| {
            Diagnostics::of(
                "there is no home directory to keep files in",
                "set HOME, or name the folders with --config-dir and --data-dir",
            )
        })?;
        let or = |given: Option<&Path>, home: PathBuf| given.map_or_else(|| home.join(APP), Path::to_owned);
        Ok(Self {
            config: or(config, base.config_dir()),
            data: or(data, base.data_dir()),
            state: or(data, base.state_dir().unwrap_or_else(|| base.data_dir())),
        })
    }
}

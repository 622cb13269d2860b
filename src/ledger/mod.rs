//! Claims to status, shares and economics. Pure.
//!
//! [`model`] is the Threshold-Odds Ledger by itself.

pub mod model;
pub mod report;

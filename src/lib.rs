//! gigawatch: how far AI-compute deals have converted from merchant GPUs to custom silicon, read from
//! news and filings, shown live in a terminal.
//!
//! One item's way through the house:
//!
//! ```text
//! fetch ──bytes──▶ feed ──items──▶ tagger ──claims──▶ ledger ──status──▶ app ──▶ ui
//!   │ outcome        ▲ pure          ▲ pure             ▲ pure
//!   └────────── collector: when to poll; one transaction a poll into the store ─────────┘
//! ```
//!
//! Everything between bytes and status is pure and total: no IO, no clock, no async. `ARCHITECTURE.md`
//! has the map, and `tests/it/architecture.rs` guards the walls between the rooms.

pub mod app;
pub mod cli;
pub mod collector;
pub mod config;
pub mod domain;
pub mod feed;
pub mod fetch;
pub mod ledger;
pub mod runtime;
pub mod store;
pub mod tagger;
pub mod ui;

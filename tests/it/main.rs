//! One binary for every integration test: it links once.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should panic")]

mod architecture;
mod arrival;
mod catalog;
mod cli;
mod config_corpus;
mod docs_fresh;
mod documents;
mod feed;
mod live;
mod pipeline;
mod schema;
mod store;
mod support;
mod tagger;

//! One binary for every integration test: it links once.

mod architecture;
mod store;

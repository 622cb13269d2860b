//! When to poll, and one poll: fetch, feed, tagger, store.

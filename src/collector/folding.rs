//! Stories while polling: which story a new item belongs to.
//!
//! This says which items are shown and counted together, as they come. What a copy weighs is for the ledger
//! to say, which sees all of them at once.

use std::sync::{Mutex, PoisonError};

use crate::domain::item::{Item, ItemKey};
use crate::domain::story::{Sketch, Stories};
use crate::store::{Store, StoreError};

/// Newest items looked at when stories are folded after a start.
const RECALLED: u32 = 4_000;

/// The newest items and their stories, filled at the first new item.
#[derive(Debug, Default)]
pub(super) struct Folding(Mutex<Option<Stories>>);

impl Folding {
    /// Finds the story of a new item: the key of the story's first item, its own where it begins one.
    /// `known` is the story of a stored item with the same address. Blocks while the store reads.
    pub(super) fn place(
        &self,
        store: &Store,
        item: &Item,
        known: Option<&ItemKey>,
    ) -> Result<ItemKey, StoreError> {
        let sketch = Sketch::of(item);
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stories = match slot.take() {
            Some(stories) => slot.insert(stories),
            None => slot.insert(recall(store)?),
        };
        Ok(stories.place(sketch, known).head)
    }

    /// Forgets everything: what was placed last may not have been stored.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

fn recall(store: &Store) -> Result<Stories, StoreError> {
    let mut stories = Stories::default();
    for (item, head) in store.recent_stories(RECALLED).wait()?.iter().rev() {
        stories.recall(Sketch::of(item), head);
    }
    Ok(stories)
}

//! Stories while polling: which story a new item belongs to, and who told it first.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crate::domain::claim::Claim;
use crate::domain::item::{Item, ItemKey};
use crate::domain::story::{Place, Sketch, Stories};
use crate::store::{Store, StoreError};

/// Newest items looked at when stories are folded after a start.
const RECALLED: u32 = 4_000;
/// Tellers remembered before the store is asked again.
const TELLERS: usize = 4_096;

/// The newest items and their stories, filled at the first new item.
#[derive(Debug, Default)]
pub(super) struct Folding(Mutex<Option<Known>>);

#[derive(Debug)]
struct Known {
    stories: Stories,
    /// The informant of each story that a newsroom, or somebody unknown, told first.
    tellers: HashMap<ItemKey, String>,
}

impl Folding {
    /// Finds the story of a new item and makes its claims belong to it. `known` is the story of a stored
    /// item with the same address. An outlet that retells a story word for word is no informant of its
    /// own: its claims get the first teller's origin. Blocks while the store reads.
    pub(super) fn place(
        &self,
        store: &Store,
        item: &Item,
        known: Option<&ItemKey>,
        claims: &mut [Claim],
    ) -> Result<Place, StoreError> {
        let sketch = Sketch::of(item);
        let mut slot = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let state = match slot.take() {
            Some(state) => slot.insert(state),
            None => slot.insert(recall(store)?),
        };
        let place = state.stories.place(sketch, known);
        belong(claims, &item.key, &place.head);
        let told = claims.iter().map(|claim| &claim.origin).find(|origin| is_teller(origin));
        if place.copies {
            let teller = match state.tellers.get(&place.head) {
                Some(teller) => Some(teller.clone()),
                None => store.origins(&place.head).wait()?.into_iter().find(|origin| is_teller(origin)),
            };
            if let Some(teller) = teller {
                for claim in claims.iter_mut().filter(|claim| is_teller(&claim.origin)) {
                    claim.origin.clone_from(&teller);
                }
            }
        } else if let Some(told) = told {
            if state.tellers.len() >= TELLERS {
                state.tellers.clear();
            }
            state.tellers.entry(place.head.clone()).or_insert_with(|| told.clone());
        }
        Ok(place)
    }

    /// Forgets everything: what was placed last may not have been stored.
    pub(super) fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Makes claims that were read from `item` belong to the story that begins with `head`.
pub(super) fn belong(claims: &mut [Claim], item: &ItemKey, head: &ItemKey) {
    for claim in claims {
        claim.story.clone_from(&head.0);
        if let Some(stem) = claim.origin.strip_suffix(item.0.as_str()) {
            claim.origin = format!("{stem}{}", head.0);
        }
    }
}

/// Whether an informant is whoever tells the story, not somebody named in it.
fn is_teller(origin: &str) -> bool {
    origin.starts_with("newsroom:") || origin.starts_with("unknown:")
}

fn recall(store: &Store) -> Result<Known, StoreError> {
    let mut stories = Stories::default();
    for (item, head) in store.recent_stories(RECALLED).wait()?.iter().rev() {
        stories.recall(Sketch::of(item), head);
    }
    Ok(Known { stories, tellers: HashMap::new() })
}

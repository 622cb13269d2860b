//! One poll of one feed: fetch, read, tag, store.

use std::time::Instant;

use sha2::{Digest, Sha256};

use super::health::habit_of;
use super::report::{Polled, Report};
use super::request::{authority, request};
use super::schedule::{fail, jitter, note_move, succeed};
use super::{Collector, Sink};
use crate::config::feeds::Feed;
use crate::domain::item::{Item, ItemKey};
use crate::domain::text::DisplayText;
use crate::domain::time::Timestamp;
use crate::feed::{self, NotFeed, Unreadable};
use crate::fetch::{Document, Failure, FailureKind, Outcome};
use crate::store::{
    Body, Committed, FeedState, NewItem, PollCommit, PollLog, Reply, Revised, Standing, StoreError,
};

/// What reading a document came to.
struct Read {
    commit: PollCommit,
    seen: usize,
    repairs: Vec<&'static str>,
}

impl Collector {
    /// Polls one feed, whether it is due or not, and stores what came of it. `state` is the feed as it
    /// is stored, `moment` the time on the schedule.
    pub(super) async fn poll_feed(
        &self,
        feed: &Feed,
        state: FeedState,
        moment: Timestamp,
        sink: &Sink,
    ) -> Polled {
        let (ask, at) = (feed.clone(), state.clone());
        // A secret may come from a command.
        let request = match feed.auth {
            None => request(feed, &state, moment),
            Some(_) => blocking(move || request(&ask, &at, moment)).await.unwrap_or_else(Err),
        };
        let request = match request {
            Ok(request) => request,
            Err(failure) => return self.end(feed, state, moment, Instant::now(), 0, Err(failure)).await,
        };
        let mut leave = self.0.hosts.enter(&authority(&request.url), state.failures > 0).await;
        sink.tell(Report::PollStarted { feed: feed.id.clone() }).await;
        let begun = Instant::now();
        let outcome = self.0.fetcher.fetch(&request).await;
        leave.leave_host();
        let mut state = state;
        match outcome {
            Outcome::Failed(failure) => self.end(feed, state, moment, begun, 0, Err(failure)).await,
            Outcome::NotModified { moved_to } => {
                note_move(&mut state, &request.url, moved_to.as_deref(), moment);
                self.end(feed, state, moment, begun, 0, Ok(None)).await
            }
            Outcome::Document(document) => {
                let (bytes, url, moved_to) = (document.bytes.len(), request.url, document.moved_to.clone());
                let read = self.read(feed, &state, document, moment).await;
                if let Ok(read) = &read {
                    if let Some(after) = &read.commit.state {
                        state.clone_from(after);
                    }
                    note_move(&mut state, &url, moved_to.as_deref(), moment);
                }
                self.end(feed, state, moment, begun, bytes, read.map(Some)).await
            }
        }
    }

    /// Reads a document where blocking is allowed, as many at once as there are processors.
    async fn read(
        &self,
        feed: &Feed,
        state: &FeedState,
        document: Document,
        moment: Timestamp,
    ) -> Result<Read, Failure> {
        let permit = self.0.readers.acquire().await;
        let (collector, feed, state) = (self.clone(), feed.clone(), state.clone());
        let read = blocking(move || collector.read_now(&feed, state, &document, moment)).await;
        drop(permit);
        read?
    }

    fn read_now(
        &self,
        feed: &Feed,
        mut state: FeedState,
        document: &Document,
        moment: Timestamp,
    ) -> Result<Read, Failure> {
        let digest = Sha256::digest(&document.bytes).to_vec();
        let unchanged = state.body_digest.as_ref() == Some(&digest);
        state.validators.clone_from(&document.validators);
        state.full_at = Some(moment);
        state.body_digest = Some(digest);
        let commit = PollCommit { now: moment, ..PollCommit::default() };
        if unchanged {
            let seen = state.entries as usize;
            return Ok(Read {
                commit: PollCommit { state: Some(state), ..commit },
                seen,
                repairs: Vec::new(),
            });
        }
        let known = feed::read(&feed::Document {
            bytes: &document.bytes,
            content_type: document.content_type.as_deref(),
            base_url: Some(&document.url),
        })
        .map_err(|unreadable| why(&unreadable))?;
        let context = feed::Context {
            feed_id: &feed.id,
            tier: Some(feed.tier),
            outlets: &self.0.outlets,
            now: self.0.clock.now(),
        };
        let mut items = feed::items(&known, &context);
        items.truncate(self.0.poll.item_limit);
        let repairs = known.repairs.iter().map(|repair| repair.describe()).collect();
        drop(known);
        let (newest, habit) = habit_of(&items);
        state.newest = newest.max(state.newest);
        state.habit = habit.or(state.habit);
        let seen = items.len();
        state.entries = seen as u64;
        let (new, revised) = self.compare(items, moment).map_err(|error| store_failure(&error))?;
        Ok(Read { commit: PollCommit { state: Some(state), new, revised, ..commit }, seen, repairs })
    }

    /// Stores items that came from elsewhere than a poll. Blocks while it compares them with what is
    /// stored; the writing goes on behind the reply.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn take_in(&self, items: Vec<Item>) -> Result<Reply<Committed>, StoreError> {
        let now = self.0.clock.now();
        let (new, revised) = self.compare(items, now)?;
        Ok(self.0.store.commit(PollCommit { new, revised, now, ..PollCommit::default() }))
    }

    /// Sorts items into new, revised and known ones and tags the first two. Blocks.
    fn compare(
        &self,
        items: Vec<Item>,
        moment: Timestamp,
    ) -> Result<(Vec<NewItem>, Vec<Revised>), StoreError> {
        let (items, standings) = self.0.store.standing(items).wait()?;
        let (mut new, mut revised) = (Vec::new(), Vec::new());
        for (item, standing) in items.into_iter().zip(standings) {
            match standing {
                Standing::Same => {}
                Standing::New { story } => new.push(self.tag_new(item, story.as_ref(), moment)?),
                Standing::Revised { text } => revised.push(self.tag_revised(item, text)),
            }
        }
        Ok((new, revised))
    }

    fn tag_new(
        &self,
        mut item: Item,
        known: Option<&ItemKey>,
        moment: Timestamp,
    ) -> Result<NewItem, StoreError> {
        let tagged = self.0.tagger.tag(&item);
        let subjects = subjects_of(&tagged);
        let claims = tagged.claims;
        let head = self.0.folding.place(&self.0.store, &item, known)?;
        // A feed's own full text is kept where there is something to read in it.
        let body = item.text.take().filter(|_| !subjects.is_empty()).map(|text| Body {
            at: moment,
            kind: "feed".to_owned(),
            url: item.url.clone().unwrap_or_default(),
            text: Some(text),
        });
        let story = (head != item.key).then_some(head);
        Ok(NewItem { item, story, subjects, claims, body })
    }

    /// Tags an item's new text, together with the page behind it if that was read.
    fn tag_revised(&self, mut item: Item, page: Option<DisplayText>) -> Revised {
        item.text = item.text.or(page);
        let tagged = self.0.tagger.tag(&item);
        let subjects = subjects_of(&tagged);
        Revised { item, subjects, claims: tagged.claims }
    }

    /// Ends a poll: writes down how it went, in one transaction with what was read.
    async fn end(
        &self,
        feed: &Feed,
        mut state: FeedState,
        moment: Timestamp,
        begun: Instant,
        bytes: usize,
        outcome: Result<Option<Read>, Failure>,
    ) -> Polled {
        let before = state.clone();
        let jitter = jitter(&feed.id, moment);
        let mut polled = Polled {
            state: FeedState::default(),
            ok: outcome.is_ok(),
            recovered: outcome.is_ok() && state.failures > 0,
            not_modified: matches!(outcome, Ok(None)),
            seen: 0,
            committed: Committed::default(),
            repairs: Vec::new(),
            store_error: None,
        };
        let mut commit = PollCommit { now: moment, ..PollCommit::default() };
        match outcome {
            Ok(None) => succeed(&mut state, "not-modified", feed.every, moment, jitter),
            Ok(Some(read)) => {
                succeed(&mut state, "ok", feed.every, moment, jitter);
                polled.seen = read.seen;
                polled.repairs = read.repairs;
                commit = read.commit;
            }
            Err(failure) => fail(&mut state, &failure, feed.every, moment, jitter),
        }
        commit.log = Some(PollLog {
            feed: feed.id.clone(),
            at: moment,
            kind: state.last_kind.clone(),
            detail: state.last_detail.clone(),
            millis: begun.elapsed().as_millis() as u64,
            bytes: bytes as u64,
            seen: polled.seen as u64,
            new: 0,
        });
        commit.state = Some(state.clone());
        match self.0.store.commit(commit).await {
            Ok(committed) => polled.committed = committed,
            Err(error) => {
                // Nothing was written, so nothing may be remembered: the next poll asks for all of it.
                state = before;
                fail(&mut state, &store_failure(&error), feed.every, moment, jitter);
                polled.ok = false;
                polled.store_error = Some(error);
                self.0.folding.forget();
            }
        }
        state.items += polled.committed.items as u64;
        tracing::info!(
            feed = %feed.id, outcome = %state.last_kind, bytes, seen = polled.seen, new = polled.committed.items,
            ms = begun.elapsed().as_millis() as u64, "polled"
        );
        polled.state = state;
        polled
    }
}

pub(super) fn subjects_of(tagged: &crate::tagger::Tagged) -> Vec<String> {
    let deals = tagged.deals.iter().map(|deal| deal.slug.0.clone());
    deals.chain(tagged.programmes.iter().cloned()).collect()
}

fn why(unreadable: &Unreadable) -> Failure {
    let kind = match unreadable.kind {
        NotFeed::Empty => FailureKind::Empty,
        NotFeed::Broken | NotFeed::Binary | NotFeed::Compressed => FailureKind::Unreadable,
        NotFeed::Wall => FailureKind::Denied,
        _ => FailureKind::NotAFeed,
    };
    Failure::told(kind, &unreadable.to_string())
}

fn store_failure(error: &StoreError) -> Failure {
    Failure::told(FailureKind::Store, &error.to_string())
}

/// Runs `work` where blocking is allowed. A panic in it is a failure of this poll and of nothing else.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|_| {
        Failure::new(FailureKind::Unreadable, "reading the document failed inside (please report this)")
    })
}

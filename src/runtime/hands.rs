//! All processors for one piece of work that can be cut up.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Calls `work` once for each number below `count`, on as many threads as there are processors, and comes
/// back when all are done.
///
/// # Panics
/// Where `work` does.
pub fn at_once(count: usize, work: &(dyn Fn(usize) + Sync)) {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = AtomicUsize::new(0);
    let take = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                break;
            }
            work(number);
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..processors.min(count) {
            scope.spawn(take);
        }
        take();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_is_done_once() {
        for count in [0, 1, 2, 1000] {
            let done: Vec<AtomicUsize> = (0..count).map(|_| AtomicUsize::new(0)).collect();
            at_once(count, &|number| {
                done[number].fetch_add(1, Ordering::Relaxed);
            });
            assert!(done.iter().all(|times| times.load(Ordering::Relaxed) == 1));
        }
    }
}

//! When a frame may be drawn: at once after a quiet time or a key, at most every 16 ms in a busy one, and
//! always once more after the last change.

use std::time::Duration;

use tokio::time::Instant;

/// Decides when the next frame is due.
#[derive(Debug)]
pub(crate) struct FrameGate {
    dirty: bool,
    /// A key waits to be seen.
    hurried: bool,
    /// When the last frame was begun and how long to leave it alone.
    last: Option<(Instant, Duration)>,
}

impl FrameGate {
    /// The shortest time between two frames: one frame of a 60 Hz screen.
    const GAP: Duration = Duration::from_millis(16);
    /// The same while a key waits: what a person does is not kept waiting by what feeds do.
    const KEY_GAP: Duration = Duration::from_millis(3);
    /// A slow terminal must not be given frames more often than this.
    const WIDEST_GAP: Duration = Duration::from_millis(500);

    /// A gate whose first frame is due at once.
    pub(crate) fn new() -> Self {
        Self { dirty: true, hurried: false, last: None }
    }

    /// Notes that something visible has changed (or not).
    pub(crate) fn mark(&mut self, dirty: bool) {
        self.dirty |= dirty;
    }

    /// Notes that a key was taken: the frame that shows it does not wait its turn, unless the terminal is
    /// slower than its turns.
    pub(crate) fn hurry(&mut self) {
        self.hurried = true;
    }

    /// When the next frame is due; `None` while nothing has changed.
    pub(crate) fn due(&self, now: Instant) -> Option<Instant> {
        let wait = |gap| if self.hurried && gap == Self::GAP { Self::KEY_GAP } else { gap };
        self.dirty.then(|| self.last.map_or(now, |(last, gap)| last + wait(gap)))
    }

    /// Notes a frame that was begun at `begun` and took `took` to draw and write. Over a slow line the
    /// gap grows to twice that time, so that keys are read between frames.
    pub(crate) fn drawn(&mut self, begun: Instant, took: Duration) {
        self.dirty = false;
        self.hurried = false;
        self.last = Some((begun, (took * 2).clamp(Self::GAP, Self::WIDEST_GAP)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_frame_is_due_at_once_and_the_next_after_the_gap() {
        let start = Instant::now();
        let mut gate = FrameGate::new();
        assert_eq!(gate.due(start), Some(start));
        gate.drawn(start, Duration::from_millis(1));
        assert_eq!(gate.due(start), None);
        gate.mark(false);
        assert_eq!(gate.due(start), None);
        gate.mark(true);
        assert_eq!(gate.due(start), Some(start + FrameGate::GAP));
    }

    #[test]
    fn a_key_does_not_wait_its_turn_behind_what_comes_in() {
        let start = Instant::now();
        let mut gate = FrameGate::new();
        gate.drawn(start, Duration::from_millis(1));
        gate.mark(true);
        gate.hurry();
        assert_eq!(gate.due(start), Some(start + FrameGate::KEY_GAP));
        gate.drawn(start, Duration::from_millis(1));
        gate.mark(true);
        assert_eq!(gate.due(start), Some(start + FrameGate::GAP), "one key hurries one frame");
        // Over a slow line frames would pile up.
        gate.drawn(start, Duration::from_millis(100));
        gate.mark(true);
        gate.hurry();
        assert_eq!(gate.due(start), Some(start + Duration::from_millis(200)));
    }

    #[test]
    fn a_slow_terminal_gets_fewer_frames() {
        let start = Instant::now();
        let mut gate = FrameGate::new();
        gate.drawn(start, Duration::from_millis(100));
        gate.mark(true);
        assert_eq!(gate.due(start), Some(start + Duration::from_millis(200)));
    }
}

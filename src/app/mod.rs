//! The screen's brain: Command, Event, Effect, State. Knows neither ratatui nor tokio.

//! SQLite on its own threads: migrations, one transaction a poll.

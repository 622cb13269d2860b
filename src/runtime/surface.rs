//! Where frames go: one write a frame.

use std::io::{self, Write};

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Size};

use super::painter::Painter;
use super::terminal::{self, TerminalSession};

/// Something that can show frames.
pub(crate) trait Surface {
    /// Columns and rows now.
    fn size(&mut self) -> io::Result<Size>;
    /// Shows a frame, and the cursor where a prompt has it.
    fn present(&mut self, frame: &Buffer, cursor: Option<Position>) -> io::Result<()>;
    /// Makes the next frame a whole one.
    fn invalidate(&mut self);
    /// Writes an escape sequence as it is (clipboard, notices).
    fn escape(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Has the terminal report the mouse, or no longer.
    fn listen_to_mouse(&mut self, on: bool) -> io::Result<()>;
    /// Gives the window a title; the one before comes back when the terminal is given back.
    fn entitle(&mut self, title: &str) -> io::Result<()>;
    /// Gives the terminal back, stops the program, and takes the terminal again when it continues.
    fn suspend(&mut self) -> io::Result<()>;
    /// Takes the terminal again after somebody else stopped and continued the program.
    fn recover(&mut self) -> io::Result<()>;
}

/// The real terminal.
pub(crate) struct Tty {
    painter: Painter,
    session: TerminalSession,
    /// The window's title as it was last set.
    title: String,
}

impl Tty {
    pub(crate) fn new(session: TerminalSession) -> Self {
        Self { painter: Painter::new(), session, title: String::new() }
    }
}

impl Surface for Tty {
    fn size(&mut self) -> io::Result<Size> {
        let (width, height) = crossterm::terminal::size()?;
        Ok(Size { width, height })
    }

    fn present(&mut self, frame: &Buffer, cursor: Option<Position>) -> io::Result<()> {
        let bytes = self.painter.paint(frame, cursor);
        if bytes.is_empty() {
            return Ok(());
        }
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    fn invalidate(&mut self) {
        self.painter.invalidate();
    }

    fn escape(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    fn listen_to_mouse(&mut self, on: bool) -> io::Result<()> {
        self.session.listen_to_mouse(on)
    }

    fn entitle(&mut self, title: &str) -> io::Result<()> {
        if self.title == title {
            return Ok(());
        }
        title.clone_into(&mut self.title);
        terminal::entitle(title)
    }

    fn suspend(&mut self) -> io::Result<()> {
        self.title.clear();
        terminal::leave()?;
        // STOP and not TSTP: TSTP has a handler here, and the whole group stops as a shell expects it.
        rustix::process::kill_current_process_group(rustix::process::Signal::STOP)?;
        self.session.resume()?;
        self.invalidate();
        Ok(())
    }

    fn recover(&mut self) -> io::Result<()> {
        terminal::leave()?;
        self.session.resume()?;
        self.invalidate();
        Ok(())
    }
}

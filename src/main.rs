//! The `gigawatch` program. Everything lives in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    gigawatch::cli::main()
}

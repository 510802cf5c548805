//! Parses the command line, runs the command, and turns its outcome into the exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    msvc::cli::main()
}

//! The integration tests, in one binary: they run msvc as a user does.

mod git;

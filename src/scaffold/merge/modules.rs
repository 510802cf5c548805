//! Modules of Rust are declared in the order of their names, as rustfmt wants it, also where two sides added some.

/// `text` with each run of lines such as `pub mod order;` sorted.
pub(super) fn sorted(text: &str) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut sorted = String::with_capacity(text.len());
    for run in lines.chunk_by(|a, b| name(a).is_some() && name(b).is_some()) {
        let mut run = run.to_vec();
        run.sort_by_key(|line| name(line));
        run.dedup();
        sorted.extend(run);
    }
    sorted
}

/// The module that a line declares.
fn name(line: &str) -> Option<&str> {
    let line = line.trim_end();
    line.strip_prefix("pub mod ").or_else(|| line.strip_prefix("mod "))?.strip_suffix(';')
}

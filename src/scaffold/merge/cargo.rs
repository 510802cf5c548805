//! Cargo.toml holds each key once: what the user added already is not added by the template again.

use std::collections::BTreeSet;

/// `theirs` without the lines that add a key which `ours` added too: the user's version and features stand.
pub(super) fn without_what_is_there(base: &str, ours: &str, theirs: &str) -> String {
    let keys = |text| keys(text).flatten().collect::<BTreeSet<_>>();
    let (old, here) = (keys(base), keys(ours));
    let added = |key: &Option<(String, String)>| key.as_ref().is_some_and(|k| here.contains(k) && !old.contains(k));
    let lines = theirs.split_inclusive('\n').zip(self::keys(theirs));
    lines.filter(|(_, key)| !added(key)).map(|(line, _)| line).collect()
}

/// For each line the table and the key that it sets, if it sets one.
fn keys(text: &str) -> impl Iterator<Item = Option<(String, String)>> {
    let mut table = String::new();
    text.split_inclusive('\n').map(move |line| {
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            header.trim_matches('[').clone_into(&mut table);
            // `[dependencies.uuid]` sets `uuid` in `[dependencies]`.
            return table.rsplit_once('.').map(|(outer, key)| (outer.to_owned(), key.to_owned()));
        }
        let whole = line.matches('[').count() == line.matches(']').count();
        let key = line.split(['=', '.', ' ']).next().filter(|key| !key.is_empty() && !key.starts_with('#'))?;
        (whole && line.contains('=')).then(|| (table.clone(), key.to_owned()))
    })
}

//! Adds a service to `uses`.

use super::places::Entry;
use super::text::Text;
use super::{LATER, edit};
use crate::error::{Error, Result};
use crate::project::load::parse_service;
use crate::project::{DnsLabel, FILE, Service};

/// Adds `name` to the services that `service` uses; nothing changes where it is there already.
///
/// # Errors
/// The text can't be edited safely (exit code 2, with what to add by hand).
pub fn add_use(text: &str, service: &Service, name: &DnsLabel) -> Result<(String, Service)> {
    if service.uses.contains(name) {
        return Ok((text.to_owned(), service.clone()));
    }
    let mut wanted = service.clone();
    wanted.uses.push(name.clone());
    let edited = edit(text, |document, text| match document.get("uses") {
        None => {
            text.insert_before(document, &LATER[1..], &[format!("uses: [{name}]")]);
            Some(())
        }
        Some(list) => append(text, list, name.as_str()),
    });
    match edited {
        Some(text) if parse_service(&text, FILE).is_ok_and(|read| read == wanted) => Ok((text, wanted)),
        _ => Err(Error::usage(format!("{FILE} is written in a way that msvc can't safely edit"))
            .hint(format!("add `{name}` to `uses:` by hand"))
            .hint(format!("`msvc add dependency {name}` then brings the code up to it"))),
    }
}

/// Behind the last item, in brackets or on a line of its own.
fn append(text: &mut Text, list: &Entry, name: &str) -> Option<()> {
    let (line, at) = text.closing_bracket(list)?;
    match at {
        Some(at) => text.append_item(line, at, name),
        None => text.append_dash(line, name),
    }
}

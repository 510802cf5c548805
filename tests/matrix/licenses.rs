//! What generated services may be made of: crates of crates.io, under the licences that their own deny.toml allows.
//!
//! It is what `cargo deny check licenses sources` says (`just deny`), without a tool that takes longer to install than
//! the whole test. Advisories need a database on the network; they are not looked up here.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub fn check(dir: &Path) {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--offline", "--format-version", "1", "--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(dir)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let used: BTreeSet<&str> =
        metadata["resolve"]["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap()).collect();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let allowed = allowed();
    let mut refused = Vec::new();
    for package in packages.filter(|package| used.contains(package["id"].as_str().unwrap())) {
        let Some(source) = package["source"].as_str() else { continue };
        let license = package["license"].as_str().unwrap_or_default();
        if source != REGISTRY || !fits(license, &allowed) {
            refused.push(format!("{} ({license}) from {source}", package["name"]));
        }
    }
    assert!(refused.is_empty(), "deny.toml does not allow {refused:#?}");
}

/// The list `allow` of deny.toml.
fn allowed() -> BTreeSet<String> {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/project/deny.toml"));
    let text = text.unwrap();
    let list = text.split_once("allow = [").unwrap().1.split_once(']').unwrap().0;
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether an expression of licences can be satisfied: one side of each OR, both of each AND.
fn fits(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let expression = expression.trim();
    if let Some(inner) = expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')'))
        && !inner.contains(['(', ')'])
    {
        return fits(inner, allowed);
    }
    for (operator, any) in [(" OR ", true), ("/", true), (" AND ", false)] {
        let parts = outside_parentheses(expression, operator);
        if parts.len() > 1 {
            let mut parts = parts.into_iter().map(|part| fits(part, allowed));
            return if any { parts.any(|fits| fits) } else { parts.all(|fits| fits) };
        }
    }
    allowed.contains(expression)
}

fn outside_parentheses<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0);
    for (place, letter) in text.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && place >= start && text[place..].starts_with(separator) => {
                parts.push(&text[start..place]);
                start = place + separator.len();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

#[test]
fn expressions_of_licenses_are_understood() {
    let allowed: BTreeSet<String> = ["MIT", "ISC"].map(str::to_owned).into();
    for good in ["MIT", "GPL-3.0 OR MIT", "MIT/GPL-3.0", "(GPL-3.0 OR MIT) AND ISC", "MIT AND (ISC OR GPL-3.0)"] {
        assert!(fits(good, &allowed), "{good}");
    }
    for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "(GPL-3.0 OR MIT) AND GPL-2.0"] {
        assert!(!fits(bad, &allowed), "{bad}");
    }
}

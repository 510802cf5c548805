//! Cargo.lock comes with the template, so that the first build takes the versions that were tested. Cargo wants
//! its packages in the order of their names, and a service's name is only known when it is generated.

/// `text` with its `[[package]]` tables, and the dependencies in each, sorted as cargo sorts them.
pub(super) fn sort(text: &str) -> String {
    // Other tables may follow the packages where the user patches some: cargo itself sorts that one.
    if text.contains("[[patch.") {
        return text.to_owned();
    }
    let mut parts = text.split("[[package]]\n");
    let head = parts.next().unwrap_or_default();
    let mut packages: Vec<&str> = parts.map(str::trim_end).collect();
    packages.sort_by_key(|package| (value(package, "name"), version(package), value(package, "source")));
    let mut sorted = head.trim_end().to_owned() + "\n";
    for package in packages {
        sorted.push_str("\n[[package]]\n");
        sorted.push_str(&with_sorted_dependencies(package));
        sorted.push('\n');
    }
    sorted
}

fn with_sorted_dependencies(package: &str) -> String {
    const OPEN: &str = "dependencies = [\n";
    let parts = package.split_once(OPEN).and_then(|(head, rest)| Some((head, rest.split_once(']')?)));
    let Some((head, (list, tail))) = parts else { return package.to_owned() };
    let mut list: Vec<&str> = list.lines().collect();
    list.sort_unstable();
    list.dedup();
    let list: String = list.into_iter().flat_map(|line| [line, "\n"]).collect();
    format!("{head}{OPEN}{list}]{tail}")
}

fn value<'a>(package: &'a str, key: &str) -> &'a str {
    package.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = ")).unwrap_or_default()
}

/// The numbers of the version, so that 0.9 comes before 0.10.
fn version(package: &str) -> Vec<u64> {
    let text = value(package, "version").trim_matches('"');
    text.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::sort;

    #[test]
    fn packages_are_sorted_by_name_then_version() {
        let lock = "version = 4\n\n[[package]]\nname = \"zeta\"\nversion = \"0.1.0\"\n\n[[package]]\nname = \"b\"\nversion = \"0.10.0\"\n\n[[package]]\nname = \"b\"\nversion = \"0.9.1\"\n";
        assert_eq!(
            sort(lock),
            "version = 4\n\n[[package]]\nname = \"b\"\nversion = \"0.9.1\"\n\n[[package]]\nname = \"b\"\nversion = \"0.10.0\"\n\n[[package]]\nname = \"zeta\"\nversion = \"0.1.0\"\n"
        );
        assert_eq!(sort(&sort(lock)), sort(lock));
    }
}

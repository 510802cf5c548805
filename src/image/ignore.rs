//! `.dockerignore` by Docker's rules, which are not git's: patterns are anchored at the context's root, the last one
//! that matches decides, and `!` takes back.

use regex::Regex;

use crate::error::{Error, Result};

/// What a context leaves out.
#[derive(Debug, Default)]
pub(super) struct Ignore {
    patterns: Vec<Pattern>,
    /// An exception has wildcards, so that any folder may hold what it takes back.
    exceptions_anywhere: bool,
}

#[derive(Debug)]
struct Pattern {
    regex: Regex,
    text: String,
    exception: bool,
}

/// What the patterns said of a folder: its files need to know.
#[derive(Debug, Clone, Default)]
pub(super) struct Verdict {
    /// Whether the path is left out.
    pub ignored: bool,
    /// Which patterns match the path or a folder above it.
    matched: Vec<bool>,
}

impl Ignore {
    /// Reads the patterns; `origin` names the file in errors.
    ///
    /// # Errors
    /// A pattern that is none (exit code 2, with its line).
    pub(super) fn parse(text: &str, origin: &str) -> Result<Self> {
        let mut ignore = Self::default();
        for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            let pattern = Pattern::parse(line.trim()).map_err(|why| {
                Error::invalid(format!("`{}` is not a pattern of files", line.trim()))
                    .cause(format!("{origin}:{}: {why}", number + 1))
            })?;
            let wild = pattern.text.trim_end_matches("/**").trim_end_matches("/*").contains(['*', '?', '[', '\\']);
            ignore.exceptions_anywhere |= pattern.exception && wild;
            ignore.patterns.push(pattern);
        }
        Ok(ignore)
    }

    /// What the patterns say of `path`, relative to the context's root; `above` is the verdict on its folder.
    pub(super) fn verdict(&self, path: &str, above: &Verdict) -> Verdict {
        let mut verdict = Verdict { ignored: false, matched: vec![false; self.patterns.len()] };
        for (i, pattern) in self.patterns.iter().enumerate() {
            let above = above.matched.get(i).copied().unwrap_or(false);
            // A pattern that could only confirm what holds already is not asked, so that its match does not reach
            // the files below; this is how the engine's own tools do it.
            let matched = above || (pattern.exception == verdict.ignored && pattern.regex.is_match(path));
            verdict.matched[i] = matched;
            if matched {
                verdict.ignored = !pattern.exception;
            }
        }
        verdict
    }

    /// Whether an ignored folder may hold files that an exception takes back.
    pub(super) fn may_hold_exceptions(&self, folder: &str) -> bool {
        let folder = format!("{folder}/");
        self.exceptions_anywhere
            || self.patterns.iter().any(|p| p.exception && format!("{}/", p.text).starts_with(&folder))
    }
}

impl Pattern {
    fn parse(line: &str) -> std::result::Result<Self, String> {
        let (exception, rest) = match line.strip_prefix('!') {
            Some(rest) => (true, rest.trim()),
            None => (false, line),
        };
        if rest.is_empty() {
            return Err("nothing stands behind the `!`".to_owned());
        }
        let text = clean(rest);
        let text = if text.len() > 1 { text.trim_start_matches('/').to_owned() } else { text };
        let regex = Regex::new(&to_regex(&text)?).map_err(|_| "its brackets say nothing".to_owned())?;
        Ok(Self { regex, text, exception })
    }
}

/// The shortest path of the same meaning: without `.`, `..` as far as they can be followed, and doubled slashes.
fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|p| !p.is_empty() && *p != ".") {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            ("..", None) if rooted => {}
            _ => parts.push(part),
        }
    }
    match (rooted, parts.is_empty()) {
        (true, _) => format!("/{}", parts.join("/")),
        (false, true) => ".".to_owned(),
        (false, false) => parts.join("/"),
    }
}

/// `*` and `?` stay within a name, `**` goes through folders, none included; `[a-z]` and `\` as in a shell.
fn to_regex(pattern: &str) -> std::result::Result<String, String> {
    let mut regex = String::from("^");
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.peek() == Some(&'*') => {
                chars.next();
                if chars.peek() == Some(&'/') {
                    chars.next();
                    // Through folders and again through folders is no more than once.
                    while chars.clone().take(3).eq("**/".chars()) {
                        chars.nth(2);
                    }
                }
                regex.push_str(if chars.peek().is_none() { ".*" } else { "(.*/)?" });
            }
            '*' => regex.push_str("[^/]*"),
            '?' => regex.push_str("[^/]"),
            '[' => regex.push_str(&class(&mut chars)?),
            '\\' => match chars.next() {
                Some(escaped) => regex.push_str(&regex::escape(&escaped.to_string())),
                None => return Err("it ends in a lone `\\`".to_owned()),
            },
            other => regex.push_str(&regex::escape(&other.to_string())),
        }
    }
    regex.push('$');
    Ok(regex)
}

/// A class of characters, from behind its `[` up to its `]`.
fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> std::result::Result<String, String> {
    let mut class = String::from("[");
    if chars.next_if_eq(&'^').is_some() {
        class.push('^');
    }
    let open = class.len();
    loop {
        match chars.next() {
            None => return Err("its `[` is never closed".to_owned()),
            Some(']') if class.len() == open => return Err("its `[]` is empty".to_owned()),
            Some(']') => break,
            Some('\\') => match chars.next() {
                Some(escaped) => class.push_str(&literal(escaped)),
                None => return Err("it ends in a lone `\\`".to_owned()),
            },
            Some('-') => class.push('-'),
            Some(other) => class.push_str(&literal(other)),
        }
    }
    class.push(']');
    Ok(class)
}

/// A character that stands for itself in a class.
fn literal(c: char) -> String {
    if c.is_ascii_punctuation() { format!("\\{c}") } else { c.to_string() }
}

#[cfg(test)]
mod tests {
    use super::{Ignore, Verdict, clean};

    fn ignored(patterns: &str, path: &str) -> bool {
        let ignore = Ignore::parse(patterns, ".dockerignore").unwrap();
        let mut verdict = Verdict::default();
        let mut so_far = String::new();
        for part in path.split('/') {
            so_far = if so_far.is_empty() { part.to_owned() } else { format!("{so_far}/{part}") };
            verdict = ignore.verdict(&so_far, &verdict);
        }
        verdict.ignored
    }

    #[test]
    fn patterns_are_anchored_and_the_last_match_decides() {
        let cases: [(&str, &str, bool); 22] = [
            ("target", "target/debug/x", true),
            ("target", "a/target", false),
            ("**/target", "a/b/target/x", true),
            ("**/target", "target", true),
            ("/target/", "target/x", true),
            ("*.md", "a.md", true),
            ("*.md", "docs/a.md", false),
            ("**/*.md", "docs/a.md", true),
            ("*.md\n!README.md", "README.md", false),
            ("!README.md\n*.md", "README.md", true),
            ("docs\n!docs/keep", "docs/keep", false),
            ("docs\n!docs/keep", "docs/other", true),
            ("a?c", "abc", true),
            ("a?c", "a/c", false),
            ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("a.c", "abc", false),
            ("#a", "#a", false),
            ("\\#a", "#a", true),
            ("a/**", "a/b/c", true),
            ("a/**", "a", false),
            ("*/*/temp", "x/y/temp", true),
        ];
        for (patterns, path, expected) in cases {
            assert_eq!(ignored(patterns, path), expected, "{patterns:?} on {path}");
        }
    }

    #[test]
    fn folders_with_exceptions_are_entered() {
        let plain = Ignore::parse("*\n!src/main.rs", "").unwrap();
        assert!(plain.may_hold_exceptions("src"));
        assert!(!plain.may_hold_exceptions("docs"));
        assert!(Ignore::parse("*\n!**/*.rs", "").unwrap().may_hold_exceptions("docs"));
    }

    #[test]
    fn patterns_may_be_deep() {
        let deep = "a/".repeat(5000) + "b";
        let ignore = Ignore::parse(&format!("{deep}\n{}c\n", "**/".repeat(5000)), "").unwrap();
        assert!(ignore.verdict(&deep, &Verdict::default()).ignored);
        assert!(ignore.verdict("x/y/c", &Verdict::default()).ignored);
        assert!(!ignore.verdict("x/y/d", &Verdict::default()).ignored);
    }

    #[test]
    fn bad_patterns_are_told_with_their_line() {
        for bad in ["!", "a[", "a[]", "a\\"] {
            let error = Ignore::parse(&format!("ok\n{bad}\n"), ".dockerignore").unwrap_err();
            assert!(error.causes[0].starts_with(".dockerignore:2: "), "{bad}: {error:?}");
        }
    }

    #[test]
    fn paths_are_cleaned_as_docker_does() {
        for (path, expected) in [("./a//b/", "a/b"), ("a/../b", "b"), ("/../a", "/a"), ("../a", "../a"), ("a/..", ".")]
        {
            assert_eq!(clean(path), expected);
        }
    }
}

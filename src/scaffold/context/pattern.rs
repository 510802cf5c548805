//! Text that matches a regular expression, for the tests of generated services.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A short text that matches the whole pattern; another `seed` gives another text where there is a choice.
/// None if it can't be made.
pub(super) fn sample(pattern: &str, seed: u32, least: usize) -> Option<String> {
    let whole = format!("^(?:{pattern})$");
    let hir = regex_syntax::parse(&whole).ok()?;
    let regex = regex::Regex::new(&whole).ok()?;
    // Unbounded repetitions are tried a little longer until the text is long enough.
    (0..64).find_map(|extra| {
        let mut text = String::new();
        write(&hir, seed, extra, &mut text);
        (regex.is_match(&text) && text.chars().count() >= least).then_some(text)
    })
}

fn write(hir: &Hir, seed: u32, extra: u32, text: &mut String) {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(class) => text.extend(character(class, seed)),
        HirKind::Repetition(repetition) => {
            let times = repetition.min.saturating_add(extra).min(repetition.max.unwrap_or(u32::MAX));
            for _ in 0..times {
                write(&repetition.sub, seed, extra, text);
            }
        }
        HirKind::Capture(capture) => write(&capture.sub, seed, extra, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, seed, extra, text)),
        HirKind::Alternation(choices) => {
            if let Some(choice) = choices.get(seed as usize % choices.len()) {
                write(choice, seed, extra, text);
            }
        }
    }
}

/// A letter or digit of the class if it has one.
fn character(class: &Class, seed: u32) -> Option<char> {
    let ranges: Vec<(char, char)> = match class {
        Class::Unicode(class) => class.ranges().iter().map(|range| (range.start(), range.end())).collect(),
        Class::Bytes(class) => class.ranges().iter().map(|r| (r.start().into(), r.end().into())).collect(),
    };
    let holds = |c: &char| ranges.iter().any(|(start, end)| (start..=end).contains(&c));
    let plain: Vec<char> = ('A'..='Z').chain('a'..='z').chain('0'..='9').filter(holds).collect();
    let chosen = plain.get(seed as usize % plain.len().max(1)).copied();
    chosen.or_else(|| ranges.first().map(|(start, _)| *start))
}

#[cfg(test)]
mod tests {
    use super::sample;

    #[test]
    fn samples_match() {
        assert_eq!(sample("[A-Z]{3}-[0-9]{4}", 0, 0).as_deref(), Some("AAA-0000"));
        assert_eq!(sample("[A-Z]{3}-[0-9]{4}", 1, 0).as_deref(), Some("BBB-1111"));
        assert_eq!(sample("red|green", 1, 0).as_deref(), Some("green"));
        assert_eq!(sample(r"\d+", 0, 3).as_deref(), Some("000"));
        assert_eq!(sample("(?i)x?", 0, 0).as_deref(), Some(""));
        assert_eq!(sample("a{2}", 0, 3), None);
    }
}

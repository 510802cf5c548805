//! A text as words, in a form in which the words of two people meet: `Parcels` and `parcel`,
//! `charged` and `charges`.

/// Words that say nothing of what a question is about.
const COMMON: [&str; 48] = [
    "a", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did",
    "do", "does", "for", "from", "had", "has", "have", "how", "i", "if", "in", "is", "it", "my",
    "of", "on", "or", "so", "that", "the", "there", "this", "to", "was", "what", "when", "where",
    "will", "with", "would", "you", "your", "please", "its",
];

/// The words of a text, in their order, without those that are common.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    // What stands between letters of one word is left out: `can't` is one word.
    let text = text.to_lowercase().replace(['\'', '’'], "");
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty() && !COMMON.contains(word))
        .map(stem)
        .collect()
}

/// The part of an English word that most of its forms share. It need not be a word; it is enough
/// that equal words become equal.
fn stem(word: &str) -> String {
    let mut stem = word.to_owned();
    if stem.len() > 3 && stem.ends_with('s') && !stem.ends_with("ss") {
        stem.pop();
    }
    for ending in ["ing", "ed"] {
        // A word needs a vowel: `sing` and `red` have no such ending.
        let before = stem.strip_suffix(ending);
        if let Some(before) = before.filter(|before| before.len() > 2 && has_vowel(before)) {
            stem = before.to_owned();
            break;
        }
    }
    if stem.len() > 3 {
        if let Some(before) = stem.strip_suffix('e') {
            stem = before.to_owned();
        } else if let Some(before) = stem.strip_suffix('y') {
            stem = format!("{before}i");
        }
    }
    let last = stem.chars().next_back().unwrap_or_default();
    if stem.len() > 3 && stem.ends_with(&format!("{last}{last}")) {
        stem.pop();
    }
    stem
}

fn has_vowel(text: &str) -> bool {
    text.contains(['a', 'e', 'i', 'o', 'u', 'y'])
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_of_two_people_meet() {
        for (one, other) in [
            ("Parcels!", "parcel"),
            ("charged", "charges"),
            ("shipping", "ship"),
            ("cancelled", "cancel"),
            ("deliveries", "delivery"),
            ("can't", "CAN’T"),
        ] {
            assert_eq!(words(one), words(other));
        }
        for (one, other) in [("red", "r"), ("glass", "glas"), ("use", "us")] {
            assert_ne!(words(one), words(other));
        }
        assert_eq!(words("Where is my parcel?"), ["parcel"]);
        assert!(words("Is it you?").is_empty());
    }
}

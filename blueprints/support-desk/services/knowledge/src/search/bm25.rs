//! An index of words, and the ranking BM25.
//!
//! A document is the better an answer the more of the question's words it has, the rarer these are
//! among all documents, and the more often it has them; but ten times is not ten times as good as
//! once, and a long document has any word more easily than a short one.
//! Source: Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.

use std::collections::HashMap;

/// How soon more of the same word stops to count: once counts 1, any number less than `K1 + 1`.
pub const K1: f64 = 1.2;

/// How much the length of a document counts, from 0 to 1.
const B: f64 = 0.75;

/// Words, and the documents that have them. A document is known by its number.
#[derive(Debug, Default)]
pub struct Index {
    /// For each word the documents with it, each with how often it is there.
    postings: HashMap<String, Vec<(usize, f64)>>,
    lengths: Vec<f64>,
    average: f64,
}

impl Index {
    /// Indexes documents, each given by its words.
    #[must_use]
    pub fn new(documents: impl IntoIterator<Item = Vec<String>>) -> Self {
        let mut index = Self::default();
        let mut all = 0.0;
        for (document, words) in documents.into_iter().enumerate() {
            let mut counts: HashMap<String, f64> = HashMap::new();
            let mut length = 0.0;
            for word in words {
                length += 1.0;
                *counts.entry(word).or_default() += 1.0;
            }
            for (word, count) in counts {
                index
                    .postings
                    .entry(word)
                    .or_default()
                    .push((document, count));
            }
            index.lengths.push(length);
            all += length;
        }
        index.average = all / number(index.lengths.len()).max(1.0);
        index
    }

    /// How much a word tells: the more, the fewer documents have it.
    #[must_use]
    pub fn weight(&self, word: &str) -> f64 {
        let having = number(self.postings.get(word).map_or(0, Vec::len));
        let all = number(self.lengths.len());
        (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
    }

    /// What a word gives to the documents that have it.
    pub fn scores(&self, word: &str) -> impl Iterator<Item = (usize, f64)> {
        let weight = self.weight(word);
        let having = self.postings.get(word).into_iter().flatten();
        having.map(move |&(document, count)| {
            let length = self.lengths[document] / self.average;
            let count = count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length));
            (document, weight * count)
        })
    }
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

#[cfg(test)]
mod tests {
    use super::Index;

    fn index(documents: &[&str]) -> Index {
        let words = |text: &&str| text.split(' ').map(str::to_owned).collect();
        Index::new(documents.iter().map(words))
    }

    fn close(number: f64, expected: f64) {
        assert!((number - expected).abs() < 1e-4, "{number}, not {expected}");
    }

    /// Worked out by hand. Three documents of 2, 4 and 3 words: 3 on average. `parcel` is in two:
    /// ln(1 + 1.5 / 2.5) = 0.4700; `customs` in one: ln(1 + 2.5 / 1.5) = 0.9808; a word that no
    /// document has: ln(1 + 3.5 / 0.5) = 2.0794.
    #[test]
    fn scores_are_those_worked_out_by_hand() {
        let index = index(&[
            "parcel late",
            "parcel parcel customs duty",
            "return an item",
        ]);
        close(index.weight("parcel"), 0.4700);
        close(index.weight("customs"), 0.9808);
        close(index.weight("refund"), 2.0794);
        let scores: Vec<_> = index.scores("parcel").collect();
        assert_eq!((scores[0].0, scores[1].0), (0, 1));
        // Once in 2 words: 0.4700 * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 2/3)) = 0.4700 * 2.2 / 1.9.
        close(scores[0].1, 0.5442);
        // Twice in 4 words: 0.4700 * 4.4 / (2 + 1.2 * (0.25 + 0.75 * 4/3)) = 0.4700 * 4.4 / 3.5.
        close(scores[1].1, 0.5909);
        // Once in 4 words: 0.9808 * 2.2 / (1 + 1.5).
        close(index.scores("customs").next().unwrap().1, 0.8631);
        assert_eq!(index.scores("refund").count(), 0);
    }

    #[test]
    fn an_index_of_nothing_finds_nothing() {
        assert_eq!(Index::new([]).scores("parcel").count(), 0);
        assert_eq!(index(&[""]).scores("parcel").count(), 0);
    }
}

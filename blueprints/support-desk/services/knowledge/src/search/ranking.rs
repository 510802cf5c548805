//! Which articles answer a question best: BM25, the topic, and what customers said of answers
//! before.

use std::collections::HashMap;

use uuid::Uuid;

use super::bm25::{Index, K1};
use crate::words::words;

/// How much more an article counts that is of the topic that the question is about.
const SAME_TOPIC: f64 = 1.25;

/// A title says what an article is about: its words count as often as this.
const TITLE: usize = 2;

/// An article, as far as it is searched.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Article {
    pub id: Uuid,
    pub title: String,
    pub body: String,
    pub topic: String,
}

/// What a customer said of an article as the answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Rated {
    pub article: Uuid,
    /// The question.
    pub text: String,
    pub helpful: bool,
}

/// All articles, ready to be searched.
#[derive(Debug, Default)]
pub struct Ranking {
    articles: Vec<Article>,
    index: Index,
    /// For each word of rated questions the articles that were rated, each with how many more
    /// customers it helped than not.
    lessons: HashMap<String, HashMap<usize, f64>>,
}

impl Ranking {
    /// Indexes articles, with what was said of them.
    #[must_use]
    pub fn new(articles: Vec<Article>, rated: &[Rated]) -> Self {
        let texts = articles.iter().map(|article| {
            let title = words(&article.title);
            let titles = (0..TITLE).flat_map(|_| title.clone());
            titles.chain(words(&article.body)).collect()
        });
        let index = Index::new(texts);
        let places = articles.iter().enumerate();
        let places: HashMap<Uuid, usize> = places.map(|(place, of)| (of.id, place)).collect();
        let mut lessons: HashMap<String, HashMap<usize, f64>> = HashMap::new();
        for rated in rated {
            let Some(&place) = places.get(&rated.article) else {
                continue;
            };
            for word in distinct(&rated.text) {
                let votes = lessons.entry(word).or_default().entry(place).or_default();
                *votes += if rated.helpful { 1.0 } else { -1.0 };
            }
        }
        Self {
            articles,
            index,
            lessons,
        }
    }

    /// The best articles for a question, best first, each with its score: how much of what the
    /// question says is found in it, as a share of what could be. It is 0 to 1 for most.
    #[must_use]
    pub fn search(&self, text: &str, topic: Option<&str>, limit: usize) -> Vec<(&Article, f64)> {
        let words = distinct(text);
        let mut scores = vec![0.0; self.articles.len()];
        let mut most = 0.0;
        for word in &words {
            let weight = self.index.weight(word) * (K1 + 1.0);
            most += weight;
            for (place, score) in self.index.scores(word) {
                scores[place] += score;
            }
            for (&place, &votes) in self.lessons.get(word).into_iter().flatten() {
                // One voice counts a third of a perfect match, many come close to all of it.
                scores[place] += weight * votes / (votes.abs() + 2.0);
            }
        }
        let score = |(article, score): (_, f64)| {
            let article: &Article = article;
            let is_same = topic.is_some_and(|topic| topic == article.topic);
            let factor = if is_same { SAME_TOPIC } else { 1.0 };
            (article, factor * score / most)
        };
        let mut found: Vec<_> = self.articles.iter().zip(scores).map(score).collect();
        found.retain(|(_, score)| *score > 0.0);
        // Equal ones in the order of their ids, so that all replicas give the same answer.
        found.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.id.cmp(&other.0.id)));
        found.truncate(limit);
        found
    }
}

fn distinct(text: &str) -> Vec<String> {
    let mut words = words(text);
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests;

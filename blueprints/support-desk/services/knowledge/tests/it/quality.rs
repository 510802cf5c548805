//! How good the search is: for questions that it has not seen, whether the article that answers
//! them is among the first three. README.md says what comes out;
//! `cargo test -p knowledge quality -- --nocapture` shows it.

use knowledge::sample_data::articles;
use knowledge::search::ranking::{Article, Ranking};
use uuid::Uuid;

/// Each line a topic, the title of the article that answers, and the question.
const HELD_OUT: &str = include_str!("../../samples/held_out.tsv");

#[test]
fn quality() {
    let articles = articles().zip(1..).map(|(article, number)| Article {
        id: Uuid::from_u128(number),
        title: article.title.to_owned(),
        body: article.body.to_owned(),
        topic: article.topic.to_owned(),
    });
    let ranking = Ranking::new(articles.collect(), &[]);
    let (mut hits, mut firsts, mut with_topic, mut all) = (0, 0, 0, 0);
    for line in HELD_OUT.lines() {
        let fields: Vec<_> = line.split('\t').collect();
        let [topic, title, text] = fields[..] else {
            panic!("{line}");
        };
        let place = |topic| {
            let found = ranking.search(text, topic, 3);
            found.iter().position(|(article, _)| article.title == title)
        };
        all += 1;
        hits += u32::from(place(None).is_some());
        firsts += u32::from(place(None) == Some(0));
        with_topic += u32::from(place(Some(topic)).is_some());
        if place(None).is_none() {
            println!("not among the first three: {title}: {text}");
        }
    }
    println!("knowledge: {hits} of {all} held-out questions find their article among the first 3,");
    println!("  {firsts} as the first; {with_topic} among the first 3 where the topic is known");
    assert_eq!(
        (hits, firsts, with_topic, all),
        (32, 23, 32, 34),
        "README.md says other numbers"
    );
}

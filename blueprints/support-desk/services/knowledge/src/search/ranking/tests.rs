use uuid::Uuid;

use super::{Article, Ranking, Rated};

fn articles() -> Vec<Article> {
    let article = |id, title: &str, body: &str, topic: &str| Article {
        id: Uuid::from_u128(id),
        title: title.to_owned(),
        body: body.to_owned(),
        topic: topic.to_owned(),
    };
    vec![
        article(1, "Parcels", "late parcel", "delivery"),
        article(2, "Refunds", "late refund", "returns"),
        article(3, "Passwords", "forgotten", "account"),
    ]
}

fn found(ranking: &Ranking, text: &str, topic: Option<&str>) -> Vec<(u128, f64)> {
    let found = ranking.search(text, topic, 3).into_iter();
    found
        .map(|(article, score)| (article.id.as_u128(), score))
        .collect()
}

fn rated(article: u128, text: &str, helpful: bool) -> Rated {
    Rated {
        article: Uuid::from_u128(article),
        text: text.to_owned(),
        helpful,
    }
}

fn close(number: f64, expected: f64) {
    assert!((number - expected).abs() < 1e-4, "{number}, not {expected}");
}

/// Worked out by hand. With titles counted twice the articles have 4, 4 and 3 words, 11/3 on
/// average. `late` is in two of three, 0.4700 (see `bm25.rs`), once in each:
/// 2.2 / (1 + 1.2 * (0.25 + 0.75 * 12/11)) = 2.2 / 2.2818 of at most 2.2, which is 0.4382.
#[test]
fn a_score_is_a_share_of_what_could_be() {
    let ranking = Ranking::new(articles(), &[]);
    let late = found(&ranking, "Late!", None);
    assert_eq!(late.len(), 2);
    close(late[0].1, 0.4382);
    close(late[1].1, 0.4382);
    // A word that is nowhere weighs 2.0794: of all that is said, so much less is found.
    close(
        found(&ranking, "late zebra", None)[0].1,
        0.4382 * 0.4700 / (0.4700 + 2.0794),
    );
    assert_eq!(found(&ranking, "zebra", None), []);
    assert_eq!(found(&ranking, "", None), []);
}

#[test]
fn of_equals_the_one_of_the_topic_is_better() {
    let ranking = Ranking::new(articles(), &[]);
    let late = found(&ranking, "late", Some("returns"));
    assert_eq!((late[0].0, late[1].0), (2, 1));
    close(late[0].1, 0.4382 * 1.25);
}

/// One voice is a third of a perfect match, two are the half, for or against.
#[test]
fn what_helped_before_comes_first_for_questions_like_that() {
    let helped = rated(3, "late zebra", true);
    let ranking = Ranking::new(articles(), std::slice::from_ref(&helped));
    close(found(&ranking, "zebra", None)[0].1, 1.0 / 3.0);
    let ranking = Ranking::new(articles(), &[helped.clone(), helped.clone()]);
    assert_eq!(found(&ranking, "late", None)[0].0, 3);
    close(found(&ranking, "late", None)[0].1, 0.5);
    // What was said against it takes that back, and questions of other words are as before.
    let against = rated(3, "zebra", false);
    let ranking = Ranking::new(
        articles(),
        &[helped.clone(), helped, against.clone(), against],
    );
    assert_eq!(found(&ranking, "zebra", None), []);
    let (plain, parcel) = (Ranking::new(articles(), &[]), "lost parcel");
    assert_eq!(found(&ranking, parcel, None), found(&plain, parcel, None));
}

#[test]
fn articles_that_are_gone_teach_nothing() {
    let ranking = Ranking::new(articles(), &[rated(9, "late", true)]);
    close(found(&ranking, "late", None)[0].1, 0.4382);
}

use uuid::Uuid;

use super::{Before, Guess, Hit};
use crate::question::{Reason, Status};

fn heard(intent: &str, probability: f64) -> Vec<Guess> {
    let intent = intent.to_owned();
    vec![Guess {
        intent,
        probability,
    }]
}

fn hit(score: f64) -> Hit {
    Hit {
        article: Uuid::nil(),
        title: "Following a parcel".to_owned(),
        body: "By its number.".to_owned(),
        score,
    }
}

#[test]
fn a_question_without_a_topic_has_that_of_the_one_before() {
    let fresh = Before::default();
    let going_on = Before {
        topic: Some("returns"),
        ..fresh
    };
    for (before, heard, topic) in [
        (fresh, Some(heard("delivery", 0.9)), Some("delivery")),
        (fresh, Some(heard("delivery", 0.4)), None),
        (fresh, None, None),
        (going_on, Some(heard("delivery", 0.9)), Some("delivery")),
        (going_on, Some(heard("delivery", 0.4)), Some("returns")),
        (going_on, Some(Vec::new()), Some("returns")),
        (going_on, None, Some("returns")),
        // A person is no topic.
        (going_on, Some(heard("human", 0.9)), Some("returns")),
    ] {
        assert_eq!(
            before.topic(heard.as_deref()),
            topic,
            "{before:?} {heard:?}"
        );
    }
}

#[test]
fn what_is_decided_follows_from_what_was_found_and_said_before() {
    let before = |was_unclear| Before {
        topic: None,
        was_unclear,
    };
    let about = Some(heard("delivery", 0.9));
    let (good, bad) = ([hit(0.5), hit(0.1)], [hit(0.1)]);
    for (before, heard, found, status, reason) in [
        (
            before(false),
            &about,
            Some(&good[..]),
            Status::Answered,
            None,
        ),
        (
            before(true),
            &about,
            Some(&good[..]),
            Status::Answered,
            None,
        ),
        (
            before(false),
            &None,
            Some(&good[..]),
            Status::Answered,
            None,
        ),
        (before(false), &about, Some(&bad[..]), Status::Unclear, None),
        (before(false), &about, Some(&[][..]), Status::Unclear, None),
        (
            before(true),
            &about,
            Some(&bad[..]),
            Status::Escalated,
            Some(Reason::Unanswered),
        ),
        (
            before(true),
            &about,
            Some(&[][..]),
            Status::Escalated,
            Some(Reason::Unanswered),
        ),
        (
            before(false),
            &about,
            None,
            Status::Escalated,
            Some(Reason::Unavailable),
        ),
        (
            before(false),
            &None,
            None,
            Status::Escalated,
            Some(Reason::Unavailable),
        ),
        (
            before(false),
            &Some(heard("human", 0.6)),
            Some(&good[..]),
            Status::Escalated,
            Some(Reason::Asked),
        ),
        (
            before(false),
            &Some(heard("human", 0.6)),
            None,
            Status::Escalated,
            Some(Reason::Asked),
        ),
        (
            before(false),
            &Some(heard("human", 0.4)),
            Some(&good[..]),
            Status::Answered,
            None,
        ),
    ] {
        let decision = before.decide(heard.as_deref(), found);
        assert_eq!(
            (decision.status, decision.reason),
            (status, reason),
            "{decision:?}"
        );
        assert_eq!(decision.article.is_some(), status == Status::Answered);
        assert!(!decision.answer.is_empty());
    }
}

#[test]
fn who_is_asked_back_learns_what_there_is() {
    let asked_back = Before::default().decide(None, Some(&[hit(0.1)]));
    let expected = "I am not sure what you mean. Could you say it in other words? I know about \
        “Following a parcel”.";
    assert_eq!(asked_back.answer, expected);
}

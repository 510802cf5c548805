//! What customers and people make of a question: pure, so that all ways can be tested.

use chassis::Timestamp;

use super::model::{Question, Reason, Status};

impl Question {
    /// The question after its customer has said whether the answer helps. `None`: it has no answer
    /// from an article.
    #[must_use]
    pub fn rated(&self, helpful: bool) -> Option<Self> {
        let is_open = [Status::Answered, Status::Escalated].contains(&self.status);
        if self.article.is_none() || !is_open {
            return None;
        }
        let (status, reason) = if helpful {
            (Status::Answered, None)
        } else {
            (Status::Escalated, Some(Reason::Unhelpful))
        };
        Some(self.changed(Self {
            status,
            reason,
            helpful: Some(helpful),
            ..self.clone()
        }))
    }

    /// The question after a person has answered it. `None`: it does not wait for one.
    #[must_use]
    pub fn replied(&self, agent: &str, text: &str) -> Option<Self> {
        let after = Self {
            status: Status::Replied,
            answer: text.to_owned(),
            agent: Some(agent.to_owned()),
            ..self.clone()
        };
        let is_waiting = self.status == Status::Escalated;
        // The same reply again, by somebody who heard nothing.
        (is_waiting || *self == after).then(|| self.changed(after))
    }

    /// A change counts, if it is one.
    fn changed(&self, after: Self) -> Self {
        if after == *self {
            return after;
        }
        Self {
            revision: self.revision + 1,
            updated_at: Timestamp::now(),
            ..after
        }
    }
}

#[cfg(test)]
mod tests {
    use chassis::Timestamp;
    use uuid::Uuid;

    use super::{Question, Reason, Status};

    fn question(status: Status, article: Option<Uuid>) -> Question {
        Question {
            id: Uuid::from_u128(1),
            conversation: Uuid::from_u128(2),
            text: "Where is it?".to_owned(),
            topic: None,
            status,
            reason: None,
            answer: "On its way.".to_owned(),
            article,
            agent: None,
            helpful: None,
            missing: None,
            revision: 1,
            created_at: Timestamp::now(),
            updated_at: Timestamp::now(),
        }
    }

    #[test]
    fn an_answer_that_does_not_help_goes_to_people_and_back() {
        let answered = question(Status::Answered, Some(Uuid::nil()));
        let unhelpful = answered.rated(false).unwrap();
        assert_eq!(unhelpful.status, Status::Escalated);
        assert_eq!(unhelpful.reason, Some(Reason::Unhelpful));
        assert_eq!(unhelpful.revision, 2);
        assert_eq!(unhelpful.rated(false).unwrap(), unhelpful, "said again");
        let helpful = unhelpful.rated(true).unwrap();
        assert_eq!((helpful.status, helpful.reason), (Status::Answered, None));
        assert_eq!(helpful.revision, 3);
    }

    #[test]
    fn only_answers_from_articles_are_rated() {
        for (status, article) in [
            (Status::Unclear, None),
            (Status::Escalated, None),
            (Status::Replied, Some(Uuid::nil())),
        ] {
            assert_eq!(question(status, article).rated(true), None);
        }
    }

    #[test]
    fn people_answer_what_waits_for_them_once() {
        for status in [Status::Answered, Status::Unclear, Status::Replied] {
            assert_eq!(question(status, None).replied("ada", "Soon."), None);
        }
        let replied = question(Status::Escalated, None).replied("ada", "Soon.");
        let replied = replied.unwrap();
        assert_eq!((replied.status, replied.revision), (Status::Replied, 2));
        assert_eq!(
            (replied.answer.as_str(), replied.agent.as_deref()),
            ("Soon.", Some("ada"))
        );
        assert_eq!(
            replied.replied("ada", "Soon.").unwrap(),
            replied,
            "sent again"
        );
        assert_eq!(replied.replied("grace", "Late."), None);
    }
}

//! What is told of questions, in any order.

use crate::support::Service;
use crate::support::inbox::Inbox;
use crate::ticket::{QUESTION, of, take};

#[tokio::test]
async fn any_order_of_events_ends_alike() {
    let events = [
        of("question.escalated", QUESTION, 2),
        of("question.closed", QUESTION, 3),
        of("question.escalated", QUESTION, 4),
    ];
    // Which of them have come, and whether the question waits then.
    for (order, waits) in [
        (&[0][..], true),
        (&[0, 1], false),
        (&[1, 0], false),
        (&[1, 0, 0, 1], false),
        (&[0, 1, 2], true),
        (&[0, 2, 1], true),
        (&[1, 0, 2], true),
        (&[1, 2, 0], true),
        (&[2, 0, 1], true),
        (&[2, 1, 0, 1, 0, 2], true),
    ] {
        let service = Service::start().await;
        let inbox = Inbox::start(service.handlers.clone(), 1, &service);
        for number in order {
            service.tell(&events[*number]).await;
        }
        assert!(inbox.dead_letters().await.is_empty());
        inbox.stop().await;
        assert_eq!(take(&service, "ada").await.is_some(), waits, "{order:?}");
    }
}

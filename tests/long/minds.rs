//! The support desk and the shop's recommendations, deployed: their requests through the entrance, with PostgreSQL, NATS
//! and, where it is asked for, Redis.

use crate::cluster::Deployed;
use crate::support::systems::{requests, statuses};

#[test]
fn support_desk_answers_in_a_cluster() {
    let system = Deployed::new("support-desk");
    system.fill(&["intent", "knowledge"]);
    let told = asked(&system);
    assert!(told.contains(r#""text":"And what does it cost?","topic":"returns","status":"answered""#), "{told}");
    assert!(told.contains(r#""status":"replied","reason":"unanswered","answer":"Only the striped kind.""#), "{told}");
}

#[test]
fn recommend_follows_what_people_do_in_a_cluster() {
    let system = Deployed::new("recommend");
    system.fill(&["profiles", "catalog", "recommender"]);
    let told = asked(&system);
    assert!(told.contains(r#""because":"alike""#), "{told}");
}

/// What the system's requests are answered with, once it is deployed. It is deleted afterwards.
fn asked(system: &Deployed) -> String {
    system.deploy();
    eprintln!("{}", system.kubectl(&["get", "pods,horizontalpodautoscalers,networkpolicies"]));
    let told = requests(&system.dir, &system.address("gateway"));
    println!("{told}");
    assert!(statuses(&told).iter().all(|status| *status < 500), "{told}");
    system.msvc(&["delete", "--yes"]).run().success();
    told
}

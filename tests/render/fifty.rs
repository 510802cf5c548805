//! A large system: fifty services that use each other and hear of each other.

use serde_json::Value;

use super::{projects, render};
use crate::support::Msvc;

#[test]
fn fifty_services_are_rendered_and_drawn() {
    let dir = tempfile::tempdir().unwrap();
    let name = |number: usize| format!("service-{number:02}");
    let mut files = vec![(
        "msvc.yaml".to_owned(),
        "apiVersion: msvc/v1\nkind: System\nname: fifty\nservices: [services/*]\nenvironments:\n  staging: { registry: \
         localhost:5000, backing: development }\n"
            .to_owned(),
    )];
    for number in 0_usize..50 {
        let used = used_by(number);
        let used: Vec<String> = used.into_iter().map(name).collect();
        let (options, events) = match number % 3 {
            0 => (", events: outbox", format!("publishes: {{ thing{number}.made: {{ schema: {{ id: uuid }} }} }}\n")),
            1 => ("", format!("subscribes: [thing{}.made]\n", number - 1)),
            _ => ("", String::new()),
        };
        let declared = format!(
            "apiVersion: msvc/v1\nkind: Service\nname: {}\ntemplate: {{ name: rest, options: {{ store: sql{options} }} }}\n\
             uses: [{}]\n{events}",
            name(number),
            used.join(", ")
        );
        files.push((format!("services/{}/msvc.yaml", name(number)), declared));
    }
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    projects::write(dir.path(), &files);
    let names: Vec<String> = (0..50).map(name).collect();
    projects::images(dir.path(), &names.iter().map(String::as_str).collect::<Vec<_>>());

    let json = render(dir.path(), &["-e", "staging", "--format", "json"]).success().stdout;
    let list: Value = serde_json::from_str(&json).unwrap();
    let deployments = list["items"].as_array().unwrap().iter().filter(|object| object["kind"] == "Deployment");
    assert_eq!(deployments.count(), 52, "with PostgreSQL and NATS");
    let drawn = Msvc::new(dir.path(), &["graph", "--format", "svg"]).run().success().stdout;
    assert!(names.iter().all(|name| drawn.contains(name.as_str())), "{drawn}");
    // Two screens at most, with letters as large as in any other picture.
    let size = |what: &str| drawn.split_once(&format!(" {what}=\"")).unwrap().1.split_once('"').unwrap().0.to_owned();
    let [width, height] = ["width", "height"].map(|what| size(what).parse::<u32>().unwrap());
    assert!(width < 2000 && height < 2000, "{width} x {height}");
}

/// Two entrances, then three tiers, each of which calls the next: its share of it, some also a neighbour's.
fn used_by(number: usize) -> Vec<usize> {
    const TIERS: [std::ops::Range<usize>; 4] = [0..2, 2..12, 12..30, 30..50];
    let Some((own, next)) = TIERS.iter().zip(&TIERS[1..]).find(|(own, _)| own.contains(&number)) else {
        return Vec::new();
    };
    let place = number - own.start;
    let first = next.start + place * next.len() / own.len();
    let behind = next.start + (place + 1) * next.len() / own.len();
    let mut used: Vec<usize> = (first..behind.max(first + 1)).collect();
    if place.is_multiple_of(3) {
        used.push(next.start + (first - next.start + 5) % next.len());
    }
    used.sort_unstable();
    used.dedup();
    used
}

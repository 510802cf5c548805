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
        let mut used: Vec<usize> =
            [number / 3, number / 2, number.wrapping_sub(1)].into_iter().filter(|other| *other < number).collect();
        used.sort_unstable();
        used.dedup();
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
}

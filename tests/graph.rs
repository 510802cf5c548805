//! `msvc graph`: the system of the render tests as a picture, and one of many services.

use std::path::Path;

use crate::render::projects;
use crate::support::Msvc;

fn graph(dir: &Path, args: &[&str]) -> String {
    Msvc::new(dir, &[&["graph"], args].concat()).run().success().stdout
}

#[test]
fn a_system_is_drawn_in_every_form() {
    let dir = tempfile::tempdir().unwrap();
    projects::write(dir.path(), &projects::SYSTEM);
    insta::assert_snapshot!(graph(dir.path(), &[]));
    insta::assert_snapshot!(graph(dir.path(), &["--format", "json"]));
    insta::assert_snapshot!(graph(dir.path(), &["--format", "svg"]));
    assert_eq!(graph(dir.path(), &["--output", "json"]), graph(dir.path(), &["--format", "json"]));
}

/// The corners of every box.
fn boxes(svg: &str) -> Vec<[f64; 4]> {
    let value = |line: &str, name: &str| -> f64 {
        line.split(&format!(" {name}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
    };
    let lines = svg.lines().filter(|line| line.starts_with("<rect"));
    lines
        .map(|l| [value(l, "x"), value(l, "y"), value(l, "x") + value(l, "width"), value(l, "y") + value(l, "height")])
        .collect()
}

#[test]
fn fifty_services_have_room_beside_each_other() {
    let dir = tempfile::tempdir().unwrap();
    let head = "apiVersion: msvc/v1\nkind: System\nname: large\nservices: [services/*]\n";
    projects::write(dir.path(), &[("msvc.yaml", head)]);
    for number in 0..50 {
        let uses: Vec<String> =
            [number / 2, number / 3].iter().filter(|n| **n < number).map(|n| format!("service-{n}")).collect();
        let text = format!(
            "apiVersion: msvc/v1\nkind: Service\nname: service-{number}\ntemplate: {{ name: rest }}\nuses: [{}]\n",
            uses.join(", ")
        );
        projects::write(dir.path(), &[(&format!("services/service-{number}/msvc.yaml"), &text)]);
    }
    let boxes = boxes(&graph(dir.path(), &["--format", "svg"]));
    assert_eq!(boxes.len(), 50);
    for (index, a) in boxes.iter().enumerate() {
        for b in &boxes[..index] {
            assert!(a[2] < b[0] || b[2] < a[0] || a[3] < b[1] || b[3] < a[1], "{a:?} overlaps {b:?}");
        }
    }
}

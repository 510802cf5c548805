//! Invalid project files: each one clear error with its place, exit code 2.

use crate::support::Msvc;

const HEAD: &str = "apiVersion: msvc/v1\nkind: Service\nname: orders\ntemplate: { name: rest }\n";

fn cases() -> Vec<(&'static str, String)> {
    let with = |rest: &str| format!("{HEAD}{rest}");
    let bomb: String =
        (1..12).map(|n| format!("    b{n}: &b{n} [{}]\n", vec![format!("*b{}", n - 1); 9].join(", "))).collect();
    vec![
        ("unknown key", with("prot: 8080\n")),
        ("unknown key, deeper", with("deploy:\n  autoscale: { min: 2, maxx: 3 }\n")),
        (
            "unknown key of a field",
            with("entities:\n  order:\n    fields:\n      total: { type: decimal, digit: 2 }\n"),
        ),
        ("unknown type of a field", with("entities:\n  order:\n    fields:\n      total: { type: decimals }\n")),
        ("wrong type", with("port: [8080]\n")),
        ("wrong type of a text", with("description: { a: b }\n")),
        ("port 0", with("port: 0\n")),
        ("port 70000", with("port: 70000\n")),
        ("replicas beside autoscale", with("deploy:\n  replicas: 3\n  autoscale: { min: 2, max: 4 }\n")),
        ("min above max", with("deploy:\n  autoscale:\n    min: 5\n    max: 4\n")),
        (
            "min above max by an overlay",
            with(
                "deploy: { autoscale: { min: 5 } }\nenvironments: { staging: { deploy: { autoscale: { max: 4 } } } }\n",
            ),
        ),
        ("malformed", with("deploy: { autoscale: [\n")),
        ("bad indentation", with("deploy:\n   replicas: 1\n  env: {}\n")),
        ("duplicate key", with("port: 8080\nport: 8081\n")),
        (
            "alias bomb",
            HEAD.replace("{ name: rest }", &format!("\n  name: rest\n  options:\n    b0: &b0 [a, a]\n{bomb}")),
        ),
        ("bad name", HEAD.replace("orders", "Orders")),
        ("no name", HEAD.replace("name: orders\n", "")),
        ("unknown kind", HEAD.replace("Service", "Servise")),
        ("unknown version", HEAD.replace("v1", "v2")),
        (
            "default of the wrong type",
            with("entities:\n  order:\n    fields:\n      paid: { type: boolean, default: maybe }\n"),
        ),
        (
            "pattern that is none",
            with("entities:\n  order:\n    fields:\n      code: { type: string, pattern: '[a-' }\n"),
        ),
        (
            "path that is none",
            with("entities:\n  order:\n    path: orders\n    fields:\n      code: { type: string }\n"),
        ),
        ("not a mapping", "- a\n- b\n".to_owned()),
        ("empty", String::new()),
    ]
}

#[test]
fn an_invalid_project_file_is_told_of_with_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let mut told = String::new();
    for (name, text) in cases() {
        std::fs::write(dir.path().join("msvc.yaml"), text).unwrap();
        let output = Msvc::new(dir.path(), &["render"]).run();
        assert_eq!(output.code, Some(2), "{name}: {output}");
        assert_eq!(output.stdout, "", "{name}");
        told += &format!("# {name}\n{}\n", output.stderr);
    }
    insta::assert_snapshot!(told);
}

#[test]
fn without_a_project_the_error_says_how_to_make_one() {
    let dir = tempfile::tempdir().unwrap();
    let output = Msvc::new(dir.path(), &["render"]).run();
    assert_eq!(output.code, Some(2));
    assert_eq!(
        output.stderr.replace(dir.path().canonicalize().unwrap().to_str().unwrap(), "[dir]"),
        "error: no msvc.yaml in [dir] or above it\nhint: `msvc new NAME` makes a project; `-C DIR` works on the one in DIR\n"
    );
}

#[test]
fn an_unknown_environment_is_told_of_with_the_nearest() {
    let dir = tempfile::tempdir().unwrap();
    let text = format!("{HEAD}environments: {{ staging: {{}}, production: {{}} }}\n");
    std::fs::write(dir.path().join("msvc.yaml"), text).unwrap();
    let near = Msvc::new(dir.path(), &["render", "-e", "stagging"]).run();
    let none = Msvc::new(dir.path(), &["render"]).run();
    insta::assert_snapshot!(format!("{near}{none}"));
}

/// A system of these services; `orders` and `users` are there already.
fn system(rest: &[(&str, &str)]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let head = "apiVersion: msvc/v1\nkind: System\nname: shop\nservices: [services/*]\nenvironments: { staging: {} }\n";
    std::fs::write(dir.path().join("msvc.yaml"), head).unwrap();
    let given = [
        ("users", "entities: { user: { fields: { name: { type: string } } } }\n"),
        ("orders", "uses: [users]\npublishes: { order.placed: { schema: { order: uuid, total: decimal } } }\n"),
    ];
    let kept = given.iter().filter(|(name, _)| !rest.iter().any(|(other, _)| other == name));
    for (name, text) in kept.chain(rest) {
        let folder = dir.path().join("services").join(name);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("msvc.yaml"), HEAD.replace("orders", name) + text).unwrap();
    }
    dir
}

#[test]
fn services_that_do_not_fit_together_are_told_of_with_their_places() {
    let reference =
        |target: &str| format!("entities:\n  note:\n    fields:\n      by: {{ type: uuid, references: {target} }}\n");
    let cases: [(&str, Vec<(&str, String)>); 10] = [
        ("uses what is not there", vec![("gateway", "uses: [orders, userz]\n".to_owned())]),
        (
            "uses what a variable of another meaning leads to",
            vec![("database", String::new()), ("orders", "uses: [database]\n".to_owned())],
        ),
        ("uses itself", vec![("orders", "uses: [orders]\n".to_owned())]),
        (
            "a circle",
            vec![
                ("users", "uses: [mails]\n".to_owned()),
                ("mails", reference("orders/order")),
                ("orders", "uses: [users]\nentities: { order: { fields: { item: { type: string } } } }\n".to_owned()),
            ],
        ),
        ("an event that nobody publishes", vec![("mails", "subscribes: [order.place, user.left]\n".to_owned())]),
        (
            "an event with another schema",
            vec![("payments", "publishes:\n  order.placed: { schema: { order: uuid } }\n".to_owned())],
        ),
        (
            "entities that are not there",
            vec![("a", reference("users/usr")), ("b", reference("user/user")), ("c", reference("c/note"))],
        ),
        (
            "an id of another type",
            vec![
                ("users", "entities: { user: { id: integer, fields: { name: { type: string } } } }\n".to_owned()),
                ("a", reference("users/user")),
            ],
        ),
        (
            "a port twice",
            vec![("users", "local: { port: 5000 }\n".to_owned()), ("orders", "local:\n  port: 5000\n".to_owned())],
        ),
        ("an environment that the system lacks", vec![("orders", "environments: { stagin: {} }\n".to_owned())]),
    ];
    let mut told = String::new();
    for (name, services) in cases {
        let services: Vec<(&str, &str)> = services.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let output = Msvc::new(system(&services).path(), &["render"]).run();
        assert_eq!(output.code, Some(2), "{name}: {output}");
        told += &format!("# {name}\n{}\n", output.stderr);
    }
    insta::assert_snapshot!(told);
}

//! An API server that stumbles: what may be asked twice is, the rest is told, and nothing is called done that is not.

use super::stage::Place;
use super::way::{Asked, Fault, Way};

/// Every kind of fault, again and again; what may not be done twice is only told to come later.
fn stumbling(asked: &Asked) -> Fault {
    if asked.watches() {
        return [Fault::Cut, Fault::Expired, Fault::Status(500), Fault::None][asked.number % 4];
    }
    match (asked.number % 12, asked.may_be_repeated()) {
        (1, _) => Fault::TooMany,
        (3, true) => Fault::Status(500),
        (5, true) => Fault::Lost,
        (7, true) => Fault::Truncated,
        (9, _) => Fault::Slow,
        _ => Fault::None,
    }
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_server_that_stumbles_is_borne_or_told_and_never_a_false_done() {
    let place = Place::new("{ replicas: 2 }");
    let way = Way::new(stumbling);
    place.write("kubeconfig", &way.kubeconfig());
    let kubeconfig = place.path().join("kubeconfig").to_str().unwrap().to_owned();
    let deploy = || place.deploying(&[]).env("KUBECONFIG", &kubeconfig).run();
    let deployed = deploy().success();
    assert!(deployed.stdout.ends_with("staging runs revision 1\n"), "{deployed}");
    assert_eq!(place.ready_pods().len(), 2);
    let made = way.made();
    for fault in
        [Fault::TooMany, Fault::Status(500), Fault::Lost, Fault::Truncated, Fault::Slow, Fault::Cut, Fault::Expired]
    {
        assert!(made.contains_key(&fault), "{made:?}");
    }

    // The record can't be written: it says so, and the same command goes on when it can.
    place.says("{ replicas: 2, env: { GREETING: hi } }");
    let records = |asked: &Asked| ["POST", "PUT"].contains(&asked.method) && asked.path.contains("/configmaps");
    way.follow(move |asked| if records(asked) { Fault::Status(500) } else { Fault::None });
    let failed = deploy();
    assert_eq!(failed.code, Some(1), "{failed}");
    assert!(failed.stderr.starts_with("error: could not create ConfigMap msvc-probe-"), "{failed}");
    way.follow(|_| Fault::None);
    let again = deploy().success();
    assert!(again.stdout.ends_with("staging runs revision 2\n"), "{again}");
}

//! No request, however odd, makes a generated service break the contract that it publishes.

use serde_json::{Value, json};

use crate::service::Postgres;
use crate::support::generated::Up;
use crate::support::{Msvc, tool};

/// Fields of every type, with what lists can do.
const FIELDS: &str = "fields=code:string:unique:length=3..12:pattern=[A-Z]+-[0-9]+ \
    kind:enum=raw,refined:default=raw:filter:sort order:integer:minimum=1:maximum=1000:filter:sort weight:decimal=12,4:minimum=0:filter:sort \
    fragile:boolean:default=false:filter note:text:optional batch:uuid:filter:sort picked:date:filter:sort \
    seen:datetime:optional:filter contact:string:format=email site:string:format=uri:optional extra:json:optional \
    user:string:length=1..40:filter:sort part_of:uuid:optional:references=item:filter";

/// Sends what the document allows and what it does not, and holds every answer to the document. Left out is that valid
/// data are taken: a schema can't say which cursors and versions there are, and 7.0 is an integer to it, but not here.
fn keeps_its_contract(url: &str) {
    // As a way to prove who one is, and not as a header that goes with everything: so it knows how to leave it out.
    let folder = tempfile::tempdir().unwrap();
    let settings = format!("[auth.openapi.token]\nbearer = {:?}\n", log_in(url));
    std::fs::write(folder.path().join("schemathesis.toml"), settings).unwrap();
    let checked = tool("schemathesis")
        .args(["--no-color", "run", &format!("{url}/openapi.json"), "--checks", "all", "--seed", "7"])
        .args(["--exclude-checks", "positive_data_acceptance", "--max-examples", "60"])
        // It keeps what it has learned where it is run.
        .current_dir(folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&checked.stdout);
    assert!(checked.status.success(), "{told}{}", String::from_utf8_lossy(&checked.stderr));
    assert!(told.contains("8 selected / 8 total"), "{told}");
}

/// A token, as everybody gets one.
fn log_in(url: &str) -> String {
    let account = json!({"email": "ada@example.org", "password": "correct horse"});
    let ask = |path: &str| -> Value {
        let mut answer = ureq::post(format!("{url}{path}")).send_json(&account).unwrap();
        answer.body_mut().read_json().unwrap()
    };
    ask("/register");
    ask("/login")["access_token"].as_str().unwrap().to_owned()
}

#[test]
#[cfg_attr(not(testbed), ignore = "needs TESTBED=1")]
fn a_service_keeps_its_contract_on_both_databases() {
    let parent = tempfile::tempdir().unwrap();
    let args = ["new", "stock", "--yes", "--set", "entity=item", "--set", FIELDS, "--set", "auth=jwt"];
    Msvc::new(parent.path(), &args).run().success();
    let (dir, (_postgres, url)) = (parent.path().join("stock"), Postgres::start());
    for env in [&[][..], &[("DATABASE_URL", url.as_str())]] {
        let up = Up::start(&dir, env);
        keeps_its_contract(&up.url);
        assert_eq!(up.stop(), Some(0));
    }
}

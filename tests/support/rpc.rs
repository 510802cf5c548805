//! Calls by gRPC, from a client that shares no code with generated services: it learns of their methods by reflection.

use serde_json::Value;

use super::tool;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/grpc_call.py");

/// Calls `package.Service/Method`; gives `{message}`, or `{code, fields}` with the fields that are blamed.
#[track_caller]
pub fn call(address: &str, method: &str, message: &Value) -> Value {
    let address = address.trim_start_matches("http://");
    let output = tool("../rpc/bin/python").args([SCRIPT, address, method, &message.to_string()]).output().unwrap();
    assert!(output.status.success(), "{method}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

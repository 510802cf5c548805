//! A service of the workspace as a process, on free ports and with a database of its own.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::generated::program;

pub struct Running {
    child: Child,
    pub url: String,
    log: Arc<Mutex<String>>,
    _home: TempDir,
}

impl Running {
    /// Starts what was built for the service `name`, and waits until it is ready.
    pub fn start(dir: &Path, name: &str) -> Self {
        let home = tempfile::tempdir_in(dir).unwrap();
        let mut child = Command::new(program(dir, name))
            .envs([("PORT", "0"), ("MANAGEMENT_PORT", "0"), ("LOG_FORMAT", "json")])
            .current_dir(home.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (mut before, mut url) = (String::new(), None);
        for line in lines.by_ref().map_while(Result::ok) {
            let event: Value = serde_json::from_str(&line).unwrap();
            before += &(line + "\n");
            if event["message"] == "ready" {
                url = Some(format!("http://{}", event["address"].as_str().unwrap()));
                break;
            }
        }
        let log = Arc::new(Mutex::new(before));
        let rest = Arc::clone(&log);
        // What is not read would fill the pipe.
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                *rest.lock().unwrap() += &(line + "\n");
            }
        });
        Self { child, url: url.expect("it never became ready"), log, _home: home }
    }

    /// Sends a request, with a JSON body unless it is null; gives status and JSON.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = if body.is_null() {
            agent.run(request.body(()).unwrap())
        } else {
            agent.run(request.header("content-type", "application/json").body(body.to_string()).unwrap())
        };
        let mut response = response.unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), serde_json::from_str(&text).unwrap_or_default())
    }

    /// The first line of its log that is what is looked for, as soon as it is there.
    pub fn logged(&self, is_it: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..500 {
            let log = self.log();
            let mut lines = log.lines().map(|line| serde_json::from_str(line).unwrap());
            if let Some(line) = lines.find(&is_it) {
                return line;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        panic!("not logged: {}", self.log());
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

//! All combinations of what shapes a template's dependencies: its choices and switches, and types of fields.

use msvc::scaffold::answers::{self, Answers};
use msvc::scaffold::manifest::{Manifest, Variable, VariableType, holds};
use serde_json::Value;

/// Fields, and what some template's service depends on other crates for.
const FIELDS: [(&str, &str); 4] = [
    ("title:string", ""),
    ("title:string day:date", "uses.date"),
    ("title:string data:json", "uses.json"),
    ("title:string:sort", "uses.serde"),
];

/// Lists that shape dependencies by being empty or not, each with something to put in, and what then holds.
const SWITCHES: [(&str, &str, &str); 2] =
    [("grpc", "stock", "options.grpc"), ("subscribes", "payment.settled", "options.inbox")];

/// Switches that no dependency follows from.
const WITHOUT_DEPENDENCIES: [&str; 1] = ["start"];

/// One way to answer what a template asks.
pub struct Combination {
    pub answers: Answers,
    /// Those of the answers that were chosen.
    given: Answers,
    /// What conditions of the lock's template can ask for: the text that asks, the text that asks for the opposite,
    /// and whether it holds here.
    pub facts: Vec<Fact>,
}

#[derive(Clone)]
pub struct Fact {
    pub yes: String,
    pub no: String,
    pub holds: bool,
}

impl Combination {
    /// What is chosen but for fields, as a name can hold it: there is little room in one.
    pub fn name(&self) -> String {
        let words = self.options().filter_map(|(name, value)| match value {
            Value::String(text) if text == "none" => (name == "store").then(|| format!("no-{name}")),
            Value::String(text) => match SWITCHES.iter().find(|(switch, ..)| switch == name) {
                Some((_, _, fact)) => (!text.is_empty()).then(|| fact.replace("options.", "")),
                None => Some(text.clone()),
            },
            value => (value == &Value::Bool(true)).then(|| name.clone()),
        });
        let words: Vec<String> = words.collect();
        // Not by its template alone: systems have services called so, whose programs lie in the same folder.
        if words.is_empty() { "plain".to_owned() } else { words.join("-") }
    }

    /// What is chosen but for fields, for `--set`.
    pub fn settings(&self) -> Vec<String> {
        let setting = |(name, value): (&String, &Value)| {
            format!("{name}={}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        };
        self.options().map(setting).collect()
    }

    /// Whether its fields are the plainest.
    pub fn has_plain_fields(&self) -> bool {
        self.given.get("fields").is_none_or(|fields| fields == FIELDS[0].0)
    }

    /// Whether it has fields.
    pub fn has_fields(&self) -> bool {
        self.given.contains_key("fields")
    }

    fn options(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.given.iter().filter(|(name, _)| *name != "fields")
    }

    /// The facts that hold, to name it in messages.
    pub fn shown(&self) -> String {
        let facts = self.facts.iter().filter(|fact| fact.holds).map(|fact| fact.yes.as_str());
        facts.collect::<Vec<_>>().join(", ")
    }
}

fn is_left_out(variable: &str) -> bool {
    WITHOUT_DEPENDENCIES.contains(&variable)
}

/// What a list that may be empty is filled with, and what then holds.
fn switch(variable: &Variable) -> Option<(&'static str, &'static str)> {
    let may_be_empty = variable.default.as_ref().and_then(Value::as_array).is_some_and(Vec::is_empty);
    let known = SWITCHES.iter().find(|(name, ..)| may_be_empty && *name == variable.name);
    known.map(|(_, item, fact)| (*item, *fact))
}

/// Every combination that the template's `when`s allow.
pub fn of(manifest: &Manifest) -> Vec<Combination> {
    let mut given = vec![Answers::new()];
    for variable in manifest.variables.iter().filter(|variable| !is_left_out(&variable.name)) {
        let values: Vec<Value> = match variable.kind {
            VariableType::Choice => variable.choices.iter().map(|choice| choice.as_str().into()).collect(),
            VariableType::Boolean => vec![false.into(), true.into()],
            VariableType::List if variable.name == "fields" => FIELDS.iter().map(|(text, _)| (*text).into()).collect(),
            VariableType::List => match switch(variable) {
                Some((item, _)) => vec!["".into(), item.into()],
                None => continue,
            },
            _ => continue,
        };
        let extended = given.iter().flat_map(|answers| {
            let values = if holds(&variable.when, answers) { values.as_slice() } else { &[] };
            let with = |value: &Value| {
                let mut answers = answers.clone();
                answers.insert(variable.name.clone(), value.clone());
                answers
            };
            let mut all: Vec<Answers> = values.iter().map(with).collect();
            if all.is_empty() {
                all.push(answers.clone());
            }
            all
        });
        given = extended.collect();
    }
    given.into_iter().map(|given| combination(manifest, &given)).collect()
}

fn combination(manifest: &Manifest, given: &Answers) -> Combination {
    let answers = answers::collect(manifest, given.clone().into_iter().collect(), None).unwrap();
    let mut facts = Vec::new();
    for variable in manifest.variables.iter().filter(|variable| !is_left_out(&variable.name)) {
        let name = &variable.name;
        // What is not asked has its default.
        let answer = answers.get(name).or(variable.default.as_ref());
        match variable.kind {
            VariableType::Choice => facts.extend(variable.choices.iter().map(|choice| Fact {
                yes: format!("options.{name} == \"{choice}\""),
                no: format!("options.{name} != \"{choice}\""),
                holds: answer.and_then(Value::as_str) == Some(choice),
            })),
            VariableType::Boolean => facts.push(Fact {
                yes: format!("options.{name}"),
                no: format!("not options.{name}"),
                holds: answer.and_then(Value::as_bool) == Some(true),
            }),
            VariableType::List if name == "fields" => facts.extend(FIELDS[1..].iter().map(|(text, fact)| Fact {
                yes: (*fact).to_owned(),
                no: format!("not {fact}"),
                holds: given.get(name) == Some(&(*text).into()),
            })),
            VariableType::List => facts.extend(switch(variable).map(|(_, fact)| Fact {
                yes: fact.to_owned(),
                no: format!("not {fact}"),
                holds: answer.and_then(Value::as_array).is_some_and(|items| !items.is_empty()),
            })),
            _ => {}
        }
    }
    Combination { answers, given: given.clone(), facts }
}

//! All combinations of what shapes a template's dependencies: its choices and switches, and types of fields.

use msvc::scaffold::answers::{self, Answers};
use msvc::scaffold::manifest::{Manifest, VariableType, holds};
use serde_json::Value;

/// Fields, and whether there is a date among them: it alone makes a service depend on a crate.
const FIELDS: [(&str, bool); 2] = [("title:string", false), ("title:string day:date", true)];

/// One way to answer what a template asks.
pub struct Combination {
    pub answers: Answers,
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
    /// The facts that hold, to name it in messages.
    pub fn shown(&self) -> String {
        let facts = self.facts.iter().filter(|fact| fact.holds).map(|fact| fact.yes.as_str());
        facts.collect::<Vec<_>>().join(", ")
    }
}

/// Every combination that the template's `when`s allow.
pub fn of(manifest: &Manifest) -> Vec<Combination> {
    let mut given = vec![Answers::new()];
    for variable in &manifest.variables {
        let values: Vec<Value> = match variable.kind {
            VariableType::Choice => variable.choices.iter().map(|choice| choice.as_str().into()).collect(),
            VariableType::Boolean => vec![false.into(), true.into()],
            VariableType::List if variable.name == "fields" => FIELDS.iter().map(|(text, _)| (*text).into()).collect(),
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
    for variable in &manifest.variables {
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
            VariableType::List if name == "fields" => facts.push(Fact {
                yes: "uses.date".to_owned(),
                no: "not uses.date".to_owned(),
                holds: FIELDS.iter().any(|(text, date)| *date && given.get(name) == Some(&(*text).into())),
            }),
            _ => {}
        }
    }
    Combination { answers, facts }
}

//! From what the user gave (`--set`, an answers file, prompts) to one answer per variable.

use std::path::Path;

use serde_json::{Map, Value};

use super::manifest::{Manifest, Variable, VariableType, holds};
use crate::error::{Context, Error, Result, nearest};
use crate::project::yaml;

/// Answers by variable.
pub type Answers = Map<String, Value>;

/// Asks the user for a variable's value, offering the default; the answer is checked by [`check`].
pub trait Ask {
    /// # Errors
    /// Interrupted, or nobody can be asked any more.
    fn ask(&self, variable: &Variable, default: Option<&Value>) -> Result<Value>;
}

/// What was given on the command line.
///
/// # Errors
/// An item that is not `NAME=VALUE` (exit code 2).
pub fn from_settings(settings: &[String]) -> Result<Vec<(String, Value)>> {
    let pair = |s: &String| {
        s.split_once('=').map(|(name, value)| (name.to_owned(), Value::String(value.to_owned()))).ok_or_else(|| {
            Error::usage(format!("`--set {s}` is not understood")).hint("it is written --set NAME=VALUE")
        })
    };
    settings.iter().map(pair).collect()
}

/// What an answers file gives: a YAML mapping of variables.
///
/// # Errors
/// It can't be read or is invalid (exit code 2, with the place).
pub fn from_file(file: &Path) -> Result<Vec<(String, Value)>> {
    let shown = file.display().to_string();
    let text = std::fs::read_to_string(file).invalid(|| format!("could not read the answers in {shown}"))?;
    let answers: Map<String, Value> = yaml::parse(&text, &shown)?;
    Ok(answers.into_iter().collect())
}

/// One answer per variable that applies: given, else asked for, else the default.
///
/// # Errors
/// A name that no variable has, a value that does not fit, or a missing answer (exit code 2, naming the flag).
pub fn collect(manifest: &Manifest, given: Vec<(String, Value)>, ask: Option<&dyn Ask>) -> Result<Answers> {
    collect_for(&format!("template {}", manifest.name), &manifest.variables, given, ask)
}

/// The same for whatever asks; `asker` names it in errors.
///
/// # Errors
/// Those of [`collect`].
pub fn collect_for(
    asker: &str,
    variables: &[Variable],
    given: Vec<(String, Value)>,
    ask: Option<&dyn Ask>,
) -> Result<Answers> {
    let given = known(asker, variables, given)?;
    let mut answers = Answers::new();
    for variable in variables {
        let applies = holds(&variable.when, &answers);
        let answer = match (given.get(&variable.name), ask) {
            (Some(_), _) if !applies => {
                return Err(Error::usage(format!("`{}` has no meaning here", variable.name))
                    .cause(format!("it is asked only when {}", condition(&variable.when))));
            }
            _ if !applies => continue,
            (Some(value), _) => value.clone(),
            (None, Some(ask)) if variable.prompt.is_some() => ask.ask(variable, variable.default.as_ref())?,
            (None, _) => variable.default.clone().ok_or_else(|| {
                Error::usage(format!("no answer for `{}`", variable.name))
                    .hint(format!("give one with --set {}=VALUE", variable.name))
            })?,
        };
        let answer = check(variable, answer)
            .map_err(|why| Error::usage(format!("the answer for `{}` does not fit", variable.name)).cause(why))?;
        answers.insert(variable.name.clone(), answer);
    }
    Ok(answers)
}

fn known(asker: &str, variables: &[Variable], given: Vec<(String, Value)>) -> Result<Answers> {
    let names = || variables.iter().map(|v| v.name.as_str());
    for (name, _) in &given {
        if !names().any(|known| known == name) {
            let error = Error::usage(format!("{asker} has no variable `{name}`"));
            return Err(match nearest(name, names()) {
                Some(near) => error.hint(format!("did you mean `{near}`?")),
                None => error.hint(format!("its variables: {}", names().collect::<Vec<_>>().join(", "))),
            });
        }
    }
    Ok(given.into_iter().collect())
}

fn condition(when: &Map<String, Value>) -> String {
    let one = |(name, value): (&String, &Value)| {
        format!("{name} is {}", value.as_str().map_or_else(|| value.to_string(), str::to_owned))
    };
    when.iter().map(one).collect::<Vec<_>>().join(" and ")
}

/// The answer in the variable's type: text from the command line is converted.
///
/// # Errors
/// Why it does not fit, in one sentence.
pub fn check(variable: &Variable, answer: Value) -> Result<Value, String> {
    let answer = convert(variable, answer)?;
    if let (Some(pattern), Some(text)) = (&variable.pattern, answer.as_str()) {
        let whole = regex::Regex::new(&format!("^(?:{pattern})$")).map_err(|e| e.to_string())?;
        if !whole.is_match(text) {
            return Err(format!("{text:?} does not match {pattern}"));
        }
    }
    Ok(answer)
}

fn convert(variable: &Variable, answer: Value) -> Result<Value, String> {
    use VariableType as T;
    let shown = answer.as_str().map_or_else(|| answer.to_string(), str::to_owned);
    match (variable.kind, answer) {
        (T::String, text @ Value::String(_)) => Ok(text),
        (T::String, Value::Number(n)) => Ok(Value::String(n.to_string())),
        (T::Integer, Value::Number(n)) if n.is_i64() => Ok(Value::Number(n)),
        (T::Integer, Value::String(text)) => {
            text.trim().parse::<i64>().map(Value::from).map_err(|_| format!("{shown:?} is not a whole number"))
        }
        (T::Boolean, Value::Bool(b)) => Ok(Value::Bool(b)),
        (T::Boolean, Value::String(text)) => match text.as_str() {
            "true" | "yes" | "on" => Ok(Value::Bool(true)),
            "false" | "no" | "off" => Ok(Value::Bool(false)),
            _ => Err(format!("{shown:?} is neither true nor false")),
        },
        (T::Choice, Value::String(text)) if variable.choices.contains(&text) => Ok(Value::String(text)),
        (T::Choice, _) => {
            let near = nearest(&shown, variable.choices.iter().map(String::as_str));
            Err(near.map_or_else(
                || format!("{shown:?} is none of {}", variable.choices.join(", ")),
                |near| format!("{shown:?} is none of {}; did you mean `{near}`?", variable.choices.join(", ")),
            ))
        }
        (T::List, Value::String(text)) => Ok(text.split_whitespace().map(Value::from).collect()),
        (T::List, Value::Array(items)) if items.iter().all(Value::is_string) => Ok(Value::Array(items)),
        (kind, _) => Err(format!(
            "{shown} is not of type {}",
            serde_json::to_value(kind).map_or_else(|_| String::new(), |k| k.as_str().unwrap_or_default().to_owned())
        )),
    }
}

//! From an operation of the document to a method of the client.

use heck::ToPascalCase;
use serde_json::Value;

use super::types::{Definition, Field, Foreign, Types, identifier, optional, text};

/// A method as it will be written.
pub(super) struct Operation {
    pub name: String,
    /// What it does, and by which request.
    pub doc: Vec<String>,
    /// In their order: name and type.
    pub arguments: Vec<(String, String)>,
    pub returns: String,
    /// The calls that make the request, the first with method and path.
    pub chain: Vec<String>,
}

/// Names that the client has already.
pub(super) const TAKEN: [&str; 3] = ["new", "on_behalf_of", "with_token"];

impl Operation {
    /// Reads an operation; `shared` are the parameters of its path.
    ///
    /// # Errors
    /// What of it can't be said in JSON.
    pub(super) fn read(
        method: &str,
        path: &str,
        declared: &Value,
        shared: &Value,
        types: &mut Types<'_>,
    ) -> Result<Self, String> {
        let id = text(&declared["operationId"]).unwrap_or_else(|| format!("{method} {path}"));
        let mut name = identifier(&id.replace(|c: char| !c.is_ascii_alphanumeric(), " "));
        if TAKEN.contains(&name.as_str()) {
            name.push('_');
        }
        let title = id.to_pascal_case();
        let mut operation = Self {
            name,
            doc: documentation(method, path, declared),
            arguments: Vec::new(),
            returns: "()".to_owned(),
            chain: vec![format!("call(Method::{}, {path:?})", method.to_uppercase())],
        };
        let parameters = [shared, &declared["parameters"]];
        let parameters: Vec<&Value> = parameters.iter().filter_map(|list| list.as_array()).flatten().collect();
        operation.path_and_headers(&parameters, &title, types)?;
        operation.body(&declared["requestBody"], &title, types)?;
        operation.query(&parameters, &title, types);
        operation.answer(&declared["responses"], &title, types);
        Ok(operation)
    }

    fn path_and_headers(&mut self, parameters: &[&Value], title: &str, types: &mut Types<'_>) -> Result<(), String> {
        for parameter in parameters {
            let name = parameter["name"].as_str().unwrap_or_default();
            let required = parameter["required"] == true;
            let argument = identifier(name);
            match (parameter["in"].as_str().unwrap_or_default(), name.to_ascii_lowercase().as_str()) {
                ("path", _) => {
                    let rust = types.of(&parameter["schema"], &format!("{title}_{name}"));
                    // Whatever is text on the way is given as text.
                    let is_plain = ["Uuid", "i32", "i64", "bool", "NaiveDate", "Timestamp"].contains(&rust.as_str());
                    let rust = if is_plain { rust } else { "&str".to_owned() };
                    self.chain.push(format!("path({name:?}, {argument})"));
                    self.arguments.push((argument, rust));
                }
                ("header", "if-match") => {
                    self.chain.push(format!("if_match({argument})"));
                    self.arguments.push((argument, "Option<&str>".to_owned()));
                }
                ("header", "idempotency-key") => {
                    self.chain.push(format!("once({argument})"));
                    self.arguments.push((argument, "Option<&str>".to_owned()));
                }
                // Answers are not kept, so there is none to compare with; queries are read as a whole.
                ("header", "if-none-match") | ("query", _) => {}
                ("header", header) => {
                    let rust = if required { "&str" } else { "Option<&str>" };
                    let value = if required { format!("Some({argument})") } else { argument.clone() };
                    self.chain.push(format!("header({header:?}, {value})"));
                    self.arguments.push((argument, rust.to_owned()));
                }
                (place, _) if required => return Err(format!("a parameter in the {place}")),
                _ => {}
            }
        }
        Ok(())
    }

    fn body(&mut self, declared: &Value, title: &str, types: &mut Types<'_>) -> Result<(), String> {
        let Some(content) = declared["content"].as_object() else { return Ok(()) };
        let is_json = |kind: &&String| *kind == "application/json" || kind.ends_with("+json");
        let Some(kind) = content.keys().find(is_json) else {
            return Err(content.keys().next().cloned().unwrap_or_default());
        };
        let rust = types.of(&content[kind]["schema"], &format!("{title}_body"));
        self.arguments.push(("body".to_owned(), format!("&{}", qualified(&rust, types))));
        self.chain.push(match kind.as_str() {
            "application/json" => "json(body)".to_owned(),
            kind => format!("body({kind:?}, body)"),
        });
        Ok(())
    }

    fn query(&mut self, parameters: &[&Value], title: &str, types: &mut Types<'_>) {
        let in_query = parameters.iter().filter(|parameter| parameter["in"] == "query");
        let fields: Vec<Field> = in_query
            .map(|parameter| {
                let name = parameter["name"].as_str().unwrap_or_default();
                let rust = types.of(&parameter["schema"], &format!("{title} {name}").to_pascal_case());
                let optional_field = parameter["required"] != true;
                Field {
                    name: name.to_owned(),
                    doc: text(&parameter["description"]),
                    rust: if optional_field { optional(&rust) } else { rust },
                    optional: optional_field,
                }
            })
            .collect();
        if fields.is_empty() {
            return;
        }
        let name = format!("{title}Query");
        let doc = Some(format!("What `{}` may be asked for.", self.name));
        types.defined.insert(name.clone(), Definition::Struct { doc, fields, is_query: true });
        self.arguments.push(("query".to_owned(), format!("&types::{name}")));
        self.chain.push("query(query)".to_owned());
    }

    fn answer(&mut self, declared: &Value, title: &str, types: &mut Types<'_>) {
        let answers = declared.as_object().into_iter().flatten();
        let mut good: Vec<(&String, &Value)> = answers.filter(|(status, _)| status.starts_with('2')).collect();
        good.sort_by_key(|(status, _)| *status);
        let read = good.iter().find_map(|(_, answer)| {
            let content = answer["content"].as_object()?;
            let kind = content.keys().find(|kind| *kind == "application/json" || kind.ends_with("+json"))?;
            Some((*answer, &content[kind]["schema"]))
        });
        let Some((answer, schema)) = read else {
            self.chain.push("done()".to_owned());
            return;
        };
        let has = |header: &str| answer["headers"].get(header).is_some();
        let rust = types.of(schema, &format!("{title}_answer"));
        let item = rust.strip_prefix("Vec<").and_then(|rest| rest.strip_suffix('>'));
        let (finish, rust) = match item {
            Some(item) if has("link") => ("page()", format!("client::Page<{}>", qualified(item, types))),
            _ if has("etag") => ("tagged()", format!("client::Tagged<{}>", qualified(&rust, types))),
            _ => ("read()", qualified(&rust, types)),
        };
        self.returns = rust;
        self.chain.push(finish.to_owned());
    }
}

impl Operation {
    /// Whether this type of another crate is in its signature.
    pub(super) fn names(&self, foreign: Foreign) -> bool {
        let arguments = self.arguments.iter().map(|(_, rust)| rust.as_str());
        arguments.chain([self.returns.as_str()]).any(|rust| foreign.is_in(rust))
    }
}

/// The type as it is named outside of the module `types`.
fn qualified(rust: &str, types: &Types<'_>) -> String {
    let (before, name) = rust.rsplit_once('<').map_or(("", rust), |(before, name)| (before, name));
    let core = name.trim_end_matches('>');
    if !types.defined.contains_key(core) {
        return rust.to_owned();
    }
    let open = if before.is_empty() { String::new() } else { format!("{before}<") };
    format!("{open}types::{name}")
}

fn documentation(method: &str, path: &str, declared: &Value) -> Vec<String> {
    let request = format!("`{} {path}`", method.to_uppercase());
    let summary = text(&declared["summary"]);
    let security = declared["security"].as_array().is_some_and(|all| !all.is_empty());
    let token = security.then(|| "It needs a token.".to_owned());
    let paragraphs = [summary.map(|text| sentence(&text)), token, Some(format!("{request}."))];
    let mut lines: Vec<String> = Vec::new();
    for paragraph in paragraphs.into_iter().flatten() {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(paragraph.lines().map(str::to_owned));
    }
    lines
}

fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?']) { text.to_owned() } else { format!("{text}.") }
}

//! The template engine: the only user of tera. An undefined variable fails; nothing is escaped.
//!
//! Delimiters are `{% %}`, `{= =}` and `{~ ~}`: unlike tera's own they appear neither in Rust, YAML, TOML and
//! Dockerfiles nor in workflow files (`${{ }}`), shell (`${#x}`) or just (`{{ }}`).

use std::collections::HashMap;

use heck::{ToKebabCase, ToPascalCase, ToShoutySnakeCase, ToSnakeCase, ToTitleCase};
use serde_json::Value;
use tera::{Delimiters, Kwargs, State, Tera};

use crate::error::{Error, Result};
use crate::project::yaml_flow::flow;

/// A set of templates that may use one another's components.
pub(super) struct Engine {
    tera: Tera,
    /// Those without a delimiter, which are most of them: what they render to is their text.
    plain: HashMap<String, String>,
}

impl Engine {
    /// Reads the templates, each a name and its text.
    ///
    /// # Errors
    /// One that can't be parsed (exit code 2, with its place).
    pub(super) fn new<'a>(templates: impl IntoIterator<Item = (String, &'a str)>) -> Result<Self> {
        let mut tera = Tera::new();
        tera.set_delimiters(delimiters()).map_err(|e| explain(&e))?;
        tera.autoescape_on(Vec::<&str>::new());
        register(&mut tera);
        let (plain, templates): (Vec<_>, Vec<_>) = templates.into_iter().partition(|(_, text)| is_plain(text));
        tera.add_raw_templates(templates).map_err(|e| explain(&e))?;
        Ok(Self { tera, plain: plain.into_iter().map(|(name, text)| (name, text.to_owned())).collect() })
    }

    /// Renders one of the templates; `context` is an object, its keys the variables.
    ///
    /// # Errors
    /// An undefined variable or a failing filter (exit code 2, with its place).
    pub(super) fn render(&self, template: &str, context: &Value) -> Result<String> {
        if let Some(text) = self.plain.get(template) {
            return Ok(text.clone());
        }
        let context = tera::Context::from_serialize(context).map_err(|e| explain(&e))?;
        self.tera.render(template, &context).map_err(|e| explain(&e))
    }
}

fn is_plain(text: &str) -> bool {
    !["{%", "{=", "{~"].iter().any(|delimiter| text.contains(delimiter))
}

fn delimiters() -> Delimiters {
    Delimiters {
        block_start: "{%".into(),
        block_end: "%}".into(),
        variable_start: "{=".into(),
        variable_end: "=}".into(),
        comment_start: "{~".into(),
        comment_end: "~}".into(),
    }
}

fn register(tera: &mut Tera) {
    tera.register_filter("snake", |text: &str, _: Kwargs, _: &State| text.to_snake_case());
    tera.register_filter("shouty", |text: &str, _: Kwargs, _: &State| text.to_shouty_snake_case());
    tera.register_filter("kebab", |text: &str, _: Kwargs, _: &State| text.to_kebab_case());
    tera.register_filter("pascal", |text: &str, _: Kwargs, _: &State| text.to_pascal_case());
    tera.register_filter("heading", |text: &str, _: Kwargs, _: &State| text.to_title_case());
    tera.register_filter("yaml_flow", |value: tera::Value, _: Kwargs, _: &State| yaml_flow(&value));
}

/// A value as YAML on one line: `{ type: enum, values: [placed, paid] }`.
fn yaml_flow(value: &tera::Value) -> tera::TeraResult<String> {
    let value = serde_json::to_value(value).map_err(|e| tera::Error::message(e.to_string()))?;
    flow(&value).map_err(tera::Error::message)
}

/// tera's errors carry file, line, column, a snippet and the variables there are: all of it is shown.
fn explain(error: &tera::Error) -> Error {
    let mut told = Error::invalid("the template could not be rendered").cause(error.to_string());
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        told = told.cause(cause.to_string());
        source = cause.source();
    }
    told
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn render(text: &str, context: &Value) -> Result<String> {
        Engine::new([("file".to_owned(), text)])?.render("file", context)
    }

    #[test]
    fn the_delimiters_collide_with_nothing_that_templates_hold() {
        let text = "\
${{ secrets.TOKEN }} {{ just }} let x = format!(\"{{{a}}} {:#?} {:?}\", [[1, 2], [3]]);
macro_rules! m { ($($x:tt)*) => { {$x} }; }  if a < b && c >> 2 != 0 {}
[[bin]] key = { version = \"1\" }  ${#array[@]} ${x%%.*} ${x:-y}
COPY --from=build /a /b  # comment  <!-- html --> {\"json\": [{}]} <<EOF a #> b %> <%
";
        assert_eq!(render(text, &json!({})).unwrap(), text);
        assert_eq!(render("{= a =}{% if b %}!{% endif %}{~ gone ~}", &json!({"a": "<x>", "b": true})).unwrap(), "<x>!");
    }

    #[test]
    fn an_undefined_variable_is_told_with_its_place() {
        let error = render("first\n{= nam =}", &json!({"name": "orders"})).unwrap_err();
        insta::assert_snapshot!(error.causes.join("\n"));
    }

    #[test]
    fn yaml_on_one_line_reads_back_as_it_was() {
        let value = json!({"type": "enum", "values": ["no", "a, b", "1"], "default": "on", "min": 1, "none": null, "p": "^[a-z]+$: #x", "length": "1..120"});
        let line = render("{= v | yaml_flow =}", &json!({"v": value})).unwrap();
        assert!(!line.contains('\n'), "{line}");
        assert_eq!(serde_saphyr::from_str::<Value>(&line).unwrap(), value, "{line}");
    }
}

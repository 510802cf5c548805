//! Lines of Rust that grew too long because a name in them is long, broken as rustfmt breaks them: generated code
//! is formatted whatever its entities are called, though rustfmt need not be installed where msvc runs.

/// rustfmt's default.
pub(super) const WIDTH: usize = 100;

/// `text` with long signatures, imports and fields broken; everything else stays as it is.
pub(super) fn fit(text: &str) -> String {
    text.split_inclusive('\n')
        .map(|line| broken(line.trim_end_matches('\n')).unwrap_or_else(|| line.to_owned()))
        .collect()
}

/// Arguments that are longer than this are written one below the other, however short the line.
const ARGUMENTS_WIDTH: usize = 60;

fn broken(line: &str) -> Option<String> {
    let code = line.trim_start();
    let indent = &line[..line.len() - code.len()];
    if code.starts_with("select.") && code.ends_with(");") {
        return call(indent, "", code);
    }
    // Where fields of messages are read and held to their rules, and where clients are made.
    for begin in ["check.", "Address::read(", "_client::Client::new("] {
        if let Some(at) = code.find(begin) {
            let (before, code) = code.split_at(at);
            return call(indent, before, code);
        }
    }
    if line.chars().count() <= WIDTH {
        return None;
    }
    if let Some(value) = code.strip_prefix("let wanted = ") {
        return Some(format!("{indent}let wanted =\n{indent}    {value}\n"));
    }
    let is_function = ["fn ", "pub fn ", "async fn ", "pub async fn "].iter().any(|start| code.starts_with(start));
    if is_function && code.ends_with('{') {
        signature(indent, code)
    } else if code.starts_with("use ") && code.ends_with("};") {
        import(indent, code)
    } else if code.starts_with("pub ") && code.ends_with(',') && !code.contains('(') {
        let (name, kind) = code.split_once(": ")?;
        Some(format!("{indent}{name}:\n{indent}    {kind}\n"))
    } else if let Some((pattern, value)) = code.split_once(" => ").filter(|_| code.starts_with('"')) {
        Some(format!("{indent}{pattern} => {{\n{indent}    {}\n{indent}}}\n", value.strip_suffix(',')?))
    } else if let Some(value) = code.strip_suffix(".clone(),") {
        let (owner, field) = value.rsplit_once('.')?;
        Some(format!("{indent}{owner}\n{indent}    .{field}\n{indent}    .clone(),\n"))
    } else {
        None
    }
}

/// One parameter per line.
fn signature(indent: &str, code: &str) -> Option<String> {
    let open = code.find('(')?;
    let close = code.rfind(") -> ")?;
    let parameters = top_level(&code[open + 1..close]).join(&format!(",\n{indent}   "));
    Some(format!("{indent}{}\n{indent}    {parameters},\n{indent}{}\n", &code[..=open], &code[close..]))
}

/// A call whose arguments are too long for one line; `before` stands on its line.
fn call(indent: &str, before: &str, code: &str) -> Option<String> {
    let (head, rest) = code.split_once('(')?;
    let (arguments, after) = rest.split_at(closing(rest)?);
    let width = [indent, before, code].iter().map(|part| part.chars().count()).sum::<usize>();
    let fits = width <= WIDTH && arguments.chars().count() <= ARGUMENTS_WIDTH;
    if fits {
        return None;
    }
    // What has no room for its beginning behind a field's name goes to the next line.
    if let Some((name, path)) = before.split_once(": ")
        && width - code.chars().count() + head.chars().count() >= WIDTH
    {
        let below = format!("{indent}    ");
        let line = format!("{below}{path}{code}\n");
        return Some(format!("{indent}{name}:\n{}", call(&below, path, code).unwrap_or(line)));
    }
    let arguments = top_level(arguments).join(&format!(",\n{indent}   "));
    Some(format!("{indent}{before}{head}(\n{indent}    {arguments},\n{indent}{after}\n"))
}

/// As many names on a line as fit.
fn import(indent: &str, code: &str) -> Option<String> {
    let (path, names) = code.strip_suffix("};")?.split_once('{')?;
    let mut lines = vec![format!("{indent}   ")];
    for name in names.split(", ") {
        let line = lines.last_mut()?;
        if line.chars().count() + name.len() + 2 > WIDTH {
            lines.push(format!("{indent}    {name},"));
        } else {
            line.extend([" ", name, ","]);
        }
    }
    Some(format!("{indent}{path}{{\n{}\n{indent}}};\n", lines.join("\n")))
}

/// Split at the commas that stand in no bracket.
fn top_level(list: &str) -> Vec<&str> {
    let (mut start, mut parts) = (0, Vec::new());
    for (at, letter, depth) in outside_text(list) {
        if letter == ',' && depth == 0 {
            parts.push(&list[start..at]);
            start = at + 1;
        }
    }
    parts.push(&list[start..]);
    parts
}

/// Where the bracket is closed that was opened just before.
fn closing(code: &str) -> Option<usize> {
    outside_text(code).find(|(_, letter, depth)| *letter == ')' && *depth < 0).map(|(at, ..)| at)
}

/// The letters outside of string literals, with their places and how many brackets they stand in.
fn outside_text(code: &str) -> impl Iterator<Item = (usize, char, i32)> {
    let (mut depth, mut in_text, mut escaped) = (0, false, false);
    code.char_indices().filter_map(move |(at, letter)| {
        let is_quote = letter == '"' && !escaped;
        escaped = in_text && letter == '\\' && !escaped;
        in_text ^= is_quote;
        if in_text || is_quote {
            return None;
        }
        match letter {
            '(' | '<' | '[' => depth += 1,
            ')' | '>' | ']' => depth -= 1,
            _ => {}
        }
        Some((at, letter, depth))
    })
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn long_lines_are_broken_as_rustfmt_does() {
        let long = "a_name_that_goes_on_and_on_and_on_and_on";
        let text = format!(
            "pub async fn {long}(State(db): State<Database>, id: Map<K, V>) -> Result<Option<{long}>> {{\n    x\n"
        );
        assert_eq!(
            fit(&text),
            format!(
                "pub async fn {long}(\n    State(db): State<Database>,\n    id: Map<K, V>,\n) -> Result<Option<{long}>> {{\n    x\n"
            )
        );
        let text = format!("use super::model::{{{long}, {long}Input}};\nuse a::{{b, c}};\n");
        assert_eq!(fit(&text), format!("use super::model::{{\n    {long}, {long}Input,\n}};\nuse a::{{b, c}};\n"));
        assert_eq!(fit("fn short() -> u8 {\n"), "fn short() -> u8 {\n");
        let text = format!("    a: Some(check.or(\"{long}\", sent.{long}, \")(,\\\"\".to_owned())),\n");
        let lines = [
            "    a: Some(check.or(".to_owned(),
            format!("        \"{long}\","),
            format!("        sent.{long},"),
            "        \")(,\\\"\".to_owned(),".to_owned(),
            "    )),\n".to_owned(),
        ];
        assert_eq!(fit(&text), lines.join("\n"));
        let text = format!("    {long}: {long}_client::Client::new(&at.{long}, settings)?,\n");
        let lines = [
            format!("    {long}:"),
            format!("        {long}_client::Client::new("),
            format!("            &at.{long},"),
            "            settings,".to_owned(),
            "        )?,\n".to_owned(),
        ];
        assert_eq!(fit(&text), lines.join("\n"));
        let text = format!("    \"{long} desc\" => Self::{long}{long},\n");
        assert_eq!(fit(&text), format!("    \"{long} desc\" => {{\n        Self::{long}{long}\n    }}\n"));
    }
}

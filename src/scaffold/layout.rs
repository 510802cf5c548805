//! Lines of Rust that grew too long because a name in them is long, broken as rustfmt breaks them: generated code
//! is formatted whatever its entities are called, though rustfmt need not be installed where msvc runs.

/// rustfmt's default.
const WIDTH: usize = 100;

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
        return call(indent, code);
    }
    if line.chars().count() <= WIDTH {
        return None;
    }
    let is_function = ["fn ", "pub fn ", "async fn ", "pub async fn "].iter().any(|start| code.starts_with(start));
    if is_function && code.ends_with('{') {
        signature(indent, code)
    } else if code.starts_with("use ") && code.ends_with("};") {
        import(indent, code)
    } else if code.starts_with("pub ") && code.ends_with(',') && !code.contains('(') {
        let (name, kind) = code.split_once(": ")?;
        Some(format!("{indent}{name}:\n{indent}    {kind}\n"))
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

/// A call whose arguments are too long for one line.
fn call(indent: &str, code: &str) -> Option<String> {
    let (head, arguments) = code.strip_suffix(");")?.split_once('(')?;
    let fits = indent.len() + code.chars().count() <= WIDTH && arguments.chars().count() <= ARGUMENTS_WIDTH;
    let arguments = top_level(arguments).join(&format!(",\n{indent}   "));
    (!fits).then(|| format!("{indent}{head}(\n{indent}    {arguments},\n{indent});\n"))
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
    let (mut depth, mut start, mut parts) = (0_i32, 0, Vec::new());
    for (at, letter) in list.char_indices() {
        match letter {
            '(' | '<' | '[' => depth += 1,
            ')' | '>' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&list[start..]);
    parts
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
    }
}

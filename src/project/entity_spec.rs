//! Fields as they are typed on the command line: `NAME:TYPE[=ARGUMENTS][:MODIFIER[=VALUE]]..`, for example
//! `total:decimal=10,2:minimum=0` or `status:enum=placed,paid:default=placed:filter`.

use indexmap::IndexMap;
use serde_json::Value;

use super::checked::Checked;
use super::entity::{Entity, Field, FieldType, Format};
use super::name::FieldName;
use crate::error::{Error, Result, nearest};

const MODIFIERS: [&str; 11] = [
    "optional",
    "unique",
    "default",
    "minimum",
    "maximum",
    "length",
    "pattern",
    "format",
    "references",
    "filter",
    "sort",
];

/// An entity with the fields given, each in the form of the command line.
///
/// # Errors
/// A field that is not understood (exit code 2, with what is wrong in it).
pub fn entity<S: AsRef<str>>(fields: &[S]) -> Result<Entity> {
    let mut parsed = IndexMap::new();
    for spec in fields {
        let spec = spec.as_ref();
        let (name, field) = field(spec).map_err(|why| {
            Error::usage(format!("field `{spec}` is not understood"))
                .cause(why)
                .hint("a field is written NAME:TYPE[:MODIFIER..], for example `total:decimal=10,2:minimum=0`")
        })?;
        if parsed.insert(name.clone(), field).is_some() {
            return Err(Error::usage(format!("field `{name}` is given twice")));
        }
    }
    Ok(Entity { path: None, id: None, fields: parsed })
}

fn field(spec: &str) -> Result<(FieldName, Checked<Field>), String> {
    let (name, rest) = spec.split_once(':').unwrap_or((spec, "string"));
    let name = FieldName::try_from(name.to_owned())?;
    let (kind, mut rest) = rest.split_once(':').unwrap_or((rest, ""));
    let mut field = kind_of(kind)?;
    while !rest.is_empty() {
        // A pattern may hold colons, so it is always the last modifier.
        let (modifier, after) =
            if rest.starts_with("pattern=") { (rest, "") } else { rest.split_once(':').unwrap_or((rest, "")) };
        apply(&mut field, modifier)?;
        rest = after;
    }
    Ok((name, Checked::new(field)?))
}

fn kind_of(text: &str) -> Result<Field, String> {
    let (name, arguments) = text.split_once('=').map_or((text, None), |(n, a)| (n, Some(a)));
    let known = FieldType::ALL.iter().map(|(name, _)| *name);
    let Some((_, kind)) = FieldType::ALL.iter().find(|(known, _)| *known == name) else {
        let list = known.clone().collect::<Vec<_>>().join(", ");
        return Err(nearest(name, known).map_or_else(
            || format!("unknown type `{name}`; the types: {list}"),
            |near| format!("unknown type `{name}`; did you mean `{near}`?"),
        ));
    };
    let mut field = Field::new(*kind);
    match (kind, arguments) {
        (FieldType::Enum, Some(values)) => {
            field.values = values.split(',').map(|v| FieldName::try_from(v.to_owned())).collect::<Result<_, _>>()?;
        }
        (FieldType::Decimal, Some(precision)) => {
            let parts = precision.split_once(',').and_then(|(d, s)| Some((d.parse().ok()?, s.parse().ok()?)));
            let (digits, scale) = parts.ok_or_else(|| format!("decimal={precision} is not like decimal=10,2"))?;
            (field.digits, field.scale) = (Some(digits), Some(scale));
        }
        (_, Some(_)) => return Err(format!("type {name} takes no arguments")),
        (_, None) => {}
    }
    Ok(field)
}

fn apply(field: &mut Field, modifier: &str) -> Result<(), String> {
    let (name, value) = modifier.split_once('=').map_or((modifier, None), |(n, v)| (n, Some(v)));
    let needed = || value.ok_or_else(|| format!("`{name}` needs a value: {name}=.."));
    let number = || needed()?.parse::<serde_json::Number>().map_err(|_| format!("`{modifier}` is not a number"));
    match name {
        "optional" => field.optional = true,
        "unique" => field.unique = true,
        "filter" => field.filter = true,
        "sort" => field.sort = true,
        "default" => field.default = Some(default_value(field.kind, needed()?)),
        "minimum" => field.minimum = Some(number()?),
        "maximum" => field.maximum = Some(number()?),
        "length" => field.length = Some(needed()?.parse()?),
        "pattern" => field.pattern = Some(needed()?.to_owned()),
        "format" => {
            field.format = Some(match needed()? {
                "email" => Format::Email,
                "uri" => Format::Uri,
                other => return Err(format!("unknown format `{other}`; the formats: email, uri")),
            });
        }
        "references" => field.references = Some(needed()?.to_owned()),
        _ => {
            return Err(nearest(name, MODIFIERS).map_or_else(
                || format!("unknown modifier `{name}`; the modifiers: {}", MODIFIERS.join(", ")),
                |near| format!("unknown modifier `{name}`; did you mean `{near}`?"),
            ));
        }
    }
    Ok(())
}

fn default_value(kind: FieldType, text: &str) -> Value {
    match kind {
        FieldType::Integer | FieldType::Boolean | FieldType::Json => {
            serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()))
        }
        _ => Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_read_with_arguments_and_modifiers() {
        let entity =
            entity(&["total:decimal=10,2:minimum=0", "status:enum=placed,paid:default=placed:filter"]).unwrap();
        let yaml = serde_saphyr::to_string(&entity).unwrap();
        insta::assert_snapshot!(yaml);
    }

    #[test]
    fn slips_are_named_with_the_nearest_word() {
        let errors: Vec<String> = [
            "total:decimals",
            "a:string:uniqe",
            "n:integer:length=1..2",
            "Name:string",
            "s:enum",
            "q:integer:minimum=x",
        ]
        .iter()
        .map(|spec| entity(&[spec]).unwrap_err().causes.join("; "))
        .collect();
        insta::assert_snapshot!(errors.join("\n"));
    }
}

//! References between the entities of one service: foreign keys in its database.

use indexmap::IndexMap;

use super::checked::Checked;
use super::entity::{Entity, Field, FieldType, IdType};
use super::name::DnsLabel;
use crate::error::nearest;

type Entities = IndexMap<DnsLabel, Checked<Entity>>;

impl Field {
    /// The entity of the same service that the field refers to; `service/entity` is another service's.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        self.references.as_deref().filter(|target| !target.contains('/'))
    }

    /// The service and its entity that the field refers to, where that is another service's.
    #[must_use]
    pub fn target_elsewhere(&self) -> Option<(&str, &str)> {
        self.references.as_deref()?.split_once('/')
    }
}

/// Checks that every reference can be kept.
///
/// # Errors
/// The first that can't, in one sentence.
pub fn check(entities: &Entities) -> Result<(), String> {
    for (name, entity) in entities {
        for (field, declared) in &entity.fields {
            if let Some(target) = declared.target() {
                check_one(entities, name, declared, target)
                    .map_err(|why| format!("entities.{name}.fields.{field}: `references: {target}`: {why}"))?;
            }
        }
    }
    by_reference(entities).map(|_| ())
}

fn check_one(entities: &Entities, own: &DnsLabel, field: &Field, target: &str) -> Result<(), String> {
    let Some((_, entity)) = entities.iter().find(|(name, _)| name.as_str() == target) else {
        let known = entities.keys().map(DnsLabel::as_str);
        return Err(nearest(target, known).map_or_else(
            || "there is no such entity; one of another service is written service/entity".to_owned(),
            |near| format!("there is no such entity; did you mean `{near}`?"),
        ));
    };
    let (key, kind) = match entity.id {
        Some(IdType::Integer) => (FieldType::Integer, "integer"),
        _ => (FieldType::Uuid, "uuid"),
    };
    if field.kind != key {
        return Err(format!("the id of `{target}` is of type {kind}, the field of type {}", field.kind.name()));
    }
    if field.default.is_some() {
        return Err("it can't have a default: nobody knows whether that one exists".to_owned());
    }
    if own.as_str() == target && !field.optional {
        return Err("the first one would have nothing to refer to; make the field `optional`".to_owned());
    }
    Ok(())
}

/// The entities, each behind those that it refers to, else as declared: the order in which tables can be made.
///
/// # Errors
/// Entities refer to each other in a circle.
pub fn by_reference(entities: &Entities) -> Result<Vec<&DnsLabel>, String> {
    let mut ordered: Vec<&DnsLabel> = Vec::new();
    while ordered.len() < entities.len() {
        let is_ready = |(name, entity): &(&DnsLabel, &Checked<Entity>)| {
            let mut targets = entity.fields.values().filter_map(|field| field.target());
            let there = ordered.iter().chain([name]);
            !ordered.contains(name) && targets.all(|target| there.clone().any(|other| other.as_str() == target))
        };
        let Some((next, _)) = entities.iter().find(is_ready) else {
            let left = entities.keys().filter(|name| !ordered.contains(name)).map(|name| format!("`{name}`"));
            let left = left.collect::<Vec<_>>().join(", ");
            return Err(format!("{left} refer to each other in a circle: none of their tables could be made first"));
        };
        ordered.push(next);
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::by_reference;
    use crate::project::load::parse_service;

    fn parse(entities: &str) -> Result<Vec<String>, String> {
        let yaml = format!(
            "apiVersion: msvc/v1\nkind: Service\nname: shop\ntemplate: {{ name: rest }}\nentities:\n{}",
            entities.lines().flat_map(|line| ["  ", line, "\n"]).collect::<String>()
        );
        let service = parse_service(&yaml, "msvc.yaml").map_err(|e| e.causes.join("; "))?;
        Ok(by_reference(&service.entities).unwrap().into_iter().map(ToString::to_string).collect())
    }

    #[test]
    fn tables_come_behind_those_they_refer_to() {
        let order = parse(
            "payment: { fields: { order: { type: uuid, references: order } } }\n\
             note: { fields: { text: { type: text }, above: { type: uuid, references: note, optional: true } } }\n\
             order: { fields: { customer: { type: integer, references: customer }, by: { type: uuid, references: users/user } } }\n\
             customer: { id: integer, fields: { name: { type: string } } }",
        );
        assert_eq!(order.unwrap(), ["note", "customer", "order", "payment"]);
    }

    #[test]
    fn references_that_can_not_be_kept_are_told() {
        let errors: Vec<String> = [
            "order: { fields: { by: { type: uuid, references: ordr } } }",
            "order: { fields: { by: { type: uuid, references: warehouse } } }",
            "order: { fields: { by: { type: integer, references: order, optional: true } } }",
            "order: { fields: { by: { type: uuid, references: order } } }",
            "order: { fields: { by: { type: uuid, references: order, optional: true, default: 0195a1b2-c3d4-7e5f-8a6b-000000000001 } } }",
            "a: { fields: { by: { type: uuid, references: b } } }\nb: { fields: { by: { type: uuid, references: a } } }",
        ]
        .map(|entities| parse(entities).unwrap_err())
        .into();
        insta::assert_snapshot!(errors.join("\n"));
    }
}

//! Does a value have the shape that a schema of the document tells?

use serde_json::Value;

/// The first difference, with its place; `None` when it fits.
pub fn fault(document: &Value, schema: &Value, value: &Value, at: &str) -> Option<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let target =
            document.pointer(name.trim_start_matches('#')).expect("a schema that is referred to is there");
        return fault(document, target, value, at);
    }
    for word in ["oneOf", "anyOf"] {
        if let Some(all) = schema[word].as_array() {
            let faults: Vec<String> = all.iter().filter_map(|one| fault(document, one, value, at)).collect();
            return (faults.len() == all.len()).then(|| faults.join(" | "));
        }
    }
    if let Some(all) = schema["allOf"].as_array() {
        return all.iter().find_map(|one| fault(document, one, value, at));
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        return Some(format!("{at}: {value} is none of {values:?}"));
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _other => Vec::new(),
    };
    if !kinds.is_empty() && !kinds.iter().any(|kind| is(kind, value)) {
        return Some(format!("{at}: {value} is no {kinds:?}"));
    }
    match value {
        Value::Object(fields) => {
            let missing = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            if let Some(name) = missing.into_iter().find(|name| !fields.contains_key(*name)) {
                return Some(format!("{at}: {name} is missing"));
            }
            let told = schema["properties"].as_object();
            fields.iter().find_map(|(name, value)| {
                let at = format!("{at}/{name}");
                match told.and_then(|told| told.get(name)) {
                    Some(schema) => fault(document, schema, value, &at),
                    None if told.is_some() => Some(format!("{at} is not told")),
                    None => None,
                }
            })
        }
        Value::Array(items) => {
            let schema = &schema["items"];
            items.iter().enumerate().find_map(|(n, item)| fault(document, schema, item, &format!("{at}/{n}")))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _other => false,
    }
}

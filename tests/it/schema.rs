//! What the commands print is what their schemas say.

use serde_json::Value;

use crate::support::Home;

/// The schema that a `$ref` leads to.
fn resolve<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(path) => root.pointer(path.trim_start_matches('#')).expect(path),
        None => schema,
    }
}

fn is_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => panic!("no type {name}"),
    }
}

/// Where a value is not what a schema says, by path: its type, members that must be there, values of a list.
fn faults(root: &Value, schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    if schema == &Value::Bool(true) {
        return;
    }
    let target = resolve(root, schema);
    let types: Vec<&str> = match &target["type"] {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().map(|name| name.as_str().unwrap()).collect(),
        _ => Vec::new(),
    };
    if !types.is_empty() && !types.iter().any(|name| is_type(value, name)) {
        found.push(format!("{path}: {value} is no {types:?}"));
        return;
    }
    if let Some(allowed) = target["enum"].as_array()
        && !allowed.contains(value)
    {
        found.push(format!("{path}: {value} is none of {allowed:?}"));
    }
    if target.get("const").is_some_and(|only| only != value) {
        found.push(format!("{path}: {value} is not {}", target["const"]));
    }
    for choice in ["anyOf", "oneOf"] {
        let Some(schemas) = target[choice].as_array() else { continue };
        let fits = schemas.iter().any(|schema| {
            let mut inner = Vec::new();
            faults(root, schema, value, path, &mut inner);
            inner.is_empty()
        });
        if !fits {
            found.push(format!("{path}: fits none of {choice}"));
        }
    }
    for schema in target["allOf"].as_array().into_iter().flatten() {
        faults(root, schema, value, path, found);
    }
    for name in target["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if value.get(name).is_none() {
            found.push(format!("{path}: `{name}` is missing"));
        }
    }
    if let (Some(members), Some(known)) = (value.as_object(), target["properties"].as_object()) {
        for (name, member) in members {
            match known.get(name) {
                Some(schema) => faults(root, schema, member, &format!("{path}.{name}"), found),
                None => found.push(format!("{path}: `{name}` is in no schema")),
            }
        }
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        let fixed = target["prefixItems"].as_array().and_then(|items| items.get(at));
        if let Some(schema) = fixed.or_else(|| target.get("items")) {
            faults(root, schema, item, &format!("{path}[{at}]"), found);
        }
    }
}

fn lines(text: &[u8]) -> Vec<Value> {
    let values = serde_json::Deserializer::from_slice(text).into_iter();
    values.map(Result::unwrap).collect()
}

/// Runs a command, whatever it ends with, and holds each value that it prints against its schema.
fn check(home: &Home, name: &[&str], args: &[&str], input: &str) {
    let schema = home.json(&[name, &["--print-schema"]].concat());
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    let output = home.run_with(&[name, args].concat(), input);
    let values = lines(&output.stdout);
    assert!(!values.is_empty(), "{name:?} {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    let mut found = Vec::new();
    for value in &values {
        faults(&schema, &schema, value, "$", &mut found);
    }
    assert!(found.is_empty(), "{name:?} {args:?}\n{}", found.join("\n"));
}

#[test]
fn every_json_output_is_what_its_schema_says() {
    let home = Home::new(
        "[[feed]]\nid = \"f\"\nname = \"F\"\nurl = \"http://127.0.0.1:9/\"\ntier = \"D\"\nallow-private = true\n",
    );
    let item = "{\"id\":\"1\",\"published\":\"2026-03-02T10:00:00Z\",\"outlet\":\"Reuters\",\"tier\":\"C\",\
                \"url\":\"https://www.reuters.com/1\",\"title\":\"OpenAI in talks with AWS to run ChatGPT on 2 GW of Trainium3, sources say\"}\n";
    let claim = "{\"id\":1,\"deal\":\"d\",\"leg\":\"custom\",\"pub\":\"2026-02-27\",\"tier\":\"A\",\"rung\":3,\"due\":\"2026-12-31\"}\n";
    let labelled = item.replacen('{', "{\"gold\":{\"deals\":[\"openai-amd\"]},", 1);
    let document = "{\"path\":\"/nowhere\"}\n";
    for (name, args, input) in [
        (&["import"][..], &["-", "--json"][..], item),
        (&["deals"], &["--as-of", "2026-07-01", "--json"], ""),
        (&["deal"], &["openai-aws", "--as-of", "2026-07-01", "--json"], ""),
        (&["deal"], &["openai-broadcom", "--as-of", "2026-07-01", "--json"], ""),
        (&["deal"], &["trainium", "--json"], ""),
        (&["economics"], &["openai-aws", "--json"], ""),
        (&["explain"], &["openai-aws", "--as-of", "2026-07-01", "--json"], ""),
        (&["signals"], &["--since", "2025-01-01", "--until", "2026-10-02", "--json"], ""),
        (&["alerts"], &["--since", "2026-01-01", "--until", "2026-10-02", "--json"], ""),
        (&["export"], &["--format", "json"], ""),
        (&["export"], &["claims", "--format", "json"], ""),
        (&["export"], &["items", "--format", "json"], ""),
        (&["ledger"], &["-", "--json"], claim),
        (&["replay"], &["-", "--as-of", "2026-03-05", "--json"], item),
        (&["tag"], &["--jsonl"], item),
        (&["parse"], &["--jsonl"], document),
        (&["eval"], &["-", "--misses", "all", "--json"], &labelled),
        (&["feeds", "list"], &["--json"], ""),
        (&["config", "check"], &["--json"], ""),
        (&["check"], &["--json"], ""),
        (&["doctor"], &["--json"], ""),
        (&["poll"], &["--json"], ""),
    ] {
        check(&home, name, args, input);
    }
}

#[test]
fn the_checker_sees_what_is_wrong() {
    let schema = serde_json::json!({"type": "object", "required": ["a"], "properties": {"a": {"type": ["integer", "null"]}}});
    let said = |value: Value| {
        let mut found = Vec::new();
        faults(&schema, &schema, &value, "$", &mut found);
        found.len()
    };
    assert_eq!(said(serde_json::json!({"a": null})), 0);
    for wrong in [serde_json::json!({}), serde_json::json!({"a": "1"}), serde_json::json!({"a": 1, "b": 2})] {
        assert_eq!(said(wrong.clone()), 1, "{wrong}");
    }
}

#[test]
fn a_command_without_json_says_which_have_it() {
    let output = Home::new("").run(&["keys", "--print-schema"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("these commands do: alerts, check"));
}

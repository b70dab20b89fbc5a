//! A document as public services publish theirs: references everywhere, no care for our wishes. It loads.

use super::super::{Api, ApiFiles, In};
use crate::model::Problems;

const PETS: &str = r##"{
 "openapi": "3.0.2",
 "info": {"title": "pets", "version": "1.0.17", "license": {"name": "x"}},
 "servers": [{"url": "/api/v3"}],
 "security": [{"key": []}],
 "paths": {
  "/pet": {
   "put": {"tags": ["pet"], "operationId": "updatePet",
    "requestBody": {"required": true, "content": {
      "application/json": {"schema": {"$ref": "#/components/schemas/Pet"}},
      "application/xml": {"schema": {"$ref": "#/components/schemas/Pet"}},
      "application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
    "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
                  "default": {"$ref": "#/components/responses/Failed"}},
    "security": [{"oauth": ["write:pets", "read:pets"]}]}
  },
  "/pet/{petId}": {
   "parameters": [{"$ref": "#/components/parameters/petId"}],
   "get": {"responses": {"200": {"description": "ok", "headers": {"X-Rate-Limit": {"schema": {"type": "integer"}}},
      "content": {"application/json": {"schema": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Pet"}],
        "discriminator": {"propertyName": "kind"}}}}}, "404": {"description": "no"}}, "security": [{}, {"key": []}]},
   "delete": {"operationId": "deletePet", "deprecated": true,
     "parameters": [{"name": "petId", "in": "path", "required": true, "schema": {"type": "integer"}, "example": 7}],
     "responses": {"4XX": {"description": "no"}}}
  },
  "/pets": {"get": {"operationId": "findPets",
    "parameters": [{"name": "status", "in": "query", "required": true, "explode": true,
      "schema": {"type": "string", "default": "available", "enum": ["available", "sold"]}}],
    "responses": {"200": {"description": "ok", "content": {"*/*": {"schema": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}}}}}}}
 },
 "components": {
  "parameters": {"petId": {"name": "petId", "in": "path", "required": true, "schema": {"type": "integer", "format": "int64"}}},
  "responses": {"Failed": {"description": "failed"}},
  "securitySchemes": {"key": {"type": "apiKey", "name": "k", "in": "header"},
    "oauth": {"type": "oauth2", "flows": {"implicit": {"authorizationUrl": "https://x.example/a", "scopes": {"write:pets": "w", "read:pets": "r"}}}}},
  "schemas": {
   "Category": {"type": "object", "properties": {"id": {"type": "integer", "format": "int64", "example": 1}, "name": {"type": "string"}}, "xml": {"name": "category"}},
   "Pet": {"type": "object", "required": ["name", "photoUrls"], "properties": {
     "id": {"type": "integer", "format": "int64", "readOnly": true}, "name": {"type": "string", "example": "doggie"},
     "category": {"$ref": "#/components/schemas/Category"}, "parent": {"$ref": "#/components/schemas/Pet"},
     "photoUrls": {"type": "array", "xml": {"wrapped": true}, "items": {"type": "string", "xml": {"name": "photoUrl"}}},
     "status": {"type": "string", "enum": ["available", "pending", "sold"]}}},
   "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "object", "required": ["lives"], "properties": {"lives": {"type": "integer", "minimum": 0, "exclusiveMinimum": true, "maximum": 9}}}]}
  }
 }
}"##;

fn load(name: &str, text: &str) -> Api {
    let mut problems = Problems::new();
    let files = ApiFiles {
        openapi: (name, text.as_bytes()),
        rules: ("api.toml", b""),
    };
    Api::load(files, &mut problems).unwrap_or_else(|| panic!("{problems:?}"))
}

#[test]
fn a_public_document_loads_without_api_toml() {
    let api = load("openapi.json", PETS);
    let names: Vec<&str> = api.operations.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        ["GET /pet/{petId}", "deletePet", "findPets", "updatePet"]
    );
    let get = &api.operations["GET /pet/{petId}"];
    assert!(!get.secured && api.operations["updatePet"].secured);
    assert!(
        get.parameters
            .iter()
            .all(|p| p.place == In::Path && p.usual().is_none())
    );
    assert_eq!(
        api.operations["deletePet"].parameters[0].usual().as_deref(),
        Some("7")
    );
    assert_eq!(
        api.operations["findPets"].parameters[0].usual().as_deref(),
        Some("available")
    );
    assert_eq!(
        api.operation_at("GET", "/pet/3").map(|o| o.id.as_str()),
        Some("GET /pet/{petId}")
    );
    let cat = get.response_schema(200).expect("a schema");
    assert!(!cat.validator().is_valid(&serde_json::json!({"name": 1})));
    // The same as 3.1, where the boolean bound is a number.
    let newer = PETS
        .replace("3.0.2", "3.1.0")
        .replace("\"exclusiveMinimum\": true, ", "");
    assert_eq!(load("openapi.json", &newer).operations.len(), 4);
}

#[test]
fn endless_and_deep_documents_end() {
    let circle = PETS.replace(
        "\"Failed\": {\"description\": \"failed\"}",
        "\"Failed\": {\"$ref\": \"#/components/responses/Failed\"}",
    );
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let aliases: String = (1..30)
        .map(|n| format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1))
        .collect();
    let aliases = format!("openapi: 3.1.0\na0: &a0 [x]\n{aliases}");
    for (name, text) in [
        ("o.json", circle.as_str()),
        ("o.json", &deep),
        ("o.yaml", &deep),
        ("o.yaml", &aliases),
    ] {
        let mut problems = Problems::new();
        let files = ApiFiles {
            openapi: (name, text.as_bytes()),
            rules: ("api.toml", b""),
        };
        assert!(Api::load(files, &mut problems).is_none());
        assert!(!problems.is_empty());
    }
}

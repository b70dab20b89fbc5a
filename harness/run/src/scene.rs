use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use renkei_core::agreement::{Client, Endpoint, Profile};
use renkei_core::model::Bilingual;
use renkei_core::plan::{ApiCase, Linkage, Plan, Variables};
use renkei_core::spec::Api;

use crate::error::RunError;

/// Everything a run is given, already loaded and checked: nothing in it changes while the run goes on.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// Profiles by party id.
    pub profiles: &'a BTreeMap<String, Profile>,
    /// APIs by `pack/api`, as cases name them.
    pub apis: &'a BTreeMap<String, &'a Api>,
    /// Folder of the plan; what the plan names is relative to it.
    pub base: &'a Path,
    /// Values of the variables in braces.
    pub variables: &'a Variables,
}

impl<'a> Scene<'a> {
    /// Replaces the variables in a text of the plan or a profile. `place` says where it stands.
    ///
    /// # Errors
    /// A variable has no value.
    pub fn expand(&self, text: &str, place: &str) -> Result<String, RunError> {
        self.variables.expand(text).map_err(|name| {
            let known = self
                .variables
                .0
                .keys()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ");
            RunError::Input {
                place: place.to_owned(),
                message: Bilingual::new(
                    format!("変数 {{{name}}} の値がありません"),
                    format!("variable {{{name}}} has no value"),
                ),
                help: Bilingual::new(
                    format!("使える変数: {known}"),
                    format!("there are: {known}"),
                ),
            }
        })
    }

    /// A path of the plan: variables replaced, relative to the plan.
    ///
    /// # Errors
    /// A variable has no value.
    pub fn path(&self, text: &str, place: &str) -> Result<PathBuf, RunError> {
        Ok(self.base.join(self.expand(text, place)?))
    }

    /// Folder of a party's profile.
    pub fn profile_folder(&self, party: &str) -> PathBuf {
        let profile = self.plan.party(party).map_or("", |p| p.profile.as_str());
        let path = self.base.join(profile);
        path.parent().map_or_else(|| path.clone(), Path::to_owned)
    }

    /// A client of a party's profile.
    pub fn client(&self, party: &str, name: &str) -> Option<&'a Client> {
        self.profiles.get(party)?.clients.get(name)
    }

    /// The API endpoint of the provider of a linkage, with the party it belongs to.
    pub fn api_endpoint(&self, linkage: &'a Linkage) -> Option<Place<'a>> {
        self.endpoint(&linkage.from, "api")
    }

    /// The token endpoint for calls over a linkage: the provider's, else the one the consumer names.
    pub fn token_endpoint(&self, linkage: &'a Linkage) -> Option<Place<'a>> {
        self.endpoint(&linkage.from, "token")
            .or_else(|| self.endpoint(&linkage.to, "token"))
    }

    /// Another endpoint of the platform whose token endpoint is `at`: the same profile declares it.
    pub(crate) fn beside(&self, at: Place<'a>, key: &'static str) -> Option<Place<'a>> {
        self.endpoint(at.party, key)
    }

    /// The token endpoint of the party that a case has its token issued by.
    pub(crate) fn issuer_endpoint(&self, case: &'a ApiCase) -> Option<Place<'a>> {
        self.endpoint(&case.issuer, "token")
    }

    fn endpoint(&self, party: &'a str, key: &'static str) -> Option<Place<'a>> {
        let endpoint = self.profiles.get(party)?.endpoints.get(key)?;
        Some(Place {
            party,
            key,
            endpoint,
        })
    }

    /// The scope a case asks for: its own, else the API's.
    pub fn scope(&self, case: &'a ApiCase) -> &'a str {
        if case.scope.is_empty() {
            self.own_scope(case)
        } else {
            &case.scope
        }
    }

    /// The scope that the API itself asks for; empty when it names none.
    pub fn own_scope(&self, case: &ApiCase) -> &'a str {
        let api = self.apis.get(&case.api);
        api.and_then(|api| api.scope(&case.operation)).unwrap_or("")
    }

    /// True when a call goes out with a token: the API asks for one, or both profiles are ready for it.
    pub fn needs_token(&self, linkage: &'a Linkage, case: &ApiCase) -> bool {
        if case.client == "none" {
            return false;
        }
        let operation = self
            .apis
            .get(&case.api)
            .and_then(|api| api.operations.get(&case.operation));
        let asked = operation.is_some_and(|o| o.secured) || !self.own_scope(case).is_empty();
        let ready = self.token_endpoint(linkage).is_some()
            && self.client(&linkage.to, &case.client).is_some();
        asked || ready
    }
}

/// Scopes by `operationId`, as stand-ins are told them.
pub(crate) fn scopes(api: &Api) -> BTreeMap<String, String> {
    let scope = |id: &String| Some((id.clone(), api.scope(id)?.to_owned()));
    api.operations.keys().filter_map(scope).collect()
}

/// A small API in the shape of the numbering API.
#[cfg(test)]
pub(crate) fn numbering() -> Api {
    let document = serde_json::from_str(include_str!("openapi_sample.json")).unwrap_or_default();
    let mut problems = Vec::new();
    let api = Api::of_document(document, &BTreeMap::new(), &mut problems);
    api.unwrap_or_else(|| panic!("{problems:?}"))
}

/// An endpoint with the party that owns it.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// Party id.
    pub party: &'a str,
    /// `api` or `token`.
    pub key: &'static str,
    /// The endpoint.
    pub endpoint: &'a Endpoint,
}

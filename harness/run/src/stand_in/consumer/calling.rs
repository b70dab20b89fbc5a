//! One call of the operation.

use renkei_core::encoding::{Encoding, Target, encode};
use renkei_core::model::Bilingual;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;

use super::{ConsumerConfig, Told, trouble};
use crate::error::RunError;
use crate::secret::Secret;
use crate::stand_in::misbehaviour::{Switch, Switches};

pub(super) async fn call(
    config: &ConsumerConfig,
    switches: &Switches,
    client: &reqwest::Client,
    token: Option<&Secret>,
    call: u32,
) -> Result<Told, RunError> {
    let wrong = |what: &str| {
        trouble(
            config,
            Bilingual::new(
                format!("{what} を使えません"),
                format!("{what} cannot be used"),
            ),
            Bilingual::new(
                "標準入力の設定を確かめてください",
                "check the configuration on stdin",
            ),
        )
    };
    let method: reqwest::Method = config.method.parse().map_err(|_| wrong("method"))?;
    let mut url: reqwest::Url = config.url.parse().map_err(|_| wrong("url"))?;
    let token = token.filter(|_| !switches.on(Switch::CallsWithoutToken));
    let in_query = switches.on(Switch::SendsTokenInQuery);
    if let Some(token) = token.filter(|_| in_query) {
        url.query_pairs_mut()
            .append_pair("access_token", token.expose());
    }
    let mut request = client.request(method, url);
    if let Some(token) = token.filter(|_| !in_query) {
        request = request.header(AUTHORIZATION, format!("Bearer {}", token.expose()));
    }
    if let Some(media) = media(switches) {
        request = request.header(CONTENT_TYPE, media);
    }
    if !config.body.is_null() {
        request = request.body(body(config, switches));
    }
    let mut told = Told {
        step: "call".to_owned(),
        call,
        ..Told::default()
    };
    match request.send().await {
        Ok(response) => {
            told.status = response.status().as_u16();
            // The answer is read to its end, as a vendor's client would, so that the connection can be used again.
            if let Err(e) = response.bytes().await {
                told.fault = e.without_url().to_string();
            }
        }
        Err(e) => told.fault = e.without_url().to_string(),
    }
    Ok(told)
}

fn media(switches: &Switches) -> Option<&'static str> {
    if switches.on(Switch::SendsNoContentType) {
        None
    } else if switches.on(Switch::SendsWrongContentType) {
        Some("text/plain")
    } else if switches.on(Switch::SendsNoCharset) {
        Some("application/json")
    } else {
        Some("application/json;charset=UTF-8")
    }
}

fn body(config: &ConsumerConfig, switches: &Switches) -> Vec<u8> {
    let mut value = config.body.clone();
    if switches.on(Switch::LeavesOutRequired)
        && let Value::Object(members) = &mut value
    {
        members.remove(&config.required);
    }
    let mut text = value.to_string();
    if switches.on(Switch::SendsKeyTwice)
        && let Some((name, first)) = value.as_object().and_then(|m| m.iter().next())
        && let Some(rest) = text.strip_prefix('{')
    {
        text = format!("{{{}:{first},{rest}", Value::from(name.as_str()));
    }
    if switches.on(Switch::SendsShiftJis) {
        // Characters that Shift_JIS lacks become ?, as in the converters that vendors' clients use.
        let lossy = |c: char| {
            let one = c.to_string();
            encode(&one, Target::new(Encoding::Cp932)).unwrap_or_else(|_| b"?".to_vec())
        };
        return text.chars().flat_map(lossy).collect();
    }
    let mut bytes = text.into_bytes();
    if switches.on(Switch::SendsBom) {
        bytes.splice(0..0, [0xEF, 0xBB, 0xBF]);
    }
    bytes
}

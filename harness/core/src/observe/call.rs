//! One API call as it happened.

use super::coding::{CodingFault, plain};
use super::json::{Json, JsonFault};
use crate::model::{Bilingual, Location};
use crate::plan::{ApiCase, Variation};
use crate::record::{
    Exchange, Header, HttpResponse, HttpTransfer, Intent, Origin, TokenFacts, Transfer,
};
use crate::spec::{Api, Content, MediaType, Operation, ResponseDoc, XmlMessage};

/// The bytes of a call, taken from the blobs of its exchange.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bodies<'a> {
    /// As sent; absent when nothing was sent.
    pub request: Option<&'a [u8]>,
    /// As received; absent when nothing came.
    pub response: Option<&'a [u8]>,
}

/// One API call as it happened, beside what is documented for it.
#[derive(Debug)]
pub struct CallView<'a> {
    /// The exchange.
    pub exchange: &'a Exchange,
    /// Its HTTP part.
    pub http: &'a HttpTransfer,
    /// What the plan asked for.
    pub case: &'a ApiCase,
    /// The API.
    pub api: &'a Api,
    /// The operation that was called.
    pub operation: &'a Operation,
    /// The request body as read, its content coding undone; absent when none was sent or it cannot be undone.
    pub request: Option<Result<Json, JsonFault>>,
    /// The request body, where it should be an XML message of the pack.
    pub request_xml: Option<XmlBody<'a>>,
    /// Why the content coding of the request cannot be undone.
    pub request_coding: Option<CodingFault>,
    /// What came back.
    pub response: Option<ResponseView<'a>>,
    /// What the token response said whose token was used, if one was.
    pub token: Option<&'a TokenFacts>,
    /// What the harness set out to send, if it was more than what the plan wrote.
    pub intent: Option<&'a Intent>,
    /// Within how many seconds both sides agreed to answer; absent: the pack's guide counts.
    pub agreed_answer_s: Option<u64>,
    /// For a call that no plan made: whether its request is as documented, once that was judged.
    pub request_conforms: Option<bool>,
    /// How far values may be seen.
    pub mask: crate::mask::Mask,
}

/// What came back.
#[derive(Debug)]
pub struct ResponseView<'a> {
    /// The response.
    pub http: &'a HttpResponse,
    /// What is documented for its status.
    pub documented: Option<&'a ResponseDoc>,
    /// Its media type.
    pub content_type: ContentType,
    /// Its body.
    pub body: BodyView<'a>,
}

/// A body that should be an XML message.
#[derive(Debug)]
pub struct XmlBody<'a> {
    /// What it should be.
    pub message: &'a XmlMessage,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// `charset` of its Content-Type.
    pub charset: Option<String>,
}

impl<'a> XmlBody<'a> {
    fn of(message: &'a XmlMessage, bytes: &[u8], headers: &[Header]) -> Self {
        let told = header(headers, "content-type").and_then(MediaType::parse);
        Self {
            message,
            bytes: bytes.to_vec(),
            charset: told.and_then(|t| t.parameter("charset").map(str::to_owned)),
        }
    }
}

/// The Content-Type header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContentType {
    /// There is none.
    Absent,
    /// It is no media type (RFC 9110 8.3.1), or there are several; as written.
    Unreadable(String),
    /// It says this.
    Told(MediaType),
}

/// A response body.
#[derive(Debug)]
pub enum BodyView<'a> {
    /// No byte came.
    Empty,
    /// It was longer than the limit of the harness and was cut.
    Cut,
    /// It should be an XML message of the pack.
    Xml(XmlBody<'a>),
    /// Its content coding (`gzip` …) cannot be undone.
    Coded(CodingFault),
    /// It is JSON.
    Json(Json),
    /// It is not JSON.
    NotJson(JsonFault),
}

impl<'a> CallView<'a> {
    /// Reads an exchange as a call of the case's operation.
    ///
    /// # Errors
    /// Why it is none: not HTTP, or the API has no such operation.
    pub fn read(
        exchange: &'a Exchange,
        bodies: Bodies<'_>,
        api: &'a Api,
        case: &'a ApiCase,
        token: Option<&'a TokenFacts>,
    ) -> Result<Self, Bilingual> {
        let Transfer::Http(http) = &exchange.transfer else {
            return Err(Bilingual::new(
                format!("{} はHTTPの交換ではありません", exchange.log),
                format!("{} is no HTTP exchange", exchange.log),
            ));
        };
        let Some(operation) = api.operations.get(&case.operation) else {
            return Err(Bilingual::new(
                format!("API {} に操作 {} がありません", case.api, case.operation),
                format!("API {} has no operation {}", case.api, case.operation),
            ));
        };
        let response = http.response.as_ref().map(|response| {
            let documented = operation.response(response.status);
            let content_type = content_type(&response.headers);
            let form = form_of(documented, &content_type);
            let xml = form.and_then(|content| content.xml.as_deref());
            ResponseView {
                http: response,
                documented,
                content_type,
                body: body(response, bodies.response.unwrap_or_default(), xml),
            }
        });
        let coding = header(&http.request.headers, "content-encoding");
        let sent = bodies.request.map(|bytes| plain(coding, bytes));
        let (request, request_coding) = match sent {
            Some(Ok(bytes)) => (Some(Json::read(&bytes)), None),
            Some(Err(fault)) => (None, Some(fault)),
            None => (None, None),
        };
        Ok(Self {
            exchange,
            http,
            case,
            api,
            operation,
            request,
            request_xml: request_xml(operation, http, bodies.request),
            request_coding,
            response,
            token,
            intent: None,
            agreed_answer_s: None,
            request_conforms: None,
            mask: crate::mask::Mask::default(),
        })
    }

    /// True when the call must be refused: it says of itself that it lacks what it needs.
    pub fn refusal_is_due(&self) -> bool {
        self.case.variation != Variation::None
    }

    /// The Content-Type of the request.
    pub fn request_media_type(&self) -> Option<MediaType> {
        MediaType::parse(header(&self.http.request.headers, "content-type")?)
    }

    /// Where the bytes of the request come from.
    pub fn origin(&self) -> Origin {
        self.intent.map_or(Origin::Plan, |intent| intent.origin)
    }

    /// What makes the call special, in neutral notation.
    pub fn note(&self) -> &str {
        self.intent.map_or("", |intent| intent.note.as_str())
    }

    /// The exchange as a place.
    pub fn place(&self) -> Location {
        Location {
            log: Some(self.exchange.log.clone()),
            ..Location::default()
        }
    }
}

impl ResponseView<'_> {
    /// True for 200–299.
    pub fn succeeded(&self) -> bool {
        (200..300).contains(&self.http.status)
    }

    /// The first value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.http.headers, name)
    }

    /// The documented form of the body that fits its media type; with a media type that fits none, the JSON form,
    /// else that of an XML message.
    pub fn content(&self) -> Option<&Content> {
        form_of(self.documented, &self.content_type)
    }

    /// The body, if it is JSON.
    pub fn json(&self) -> Option<&Json> {
        match &self.body {
            BodyView::Json(json) => Some(json),
            _ => None,
        }
    }
}

/// The value that the body of a message is, its content coding undone; nothing when it is no JSON.
pub fn json_of(headers: &[Header], bytes: &[u8]) -> Option<serde_json::Value> {
    let plain = plain(header(headers, "content-encoding"), bytes).ok()?;
    Json::read(&plain).ok().map(|json| json.value)
}

/// The first value of a header, by its name in lower case.
pub(crate) fn header<'h>(headers: &'h [Header], name: &str) -> Option<&'h str> {
    let mut found = headers.iter().filter(|h| h.name.eq_ignore_ascii_case(name));
    found.next().map(|h| h.value.as_str())
}

fn content_type(headers: &[Header]) -> ContentType {
    let told: Vec<&str> = headers
        .iter()
        .filter(|h| h.name.eq_ignore_ascii_case("content-type"))
        .map(|h| h.value.as_str())
        .collect();
    match told.as_slice() {
        [] => ContentType::Absent,
        [one] => MediaType::parse(one).map_or_else(
            || ContentType::Unreadable((*one).to_owned()),
            ContentType::Told,
        ),
        several => ContentType::Unreadable(several.join(" | ")),
    }
}

fn form_of<'a>(documented: Option<&'a ResponseDoc>, told: &ContentType) -> Option<&'a Content> {
    let forms = &documented?.content;
    let named = match told {
        ContentType::Told(told) => forms.iter().find(|c| told.satisfies(&c.media_type)),
        _ => None,
    };
    named
        .or_else(|| forms.iter().find(|c| c.media_type.is_json()))
        .or_else(|| forms.iter().find(|c| c.xml.is_some()))
}

/// The request body, where the document names an XML message for its media type (or for the only form that it has).
fn request_xml<'a>(
    operation: &'a Operation,
    http: &HttpTransfer,
    bytes: Option<&[u8]>,
) -> Option<XmlBody<'a>> {
    let forms = &operation.request.as_ref()?.content;
    let headers = &http.request.headers;
    let told = header(headers, "content-type").and_then(MediaType::parse);
    let fits = |c: &&Content| told.as_ref().is_some_and(|t| t.satisfies(&c.media_type));
    let form = forms.iter().find(fits).or(match forms.as_slice() {
        [only] => Some(only),
        _ => None,
    })?;
    let whole = !http.wire.as_ref().is_some_and(|w| w.request.cut);
    let message = form.xml.as_deref().filter(|_| whole)?;
    let bytes = plain(header(headers, "content-encoding"), bytes?).ok()?;
    Some(XmlBody::of(message, &bytes, headers))
}

fn body<'a>(response: &HttpResponse, bytes: &[u8], xml: Option<&'a XmlMessage>) -> BodyView<'a> {
    if response.truncated {
        return BodyView::Cut;
    }
    if bytes.is_empty() {
        return BodyView::Empty;
    }
    let bytes = match plain(header(&response.headers, "content-encoding"), bytes) {
        Ok(bytes) => bytes,
        Err(fault) => return BodyView::Coded(fault),
    };
    if let Some(message) = xml {
        return BodyView::Xml(XmlBody::of(message, &bytes, &response.headers));
    }
    match Json::read(&bytes) {
        Ok(json) => BodyView::Json(json),
        Err(fault) => BodyView::NotJson(fault),
    }
}

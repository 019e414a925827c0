//! What the app eGov Mobile asks, by the address in the code: API-1 says who asks and where the document is, API-2 gives
//! the document and takes the signature (NITEC-S-5096). Nobody is signed in here and nothing of the browser is sent: the
//! address itself is the right, for one signature and a few minutes.

use axum::body::Body;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use axum::{Json, Router};
use cabinet::Secret;
use cabinet::sign_in::{self, PhoneErrand, SignInRefusal};
use cabinet::ticket::{LinkRefusal, Purpose};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use text::{Lang, date};
use url::{Url, form_urlencoded};

use crate::body;
use crate::error::Error;
use crate::extract::Path;
use crate::language::lang;
use crate::remote_key::EgovMobile;
use crate::view::error::ErrorKind;
use crate::visitor::Visitor;

/// CMS of 256 KiB in base64 (threats, CMS-10), and what stands around it.
const LIMIT: usize = 384 * 1024;
/// The launch page of the operator, with the ids of its apps.
const MOBILE: &str = "https://m.egov.kz/mobileSign/";
const MOBILE_IDS: [(&str, &str); 3] = [
    ("isi", "1476128386"),
    ("ibi", "kz.egov.mobile"),
    ("apn", "kz.mobile.mgov"),
];
const BUSINESS: &str = "https://m.egov.kz/businessSign/";
const BUSINESS_IDS: [(&str, &str); 3] = [
    ("isi", "1597880144"),
    ("ibi", "kz.mobile.mgov.business"),
    ("apn", "kz.mobile.mgov.business"),
];
/// The document is text, not a PDF.
const NO_MIME: &str = "";
/// What is signed goes along with the signature.
const SIGN_METHOD: &str = "CMS_WITH_DATA";

/// Whether the app asks, and not a page: it has no token of a form, and no cookie that could be misused.
pub(crate) fn is_asked(path: &str) -> bool {
    path.starts_with("/egov/")
}

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/egov/{phone}", get(who_asks))
        .route("/egov/{phone}/document", get(document).post(document).put(signed))
}

/// API-1.
#[derive(Debug, Serialize)]
struct WhoAsks {
    description: String,
    expiry_date: String,
    organisation: Organisation,
    document: Place,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Organisation {
    name_ru: String,
    name_kz: String,
    name_en: String,
    bin: String,
}

#[derive(Debug, Serialize)]
struct Place {
    uri: String,
    auth_type: &'static str,
    auth_token: &'static str,
}

/// API-2.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ToSign {
    sign_method: &'static str,
    version: u8,
    #[serde(rename = "documentsToSign")]
    documents: [Document; 1],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    id: u8,
    name_ru: String,
    name_kz: String,
    name_en: String,
    meta: Vec<Meta>,
    #[serde(rename = "document")]
    content: File,
}

#[derive(Debug, Serialize)]
struct Meta {
    name: String,
    value: String,
}

#[derive(Debug, Serialize)]
struct File {
    file: FileData,
}

#[derive(Debug, Serialize)]
struct FileData {
    mime: &'static str,
    data: String,
}

/// What the app sends back: the same, with the signature in place of the document. Of all that the apps repeat only the
/// signature is looked at.
#[derive(Debug, Deserialize)]
struct Returned {
    #[serde(rename = "documentsToSign")]
    documents: Vec<ReturnedDocument>,
}

#[derive(Debug, Deserialize)]
struct ReturnedDocument {
    document: ReturnedFile,
}

#[derive(Debug, Deserialize)]
struct ReturnedFile {
    file: ReturnedData,
}

#[derive(Debug, Deserialize)]
struct ReturnedData {
    data: String,
}

/// Why the app is told no; the words are for the person who holds the phone.
#[derive(Debug, Serialize)]
struct Message {
    message: String,
}

/// The code of the picture, and links for a phone that shows the page itself.
pub(crate) struct Links {
    pub(crate) code: String,
    pub(crate) mobile: String,
    pub(crate) business: String,
}

async fn who_asks(visitor: Visitor, Path(phone): Path<String>) -> Result<Response, Error> {
    let (asker, phone) = visitor.asked_by_phone(&phone)?;
    let errand = match visitor.phone_errand(&phone).await? {
        Ok(errand) => errand,
        Err(refusal) => return Ok(visitor.link_refused(refusal)),
    };
    let [name_ru, name_kz, name_en] = asker.organisation.clone();
    let host = visitor.app.rules.host();
    let spoken = lang(visitor.visit.language);
    Ok(Json(WhoAsks {
        description: match errand.purpose {
            Purpose::StepUp => text::phone::describe_step_up(spoken, &host),
            _ => text::phone::describe_sign_in(spoken, &host),
        },
        expiry_date: date::with_offset(errand.expires_at.as_seconds(), &visitor.app.site.zone),
        organisation: Organisation {
            name_ru,
            name_kz,
            name_en,
            bin: asker.bin.clone(),
        },
        document: Place {
            uri: format!("{}/document", visitor.phone_address(&phone)),
            auth_type: "None",
            auth_token: "",
        },
    })
    .into_response())
}

async fn document(visitor: Visitor, Path(phone): Path<String>) -> Result<Response, Error> {
    let (_, phone) = visitor.asked_by_phone(&phone)?;
    Ok(match visitor.phone_errand(&phone).await? {
        Ok(errand) => Json(to_sign(&errand, &visitor.app.rules.host())).into_response(),
        Err(refusal) => visitor.link_refused(refusal),
    })
}

async fn signed(
    visitor: Visitor,
    Path(phone): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let (_, phone) = visitor.asked_by_phone(&phone)?;
    if !is_json(&headers) {
        return Err(Error::Page(ErrorKind::BadRequest));
    }
    let errand = match visitor.phone_errand(&phone).await? {
        Ok(errand) => errand,
        Err(refusal) => return Ok(visitor.link_refused(refusal)),
    };
    let body = body::read(body, LIMIT).await?;
    let checked = match signature(&body) {
        Ok(cms) => visitor.check_signature(&errand, cms).await?,
        Err(refusal) => Err(refusal),
    };
    let refusal = checked.as_ref().err().copied();
    let brought = visitor.bring_signature(phone, errand, checked).await?;
    Ok(match (brought, refusal) {
        (Err(refusal), _) => visitor.link_refused(refusal),
        (Ok(()), Some(refusal)) => visitor.signature_refused(refusal),
        (Ok(()), None) => StatusCode::OK.into_response(),
    })
}

fn to_sign(errand: &PhoneErrand, host: &str) -> ToSign {
    let name = |lang| match errand.purpose {
        Purpose::StepUp => text::phone::describe_step_up(lang, host),
        _ => text::phone::describe_sign_in(lang, host),
    };
    // all that the text says, line by line: the app shows it before anything is signed
    let lines = errand.text.lines().filter_map(|line| line.split_once(": "));
    let meta = lines
        .filter(|(label, _)| *label != "nonce")
        .map(|(name, value)| Meta {
            name: name.to_owned(),
            value: value.to_owned(),
        });
    ToSign {
        sign_method: SIGN_METHOD,
        version: 1,
        documents: [Document {
            id: 1,
            name_ru: name(Lang::Ru),
            name_kz: name(Lang::Kk),
            name_en: name(Lang::En),
            meta: meta.collect(),
            content: File {
                file: FileData {
                    mime: NO_MIME,
                    data: BASE64.encode(errand.text.as_bytes()),
                },
            },
        }],
    }
}

/// The one signature; how it is wrapped differs between apps, what it is does not.
fn signature(body: &[u8]) -> Result<Vec<u8>, SignInRefusal> {
    let returned: Returned = serde_json::from_slice(body).map_err(|_| SignInRefusal::CmsMalformed)?;
    let [document] = returned.documents.as_slice() else {
        return Err(SignInRefusal::CmsSignerCount);
    };
    let compact: String = document.document.file.data.split_ascii_whitespace().collect();
    BASE64
        .decode(compact.as_bytes())
        .map_err(|_| SignInRefusal::CmsMalformed)
}

fn is_json(headers: &HeaderMap) -> bool {
    let media = headers.get(header::CONTENT_TYPE);
    media.is_some_and(|media| media.as_bytes().starts_with(b"application/json"))
}

impl Visitor {
    fn asked_by_phone(&self, phone: &str) -> Result<(&EgovMobile, Secret), Error> {
        let asker = self.app.remote_keys.egov_mobile.as_ref();
        asker
            .zip(Secret::parse(phone))
            .ok_or(Error::Page(ErrorKind::NotFound))
    }

    /// What the picture and the links lead to.
    pub(crate) fn egov_links(&self, phone: &Secret) -> Links {
        let address = self.phone_address(phone);
        let link = |page: &str, ids: &[(&str, &str)]| {
            let mut query = form_urlencoded::Serializer::new(String::new());
            query.append_pair("link", &address).extend_pairs(ids);
            format!("{page}?{}", query.finish())
        };
        Links {
            code: format!("mobileSign:{address}"),
            mobile: link(MOBILE, &MOBILE_IDS),
            business: link(BUSINESS, &BUSINESS_IDS),
        }
    }

    fn phone_address(&self, phone: &Secret) -> String {
        let base: &Url = &self.app.rules.base_url;
        format!("{base}egov/{}", phone.expose())
    }

    async fn phone_errand(&self, phone: &Secret) -> Result<Result<PhoneErrand, LinkRefusal>, Error> {
        let (visitor, phone) = (self.clone(), phone.clone());
        let found = self
            .app
            .db
            .read(move |tx| sign_in::find_phone_errand(tx, &visitor.app.rules, &visitor.visit, &phone));
        Ok(found.await?)
    }

    async fn check_signature(
        &self,
        errand: &PhoneErrand,
        cms: Vec<u8>,
    ) -> Result<Result<Vec<u8>, SignInRefusal>, Error> {
        let (visitor, errand) = (self.clone(), errand.clone());
        let checked = self.app.signatures.run(move || {
            let provider = esign::provider::native();
            errand.check(&cms, &visitor.app.trust, &visitor.visit, provider)?;
            Ok(cms)
        });
        Ok(checked.await?)
    }

    async fn bring_signature(
        &self,
        phone: Secret,
        errand: PhoneErrand,
        checked: Result<Vec<u8>, SignInRefusal>,
    ) -> Result<Result<(), LinkRefusal>, Error> {
        let visitor = self.clone();
        let brought = self.app.db.write(move |tx| {
            let (rules, visit) = (&visitor.app.rules, &visitor.visit);
            let checked = checked.as_deref().map_err(|refusal| *refusal);
            sign_in::bring_signature(tx, rules, visit, &phone, &errand, checked)
        });
        Ok(brought.await?)
    }

    fn link_refused(&self, refusal: LinkRefusal) -> Response {
        let lang = lang(self.visit.language);
        let message = match refusal {
            LinkRefusal::Used => text::phone::app_used(lang),
            LinkRefusal::Expired => text::phone::app_expired(lang),
            LinkRefusal::Replaced => text::phone::app_cancelled(lang),
            LinkRefusal::Unknown => text::phone::app_unknown(lang),
        };
        no(message.to_owned())
    }

    fn signature_refused(&self, refusal: SignInRefusal) -> Response {
        let words = text::refusal::by_code(lang(self.visit.language), refusal.code());
        no(words.map_or_else(|| refusal.code().to_owned(), |words| words.what.to_owned()))
    }
}

/// The app knows two answers: 200 and 403 with a message.
fn no(message: String) -> Response {
    (StatusCode::FORBIDDEN, Json(Message { message })).into_response()
}

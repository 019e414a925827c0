//! Who asks, from where, in which browser: worked out once per request by the gate.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use axum::extract::{FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::response::Redirect;
use cabinet::account::Language;
use cabinet::organisation::OrganisationCode;
use cabinet::session::{Session, SessionEnd};
use cabinet::{BrowserHash, Failure, Secret, Visit};
use data_encoding::HEXLOWER;
use url::form_urlencoded;

use crate::cookie::{self, Cookies};
use crate::error::Error;
use crate::language::{self, lang};
use crate::listener::Peer;
use crate::pages::Standing;
use crate::return_to::ReturnTo;
use crate::view::{Page, Support};
use crate::words::full_name;
use crate::{App, csrf, gate};

const DEVICE_CHARS: usize = 256;

/// One request's visitor; cheap to clone.
#[derive(Clone)]
pub(crate) struct Visitor(Arc<Circumstances>);

/// What is known of a visitor before anything is looked up.
pub(crate) struct Circumstances {
    pub(crate) app: Arc<App>,
    pub(crate) standing: Arc<Standing>,
    pub(crate) visit: Visit,
    /// The session cookie; whether it still opens anything is for the storage to say.
    pub(crate) session: Option<Secret>,
    /// The mark of this browser, which unfinished acts are bound to and devices are known by.
    pub(crate) browser: Secret,
    /// What the tokens of this visit's forms are made of.
    pub(crate) form: Secret,
    /// What this request had to make, because the browser did not have it.
    pub(crate) new: New,
    /// The form that waits for a fresh proof.
    pub(crate) draft: Option<Secret>,
    /// The first proof that waits for its second factor.
    pub(crate) entry: Option<Secret>,
    /// A recovery under way.
    pub(crate) recovery: Option<Secret>,
    /// A page that waits for a signature from a phone.
    pub(crate) phone: Option<Secret>,
    /// The token of a link from a message.
    pub(crate) link: Option<Secret>,
    /// The organisation chosen last on this device, if it was to be remembered.
    pub(crate) remembered: Option<OrganisationCode>,
    /// Who came from a provider and is to be linked.
    pub(crate) linking: Option<Secret>,
    /// A certificate that no account holds.
    pub(crate) certificate: Option<Secret>,
    /// A merge of two accounts that was begun.
    pub(crate) merging: Option<Secret>,
    /// The language was chosen on a page; otherwise an account's own comes first.
    language_chosen: bool,
    /// Path and query of a GET; of anything else, the page whose form it is.
    pub(crate) path: String,
    /// A program asks, not a page.
    pub(crate) wants_json: bool,
    /// A probe that comes from this very machine, and not through a proxy on it as far as can be told.
    pub(crate) is_local: bool,
    token_shown: AtomicBool,
    session_over: OnceLock<SessionEnd>,
    linking_now: OnceLock<HeaderValue>,
    certificate_now: OnceLock<HeaderValue>,
    certificate_bound: OnceLock<()>,
}

/// Marks made for this request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct New {
    pub(crate) browser: bool,
    pub(crate) form: bool,
}

impl Visitor {
    /// Reads the circumstances of `request`.
    pub(crate) fn arrive(app: &Arc<App>, standing: &Arc<Standing>, request: &Request) -> Self {
        let headers = request.headers();
        let cookies = Cookies::read(headers);
        let secret = |name| cookies.find(name).and_then(Secret::parse);
        let (browser, form) = (secret(cookie::BROWSER), secret(cookie::FORM));
        let fresh = || Secret::new(&app.entropy);
        let chosen = language::chosen(&cookies);
        let language = chosen
            .or_else(|| language::preferred(headers))
            .unwrap_or(app.site.language);
        Self(Arc::new(Circumstances {
            app: Arc::clone(app),
            standing: Arc::clone(standing),
            visit: visit(app, request, language),
            session: secret(cookie::SESSION),
            new: New {
                browser: browser.is_none(),
                form: form.is_none(),
            },
            browser: browser.unwrap_or_else(fresh),
            form: form.unwrap_or_else(fresh),
            draft: secret(cookie::DRAFT),
            entry: secret(cookie::ENTRY),
            recovery: secret(cookie::RECOVERY),
            phone: secret(cookie::PHONE),
            link: secret(cookie::LINK),
            remembered: cookies
                .find(cookie::ORGANISATION)
                .and_then(|code| OrganisationCode::parse(code).ok()),
            linking: secret(cookie::LINKING),
            certificate: secret(cookie::CERTIFICATE),
            merging: secret(cookie::MERGING),
            language_chosen: chosen.is_some(),
            path: path(request),
            wants_json: wants_json(request.uri().path(), headers),
            is_local: gate::is_probe(request) && peer(request).is_loopback() && is_direct(headers),
            token_shown: AtomicBool::new(false),
            session_over: OnceLock::new(),
            linking_now: OnceLock::new(),
            certificate_now: OnceLock::new(),
            certificate_bound: OnceLock::new(),
        }))
    }

    pub(crate) fn browser_hash(&self) -> BrowserHash {
        BrowserHash::of(&self.browser)
    }

    /// The token that this browser's forms must repeat.
    pub(crate) fn csrf(&self) -> String {
        self.token_shown.store(true, Ordering::Relaxed);
        csrf::token(&self.app.rules, &self.form)
    }

    /// Which of the new marks the browser must keep: it was shown a token made of them.
    pub(crate) fn must_keep(&self) -> New {
        let shown = self.token_shown.load(Ordering::Relaxed);
        New {
            browser: self.new.browser && shown,
            form: self.new.form && shown,
        }
    }

    /// The session cookie turned out to open nothing.
    pub(crate) fn session_is_over(&self, end: SessionEnd) {
        self.session_over.get_or_init(|| end);
    }

    /// The link that waits is another ticket now, or given up: the browser must know.
    pub(crate) fn linking_is_now(&self, cookie: HeaderValue) {
        self.linking_now.get_or_init(|| cookie);
    }

    pub(crate) fn linking_now(&self) -> Option<&HeaderValue> {
        self.linking_now.get()
    }

    /// The certificate that waits is found by another secret now, or waits no longer: the browser must know.
    pub(crate) fn certificate_is_now(&self, cookie: HeaderValue) {
        self.certificate_now.get_or_init(|| cookie);
    }

    pub(crate) fn certificate_now(&self) -> Option<&HeaderValue> {
        self.certificate_now.get()
    }

    /// The certificate that waited was added to the account by this very entry.
    pub(crate) fn certificate_is_bound(&self) {
        self.certificate_bound.get_or_init(|| ());
    }

    pub(crate) fn has_bound_certificate(&self) -> bool {
        self.certificate_bound.get().is_some()
    }

    pub(crate) fn must_drop_session(&self) -> bool {
        self.session_over.get().is_some()
    }

    /// The frame of a page, with the person who is signed in.
    pub(crate) fn page(&self, person: Option<&Session>) -> Page {
        let site = &self.app.site;
        let organisation = person.and_then(|person| person.organisation.as_ref());
        Page {
            lang: lang(self.language(person)),
            product: self.app.rules.product_name.clone(),
            person: person.map(|person| full_name(lang(self.language(Some(person))), &person.name)),
            organisation: organisation.map(|organisation| organisation.short_name.clone()),
            csrf: self.csrf(),
            path: self.path.clone(),
            support: match organisation.map(|organisation| organisation.support.as_slice()) {
                None | Some([]) => Arc::clone(&site.support),
                Some(own) => own.iter().map(Support::from).collect(),
            },
            version: env!("CARGO_PKG_VERSION"),
            demo: site.demo,
            idle_minutes: person.map_or(0, |_| self.app.rules.session.idle.as_secs() / 60),
        }
    }

    /// The language of pages: as chosen here, else the account's, else the browser's.
    pub(crate) fn language(&self, person: Option<&Session>) -> Language {
        let account = person
            .filter(|_| !self.language_chosen)
            .map(|person| person.language);
        account.unwrap_or(self.visit.language)
    }

    /// To sign-in, and from there back to this page.
    pub(crate) fn to_sign_in(&self) -> Redirect {
        Redirect::to(&self.sign_in_page(&self.path))
    }

    /// Where a person signs in to come back to `path`; on the way there they learn how their session ended.
    pub(crate) fn sign_in_page(&self, path: &str) -> String {
        let page = match self.session_over.get() {
            None => "/sign-in",
            Some(SessionEnd::TimedOut) => "/signed-out?reason=timed-out",
            Some(SessionEnd::Ended) => "/signed-out?reason=ended",
        };
        self.with_return_to(page, path)
    }

    /// `page`, told to come back to `path` where that is a page of this site worth coming back to.
    pub(crate) fn with_return_to(&self, page: &str, path: &str) -> String {
        match self.return_to(path) {
            None => page.to_owned(),
            Some(back) => {
                let back: String = form_urlencoded::byte_serialize(back.as_str().as_bytes()).collect();
                format!(
                    "{page}{}return_to={back}",
                    if page.contains('?') { '&' } else { '?' }
                )
            }
        }
    }

    /// The page of this site that `text` names.
    pub(crate) fn return_to(&self, text: &str) -> Option<ReturnTo> {
        ReturnTo::parse(&self.app.rules.base_url, text)
    }
}

impl Deref for Visitor {
    type Target = Circumstances;

    fn deref(&self) -> &Circumstances {
        &self.0
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let missing = || Failure::new("a route stands outside the gate").into();
        parts.extensions.get::<Self>().cloned().ok_or_else(missing)
    }
}

fn visit(app: &App, request: &Request, language: Language) -> Visit {
    let headers = request.headers();
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .map(|line| line.to_str().unwrap_or("unreadable"))
        .collect();
    let device = headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    Visit {
        now: (app.clock)(),
        language,
        address: app.proxies.client(peer(request), forwarded.into_iter()),
        device: device.chars().take(DEVICE_CHARS).collect(),
        request_id: HEXLOWER.encode(&app.entropy.bytes::<8>()),
        entropy: app.entropy.clone(),
    }
}

/// Requests that came over no connection (tests call the router itself) are nobody's in particular.
fn peer(request: &Request) -> IpAddr {
    request
        .extensions()
        .get()
        .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Peer(address)| *address)
}

/// Whether no proxy passed the request on: none says so, and it asks for this machine, not for the site's name.
fn is_direct(headers: &HeaderMap) -> bool {
    let is_of_proxy = |name: &HeaderName| {
        let name = name.as_str();
        matches!(name, "forwarded" | "via" | "x-real-ip") || name.starts_with("x-forwarded-")
    };
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(is_loopback) && !headers.keys().any(is_of_proxy)
}

fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else {
        return false;
    };
    let name = authority.host();
    let literal = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || literal.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

fn path(request: &Request) -> String {
    let uri = request.uri();
    let whole = uri.path_and_query().filter(|_| request.method().is_safe());
    whole.map_or_else(
        || page_of(uri.path()).to_owned(),
        |whole| whole.as_str().to_owned(),
    )
}

/// The page that the form of this address is on.
fn page_of(path: &str) -> &str {
    const PAGES: [(&str, &str); 18] = [
        ("/profile/merge", "/profile/merge"),
        ("/profile/contacts", "/profile/contacts"),
        ("/profile/organisations", "/profile/organisations"),
        ("/profile/sessions", "/profile/binding"),
        ("/profile/identities", "/profile/binding"),
        ("/profile/renewals/new", "/profile/renewals/new"),
        ("/profile/renewals/sign", "/profile/renewals/sign"),
        ("/sign-in/provider", "/sign-in"),
        ("/new-certificate/code", "/new-certificate/code"),
        ("/new-certificate", "/new-certificate"),
        ("/first-entry", "/first-entry"),
        ("/sign-in/phone", "/sign-in/phone"),
        ("/sign-in/shown", "/sign-in"),
        ("/step-up/phone", "/step-up/phone"),
        ("/step-up", "/step-up"),
        ("/second-factor", "/second-factor"),
        ("/recover/contact", "/recover/proof"),
        ("/recover/factor", "/recover/proof"),
    ];
    let page = PAGES.iter().find(|(form, _)| path.starts_with(form));
    page.map_or(path, |(_, page)| page)
}

fn wants_json(path: &str, headers: &HeaderMap) -> bool {
    let json = |value: &HeaderValue| value.as_bytes().starts_with(b"application/json");
    path.starts_with("/api/")
        || path.starts_with("/egov/")
        || headers.get(header::CONTENT_TYPE).is_some_and(json)
}

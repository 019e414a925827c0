//! Every address of the server.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;

use crate::error::Error;
use crate::gate::gate;
use crate::pages::Standing;
use crate::view::error::ErrorKind;
use crate::{App, api, assets, operator, pages};

/// Pages, API, assets and probes.
pub fn router(app: Arc<App>) -> Router {
    let routes = Router::new()
        .merge(pages::routes(app.site.demo))
        .merge(pages::egov::routes())
        .merge(api::routes())
        .route("/assets/{file}", get(assets::get))
        .route("/health", get(operator::health))
        .route("/ready", get(operator::ready))
        .route("/metrics", get(operator::metrics));
    guarded(routes, app)
}

/// The probes alone, in detail: for a listener that no stranger reaches.
pub fn operator_router(app: Arc<App>) -> Router {
    let routes = Router::new()
        .route("/health", get(operator::health))
        .route("/ready", get(operator::ready_in_detail))
        .route("/metrics", get(operator::metrics_in_detail));
    guarded(routes, app)
}

/// Puts the gate before all routes, and before the places where there is none.
fn guarded(routes: Router, app: Arc<App>) -> Router {
    routes
        .fallback(async || Error::Page(ErrorKind::NotFound))
        .method_not_allowed_fallback(async || Error::Page(ErrorKind::WrongMethod))
        .layer(from_fn_with_state((app, Arc::<Standing>::default()), gate))
        // or every request would put the layers together anew
        .with_state(())
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::{Request, StatusCode, header};
    use axum::response::Response;
    use cabinet::account::Language;
    use cabinet::{Entropy, MIGRATIONS};
    use db::{Db, Engine};
    use esign::trust::TrustStore;
    use http_body_util::BodyExt as _;
    use remote::provider::Providers;
    use testkit::visit::{NOW, rules};
    use text::date::Zone;
    use tower::ServiceExt as _;

    use super::*;
    use crate::{Allowance, Limits, Metrics, Operator, Pool, Probe, Proxies, RemoteKeys, Site};

    fn app() -> Arc<App> {
        let engine = Engine::Sqlite {
            path: ":memory:".into(),
        };
        Arc::new(App {
            db: Db::open(engine, MIGRATIONS).unwrap(),
            rules: Arc::new(rules()),
            trust: Arc::new(TrustStore::default()),
            revocation: None,
            providers: Providers::default(),
            clock: Box::new(|| NOW),
            entropy: Entropy::system(),
            site: Site {
                support: Arc::default(),
                zone: Zone::utc(),
                language: Language::Ru,
                keys: crate::key_sources::KeySources::default(),
                demo: false,
            },
            proxies: Proxies::default(),
            limits: Limits::default(),
            remote_keys: RemoteKeys::default(),
            challenges: Allowance::default(),
            searches: Allowance::for_searches(),
            operator: Operator::Loopback,
            probe: Probe::default(),
            metrics: Metrics::new(),
            signatures: Pool::new(1, 1),
            passwords: Pool::new(1, 1),
        })
    }

    #[tokio::test]
    async fn a_panic_ends_one_request_with_a_page_and_a_reference() {
        let broken = Router::new().route(
            "/broken",
            get(async || -> Response { panic!("iin 900101300007") }),
        );
        let router = guarded(broken, app());
        let request = Request::get("/broken").header(header::HOST, "kabinet.example");
        let answer = router
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(answer.headers().contains_key(header::CONTENT_SECURITY_POLICY));
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        let page = String::from_utf8(body.to_vec()).unwrap();
        assert!(
            page.contains("<html lang=\"ru\">") && !page.contains("900101300007"),
            "{page}"
        );
    }
}

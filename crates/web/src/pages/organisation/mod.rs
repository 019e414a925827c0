//! `/organisations`, `/o/{code}`: finding an organisation and entering through it; `/profile/organisations`.

mod enter;
mod find;
mod mine;

use axum::Router;
use axum::routing::{get, post};

pub(super) fn routes() -> Router {
    Router::new()
        .route("/organisations", get(find::page))
        .route("/organisations/found", get(find::found))
        .route("/o/{code}", get(enter::page).post(enter::password))
        .route("/o/{code}/passkey", post(enter::passkey))
        .route("/profile/organisations", get(mine::page).post(mine::switch))
}

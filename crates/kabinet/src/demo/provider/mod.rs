//! «Демо-Госуслуги»: a provider of OpenID Connect for the demo, so that a newcomer can link an account at once. It listens
//! beside the portal, knows a handful of invented people and believes every click.

mod grant;
mod page;
mod people;
mod protocol;
mod visit;

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use anyhow::{Context as _, Result};

use self::grant::Grants;
use self::protocol::Signer;
use crate::config::Config;

pub(super) use people::{RESIDENTS, Resident};

/// Its id in the configuration of the demo.
pub(super) const ID: &str = "demo-gov";
/// The portal's name there.
const CLIENT_ID: &str = "kabinet-demo";

struct Provider {
    issuer: String,
    /// The root of the portal.
    portal: String,
    /// What the portal calls itself.
    portal_name: String,
    redirect_uri: String,
    grants: Grants,
    signer: Signer,
}

/// A place beside the portal's: the next port, or any where that is taken.
pub(super) fn bind(portal: SocketAddr) -> Result<TcpListener> {
    let next = portal.port().checked_add(1).unwrap_or(0);
    TcpListener::bind((portal.ip(), next))
        .or_else(|_| TcpListener::bind((portal.ip(), 0)))
        .with_context(|| format!("no port for the demo's provider on {}", portal.ip()))
}

/// Tells the portal's configuration where its provider is. Nothing where somebody took the provider out of it.
pub(super) fn announce(config: &mut Config, issuer: &str) -> bool {
    let Some(section) = config.provider.iter_mut().find(|section| section.id == ID) else {
        return false;
    };
    issuer.clone_into(&mut section.issuer);
    let host = url::Url::parse(issuer).ok();
    let host = host.and_then(|url| Some(url.host_str()?.to_owned()));
    config.outgoing.internal_hosts.extend(host);
    true
}

/// Serves on a thread of its own until the process ends.
pub(super) fn start(listener: TcpListener, issuer: &str, config: &Config) -> Result<()> {
    let portal = &config.server.base_url;
    let provider = Arc::new(Provider {
        issuer: issuer.to_owned(),
        portal: portal.clone(),
        portal_name: config.server.product_name.clone(),
        redirect_uri: format!("{portal}/sign-in/provider/{ID}/callback"),
        grants: Grants::default(),
        signer: Signer::new()?,
    });
    let routes = protocol::routes().merge(visit::routes()).with_state(provider);
    listener.set_nonblocking(true)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    std::thread::Builder::new()
        .name("demo-provider".to_owned())
        .spawn(move || {
            let served = runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener)?;
                axum::serve(listener, routes).await
            });
            if let Err(error) = served {
                tracing::warn!(%error, "the demo's provider ended");
            }
        })?;
    Ok(())
}

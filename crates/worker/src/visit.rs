use std::net::{IpAddr, Ipv4Addr};

use cabinet::Visit;
use cabinet::account::Language;

use crate::Worker;

/// The circumstances of an act of the server itself.
pub(crate) fn of_server(worker: &Worker) -> Visit {
    Visit {
        now: worker.now(),
        language: Language::En,
        address: IpAddr::V4(Ipv4Addr::LOCALHOST),
        device: "kabinet".to_owned(),
        request_id: String::new(),
        entropy: worker.entropy.clone(),
    }
}

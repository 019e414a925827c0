//! What each page shows: one structure per page state, rendered by its template.
//!
//! Handlers fill these with finished words (dates and times already written for the reader's language
//! and zone); templates only place them. Every view holds a [`Page`], the frame around it.

mod agent_words;
pub mod binding;
pub mod certificate;
pub mod certificates;
pub mod check;
pub mod contact;
pub mod demo;
pub mod enrolment;
pub mod error;
mod escape;
pub mod first_entry;
pub mod help;
pub mod holder;
pub mod home;
pub mod key_rules;
mod key_source;
pub mod key_words;
pub mod link;
pub mod linking;
pub mod merge;
pub mod organisation;
mod page;
pub mod password;
pub mod phone;
pub mod provider;
pub mod recovery;
pub mod second_factor;
pub mod security;
pub mod shown;
pub mod sign_in;
pub mod sign_in_help;
pub mod start;
pub mod step_up;
pub mod unknown_certificate;

/// `address?return_to=…`, or the address alone when there is nowhere to return to.
fn returning(address: &str, return_to: &str) -> String {
    if return_to.is_empty() {
        return address.to_owned();
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("return_to", return_to);
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{}", query.finish())
}

pub use escape::Quick;
pub use page::{Page, Refusal, Support, SupportKind};

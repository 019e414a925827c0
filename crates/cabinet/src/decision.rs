//! How a use case ends: done, refused, or failed.

use std::error::Error;

/// What a use case gives. `Ok(Err(refusal))` commits, so that counters of failed tries stay; `Err(failure)` rolls back.
pub type Decision<T, R> = Result<Result<T, R>, Failure>;

/// Something that is nobody's fault in this conversation: the storage, or a state that must not occur. A person is
/// told a reference code only; the chain of sources is for the log.
#[derive(Debug, thiserror::Error)]
#[error("the act could not be carried out")]
pub struct Failure(#[source] Box<dyn Error + Send + Sync>);

impl Failure {
    /// A state that must not occur, or an outside error that has no refusal of its own.
    pub fn new(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(cause.into())
    }

    /// Whether the same may succeed in a while, so that a client is told to come again.
    pub fn is_temporary(&self) -> bool {
        self.0
            .downcast_ref::<db::Error>()
            .is_some_and(db::Error::is_temporary)
    }
}

impl From<db::Error> for Failure {
    fn from(error: db::Error) -> Self {
        Self(Box::new(error))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self(Box::new(error))
    }
}

/// What a person may be told. The code is stable: texts, the API and the audit trail use it.
pub trait Refusal: std::fmt::Debug {
    /// The stable, dotted code: `certificate.expired`.
    fn code(&self) -> &'static str;
}

/// Ends a use case with a refusal.
#[macro_export]
macro_rules! refuse {
    ($refusal:expr) => {
        return Ok(Err($refusal))
    };
}

/// Declares an enum of refusals with their codes: `Expired = "certificate.expired"`. Gives `code()`, `ALL` and
/// [`Refusal`].
#[macro_export]
macro_rules! refusals {
    ($(#[$meta:meta])* $vis:vis enum $name:ident { $($variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        $vis enum $name {
            $(#[doc = concat!("`", $code, "`")] $variant,)+
        }

        impl $name {
            /// Every refusal of this kind.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable, dotted code.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)+
                }
            }
        }

        impl $crate::Refusal for $name {
            fn code(&self) -> &'static str {
                (*self).code()
            }
        }
    };
}

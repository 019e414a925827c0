//! MIT Kerberos, by GSS-API (RFC 2743, RFC 4178).

use std::ffi::CString;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::ptr;

use libgssapi::context::{SecurityContext as _, ServerCtx};
use libgssapi::credential::Cred;
use libgssapi::error::{Error, MajorFlags};
use libgssapi::oid::GSS_MECH_KRB5;
use libgssapi_sys as sys;

use super::{Judged, KerberosProblem, KerberosSettings};
use crate::provider::ProviderFailure;

/// The keys of one service.
pub(super) struct Acceptor {
    keys: Cred,
}

impl Acceptor {
    pub(super) fn open(settings: &KerberosSettings) -> Result<Self, KerberosProblem> {
        let keys =
            acquire(&settings.keytab).map_err(|words| KerberosProblem::Library(words.trim().to_owned()))?;
        Ok(Self { keys })
    }

    /// Judges a ticket. One token must do: what browsers send needs no second round.
    pub(super) fn judge(&self, ticket: &[u8]) -> Result<Judged, ProviderFailure> {
        let refused = |error: Error| ProviderFailure::NoTicket(error.to_string());
        let mut context = ServerCtx::new(Some(self.keys.clone()));
        let reply = context.step(ticket, None).map_err(refused)?;
        if !context.is_complete() {
            return Err(ProviderFailure::NoTicket("it asks for another round".to_owned()));
        }
        // SPNEGO could have agreed on something weaker that is installed here
        if context.mechanism().map_err(refused)? != GSS_MECH_KRB5 {
            return Err(ProviderFailure::NoTicket("it is not Kerberos".to_owned()));
        }
        let name = context.source_name().and_then(|name| name.display_name());
        let principal = String::from_utf8(name.map_err(refused)?.to_vec());
        Ok(Judged {
            principal: principal
                .map_err(|_| ProviderFailure::NoTicket("its owner's name is no text".to_owned()))?,
            reply: reply.map(|reply| reply.to_vec()),
        })
    }
}

/// The keys of a file. The other way to name it is the environment, which no thread may change.
#[expect(unsafe_code, reason = "the safe binding has no gss_acquire_cred_from")]
fn acquire(keytab: &Path) -> Result<Cred, String> {
    let file = [b"FILE:", keytab.as_os_str().as_bytes()].concat();
    let file = CString::new(file).map_err(|error| error.to_string())?;
    let mut element = sys::gss_key_value_element_desc {
        key: c"keytab".as_ptr(),
        value: file.as_ptr(),
    };
    let store = sys::gss_key_value_set_desc {
        count: 1,
        elements: &raw mut element,
    };
    let (mut minor, mut keys) = (0, ptr::null_mut());
    // SAFETY: every pointer is to a value of this frame, which outlives the call, or null where a default is wanted
    // (RFC 2744 §5.2); the library keeps copies.
    let major = unsafe {
        sys::gss_acquire_cred_from(
            &raw mut minor,
            ptr::null_mut(),
            sys::_GSS_C_INDEFINITE,
            ptr::null_mut(),
            sys::GSS_C_ACCEPT.cast_signed(),
            &raw const store,
            &raw mut keys,
            ptr::null_mut(),
            ptr::null_mut(),
        )
    };
    if major != sys::GSS_S_COMPLETE {
        let major = MajorFlags::from_bits_retain(major);
        return Err(Error { major, minor }.to_string());
    }
    // SAFETY: the handle was just given to us, and to nobody else.
    Ok(unsafe { Cred::from_c(keys) })
}

//! Lists of changes, holds, and lists by reason.

use esign::asn1::{self, oids};
use esign::time::UnixTime;
use esign::verdict::Code;

use super::{Court, HOLD, REMOVE, changes, complete, number, reason};
use crate::crl::{List, delta, point};
use crate::forge::{ISSUER, Key, NOW, extension};

#[test]
fn net_3_a_list_of_changes_completes_the_list_it_changes() {
    let named = |list: &mut List| list.revoked = vec![7];
    assert_eq!(Court::new().list(complete).list(changes).sign_in(), None);
    let revoked = Court::new().list(complete).list(|list| {
        changes(list);
        named(list);
    });
    assert_eq!(revoked.sign_in(), Some(Code::CertificateRevoked));
    let old = |list: &mut List| {
        complete(list);
        list.next_update = Some(UnixTime(NOW.0 - 1));
    };
    assert_eq!(Court::new().list(old).sign_in(), Some(Code::RevocationStale));
    assert_eq!(
        Court::new().list(old).list(changes).sign_in(),
        None,
        "both together are as fresh as the changes (RFC 5280 §5.2.4)"
    );
}

#[test]
fn net_3_changes_count_only_from_the_list_they_begin_at() {
    let old = |list: &mut List| {
        complete(list);
        list.next_update = Some(UnixTime(NOW.0 - 1));
    };
    let with = |change: &dyn Fn(&mut List)| {
        let changed = |list: &mut List| {
            changes(list);
            change(list);
        };
        Court::new().list(old).list(changed).sign_in()
    };
    let stale = Some(Code::RevocationStale);
    let gap = extension(oids::DELTA_CRL_INDICATOR, true, &asn1::integer(&[2]));
    assert_eq!(
        with(&|list| list.extensions = vec![number(3), gap.clone()]),
        stale
    );
    let of_none = extension(oids::DELTA_CRL_INDICATOR, true, &asn1::integer(&[0]));
    assert_eq!(
        with(&|list| list.extensions = vec![number(1), of_none.clone()]),
        stale,
        "already in the list"
    );
    assert_eq!(
        with(&|list| list.extensions = vec![number(0), delta()]),
        None,
        "numbered apart, as in Kazakhstan"
    );
    assert_eq!(
        with(&|list| list.extensions = vec![delta()]),
        stale,
        "without number"
    );
    let users_only = point(&[0x81, 1, 0xff]);
    assert_eq!(
        with(&|list| list.extensions.push(users_only.clone())),
        stale,
        "another scope"
    );
    assert_eq!(with(&|list| list.next_update = Some(UnixTime(NOW.0 - 1))), stale);
    let forged = {
        let mut list = List::of(ISSUER);
        changes(&mut list);
        list.sign(&Key::new())
    };
    assert_eq!(Court::new().list(old).crl(forged).sign_in(), stale, "another key");
}

#[test]
fn net_3_a_hold_can_be_taken_back_and_nothing_else() {
    let named = |code| {
        move |list: &mut List| {
            complete(list);
            list.revoked = vec![7];
            list.entry_extensions = vec![reason(code)];
        }
    };
    let removal = |list: &mut List| {
        changes(list);
        list.revoked = vec![7];
        list.entry_extensions = vec![reason(REMOVE)];
    };
    assert_eq!(
        Court::new().list(named(HOLD)).sign_in(),
        Some(Code::CertificateOnHold)
    );
    assert_eq!(Court::new().list(named(HOLD)).list(removal).sign_in(), None);
    assert_eq!(
        Court::new().list(named(1)).list(removal).sign_in(),
        Some(Code::CertificateRevoked),
        "a compromised key stays so"
    );
    assert_eq!(
        Court::new().list(named(HOLD)).list(|_| {}).sign_in(),
        None,
        "a newer list without it"
    );
    let newer_hold = |list: &mut List| {
        list.revoked = vec![7];
        list.entry_extensions = vec![reason(HOLD)];
    };
    assert_eq!(
        Court::new().list(complete).list(newer_hold).sign_in(),
        Some(Code::CertificateOnHold)
    );
}

#[test]
fn net_3_lists_by_reason_count_together() {
    let some = |bits: &'static [u8]| {
        move |list: &mut List| {
            list.extensions = vec![point(
                &[&[0x83, u8::try_from(bits.len()).unwrap()], bits].concat(),
            )];
        }
    };
    // keyCompromise and cACompromise; all the others
    let (few, rest) = (some(&[5, 0x60]), some(&[7, 0x1f, 0x80]));
    let missing = Some(Code::RevocationReasonsMissing);
    assert_eq!(Court::new().list(few).sign_in(), missing);
    assert_eq!(Court::new().list(rest).sign_in(), missing);
    assert_eq!(Court::new().list(few).list(rest).sign_in(), None);
}

//! Threat NET-5: reading lists and finding numbers in them.

use std::io::Read;

use esign::revocation::Crl;

use crate::crl::List;
use crate::forge::{Draft, ISSUER, Key, common_name};

/// A source that must not be read further than so many octets.
struct Guarded<'a>(&'a [u8]);

impl Read for Guarded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        assert!(!self.0.is_empty(), "read too far");
        self.0.read(buffer)
    }
}

#[test]
fn net_5_what_is_no_list_is_found_before_it_is_read() {
    let key = Key::new();
    let der = List::of(ISSUER).sign(&key).der().to_vec();
    let read = Crl::read(der.as_slice()).unwrap();
    assert_eq!(read.der(), der);
    assert!(
        Crl::read([&der[..], &[0]].concat().as_slice()).is_err(),
        "trailing"
    );
    assert!(Crl::read(&der[..der.len() - 1]).is_err(), "truncated");
    let beginning = |head: [u8; 6]| Crl::read(Guarded(&head));
    assert!(
        beginning([0x30, 0x84, 0x10, 0, 0, 1]).is_err(),
        "larger than 256 MiB"
    );
    assert!(beginning([0x30, 0x80, 0x30, 0x80, 0x30, 0x80]).is_err());
    assert!(beginning(*b"<html>").is_err());
    assert!(Crl::read(std::io::empty()).is_err());
}

#[test]
fn net_5_a_number_is_found_among_many_and_no_other() {
    let mut list = List::of(ISSUER);
    list.revoked = (0..2_000).map(|index| index * 3 + 1).rev().collect();
    let key = Key::new();
    let crl = list.sign(&key);
    assert_eq!(crl.len(), 2_000);
    let named = |serial: u32| {
        let mut draft = Draft::new(&common_name(ISSUER), &common_name("x"), &key);
        draft.serial = serial;
        crl.names(&draft.certificate(&key))
    };
    for serial in (0..6_002).step_by(97).chain([1, 128, 256, 5_998, 65_536]) {
        assert_eq!(named(serial), serial % 3 == 1 && serial < 6_000, "{serial}");
    }
}

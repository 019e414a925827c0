//! Documents that are kept apart and read in blocks.

use std::io::{self, Read};

use esign::algorithm::Hash;
use esign::asn1::{self, oids, tag};
use esign::cms::verify_detached;
use esign::provider;
use esign::verdict::{Code, Verdict};

use crate::forge::{Message, NOW, Scene, algorithm, attribute, content_type, message_digest, spki, wrap};

/// More than is ever taken into memory.
const LENGTH: usize = 17 * 1024 * 1024;

/// A signature over this content, which travels apart.
fn detached<'s>(scene: &'s Scene, content: &[u8]) -> Message<'s> {
    let mut message = scene.message();
    message.attributes = Some(vec![content_type(oids::DATA), message_digest(content)]);
    message.content = None;
    message
}

fn judge(scene: &Scene, cms: &[u8], content: impl Read) -> (Option<Code>, bool) {
    let report = verify_detached(cms, content, &scene.trust(), NOW, provider::native()).unwrap();
    (report.verdict.code(), report.is_attached)
}

/// The signature over a large content without signed attributes.
fn bare(scene: &Scene, content: &[u8]) -> Vec<u8> {
    let mut message = detached(scene, content);
    message.attributes = None;
    message.content = Some(content.to_vec());
    let signer = message.signer_info();
    message.content = None;
    let mut parts = message.parts();
    *parts.last_mut().unwrap() = asn1::set_of(&[signer]);
    wrap(&asn1::sequence(&parts))
}

#[test]
fn cms_4_a_large_document_is_judged_by_its_digest() {
    let scene = Scene::new();
    let content = vec![b'x'; LENGTH];
    let mut other = content.clone();
    other[LENGTH - 1] = b'y';
    let cms = detached(&scene, &content).build();
    assert_eq!(judge(&scene, &cms, &content[..]), (None, false));
    let mismatch = (Some(Code::CmsDigestMismatch), false);
    assert_eq!(judge(&scene, &cms, &other[..]), mismatch);
    assert_eq!(judge(&scene, &cms, &content[..LENGTH - 1]), mismatch);
    assert_eq!(judge(&scene, &cms, &content[..9]), mismatch);
    let bare = bare(&scene, &content);
    assert_eq!(judge(&scene, &bare, &content[..]), (None, false));
    assert_eq!(
        judge(&scene, &bare, &other[..]),
        (Some(Code::CmsSignatureInvalid), false)
    );
}

#[test]
fn cms_5_a_large_document_that_may_be_attributes_is_not_one_signed_without_any() {
    let scene = Scene::new();
    let content = asn1::tlv(tag::SET, &vec![0; LENGTH]);
    let cms = bare(&scene, &content);
    assert_eq!(
        judge(&scene, &cms, &content[..]),
        (Some(Code::CmsNoSignedAttributes), false)
    );
    let cms = detached(&scene, &content).build();
    assert_eq!(judge(&scene, &cms, &content[..]), (None, false));
}

#[test]
fn cms_4_a_large_document_is_held_against_the_one_inside() {
    let scene = Scene::new();
    let content = vec![b'x'; LENGTH];
    let mut message = detached(&scene, &content);
    message.content = Some(content.clone());
    let cms = message.build();
    assert_eq!(judge(&scene, &cms, &content[..]), (None, true));
    let longer = content.chain(&b"y"[..]);
    assert_eq!(
        judge(&scene, &cms, longer),
        (Some(Code::CmsContentMismatch), false)
    );
}

#[test]
fn cms_8_a_large_document_is_too_large_for_ed25519_without_attributes() {
    let mut scene = Scene::new();
    // the base point
    let key = [&[0x58][..], &[0x66; 31]].concat();
    scene.person.spki = spki(&[asn1::object_identifier(oids::ED25519)], &key);
    let content = vec![b'x'; LENGTH];
    let signed = |attributes: Option<Vec<Vec<u8>>>| {
        let mut message = scene.message();
        message.digest_algorithm = algorithm(oids::SHA512);
        message.signature_algorithm = algorithm(oids::ED25519);
        message.attributes = attributes;
        message.content = None;
        message.build()
    };
    // what is signed is the document itself, which has gone by
    let large = judge(&scene, &signed(None), &content[..]);
    assert_eq!(large, (Some(Code::CmsTooLarge), false));
    let small = judge(&scene, &signed(None), &content[..9]);
    assert_eq!(small, (Some(Code::CmsSignatureInvalid), false));
    let digest = asn1::octet_string(&provider::native().digest(Hash::Sha512, &content));
    let attributes = vec![
        content_type(oids::DATA),
        attribute(oids::MESSAGE_DIGEST, &[digest]),
    ];
    let with_attributes = judge(&scene, &signed(Some(attributes)), &content[..]);
    assert_eq!(with_attributes, (Some(Code::CmsSignatureInvalid), false));
}

#[test]
fn a_document_that_cannot_be_read_to_its_end_has_no_verdict() {
    /// Fails once everything was read.
    struct Broken(io::Repeat, usize);
    impl Read for Broken {
        fn read(&mut self, block: &mut [u8]) -> io::Result<usize> {
            self.1 = self.1.checked_sub(1).ok_or(io::ErrorKind::ConnectionReset)?;
            self.0.read(block)
        }
    }
    let scene = Scene::new();
    let cms = detached(&scene, b"").build();
    let judge = |reads| {
        let document = Broken(io::repeat(b'x'), reads);
        verify_detached(&cms, document, &scene.trust(), NOW, provider::native()).map(|report| report.verdict)
    };
    for reads in [0, 1, 600] {
        assert_eq!(judge(reads).unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    }
    // what is no message needs no document
    let nothing = verify_detached(b"", io::repeat(b'x'), &scene.trust(), NOW, provider::native());
    assert_eq!(nothing.unwrap().verdict, Verdict::Invalid(Code::CmsMalformed));
}

//! Threats NET-3 to NET-5: what lists of every kind say together.

mod changes;
mod moments;
mod reading;
mod signers;

use esign::asn1::{self, oids, tag};
use esign::certificate::Certificate;
use esign::cms::{verify_document, verify_sign_in};
use esign::provider;
use esign::revocation::{Crl, Evidence};
use esign::time::UnixTime;
use esign::trust::{AnchorGroup, RevocationPolicy, RevocationRule, TrustStore, UnknownStatus};
use esign::verdict::Code;

use crate::crl::{List, delta};
use crate::forge::{CONTENT, DAY, ISSUER, NOW, ROOT, Scene, extension};

pub(crate) const REQUIRED: RevocationPolicy = RevocationPolicy::uniform(RevocationRule::Required {
    unknown: UnknownStatus::Refuse,
});
/// A scene whose root says that its issuer is good, and what is said about the person.
pub(crate) struct Court {
    pub(crate) scene: Scene,
    pub(crate) group: AnchorGroup,
}

impl Court {
    pub(crate) fn new() -> Self {
        Self::over(Scene::new())
    }

    pub(crate) fn over(scene: Scene) -> Self {
        let mut group = scene.group();
        group.revocation = REQUIRED;
        group.evidence = Evidence::new().with_crl(List::of(ROOT).sign(&scene.root_key));
        Self { scene, group }
    }

    /// One more list by the issuer of the person.
    fn list(mut self, change: impl FnOnce(&mut List)) -> Self {
        let mut list = List::of(ISSUER);
        change(&mut list);
        let list = list.sign(&self.scene.issuer_key);
        self.group.evidence = self.group.evidence.with_crl(list);
        self
    }

    fn crl(mut self, crl: Crl) -> Self {
        self.group.evidence = self.group.evidence.with_crl(crl);
        self
    }

    fn knowing(mut self, certificate: Certificate) -> Self {
        self.group.intermediates.push(certificate);
        self
    }

    fn trust(&self) -> TrustStore {
        TrustStore::new(vec![self.group.clone()])
    }

    pub(crate) fn sign_in(&self) -> Option<Code> {
        let cms = self.scene.message().build();
        verify_sign_in(&cms, CONTENT, &self.trust(), NOW, provider::native()).code()
    }

    pub(crate) fn document(&self) -> Option<Code> {
        let cms = self.scene.message().build();
        verify_document(&cms, None, &self.trust(), NOW, provider::native())
            .verdict
            .code()
    }
}

fn number(number: u8) -> Vec<u8> {
    extension(oids::CRL_NUMBER, false, &asn1::integer(&[number]))
}

fn reason(code: u8) -> Vec<u8> {
    extension(oids::REASON_CODE, false, &asn1::tlv(tag::ENUMERATED, &[code]))
}

const HOLD: u8 = 6;

const REMOVE: u8 = 8;

fn complete(list: &mut List) {
    list.this_update = UnixTime(NOW.0 - 2 * DAY);
    list.extensions = vec![number(1)];
}

fn changes(list: &mut List) {
    list.extensions = vec![number(2), delta()];
}

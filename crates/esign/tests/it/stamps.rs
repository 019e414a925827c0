//! A time-stamping authority made to order.

use esign::asn1::{self, oids, tag};
use esign::certificate::Certificate;
use esign::time::UnixTime;

use crate::forge::{
    DAY, DIGITAL_SIGNATURE, Draft, Key, Message, NOW, algorithm, attribute, common_name, content_type,
    digest, extension, key_usage, message_digest,
};

/// `1.2.3.4`
pub(crate) const POLICY: &[u8] = &[0x2a, 3, 4];

/// A root of its own, and what its authority states.
pub(crate) struct Authority {
    pub(crate) root: Certificate,
    pub(crate) root_key: Key,
    key: Key,
    pub(crate) draft: Draft,
    pub(crate) info: Info,
}

/// TSTInfo before it is put together.
#[derive(Clone)]
pub(crate) struct Info {
    pub(crate) hash: Vec<u8>,
    pub(crate) gen_time: String,
    pub(crate) accuracy: Option<Vec<u8>>,
    pub(crate) nonce: Option<Vec<u8>>,
    pub(crate) extensions: Option<Vec<u8>>,
}

/// GeneralizedTime in whole seconds.
pub(crate) fn generalized(at: UnixTime) -> String {
    let [year, month, day, hour, minute, second] = at.civil();
    format!("{year:04}{month:02}{day:02}{hour:02}{minute:02}{second:02}Z")
}

pub(crate) fn time_stamping(critical: bool) -> Vec<u8> {
    let purposes = asn1::sequence(&[asn1::object_identifier(oids::TIME_STAMPING)]);
    extension(oids::EXTENDED_KEY_USAGE, critical, &purposes)
}

pub(crate) fn signing_certificate_v2(certificate: &[u8]) -> Vec<u8> {
    let id = asn1::sequence(&[digest(certificate)]);
    attribute(
        oids::SIGNING_CERTIFICATE_V2,
        &[asn1::sequence(&[asn1::sequence(&[id])])],
    )
}

impl Authority {
    /// Stamps at `at`, with a certificate of 30 days either way.
    pub(crate) fn new(at: UnixTime) -> Self {
        let (root_key, key) = (Key::new(), Key::new());
        let name = common_name("Time root");
        let mut root = Draft::authority(&name, &name, &root_key);
        root.not_before = UnixTime(NOW.0 - 4_000 * DAY);
        let mut draft = Draft::new(&name, &common_name("Time"), &key);
        draft.not_before = UnixTime(at.0 - 30 * DAY);
        draft.not_after = UnixTime(at.0 + 30 * DAY);
        draft.extensions = vec![key_usage(DIGITAL_SIGNATURE), time_stamping(true)];
        Self {
            root: root.certificate(&root_key),
            root_key,
            key,
            draft,
            info: Info {
                hash: algorithm(oids::SHA256),
                gen_time: generalized(at),
                accuracy: None,
                nonce: None,
                extensions: None,
            },
        }
    }

    /// A token over a message.
    pub(crate) fn stamp(&self, message: &[u8]) -> Vec<u8> {
        self.stamp_as(message, |_| {})
    }

    /// A token that is wrong in some place.
    pub(crate) fn stamp_as(&self, message: &[u8], change: impl FnOnce(&mut Message<'_>)) -> Vec<u8> {
        let info = self.info(message);
        let certificate = self.draft.issue(&self.root_key);
        let mut token = Message::new(&self.key, certificate.clone());
        token.content_type = oids::TST_INFO;
        token.attributes = Some(vec![
            content_type(oids::TST_INFO),
            message_digest(&info),
            signing_certificate_v2(&certificate),
        ]);
        token.content = Some(info);
        change(&mut token);
        token.build()
    }

    fn info(&self, message: &[u8]) -> Vec<u8> {
        let mut fields = vec![
            asn1::integer(&[1]),
            asn1::tlv(tag::OID, POLICY),
            asn1::sequence(&[self.info.hash.clone(), digest(message)]),
            asn1::integer(&[77]),
            asn1::tlv(tag::GENERALIZED_TIME, self.info.gen_time.as_bytes()),
        ];
        fields.extend(self.info.accuracy.clone());
        fields.extend(self.info.nonce.clone());
        fields.extend(self.info.extensions.clone());
        asn1::sequence(&fields)
    }
}

/// A response of a time-stamping authority.
pub(crate) fn response(status: u8, token: Option<&[u8]>) -> Vec<u8> {
    let mut fields = vec![asn1::sequence(&[asn1::integer(&[status])])];
    fields.extend(token.map(<[u8]>::to_vec));
    asn1::sequence(&fields)
}

//! Messages and time stamps whose encoding is the attack.

use esign::asn1::{self, Oid, oids, tag};

use super::{Bomb, Kind, MEGABYTES};
use crate::forge::{
    CONTENT, Key, Order, Scene, algorithm, attribute, common_name, content_type, extension, indefinite,
    message_digest, wrap,
};
use crate::stamps::POLICY;

pub(super) const BOMBS: &[Bomb] = &[
    Bomb(Kind::Cms, "content in empty chunks, nested", |scene, _| {
        let mut content = indefinite(0x24, &[4, 0].repeat(MEGABYTES / 2));
        for _ in 0..3 {
            content = indefinite(0x24, &content);
        }
        part(scene, 2, &with_content(&content))
    }),
    Bomb(Kind::Cms, "content in chunks of one octet", |scene, _| {
        let content = indefinite(0x24, &[4, 1, 7].repeat(MEGABYTES / 3));
        part(scene, 2, &with_content(&content))
    }),
    Bomb(Kind::Cms, "a sea of empty certificates", |scene, _| {
        part(scene, 3, &indefinite(0xa0, &[0x30, 0].repeat(MEGABYTES / 2)))
    }),
    Bomb(Kind::Cms, "a sea of empty signers", |scene, _| {
        part(scene, 4, &indefinite(tag::SET, &[0x30, 0].repeat(MEGABYTES / 2)))
    }),
    Bomb(
        Kind::Cms,
        "a sea of unknown attributes in 32 levels",
        |scene, _| {
            let mut sea = [5, 0].repeat(MEGABYTES / 2);
            for _ in 0..24 {
                sea = indefinite(tag::SET, &sea);
            }
            let mut message = scene.message();
            message.unsigned = Box::new(move |_| {
                let kind = asn1::tlv(tag::OID, POLICY);
                vec![asn1::sequence(&[kind, sea.clone()])]
            });
            message.build()
        },
    ),
    Bomb(Kind::Cms, "levels of indefinite length without end", |_, _| {
        [0x30, 0x80].repeat(MEGABYTES / 2)
    }),
    Bomb(Kind::Cms, "content that looks like attributes", |scene, _| {
        let empty = asn1::sequence(&[asn1::object_identifier(oids::DATA), vec![0x31, 0]]);
        let mut message = scene.message();
        message.attributes = None;
        message.content = Some(asn1::tlv(tag::SET, &empty.repeat(MEGABYTES / empty.len())));
        message.build()
    }),
    Bomb(Kind::Cms, "a number of ten megabytes", |scene, _| {
        let mut message = scene.message();
        let number = asn1::tlv(tag::INTEGER, &vec![1; MEGABYTES]);
        message.id = Some(asn1::sequence(&[common_name("x"), number]));
        message.build()
    }),
    Bomb(Kind::Cms, "64 signers of ten megabytes", |scene, _| {
        let mut message = scene.message();
        let content = vec![b'x'; MEGABYTES];
        message.attributes = Some(vec![content_type(oids::DATA), message_digest(&content)]);
        message.signers = 64;
        message.content = Some(content);
        message.build()
    }),
    Bomb(
        Kind::Cms,
        "signers of every hash over two megabytes",
        |scene, _| {
            let mut message = scene.message();
            message.content = Some(vec![b'x'; MEGABYTES / 5]);
            let hashes = [
                oids::SHA256,
                oids::SHA384,
                oids::SHA512,
                oids::STREEBOG_256,
                oids::STREEBOG_512,
                oids::GOST_94,
                oids::KZ_GOST_95,
            ];
            let mut parts = message.parts();
            let signers: Vec<_> = hashes
                .iter()
                .map(|hash| {
                    message.digest_algorithm = algorithm(*hash);
                    message.signature_algorithm = algorithm(match *hash {
                        oids::SHA256 => oids::ECDSA_SHA256,
                        oids::SHA384 => oids::ECDSA_SHA384,
                        oids::SHA512 => oids::ECDSA_SHA512,
                        oids::STREEBOG_256 => oids::GOST_2012_256_SIGNATURE,
                        oids::STREEBOG_512 => oids::GOST_2012_512_SIGNATURE,
                        oids::GOST_94 => oids::GOST_2001_SIGNATURE,
                        _ => oids::KZ_GOST_2004_SIGNATURE,
                    });
                    message.signer_info()
                })
                .collect();
            *parts.last_mut().unwrap() = asn1::set_of(&signers);
            wrap(&asn1::sequence(&parts))
        },
    ),
    Bomb(
        Kind::Cms,
        "an attribute of ten megabytes, 99 such signers",
        |scene, _| {
            let blob = attribute(
                Oid::from_content(POLICY).unwrap(),
                &[asn1::octet_string(&vec![7; MEGABYTES])],
            );
            let mut message = scene.message();
            message.attributes = Some(vec![blob, content_type(oids::DATA), message_digest(CONTENT)]);
            message.order = Order::AsGiven;
            let twin = |index: u8| {
                let mut twin = scene.person.clone();
                twin.spki = Key::new().spki();
                twin.serial = u32::from(index);
                let id = asn1::octet_string(&[42]);
                twin.extensions
                    .push(extension(oids::SUBJECT_KEY_IDENTIFIER, false, &id));
                twin.issue(&scene.issuer_key)
            };
            message.bag = (0..99).map(twin).collect();
            message.id = Some(asn1::tlv(0x80, &[42]));
            message.build()
        },
    ),
    Bomb(Kind::Tsp, "a sea of empty signers", |scene, _| {
        part(
            scene,
            4,
            &indefinite(tag::SET, &[0x30, 0].repeat(512 * 1024 - 2_000)),
        )
    }),
    Bomb(Kind::Tsp, "100 certificates of nobody", |scene, authority| {
        let nobody = |index: u32| {
            let mut nobody = scene.person.clone();
            nobody.serial = index;
            nobody.extensions.push(extension(
                oids::SUBJECT_ALT_NAME,
                false,
                &asn1::sequence(&vec![asn1::tlv(0x82, b"a.example"); 800]),
            ));
            nobody.issue(&scene.issuer_key)
        };
        authority.stamp_as(b"message", |token| token.bag.extend((0..99).map(nobody)))
    }),
    Bomb(Kind::Cms, "64 time stamps", |scene, authority| {
        let mut message = scene.message();
        message.unsigned = Box::new(|signature| {
            let tokens: Vec<_> = (0..64).map(|_| authority.stamp(signature)).collect();
            vec![attribute(oids::SIGNATURE_TIME_STAMP, &tokens)]
        });
        message.build()
    }),
    Bomb(
        Kind::Cms,
        "64 time stamps with 99 certificates each",
        |scene, authority| {
            let nobody = |index: u32| {
                let mut nobody = scene.person.clone();
                nobody.serial = index;
                nobody.issue(&scene.issuer_key)
            };
            let nobodies: Vec<_> = (0..99).map(nobody).collect();
            let mut message = scene.message();
            message.unsigned = Box::new(move |signature| {
                let stamp = |_| authority.stamp_as(signature, |token| token.bag.extend(nobodies.clone()));
                vec![attribute(
                    oids::SIGNATURE_TIME_STAMP,
                    &(0..64).map(stamp).collect::<Vec<_>>(),
                )]
            });
            message.build()
        },
    ),
];

/// A sound message with another part at this place of SignedData.
fn part(scene: &Scene, place: usize, part: &[u8]) -> Vec<u8> {
    let mut parts = scene.message().parts();
    parts[place] = part.to_vec();
    wrap(&indefinite(tag::SEQUENCE, &parts.concat()))
}

fn with_content(content: &[u8]) -> Vec<u8> {
    let fields = [asn1::object_identifier(oids::DATA), indefinite(0xa0, content)];
    indefinite(tag::SEQUENCE, &fields.concat())
}

//! Threat CRT-1: names that can be read in two ways are read in none. Many names from a fixed seed, so that a failure
//! comes again.

use std::fmt::Write as _;

use esign::asn1::{self, Oid, oids, tag};
use esign::certificate::Certificate;
use esign::profile::{AmbiguousSubject, Profile};

/// A small generator of pseudo-random numbers (xorshift64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(bound).unwrap()).unwrap()
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

type Attribute = (Oid<'static>, String);

/// The attributes as relative names, now and then two of them in one, in one of the string types.
fn name(attributes: &[Attribute], chance: &mut Chance) -> Vec<u8> {
    let mut sets: Vec<Vec<Vec<u8>>> = Vec::new();
    for (oid, text) in attributes {
        let bmp: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let value = match chance.below(3) {
            0 if text.is_ascii() => asn1::tlv(tag::PRINTABLE_STRING, text.as_bytes()),
            1 => asn1::tlv(tag::BMP_STRING, &bmp),
            _ => asn1::utf8_string(text),
        };
        let attribute = asn1::sequence(&[asn1::object_identifier(*oid), value]);
        match sets.last_mut() {
            Some(set) if chance.below(4) == 0 => set.push(attribute),
            _ => sets.push(vec![attribute]),
        }
    }
    let sets: Vec<_> = sets.iter().map(|set| asn1::set_of(set)).collect();
    asn1::sequence(&sets)
}

/// A certificate nobody signed: profiles only read.
fn certificate(subject: &[u8]) -> Certificate {
    let algorithm = asn1::sequence(&[asn1::object_identifier(oids::ED25519)]);
    let time = asn1::tlv(tag::UTC_TIME, b"260101000000Z");
    let bits = |octets: &[u8]| asn1::tlv(tag::BIT_STRING, &[&[0], octets].concat());
    let tbs = asn1::sequence(&[
        asn1::context(0, &asn1::integer(&[2])),
        asn1::integer(&[1]),
        algorithm.clone(),
        asn1::sequence::<Vec<u8>>(&[]),
        asn1::sequence(&[time.clone(), time]),
        subject.to_vec(),
        asn1::sequence(&[algorithm.clone(), bits(&[7; 32])]),
    ]);
    Certificate::parse(asn1::sequence(&[tbs, algorithm, bits(&[0; 64])])).unwrap()
}

fn attributes(profile: Profile) -> Vec<Attribute> {
    let texts: &[(Oid<'static>, &str)] = match profile {
        Profile::Kz => &[
            (oids::COMMON_NAME, "СЕРІКОВ АСХАТ"),
            (oids::SURNAME, "СЕРІКОВ"),
            (oids::GIVEN_NAME, "ҚАЙРАТҰЛЫ"),
            (oids::SERIAL_NUMBER, "IIN900101300007"),
            (oids::ORGANIZATIONAL_UNIT, "BIN940140000385"),
            (oids::ORGANIZATION, "КӨКТЕМ"),
        ],
        Profile::Ru => &[
            (oids::SURNAME, "Иванов"),
            (oids::GIVEN_NAME, "Иван Иванович"),
            (oids::SNILS, "11223344595"),
            (oids::INN, "500100732259"),
            (oids::INNLE, "7707083893"),
            (oids::OGRN, "1027700132195"),
        ],
        Profile::Eidas | Profile::Plain => &[
            (oids::SERIAL_NUMBER, "PNOEE-38001085718"),
            (oids::ORGANIZATION_IDENTIFIER, "NTREE-12345678"),
        ],
    };
    texts
        .iter()
        .map(|(oid, text)| (*oid, (*text).to_owned()))
        .collect()
}

const NATIONAL: [Profile; 3] = [Profile::Kz, Profile::Ru, Profile::Eidas];

#[test]
fn crt_1_an_identifying_attribute_stands_there_once_wherever_it_stands() {
    let mut chance = Chance(0x5eed_0001);
    for round in 0..600 {
        let profile = NATIONAL[round % NATIONAL.len()];
        let mut attributes = attributes(profile);
        let (oid, text) = attributes[chance.below(attributes.len())].clone();
        // the same once more, one that is like it, or one that says nothing
        let repeated = [text.clone(), format!("{text}1"), text.to_lowercase(), "-".into()];
        attributes.push((oid, repeated[chance.below(repeated.len())].clone()));
        // attributes that identify nobody are in nobody's way
        for _ in 0..chance.below(3) {
            attributes.push((oids::LOCALITY, "Алматы".into()));
        }
        chance.shuffle(&mut attributes);
        let certificate = certificate(&name(&attributes, &mut chance));
        assert_eq!(
            profile.read(&certificate),
            Err(AmbiguousSubject),
            "{round}: {}",
            certificate.subject()
        );
    }
}

#[test]
fn crt_1_order_string_type_and_grouping_of_attributes_mean_nothing() {
    let mut chance = Chance(0x5eed_0002);
    for profile in Profile::ALL {
        let mut attributes = attributes(profile);
        let expected = profile
            .read(&certificate(&name(&attributes, &mut chance)))
            .unwrap();
        assert!(!expected.person_ids.is_empty() && !expected.organisation_ids.is_empty());
        for _ in 0..100 {
            chance.shuffle(&mut attributes);
            let certificate = certificate(&name(&attributes, &mut chance));
            assert_eq!(
                profile.read(&certificate).as_ref(),
                Ok(&expected),
                "{}",
                certificate.subject()
            );
        }
    }
}

#[test]
fn crt_1_the_given_name_is_what_follows_the_whole_surname() {
    const PARTS: [&str; 6] = ["АЛИ", "АЛИЕВ", "АЛИЕВА", "НҰР", "НҰР-СҰЛТАН", "ДЕ"];
    let mut chance = Chance(0x5eed_0003);
    let words = |count: usize, chance: &mut Chance| {
        let words: Vec<_> = (0..count).map(|_| PARTS[chance.below(PARTS.len())]).collect();
        words.join(" ")
    };
    for _ in 0..600 {
        let surname = {
            let count = 1 + chance.below(2);
            words(count, &mut chance)
        };
        let given = {
            let count = chance.below(3);
            words(count, &mut chance)
        };
        let mut common = surname.clone();
        if !given.is_empty() {
            write!(common, " {given}").unwrap();
        }
        let read = |common: &str, chance: &mut Chance| {
            let attributes = [
                (oids::COMMON_NAME, common.to_owned()),
                (oids::SURNAME, surname.clone()),
            ];
            let certificate = certificate(&name(&attributes, chance));
            Profile::Kz.read(&certificate).unwrap().name.given_name
        };
        let expected = (!given.is_empty()).then(|| given.clone());
        assert_eq!(read(&common, &mut chance), expected, "{common}");
        // a surname that only begins alike is another surname
        assert_eq!(
            read(&format!("{surname}Ы {given}"), &mut chance),
            None,
            "{common}"
        );
    }
}

#[test]
fn crt_1_an_organisation_named_in_two_places_is_the_same() {
    let mut chance = Chance(0x5eed_0004);
    let read = |serial_number: &str, chance: &mut Chance| {
        let attributes = [
            (oids::SERIAL_NUMBER, serial_number.to_owned()),
            (oids::ORGANIZATIONAL_UNIT, "BIN940140000385".to_owned()),
        ];
        let subject = Profile::Kz.read(&certificate(&name(&attributes, chance)));
        subject.map(|subject| crate::ids(&subject))
    };
    assert_eq!(
        read("BIN940140000385", &mut chance),
        Ok("KZ:BIN:940140000385".into())
    );
    assert_eq!(read("BIN950341000052", &mut chance), Err(AmbiguousSubject));
}

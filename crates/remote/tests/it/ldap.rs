//! Passwords that a directory checks: against a real slapd.

use std::sync::Arc;
use std::time::Duration;

use esign::profile::PersonId;
use esign::time::UnixTime;
use remote::ldap::{BindPassword, Directory, DirectorySettings, Identity, Lookup};
use remote::oidc::ClaimMapping;
use remote::provider::{
    ClaimedContact, ClaimedName, Claims, ContactKind, Label, Offered, Provider, ProviderFailure,
    ProviderSettings, Trusts,
};
use testkit::directory::{self, ACCOUNT, BASE, Member, PASSWORD};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const NOW: UnixTime = UnixTime(1_800_000_000);

fn school() -> Option<directory::Directory> {
    let askhat = Member {
        login: "askhat",
        name: ["Сериков", "Асхат"],
        attributes: &[
            ("mail", "askhat@school.example"),
            ("mobile", "+77011234567"),
            ("employeeNumber", "900101300007"),
        ],
    };
    let aigul = Member {
        login: "aigul",
        name: ["Серикова", "Айгүл"],
        attributes: &[("uid", "twin")],
    };
    let twin = Member {
        login: "aigul2",
        name: ["Серикова", "Айгүл"],
        attributes: &[("uid", "twin")],
    };
    directory::Directory::start(&[askhat, aigul, twin])
}

fn search() -> Lookup {
    Lookup::Search {
        account: ACCOUNT[0].to_owned(),
        account_password: BindPassword::new(ACCOUNT[1].to_owned()),
        base: BASE.to_owned(),
        logins: vec!["uid".to_owned()],
        object_class: "inetOrgPerson".to_owned(),
        member_of: None,
    }
}

fn settings(servers: &[String], authority: &str, lookup: Lookup) -> DirectorySettings {
    DirectorySettings {
        servers: servers.iter().map(|server| server.parse().unwrap()).collect(),
        authorities: vec![authority.as_bytes().to_vec()],
        lookup,
        identity: Identity::EntryUuid,
        mapping: ClaimMapping {
            surname: "sn".to_owned(),
            given_name: "givenName".to_owned(),
            patronymic: "middleName".to_owned(),
            name: "cn".to_owned(),
            email: "mail".to_owned(),
            phone: "mobile".to_owned(),
            person_ids: [("KZ:IIN".parse().unwrap(), "employeeNumber".to_owned())].into(),
        },
        patience: Duration::from_secs(10),
        at_once: 4,
    }
}

fn provider(settings: DirectorySettings, trusts: Trusts) -> Provider {
    let about = ProviderSettings {
        offered: Offered::ByOrganisation,
        trusts,
        states: vec!["KZ:IIN".parse().unwrap()],
        ..ProviderSettings::new("school".parse().unwrap(), Label::everywhere("School"))
    };
    Provider::directory(about, Directory::new(settings, Arc::new(|| NOW)).unwrap())
}

async fn check(settings: DirectorySettings, login: &str, password: &str) -> Result<Claims, ProviderFailure> {
    provider(settings, Trusts::default())
        .claims_by_password(login, password)
        .await
}

#[tokio::test]
async fn lnk_6_a_person_of_the_directory_is_known_by_what_stays() {
    let Some(school) = school() else { return };
    for server in [school.plain(), school.encrypted()] {
        let known = provider(
            settings(&[server], &school.authority, search()),
            Trusts {
                email: true,
                phone: false,
            },
        );
        let claims = known.claims_by_password(" Askhat ", PASSWORD).await.unwrap();
        assert_eq!(claims.issuer, "ldap:entryUUID");
        assert_eq!(claims.subject.len(), 36, "an entryUUID: {}", claims.subject);
        assert_eq!(
            claims.name,
            Some(ClaimedName::Parts {
                surname: "Сериков".to_owned(),
                given_name: "Асхат".to_owned(),
                patronymic: None,
            })
        );
        let iin = PersonId {
            country: "KZ".to_owned(),
            kind: "IIN".to_owned(),
            value: "900101300007".to_owned(),
        };
        assert_eq!(claims.person_ids, [iin]);
        let contact = |kind, value: &str, is_verified| ClaimedContact {
            kind,
            value: value.to_owned(),
            is_verified,
        };
        assert_eq!(
            claims.contacts,
            [
                contact(ContactKind::Email, "askhat@school.example", true),
                contact(ContactKind::Phone, "+77011234567", false),
            ]
        );
        assert_eq!(claims.authenticated_at, Some(NOW));
    }
}

/// A server takes an empty password for no password, and says yes (RFC 4513 §5.1.2).
#[tokio::test]
async fn spn_3_an_empty_password_and_a_filter_reach_nobody() {
    let Some(school) = school() else { return };
    let settings = || settings(&[school.encrypted()], &school.authority, search());
    for (login, password) in [
        ("askhat", ""),
        ("", PASSWORD),
        ("askhat", "\0"),
        ("as\nkhat", PASSWORD),
        ("as\u{200b}khat", PASSWORD),
        ("\u{ff41}skhat", PASSWORD),
        (&"a".repeat(129), PASSWORD),
        ("askhat", &"p".repeat(1025)),
    ] {
        let refused = check(settings(), login, password).await;
        assert_eq!(
            refused,
            Err(ProviderFailure::PasswordWrong),
            "{login:?} {password:?}"
        );
    }
    for login in [
        "*",
        "*)(uid=*",
        "askhat)(|(uid=*",
        "a*",
        "askhat\\2a",
        "*)(objectClass=*))(&(uid=*",
    ] {
        let refused = check(settings(), login, PASSWORD).await;
        assert_eq!(refused, Err(ProviderFailure::PasswordWrong), "{login}");
    }
    let told = school.stop();
    let as_persons = told.iter().filter(|line| line.contains("BIND dn=\"uid="));
    assert_eq!(as_persons.count(), 0, "{told:#?}");
    let connections = told.iter().filter(|line| line.contains("ACCEPT"));
    assert_eq!(
        connections.count(),
        6,
        "what cannot be a password asks nobody: {told:#?}"
    );
}

/// The same answer and the same questions, whether somebody is unknown, ambiguous, or mistyped.
#[tokio::test]
async fn pwd_5_a_stranger_costs_as_many_questions_as_a_wrong_password() {
    let asked = async |login: &str| {
        let school = school()?;
        let settings = settings(&[school.encrypted()], &school.authority, search());
        let refused = check(settings, login, "wrong").await;
        assert_eq!(refused, Err(ProviderFailure::PasswordWrong), "{login}");
        let told = school.stop();
        let questions = told
            .iter()
            .filter(|line| line.contains(" method=") || line.contains("SRCH base="));
        Some(questions.count())
    };
    let Some(wrong) = asked("askhat").await else {
        return;
    };
    assert_eq!(wrong, 3, "our own bind, a search, a bind of theirs");
    assert_eq!(asked("nobody").await, Some(wrong));
    assert_eq!(asked("twin").await, Some(wrong), "two entries are nobody");
}

#[tokio::test]
async fn a_name_of_two_people_opens_nothing_even_with_the_right_password() {
    let Some(school) = school() else { return };
    let settings = settings(&[school.encrypted()], &school.authority, search());
    assert_eq!(
        check(settings, "twin", PASSWORD).await,
        Err(ProviderFailure::PasswordWrong)
    );
}

#[tokio::test]
async fn a_dn_can_be_made_of_the_user_name() {
    let Some(school) = school() else { return };
    let template = format!("uid={{login}},ou=people,{BASE}");
    let settings = || {
        let template = Lookup::Template(template.parse().unwrap());
        settings(&[school.plain()], &school.authority, template)
    };
    let claims = check(settings(), "askhat", PASSWORD).await.unwrap();
    assert_eq!(claims.person_ids.len(), 1);
    for (login, password) in [
        ("askhat", "wrong"),
        ("nobody", PASSWORD),
        ("askhat,ou=people", PASSWORD),
        ("x+uid=askhat", PASSWORD),
    ] {
        let refused = check(settings(), login, password).await;
        assert_eq!(refused, Err(ProviderFailure::PasswordWrong), "{login}");
    }
}

#[tokio::test]
async fn a_server_with_a_certificate_of_a_stranger_hears_no_password() {
    let (Some(school), Some(other)) = (school(), school()) else {
        return;
    };
    for server in [school.plain(), school.encrypted()] {
        let refused = check(
            settings(&[server], &other.authority, search()),
            "askhat",
            PASSWORD,
        )
        .await;
        assert!(
            matches!(refused, Err(ProviderFailure::Unreachable(_))),
            "{refused:?}"
        );
    }
    let told = school.stop();
    assert!(!told.iter().any(|line| line.contains("BIND")), "{told:#?}");
}

#[tokio::test]
async fn the_next_server_is_asked_when_one_is_down() {
    let Some(school) = school() else { return };
    let down = "ldaps://127.0.0.1:1".to_owned();
    let both = [down.clone(), school.encrypted()];
    check(settings(&both, &school.authority, search()), "askhat", PASSWORD)
        .await
        .unwrap();
    let refused = check(settings(&[down], &school.authority, search()), "askhat", PASSWORD).await;
    assert!(
        matches!(refused, Err(ProviderFailure::Unreachable(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn an_account_of_ours_that_is_refused_is_nobodys_wrong_password() {
    let Some(school) = school() else { return };
    let Lookup::Search {
        account,
        base,
        logins,
        object_class,
        ..
    } = search()
    else {
        unreachable!()
    };
    let lookup = Lookup::Search {
        account,
        account_password: BindPassword::new("old".to_owned()),
        base,
        logins,
        object_class,
        member_of: None,
    };
    let refused = check(
        settings(&[school.plain()], &school.authority, lookup),
        "askhat",
        PASSWORD,
    )
    .await;
    assert!(
        matches!(refused, Err(ProviderFailure::Unusable(_))),
        "{refused:?}"
    );
}

/// A server that accepts and says nothing is waited for until the time is up, whatever it holds back.
#[tokio::test(start_paused = true)]
async fn a_silent_directory_is_not_waited_for_long() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = format!("ldap://{}", listener.local_addr().unwrap());
    let silent = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    let authority = rcgen::generate_simple_self_signed(Vec::new()).unwrap().cert.pem();
    let refused = check(settings(&[server], &authority, search()), "askhat", PASSWORD).await;
    assert!(
        matches!(refused, Err(ProviderFailure::Unreachable(_))),
        "{refused:?}"
    );
    silent.abort();
}

/// What comes before TLS comes from anybody: no length, no nesting, no injected word does harm.
#[tokio::test]
async fn net_2_what_is_said_in_the_clear_has_a_budget() {
    let authority = rcgen::generate_simple_self_signed(Vec::new()).unwrap().cert.pem();
    let nested: Vec<u8> = std::iter::repeat_n([0x30, 0x84, 0, 1, 0, 0], 10_000)
        .flatten()
        .collect();
    for answer in [
        b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
        vec![0x30, 0x84, 0xff, 0xff, 0xff, 0xff],
        vec![0x30, 0x80, 0x30, 0x80],
        nested,
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = format!("ldap://{}", listener.local_addr().unwrap());
        let liar = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = [0; 31];
            stream.read_exact(&mut asked).await.unwrap();
            stream.write_all(&answer).await.unwrap();
            stream.shutdown().await.unwrap();
            asked
        });
        let refused = check(settings(&[server], &authority, search()), "askhat", PASSWORD).await;
        let asked = liar.await.unwrap();
        assert!(
            asked.ends_with(b"1.3.6.1.4.1.1466.20037"),
            "nothing but StartTLS is said"
        );
        assert!(matches!(
            refused,
            Err(ProviderFailure::Unusable(_) | ProviderFailure::Unreachable(_))
        ));
    }
}

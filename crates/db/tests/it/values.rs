//! Values go in and come out unchanged, or not at all.

use crate::schema::{Lamp, LampId, Light, SCHEMA};
use db::{Error, Timestamp, Tx, Uuid, params};
use testkit::storage::{on_both_with, on_sqlite_with};

const SELECT: &str = "select id, room, light, watts, seen_at, photo from lamp order by id";

fn lamp(random: u8) -> Lamp {
    let seen_at = Timestamp::from_micros(1_700_000_000_123_456);
    Lamp {
        id: LampId::new(seen_at, [random; 10]),
        room: "Қазақша «кухня»\u{0}".trim_end_matches('\u{0}').into(),
        light: Light::On,
        watts: Some(i64::MIN),
        seen_at,
        photo: Some(vec![0, 255, 0]),
    }
}

fn insert(tx: &mut Tx<'_>, lamp: &Lamp) -> Result<(), Error> {
    tx.execute(
        "insert into lamp (id, room, light, watts, seen_at, photo) values ($1, $2, $3, $4, $5, $6)",
        params![
            lamp.id,
            lamp.room,
            lamp.light,
            lamp.watts,
            lamp.seen_at,
            lamp.photo
        ],
    )
    .map(drop)
}

#[test]
fn records_round_trip() {
    on_both_with(SCHEMA, |db| async move {
        let full = lamp(1);
        let bare = Lamp {
            watts: None,
            photo: None,
            light: Light::Off,
            room: String::new(),
            ..lamp(2)
        };
        let expected = vec![full.clone(), bare.clone()];
        db.write(move |tx| insert(tx, &full).and_then(|()| insert(tx, &bare)))
            .await
            .unwrap();
        assert_eq!(
            db.read(|tx| tx.list::<Lamp>(SELECT, &[])).await.unwrap(),
            expected
        );
        assert_eq!(
            db.read_heavy(|tx| tx.list::<Lamp>(SELECT, &[])).await.unwrap(),
            expected
        );
    });
}

#[test]
fn every_parameter_type_round_trips() {
    on_both_with(SCHEMA, |db| async move {
        let row: (u32, bool, [u8; 3], Uuid, Option<String>, String) = db
            .read(|tx| {
                tx.one(
                    "select $1, $2, $3, $4, $5, $6",
                    params![
                        u32::MAX,
                        true,
                        [1_u8, 2, 3],
                        Uuid::from_bytes([9; 16]),
                        None::<&str>,
                        "text"
                    ],
                )
            })
            .await
            .map_err(|error: Error| error)
            .unwrap();
        assert_eq!(
            row,
            (
                u32::MAX,
                true,
                [1, 2, 3],
                Uuid::from_bytes([9; 16]),
                None,
                "text".into()
            )
        );
    });
}

#[test]
fn an_unknown_word_is_refused() {
    on_both_with(SCHEMA, |db| async move {
        let other = Lamp {
            light: Light::Off,
            ..lamp(1)
        };
        db.write(move |tx| insert(tx, &other)).await.unwrap();
        db.write(|tx| tx.execute("update lamp set light = 'dim'", &[]))
            .await
            .unwrap();
        let refused = db.read(|tx| tx.list::<Lamp>(SELECT, &[])).await;
        assert!(
            matches!(refused, Err(Error::Column { column: 3, .. })),
            "{refused:?}"
        );
    });
}

#[test]
fn values_of_another_shape_are_refused() {
    on_both_with(SCHEMA, |db| async move {
        db.write(|tx| crate::schema::set_counter(tx, "a", -1))
            .await
            .unwrap();
        let sql = "select value from counter";
        assert!(matches!(
            db.read(|tx| tx.one::<u32>(sql, &[])).await,
            Err(Error::Column { .. })
        ));
        assert!(matches!(
            db.read(|tx| tx.one::<bool>(sql, &[])).await,
            Err(Error::Column { .. })
        ));
        assert!(matches!(
            db.read(|tx| tx.one::<String>(sql, &[])).await,
            Err(Error::Column { .. })
        ));
        assert!(matches!(
            db.read(|tx| tx.one::<(i64, i64)>(sql, &[])).await,
            Err(Error::Columns { .. })
        ));
    });
}

#[test]
fn rows_are_counted() {
    on_both_with(SCHEMA, |db| async move {
        let missing = db.read(|tx| tx.one::<i64>("select number from act", &[])).await;
        assert!(matches!(missing, Err(Error::Missing { .. })), "{missing:?}");
        let inserted = db
            .write(|tx| {
                tx.list::<i64>(
                    "insert into act (number) values (1), (2), (2) on conflict do nothing returning number",
                    &[],
                )
            })
            .await;
        assert_eq!(inserted.map_err(|error: Error| error).unwrap(), [1, 2]);
        let both = db
            .read(|tx| tx.optional::<i64>("select number from act", &[]))
            .await;
        assert!(matches!(both, Err(Error::Ambiguous { .. })), "{both:?}");
        let changed = db
            .write(|tx| tx.execute("update act set number = number + 10", &[]))
            .await;
        assert_eq!(changed.map_err(|error: Error| error).unwrap(), 2);
    });
}

#[test]
fn parameters_that_do_not_fit_the_text_are_refused() {
    const SQL: &str = "select value from counter where name = $1";
    on_both_with(SCHEMA, |db| async move {
        let none = db.read(|tx| tx.optional::<i64>(SQL, &[])).await;
        assert!(
            matches!(
                none,
                Err(Error::Parameters {
                    expected: 1,
                    given: 0,
                    ..
                })
            ),
            "{none:?}"
        );
    });
    on_sqlite_with(SCHEMA, |db| async move {
        let two = db.read(|tx| tx.optional::<i64>(SQL, params!["a", "b"])).await;
        assert!(
            matches!(
                two,
                Err(Error::Parameters {
                    expected: 1,
                    given: 2,
                    ..
                })
            ),
            "{two:?}"
        );
        let askew = db
            .read(|tx| tx.one::<(i64, i64)>("select $2, $1", params![1_i64, 2_i64]))
            .await;
        assert!(matches!(askew, Err(Error::Statement { .. })), "{askew:?}");
    });
}

#[test]
fn ids_sort_by_their_moment_and_read_back() {
    let early = LampId::new(Timestamp::from_seconds(1), [255; 10]);
    let late = LampId::new(Timestamp::from_seconds(2), [0; 10]);
    assert!(early < late);
    assert_eq!(early.to_string().len(), 36);
    assert_eq!(early.to_string().parse::<LampId>(), Ok(early));
    assert!("a lamp".parse::<LampId>().is_err());
    let json = serde_json::to_string(&(early, Light::On)).unwrap();
    assert_eq!(
        serde_json::from_str::<(LampId, Light)>(&json).unwrap(),
        (early, Light::On)
    );
    assert!(serde_json::from_str::<Light>("\"dim\"").is_err());
}

//! Ids: a type of its own for each kind of thing, a UUIDv7 within.

/// Declares an id type: 16 bytes that sort by the moment of their making, stored as `bytea`, shown hyphenated.
///
/// ```
/// db::id! {
///     /// Names a lamp.
///     pub LampId
/// }
/// let id = LampId::new(db::Timestamp::from_seconds(1), [7; 10]);
/// assert_eq!(id.to_string().parse::<LampId>().ok(), Some(id));
/// ```
#[macro_export]
macro_rules! id {
    ($(#[$meta:meta])* $vis:vis $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis struct $name($crate::Uuid);

        #[allow(dead_code, clippy::allow_attributes, reason = "not every id needs all of it")]
        impl $name {
            /// A new id, from the moment of its making and 80 random bits.
            $vis fn new(at: $crate::Timestamp, random: [u8; 10]) -> Self {
                let millis = u64::try_from(at.as_micros().div_euclid(1000)).unwrap_or(0);
                Self($crate::expansion::uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// The id that has these bytes.
            $vis const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self($crate::Uuid::from_bytes(bytes))
            }

            /// The bytes it is stored as.
            $vis const fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, f)
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::Mismatch;

            fn from_str(text: &str) -> ::core::result::Result<Self, $crate::Mismatch> {
                $crate::Uuid::try_parse(text).map(Self).map_err(|_| $crate::Mismatch::expected("an id"))
            }
        }

        impl $crate::Encode for $name {
            const KIND: $crate::Kind = $crate::Kind::Bytes;

            fn encode(&self) -> $crate::Value<'_> {
                $crate::Value::Bytes(self.as_bytes())
            }
        }

        impl $crate::Decode for $name {
            fn decode(value: $crate::Value<'_>) -> ::core::result::Result<Self, $crate::Mismatch> {
                <$crate::Uuid as $crate::Decode>::decode(value).map(Self)
            }
        }

        impl $crate::expansion::serde::Serialize for $name {
            fn serialize<S: $crate::expansion::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> $crate::expansion::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::expansion::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                <::std::string::String as $crate::expansion::serde::Deserialize>::deserialize(deserializer)?
                    .parse()
                    .map_err($crate::expansion::serde::de::Error::custom)
            }
        }
    };
}

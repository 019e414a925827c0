//! Closed sets of words, stored as text.

/// Declares an enum that is stored as text. A word that is not in the list is an error, never a guess.
///
/// ```
/// db::text_enum! {
///     /// What a lamp does.
///     pub enum Light {
///         /// It shines.
///         On = "on",
///         /// It does not.
///         Off = "off",
///     }
/// }
/// assert_eq!(Light::parse("on"), Some(Light::On));
/// assert_eq!(Light::parse("dim"), None);
/// ```
#[macro_export]
macro_rules! text_enum {
    (
        $(#[$meta:meta])*
        $vis:vis enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $text:literal),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $($(#[$variant_meta])* $variant,)+
        }

        #[allow(dead_code, clippy::allow_attributes, reason = "not every set needs all of it")]
        impl $name {
            /// Every member, as declared.
            $vis const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word it is stored as.
            $vis const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $text,)+
                }
            }

            /// The member of that word, if there is one.
            $vis fn parse(text: &str) -> ::core::option::Option<Self> {
                match text {
                    $($text => ::core::option::Option::Some(Self::$variant),)+
                    _ => ::core::option::Option::None,
                }
            }
        }

        impl $crate::Encode for $name {
            const KIND: $crate::Kind = $crate::Kind::Text;

            fn encode(&self) -> $crate::Value<'_> {
                $crate::Value::Text(self.as_str())
            }
        }

        impl $crate::Decode for $name {
            fn decode(value: $crate::Value<'_>) -> ::core::result::Result<Self, $crate::Mismatch> {
                const MISMATCH: $crate::Mismatch =
                    $crate::Mismatch::expected(concat!("a ", stringify!($name), ": one of", $(" ", $text),+));
                match value {
                    $crate::Value::Text(text) => Self::parse(text).ok_or(MISMATCH),
                    _ => ::core::result::Result::Err(MISMATCH),
                }
            }
        }

        impl $crate::expansion::serde::Serialize for $name {
            fn serialize<S: $crate::expansion::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::expansion::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::expansion::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let text = <::std::string::String as $crate::expansion::serde::Deserialize>::deserialize(deserializer)?;
                Self::parse(&text).ok_or_else(|| {
                    $crate::expansion::serde::de::Error::custom(concat!("not a ", stringify!($name)))
                })
            }
        }
    };
}

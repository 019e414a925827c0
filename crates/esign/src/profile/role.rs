//! What a certificate says beside numbers and names: capacity, where the key is kept, how its owner was identified.

macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The stable text, for scripts and translations.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }
    };
}

named! {
    /// In what capacity the owner of a certificate acts. It is shown and grants nothing (threat CRT-5).
    Role {
        /// A natural person, for themselves.
        Person = "person",
        /// An individual entrepreneur.
        Entrepreneur = "entrepreneur",
        /// The head of an organisation.
        Head = "head",
        /// Somebody with the right to sign for an organisation.
        Signatory = "signatory",
        /// Somebody with the right to sign its financial documents.
        FinancialSignatory = "financial_signatory",
        /// An employee of its personnel department.
        HumanResources = "human_resources",
        /// An employee.
        Employee = "employee",
        /// A person; an organisation is named, and not in what capacity.
        Affiliated = "affiliated",
        /// The organisation itself: a seal.
        Organisation = "organisation",
        /// A program.
        InformationSystem = "information_system",
        /// Somebody who works for the authority itself.
        AuthorityStaff = "authority_staff",
        /// An owner whose key is for one system only.
        Restricted = "restricted",
    }
}

impl Role {
    /// Whether a person stands behind the key who may enter on their own behalf.
    pub const fn may_enter(self) -> bool {
        !matches!(
            self,
            Self::Organisation | Self::InformationSystem | Self::AuthorityStaff | Self::Restricted
        )
    }
}

named! {
    /// Where the key is kept, as the issuer states it.
    KeyStorage {
        /// A file.
        File = "file",
        /// A Java key store.
        JavaKeyStore = "java_key_store",
        /// The identity card.
        IdCard = "id_card",
        /// A KAZTOKEN.
        Kaztoken = "kaztoken",
        /// An eToken.
        EToken = "etoken",
        /// A JaCarta.
        JaCarta = "jacarta",
        /// An aKey.
        AKey = "akey",
        /// A SIM card.
        Sim = "sim",
        /// A server that signs on the owner's order.
        Cloud = "cloud",
        /// A qualified device for creating signatures, of whatever make.
        QualifiedDevice = "qualified_device",
    }
}

named! {
    /// How the owner was identified when the certificate was issued.
    Identification {
        /// Face to face.
        InPerson = "in_person",
        /// At a distance.
        Remote = "remote",
        /// By a valid qualified certificate.
        Certificate = "certificate",
        /// By a biometric passport.
        Passport = "passport",
        /// By a state system of biometric data.
        Biometrics = "biometrics",
    }
}

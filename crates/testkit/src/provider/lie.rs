/// A way in which a provider breaks its protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lie {
    /// metadata of another issuer
    MetadataOfAnotherIssuer,
    /// metadata of many megabytes
    HugeMetadata,
    /// metadata that never come
    SlowMetadata,
    /// metadata somewhere else
    RedirectedMetadata,
    /// a token endpoint on a stranger's host
    ForeignTokenEndpoint,
    /// keys that are no keys
    BrokenKeys,
    /// an ID token with `alg` none and no signature
    Unsigned,
    /// an ID token with an HMAC under the public key
    KeyConfusion,
    /// one changed octet in the signature
    WrongSignature,
    /// a key that is not published, under a name that is not published
    UnknownKey,
    /// a key that is not published, under the name of one that is
    ForgedKey,
    /// an extension that must be understood
    Critical,
    /// another issuer within the ID token
    WrongIssuer,
    /// the issuer with a slash more
    AlmostTheIssuer,
    /// meant for somebody else
    WrongAudience,
    /// meant for us and somebody else, without a word on who asked
    SeveralAudiences,
    /// asked for by somebody else
    OtherParty,
    /// over for two minutes
    Expired,
    /// issued in two minutes
    FromTheFuture,
    /// the nonce of another attempt
    OtherNonce,
    /// no nonce
    NoNonce,
    /// a subject that is a number
    NumberedSubject,
    /// no ID token at all
    NoIdToken,
    /// a token answer of many megabytes
    HugeTokens,
    /// a token answer that never comes
    SlowTokens,
    /// a token answer somewhere else
    RedirectedTokens,
    /// a status that says that it is down
    Down,
    /// userinfo of somebody else
    OtherSubject,
    /// userinfo without a subject
    NoSubject,
    /// `email_verified` as the text "true"
    VerifiedInText,
    /// a lower level than was asked for
    LowAssurance,
    /// a proof of yesterday
    OldProof,
    /// the same code buys tokens again
    CodeTwice,
    /// the callback names another issuer
    CallbackOfAnother,
    /// the callback names nobody, although the metadata promise it
    NamelessCallback,
    /// the person declines
    Declined,
}

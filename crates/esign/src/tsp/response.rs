use super::MalformedTimeStamp;
use super::request::TimeStampRequest;
use super::token::TimeStampToken;
use crate::asn1::{Element, Reader, Result, Rules, only, tag};
use crate::verdict::{Code, Problem};

/// Longest explanation that is kept, in characters.
const MAX_TEXT: usize = 500;

/// What a time-stamping authority answers (TimeStampResp, RFC 3161 §2.4.2).
#[derive(Debug, Clone)]
pub enum TimeStampResponse {
    /// Here it is, to be judged.
    Granted(TimeStampToken),
    /// It was refused.
    Refused(Failure),
}

/// Why an authority did not stamp.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// PKIStatus: 2 rejection, 3 waiting, 4 revocation warning, 5 revocation notification
    pub status: u32,
    /// PKIFailureInfo in words, where stated
    pub reasons: Vec<&'static str>,
    /// what the authority says to people; untrusted text
    pub text: String,
}

/// Bits of PKIFailureInfo that RFC 3161 uses.
const REASONS: [(usize, &str); 8] = [
    (0, "unrecognized or unsupported algorithm"),
    (2, "transaction not permitted or supported"),
    (5, "the data submitted has the wrong format"),
    (14, "the time source is not available"),
    (15, "the requested policy is not supported"),
    (16, "the requested extension is not supported"),
    (17, "the additional information could not be understood"),
    (25, "the request cannot be handled due to system failure"),
];

impl TimeStampResponse {
    /// Reads one response and nothing after it.
    pub fn parse(bytes: &[u8]) -> std::result::Result<Self, MalformedTimeStamp> {
        let mut fields = only(bytes, Rules::Ber)?.sequence()?;
        let mut status = fields.sequence()?;
        let number = status.expect(tag::INTEGER)?.small()?;
        // granted, granted with modifications
        if number < 2 {
            let token = TimeStampToken::parse(fields.element()?.raw())?;
            fields.finish()?;
            return Ok(Self::Granted(token));
        }
        Ok(Self::Refused(Failure::read(number, status)?))
    }
}

impl TimeStampResponse {
    /// The token, if it answers the request; who signed it is another question.
    pub fn token_for(self, request: &TimeStampRequest) -> std::result::Result<TimeStampToken, Problem> {
        match self {
            Self::Granted(token) => request.is_answered_by(&token).map(|()| token),
            Self::Refused(_) => Err(Code::TspNotGranted.into()),
        }
    }
}

impl Failure {
    fn read(status: u32, mut fields: Reader<'_>) -> Result<Self> {
        let mut text = String::new();
        if let Some(lines) = fields.optional(tag::SEQUENCE)? {
            for line in lines.children()?.collect(16)? {
                text.push_str(&String::from_utf8_lossy(line.content()));
                text.push('\n');
            }
        }
        let reasons = match fields.optional(tag::BIT_STRING)? {
            Some(bits) => reasons(bits)?,
            None => Vec::new(),
        };
        fields.finish()?;
        let shown = |character: &char| !character.is_control() || *character == '\n';
        Ok(Self {
            status,
            reasons,
            text: text.trim_end().chars().filter(shown).take(MAX_TEXT).collect(),
        })
    }
}

fn reasons(bits: Element<'_>) -> Result<Vec<&'static str>> {
    let octets = bits.named_bits()?;
    let is_set = |bit: usize| {
        octets
            .get(bit / 8)
            .is_some_and(|octet| octet & (0x80 >> (bit % 8)) != 0)
    };
    Ok(REASONS
        .iter()
        .filter(|(bit, _)| is_set(*bit))
        .map(|(_, words)| *words)
        .collect())
}

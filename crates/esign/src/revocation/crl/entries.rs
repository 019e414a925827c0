use crate::asn1::{Error, Reader, Result, Rules, oids, only, tag};
use crate::certificate::GeneralName;
use crate::certificate::extension::Extension;
use crate::provider::sha256;
use crate::revocation::Reason;
use crate::time::UnixTime;

/// Most changes from one issuer to another within a list.
const MAX_ISSUERS: usize = 20_000;

/// Where the entries of a list lie, in an order in which they can be found: four octets an entry.
pub(super) struct Entries {
    /// beginnings of entries in the order of their keys
    sorted: Box<[u32]>,
    /// from where on in the list entries are of which issuer (§5.3.3), first of that of the list
    issuers: Vec<(u32, [u8; 32])>,
    understood: bool,
}

/// What a list says of one certificate (§5.3).
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry {
    pub(super) revoked_at: UnixTime,
    pub(super) reason: Option<Reason>,
    /// since when the key is thought to be in wrong hands (§5.3.2)
    pub(super) invalid_since: Option<UnixTime>,
}

/// An entry as it stands in the list.
struct RawEntry {
    entry: Entry,
    issuer: Option<[u8; 32]>,
    understood: bool,
}

impl Entries {
    /// Reads every entry once, and remembers where it was.
    pub(super) fn index(der: &[u8], mut list: Reader<'_>, issuer: [u8; 32]) -> Result<Self> {
        let base = der.as_ptr() as usize;
        let mut places = Vec::new();
        let mut read = Self {
            sorted: Box::default(),
            issuers: vec![(0, issuer)],
            understood: true,
        };
        while !list.is_empty() {
            let place = u32::try_from(list.rest().as_ptr() as usize - base).map_err(|_| Error::TooLarge)?;
            let entry = RawEntry::read(list.sequence()?)?;
            read.understood &= entry.understood;
            read.issuers.extend(entry.issuer.map(|issuer| (place, issuer)));
            if read.issuers.len() > MAX_ISSUERS {
                return Err(Error::TooLarge);
            }
            places.push((read.key(der, place), place));
        }
        places.sort_unstable();
        read.sorted = places.into_iter().map(|(_, place)| place).collect();
        Ok(read)
    }

    pub(super) fn len(&self) -> usize {
        self.sorted.len()
    }

    pub(super) fn are_understood(&self) -> bool {
        self.understood
    }

    /// Whether an entry names a certificate of another issuer than that of the list.
    pub(super) fn name_other_issuers(&self) -> bool {
        self.issuers.len() > 1
    }

    /// The last entry for this serial number of this issuer.
    pub(super) fn find(&self, der: &[u8], wanted: &[u8], issuer: &[u8; 32]) -> Option<Entry> {
        let wanted = key(wanted, Some(issuer));
        let after = self
            .sorted
            .partition_point(|place| self.key(der, *place) <= wanted);
        let place = *self.sorted.get(after.checked_sub(1)?)?;
        if self.key(der, place) != wanted {
            return None;
        }
        let fields = entry_at(der, place).ok()?;
        RawEntry::read(fields).ok().map(|read| read.entry)
    }

    fn key(&self, der: &[u8], place: u32) -> Key {
        key(serial(der, place), self.issuer(place))
    }

    fn issuer(&self, place: u32) -> Option<&[u8; 32]> {
        let later = self.issuers.partition_point(|(from, _)| *from <= place);
        self.issuers.get(later.checked_sub(1)?).map(|(_, issuer)| issuer)
    }
}

fn entry_at(der: &[u8], place: u32) -> Result<Reader<'_>> {
    let rest = der
        .get(usize::try_from(place).unwrap_or(usize::MAX)..)
        .ok_or(Error::Truncated)?;
    Reader::der(rest).sequence()
}

fn serial(der: &[u8], place: u32) -> &[u8] {
    entry_at(der, place)
        .and_then(|mut fields| fields.expect(tag::INTEGER))
        .map_or(&[], |serial| serial.content())
}

/// Whom an entry is about, in a form that nobody can make costly to sort.
type Key = [u8; 16];

fn key(serial: &[u8], issuer: Option<&[u8; 32]>) -> Key {
    let digest = sha256(&[issuer.map_or(&[][..], |issuer| issuer), serial].concat());
    let mut key = Key::default();
    key.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
    key
}

impl RawEntry {
    fn read(mut fields: Reader<'_>) -> Result<Self> {
        fields.expect(tag::INTEGER)?.integer()?;
        let mut read = Self {
            entry: Entry {
                revoked_at: UnixTime::from_element(fields.element()?)?,
                reason: None,
                invalid_since: None,
            },
            issuer: None,
            understood: true,
        };
        if let Some(extensions) = fields.optional(tag::SEQUENCE)? {
            let mut list = extensions.children()?;
            while !list.is_empty() {
                read.take(Extension::read(&mut list)?)?;
            }
        }
        fields.finish()?;
        Ok(read)
    }

    /// Reason and date only add to what the entry says, so a malformed one is passed over.
    fn take(&mut self, extension: Extension<'_>) -> Result<()> {
        let value = only(extension.value, Rules::Der);
        match extension.oid {
            oids::REASON_CODE => self.entry.reason = value.and_then(Reason::read).ok(),
            oids::INVALIDITY_DATE => {
                self.entry.invalid_since = value.and_then(UnixTime::from_element).ok();
            }
            oids::CERTIFICATE_ISSUER => {
                let names = GeneralName::list(extension.value)?;
                let name = names.iter().find_map(|name| match name {
                    GeneralName::Directory(name) => Some(name.comparison_digest()),
                    _ => None,
                });
                self.issuer = Some(name.ok_or(Error::Value)?);
            }
            _ => self.understood &= !extension.critical,
        }
        Ok(())
    }
}

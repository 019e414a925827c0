use esign::asn1::{Element, Error, Reader, Rules, tag};
use esign::time::UnixTime;

/// What an element must look like. The grammars are those of the standards, so that a file can be told apart by what
/// it is, and a broken one by where it breaks.
pub(super) enum Shape {
    /// Any element, well encoded inside.
    Any,
    /// An element with this identifier octet, well encoded inside.
    Tag(u8),
    /// OBJECT IDENTIFIER
    Oid,
    /// INTEGER
    Integer,
    /// UTCTime or GeneralizedTime
    Time,
    /// A constructed element with these fields in this order.
    Fields(u8, &'static [Field]),
    /// A constructed element with any number of these.
    Each(u8, &'static Field),
    /// The first that begins with the same identifier octet.
    OneOf(&'static [Shape]),
}

/// A part of a structure, by the name the standard gives it.
pub(super) struct Field {
    name: &'static str,
    shape: Shape,
    optional: bool,
}

impl Field {
    pub(super) const fn new(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            shape,
            optional: false,
        }
    }

    pub(super) const fn name(&self) -> &'static str {
        self.name
    }

    pub(super) const fn optional(name: &'static str, shape: Shape) -> Self {
        Self {
            name,
            shape,
            optional: true,
        }
    }
}

/// Where bytes leave the grammar, and how.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Break {
    pub(super) offset: usize,
    /// Names of the parts from the outermost.
    pub(super) path: Vec<&'static str>,
    pub(super) error: Error,
}

impl Break {
    /// How far the bytes followed the grammar.
    pub(super) const fn depth(&self) -> (usize, usize) {
        (self.offset, self.path.len())
    }
}

/// Holds the bytes against the grammar.
pub(super) fn check(whole: &'static Field, bytes: &[u8], rules: Rules) -> Result<(), Break> {
    let mut walk = Walk {
        origin: bytes.as_ptr() as usize,
        path: vec![whole.name],
    };
    let mut reader = Reader::new(bytes, rules);
    walk.shape(&whole.shape, &mut reader)?;
    walk.at(reader.rest(), reader.finish())
}

struct Walk {
    origin: usize,
    path: Vec<&'static str>,
}

impl Walk {
    fn at<T>(&self, here: &[u8], result: Result<T, Error>) -> Result<T, Break> {
        result.map_err(|error| Break {
            offset: here.as_ptr() as usize - self.origin,
            path: self.path.clone(),
            error,
        })
    }

    fn field(&mut self, field: &'static Field, reader: &mut Reader<'_>) -> Result<(), Break> {
        if field.optional && !reader.peek().is_some_and(|found| field.shape.begins_with(found)) {
            return Ok(());
        }
        self.path.push(field.name);
        self.shape(&field.shape, reader)?;
        self.path.pop();
        Ok(())
    }

    fn shape(&mut self, shape: &'static Shape, reader: &mut Reader<'_>) -> Result<(), Break> {
        let here = reader.rest();
        if let Some(found) = reader.peek()
            && !shape.begins_with(found)
        {
            return self.at(here, Err(Error::Tag));
        }
        if let Shape::OneOf(choices) = shape {
            let fits = |choice: &&Shape| reader.peek().is_some_and(|found| choice.begins_with(found));
            return match choices.iter().find(fits) {
                Some(choice) => self.shape(choice, reader),
                None => self.at(here, Err(Error::Truncated)),
            };
        }
        let element = reader.element();
        let element = match element {
            // what is cut short is cut short somewhere inside: that place tells more
            Err(Error::Truncated) => {
                self.inside_of_truncated(shape, here)?;
                return self.at(here, Err(Error::Truncated));
            }
            other => self.at(here, other)?,
        };
        match shape {
            Shape::Any | Shape::Tag(_) => self.encoding(element),
            Shape::Oid => self.at(here, element.oid().map(drop)),
            Shape::Integer => self.at(here, element.integer().map(drop)),
            Shape::Time => self.at(here, UnixTime::from_element(element).map(drop)),
            Shape::Fields(_, fields) => {
                let mut children = self.at(here, element.children())?;
                for field in *fields {
                    self.field(field, &mut children)?;
                }
                self.at(children.rest(), children.finish())
            }
            Shape::Each(_, field) => {
                let mut children = self.at(here, element.children())?;
                while !children.is_empty() {
                    self.field(field, &mut children)?;
                }
                Ok(())
            }
            Shape::OneOf(_) => Ok(()),
        }
    }

    /// Walks what is there of a structure that does not end.
    fn inside_of_truncated(&mut self, shape: &'static Shape, here: &[u8]) -> Result<(), Break> {
        let content = here.get(1).map(|length| match length {
            0..=0x80 => 2,
            more => 2 + usize::from(more & 0x7f),
        });
        let Some(content) = content.and_then(|start| here.get(start..)) else {
            return Ok(());
        };
        let mut children = Reader::ber(content);
        match shape {
            Shape::Fields(_, fields) => fields
                .iter()
                .try_for_each(|field| self.field(field, &mut children)),
            Shape::Each(_, field) => {
                while !children.is_empty() {
                    self.field(field, &mut children)?;
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Everything inside an element whose structure is not looked at.
    fn encoding(&self, element: Element<'_>) -> Result<(), Break> {
        if !element.is_constructed() {
            return Ok(());
        }
        let mut open = vec![self.at(element.raw(), element.children())?];
        while let Some(mut reader) = open.pop() {
            if reader.is_empty() {
                continue;
            }
            let here = reader.rest();
            let child = self.at(here, reader.element())?;
            open.push(reader);
            if child.is_constructed() {
                open.push(self.at(here, child.children())?);
            }
        }
        Ok(())
    }
}

impl Shape {
    fn begins_with(&self, found: u8) -> bool {
        match self {
            Self::Any => true,
            Self::Tag(tag) | Self::Fields(tag, _) | Self::Each(tag, _) => *tag == found,
            Self::Oid => found == tag::OID,
            Self::Integer => found == tag::INTEGER,
            Self::Time => matches!(found, tag::UTC_TIME | tag::GENERALIZED_TIME),
            Self::OneOf(choices) => choices.iter().any(|choice| choice.begins_with(found)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static PAIR: Field = Field::new(
        "pair",
        Shape::Fields(
            tag::SEQUENCE,
            &[
                Field::optional("version", Shape::Integer),
                Field::new("kind", Shape::Oid),
            ],
        ),
    );

    fn broken(bytes: &[u8]) -> Option<(usize, String)> {
        check(&PAIR, bytes, Rules::Der)
            .err()
            .map(|broken| (broken.offset, broken.path.join(".")))
    }

    #[test]
    fn a_break_is_located_and_named() {
        let at = |offset: usize, path: &str| Some((offset, path.to_owned()));
        assert_eq!(broken(&[0x30, 3, 6, 1, 42]), None);
        assert_eq!(broken(&[0x30, 6, 2, 1, 1, 6, 1, 42]), None);
        assert_eq!(broken(&[0x30, 3, 4, 1, 42]), at(2, "pair.kind"));
        assert_eq!(broken(&[0x30, 6, 2, 1, 1, 6, 1, 0x80]), at(5, "pair.kind"));
        assert_eq!(broken(&[0x30, 6, 2, 1, 1, 6, 3, 42]), at(5, "pair.kind"));
        assert_eq!(broken(&[0x30, 3, 6, 1, 42, 0]), at(5, "pair"));
        assert_eq!(broken(&[0x30, 5, 6, 1, 42, 5, 0]), at(5, "pair"));
        assert_eq!(broken(&[]), at(0, "pair"));
    }
}

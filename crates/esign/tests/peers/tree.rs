//! A structure taken apart, so that one part can be changed and all lengths around it fit.

use esign::asn1::{self, Element, Rules, tag};

#[derive(Clone)]
pub(crate) enum Node {
    Leaf(u8, Vec<u8>),
    Branch(u8, Vec<Node>),
}

impl Node {
    pub(crate) fn read(der: &[u8]) -> Self {
        Self::of(asn1::only(der, Rules::Der).unwrap(), false)
    }

    /// The same, and what octet strings hold is taken apart too, as in extensions.
    pub(crate) fn read_deep(der: &[u8]) -> Self {
        Self::of(asn1::only(der, Rules::Der).unwrap(), true)
    }

    fn of(element: Element<'_>, deep: bool) -> Self {
        let below = |element: Element<'_>| Self::of(element, deep);
        if element.is_constructed() {
            let children = element.children().unwrap().collect(1_000).unwrap();
            return Self::Branch(element.tag(), children.into_iter().map(below).collect());
        }
        match asn1::only(element.content(), Rules::Der) {
            Ok(inner) if deep && element.tag() == tag::OCTET_STRING && inner.is_der() => {
                Self::Branch(element.tag(), vec![below(inner)])
            }
            _ => Self::Leaf(element.tag(), element.content().to_vec()),
        }
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        match self {
            Self::Leaf(tag, content) => asn1::tlv(*tag, content),
            Self::Branch(tag, children) => {
                asn1::tlv(*tag, &children.iter().flat_map(Self::write).collect::<Vec<_>>())
            }
        }
    }

    pub(crate) fn at(&mut self, path: &[usize]) -> &mut Self {
        path.iter().fold(self, |node, index| match node {
            Self::Branch(_, children) => &mut children[*index],
            Self::Leaf(..) => panic!("no way below a leaf"),
        })
    }

    pub(crate) fn children(&mut self, path: &[usize]) -> &mut Vec<Self> {
        match self.at(path) {
            Self::Branch(_, children) => children,
            Self::Leaf(..) => panic!("a leaf has no children"),
        }
    }

    pub(crate) fn content(&mut self, path: &[usize]) -> &mut Vec<u8> {
        match self.at(path) {
            Self::Leaf(_, content) => content,
            Self::Branch(..) => panic!("a branch has no content"),
        }
    }

    /// The places of all parts.
    pub(crate) fn places(&self) -> Vec<Vec<usize>> {
        let mut found = Vec::new();
        self.walk(&[], &mut found);
        found
    }

    fn walk(&self, here: &[usize], found: &mut Vec<Vec<usize>>) {
        if let Self::Branch(_, children) = self {
            for (index, child) in children.iter().enumerate() {
                let place = [here, &[index]].concat();
                child.walk(&place, found);
                found.push(place);
            }
        }
    }

    /// Every part hit in every way, by name.
    pub(crate) fn hit(&self) -> Vec<(String, Vec<u8>)> {
        let whole = self.write();
        let mut hit = Vec::new();
        for place in self.places() {
            for (name, blow) in BLOWS {
                let mut changed = self.clone();
                let (index, parent) = place.split_last().unwrap();
                blow(changed.children(parent), *index);
                let changed = changed.write();
                if changed != whole {
                    hit.push((format!("{place:?} {name}"), changed));
                }
            }
        }
        hit
    }
}

type Blow = fn(&mut Vec<Node>, usize);

/// What is done to every part.
const BLOWS: [(&str, Blow); 5] = [
    ("removed", |parts, index| drop(parts.remove(index))),
    ("twice", |parts, index| parts.insert(index, parts[index].clone())),
    ("empty", |parts, index| match &mut parts[index] {
        Node::Leaf(_, content) => content.clear(),
        Node::Branch(_, children) => children.clear(),
    }),
    ("last bit", |parts, index| {
        if let Node::Leaf(_, content) = &mut parts[index]
            && let Some(last) = content.last_mut()
        {
            *last ^= 1;
        }
    }),
    ("another tag", |parts, index| match &mut parts[index] {
        Node::Leaf(tag, _) | Node::Branch(tag, _) => *tag ^= 1,
    }),
];

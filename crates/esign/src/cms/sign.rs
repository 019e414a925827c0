//! Writing CMS signatures.

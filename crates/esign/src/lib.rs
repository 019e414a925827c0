//! esign

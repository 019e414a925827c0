//! esign-web

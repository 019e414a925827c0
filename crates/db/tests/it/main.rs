//! Both engines, one suite.

mod schema;
mod transactions;
mod values;

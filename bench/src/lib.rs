//! What the benchmarks share: a load generator, and a running site with visitors. See `README.md`.

pub mod key;
pub mod load;
pub mod site;

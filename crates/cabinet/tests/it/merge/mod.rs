//! Two accounts of one person become one.

mod done;
mod membership;
mod pair;
mod refused;

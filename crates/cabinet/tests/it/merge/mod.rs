//! Two accounts of one person become one.

mod done;
mod pair;
mod refused;

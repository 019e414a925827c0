//! Objects that others signed, and programs that judge what we sign.

mod der;
mod objects;

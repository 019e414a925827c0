//! The worked examples of the standards, and the edges of their definitions.

mod edges;
mod examples;

//! Back into an account whose usual way in is lost.

mod assisted;
mod begin;
mod complete;
mod needs;
mod returner;
mod review;

mod codes;
mod owner;
mod policy;
mod remove;

pub(crate) use owner::Owner;

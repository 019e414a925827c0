mod codes;
mod owner;
mod policy;

pub(crate) use owner::Owner;

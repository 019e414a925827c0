//! What the web room needs before it compiles: the signing module of the page, and the page's files under content-hashed names.

use std::error::Error;

mod assets;
mod wasm;

fn main() -> Result<(), Box<dyn Error>> {
    wasm::build()?;
    assets::build(&[wasm::FILE])
}

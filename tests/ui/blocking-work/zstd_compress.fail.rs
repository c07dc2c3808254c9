//! error[E0425]: cannot find function `compress` in crate `zstd`
//! Proves G-Q6-4.
//! Guide FAQ Q6: there is no `zstd::compress`; what compresses a whole slice is `zstd::bulk::compress`.

fn main() -> std::io::Result<()> {
    let large_data = vec![0; 1024];
    let compressed = zstd::compress(&large_data, 19)?;
    println!("{} bytes", compressed.len());
    Ok(())
}

fn main() -> std::io::Result<()> {
    let large_data = vec![0; 1024];
    let compressed = zstd::bulk::compress(&large_data, 19)?;
    println!("{} bytes", compressed.len());
    Ok(())
}

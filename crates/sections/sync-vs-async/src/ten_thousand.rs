//! Guide 1.2, 8.2 — Two worker threads hold thousands of connections open and answer on each.
//!
//! Each connection takes two descriptors of this process: for 10000, run `ulimit -n 20100` first.

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[tokio::main(worker_threads = 2)]
pub async fn main() -> io::Result<ExitCode> {
    let connections = std::env::var("CONNECTIONS").unwrap_or("100".to_string());
    let Ok(connections) = connections.parse() else {
        eprintln!("error: CONNECTIONS takes a whole number, such as 200");
        return Ok(ExitCode::from(2));
    };
    let echoes = serve_and_connect(connections).await?;
    println!("{connections} connections held open, {echoes} echoes");
    Ok(ExitCode::SUCCESS)
}

async fn serve_and_connect(connections: u32) -> io::Result<u32> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::select! {
        echoes = echo_on_each(address, connections) => echoes,
        error = serve(listener) => Err(error),
    }
}

/// Opens all of them first: they are idle, and open, at once. Then each sends a number.
async fn echo_on_each(address: SocketAddr, connections: u32) -> io::Result<u32> {
    let mut open = Vec::new();
    for number in 0..connections {
        open.push((number, TcpStream::connect(address).await?));
    }
    let mut echoes = 0;
    for (number, stream) in &mut open {
        stream.write_u32(*number).await?;
        echoes += u32::from(stream.read_u32().await? == *number);
    }
    Ok(echoes)
}

/// Returns only if it cannot accept.
async fn serve(listener: TcpListener) -> io::Error {
    loop {
        let mut stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => return error,
        };
        tokio::spawn(async move {
            let (mut reader, mut writer) = stream.split();
            tokio::io::copy(&mut reader, &mut writer).await
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::task::JoinSet;
    use utils::probe::allocations_kept;

    /// Without sockets, of which few systems allow as many.
    /// Proves G-1.2-3.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn two_workers_answer_on_every_one_of_100_000_pipes() {
        const PIPES: u32 = 100_000;
        let mut echoing = JoinSet::new();
        let open = (0..PIPES).map(|number| {
            let (client, mut server) = tokio::io::duplex(16);
            echoing.spawn(async move {
                let number = server.read_u32().await?;
                server.write_u32(number).await
            });
            (number, client)
        });
        // All of them before the first byte.
        let mut open: Vec<_> = open.collect();
        assert_eq!(echoing.len(), PIPES as usize);
        for (number, pipe) in &mut open {
            pipe.write_u32(*number).await.unwrap();
        }
        for (number, pipe) in &mut open {
            assert_eq!(pipe.read_u32().await.unwrap(), *number);
        }
    }

    /// Proves G-1.1-2, G-1.2-3.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn two_workers_answer_on_every_one_of_100_connections() {
        assert_eq!(serve_and_connect(100).await.unwrap(), 100);
    }

    /// On one thread, whose allocations are counted.
    #[test]
    fn connections_that_have_ended_leave_no_memory_behind() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        let _server = runtime.spawn(serve(listener));
        let one_by_one = || {
            for _ in 0..200 {
                assert_eq!(runtime.block_on(echo_on_each(address, 1)).unwrap(), 1);
            }
        };
        // What grows once, such as a queue, has grown after these.
        one_by_one();
        let (kept, ()) = allocations_kept(one_by_one);
        assert!(kept < 50, "{kept}");
    }
}

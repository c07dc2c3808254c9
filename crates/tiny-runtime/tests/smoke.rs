use std::time::Duration;
use tiny_runtime::{
    runtime::{Builder, Runtime},
    task, time,
};

#[test]
fn many() {
    let runtime = Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let sum = runtime.block_on(async {
        let mut handles = Vec::new();
        for i in 0..if cfg!(miri) { 40 } else { 100_000u64 } {
            handles.push(task::spawn(async move {
                task::yield_now().await;
                i
            }));
        }
        let mut sum = 0;
        for handle in handles {
            sum += handle.await.unwrap();
        }
        time::sleep(Duration::from_millis(10)).await;
        sum
    });
    let n = if cfg!(miri) { 40 } else { 100_000u64 };
    assert_eq!(sum, n * (n - 1) / 2);
}

#[test]
fn paused() {
    let runtime = Builder::new_current_thread().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let start = time::Instant::now();
        time::sleep(Duration::from_secs(3600)).await;
        assert_eq!(start.elapsed(), Duration::from_secs(3600));
        let v = task::spawn_blocking(|| {
            std::thread::sleep(Duration::from_millis(20));
            7
        })
        .await
        .unwrap();
        assert_eq!(v, 7);
        assert_eq!(start.elapsed(), Duration::from_secs(3600));
    });
}

#[test]
fn drops() {
    let runtime = Runtime::new().unwrap();
    struct D(std::sync::Arc<std::sync::atomic::AtomicUsize>);
    impl Drop for D {
        fn drop(&mut self) {
            self.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        }
    }
    let n = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
    for _ in 0..if cfg!(miri) { 10 } else { 1000 } {
        let d = D(n.clone());
        runtime.spawn(async move {
            let _d = d;
            std::future::pending::<()>().await
        });
    }
    drop(runtime);
    assert_eq!(n.load(std::sync::atomic::Ordering::SeqCst), if cfg!(miri) { 10 } else { 1000 });
}

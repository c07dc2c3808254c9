//! There is one door: no other file of the crate catches a panic, or keeps a waker whose drop may
//! panic.

use std::fs;
use std::path::Path;

/// The names that only `foreign.rs` may use.
const ONLY_AT_THE_DOOR: [&str; 4] =
    ["catch_unwind", "Option<Waker>", "Vec<Waker>", "waker().clone()"];

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            sources(&path, found);
        } else if !["foreign.rs", "tests.rs", "models.rs"].contains(&name.as_str()) {
            let source = fs::read_to_string(&path).unwrap();
            found.push((path.display().to_string(), source));
        }
    }
}

#[test]
fn foreign_code_is_called_through_one_door() {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.len() > 60);
    for (path, source) in found {
        for word in ONLY_AT_THE_DOOR {
            assert!(!source.contains(word), "{path} names {word}");
        }
    }
}

/// A `LocalRuntime`, an `EnterGuard` and the handle of a task that stays stay on their thread.
#[test]
fn what_belongs_to_a_thread_is_not_send() {
    use tiny_runtime::runtime::{EnterGuard, LocalRuntime, Runtime, Stepped};
    use tiny_runtime::task::{JoinHandle, JoinSet};

    /// `is_send` is that of the inherent impl if the type is `Send`, else the trait's.
    struct Of<T>(std::marker::PhantomData<T>);
    trait Otherwise {
        fn is_send(&self) -> bool {
            false
        }
    }
    impl<T> Otherwise for Of<T> {}
    impl<T: Send> Of<T> {
        fn is_send(&self) -> bool {
            true
        }
    }
    macro_rules! is_send {
        ($type:ty) => {
            Of::<$type>(std::marker::PhantomData).is_send()
        };
    }
    type Stays = std::rc::Rc<()>;
    assert!(!is_send!(LocalRuntime) && !is_send!(&LocalRuntime));
    assert!(!is_send!(EnterGuard<'static>));
    assert!(!is_send!(JoinHandle<Stays>) && !is_send!(JoinSet<Stays>));
    assert!(is_send!(Runtime) && is_send!(Stepped) && is_send!(JoinHandle<()>));
}

//! Wrong: closes in Drop, by a future that nobody polls.

use std::cell::RefCell;
use std::rc::Rc;
use tokio::task::yield_now;

type Log = Rc<RefCell<Vec<&'static str>>>;

struct Connection(Log);

impl Connection {
    async fn query(&mut self, works: bool) -> Result<u32, &'static str> {
        yield_now().await;
        self.0.borrow_mut().push("query");
        if works { Ok(42) } else { Err("no such table") }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // A future that nobody polls does nothing.
        let log = Rc::clone(&self.0);
        drop(async move {
            yield_now().await;
            log.borrow_mut().push("close");
        });
    }
}

async fn answer(log: Log, works: bool) -> Result<u32, &'static str> {
    let mut connection = Connection(log);
    connection.query(works).await
}

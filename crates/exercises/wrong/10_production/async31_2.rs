//! Wrong: closes after an error only.

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

    async fn close(self) {
        yield_now().await;
        self.0.borrow_mut().push("close");
    }
}

async fn answer(log: Log, works: bool) -> Result<u32, &'static str> {
    let mut connection = Connection(log);
    match connection.query(works).await {
        Ok(answer) => Ok(answer),
        Err(error) => {
            connection.close().await;
            Err(error)
        }
    }
}

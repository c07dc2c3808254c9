//! Guide FAQ Q3 — You still need `async-trait` for `dyn`; each call allocates once.

use async_trait::async_trait;

#[tokio::main]
pub async fn main() {
    let services: [Box<dyn Service>; 2] = [Box::new(Echo), Box::new(Shout)];
    for service in services {
        println!("{}", service.call(Request("hello")).await.0);
    }
}

/// The macro turns each function into one that returns `Pin<Box<dyn Future + Send>>`.
#[async_trait]
trait Service: Send + Sync {
    async fn call(&self, req: Request) -> Response;
}

struct Request(&'static str);
struct Response(String);

struct Echo;
struct Shout;

#[async_trait]
impl Service for Echo {
    async fn call(&self, req: Request) -> Response {
        Response(format!("echo: {}", req.0))
    }
}

#[async_trait]
impl Service for Shout {
    async fn call(&self, req: Request) -> Response {
        Response(req.0.to_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use utils::probe::allocations;

    /// Proves G-Q3-4, D-14-4.
    #[test]
    fn a_call_is_one_allocation_before_anything_runs() {
        let service: Box<dyn Service> = Box::new(Echo);
        let (count, call) = allocations(|| service.call(Request("hello")));
        drop(call);
        assert_eq!(count, 1);
    }

    /// Proves G-Q3-4.
    #[tokio::test]
    async fn each_type_behind_dyn_answers_for_itself() {
        let services: [Box<dyn Service>; 2] = [Box::new(Echo), Box::new(Shout)];
        let mut answers = Vec::new();
        for service in services {
            let task = tokio::spawn(async move { service.call(Request("hello")).await.0 });
            answers.push(task.await.unwrap());
        }
        assert_eq!(answers, ["echo: hello", "HELLO"]);
    }
}

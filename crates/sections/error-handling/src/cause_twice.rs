//! Guide 7.2 — If a message contains its cause, a printed chain shows the cause twice.

use anyhow::Error;

/// Fails before any request, so the same words come on every machine.
const NO_URL: &str = "/get";

#[tokio::main]
pub async fn main() {
    if let Err(error) = call_service::<CauseInMessage>(NO_URL).await {
        println!("twice {:#}", Error::from(error));
    }
    if let Err(error) = call_service::<CauseInChain>(NO_URL).await {
        println!("once  {:#}", Error::from(error));
    }
}

/// `?` converts into whatever error the caller has chosen.
async fn call_service<E: From<reqwest::Error>>(url: &str) -> Result<String, E> {
    Ok(reqwest::get(url).await?.text().await?)
}

/// `#[from]` makes the field the source, the next link: `{0}` beside it is a repetition.
#[derive(Debug, thiserror::Error)]
#[error("ネットワークエラー: {0}")]
struct CauseInMessage(#[from] reqwest::Error);

/// If you print this error, print its chain.
#[derive(Debug, thiserror::Error)]
#[error("ネットワークエラー")]
struct CauseInChain(#[from] reqwest::Error);

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    async fn chain_of(result: Result<String, impl Into<Error>>) -> Vec<String> {
        let error: Error = result.unwrap_err().into();
        error.chain().map(ToString::to_string).collect()
    }

    /// Proves G-7.2-5.
    #[tokio::test]
    async fn a_cause_in_the_message_is_printed_twice() {
        assert_eq!(
            chain_of(call_service::<CauseInMessage>(NO_URL).await).await,
            ["ネットワークエラー: builder error", "builder error", "relative URL without a base"]
        );
        assert_eq!(
            chain_of(call_service::<CauseInChain>(NO_URL).await).await,
            ["ネットワークエラー", "builder error", "relative URL without a base"]
        );
    }

    /// The two crates are a pair: anyhow carries the typed error, and gives it back.
    /// Proves G-まとめ-5.
    #[tokio::test]
    async fn a_typed_error_is_found_again_under_any_context() {
        let typed = call_service::<CauseInChain>(NO_URL).await;
        let error = typed.context("first").context("second").unwrap_err();
        assert_eq!(error.to_string(), "second");
        let CauseInChain(cause) = error.downcast_ref().unwrap();
        assert!(cause.is_builder());
        assert!(error.downcast_ref::<CauseInMessage>().is_none());
    }
}

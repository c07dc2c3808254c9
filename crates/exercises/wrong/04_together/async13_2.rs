//! Wrong: returns with the first answer, even if it is a good one.

async fn book(
    flight: impl Future<Output = Result<u32, String>>,
    hotel: impl Future<Output = Result<u32, String>>,
) -> Result<(u32, u32), String> {
    tokio::select! {
        flight = flight => Ok((flight?, 0)),
        hotel = hotel => Ok((0, hotel?)),
    }
}

//! Wrong: asks one after the other.

async fn book(
    flight: impl Future<Output = Result<u32, String>>,
    hotel: impl Future<Output = Result<u32, String>>,
) -> Result<(u32, u32), String> {
    let flight = flight.await?;
    let hotel = hotel.await?;
    Ok((flight, hotel))
}

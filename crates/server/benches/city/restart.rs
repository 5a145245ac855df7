//! How long a second start takes: from the command to the first page.

use std::time::Instant;

use crate::load::{Client, get};
use crate::place::Place;

pub(crate) async fn measure(place: &Place) {
    for _ in 0..3 {
        let began = Instant::now();
        let served = place.serve();
        let answer = Client::connect(&served.address).await.ask(&get("/tour/", "")).await;
        assert_eq!(answer.status, 200);
        let page = began.elapsed();
        let answer = Client::connect(&served.address).await.ask(&get("/api/v1/public/city", "")).await;
        assert_eq!(answer.status, 200);
        println!(
            "{:?}: second start, first page after {:.2} s, first answer from the city after {:.2} s",
            place.engine,
            page.as_secs_f64(),
            began.elapsed().as_secs_f64()
        );
    }
}

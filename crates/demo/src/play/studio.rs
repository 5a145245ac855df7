//! Where the pictures are drawn, and the copies of their files made: on a thread of their own, ahead of the history that
//! will need them. A picture depends on its arguments alone, so drawing early changes nothing but the time that it takes.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use kernel::time::Time;
use platform::files::{Copies, make_copies};
use tokio::sync::oneshot;

use crate::pictures::{Moment, PictureError, SceneKind, draw};

/// What a picture depends on.
type Order = (SceneKind, u64, Moment);

/// A picture, and the copies that the city will make of its file.
pub(super) struct Drawn {
    pub(super) jpeg: Vec<u8>,
    /// None where there are none to be made; the city then says why.
    pub(super) copies: Option<Copies>,
}

type Answer = Result<Drawn, PictureError>;

/// Draws what was ordered, what is needed first before the others.
pub(super) struct Studio {
    desk: Arc<Desk>,
    ready: HashMap<Order, oneshot::Receiver<Answer>>,
    orders: u64,
}

#[derive(Default)]
struct Desk {
    book: Mutex<Book>,
    news: Condvar,
}

/// Orders by the moment at which they are needed.
#[derive(Default)]
struct Book {
    waiting: BTreeMap<(Time, u64), (Order, oneshot::Sender<Answer>)>,
    closed: bool,
}

impl Studio {
    pub(super) fn open() -> Self {
        let desk = Arc::new(Desk::default());
        let works = desk.clone();
        std::thread::spawn(move || works.work());
        Self { desk, ready: HashMap::new(), orders: 0 }
    }

    /// A picture will be needed then.
    pub(super) fn order(&mut self, at: Time, order: Order) {
        let (answer, drawn) = oneshot::channel();
        self.orders += 1;
        self.ready.insert(order, drawn);
        self.desk.book().waiting.insert((at, self.orders), (order, answer));
        self.desk.news.notify_one();
    }

    /// The picture, whether it was ordered or not.
    ///
    /// # Errors
    /// Only if the encoder fails.
    pub(super) async fn take(&mut self, order: Order) -> Answer {
        if let Some(ordered) = self.ready.remove(&order)
            && let Ok(drawn) = ordered.await
        {
            return drawn;
        }
        develop(order)
    }
}

/// The thread ends with the history.
impl Drop for Studio {
    fn drop(&mut self) {
        self.desk.book().closed = true;
        self.desk.news.notify_one();
    }
}

impl Desk {
    fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        while let Some((order, answer)) = self.next() {
            drop(answer.send(develop(order)));
        }
    }

    /// Waits for an order; none when the studio is closed.
    fn next(&self) -> Option<(Order, oneshot::Sender<Answer>)> {
        let mut book = self.book();
        loop {
            if book.closed {
                return None;
            }
            if let Some((_, order)) = book.waiting.pop_first() {
                return Some(order);
            }
            book = self.news.wait(book).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn develop((scene, seed, moment): Order) -> Answer {
    let jpeg = draw(scene, seed, moment)?;
    let copies = make_copies(&jpeg).ok();
    Ok(Drawn { jpeg, copies })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is ordered, in any order, is what the city would make of the file that is sent.
    #[tokio::test]
    async fn a_picture_comes_with_the_copies_of_its_file() {
        let mut studio = Studio::open();
        let orders = [Moment::Before, Moment::After].map(|moment| (SceneKind::DirtyRoad, 7, moment));
        studio.order(Time(2), orders[1]);
        studio.order(Time(1), orders[0]);
        let unordered = (SceneKind::DirtyRoad, 8, Moment::Before);
        for order in orders.into_iter().chain([unordered]) {
            let drawn = studio.take(order).await.unwrap();
            assert_eq!(drawn.jpeg, draw(order.0, order.1, order.2).unwrap());
            let sent = [drawn.jpeg.as_slice(), b"what tells it from another"].concat();
            assert_eq!(drawn.copies, Some(make_copies(&sent).unwrap()));
        }
    }
}

//! Where the pictures are drawn: on a thread of their own, ahead of the history that will need them. A picture depends on
//! its arguments alone, so drawing early changes nothing but the time that it takes.

use std::collections::HashMap;
use std::sync::mpsc::{Sender, channel};

use tokio::sync::oneshot;

use crate::pictures::{Moment, PictureError, SceneKind, draw};

/// What a picture depends on.
type Order = (SceneKind, u64, Moment);
type Drawn = Result<Vec<u8>, PictureError>;

/// Draws what was ordered, in the order of the orders.
pub(super) struct Studio {
    orders: Sender<(Order, oneshot::Sender<Drawn>)>,
    ready: HashMap<Order, oneshot::Receiver<Drawn>>,
}

impl Studio {
    pub(super) fn open() -> Self {
        let (orders, queue) = channel::<(Order, oneshot::Sender<Drawn>)>();
        // Ends with the history, when the sender is dropped.
        std::thread::spawn(move || {
            for ((scene, seed, moment), answer) in queue {
                drop(answer.send(draw(scene, seed, moment)));
            }
        });
        Self { orders, ready: HashMap::new() }
    }

    /// A picture will be needed.
    pub(super) fn order(&mut self, scene: SceneKind, seed: u64, moment: Moment) {
        let (answer, drawn) = oneshot::channel();
        if self.orders.send(((scene, seed, moment), answer)).is_ok() {
            self.ready.insert((scene, seed, moment), drawn);
        }
    }

    /// The picture, whether it was ordered or not.
    ///
    /// # Errors
    /// Only if the encoder fails.
    pub(super) async fn take(&mut self, scene: SceneKind, seed: u64, moment: Moment) -> Drawn {
        if let Some(ordered) = self.ready.remove(&(scene, seed, moment))
            && let Ok(drawn) = ordered.await
        {
            return drawn;
        }
        draw(scene, seed, moment)
    }
}

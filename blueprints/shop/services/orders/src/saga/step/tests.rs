//! Every way that an order can take: each answer that may come, get lost, or come from a request
//! that arrives when nobody expects it any more.

use std::collections::HashSet;

use super::{ATTEMPTS, Next, Outcome, Task, next, pause};
use crate::order::Status;

/// What an order has at one of the other services.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum State {
    Nothing,
    Done,
    /// It was taken back, or called off before it was there.
    Undone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Service {
    state: State,
    /// A request to do it is still on its way.
    is_late: bool,
}

impl Service {
    const NEW: Self = Self {
        state: State::Nothing,
        is_late: false,
    };

    fn with(self, state: State) -> Self {
        Self { state, ..self }
    }

    /// How it can be after a request to do it has arrived, and what it answers.
    fn after_do(self) -> Vec<(Self, Outcome)> {
        let refused = Outcome::Refused("no".to_owned());
        match self.state {
            State::Nothing => vec![(self.with(State::Done), Outcome::Done), (self, refused)],
            State::Done => vec![(self, Outcome::Done)],
            State::Undone => vec![(self, refused)],
        }
    }

    /// The same of any request that is sent to it now: it may also get lost, its answer may, or it
    /// may be late.
    fn after(self, task: Task) -> Vec<(Self, Outcome)> {
        let arrived = match task {
            Task::Reserve | Task::Pay => self.after_do(),
            Task::Refund | Task::Release => vec![(self.with(State::Undone), Outcome::Done)],
        };
        let unheard = arrived.iter().map(|(after, _)| *after);
        let mut unheard: Vec<_> = unheard.chain([self]).collect();
        if matches!(task, Task::Reserve | Task::Pay) {
            let is_late = true;
            unheard.push(Self { is_late, ..self });
        }
        let unheard = unheard.into_iter().map(|after| (after, Outcome::Unknown));
        arrived.into_iter().chain(unheard).collect()
    }

    /// How it may be without anybody asking: what was late is there now.
    fn later(self) -> Vec<Self> {
        let here = Self {
            is_late: false,
            ..self
        };
        let arrived = here.after_do().into_iter().map(|(after, _)| after);
        let arrived = arrived.filter(|_| self.is_late);
        arrived.chain([self]).collect()
    }
}

/// An order, and what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct World {
    status: Status,
    attempts: i64,
    inventory: Service,
    payments: Service,
}

impl World {
    const NEW: Self = Self {
        status: Status::Placed,
        attempts: 0,
        inventory: Service::NEW,
        payments: Service::NEW,
    };

    /// The same with other services.
    fn at(self, task: Task, service: Service) -> Self {
        match task {
            Task::Reserve | Task::Release => Self {
                inventory: service,
                ..self
            },
            Task::Pay | Task::Refund => Self {
                payments: service,
                ..self
            },
        }
    }

    /// All that may become of it by its next task, and with which outcome.
    fn steps(self, task: Task) -> Vec<(Self, Outcome)> {
        let service = match task {
            Task::Reserve | Task::Release => self.inventory,
            Task::Pay | Task::Refund => self.payments,
        };
        let after = service.after(task).into_iter();
        let step = |(service, outcome): (Service, Outcome)| {
            let next = next(self.status, self.attempts, outcome.clone());
            (self.at(task, service).moved(&next), outcome)
        };
        after.map(step).collect()
    }

    fn moved(self, next: &Next) -> Self {
        match *next {
            Next::Status(status, _) => Self {
                status,
                attempts: 0,
                ..self
            },
            // Of those that undo for longer, one is like the other.
            Next::Again(_) => Self {
                attempts: (self.attempts + 1).min(ATTEMPTS),
                ..self
            },
        }
    }

    /// All that may become of it in any way.
    fn all(self) -> Vec<Self> {
        let task = Task::of(self.status);
        let steps = task.into_iter().flat_map(|task| self.steps(task));
        let mut all: Vec<Self> = steps.map(|(after, _)| after).collect();
        for inventory in self.inventory.later() {
            all.push(Self { inventory, ..self });
        }
        for payments in self.payments.later() {
            all.push(Self { payments, ..self });
        }
        all
    }
}

fn reachable() -> HashSet<World> {
    let (mut known, mut open) = (HashSet::from([World::NEW]), vec![World::NEW]);
    while let Some(world) = open.pop() {
        open.extend(world.all().into_iter().filter(|after| known.insert(*after)));
    }
    known
}

#[test]
fn an_order_ends_with_all_or_with_nothing() {
    let all = reachable();
    let end = |status: Status| all.iter().filter(move |world| world.status == status);
    assert!(end(Status::Confirmed).count() > 0 && end(Status::Cancelled).count() > 0);
    for world in end(Status::Confirmed) {
        let has = (world.inventory.state, world.payments.state);
        assert_eq!(has, (State::Done, State::Done), "{world:?}");
    }
    for world in end(Status::Cancelled) {
        for service in [world.inventory, world.payments] {
            assert_ne!(service.state, State::Done, "{world:?}");
            let is_safe = service.state == State::Undone || !service.is_late;
            assert!(is_safe, "late, and not called off: {world:?}");
        }
    }
}

#[test]
fn from_everywhere_an_end_is_reached_when_all_services_answer() {
    for mut world in reachable() {
        let mut steps = 0;
        while let Some(task) = Task::of(world.status) {
            let answered = world.steps(task);
            let mut answered = answered
                .iter()
                .filter(|(_, outcome)| *outcome != Outcome::Unknown);
            (world, _) = answered.next().unwrap().clone();
            steps += 1;
            assert!(steps <= 4, "{world:?}");
        }
    }
}

#[test]
fn a_service_that_is_silent_is_asked_a_few_times() {
    let mut attempts = 0;
    while let Next::Again(_) = next(Status::Placed, attempts, Outcome::Unknown) {
        attempts += 1;
    }
    assert_eq!(attempts, ATTEMPTS - 1);
    let given_up = next(Status::Reserved, attempts, Outcome::Unknown);
    let why = Some("payments did not answer".to_owned());
    assert_eq!(given_up, Next::Status(Status::Refunding, why));
    assert_eq!((pause(0).as_millis(), pause(60).as_secs()), (200, 30));
}

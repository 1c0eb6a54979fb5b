//! Reductions: what is well structured in a net becomes one move, and nothing is lost by it.
//!
//! These are the fusions of series and parallel spots and moves, and of loops (Murata 1989), which
//! keep liveness and safeness, and their like for inclusive gateways: branches between a split and
//! its own join are one.

use super::net::{Arrival, BEGIN, Manner, Move, Net, Spot};

/// The longest trail that is put together; what comes after it is not shown.
const LONGEST: usize = 2_000;

/// Reduces a net until nothing more can be done.
pub(super) fn reduce(net: &mut Net) {
    loop {
        let mut again = false;
        for spot in 0..net.takers.len() as Spot {
            again |= alike(net, spot) | turns(net, spot) | branches(net, spot);
            // A row of fusions ends at a spot that stays.
            again |= spot != BEGIN && (series(net, spot) || absorbed(net, spot));
        }
        if !again {
            return;
        }
    }
}

/// Lengthens an arrival by what comes after it.
fn lengthen(arrival: &mut Arrival, step: &Move, further: Option<&Arrival>) {
    let trails = [&step.trail[..], further.map_or(&[][..], |further| &further.trail)];
    for trail in trails {
        let room = LONGEST.saturating_sub(arrival.trail.len());
        arrival.trail.extend(trail.iter().take(room));
    }
    arrival.covers.extend(&step.covers);
    arrival.covers.extend(further.iter().flat_map(|further| &further.covers));
}

/// A spot from which one move leads to one other spot: whoever puts a path on it may put it on the
/// other at once.
fn series(net: &mut Net, spot: Spot) -> bool {
    let [taker] = net.takers[spot as usize][..] else { return false };
    let Some(step) = net.step(taker) else { return false };
    let [to] = &step.puts[..] else { return false };
    if !step.is_plain_from(spot) || !step.some.is_empty() || to.spot == spot {
        return false;
    }
    let givers = net.givers[spot as usize].clone();
    // Two paths from one move on one spot lack synchronisation; that must stay to be seen.
    let clash = |giver: &usize| net.step(*giver).is_some_and(|giver| giver.gives(to.spot));
    if givers.is_empty() || givers.iter().any(clash) {
        return false;
    }
    let Some(step) = net.remove(taker) else { return false };
    for giver in givers {
        net.change(giver, |giver| {
            for arrival in giver.arrivals_mut().filter(|arrival| arrival.spot == spot) {
                lengthen(arrival, &step, step.puts.first());
                arrival.spot = step.puts[0].spot;
            }
        });
    }
    true
}

/// A spot that one move puts a path on and that one move takes it from: both are one move.
fn absorbed(net: &mut Net, spot: Spot) -> bool {
    let (&[taker], &[giver]) = (&net.takers[spot as usize][..], &net.givers[spot as usize][..])
    else {
        return false;
    };
    let (Some(step), Some(before)) = (net.step(taker), net.step(giver)) else { return false };
    let times = before.arrivals().filter(|arrival| arrival.spot == spot).count();
    if taker == giver || times != 1 || !step.is_plain_from(spot) {
        return false;
    }
    let always = before.puts.iter().any(|arrival| arrival.spot == spot);
    let ends = step.puts.is_empty() && step.some.is_empty();
    let clash = step.arrivals().any(|arrival| before.gives(arrival.spot));
    let fits = always && (before.some.is_empty() || step.some.is_empty()) && !clash;
    if !(ends || fits) {
        return false;
    }
    let Some(step) = net.remove(taker) else { return false };
    net.change(giver, |before| {
        let list = if always { &mut before.puts } else { &mut before.some };
        let Some(index) = list.iter().position(|arrival| arrival.spot == spot) else { return };
        let mut passed = list.remove(index);
        if ends {
            before.must &= always;
            before.covers.extend(passed.covers.iter().chain(&step.covers));
            if before.puts.is_empty() && before.some.is_empty() {
                before.trail.extend(passed.trail.iter().chain(&step.trail));
            }
            return;
        }
        let mut step = step;
        if before.puts.is_empty() && before.some.is_empty() {
            // It is passed whatever comes after it.
            for (trail, covers) in
                [(&mut passed.trail, &mut passed.covers), (&mut step.trail, &mut step.covers)]
            {
                before.trail.append(trail);
                before.covers.append(covers);
            }
        }
        let lengthened = |further: &Arrival| {
            let mut arrival = passed.clone();
            arrival.spot = further.spot;
            lengthen(&mut arrival, &step, Some(further));
            arrival
        };
        before.puts.extend(step.puts.iter().map(lengthened));
        if before.some.is_empty() {
            before.must = step.must;
            before.some.extend(step.some.iter().map(lengthened));
        }
    });
    true
}

/// Moves that take and give the same are one; the one with the shorter way stays.
fn alike(net: &mut Net, spot: Spot) -> bool {
    let mut changed = false;
    let takers = net.takers[spot as usize].clone();
    for number in &takers {
        let lone = |step: &Move| step.must && step.some.len() == 1 && step.puts.is_empty();
        if net.step(*number).is_some_and(lone) {
            net.change(*number, |step| {
                step.puts = std::mem::take(&mut step.some);
                step.must = false;
            });
            changed = true;
        }
    }
    let mut seen: std::collections::BTreeMap<_, usize> = std::collections::BTreeMap::new();
    for number in takers {
        let Some(step) = net.step(number).filter(|step| step.manner == Manner::Plain) else {
            continue;
        };
        let spots = |arrivals: &[Arrival]| -> Vec<Spot> {
            let mut spots: Vec<Spot> = arrivals.iter().map(|arrival| arrival.spot).collect();
            spots.sort_unstable();
            spots
        };
        let key = (step.takes.clone(), spots(&step.puts), spots(&step.some), step.must);
        let Some(first) = seen.get(&key).copied() else {
            seen.insert(key, number);
            continue;
        };
        let shorter = net.step(first).is_some_and(|first| first.length() <= step.length());
        let (stays, goes) = if shorter { (first, number) } else { (number, first) };
        seen.insert(key, stays);
        let Some(gone) = net.remove(goes) else { continue };
        net.change(stays, |step| {
            step.covers.extend(&gone.covers);
            step.covers.extend(gone.arrivals().flat_map(|arrival| &arrival.covers));
        });
        changed = true;
    }
    changed
}

/// A move that puts back what it took is dropped where another leads on.
fn turns(net: &mut Net, spot: Spot) -> bool {
    let is_turn = |step: &Move| {
        let back = step.puts.len() == 1 && step.puts[0].spot == spot;
        step.is_plain_from(spot) && back && step.some.is_empty()
    };
    let takers = &net.takers[spot as usize];
    let turn = takers.iter().find(|taker| net.step(**taker).is_some_and(is_turn)).copied();
    let on = |taker: &&usize| {
        net.step(**taker).is_some_and(|step| step.takes == [spot] && !is_turn(step))
    };
    let (Some(turn), Some(on)) = (turn, takers.iter().find(on).copied()) else { return false };
    let Some(gone) = net.remove(turn) else { return false };
    net.change(on, |step| {
        step.covers.extend(&gone.covers);
        step.covers.extend(gone.arrivals().flat_map(|arrival| &arrival.covers));
    });
    true
}

/// Spots between a split and its own join are one.
fn branches(net: &mut Net, spot: Spot) -> bool {
    let (&[join], &[split]) = (&net.takers[spot as usize][..], &net.givers[spot as usize][..])
    else {
        return false;
    };
    let Some(step) = net.step(join) else { return false };
    let gathers = step.manner == Manner::Gather;
    if step.takes.len() < 2
        || step.least > 1
        || !step.early.is_empty()
        || !(gathers || step.manner == Manner::Plain)
    {
        return false;
    }
    let others: Vec<Spot> = step.takes.iter().copied().filter(|other| *other != spot).collect();
    if others.len() + 1 != step.takes.len() {
        return false;
    }
    for other in others {
        if net.takers[other as usize] != [join] {
            continue;
        }
        let &[giver] = &net.givers[other as usize][..] else { continue };
        let merged = if giver == split {
            of_one_split(net, split, spot, other, gathers)
        } else {
            gathers && of_one_choice(net, split, giver, spot, other)
        };
        if merged {
            net.change(join, |step| {
                step.takes.retain(|taken| *taken != other);
                if step.takes.len() == 1 {
                    step.manner = Manner::Plain;
                }
            });
            return true;
        }
    }
    false
}

fn of_one_split(net: &mut Net, split: usize, spot: Spot, other: Spot, gathers: bool) -> bool {
    let Some(step) = net.step(split) else { return false };
    let times = |arrivals: &[Arrival], spot| arrivals.iter().filter(|one| one.spot == spot).count();
    let always = |spot| times(&step.puts, spot) == 1 && times(&step.some, spot) == 0;
    let maybe = |spot| times(&step.puts, spot) == 0 && times(&step.some, spot) == 1;
    let both = (always(spot) && always(other)) || (gathers && maybe(spot) && maybe(other));
    let either = gathers && always(spot) && maybe(other);
    if !both && !either {
        return false;
    }
    net.change(split, |step| {
        let mut covers = Vec::new();
        for arrival in step.arrivals().filter(|arrival| arrival.spot == other) {
            covers.extend(arrival.covers.iter().copied());
        }
        step.puts.retain(|arrival| arrival.spot != other);
        step.some.retain(|arrival| arrival.spot != other);
        step.must &= both;
        if let Some(arrival) = step.arrivals_mut().find(|arrival| arrival.spot == spot) {
            arrival.covers.extend(covers);
        }
    });
    true
}

/// Two moves of one choice whose paths come to one inclusive join: they may come by one spot.
fn of_one_choice(net: &mut Net, one: usize, two: usize, spot: Spot, other: Spot) -> bool {
    let (Some(first), Some(second)) = (net.step(one), net.step(two)) else { return false };
    let lone = |step: &Move, spot: Spot| {
        let only = step.puts.len() == 1 && step.puts[0].spot == spot && step.some.is_empty();
        only && step.manner == Manner::Plain
    };
    if first.takes != second.takes || !lone(first, spot) || !lone(second, other) {
        return false;
    }
    net.change(two, |step| step.puts[0].spot = spot);
    true
}

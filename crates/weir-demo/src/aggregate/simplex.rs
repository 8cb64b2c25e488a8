//! Nelder–Mead: the minimum of a function of a few variables, without derivatives (Computer Journal 7, 1965).

/// Most steps; enough for four parameters by far.
const STEPS: usize = 2_000;
/// Values this close, relative to their size, are the same.
const CLOSE: f64 = 1e-10;

/// A point and the function's value there.
#[derive(Debug, Clone, PartialEq)]
struct Vertex {
    point: Vec<f64>,
    value: f64,
}

/// The point near `start` at which `function` is least.
pub fn minimum(start: &[f64], function: impl Fn(&[f64]) -> f64) -> Vec<f64> {
    let at = |point: Vec<f64>| Vertex { value: function(&point), point };
    let mut simplex = vec![at(start.to_vec())];
    for axis in 0..start.len() {
        let mut point = start.to_vec();
        point[axis] += 0.25;
        simplex.push(at(point));
    }
    for _ in 0..STEPS {
        simplex.sort_by(|a, b| a.value.total_cmp(&b.value));
        let (best, worst) = (simplex[0].value, simplex[start.len()].value);
        if worst - best < CLOSE * (1.0 + best.abs()) {
            break;
        }
        step(&mut simplex, &at);
    }
    simplex.swap_remove(0).point
}

/// Replaces the worst vertex by a better one, or shrinks all towards the best.
fn step(simplex: &mut [Vertex], at: &impl Fn(Vec<f64>) -> Vertex) {
    let last = simplex.len() - 1;
    let center = center(&simplex[..last]);
    let towards = |factor: f64| {
        let worst = &simplex[last].point;
        at(center.iter().zip(worst).map(|(center, worst)| center + factor * (worst - center)).collect())
    };
    let reflected = towards(-1.0);
    let next = if reflected.value < simplex[0].value {
        let expanded = towards(-2.0);
        if expanded.value < reflected.value { expanded } else { reflected }
    } else if reflected.value < simplex[last - 1].value {
        reflected
    } else {
        let contracted = towards(if reflected.value < simplex[last].value { -0.5 } else { 0.5 });
        if contracted.value >= simplex[last].value.min(reflected.value) {
            return shrink(simplex, at);
        }
        contracted
    };
    simplex[last] = next;
}

fn center(vertices: &[Vertex]) -> Vec<f64> {
    let mut center = vec![0.0; vertices[0].point.len()];
    for vertex in vertices {
        for (sum, value) in center.iter_mut().zip(&vertex.point) {
            *sum += value / vertices.len() as f64;
        }
    }
    center
}

fn shrink(simplex: &mut [Vertex], at: &impl Fn(Vec<f64>) -> Vertex) {
    let best = simplex[0].point.clone();
    for vertex in &mut simplex[1..] {
        *vertex = at(best.iter().zip(&vertex.point).map(|(best, value)| (best + value) / 2.0).collect());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curved_valley_has_its_minimum() {
        let rosenbrock = |p: &[f64]| (1.0 - p[0]).powi(2) + 100.0 * (p[1] - p[0] * p[0]).powi(2);
        let found = minimum(&[-1.2, 1.0], rosenbrock);
        assert!((found[0] - 1.0).abs() < 1e-3 && (found[1] - 1.0).abs() < 1e-3, "{found:?}");
    }
}

//! Whether the weights in a file fit a network, from its modules alone: before anything is built.

use std::collections::HashSet;

use safetensors::SafeTensors;
use safetensors::tensor::Dtype;

use super::tensors::{Expected, Heads, TensorError};
use crate::nn::{Module, TensorShape, param_places};

/// The beginning of the names of the last layer's tensors; none if no layer has weights.
pub fn head_of(modules: &[Module]) -> Option<String> {
    let places = param_places(modules);
    places.iter().find(|place| place.is_of_head).map(|place| format!("{}.", place.path))
}

/// Whether the file `model` has the tensors of 32-bit floats that a network of these modules needs, and no
/// others, except those of the `heads`.
///
/// # Errors
/// Says which tensor does not fit, or that it is no safetensors file.
pub fn fits(modules: &[Module], model: &[u8], heads: Heads<'_>) -> Result<(), TensorError> {
    let file = SafeTensors::deserialize(model)?;
    let of_module = |module: &Module| -> Vec<Expected> {
        let expected = |TensorShape { name, shape, .. }| Expected {
            name: format!("{}.{name}", module.path),
            dtype: Dtype::F32,
            shape,
        };
        module.tensors().into_iter().map(expected).collect()
    };
    let all = modules.iter().flat_map(Module::all);
    let expected: Vec<Expected> = all.flat_map(of_module).collect();
    for one in expected.iter().filter(|one| heads.need(&one.name)) {
        one.find(&file)?;
    }
    let known: HashSet<&str> = expected.iter().map(|one| one.name.as_str()).collect();
    let is_float = |name: &&str| file.tensor(name).is_ok_and(|view| view.dtype() == Dtype::F32);
    heads.check_others(file.names().into_iter().filter(is_float), &known)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::nn::layers::{LayersConfig, LinearConfig, NamedLayer};
    use crate::nn::{MlpConfig, Network, NetworkConfig, Shape, WeightInit};
    use crate::train::tensors::{load_weights_except, tensors_of, to_safetensors};

    fn network(hidden_sizes: &[usize], classes: usize) -> (Vec<Module>, Network) {
        let mlp = MlpConfig {
            hidden_sizes: hidden_sizes.to_vec(),
            batch_norm: true,
            ..MlpConfig::default()
        };
        let config = NetworkConfig::from(mlp);
        let modules = config.modules(Shape::vector(3), classes).unwrap();
        (modules, Network::build(&config, Shape::vector(3), classes, 0, 4).unwrap())
    }

    #[test]
    fn a_network_to_load_draws_nothing() {
        let layer = |init| LinearConfig { weight_init: Some(init), ..LinearConfig::default() };
        let layers = [NamedLayer::of(layer(WeightInit::Orthogonal))].to_vec();
        let config = NetworkConfig::from(LayersConfig { weight_init: WeightInit::He, layers });
        let mut network = Network::to_load(&config, Shape::vector(3), 2, 4).unwrap();
        network.visit_params(&mut |_, param| assert!(param.value().iter().all(|x| *x == 0.0)));
    }

    #[test]
    fn shapes_tell_before_what_loading_would_say() {
        let model = |sizes: &[usize], classes| {
            let (modules, mut network) = network(sizes, classes);
            let bytes = to_safetensors(&tensors_of(&mut network), HashMap::new());
            (bytes, head_of(&modules))
        };
        // Sizes and classes of the file, whether the heads are left out, and what is wrong.
        let cases = [
            (vec![5, 4], 2, false, ""),
            (vec![5, 4], 3, false, "tensor 6.weight has shape [3, 4]"),
            (vec![5, 4], 3, true, ""),
            (vec![5, 7], 2, true, "tensor 3.weight has shape [7, 5]"),
            (vec![5], 2, true, "tensor 3.weight has shape [2, 5]"),
            (vec![5, 4, 2], 2, false, "tensor 7.bias is none of this trial's network"),
            (vec![5, 4, 2], 2, true, "tensor 7.bias is none of this trial's network"),
        ];
        for (sizes, classes, leaves_out, wrong) in cases {
            let (bytes, other) = model(&sizes, classes);
            let (modules, mut network) = network(&[5, 4], 2);
            let own = head_of(&modules).filter(|_| leaves_out);
            let other = other.filter(|_| leaves_out);
            let heads = Heads { own: own.as_deref(), other: other.as_deref() };
            let told = fits(&modules, &bytes, heads);
            let message = told.as_ref().err().map(ToString::to_string).unwrap_or_default();
            assert!(
                message.starts_with(wrong) && message.is_empty() == wrong.is_empty(),
                "{message}"
            );
            let loaded = load_weights_except(&mut network, &bytes, heads);
            assert_eq!(loaded.is_ok(), told.is_ok(), "{loaded:?}");
        }
    }
}

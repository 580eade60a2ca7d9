#!/usr/bin/env bash
# Makes the stored runs of one version: a folder for each family, with its experiment file, its data and its run folders.
# usage: tests/stored/make.sh RUNNER FOLDER      (a released binary; FOLDER is new, such as tests/stored/0.1.0)
#
# `cargo test` never runs this. What a version has stored stays as it is: later versions read it.
# Needs a Linux that lets this user name the host of its own namespace (unshare), and Python 3 with Pillow.
set -euo pipefail
if [[ ${1:-} != --inside ]]; then
    runner=$(realpath "$1")
    mkdir "$2"
    exec unshare --map-root-user --uts bash "$(realpath "$0")" --inside "$runner" "$(realpath "$2")"
fi
runner=$2 folder=$3
hostname example
export RUNNER_JOBS=1
cd "$folder"

data='[dataset]
kind = "synthetic"
train_examples = 60
test_examples = 10'
short='[training]
epochs = 3
batch_size = 20'

# family NAME TEXT: makes the folder, writes the file.
family() {
    mkdir "$folder/$1"
    cd "$folder/$1"
    printf '%s\n' "$2" >experiment.toml
}

# Curves are drawn anew whenever they are asked for, and no promise is about their bytes.
without_curves() {
    rm -f runs/*/{accuracy,loss}.{png,svg}
}

# stop SIGNAL FILE: starts the run and ends it a moment after FILE is in its run folder.
stop() {
    "$runner" run -q experiment.toml --checkpoint-seconds 0 --claim-timeout 2 >/dev/null 2>&1 &
    local process=$!
    until compgen -G "runs/*/$2" >/dev/null; do sleep 0.01; done
    sleep 0.2
    kill -s "$1" $process
    wait $process || true
}

# undisturbed: the hashes that stopped runs have to come to, from runs of their own that nothing stopped.
undisturbed() {
    sed '/^\[halving\]/,$d' experiment.toml >undisturbed.toml
    "$runner" run -q undisturbed.toml --runs-dir undisturbed >/dev/null 2>&1
    (cd undisturbed && sha256sum */metrics.csv */model.safetensors) >results.sha256
    rm -r undisturbed undisturbed.toml
}

family mlp "$data
validation_examples = 10
[network]
kind = \"mlp\"
hidden_sizes = [3, 2]
batch_norm = true
dropout = [0.0, 0.25]
[optimizer]
kind = \"adagrad\"
learning_rate = 0.01
$short"
sed -i '/^dropout/d' experiment.toml
printf 'seeds = 2\n[grid]\nnetwork.dropout = [0.0, 0.25]\n' >>experiment.toml
"$runner" run -q experiment.toml --save-initial >/dev/null 2>&1
without_curves

family winograd "$data
[network]
kind = \"layers\"
layers = [
    { kind = \"average_pool\", kernel_size = 4 },
    { kind = \"conv2d\", filters = 8, kernel_size = 3, padding = 1 },
    { kind = \"relu\" },
    { kind = \"max_pool\", kernel_size = 2 },
    { kind = \"conv2d\", filters = 8, kernel_size = 3 },
    { kind = \"leaky_relu\" },
    { kind = \"flatten\" },
    { kind = \"linear\" },
]
[optimizer]
kind = \"adam\"
learning_rate = 0.003
[schedule]
kind = \"cosine\"
warmup_steps = 2
[augmentation]
horizontal_flip = 0.5
random_crop = { padding = 4 }
$short
ema_decay = 0.9"
"$runner" run -q experiment.toml >/dev/null 2>&1
without_curves

family residual "$data
[network]
kind = \"layers\"
layers = [
    { kind = \"average_pool\", kernel_size = 4 },
    { kind = \"conv2d\", filters = 4, kernel_size = 3, padding = 1 },
    { kind = \"batch_norm\" },
    { kind = \"residual\", name = \"block\", layers = [
        { kind = \"conv2d\", filters = 4, kernel_size = 3, padding = 1 },
        { kind = \"layer_norm\" },
        { kind = \"relu\" },
    ] },
    { kind = \"global_average_pool\" },
    { kind = \"linear\", units = 10 },
]
[optimizer]
kind = \"momentum\"
learning_rate = 0.05
momentum = 0.9
$short"
"$runner" run -q experiment.toml >/dev/null 2>&1
without_curves

family early_stopping "$data
validation_examples = 20
[network]
kind = \"mlp\"
hidden_sizes = [3]
[optimizer]
kind = \"adam\"
learning_rate = 0.02
[training]
epochs = 40
batch_size = 20
early_stopping = { monitor = \"val_loss\", patience = 2, restore_best = true }"
"$runner" run -q experiment.toml >/dev/null 2>&1
without_curves

family halving "$data
validation_examples = 20
[network]
kind = \"mlp\"
hidden_sizes = [2]
[optimizer]
kind = \"sgd\"
learning_rate = 0.1
[training]
epochs = 9
batch_size = 20
[grid]
optimizer.learning_rate = [0.003, 0.01, 0.03, 0.1]
[halving]
min_epochs = 1
eta = 3"
"$runner" run -q experiment.toml >/dev/null 2>&1
without_curves
undisturbed

stopped="[dataset]
kind = \"synthetic\"
train_examples = 60
test_examples = 10
[network]
kind = \"mlp\"
hidden_sizes = [3]
activation = \"tanh\"
dropout = 0.2
[optimizer]
kind = \"rmsprop\"
learning_rate = 0.001
[training]
epochs = 40
batch_size = 20"

family interrupted "$stopped"
stop INT checkpoint.previous.safetensors
without_curves
undisturbed

family claimed "$stopped"
stop KILL checkpoint.previous.safetensors
undisturbed

family csv '[dataset]
kind = "csv"
path = "points.csv"
label = "label"
test_examples = 8
[network]
kind = "mlp"
hidden_sizes = [4]
[optimizer]
kind = "nesterov"
learning_rate = 0.1
momentum = 0.9
'"$short"
python3 - <<'PYTHON'
import random

random.seed(1)
with open("points.csv", "w") as file:
    print("x,y,label", file=file)
    for _ in range(60):
        x, y = random.gauss(0, 1), random.gauss(0, 1)
        print(f"{x:.3f},{y:.3f},{'in' if x * x + y * y < 1.4 else 'out'}", file=file)
PYTHON
"$runner" run -q experiment.toml >/dev/null 2>&1
without_curves

# A later version draws the validation examples of such data in another way.
family csv_validation "$(sed 's/^test_examples/validation_examples = 12\ntest_examples/' experiment.toml)"
cp ../csv/points.csv .
"$runner" run -q experiment.toml >/dev/null 2>&1
without_curves

family sealed "$data
validation_examples = 20
[network]
kind = \"mlp\"
hidden_sizes = [3]
activation = \"tanh\"
[optimizer]
kind = \"sgd\"
learning_rate = 0.1
$short
[evaluation]
test = \"sealed\""
"$runner" run -q experiment.toml >/dev/null 2>&1
without_curves

family images '[dataset]
kind = "images"
path = "pictures"
image_size = 8
scaling = "standardize"
[network]
kind = "layers"
layers = [
    { kind = "conv2d", filters = 4, kernel_size = 3 },
    { kind = "gelu" },
    { kind = "flatten" },
    { kind = "linear", units = 2 },
]
[optimizer]
kind = "adamw"
learning_rate = 0.01
weight_decay = 0.1
'"$short"
python3 - <<'PYTHON'
import pathlib, random
from PIL import Image

random.seed(2)
for label, hue in (("dark", 60), ("light", 190)):
    folder = pathlib.Path("pictures") / label
    folder.mkdir(parents=True)
    for number in range(12):
        picture = Image.new("RGB", (9, 9))
        picture.putdata([tuple(random.randint(hue - 60, hue + 60) for _ in range(3)) for _ in range(81)])
        picture.save(folder / f"{number}.png")
PYTHON
"$runner" run -q experiment.toml >/dev/null 2>&1
without_curves

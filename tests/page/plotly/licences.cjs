// Prints the licences of the packages whose code is in a bundle: licences.cjs META.json, where esbuild says what it used.
"use strict";

const fs = require("node:fs");

const { inputs } = Object.values(JSON.parse(fs.readFileSync(process.argv[2], "utf8")).outputs)
  .find(({ entryPoint }) => entryPoint === "entry.cjs");
const used = Object.entries(inputs).filter(([path, { bytesInOutput }]) => bytesInOutput && path.startsWith("node_modules/"));
const packages = new Set(used.map(([path]) => /^node_modules\/((@[^/]+\/)?[^/]+)/.exec(path)[1]));
for (const name of [...packages].sort()) {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(fs.readFileSync(`${folder}/package.json`, "utf8"));
  const file = fs.readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file ? fs.readFileSync(`${folder}/${file}`, "utf8").replace(/\r/g, "").trim() : "(the package has no file with its text)";
  process.stdout.write(`${name} ${version} (${license})\n\n${text.replace(/[ \t]+$/gm, "")}\n\n${"-".repeat(80)}\n\n`);
}

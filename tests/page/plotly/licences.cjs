// Prints the licences of the packages whose code is in a bundle that esbuild has described: licences.cjs META.json.
"use strict";

const fs = require("node:fs");
const process = require("node:process");

const { outputs } = JSON.parse(fs.readFileSync(process.argv[2], "utf8"));
const { inputs } = Object.values(outputs).find(({ entryPoint }) => entryPoint === "entry.cjs");
const used = Object.entries(inputs).filter(([path, { bytesInOutput }]) =>
  bytesInOutput && path.startsWith("node_modules/"));
const packages = new Set(used.map(([path]) => /^node_modules\/((@[^/]+\/)?[^/]+)/.exec(path)[1]));
for (const name of [...packages].sort()) {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(fs.readFileSync(`${folder}/package.json`, "utf8"));
  const file = fs.readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file ? fs.readFileSync(`${folder}/${file}`, "utf8") : "(the package has no file with its text)";
  const lines = text.replace(/\r/g, "").trim().replace(/[ \t]+$/gm, "");
  process.stdout.write(`${name} ${version} (${license})\n\n${lines}\n\n${"-".repeat(80)}\n\n`);
}

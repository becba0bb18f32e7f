// node bundle.mjs MODULES OUT.cpp: bundles src/page.js and src/page.css into one script and one style
// and writes them, with the digests that the page's content security policy names, as C++.
// MODULES is the folder that holds node_modules.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

const [modules, out] = process.argv.slice(2);
const source = path.join(path.dirname(fileURLToPath(import.meta.url)), "src");
const { build } = createRequire(path.join(path.resolve(modules), "package.json"))("esbuild");

async function bundled(entry, options) {
  const result = await build({
    entryPoints: [path.join(source, entry)],
    nodePaths: [path.join(path.resolve(modules), "node_modules")],
    bundle: true,
    minify: true,
    write: false,
    charset: "ascii",
    legalComments: "eof",
    target: ["chrome100", "firefox100", "safari15.4"],
    logLevel: "warning",
    ...options,
  });
  return result.outputFiles[0].text;
}

const script = await bundled("page.js", { format: "iife" });
const style = await bundled("page.css", {});
for (const [name, text] of [["script", script], ["style", style]])
  if (/<\/(script|style)|<!--/i.test(text)) throw new Error(`the ${name} would end its own element`);

const digest = (text) => "sha256-" + createHash("sha256").update(text, "utf8").digest("base64");

// Pieces short enough for any compiler; octal escapes end after three digits.
function literal(text) {
  const lines = [];
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0; at < bytes.length; at += 100) {
    let line = "";
    for (const byte of bytes.subarray(at, at + 100)) {
      const plain = byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c && byte !== 0x3f;
      line += plain ? String.fromCharCode(byte) : "\\" + byte.toString(8).padStart(3, "0");
    }
    lines.push(`    "${line}"`);
  }
  return lines.join("\n");
}

const constant = (name, text) =>
  `const std::string_view ${name}(\n${literal(text)},\n    ${Buffer.byteLength(text)});\n`;
writeFileSync(out, [
  "// Written by bundle.mjs.",
  '#include "report/html/page_assets.h"',
  "",
  "namespace faultline::report::html {",
  constant("page_script", script),
  constant("page_style", style),
  constant("page_script_digest", digest(script)),
  constant("page_style_digest", digest(style)),
  "}  // namespace faultline::report::html",
  "",
].join("\n"));

// Measures pages with Lighthouse in a running Chromium, and prints a line of JSON for each.
//   node measure.mjs <folder with node_modules> <port of the Chromium> <address> ...
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, port, ...addresses] = process.argv.slice(2);
const { default: lighthouse } = await import(pathToFileURL(createRequire(`${folder}/`).resolve("lighthouse")));

const asked = {
  port: Number(port),
  logLevel: "error",
  onlyCategories: ["accessibility", "performance"],
  throttlingMethod: "simulate",
  // our pages are there when they are loaded: nothing is waited for beyond that
  pauseAfterFcpMs: 0,
  pauseAfterLoadMs: 0,
  networkQuietThresholdMs: 100,
  cpuQuietThresholdMs: 100,
  disableFullPageScreenshot: true,
  skipAudits: ["bf-cache"],
};

for (const address of addresses) {
  const { lhr } = await lighthouse(address, asked);
  const told = ({ id, displayValue }) => [id, displayValue].filter(Boolean).join(": ");
  console.log(JSON.stringify({
    address: lhr.requestedUrl,
    shown: lhr.finalDisplayedUrl,
    problem: lhr.runtimeError?.message ?? "",
    accessibility: lhr.categories.accessibility.score,
    performance: lhr.categories.performance.score,
    lacking: Object.values(lhr.audits).filter((one) => one.score !== null && one.score < 0.9).map(told),
  }));
}

// Sends one of each call with Segment's client for Node.
//   node send.mjs <folder with node_modules> <address of the house> <key>
import { createRequire } from "node:module";

const [folder, host, writeKey] = process.argv.slice(2);
const { Analytics } = createRequire(`${folder}/`)("@segment/analytics-node");

const analytics = new Analytics({ writeKey, host, flushAt: 20, maxRetries: 0 });
const wrong = [];
analytics.on("error", (error) => wrong.push(`${error.code}: ${error.reason}`));
const userId = "node-1";
analytics.identify({ userId, anonymousId: "node-a", traits: { name: "Nora Node", email: "nora@post.example" } });
analytics.track({ userId, event: "Product Viewed", properties: { name: "Lantern" } });
analytics.page({ userId, name: "Lanterns" });
analytics.screen({ userId, name: "Basket" });
analytics.group({ userId, groupId: "club", traits: { name: "Book club" } });
analytics.alias({ userId, previousId: "node-old" });
await analytics.closeAndFlush({ timeout: 20000 });
if (wrong.length) {
  console.error(wrong.join("\n"));
  process.exit(1);
}

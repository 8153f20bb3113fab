// Regulars in a shop's page: what visitors look at and do there. docs/page-snippet.md says how it is used.
//   <script async src="HOUSE/i.js" data-key="browser_..."></script>
// Nothing is stored before regulars.consent(true); with Do Not Track or Global Privacy Control nothing is sent at all.
(() => {
  const script = document.currentScript;
  const key = script && script.dataset.key;
  if (!key) return;
  const address = new URL("v1/b", script.src).href;
  const early = (window.regulars && window.regulars.q) || [];
  const [PLACE, AT_ONCE, MOST, TRIES, BEACON] = ["regulars", 20, 200, 5, 60000];
  const SECRET = /^(password|hidden|file|submit|button|image|reset)$/;
  const silent = navigator.globalPrivacyControl === true || [navigator.doNotTrack, window.doNotTrack].some((said) => said === "1" || said === "yes");

  const stored = () => { try { return localStorage.getItem(PLACE); } catch { return null; } };
  const store = (id) => { try { id ? localStorage.setItem(PLACE, id) : localStorage.removeItem(PLACE); } catch { /* the visitor's browser keeps nothing */ } };
  const chance = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

  let agreed = !silent && Boolean(stored());
  let visitor = (agreed && stored()) || chance();
  let waiting = [];
  let timer = 0;
  let tries = 0;

  // an address without what follows the path: there may be names, mail addresses and tokens in it
  const bare = (url) => { try { const { origin, pathname } = new URL(url); return origin + pathname; } catch { return ""; } };

  const context = () => {
    const asked = new URLSearchParams(location.search);
    const campaign = {};
    for (const name of ["source", "medium", "term", "content"]) if (asked.get(`utm_${name}`)) campaign[name] = asked.get(`utm_${name}`);
    if (asked.get("utm_campaign")) campaign.name = asked.get("utm_campaign");
    return {
      library: { name: "regulars.js", version: "1" },
      page: { url: bare(location.href), path: location.pathname, title: document.title, referrer: bare(document.referrer) },
      locale: navigator.language,
      timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      ...(Object.keys(campaign).length ? { campaign } : {}),
    };
  };

  const say = (type, more) => {
    if (silent || waiting.length >= MOST) return;
    waiting.push({ type, anonymousId: visitor, messageId: chance(), timestamp: new Date().toISOString(), context: context(), ...more });
    if (document.visibilityState === "hidden") leave();
    else if (waiting.length >= AT_ONCE) send();
    else timer ||= setTimeout(send, 500);
  };

  const body = (batch) => JSON.stringify({ batch, writeKey: key, sentAt: new Date().toISOString() });

  const again = (batch, seconds) => {
    if (++tries > TRIES) return;
    waiting = batch.concat(waiting).slice(0, MOST);
    timer ||= setTimeout(send, 1000 * (seconds || 2 ** tries));
  };

  const send = async () => {
    clearTimeout(timer);
    timer = 0;
    const batch = waiting.splice(0, AT_ONCE);
    if (!batch.length) return;
    try {
      const answer = await fetch(address, { method: "POST", body: body(batch), headers: { "content-type": "text/plain" }, credentials: "omit", keepalive: true });
      if (answer.status === 429 || answer.status >= 500) return again(batch, Number(answer.headers.get("retry-after")));
      tries = 0;
    } catch {
      return again(batch);
    }
    if (waiting.length) timer ||= setTimeout(send, 0);
  };

  // the page goes: what waits is handed to the browser, in pieces as large as it takes
  const leave = () => {
    clearTimeout(timer);
    timer = 0;
    while (waiting.length) {
      let batch = waiting.splice(0, AT_ONCE);
      while (batch.length > 1 && body(batch).length > BEACON) waiting.unshift(batch.pop());
      if (!navigator.sendBeacon(address, new Blob([body(batch)], { type: "text/plain" }))) return;
    }
  };
  addEventListener("pagehide", leave);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && leave());

  // a form that says data-regulars="What it is called" is heard when it is sent, from those who agreed
  document.addEventListener("submit", ({ target: form }) => {
    if (!agreed || !(form instanceof HTMLFormElement) || !("regulars" in form.dataset)) return;
    const said = {};
    for (const field of form.elements) {
      const off = SECRET.test(field.type) || (/checkbox|radio/.test(field.type) && !field.checked);
      if (!field.name || off || /^cc-|password|one-time/.test(field.autocomplete || "") || field.dataset.regulars === "no") continue;
      said[field.name] = String(field.value).slice(0, 1000);
    }
    say("track", { event: form.dataset.regulars || "Form Submitted", properties: said });
  }, true);

  const regulars = {
    page: (name, properties = {}) => say("page", { name, properties: { ...context().page, ...properties } }),
    track: (event, properties = {}) => say("track", { event, properties }),
    identify: (userId, traits = {}) => say("identify", typeof userId === "object" ? { traits: userId } : { userId, traits }),
    consent: (yes) => {
      agreed = Boolean(yes) && !silent;
      if (!agreed) visitor = chance();
      store(agreed ? visitor : null);
    },
  };
  window.regulars = regulars;
  if (script.dataset.page !== "no") regulars.page();
  for (const [name, given] of early) regulars[name]?.(...given);
})();

// Passkeys. The server says what to ask the browser for, and judges the answer; here it is only carried between them.

const form = document.querySelector("form[data-passkey]");
const creating = form?.dataset.passkey === "create";
const known = window.PublicKeyCredential;
const able = window.isSecureContext && known?.parseRequestOptionsFromJSON && known.parseCreationOptionsFromJSON;
const STALE = 4 * 60_000; // a challenge lives for five minutes

async function begin() {
  const answer = await fetch(form.dataset.begin, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!answer.ok || answer.redirected) throw new Error("not begun");
  return answer.json();
}

function ask(options, more) {
  return creating
    ? navigator.credentials.create({ publicKey: known.parseCreationOptionsFromJSON(options), ...more })
    : navigator.credentials.get({ publicKey: known.parseRequestOptionsFromJSON(options), ...more });
}

function send(ticket, credential) {
  for (const [name, value] of Object.entries({ ticket, answer: JSON.stringify(credential.toJSON()) })) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  HTMLFormElement.prototype.submit.call(form);
}

function say(words) {
  const place = form.querySelector("[role=status]");
  place.textContent = words;
  place.hidden = !words;
}

// -- offered where the e-mail is typed, for as long as the page is looked at
let waiting;

const looked = () =>
  new Promise((go) => {
    if (!document.hidden) go();
    else document.addEventListener("visibilitychange", () => go(), { once: true });
  });

async function offer() {
  if (creating || !(await known.isConditionalMediationAvailable?.())) return;
  for (;;) {
    await looked();
    const mine = (waiting = new AbortController());
    const stale = setTimeout(() => mine.abort("stale"), STALE);
    try {
      const { ticket, options } = await begin();
      send(ticket, await ask(options, { mediation: "conditional", signal: mine.signal }));
      return;
    } catch {
      if (mine.signal.reason !== "stale") return;
    } finally {
      clearTimeout(stale);
    }
  }
}

// -- or asked for by the button
async function press(event) {
  event.preventDefault();
  waiting?.abort("pressed");
  say("");
  const button = form.querySelector("button");
  button.disabled = true;
  try {
    const { ticket, options } = await begin();
    send(ticket, await ask(options));
  } catch (error) {
    const stopped = ["NotAllowedError", "AbortError", "InvalidStateError"].includes(error.name);
    say(stopped ? form.dataset.stopped : form.dataset.broken);
    button.disabled = false;
  }
}

if (form && able) {
  form.hidden = false;
  for (const note of document.querySelectorAll("[data-without-passkeys]")) note.hidden = true;
  form.addEventListener("submit", press);
  offer();
}

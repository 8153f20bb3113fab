// What scripts add to pages that work without them: keys, copying, times as one speaks of them, and a stream's end.
// What can move by itself is htmx's part (templates/parts.html, `moving`).

const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];
const root = document.documentElement;

// -- keys: off while somebody types, and wherever somebody has switched them off
const OFF = "regulars.keys-off";
const kept = () => { try { return localStorage.getItem(OFF); } catch { return null; } };
const keep = (off) => { try { off ? localStorage.setItem(OFF, "1") : localStorage.removeItem(OFF); } catch { /* not kept */ } };
const typing = (element) =>
  element.isContentEditable || (element.matches("input, textarea, select") && !element.matches("[type=checkbox], [type=radio]"));
const rowOf = (element) => element?.closest("main li, main [data-row]");
const row = () => rowOf(document.activeElement);
const rows = () => {
  const seen = new Set();
  return $$("main a.name, main [data-row] :is(a, summary)").filter((link) => {
    const at = rowOf(link) ?? link;
    return link.checkVisibility() && !seen.has(at) && seen.add(at);
  });
};
let going = 0;

function move(by) {
  const links = rows();
  const here = links.findIndex((link) => link === document.activeElement || row()?.contains(link));
  const there = links[here < 0 ? (by > 0 ? 0 : links.length - 1) : here + by];
  there?.focus();
  there?.scrollIntoView({ block: "nearest" });
  return Boolean(there);
}

function go(key) {
  const link = $(`.menu [data-go="${CSS.escape(key)}"]`);
  if (link) location.assign(link.href);
  return Boolean(link);
}

function search() {
  const field = $("main [role=search] input[type=search], main input[type=search]");
  field?.focus();
  field?.select();
  return Boolean(field);
}

function select() {
  const box = row() && $(".pick input", row());
  box?.click();
  return Boolean(box);
}

const KEYS = {
  "/": search,
  j: () => move(1),
  k: () => move(-1),
  ArrowDown: () => Boolean(row()) && rows().includes(document.activeElement) && move(1),
  ArrowUp: () => Boolean(row()) && rows().includes(document.activeElement) && move(-1),
  x: select,
  g: () => { going = Date.now(); return true; },
  "?": () => { $("#keys").showPopover(); return true; },
};

function pressed(event) {
  if (kept() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if ($("[popover].dialog:popover-open")) return;
  const after = Date.now() - going < 1500;
  going = 0;
  const done = after ? go(event.key) : Object.hasOwn(KEYS, event.key) && KEYS[event.key]();
  if (done) event.preventDefault();
}

function listGoes() {
  const list = $("[data-goes]");
  for (const link of $$(".menu [data-go]")) {
    const [line, words, keys] = [document.createElement("li"), document.createElement("span"), document.createElement("kbd")];
    words.textContent = link.textContent.trim();
    keys.textContent = `g ${link.dataset.go}`;
    line.append(words, keys);
    list?.append(line);
  }
}

// -- copying what stands before the button
async function copy(button) {
  await navigator.clipboard.writeText(button.previousElementSibling.textContent.trim());
  const words = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = words; }, 2000);
}

// -- times of the last day as one speaks of them; the whole time stays as the title
const STEPS = [["second", 1], ["minute", 60], ["hour", 3600]];
const speaking = (() => { try { return new Intl.RelativeTimeFormat(root.lang, { numeric: "auto" }); } catch { return null; } })();

function speakOfTimes() {
  for (const time of $$("main time[data-ago]")) {
    const ago = (Date.now() - Date.parse(time.dateTime)) / 1000;
    if (time.dataset.spoken && time.textContent !== time.dataset.spoken) delete time.dataset.spoken;
    if (!time.dataset.spoken && !time.title) time.title = time.textContent;
    if (!speaking || !(ago >= 0 && ago < 86400)) continue;
    const [unit, length] = STEPS.findLast(([, seconds]) => ago >= seconds) ?? STEPS[0];
    time.textContent = time.dataset.spoken = speaking.format(-Math.floor(ago / length), unit);
  }
}

// -- what scripts make possible is shown only now
function offer(within = document) {
  for (const element of $$("[data-copy], [data-close], [data-scripted]", within)) element.hidden = false;
  speakOfTimes();
}

document.addEventListener("keydown", pressed);
// -- who opens what pops up goes into it, and it closes when one goes on behind it: nobody stands where they cannot see
document.addEventListener("toggle", ({ target, newState }) => {
  if (newState === "open" && target.matches("[popover]") && !target.contains(document.activeElement)) stops(target)[0]?.focus();
}, true);
document.addEventListener("keyup", ({ key }) => {
  const over = key === "Tab" && $("[popover]:popover-open");
  if (over && !over.contains(document.activeElement)) over.hidePopover();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.matches("[data-copy]")) copy(button);
  if (button?.matches("[data-close]")) button.closest(".toast").remove();
});
// -- what is put into a text goes where one was writing
document.addEventListener("focusout", ({ target }) => {
  const caret = target.name && $(`[data-caret="${CSS.escape(target.name)}"]`);
  if (caret) caret.value = target.selectionEnd ?? "";
});
document.addEventListener("htmx:sse:after:connection", (event) => { event.target.dataset.stream = "on"; });
document.addEventListener("ended", () => { for (const note of $$("[data-ended]")) note.hidden = false; });
document.addEventListener("htmx:after:swap", () => offer());

// -- where one stands when a part of the page comes anew: with what one moved, in what one opened or added, before what one
// folded up; else where one stood, and where that is gone, in its part
const FIELDS = "input:not([type=hidden]), select, textarea";
const stops = (within) =>
  $$(`a[href], button, summary, ${FIELDS}`, within).filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility());
const doing = (form, deed) => $(`button[value="${CSS.escape(deed)}"]`, form);
const firstOf = (part) => part && ($("[autofocus]", part) ?? stops(part).find((one) => one.matches(FIELDS)) ?? stops(part)[0]);

function moved(form, verb, place, here) {
  const other = verb.replace(/up|down/, (way) => (way === "up" ? "down" : "up"));
  const there = here ?? place.replace(/\d+$/, (n) => Number(n) + (verb.endsWith("up") ? -1 : 1));
  return doing(form, `${verb}:${there}`) ?? doing(form, `${other}:${there}`);
}

function wanted(form, { pressed, at }) {
  const [verb, place = ""] = pressed.split(/:(.*)/s);
  const here = $("[data-here]", form)?.dataset.here;
  if (/^(choice-)?(up|down)$/.test(verb)) return moved(form, verb, place, here);
  if (verb === "turn") return doing(form, `turn:${Number(place) + (Number(place) > Number(at) ? 1 : -1)}`) ?? $("[value^='turn:']", form);
  if (verb === "shut") return doing(form, `open:${at}`);
  if (verb === "place") return form.elements[place];
  if (/^(add|open|copy|use)$/.test(verb) || (here && verb.startsWith("add-"))) return firstOf(here ? document.getElementById(here) : $("#open", form));
  return null;
}

const lost = () => !document.activeElement || document.activeElement === document.body;

document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const here = document.activeElement;
  if (ctx.target?.contains(here)) ctx.stood = stops(ctx.target).indexOf(here);
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.pressed && ctx.sourceEvent?.detail) return; // pressed by a pointer: a phone's keyboard stays away
  if (ctx.pressed && !ctx.writing) wanted(ctx.composer, ctx)?.focus();
  if (ctx.stood === undefined || !lost()) return;
  const part = document.getElementById(ctx.target.id) ?? $("main");
  const near = (ctx.pressed && (stops(part).at(ctx.stood) ?? stops(part).at(-1))) || part;
  if (near === part) part.tabIndex = -1;
  near.focus({ preventScroll: near === part });
});

// -- composers: what is asked goes in the order it was asked (hx-sync), each with what the fields hold by then. What is
// typed or chosen while an answer is on its way stays, unless its field is another's by then; what is pressed twice is done
// once, and saving waits for what was asked before it.
const composer = (source) => source?.closest?.("form[data-composing]");
const key = (field) => (field.matches("[type=checkbox], [type=radio]") ? `${field.name}=${field.value}` : field.name);
const held = (field) => (field.matches("[type=checkbox], [type=radio]") ? field.checked : field.value);
const fields = (within) => $$("input[name]:not([type=hidden]), select[name], textarea[name]", within);
const answers = (within) => new Map(fields(within).map((field) => [key(field), held(field)]));
const asking = new WeakMap();
const OF_A_PLACE = /^[qbrs][.:]/;
const MOVES = /^(choice-)?(up|down|drop|remove):/;
const open = (form) => $("input[name=at]", form)?.value;

function hold(field, value) {
  if (held(field) === value) return;
  if (typeof value === "boolean") field.checked = value;
  else field.value = value;
}

function answered(field) {
  if (field.matches("[type=checkbox], [type=radio]")) return field.defaultChecked;
  if (!field.options) return field.defaultValue;
  return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value;
}

function settle(form, changed) {
  for (const field of fields(form)) hold(field, changed.has(key(field)) ? changed.get(key(field)) : answered(field));
}

document.addEventListener("htmx:config:request", (event) => {
  const { target, detail: { ctx } } = event;
  const form = composer(target);
  if (!form) return;
  const all = asking.get(form) ?? { open: 0, pressed: new Set() };
  const pressed = target.matches("button") ? target.value : null;
  if (all.pressed.has(pressed)) {
    event.preventDefault();
    return;
  }
  if (pressed) all.pressed.add(pressed);
  all.open += 1;
  asking.set(form, all);
  Object.assign(ctx, { composer: form, pressed });
});
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (!ctx.composer) return;
  const now = new FormData(ctx.composer);
  if (ctx.request.body.has("do")) now.set("do", ctx.request.body.get("do"));
  ctx.request.body = new URLSearchParams(now);
  ctx.sent = answers(ctx.composer);
  ctx.at = open(ctx.composer);
});
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  if (!ctx.composer) return;
  ctx.changed = new Map([...answers(ctx.composer)].filter(([name, value]) => ctx.sent.get(name) !== value));
  ctx.writing = typing(document.activeElement) ? document.activeElement : null;
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (!ctx.composer) return;
  const moved = MOVES.test(ctx.pressed) || ctx.at !== open(ctx.composer);
  settle(ctx.target, moved ? new Map([...ctx.changed].filter(([name]) => !OF_A_PLACE.test(name))) : ctx.changed);
  if (ctx.writing?.isConnected) ctx.writing.focus({ preventScroll: true });
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const all = asking.get(ctx.composer);
  if (!all) return;
  all.pressed.delete(ctx.pressed);
  all.open -= 1;
  if (all.open || !all.saving) return;
  const { saving } = all;
  delete all.saving;
  ctx.composer.requestSubmit(saving);
});
document.addEventListener("submit", (event) => {
  if (event.submitter?.matches("[data-composing] > .hide")) event.preventDefault(); // Enter in a field: it is looked at anyway
  const all = asking.get(event.target);
  if (!all?.open) return;
  event.preventDefault();
  all.saving = event.submitter;
});

const using = $("[data-keys]");
if (using) {
  using.checked = !kept();
  using.addEventListener("change", () => keep(!using.checked));
}
listGoes();
offer();
setInterval(speakOfTimes, 30000);
requestAnimationFrame(() => requestAnimationFrame(() => { root.dataset.moves = ""; }));

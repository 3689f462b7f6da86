// Sends what a person does and shows what comes back; it knows no rule of Flow JSON.
import { showIn } from "./morph.js";
import { close, open, settle } from "./overlays.js";

const timings = (window.flowsyncTimings = { firstPaint: null, renders: [], pending: 0 });
const part = (id) => document.getElementById(id);
const WAITING_MS = 250;
let tab = "log";
let acts = Promise.resolve();

new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (entry.name === "first-contentful-paint") timings.firstPaint = entry.startTime;
  }
}).observe({ type: "paint", buffered: true });

// An answer that takes long is one that an endpoint is waited for.
function showWaiting() {
  if (timings.pending) document.querySelector("#screen .phone")?.setAttribute("aria-busy", "true");
}

function send(act) {
  timings.pending += 1;
  setTimeout(showWaiting, WAITING_MS);
  acts = acts.then(async () => {
    try {
      const answer = await fetch("act", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(act),
      });
      const state = await answer.json();
      timings.pending -= 1;
      show(state, timings.pending === 0);
    } catch {
      timings.pending -= 1;
      document.querySelector("#screen .phone")?.removeAttribute("aria-busy");
      say("The preview does not answer any more.", true);
    }
  });
  return acts;
}

async function refresh() {
  try {
    show(await (await fetch("state")).json(), true);
  } catch {
    say("The preview does not answer any more.", true);
  }
}

function say(text, isWrong) {
  part("said").textContent = text;
  part("said").classList.toggle("bad", Boolean(isWrong));
}

function isTyped(element) {
  return element instanceof HTMLTextAreaElement || (element instanceof HTMLInputElement && ["text", "password"].includes(element.type));
}

// Only the last of several answers is shown: what came before it is old.
function show(state, isLast) {
  const begun = performance.now();
  if (state.error || state.said) say(state.error || state.said, Boolean(state.error));
  else say("", false);
  if (!isLast) return;
  const phone = document.querySelector("#screen .phone");
  const wasInside = part("screen").contains(document.activeElement);
  for (const name of ["flows", "tools", "screen", "inspector"]) {
    if (typeof state[name] === "string") showIn(part(name), state[name]);
  }
  settle();
  choose(tab, false);
  if (wasInside && !phone?.isConnected) document.querySelector("#screen .content")?.focus();
  part("screen").offsetHeight; // the layout belongs to the measure
  timings.renders.push(performance.now() - begun);
}

function choose(name, isAsked) {
  tab = name;
  for (const one of document.querySelectorAll("[role=tab]")) {
    const isChosen = one.dataset.tab === name;
    one.setAttribute("aria-selected", String(isChosen));
    one.tabIndex = isChosen ? 0 : -1;
    part(`panel-${one.dataset.tab}`).hidden = !isChosen;
    if (isChosen && isAsked) one.focus();
  }
}

function valueOf(control, holder) {
  const kind = holder.dataset.kind ?? control.dataset.kind;
  if (kind === "one") {
    const chosen = holder.querySelector("input:checked");
    return chosen ? chosen.value : null;
  }
  if (kind === "several") return [...holder.querySelectorAll("input:checked")].map((one) => one.value);
  if (kind === "flag") return control.checked;
  if (kind === "files") return [...filesOf(holder), ...[...control.files].map(described)];
  return control.value;
}

function filesOf(holder) {
  return [...(holder.closest("fieldset")?.querySelectorAll("[data-file]") ?? [])].map((one) => JSON.parse(one.dataset.file));
}

function described(file) {
  return { file_name: file.name, size_kb: Math.ceil(file.size / 1024), mime_type: file.type };
}

function fill(control) {
  const holder = control.closest("[data-act]");
  return send({ act: "fill", pointer: holder.dataset.pointer, name: holder.dataset.name, value: valueOf(control, holder) });
}

function leave(control) {
  const { pointer, name } = control.dataset;
  send({ act: "leave", pointer, name });
}

let typing = null;
function typed(control) {
  clearTimeout(typing);
  typing = setTimeout(() => fill(control), 120);
}

// A day or an option that was chosen in what had opened; one end of a range keeps the other.
function picked(opener, value) {
  const { pointer, name, end } = opener.dataset;
  let chosen = value === "" ? null : value;
  if (end) {
    const { first, last } = document.getElementById(opener.getAttribute("aria-controls")).dataset;
    const days = { "start-date": first, "end-date": last, [end]: value };
    if (days["start-date"] > days["end-date"]) days[end === "start-date" ? "end-date" : "start-date"] = "";
    const kept = Object.entries(days).filter(([, day]) => day);
    chosen = kept.length ? Object.fromEntries(kept) : null;
  }
  send({ act: "fill", pointer, name, value: chosen });
}

addEventListener("input", (event) => {
  const control = event.target;
  if (part("screen").contains(control) && isTyped(control)) typed(control);
});

addEventListener("change", (event) => {
  const control = event.target;
  const { act, name } = control.dataset;
  if (part("tools").contains(control)) send({ act, name, value: control.value });
  else if (part("screen").contains(control) && control.closest("[data-act]") && !isTyped(control)) {
    fill(control);
    if (control.type === "file") control.value = ""; // so that the same can be added again
  }
});

// An input is left when the focus goes elsewhere: not to another part of it, nor to another window.
addEventListener("focusout", (event) => {
  const control = event.target;
  if (!part("screen").contains(control) || !control.isConnected) return;
  if (control.dataset.opens && !part(control.getAttribute("aria-controls")).open) leave(control);
  const holder = control.closest("[data-act=fill]");
  if (!holder) return;
  if (isTyped(control)) {
    clearTimeout(typing);
    if (control.value !== control.defaultValue) fill(control);
    leave(control);
  } else if (document.hasFocus() && !control.closest("[data-element]").contains(event.relatedTarget)) leave(holder);
});

addEventListener("click", (event) => {
  const shown = event.target.closest("[data-show]");
  if (shown) return flash(shown.dataset.show);
  const chosen = event.target.closest("[role=tab]");
  if (chosen) return choose(chosen.dataset.tab, true);
  const opener = event.target.closest("[data-opens]");
  if (opener) return open(opener, picked, leave);
  const radio = event.target.closest("input[type=radio]");
  const wasChosen = radio && pressed === radio;
  pressed = null;
  if (wasChosen) {
    radio.checked = false; // what need not be chosen can be taken back
    return void fill(radio);
  }
  const control = event.target.closest("button[data-act], [role=link][data-act]");
  if (!control) return;
  const { act, pointer, name, item, value, kind, option } = control.dataset;
  if (kind === "without") {
    const left = filesOf(control).filter((_, index) => String(index) !== option);
    return void send({ act, pointer, name, value: left });
  }
  clearTimeout(typing);
  close(false);
  send({ act, pointer, name, item: item ?? null, value: value ?? null });
});

let pressed = null; // the radio button that was chosen already when it was pressed
addEventListener("pointerdown", (event) => {
  const radio = event.target.closest(".choice")?.querySelector("input[type=radio]");
  pressed = isTakenBack(radio) ? radio : null;
});

// Tells whether pressing a radio button again takes back what was chosen: where nothing need be.
function isTakenBack(control) {
  return control?.type === "radio" && control.checked && control.closest("[data-act]").dataset.required === undefined;
}

addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches?.("[role=link][data-act]")) return event.target.click();
  if (event.key === " " && isTakenBack(event.target)) {
    event.preventDefault();
    event.target.checked = false;
    return void fill(event.target);
  }
  const at = event.target.closest?.("[role=tab]");
  if (!at || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  const all = [...document.querySelectorAll("[role=tab]")];
  const step = event.key === "ArrowRight" ? 1 : all.length - 1;
  choose(all[(all.indexOf(at) + step) % all.length].dataset.tab, true);
});

addEventListener("submit", (event) => {
  event.preventDefault();
  const field = event.target.elements.name;
  send({ act: "save", value: field.value });
});

function flash(pointer) {
  const element = [...document.querySelectorAll("#screen [data-element]")].find((one) => one.dataset.element === pointer);
  if (!element) return;
  element.scrollIntoView({ block: "center" });
  element.classList.add("flash");
  setTimeout(() => element.classList.remove("flash"), 1200);
}

new EventSource(`events?since=${document.body.dataset.version}`).addEventListener("changed", refresh);

// Makes one piece of the page like another with as few changes as it takes, so that focus, caret and
// scrolling stay where they are and a browser lays out only what differs.

const parser = document.createElement("template");

export function showIn(holder, html) {
  parser.innerHTML = html;
  morphChildren(holder, parser.content);
  for (const control of holder.querySelectorAll("input, select, textarea")) {
    if (!control.closest("dialog[open]")) settle(control);
  }
}

// What was opened stays open: a list, a month, folded details. A phone of another screen is another one: it begins at its top.
const isOther = (old, fresh) =>
  old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName ||
  ["element", "screen", "kind", "act"].some((name) => old.dataset?.[name] !== fresh.dataset?.[name]) ||
  old.type !== fresh.type;

function morph(old, fresh) {
  if (old.isEqualNode(fresh)) return;
  if (isOther(old, fresh)) return void old.replaceWith(fresh);
  if (old.nodeType !== Node.ELEMENT_NODE) return void (old.nodeValue = fresh.nodeValue);
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && name !== "open") old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.localName === "dialog" && old.open) return; // what is in it is kept until it closes
  morphChildren(old, fresh);
}

function morphChildren(old, fresh) {
  const now = [...old.childNodes];
  const wanted = [...fresh.childNodes];
  const kept = byElement(now);
  let at = 0;
  for (const one of wanted) {
    const same = one.dataset?.element !== undefined ? kept.get(one.dataset.element) : undefined;
    if (same && same !== now[at] && now.indexOf(same, at) > at) {
      for (const gone of now.splice(at, now.indexOf(same, at) - at)) gone.remove();
    }
    if (at >= now.length) old.append(one);
    else if (one.dataset?.element !== undefined && now[at].dataset?.element !== one.dataset.element && !same) {
      now[at].before(one);
      continue; // what stands here now may be wanted behind it
    } else morph(now[at], one);
    at += 1;
  }
  for (const gone of now.slice(at)) gone.remove();
}

function byElement(nodes) {
  return new Map(nodes.filter((one) => one.dataset?.element !== undefined).map((one) => [one.dataset.element, one]));
}

// What a control holds is what was answered, except where somebody is typing.
function settle(control) {
  if (control instanceof HTMLSelectElement) {
    const chosen = [...control.options].findIndex((one) => one.defaultSelected);
    if (control.selectedIndex !== chosen) control.selectedIndex = chosen;
  } else if (["checkbox", "radio"].includes(control.type)) {
    if (control.checked !== control.defaultChecked) control.checked = control.defaultChecked;
  } else if (control.type === "file") {
    control.value = "";
  } else if (control !== document.activeElement && control.value !== control.defaultValue) {
    control.value = control.defaultValue;
  }
}

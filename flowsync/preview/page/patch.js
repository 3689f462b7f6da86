// Turns what is drawn into what should be, and touches nothing that is the same already: focus, caret,
// scrolling, a press that is under way, and what is open stay as they are.

const KEPT = new Set(["open"]); // of lists, calendars and folded details, which the browser opens

export function patch(holder, html) {
  const wanted = document.createElement("template");
  wanted.innerHTML = html;
  patchChildren(holder, wanted.content);
}

function keyOf(node) {
  if (!(node instanceof Element)) return node.nodeName;
  return `${node.nodeName} ${node.dataset.screen ?? ""} ${node.dataset.element ?? node.id}`;
}

function patchChildren(holder, wanted) {
  const there = new Map();
  for (const node of [...holder.childNodes]) {
    const key = keyOf(node);
    there.set(key, [...(there.get(key) ?? []), node]);
  }
  let at = holder.firstChild;
  for (const next of [...wanted.childNodes]) {
    const same = there.get(keyOf(next))?.shift();
    if (!same) {
      holder.insertBefore(next, at);
      continue;
    }
    if (same === at) at = at.nextSibling;
    else holder.insertBefore(same, at);
    patchNode(same, next);
  }
  for (const left of there.values()) for (const node of left) node.remove();
}

function patchNode(node, wanted) {
  if (!(node instanceof Element)) {
    if (node.nodeValue !== wanted.nodeValue) node.nodeValue = wanted.nodeValue;
    return;
  }
  for (const { name } of [...node.attributes]) {
    if (!wanted.hasAttribute(name) && !KEPT.has(name)) node.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (node.getAttribute(name) !== value && !KEPT.has(name)) node.setAttribute(name, value);
  }
  if (node.localName === "dialog" && node.open) return; // its makers keep it until it is closed
  if (node.localName !== "textarea") patchChildren(node, wanted);
  if (node instanceof HTMLInputElement && ["checkbox", "radio"].includes(node.type)) {
    node.checked = wanted.hasAttribute("checked");
  } else if (node instanceof HTMLInputElement && node.type !== "file") {
    keepTyped(node, wanted.getAttribute("value") ?? "");
  } else if (node instanceof HTMLTextAreaElement) {
    node.defaultValue = wanted.defaultValue;
    keepTyped(node, wanted.defaultValue);
  } else if (node instanceof HTMLSelectElement && node !== document.activeElement) {
    node.value = wanted.querySelector("option[selected]")?.value ?? "";
  }
}

// A person who types is further along than the answer.
function keepTyped(field, value) {
  if (field !== document.activeElement && field.value !== value) field.value = value;
}

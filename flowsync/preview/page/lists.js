// The options of a drop-down list: arrows move, letters find, Enter and a press choose.

export function fillList(dialog, pick) {
  const search = dialog.querySelector(".search");
  const all = [...dialog.querySelectorAll("[role=option]")];
  const shown = () => all.filter((one) => !one.hidden);
  const nothing = dialog.querySelector(".nothing");
  let begun = "";
  let pause = null;

  function filter() {
    const words = (search?.value ?? "").trim().toLocaleLowerCase();
    for (const one of all) one.hidden = !one.textContent.toLocaleLowerCase().includes(words);
    nothing.hidden = shown().length > 0;
  }

  function focus(option) {
    for (const one of all) one.tabIndex = one === option ? 0 : -1;
    option?.focus();
    option?.scrollIntoView({ block: "nearest" });
  }

  function find(letter) {
    clearTimeout(pause);
    pause = setTimeout(() => (begun = ""), 700);
    begun += letter.toLocaleLowerCase();
    const options = shown();
    const from = options.indexOf(document.activeElement) + (begun.length === 1 ? 1 : 0);
    const turned = [...options.slice(from), ...options.slice(0, from)];
    const found = turned.find((one) => one.textContent.trim().toLocaleLowerCase().startsWith(begun));
    if (found) focus(found);
  }

  function step(option) {
    begun = "";
    focus(option);
  }

  function choose(option) {
    if (option && option.getAttribute("aria-disabled") !== "true") pick(option.dataset.picks);
  }

  dialog.onclick = (event) => {
    const clear = event.target.closest("button[data-picks]");
    if (clear) pick(null);
    else choose(event.target.closest("[role=option]"));
  };
  dialog.oninput = filter;
  dialog.onkeydown = (event) => {
    const options = shown();
    const at = options.indexOf(document.activeElement);
    const isSearching = document.activeElement === search;
    if (event.target.closest("button")) return;
    const { key } = event;
    if (key === "ArrowDown") step(options[Math.min(at + 1, options.length - 1)]);
    else if (key === "ArrowUp" && at > 0) step(options[at - 1]);
    else if (key === "ArrowUp" && search) search.focus();
    else if (key === "Enter" && isSearching && options.length === 1) choose(options[0]);
    else if (isSearching) return;
    else if (key === "Home") step(options[0]);
    else if (key === "End") step(options.at(-1));
    else if (key === "Enter" || (key === " " && !begun)) choose(options[at]);
    else if (key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) find(key);
    else return;
    event.preventDefault();
  };
  if (search) search.value = "";
  filter();
  const chosen = all.find((one) => one.getAttribute("aria-selected") === "true") ?? all[0];
  focus(chosen);
  if (search) search.focus();
}

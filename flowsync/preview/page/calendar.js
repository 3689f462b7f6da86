// A month of days to choose from. Days are texts, YYYY-MM-DD, so that no time zone moves them.

const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const NAMES = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
const FIRST_YEAR = 1900;
const LAST_YEAR = 2100;

const dateOf = (day) => new Date(`${day}T00:00:00Z`);
const textOf = (date) => date.toISOString().slice(0, 10);
const weekday = (date) => (date.getUTCDay() + 6) % 7;

function moved(day, days) {
  const date = dateOf(day);
  date.setUTCDate(date.getUTCDate() + days);
  return textOf(date);
}

// The same day of another month, or its last.
function inMonth(day, months) {
  const date = dateOf(day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return textOf(new Date(Date.UTC(year, month, Math.min(date.getUTCDate(), last))));
}

function today() {
  const now = new Date();
  return textOf(new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())));
}

function within(day, low, high) {
  if (low && day < low) return low;
  return high && day > high ? high : day;
}

function made(tag, fields = {}, ...children) {
  const { aria = {}, data = {}, ...rest } = fields;
  const element = Object.assign(document.createElement(tag), rest);
  for (const [name, value] of Object.entries(aria)) element.setAttribute(name === "role" ? name : `aria-${name}`, value);
  Object.assign(element.dataset, data);
  element.append(...children);
  return element;
}

export function fillCalendar(dialog, pick) {
  const { value, low, high, closed, weekdays, first, last, length } = dialog.dataset;
  const closedDays = new Set(closed.split(" "));
  const openWeekdays = new Set(weekdays.split(" ").filter(Boolean));
  const lowest = low || `${FIRST_YEAR}-01-01`;
  const highest = high || `${LAST_YEAR}-12-31`;
  const isRtl = getComputedStyle(dialog).direction === "rtl";
  let at = within(value || first || today(), lowest, highest);

  function why(day) {
    if (day < lowest || day > highest) return "out of range";
    if (closedDays.has(day)) return "not available";
    const name = WEEKDAYS[weekday(dateOf(day))];
    return openWeekdays.size && !openWeekdays.has(name) ? "not available" : "";
  }

  function cell(day) {
    const date = dateOf(day);
    const reason = why(day);
    const words = `${NAMES[weekday(date)]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
    const isBetween = first && last && day >= first && day <= last;
    const button = made("button", {
      type: "button",
      className: "day",
      textContent: String(date.getUTCDate()),
      tabIndex: day === at ? 0 : -1,
      aria: { label: reason ? `${words}, ${reason}` : words, pressed: String(day === value), ...(reason ? { disabled: "true" } : {}), ...(day === today() ? { current: "date" } : {}) },
      data: { day },
    });
    const ends = [day === first || day === value ? "first" : "", day === last ? "last" : ""].filter(Boolean).join(" ");
    return made("td", { className: `${isBetween ? "between " : ""}${ends}` }, button);
  }

  function grid() {
    const date = dateOf(`${at.slice(0, 7)}-01`);
    const count = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    const cells = Array.from({ length: weekday(date) }, () => made("td"));
    for (let number = 1; number <= count; number += 1) cells.push(cell(`${at.slice(0, 7)}-${String(number).padStart(2, "0")}`));
    while (cells.length % 7) cells.push(made("td"));
    const rows = [];
    for (let start = 0; start < cells.length; start += 7) rows.push(made("tr", {}, ...cells.slice(start, start + 7)));
    const heads = WEEKDAYS.map((name, index) => made("th", { scope: "col", abbr: NAMES[index], textContent: name.slice(0, 2) }));
    return made("table", { className: "month", aria: { label: `${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}` } }, made("thead", {}, made("tr", {}, ...heads)), made("tbody", {}, ...rows));
  }

  function chooser(label, names, chosen, change) {
    const select = made("select", { aria: { label } }, ...names.map(([text, key]) => new Option(text, key, false, key === chosen)));
    select.onchange = () => turn(change(select.value), `[aria-label="${label}"]`);
    return select;
  }

  function turner(label, sign, months) {
    const button = made("button", { type: "button", className: "turner", textContent: sign, aria: { label } });
    button.onclick = () => turn(inMonth(at, months), `[aria-label="${label}"]`);
    return button;
  }

  function draw(focused) {
    const [year, month] = at.split("-");
    const years = [];
    for (let one = Number(lowest.slice(0, 4)); one <= Number(highest.slice(0, 4)); one += 1) years.push([String(one), String(one)]);
    const months = MONTHS.map((name, index) => [name, String(index + 1).padStart(2, "0")]);
    const head = made("div", { className: "head" },
      turner("Month before", "‹", -1),
      chooser("Month", months, month, (key) => inMonth(at, Number(key) - Number(month))),
      chooser("Year", years, year, (key) => inMonth(at, 12 * (Number(key) - Number(year)))),
      turner("Month after", "›", 1));
    const foot = made("div", { className: "foot" }, made("span", { className: "length", textContent: length }));
    if (value && "clears" in dialog.dataset) foot.append(made("button", { type: "button", className: "link", textContent: "Clear", onclick: () => pick("") }));
    foot.append(made("button", { type: "button", className: "link", textContent: "Close", data: { closes: "" } }));
    dialog.replaceChildren(head, grid(), foot);
    dialog.querySelector(focused ?? `[data-day="${at}"]`)?.focus();
  }

  function turn(day, focused) {
    at = within(day, lowest, highest);
    draw(focused);
  }

  dialog.onclick = (event) => {
    const button = event.target.closest("[data-day]");
    if (!button) return;
    if (why(button.dataset.day)) turn(button.dataset.day);
    else pick(button.dataset.day);
  };
  dialog.onkeydown = (event) => {
    if (!event.target.dataset.day) return;
    const step = isRtl ? -1 : 1;
    const next = {
      ArrowLeft: () => moved(at, -step),
      ArrowRight: () => moved(at, step),
      ArrowUp: () => moved(at, -7),
      ArrowDown: () => moved(at, 7),
      Home: () => moved(at, -weekday(dateOf(at))),
      End: () => moved(at, 6 - weekday(dateOf(at))),
      PageUp: () => inMonth(at, event.shiftKey ? -12 : -1),
      PageDown: () => inMonth(at, event.shiftKey ? 12 : 1),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    turn(next());
  };
  draw();
}

// What opens over the screen of a phone: one at a time, closed by Escape, a press beside it, or leaving.
import { fillCalendar } from "./calendar.js";
import { fillList } from "./lists.js";

const FILLED = { days: fillCalendar, list: fillList };
let opened = null; // {opener, dialog, left}

// `picked` is told of a choice, `left` that the person went on without one.
export function open(opener, picked, left) {
  const isSame = opened?.opener === opener;
  close(false);
  if (isSame) return;
  const dialog = document.getElementById(opener.getAttribute("aria-controls"));
  opened = { opener, dialog, left };
  opener.setAttribute("aria-expanded", "true");
  dialog.show();
  const pick = (value) => {
    close(true);
    picked(opener, value);
  };
  FILLED[opener.dataset.opens](dialog, pick);
}

export function close(isReturned) {
  if (!opened) return;
  const { opener, dialog } = opened;
  opened = null;
  opener.setAttribute("aria-expanded", "false");
  dialog.close();
  if (isReturned) opener.focus();
}

// After the screen was drawn anew: what belongs to another screen is gone.
export function settle() {
  if (!opened) return;
  if (!opened.dialog.isConnected || !opened.opener.isConnected) opened = null;
  else opened.opener.setAttribute("aria-expanded", "true");
}

addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !opened) return;
  event.preventDefault();
  close(true);
});

addEventListener("pointerdown", (event) => {
  if (!opened || opened.dialog.contains(event.target)) return;
  const label = event.target.closest("label");
  if (!opened.opener.contains(event.target) && label?.control !== opened.opener) close(false);
});

addEventListener("focusin", (event) => {
  if (!opened || opened.dialog.contains(event.target) || event.target === opened.opener) return;
  const { opener, left } = opened;
  close(false);
  left(opener);
});

addEventListener("click", (event) => {
  if (opened && event.target.closest("[data-closes]")) close(true);
});

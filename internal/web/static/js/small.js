// Small helps: copying, ticking all, progress, the flash, the search box.
import { say, announce } from "./say.js";

export function small(root) {
  for (const button of root.querySelectorAll("[data-copy]")) copying(button);
  for (const box of root.querySelectorAll("[data-tick-all]")) tickAll(box);
  for (const el of root.querySelectorAll("[data-poll]")) poll(el);
  flash();
  root.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  document.addEventListener("keydown", (event) => {
    if (event.key === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
      const box = document.getElementById("site-search");
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
  });
}

function copying(button) {
  button.hidden = false;
  const label = button.querySelector("span"), before = label.textContent;
  button.addEventListener("click", async () => {
    const code = button.closest("[data-copybox]").querySelector("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
      label.textContent = say("copied");
      announce(say("copied"));
      setTimeout(() => { label.textContent = before; }, 2000);
    } catch {
      getSelection().selectAllChildren(code); // the reader copies what is now selected
    }
  });
}

function tickAll(all) {
  const boxes = () => [...all.closest("table").querySelectorAll("tbody .tick input")];
  const show = () => {
    const on = boxes().filter((b) => b.checked).length;
    all.checked = on > 0 && on === boxes().length;
    all.indeterminate = on > 0 && on < boxes().length;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const b of boxes()) b.checked = all.checked;
    boxes()[0]?.dispatchEvent(new Event("change", { bubbles: true }));
  });
  all.closest("table").addEventListener("change", show);
  show();
}

// poll reads {"value", "max", "text", "done", "failed", "href"} every other second, until done.
async function poll(el) {
  const bar = el.querySelector("progress"), text = el.querySelector("[data-poll-text]");
  for (let misses = 0; misses < 5;) {
    await new Promise((next) => setTimeout(next, 2000));
    try {
      const res = await fetch(el.dataset.poll, { headers: { Accept: "application/json" } });
      if (!res.ok) throw new Error(String(res.status));
      const job = await res.json();
      misses = 0;
      if (job.max > 0) { bar.max = job.max; bar.value = job.value; }
      if (job.text && text.textContent !== job.text) text.textContent = job.text;
      if (job.failed && !job.href) return bar.remove();
      if (job.done || job.failed) return location.assign(/^\/(?!\/)/.test(job.href || "") ? job.href : location.href);
    } catch {
      misses++;
    }
  }
  text.textContent = say("failed");
}

// A status that is there when the page opens is not read: it is announced. Nothing moves, since somebody may be about to click.
function flash() {
  const text = document.getElementById("flash")?.textContent.trim();
  if (text) announce(text);
}

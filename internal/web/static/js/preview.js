// A form with data-preview is posted there while it is filled in; the fragment that comes back shows what saving would do.
import { say } from "./say.js";

export function previews() {
  for (const form of document.querySelectorAll("form[data-preview]")) preview(form);
}

function preview(form) {
  const out = form.querySelector("[data-preview-out]");
  let timer, running;
  const later = (event) => {
    if (event?.target.getAttribute?.("role") === "combobox") return; // a name half typed is nothing yet
    clearTimeout(timer);
    timer = setTimeout(run, 350);
  };
  const run = async () => {
    running?.abort();
    const mine = (running = new AbortController());
    out.setAttribute("aria-busy", "true");
    try {
      const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string")); // no file is sent to look at a text
      const res = await fetch(form.dataset.preview, { method: "POST", body, signal: mine.signal, headers: { Accept: "text/html", "X-Preview": "1" } });
      if (res.redirected) return location.reload(); // signed out meanwhile
      const text = await res.text();
      if (res.status >= 500 || !(res.headers.get("Content-Type") || "").startsWith("text/html")) throw new Error(String(res.status));
      out.innerHTML = text;
    } catch (err) {
      if (err.name === "AbortError") return;
      out.textContent = say("failed");
    }
    if (mine === running) out.removeAttribute("aria-busy");
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
}

// What the scripts say is translated on the server and stands on body as data-say-….
export function say(key, values = {}) {
  const text = document.body.getAttribute("data-say-" + key) || "";
  return text.replace(/\{(\w+)\}/g, (all, name) => (name in values ? values[name] : all));
}

// announce tells screen readers something without moving the focus.
let region;
export function announce(text) {
  if (!region) {
    region = document.createElement("div");
    region.className = "sr";
    region.setAttribute("role", "status");
    document.body.append(region);
  }
  region.textContent = "";
  setTimeout(() => { region.textContent = text; }, 60);
}

// make builds an element: make("li", { class: "token" }, child, "text").
export function make(tag, attrs = {}, ...children) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) {
    if (value !== undefined && value !== false) el.setAttribute(name, value === true ? "" : value);
  }
  el.append(...children.filter((c) => c !== null && c !== undefined));
  return el;
}

const paths = { close: "M5 5l10 10M15 5 5 15" };
export function icon(name) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 20 20");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", paths[name]);
  svg.append(path);
  return svg;
}

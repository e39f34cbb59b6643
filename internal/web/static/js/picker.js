// A picker is a text area of names; here it becomes a box that looks them up, with what is chosen as tokens.
import { say, make, icon, announce } from "./say.js";

export function pickers(root) {
  for (const el of root.querySelectorAll("[data-picker]")) new Picker(el);
}

let count = 0;

class Picker {
  constructor(el) {
    this.el = el;
    this.many = el.dataset.picker === "many";
    this.text = el.querySelector("[data-picker-text]");
    this.tokens = el.querySelector("[data-tokens]");
    this.id = "pick" + ++count;
    this.found = [];
    this.at = -1;
    this.build();
    for (const li of this.tokens.querySelectorAll("li")) this.adopt(li);
    this.listen();
  }

  build() {
    const { text, id } = this;
    this.input = make("input", {
      type: "text", role: "combobox", placeholder: this.el.dataset.prompt, autocomplete: "off", spellcheck: "false", id: text.id,
      "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
      "aria-describedby": text.getAttribute("aria-describedby") || undefined,
      "aria-invalid": text.getAttribute("aria-invalid") || undefined,
    });
    text.id += "-lines";
    text.setAttribute("aria-label", this.el.querySelector("label").firstChild.textContent);
    this.list = make("ul", { role: "listbox", id, "aria-label": this.el.querySelector("label").firstChild.textContent });
    this.status = make("div", { class: "combo-status", role: "status" });
    this.box = make("div", { class: "combo-list", hidden: true }, this.list, this.status);
    text.before(make("div", { class: "combo" }, this.input, this.box));
    text.hidden = text.value.trim() === "";
  }

  listen() {
    const { input } = this;
    input.addEventListener("input", () => this.soon());
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("keypress", (event) => { if (event.key === "Enter") event.preventDefault(); });
    input.addEventListener("paste", (event) => this.paste(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the focus in the box
    this.list.addEventListener("click", (event) => {
      const li = event.target.closest("[role=option]");
      if (li) this.choose(this.found[Number(li.dataset.at)]);
    });
    // What was typed and not chosen goes along as a line, for the server to resolve.
    input.form?.addEventListener("formdata", (event) => {
      const rest = document.activeElement === input ? "" : input.value.trim();
      if (rest) event.formData.set(this.text.name, (this.text.value + "\n" + rest).trim());
    });
  }

  soon() {
    clearTimeout(this.timer);
    const q = this.input.value.trim();
    if ([...q].length < 2) return this.close();
    this.timer = setTimeout(() => this.search(q), 160);
  }

  async search(q) {
    this.running?.abort();
    const mine = (this.running = new AbortController());
    this.status.textContent = say("searching");
    this.open();
    try {
      const found = await this.ask(q, mine.signal);
      if (mine !== this.running || document.activeElement !== this.input) return;
      this.show(found);
    } catch (err) {
      if (err.name !== "AbortError") { this.show([]); this.status.textContent = say("failed"); }
    }
  }

  async ask(q, signal) {
    const url = new URL(this.el.dataset.source, location.href);
    url.searchParams.set("q", q);
    const res = await fetch(url, { signal, headers: { Accept: "application/json" } });
    if (!res.ok) throw new Error(String(res.status));
    return (await res.json()) || [];
  }

  show(found) {
    const have = new Set(this.chosen());
    this.found = found.filter((c) => !have.has(c.id));
    this.at = -1;
    this.list.replaceChildren(...this.found.map((c, i) => make("li",
      { role: "option", class: "combo-option", id: `${this.id}-${i}`, "data-at": String(i), "aria-selected": "false" },
      make("span", { class: "named" }, make("span", { class: "named-name" }, c.label), c.detail ? make("span", { class: "named-detail" }, c.detail) : null),
      c.badge ? make("span", { class: "badge warn" }, c.badge) : null)));
    this.status.textContent = this.found.length ? "" : say("none");
    if (this.found.length) announce(say("results", { n: this.found.length }));
    this.open();
  }

  open() {
    this.box.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
  }

  close() {
    clearTimeout(this.timer);
    this.running?.abort();
    this.box.hidden = true;
    this.found = [];
    this.at = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    const n = this.found.length;
    switch (event.key) {
      case "ArrowDown": case "ArrowUp":
        if (!n) return this.soon();
        event.preventDefault();
        return this.mark(event.key === "ArrowDown" ? (this.at + 1) % n : (this.at - 1 + n) % n);
      case "Enter":
        event.preventDefault(); // choosing never sends the form
        if (this.at >= 0) this.choose(this.found[this.at]);
        else if (n === 1) this.choose(this.found[0]);
        return;
      case "Escape":
        if (!this.box.hidden) { event.preventDefault(); event.stopPropagation(); this.close(); }
        return;
      case "Backspace":
        if (this.input.value === "" && this.tokens.lastElementChild) this.remove(this.tokens.lastElementChild);
    }
  }

  mark(i) {
    this.at = i;
    [...this.list.children].forEach((li, n) => li.setAttribute("aria-selected", String(n === i)));
    this.list.children[i].scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", `${this.id}-${i}`);
  }

  choose(choice) {
    this.add(choice);
    this.input.value = "";
    this.close();
    this.input.focus();
    announce(say("added", { name: choice.label }));
    this.changed();
  }

  chosen() {
    return [...this.tokens.querySelectorAll("input")].map((i) => i.value);
  }

  add(c) {
    if (this.chosen().includes(c.id)) return;
    if (!this.many) this.tokens.replaceChildren();
    const li = make("li", { class: "token" }, make("label", {},
      make("input", { type: "checkbox", name: this.el.dataset.name, value: c.id, checked: true }),
      make("span", {}, c.label), c.detail ? make("small", {}, c.detail) : null, c.badge ? make("span", { class: "badge warn" }, c.badge) : null));
    this.tokens.append(li);
    this.adopt(li);
  }

  // adopt turns a ticked box into a token with a cross.
  adopt(li) {
    const box = li.querySelector("input");
    const label = li.querySelector("label span").textContent;
    const kept = make("span", { class: "token-text" }, ...[...li.querySelector("label").childNodes].filter((n) => n !== box));
    const cross = make("button", { type: "button", "aria-label": say("remove", { name: label }) }, icon("close"));
    cross.addEventListener("click", () => { this.remove(li); this.input.focus(); });
    li.replaceChildren(make("input", { type: "hidden", name: box.name, value: box.value }), kept, cross);
    this.tokens.hidden = false;
  }

  remove(li) {
    const name = li.querySelector(".token-text span").textContent;
    li.remove();
    this.tokens.hidden = this.tokens.children.length === 0;
    announce(say("removed", { name }));
    this.changed();
  }

  changed() {
    this.el.dispatchEvent(new Event("change", { bubbles: true }));
  }

  paste(event) {
    const lines = (event.clipboardData?.getData("text") || "").split(/[\n\r,;\t]+/).map((s) => s.trim()).filter(Boolean);
    if (!this.many || lines.length < 2) return;
    event.preventDefault();
    this.resolve([...new Set(lines)]);
  }

  // resolve looks up pasted lines, four at a time; what is not found stays in the text area, to be mended.
  async resolve(lines) {
    const left = lines.slice(100), rest = lines.slice(0, 100), unknown = [];
    this.status.textContent = say("searching");
    this.open();
    const worker = async () => {
      for (let line; (line = rest.shift()) !== undefined;) {
        const found = await this.ask(line).catch(() => []);
        const low = line.toLowerCase();
        const exact = found.filter((c) => [c.label, c.detail].some((t) => (t || "").toLowerCase() === low));
        const one = exact.length === 1 ? exact[0] : found.length === 1 ? found[0] : null;
        if (one) this.add(one);
        else unknown.push(line);
      }
    };
    await Promise.all([worker(), worker(), worker(), worker()]);
    this.close();
    this.unknown(lines.filter((l) => unknown.includes(l)), left);
    this.changed();
  }

  unknown(lines, left) {
    this.el.querySelector(".error.pasted")?.remove();
    if (lines.length + left.length === 0) return;
    this.text.hidden = false;
    this.text.value = [this.text.value.trim(), ...lines, ...left].filter(Boolean).join("\n");
    if (!lines.length) return;
    const names = lines.slice(0, 8).join(", ") + (lines.length > 8 ? " …" : "");
    this.text.after(make("p", { class: "error pasted" }, say("unknown", { names })));
    announce(say("unknown", { names }));
  }
}

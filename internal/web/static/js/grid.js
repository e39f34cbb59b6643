// The permission grid: one tab stop and arrow keys, sections that fold, a search that hides rows at once, and a draft of
// changes that is reviewed before anything is saved. Without this script the same cells are plain buttons that lead to a page.
import { make, announce } from "./say.js";

export function grids(root) {
  for (const el of root.querySelectorAll("[data-pg]")) new Grid(el);
  // What is saved after its review is no draft any more.
  const review = root.querySelector('form[action^="/permissions/in/"][action$="/change"]');
  review?.addEventListener("submit", () => {
    sessionStorage.removeItem("grid " + review.elements.organization.value + " " + review.getAttribute("action").split("/")[3]);
  });
}

class Grid {
  constructor(el) {
    this.el = el;
    this.words = JSON.parse(el.dataset.pg);
    this.table = el.querySelector("table");
    this.box = el.querySelector(".pg-box");
    this.may = "may" in el.dataset;
    this.portal = "portal" in el.dataset;
    this.draft = new Map();
    this.roles();
    this.sections();
    this.keys();
    this.scroller();
    this.filters();
    this.panel();
    this.oneRole();
    if (this.may) this.editing();
  }

  // The table becomes an ARIA grid: its cells are reached by arrows, and one of them by Tab.
  roles() {
    this.table.setAttribute("role", "grid");
    for (const row of this.table.rows) {
      row.setAttribute("role", "row");
      for (const cell of row.cells) {
        cell.setAttribute("role", cell.tagName === "TD" ? "gridcell" : cell.scope === "col" ? "columnheader" : "rowheader");
        this.target(cell).tabIndex = -1;
      }
    }
    this.current = this.table.querySelector("tbody tr:not(.pg-section) td") || this.table.querySelector("td");
    if (this.current) this.target(this.current).tabIndex = 0;
  }

  target(cell) { return cell.querySelector("a, button") || cell; }

  sections() {
    for (const body of this.table.tBodies) {
      const name = body.querySelector(".pg-section th span");
      const button = make("button", { type: "button", class: "pg-fold", "aria-expanded": "true", tabindex: "-1" });
      button.append(...name.childNodes);
      name.replaceWith(button);
      button.addEventListener("click", () => this.fold(body, button));
    }
  }

  fold(body, button) {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    body.classList.toggle("folded", !open);
  }

  visible(list) { return [...list].filter((e) => e.offsetParent !== null || e.getClientRects().length > 0); }

  keys() {
    this.table.addEventListener("focusin", (event) => {
      const cell = event.target.closest("td, th");
      if (cell) this.enter(cell, false);
    });
    let typed = "", timer;
    this.table.addEventListener("keydown", (event) => {
      const cell = event.target.closest("td, th");
      if (!cell || event.altKey || event.metaKey) return;
      const to = this.next(cell, event);
      if (to) {
        event.preventDefault();
        return this.enter(to, true);
      }
      if (event.key === "Escape" && this.draft.has(cell.querySelector("button")?.value)) return this.revert(cell.querySelector("button"));
      if (event.key.length !== 1 || event.key === " " || event.ctrlKey) return;
      clearTimeout(timer);
      timer = setTimeout(() => { typed = ""; }, 700);
      typed += event.key.toLowerCase();
      const row = this.visible(this.table.rows).find((r) => (r.dataset.text || "").startsWith(typed));
      if (row) this.enter(row.cells[Math.min(cell.cellIndex, row.cells.length - 1)], true);
    });
  }

  next(cell, event) {
    const rtl = getComputedStyle(this.table).direction === "rtl";
    const rows = this.visible(this.table.rows), cells = this.visible(cell.parentElement.cells);
    const y = rows.indexOf(cell.parentElement), x = cells.indexOf(cell);
    const step = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 }[event.key];
    const at = (row, col) => { const list = row && this.visible(row.cells); return list && list[Math.max(0, Math.min(col, list.length - 1))]; };
    if (step) return cells[x + step];
    switch (event.key) {
      case "ArrowDown": return at(rows[y + 1], x);
      case "ArrowUp": return at(rows[y - 1], x);
      case "PageDown": return at(rows[Math.min(y + 10, rows.length - 1)], x);
      case "PageUp": return at(rows[Math.max(y - 10, 0)], x);
      case "Home": return event.ctrlKey ? at(rows[0], 0) : cells[0];
      case "End": return event.ctrlKey ? at(rows[rows.length - 1], 1e6) : cells[cells.length - 1];
    }
    return null;
  }

  enter(cell, focus) {
    if (this.current) this.target(this.current).tabIndex = -1;
    this.current = cell;
    const target = this.target(cell);
    target.tabIndex = 0;
    if (focus) target.focus();
  }

  // A second scroll bar above the grid moves with the first.
  scroller() {
    const over = this.el.querySelector(".pg-over"), inner = over.firstElementChild, box = this.box;
    const fit = () => {
      over.hidden = box.scrollWidth <= box.clientWidth + 1;
      inner.style.inlineSize = box.scrollWidth + "px";
    };
    let by = null;
    const follow = (from, to) => () => {
      if (by === to) return;
      by = from;
      to.scrollLeft = from.scrollLeft;
      requestAnimationFrame(() => { by = null; });
    };
    over.addEventListener("scroll", follow(over, box));
    box.addEventListener("scroll", follow(box, over));
    new ResizeObserver(fit).observe(this.table);
    fit();
  }

  // What the form above asks for is done at once; it is sent only for another day.
  filters() {
    const form = document.querySelector("[data-pg-filters] form");
    if (!form) return;
    const search = form.querySelector("[name=q]"), status = form.parentElement.querySelector("[role=status]");
    const named = (name) => form.querySelector(`[name=${name}]`);
    const run = () => {
      const text = search.value.trim().toLowerCase();
      let n = 0;
      for (const body of this.table.tBodies) {
        let some = false;
        for (const row of body.rows) {
          if (row.classList.contains("pg-section")) continue;
          const shown = (!text || row.dataset.text.includes(text)) && (!named("sensitive").checked || "sensitive" in row.dataset) &&
            (!named("differences").checked || row.querySelector(".moved, .draft"));
          row.hidden = !shown;
          some ||= shown;
          n += shown ? 1 : 0;
        }
        body.hidden = !some;
      }
      status.textContent = n ? status.textContent.replace(/[\d.,]+/, String(n)) : this.words.none;
    };
    const columns = () => {
      const chosen = new Set([...form.querySelectorAll("[name=role]:checked")].map((b) => b.value));
      for (const th of this.table.tHead.rows[0].cells) {
        if (!th.dataset.role) continue;
        const off = chosen.size > 0 && !chosen.has(th.dataset.role);
        for (const row of this.table.rows) row.cells[th.cellIndex].hidden = off;
      }
    };
    form.addEventListener("submit", (event) => {
      if (named("at").value === named("at").defaultValue && !new URLSearchParams(location.search).has("q")) event.preventDefault();
    });
    search.addEventListener("input", run);
    form.addEventListener("change", (event) => {
      if (event.target.name === "at") return form.requestSubmit();
      if (event.target.name === "role") columns();
      run();
    });
  }

  // The names of rows and columns open what there is to say of them at the side.
  panel() {
    const panel = this.el.querySelector(".pg-panel"), body = panel.querySelector(".pg-panel-body");
    let from = null;
    const close = () => { panel.hidden = true; from?.focus(); };
    panel.querySelector("button").addEventListener("click", close);
    panel.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
    const open = async (link) => {
      const res = await fetch(link.href, { headers: { Accept: "text/html", "X-Preview": "1" } });
      if (!res.ok || res.redirected) return location.assign(link.href);
      body.innerHTML = await res.text();
      const heading = body.querySelector("h1");
      if (heading) heading.replaceWith(make("h2", {}, heading.textContent));
      for (const h of body.querySelectorAll(".section > h2")) h.replaceWith(make("h3", {}, h.textContent));
      panel.hidden = false;
      from = link;
      body.focus();
    };
    this.table.addEventListener("click", (event) => {
      const link = event.target.closest("th a");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || matchMedia("(max-width: 60rem)").matches) return;
      event.preventDefault();
      open(link);
    });
  }

  // On a narrow screen the grid is a list of one role's cells.
  oneRole() {
    const select = this.el.querySelector("#pg-one");
    if (!select) return;
    const run = () => {
      const th = [...this.table.tHead.rows[0].cells].find((c) => c.dataset.role === select.value);
      for (const row of this.table.rows) for (const cell of row.cells) cell.classList.toggle("one", th && cell.cellIndex === th.cellIndex);
    };
    this.el.classList.add("one-role");
    select.addEventListener("change", run);
    run();
  }

  editing() {
    this.bar = this.el.querySelector(".pg-draft");
    this.key = "grid " + this.el.dataset.organization + " " + this.el.dataset.table;
    this.table.addEventListener("click", (event) => {
      const button = event.target.closest(".pg-cell");
      if (!button || !("own" in button.dataset)) return;
      event.preventDefault();
      this.menu(button);
    });
    this.bar.querySelector("form").addEventListener("submit", (event) => this.fill(event.target));
    this.bar.querySelector(":scope > button").addEventListener("click", () => {
      for (const value of [...this.draft.keys()]) this.set(this.find(value), null);
      this.show();
      if (this.current) this.target(this.current).focus();
    });
    this.restore();
  }

  find(value) { return [...this.table.querySelectorAll(".pg-cell")].find((b) => b.value === value); }

  choices(button) {
    const list = this.portal ? ["allow", "deny", "allow_locked", "deny_locked", "default"] : ["allow", "deny", "default"];
    return list.map((to) => [to, to === "default" && !this.portal ? this.words.above : this.words[to], to === (this.draft.get(button.value) || button.dataset.own || "default")]);
  }

  // The menu of a cell is built when it opens, and gone when it closes; the focus comes back to the cell.
  menu(button) {
    this.close?.();
    const list = make("div", { class: "pg-menu", role: "menu", "aria-label": this.words.menu });
    for (const [to, label, on] of this.choices(button)) {
      const item = make("button", { type: "button", role: "menuitemradio", "aria-checked": String(on), tabindex: "-1" }, label);
      item.addEventListener("click", () => { close(); this.set(button, to); this.show(); });
      list.append(item);
    }
    const more = make("button", { type: "button", role: "menuitem", tabindex: "-1" }, this.words.more);
    more.addEventListener("click", () => { close(); this.box.requestSubmit(button); });
    list.append(more);
    const outside = (event) => { if (!list.contains(event.target)) close(false); };
    const close = (back = true) => {
      list.remove();
      button.removeAttribute("aria-expanded");
      document.removeEventListener("pointerdown", outside);
      this.close = null;
      if (back) button.focus();
    };
    this.close = close;
    list.addEventListener("keydown", (event) => {
      const items = [...list.children], at = items.indexOf(document.activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
      if (to !== undefined) items[(to + items.length) % items.length].focus();
      else if (event.key === "Escape" || event.key === "Tab") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    document.addEventListener("pointerdown", outside);
    button.setAttribute("aria-expanded", "true");
    this.el.append(list);
    const at = button.getBoundingClientRect(), size = list.getBoundingClientRect();
    list.style.left = Math.max(8, Math.min(at.left, innerWidth - size.width - 8)) + "px";
    list.style.top = (at.bottom + size.height + 8 > innerHeight ? Math.max(8, at.top - size.height - 4) : at.bottom + 4) + "px";
    (list.querySelector('[aria-checked="true"]') || list.firstElementChild).focus();
  }

  revert(button) {
    this.set(button, null);
    this.show();
    announce(this.words.reverted);
  }

  // set puts what a cell shall be into the draft; what it is already, or nothing, takes it out.
  set(button, to) {
    if (!button) return;
    button.said ??= button.getAttribute("aria-label");
    if (to === null || to === (button.dataset.own || "default")) {
      this.draft.delete(button.value);
      button.classList.remove("draft");
      button.setAttribute("aria-label", button.said);
      button.querySelector(".pg-new")?.remove();
      return;
    }
    this.draft.set(button.value, to);
    button.classList.add("draft");
    button.setAttribute("aria-label", button.said + ", " + this.words.unsaved.replace("{what}", this.words[to]));
    button.querySelector(".pg-new")?.remove();
    const mark = to === "default" ? "some" : to.startsWith("allow") ? "yes" : "no";
    const svg = `<svg class="icon" aria-hidden="true"><use href="#pg-${mark}"/></svg>`;
    button.insertAdjacentHTML("beforeend", `<span class="pg-new">${svg}${to.endsWith("_locked") ? '<svg class="icon pg-lock" aria-hidden="true"><use href="#pg-lock"/></svg>' : ""}</span>`);
  }

  cells() {
    return [...this.draft].map(([value, word]) => {
      const [role, permission] = value.split(" ");
      return { role, permission, to: word.replace("_locked", ""), lock: word.endsWith("_locked") };
    });
  }

  values() {
    const out = new URLSearchParams({ organization: this.el.dataset.organization });
    this.cells().forEach((c, i) => {
      for (const name of ["role", "permission", "to"]) out.set(`cells.${i}.${name}`, c[name]);
      if (c.lock) out.set(`cells.${i}.lock`, "true");
    });
    return out;
  }

  fill(form) {
    for (const old of form.querySelectorAll("input")) old.remove();
    for (const [name, value] of this.values()) form.append(make("input", { type: "hidden", name, value }));
  }

  // show says at the bottom how many changes there are, and whom they concern.
  show() {
    sessionStorage.setItem(this.key, JSON.stringify([...this.draft]));
    this.bar.hidden = this.draft.size === 0;
    this.running?.abort();
    clearTimeout(this.timer);
    if (this.draft.size === 0) return;
    const status = this.bar.querySelector("[role=status]");
    status.textContent = this.words.counting;
    this.timer = setTimeout(async () => {
      const mine = (this.running = new AbortController());
      try {
        const res = await fetch(this.bar.querySelector("form").action.replace(/review$/, "preview"),
          { method: "POST", body: this.values(), signal: mine.signal, headers: { Accept: "application/json" } });
        const said = await res.json();
        status.textContent = said.text || said.detail;
        this.bar.classList.toggle("bad", !said.ok);
      } catch (err) {
        if (err.name !== "AbortError") status.textContent = String(this.draft.size);
      }
    }, 250);
  }

  restore() {
    let kept = [];
    try { kept = JSON.parse(sessionStorage.getItem(this.key) || "[]"); } catch { /* nothing was kept */ }
    for (const [value, to] of kept) {
      const button = this.find(value);
      if (button && "own" in button.dataset) this.set(button, to);
    }
    if (kept.length > 0) this.show();
  }
}

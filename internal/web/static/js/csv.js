// The table of a CSV file: rows are added from a template and removed; the server does not mind gaps in their numbers.
import { say, make, icon, announce } from "./say.js";

export function csvTables(root) {
  for (const el of root.querySelectorAll("[data-csv]")) table(el);
}

function table(el) {
  const body = el.querySelector("tbody"), add = el.querySelector("[data-csv-add]");
  let next = body.rows.length;
  for (const row of body.rows) removable(row);
  add.hidden = false;
  add.addEventListener("click", () => {
    const row = el.querySelector("template").content.firstElementChild.cloneNode(true);
    for (const input of row.querySelectorAll("[name]")) {
      input.name = input.name.replace(".NEW.", `.${next}.`);
      input.id = input.id.replace(".NEW.", `.${next}.`);
    }
    next++;
    body.append(row);
    removable(row);
    row.querySelector("input, select").focus();
  });
}

// removable puts a cross in place of the tick box "leave out": the row goes away for good.
function removable(row) {
  const box = row.querySelector('input[name$=".leave_out"]');
  const line = row.querySelector("th").textContent;
  const button = make("button", { type: "button", class: "icon-button", "aria-label": box.getAttribute("aria-label") }, icon("close"));
  if (box.checked) return;
  box.hidden = true;
  box.after(button);
  button.addEventListener("click", () => {
    const near = row.nextElementSibling || row.previousElementSibling;
    const table = row.closest("[data-csv]");
    row.remove();
    (near?.querySelector("button.icon-button") || table.querySelector("[data-csv-add]")).focus();
    announce(say("removed", { name: line }));
    table.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

// Menus are <details>: here they close by Escape, by a click elsewhere and when another opens, and the arrows move in them.
export function menus() {
  const open = () => document.querySelectorAll("details.menu[open]");

  document.addEventListener("click", (event) => {
    for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return escape(open());
    const menu = event.target.closest?.("details.menu");
    if (!menu || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) return;
    event.preventDefault();
    menu.open = true;
    const items = [...menu.querySelectorAll(".menu-list :is(a, button)")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    const at = items.indexOf(document.activeElement);
    items[(at + step + items.length) % items.length]?.focus();
  });
}

function escape(list) {
  for (const menu of list) {
    menu.open = false;
    if (menu.contains(document.activeElement) || document.activeElement === document.body) menu.querySelector("summary").focus();
  }
  const nav = document.querySelector(".nav-toggle[open]");
  if (nav) nav.open = false;
}

// Links that say where they go: Alt with Page Up and Page Down follows the one before and the one after.
export function goes(root) {
  root.addEventListener("keydown", (event) => {
    const to = { PageUp: "prev", PageDown: "next" }[event.key];
    if (!to || !event.altKey || event.ctrlKey || event.metaKey) return;
    const link = root.querySelector(`a[data-go="${to}"]`);
    if (link) { event.preventDefault(); link.click(); }
  });
}

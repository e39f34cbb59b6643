// Links that say where they go: Alt with Page Up and Page Down follows the one before and the one after.
export function goes(root) {
  root.addEventListener("keydown", (event) => {
    const to = { PageUp: "prev", PageDown: "next" }[event.key];
    if (!to || !event.altKey || event.ctrlKey || event.metaKey) return;
    const link = root.querySelector(`a[data-go="${to}"]`);
    if (link) { event.preventDefault(); link.click(); }
  });
}

// Fields in the cells of a table: arrow keys go up and down a column, and along a row at the ends of a text.
export function cells(root) {
  root.addEventListener("keydown", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || !("cell" in field.dataset) || event.altKey || event.ctrlKey || event.metaKey) return;
    const down = { ArrowUp: -1, ArrowDown: 1 }[event.key], along = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!down && !(along && field.selectionStart === field.selectionEnd && field.selectionStart === (along < 0 ? 0 : field.value.length))) return;
    const cell = field.closest("td"), row = cell.parentElement, table = row.parentElement;
    const to = down ? table.rows[row.sectionRowIndex + down]?.cells[cell.cellIndex] : row.cells[cell.cellIndex + along];
    const next = to?.querySelector("[data-cell]");
    if (next) { event.preventDefault(); next.focus(); next.select(); }
  });
}

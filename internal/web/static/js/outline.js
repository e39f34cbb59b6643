// A course's outline with data-arrange: lessons are dragged to another place, and the order that comes of it is posted.
export function outlines(root) {
  for (const outline of root.querySelectorAll("[data-arrange]")) outlineOf(outline);
}

function outlineOf(outline) {
  let dragged = null;
  for (const lesson of outline.querySelectorAll("[data-lesson]")) {
    lesson.draggable = true;
    lesson.addEventListener("dragstart", (event) => {
      dragged = lesson;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", lesson.dataset.lesson);
      lesson.classList.add("dragged");
    });
    lesson.addEventListener("dragend", () => {
      lesson.classList.remove("dragged");
      dragged = null;
      for (const list of outline.querySelectorAll(".over")) list.classList.remove("over");
    });
  }
  for (const list of outline.querySelectorAll("[data-section]")) {
    const box = list.parentElement;
    box.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      list.classList.add("over");
      const before = [...list.children].find((other) => other !== dragged && middle(other) > event.clientY);
      list.insertBefore(dragged, before ?? null);
    });
    box.addEventListener("dragleave", () => list.classList.remove("over"));
    box.addEventListener("drop", (event) => {
      if (!dragged) return;
      event.preventDefault();
      const form = outline.querySelector("form:has([name=order])");
      form.elements.order.value = orderOf(outline);
      form.requestSubmit();
    });
  }
}

function middle(element) {
  const box = element.getBoundingClientRect();
  return box.top + box.height / 2;
}

function orderOf(outline) {
  return [...outline.querySelectorAll("[data-section]")]
    .map((list) => list.dataset.section + ":" + [...list.querySelectorAll("[data-lesson]")].map((lesson) => lesson.dataset.lesson).join(","))
    .join(";");
}

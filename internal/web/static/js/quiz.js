// A form with data-quiz: each answer is saved there as it is given, and the form is handed in when its time is over. What could not be
// saved is tried again, and is in the form when it is handed in.
import { announce } from "./say.js";

export function quizzes(root) {
  for (const form of root.querySelectorAll("form[data-quiz]")) quiz(form);
}

function quiz(form) {
  const state = form.querySelector("[data-quiz-state]");
  const questions = [...form.querySelectorAll("[data-question]")];
  const changed = new Set(), sending = new Set();
  let timer, wait = 400, leaving = false;
  const tell = (text) => { if (state.textContent !== text) state.textContent = text; };
  const later = (ms) => { clearTimeout(timer); timer = setTimeout(save, ms); };
  const note = (event) => {
    const question = event.target.closest("[data-question]");
    if (!question) return;
    changed.add(question);
    tell(form.dataset.saving);
    later(400);
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);

  async function save() {
    if (leaving || sending.size || !changed.size) return;
    for (const question of changed) sending.add(question);
    changed.clear();
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if ([...sending].some((question) => name.includes(question.dataset.question) || (name === "asked" && value === question.dataset.question))) body.append(name, value);
    }
    try {
      const res = await fetch(form.dataset.quiz, { method: "POST", body, headers: { Accept: "application/json" } });
      if (res.status === 409 && !leaving) return location.reload(); // its time is over, or it was handed in elsewhere
      if (res.redirected || !res.ok) throw new Error(String(res.status));
      wait = 400;
      if (!changed.size) tell(form.dataset.saved);
    } catch {
      for (const question of sending) changed.add(question);
      wait = Math.min(2 * wait, 10000);
      tell(form.dataset.unsaved);
    }
    sending.clear();
    if (changed.size) later(wait);
  }

  form.addEventListener("submit", () => {
    leaving = true;
    clearTimeout(timer);
    for (const question of questions) question.disabled = !changed.has(question) && !sending.has(question);
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  addEventListener("beforeunload", (event) => {
    if (!leaving && changed.size + sending.size) event.preventDefault();
  });
  const clock = form.querySelector("[data-left]");
  if (clock) count(form, clock);
}

// count shows the time that is left by the server's clock, whatever this one says.
function count(form, clock) {
  const end = performance.now() + 1000 * Number(clock.dataset.left);
  const show = () => {
    const left = Math.max(0, Math.round((end - performance.now()) / 1000));
    const text = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
    if (clock.textContent !== text) clock.textContent = text;
    if (left === 300 || left === 60) announce(clock.dataset.soon.replace("{n}", String(left / 60)));
    clock.classList.toggle("soon", left <= 60);
    if (left > 0) return;
    clearInterval(tick);
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "do";
    field.value = "surely";
    form.append(field);
    form.requestSubmit();
  };
  const tick = setInterval(show, 500);
  show();
}

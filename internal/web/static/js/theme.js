// The theme is kept in a cookie that the server reads; here it changes without a request.
export function theme() {
  const form = document.querySelector("[data-theme-form]");
  form?.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button) return;
    event.preventDefault();
    const value = button.value;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `theme=${value}; path=/; max-age=31536000; samesite=lax${secure}`;
    if (value) document.documentElement.dataset.theme = value;
    else delete document.documentElement.dataset.theme;
    for (const b of form.querySelectorAll("[aria-pressed]")) b.setAttribute("aria-pressed", String(b === button));
    const menu = form.closest("details");
    menu.querySelector("summary .icon")?.replaceWith(button.querySelector(".icon").cloneNode(true));
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

/** What every page does beyond HTML: focus on what is wrong, one submit per form, notices that can be closed. */

document.querySelector("[data-error-summary]")?.focus();

for (const form of document.querySelectorAll("form")) {
  // A form with a passcode is sent by its own module.
  if (form.querySelector("[data-passcode]")) continue;
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) return event.preventDefault();
    sent = true;
    const button = form.querySelector("[data-submit]");
    button?.setAttribute("aria-disabled", "true");
    if (button?.dataset.working) button.textContent = button.dataset.working;
  });
}

for (const notice of document.querySelectorAll(".notice")) {
  const close = notice.querySelector("[data-close]");
  if (close) {
    close.hidden = false;
    close.addEventListener("click", () => notice.remove());
  }
  const seconds = Number(notice.dataset.timer);
  if (seconds > 0) {
    // It stays while somebody reads it with the pointer or the keyboard.
    const busy = () => notice.matches(":hover, :focus-within");
    const end = () => (busy() ? setTimeout(end, 1000) : notice.remove());
    setTimeout(end, seconds * 1000);
  }
}

// A page that comes back from the browser's memory may show a step that is over.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

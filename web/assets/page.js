/** What every page does beyond HTML: focus on what is wrong, one submit per form, notices that can be closed. */

document.querySelector("[data-error-summary]")?.focus();

for (const form of document.querySelectorAll("form")) {
  // A form with a passcode or a passkey is sent by its own module.
  if (form.querySelector("[data-passcode]") || form.matches("[data-passkey]")) continue;
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

// A key or codes that the reader takes along: the buttons do nothing without scripts and are hidden then.
for (const box of document.querySelectorAll("[data-keep]")) {
  const codes = [...box.querySelectorAll("code")].map((code) => code.textContent);
  const status = box.querySelector("[data-status]");
  for (const button of box.querySelectorAll("button")) {
    // A browser gives the clipboard to secure pages alone.
    button.hidden = "copy" in button.dataset && !navigator.clipboard;
    button.addEventListener("click", () => act(button, codes, status));
  }
}

async function act(button, codes, status) {
  if ("copy" in button.dataset) {
    const text = button.dataset.copy === "key" ? codes[0].replaceAll(" ", "") : codes.join("\n");
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = button.dataset.done;
    } catch {
      // The browser does not let it be copied; it can still be done by hand.
      getSelection()?.selectAllChildren(button.closest("[data-keep]").querySelector("ol, code"));
      status.textContent = button.dataset.failed;
    }
  } else if ("save" in button.dataset) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([codes.join("\r\n") + "\r\n"], { type: "text/plain" }));
    link.download = button.dataset.save;
    link.click();
    URL.revokeObjectURL(link.href);
  } else {
    print();
  }
}

// A page that only waits stays as it is until there is another. Were it loaded again and again, it would be read out
// again and again, and what somebody has focused or marked would be lost.
const { again } = document.querySelector("main").dataset;
const message = document.querySelector("[data-message]")?.dataset.message;
const nonce = document.querySelector("[name=nonce]")?.value;

async function look() {
  const answer = await fetch(location.href).catch(() => null);
  const same = message ? `data-message="${message}"` : `value="${nonce}"`;
  if (answer && answer.status < 500 && !(await answer.text()).includes(same)) location.reload();
  else setTimeout(look, again * 1000);
}

if (again) setTimeout(look, again * 1000);

// A page that comes back from the browser's memory may show a step that is over.
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
